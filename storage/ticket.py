"""The number of an aspiration and the code that recovers it: drawn, and kept as a digest.

How they are written, read and checked stands in conversations.ticket: ten and six digits with one by Damm's method.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from conversations.ticket import CODE_LENGTH, TICKET_LENGTHS, check_digit

SHORT: Final = TICKET_LENGTHS[0] - 1
LONG: Final = TICKET_LENGTHS[1] - 1
"""Random digits of a ticket, before its check digit."""

WIDEN_AT: Final[int] = 10**SHORT // 10
"""How many tickets of a planning year make the next one long: a tenth of the short ones (issue 2)."""


def width(used: int) -> int:
    """How many random digits the next ticket of a planning year has, when `used` are taken."""
    return SHORT if used < WIDEN_AT else LONG


def draw(random: Random, used: int, taken: Callable[[str], bool]) -> str:
    """A new ticket for a planning year with `used` tickets; `taken` tells whether one is in use."""
    digits = width(used)
    while taken(ticket := _draw(random, digits)):
        pass
    return ticket


def draw_code(random: Random) -> str:
    """A new recovery code; `random` must be a `random.SystemRandom` outside tests."""
    return _draw(random, CODE_LENGTH - 1)


def _draw(random: Random, digits: int) -> str:
    number = f"{random.randrange(10**digits):0{digits}}"
    return number + check_digit(number)


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
        self._name = _mac(_derive(raw[0], b"suara: name of a key"), "")[:8]
        self._persons = [_derive(key, b"suara: pseudonym") for key in raw]

    def __repr__(self) -> str:
        return "Secrets()"

    @property
    def newest(self) -> str:
        """How the digests begin that were made with the first key: its name and a point."""
        return f"{self._name}."

    def digest(self, ticket: str, code: str) -> str:
        """The name of the first key (8 hexadecimal digits), and HMAC-SHA256 of a code, bound to its ticket (64)."""
        return self.newest + _mac(self._codes[0], f"{ticket}:{code}")

    def matches(self, ticket: str, code: str, digest: str) -> bool:
        """Whether `code` recovers `ticket`; takes the same time for a near miss as for a far one.

        Digests of before issue 3 have no name of a key.
        """
        kept = digest.rpartition(".")[2]
        found = [hmac.compare_digest(_mac(key, f"{ticket}:{code}"), kept) for key in self._codes]
        return any(found)

    def pseudonym(self, scope: str, chat_id: int) -> str:
        """A name for a chat that means nothing outside `scope`: 16 hexadecimal digits."""
        return _mac(self._persons[0], f"{scope}:{chat_id}")[:16]

    def mark(self, scope: str, subject: str) -> str:
        """A name for anything that means nothing outside `scope` and without the keys: 32 hexadecimal digits."""
        return _mac(self._persons[0], f"{scope}:{subject}")[:32]

    def pseudonyms(self, scope: str, number: int) -> frozenset[str]:
        """The same by every key that is left: what was stored under an older one is found too."""
        return frozenset(_mac(key, f"{scope}:{number}")[:16] for key in self._persons)


def _derive(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, hashlib.sha256)


def _mac(key: bytes, message: str) -> str:
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()
