"""The number of an aspiration and the code that recovers it: digits alone, so that both can be spoken.

Both end in a check digit by Damm's method (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004), which
catches every wrong digit and every swap of two neighbours.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

SHORT, LONG = 6, 8  # random digits, before the check digit
CODE = 10
_GROUP = 3
_WIDEN_AT = 10  # widened when one tenth of the short numbers is used (issue 2)
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
# What people put between digits: spaces, dots, dashes of all lengths, slashes, and a leading "no." or "#".
_LEAD = re.compile(r"^\s*(?:nomor|nomer|no|tiket|#)?[\s.:#]*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s.,/_\-\u2010-\u2015\u2212]+")


@dataclass(frozen=True, slots=True)
class Sound:
    """Digits of the right length whose check digit is right: a number that may or may not be in use."""

    digits: str


@dataclass(frozen=True, slots=True)
class Mistyped:
    """Digits of a ticket's length whose check digit is wrong: somebody slipped while typing."""

    digits: str


def check_digit(digits: str) -> str:
    """The Damm check digit of `digits`."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def is_sound(digits: str) -> bool:
    """Whether the last of `digits` is the check digit of those before it."""
    return digits.isascii() and digits.isdigit() and check_digit(digits) == "0"


def parse(text: str) -> Sound | Mistyped | None:
    """Read a ticket as people type it; None for what has not the length of a ticket."""
    return _read(text, (SHORT + 1, LONG + 1))


def parse_code(text: str) -> Sound | Mistyped | None:
    """Read a recovery code as people type it; None for what has not its length."""
    return _read(text, (CODE + 1,))


def grouped(digits: str) -> str:
    """A ticket or code in groups of three: 482-913-7."""
    return "-".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def width(used: int) -> int:
    """How many random digits the next ticket of a planning year has, when `used` are taken."""
    return SHORT if used * _WIDEN_AT < 10**SHORT else LONG


def draw(random: Random, used: int, taken: Callable[[str], bool]) -> str:
    """A new ticket for a planning year with `used` tickets; `taken` tells whether one is in use."""
    digits = width(used)
    while taken(ticket := _draw(random, digits)):
        pass
    return ticket


def draw_code(random: Random) -> str:
    """A new recovery code; `random` must be a `random.SystemRandom` outside tests."""
    return _draw(random, CODE)


def _draw(random: Random, digits: int) -> str:
    number = f"{random.randrange(10**digits):0{digits}}"
    return number + check_digit(number)


def _read(text: str, lengths: tuple[int, ...]) -> Sound | Mistyped | None:
    plain = unicodedata.normalize("NFKC", text)
    digits = _BETWEEN.sub("", _LEAD.sub("", plain, count=1))
    if len(digits) not in lengths or not (digits.isascii() and digits.isdigit()):
        return None
    return Sound(digits) if is_sound(digits) else Mistyped(digits)


class Secrets:
    """What is derived from DATA_KEYS for the verbs: digests that nobody without the keys can compute.

    The first key makes new digests; all are tried when one is compared, so that keys can be rotated. A code
    issued under a key that has since been removed can no longer be redeemed.
    """

    def __init__(self, keys: Sequence[str | bytes]) -> None:
        if not keys:
            raise ValueError("DATA_KEYS is empty: at least one key is needed for recovery codes")
        raw = [key.encode() if isinstance(key, str) else key for key in keys]
        self._codes = [_derive(key, b"suara: recovery code") for key in raw]
        self._persons = [_derive(key, b"suara: pseudonym") for key in raw]

    def __repr__(self) -> str:
        return "Secrets()"

    def digest(self, ticket: str, code: str) -> str:
        """HMAC-SHA256 of a recovery code, bound to its ticket; 64 hexadecimal digits."""
        return _mac(self._codes[0], f"{ticket}:{code}")

    def matches(self, ticket: str, code: str, digest: str) -> bool:
        """Whether `code` recovers `ticket`; takes the same time for a near miss as for a far one."""
        found = [hmac.compare_digest(_mac(key, f"{ticket}:{code}"), digest) for key in self._codes]
        return any(found)

    def pseudonym(self, scope: str, chat_id: int) -> str:
        """A name for a chat that means nothing outside `scope`: 16 hexadecimal digits."""
        return _mac(self._persons[0], f"{scope}:{chat_id}")[:16]


def _derive(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, hashlib.sha256)


def _mac(key: bytes, message: str) -> str:
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()
