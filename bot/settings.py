"""The settings: environment variables (or lines of `.env`), read once, each wrong one told in one sentence.

Every setting stands in `.env.example` with its default and why it is there; a test keeps the two equal.
Sentences about a wrong setting name it and what to do, and never repeat its value: it may be a secret.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import setting_readers as read
from bot.refusal import Refusal

DEFAULT_FILE: Final = Path(".env")
PUBLIC_SERVER: Final = "https://api.telegram.org"

MISSING: Final = {
    "TELEGRAM_TOKEN": "TELEGRAM_TOKEN is missing: ask @BotFather for one (docs/id/panduan-botfather.md) and put it"
    " into .env.",
    "DATA_KEYS": "DATA_KEYS is missing: make a key with `suara key`, put it into .env and keep a copy in a safe place;"
    " without it nobody can read the stored names again.",
}
"""For each setting that some command cannot do without: what to do when it is not there."""

TELEGRAM_RATE: Final = 30
"""Messages a second that Telegram takes from one bot (Bots FAQ)."""

UNGUARDED_WEBHOOK: Final = (
    "WEBHOOK_SECRET is missing: with WEBHOOK_URL it keeps strangers from sending false messages; make one with"
    " `suara key --webhook` and put it into .env."
)
BAD_WEBHOOK: Final = (
    "WEBHOOK_URL must start with https:// and use port 443, 80, 88 or 8443: Telegram sends to no other."
)
STRAY_CLOCK: Final = (
    "CLOCK_URL is for the demo alone: remove it from .env, or messages would go out at the wrong time."
)
BAD_RATE: Final = f"SEND_RATE must be 1 to {TELEGRAM_RATE} messages a second with Telegram's own server, which refuses more."


def _reader(read_words: Callable[[str], Any]) -> BeforeValidator:
    """Words are read; a value that is no longer words (a default, a test's own) is taken as it is."""
    return BeforeValidator(lambda value: read_words(value) if isinstance(value, str) else value)


class Settings(BaseSettings):
    """All settings of the bot. Secrets are `SecretStr`: they show as stars wherever they are printed."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    telegram_token: Annotated[SecretStr | None, _reader(read.token)] = None
    telegram_api_url: Annotated[str, _reader(read.web_address)] = PUBLIC_SERVER
    telegram_library: Annotated[Literal["aiogram", "ptb"], _reader(read.one_of("aiogram", "ptb"))] = "aiogram"
    database_url: Annotated[SecretStr, _reader(read.database)] = SecretStr("sqlite:///var/suara.sqlite")
    media_dir: Path = Path("var/media")
    backup_dir: Path = Path("var/backup")
    recordings_dir: Path = Path("var/recordings")
    data_keys: Annotated[tuple[SecretStr, ...], NoDecode, _reader(read.keys)] = Field(default=(), repr=False)
    webhook_url: Annotated[str | None, _reader(read.web_address)] = None
    webhook_secret: Annotated[SecretStr | None, _reader(read.webhook_secret)] = None
    listen: Annotated[read.Address, NoDecode, _reader(read.address)] = read.Address("127.0.0.1", 8080)
    region: Annotated[str, _reader(read.region)] = "18.07"
    timezone: Annotated[str | None, _reader(read.timezone)] = None
    locale: Annotated[str, _reader(read.locale)] = "id"
    contact_name: Annotated[str, _reader(read.short_text)] = "Petugas Bappeda"
    contact_phone: Annotated[str, _reader(read.phone)] = ""
    hotline: Annotated[str, _reader(read.phone)] = ""
    log_format: Annotated[Literal["text", "json"], _reader(read.one_of("text", "json"))] = "text"
    send_rate: Annotated[int, _reader(read.whole(0, 1000))] = 30
    send_concurrency: Annotated[int, _reader(read.whole(1, 100))] = 20
    notice_delay: Annotated[int, _reader(read.whole(0, 86_400))] = 600
    quiet_hours: Annotated[tuple[time, time], NoDecode, _reader(read.quiet_hours)] = (
        time(20),
        time(7),
    )
    approve_above: Annotated[int, _reader(read.whole(0, 1_000_000))] = 100
    stt_model_path: Annotated[Path | None, _reader(read.folder)] = None
    clock_url: Annotated[str | None, _reader(read.web_address)] = None

    @model_validator(mode="after")
    def _agree(self) -> Settings:
        """Settings that are right alone and wrong together."""
        for wrong, sentence in self._disagreements():
            if wrong:
                raise ValueError(sentence)
        return self

    def _disagreements(self) -> Iterator[tuple[bool, str]]:
        public = self.telegram_api_url == PUBLIC_SERVER
        yield self.webhook_url is not None and self.webhook_secret is None, UNGUARDED_WEBHOOK
        yield public and not _takes_webhooks(self.webhook_url), BAD_WEBHOOK
        yield public and self.clock_url is not None, STRAY_CLOCK
        yield public and not 1 <= self.send_rate <= TELEGRAM_RATE, BAD_RATE

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the kabupaten: TIMEZONE, or else that of its province."""
        return ZoneInfo(self.timezone or read.zone_of(self.region))


def load(file: Path = DEFAULT_FILE, needs: Collection[str] = ()) -> Settings:
    """Read the environment and, for what is not in it, `file`.

    `needs` names settings that the command cannot do without (keys of MISSING). Raises Refusal with one
    sentence for each setting that is missing or wrong.
    """
    settings = _read(file)
    absent = [MISSING[name] for name in MISSING if name in needs and not getattr(settings, name.lower())]
    if absent:
        raise Refusal(*absent)
    return settings


def names() -> list[str]:
    """The names of all settings, as in the environment."""
    return [field.upper() for field in Settings.model_fields]


def _read(file: Path) -> Settings:
    if file != DEFAULT_FILE and not file.is_file():
        raise Refusal(f"{file} is not there: name the file that holds the settings.")
    try:
        return Settings(_env_file=file)  # type: ignore[call-arg]  # BaseSettings' own parameter, unseen by mypy
    except ValidationError as wrong:
        raise Refusal(*(_sentence(error, file) for error in wrong.errors())) from None
    except UnicodeDecodeError:
        raise Refusal(f"{file} is not text in UTF-8: save it again as UTF-8.") from None
    except OSError as error:
        raise Refusal(f"{file} cannot be read ({error.strerror}): make it readable for this user.") from None


def _sentence(error: Any, file: Path) -> str:
    """Tell one error of pydantic's in words; its own messages could repeat the value."""
    name = str(error["loc"][0]).upper() if error["loc"] else ""
    cause = error.get("ctx", {}).get("error")
    if error["type"] == "extra_forbidden":
        return _unknown(name, file)
    if isinstance(cause, ValueError):
        return f"{name} {cause}." if name else str(cause)
    return f"{name} cannot be read: see its line in .env.example."


def _unknown(name: str, file: Path) -> str:
    near = difflib.get_close_matches(name, names(), n=1)
    hint = (
        f"did you mean {near[0]}?" if near else "see .env.example for those that exist, or remove the line."
    )
    return f"{name} in {file} is not a setting: {hint}"


def _takes_webhooks(url: str | None) -> bool:
    """Telegram delivers over https and to four ports only (Bot API, setWebhook)."""
    return url is None or (url.startswith("https://") and read.port_of(url) in {443, 80, 88, 8443})
