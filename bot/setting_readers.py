"""How a setting's words are read, one function each.

Each takes what the environment holds and returns the value; what it cannot read it refuses with a ValueError
that continues the setting's name: "must be …, for example …". The refused value itself is never repeated.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr

TOKEN: Final = re.compile(r"[1-9][0-9]{0,19}:[A-Za-z0-9_-]{20,80}", re.ASCII)
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)
KEY_BYTES: Final = 32
ENGINES: Final = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
LOCALES: Final = ("id", "id@mudah", "en")
ABBREVIATIONS: Final = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
TEXT_LENGTH: Final = 80


class Address(NamedTuple):
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def token(value: str) -> SecretStr:
    """A bot's token as @BotFather gives it."""
    return _matching(
        TOKEN, value, "must be a token as @BotFather gives it, for example 123456789:AAE… (copy it whole)"
    )


def webhook_secret(value: str) -> SecretStr:
    """What Telegram repeats in a header; Telegram allows 1 to 256 of these characters, we want 16 or more."""
    return _matching(SECRET, value, "must be 16 to 256 letters, digits, - or _")


def keys(value: str) -> tuple[SecretStr, ...]:
    """Fernet keys with commas between them, the current one first."""
    parts = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(map(_is_key, parts)):
        raise ValueError("must be keys made by `suara key`, with a comma between two, the current one first")
    return tuple(SecretStr(part) for part in parts)


def folder(value: str) -> Path:
    """A folder that is there."""
    path = Path(value)
    if not path.is_dir():
        raise ValueError("must name a folder that is there, for example /srv/models/whisper-small")
    return path


def database(value: str) -> SecretStr:
    """An address as SQLAlchemy writes it, for one of the two engines (psycopg is the driver of PostgreSQL)."""
    if not value.startswith(ENGINES):
        raise ValueError(
            "must begin with sqlite:/// (then a file) or postgresql:// (then user:password@host/database)"
        )
    if value.startswith("sqlite:") and not value.removeprefix("sqlite:///"):
        raise ValueError("must name a file, for example sqlite:///var/suara.sqlite")
    if value.startswith("postgresql") and not _names_database(value):
        raise ValueError(
            "must name host and database, for example postgresql://suara:password@localhost:5432/suara"
        )
    return SecretStr(value.replace("postgresql://", "postgresql+psycopg://", 1))


def web_address(value: str) -> str:
    """An http or https address, without a final slash."""
    try:
        parts = urlsplit(value)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or an unclosed bracket
        whole = False
    if not whole:
        raise ValueError("must be a whole address, for example https://suara.example.go.id/telegram")
    return value.rstrip("/")


def port_of(url: str) -> int:
    """The port of an address that `web_address` has read."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def address(value: str) -> Address:
    """host:port; an IPv6 host stands in brackets."""
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})", value, re.ASCII)
    if match is None or not 0 < int(match[3]) < 65_536:  # noqa: PLR2004 - a port has 16 bits
        raise ValueError("must be host:port, for example 127.0.0.1:8080")
    return Address(match[1] or match[2], int(match[3]))


def region(value: str) -> str:
    """The code of a kabupaten or kota (Kemendagri, not BPS): two digits, a dot, two digits."""
    if re.fullmatch(r"[1-9][0-9]\.[0-9]{2}", value, re.ASCII) is None or value[:2] not in _ZONES:
        raise ValueError(
            "must be the Kemendagri code of a kabupaten or kota, for example 18.07 (BPS codes differ)"
        )
    return value


def timezone(value: str) -> str:
    """WIB, WITA, WIT or a name of the tz database."""
    name = ABBREVIATIONS.get(value.upper(), value)
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be WIB, WITA, WIT or a name such as Asia/Jakarta") from None


def zone_of(kode: str) -> str:
    """The time zone of a province by the first two digits of its code (Keppres 41/1987: WIB, WITA, WIT)."""
    return ABBREVIATIONS[_ZONES[kode[:2]]]


def locale(value: str) -> str:
    """A language that the bot speaks by itself before somebody has chosen one."""
    return one_of(*LOCALES)(value)


def short_text(value: str) -> str:
    """A name as people will read it."""
    if len(value) > TEXT_LENGTH or not value.isprintable():
        raise ValueError(f"must be one line of at most {TEXT_LENGTH} characters")
    return value.strip()


def phone(value: str) -> str:
    """A telephone number as people will read it."""
    if re.fullmatch(r"\+?[0-9][0-9 ().-]{1,24}", value, re.ASCII) is None:
        raise ValueError("must be a telephone number, for example 0812-3456-7890")
    return value.strip()


def quiet_hours(value: str) -> tuple[time, time]:
    """from-until in local time, written 20:00 or, as in Indonesia, 20.00; `none` begins and ends at midnight."""
    if value.lower() == "none":
        return time(), time()
    match = re.fullmatch(
        r"([01][0-9]|2[0-3])[:.]([0-5][0-9])-([01][0-9]|2[0-3])[:.]([0-5][0-9])", value, re.ASCII
    )
    begin, end = (
        (time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))) if match else (None, None)
    )
    if begin is None or end is None or begin == end:
        raise ValueError("must be from-until, for example 20:00-07:00, or none")
    return begin, end


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number between the two, both allowed."""

    def read(value: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) is None or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return read


def one_of(*allowed: str) -> Callable[[str], str]:
    """One of these words."""

    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be {', '.join(allowed[:-1])} or {allowed[-1]}")
        return value

    return read


def _matching(form: re.Pattern[str], value: str, complaint: str) -> SecretStr:
    if form.fullmatch(value) is None:
        raise ValueError(complaint)
    return SecretStr(value)


def _names_database(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.port != 0 and len(parts.path) > 1
    except ValueError:
        return False


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)) == KEY_BYTES
    except (binascii.Error, UnicodeEncodeError):
        return False


_ZONES: Final = {
    province: zone
    for zone, provinces in {
        "WIB": "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62",
        "WITA": "51 52 53 63 64 65 71 72 73 74 75 76",
        "WIT": "81 82 91 92 93 94 95 96",
    }.items()
    for province in provinces.split()
}
"""Province codes of Kemendagri by time zone."""
