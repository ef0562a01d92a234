"""Column types that behave alike on SQLite and PostgreSQL: keys, times in UTC, encrypted or sealed words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both engines: Telegram ids and surrogate keys. Only an INTEGER key counts up by itself on SQLite."""

KEYRING = "suara_keyring"
"""Attribute of an engine's dialect that holds its keyring; a dialect belongs to exactly one engine."""


SEAL = "gAAAA"
"""How a Fernet token begins: its version, 0x80, and the zeros of a time of this century; no JSON begins so."""


class BadKeys(DontWrapMixin, ValueError):  # noqa: N818 - errors are named by what happened, as in bot.transport
    """The keys of DATA_KEYS are missing or malformed; the message says what to do.

    SQLAlchemy is asked not to wrap it, so that it is known wherever it is raised.
    """


class Unreadable(DontWrapMixin, ValueError):  # noqa: N818 - see BadKeys
    """An encrypted value was written with a key that DATA_KEYS does not hold."""


class Utc(TypeDecorator[datetime]):
    """A moment: a naive one is refused on writing, an aware one in UTC comes back, microseconds kept."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone is refused: use an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(TypeDecorator[str]):
    """Words that only the holder of DATA_KEYS can read: a Fernet token, in the newest key."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _close(value.encode(), dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _open(value, dialect).decode()


class EncryptedBytes(TypeDecorator[bytes]):
    """As Encrypted, for bytes that need not be text."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else _close(value, dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _open(value, dialect)


class EncryptedJson(TypeDecorator[Any]):
    """As Encrypted, for a JSON value."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        return None if value is None else _close(json.dumps(value).encode(), dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(_open(value, dialect))


class Sealable(TypeDecorator[str]):
    """Words that are encrypted when they are about a person: who writes them decides (`seal`), reading opens them."""

    impl = Text()
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return _open(value, dialect).decode() if value is not None and value.startswith(SEAL) else value


def seal(words: str, dialect: Dialect) -> str:
    """Words as a column of type Sealable keeps them when they are about a person."""
    return _close(words.encode(), dialect)


def keyring(keys: Sequence[str]) -> MultiFernet | None:
    """Return the ring of these Fernet keys, the first being the current one; None when there is none.

    Raises BadKeys for a key that is not 32 bytes in URL-safe base64.
    """
    try:
        return MultiFernet([Fernet(key) for key in keys]) if keys else None
    except ValueError:
        raise BadKeys("DATA_KEYS holds a malformed key: each is 32 bytes in URL-safe base64") from None


def keyring_of(dialect: Dialect) -> MultiFernet:
    """The ring of an open database. Raises BadKeys when it was opened without keys."""
    ring: MultiFernet | None = getattr(dialect, KEYRING, None)
    if ring is None:
        raise BadKeys(
            "DATA_KEYS is empty, and personal data is only kept encrypted: make a key with `suara key`"
        )
    return ring


def decrypted(token: str, dialect: Dialect) -> bytes | None:
    """The bytes of a stored token; None when DATA_KEYS lacks the key that it was written with."""
    try:
        return _open(token, dialect)
    except Unreadable:
        return None


def _close(content: bytes, dialect: Dialect) -> str:
    return keyring_of(dialect).encrypt(content).decode()


def _open(token: str, dialect: Dialect) -> bytes:
    try:
        return keyring_of(dialect).decrypt(token)
    except InvalidToken:
        raise Unreadable(
            "a stored value cannot be decrypted: DATA_KEYS lacks the key it was written with"
        ) from None
