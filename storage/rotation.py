"""Changing the keys of DATA_KEYS: all that is encrypted is written anew with the first key, while the bot runs.

What is to be written is found by walking the tables, so that a new column cannot be forgotten. Every lot is a short
transaction of its own; a value that somebody has changed since it was read is left to them. Whatever has the first
key already is passed over, so an interrupted rotation is simply begun again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Column, Connection, Engine, Text, and_, func, select, tuple_

from storage.columns import (
    SEAL,
    BadKeys,
    Encrypted,
    EncryptedBytes,
    EncryptedJson,
    Sealable,
    Unreadable,
    keyring,
)
from storage.media import MEDIA, RELAY, MediaStore, named
from storage.record import Record
from storage.sealed import Damaged
from storage.submissions import ASPIRATION
from storage.ticket import Secrets

LOT: Final = 200
"""Values in one transaction: some milliseconds, in which nobody else writes on SQLite."""

ENCRYPTED: Final = (Encrypted, EncryptedBytes, EncryptedJson, Sealable)
"""The types of columns whose values are tokens, all or some of them."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of DATA_KEYS: the ring of all, and the first alone."""

    ring: MultiFernet
    first: Fernet

    @classmethod
    def of(cls, keys: Sequence[str]) -> Keys:
        """The keys as the settings name them. Raises BadKeys."""
        ring = keyring(keys)
        if ring is None:
            raise BadKeys("DATA_KEYS is empty: there is nothing to rotate to")
        return cls(ring, Fernet(keys[0]))


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of the values of one place: written anew, had the first key already, could not be read."""

    place: str
    anew: int = 0
    before: int = 0
    unreadable: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.place,
            self.anew + other.anew,
            self.before + other.before,
            self.unreadable + other.unreadable,
        )


@dataclass(frozen=True, slots=True)
class Rotated:
    """The outcome by place, and the codes still out that only older keys recognise."""

    places: tuple[Progress, ...] = ()
    codes: int = 0

    @property
    def unreadable(self) -> int:
        """Values and files that no key opens."""
        return sum(place.unreadable for place in self.places)


def encrypted_columns() -> list[Column[Any]]:
    """All columns of all tables whose values are, or may be, encrypted."""
    columns = (column for table in Record.metadata.sorted_tables for column in table.columns)
    return [column for column in columns if isinstance(column.type, ENCRYPTED)]


@dataclass(frozen=True, slots=True)
class Rotation:
    """Rotates one database and its folder of files; `tell` hears of every lot."""

    engine: Engine
    store: MediaStore
    keys: Keys
    secrets: Secrets = field(repr=False)
    tell: Callable[[Progress], object]

    def run(self) -> Rotated:
        """Write everything anew that has not the first key. Nothing else needs to stand still for it."""
        places = [self._sum(column_name(column), self._lots(column)) for column in encrypted_columns()]
        files = self._sum("media files", self._file_lots())
        with self.engine.begin() as connection:
            return Rotated((*places, files), older_codes(connection, self.secrets))

    def _sum(self, place: str, lots: Iterable[Progress]) -> Progress:
        whole = Progress(place)
        for lot in lots:
            whole += lot
            self.tell(whole)
        return whole

    def _lots(self, column: Column[Any]) -> Iterator[Progress]:
        place = _Place(column)
        last: tuple[Any, ...] | None = None
        while True:
            with self.engine.begin() as connection:
                rows = place.read(connection, last)
                if not rows:
                    return
                yield _rotated(connection, place, rows, self.keys)
            last = rows[-1][:-1]

    def _file_lots(self) -> Iterator[Progress]:
        last = ""
        while True:
            with self.engine.begin() as connection:
                names = list(connection.scalars(_FILES, {"last": last, "lot": LOT // 10}))
            if not names:
                return
            yield self._files(names)
            last = names[-1]

    def _files(self, names: list[str]) -> Progress:
        """A file that was erased while it was written anew must not come back."""
        done = {name: self._file(name) for name in names}
        anew = {name for name, progress in done.items() if progress.anew}
        with self.engine.begin() as connection:
            self.store.discard(anew - named(connection, anew))
        return sum(done.values(), Progress(""))

    def _file(self, name: str) -> Progress:
        try:
            anew = self.store.reseal(name, self.keys.first)
        except (Damaged, Unreadable):
            return Progress("", unreadable=1)
        except FileNotFoundError:  # erased meanwhile; what is missing otherwise is told by `suara doctor`
            return Progress("")
        return Progress("", anew=1) if anew else Progress("", before=1)


def older_codes(connection: Connection, secrets: Secrets) -> int:
    """How many codes are out that die with the older keys: to recover an aspiration, to claim one."""
    digests = (ASPIRATION.c.recovery_digest, RELAY.c.claim_digest)
    counts = (
        select(func.count()).where(digest != "", ~digest.startswith(secrets.newest, autoescape=True))
        for digest in digests
    )
    return sum(connection.scalar(count) or 0 for count in counts)


def column_name(column: Column[Any]) -> str:
    """A column as "table.column"."""
    return f"{column.table.name}.{column.name}"


class _Place:
    """One column as it is stored: its tokens, unread."""

    def __init__(self, column: Column[Any]) -> None:
        keys = [sa.column(key.name, key.type) for key in column.table.primary_key]
        self.raw = sa.table(column.table.name, *keys, sa.column(column.name, Text()))
        self.token = self.raw.c[column.name]
        self.keys = [self.raw.c[key.name] for key in keys]

    def read(self, connection: Connection, last: tuple[Any, ...] | None) -> Sequence[tuple[Any, ...]]:
        """The next rows that hold a token: their keys, and it."""
        found = select(*self.keys, self.token).where(self.token.startswith(SEAL))
        found = found if last is None else found.where(tuple_(*self.keys) > tuple_(*last))
        return [tuple(row) for row in connection.execute(found.order_by(*self.keys).limit(LOT))]

    def write(self, connection: Connection, row: tuple[Any, ...], token: str) -> bool:
        """Put another token in the place of this one; False when it is not there any more."""
        same = [column == value for column, value in zip((*self.keys, self.token), row, strict=True)]
        change = sa.update(self.raw).where(and_(*same)).values({self.token: token})
        return connection.execute(change).rowcount > 0


def _rotated(connection: Connection, place: _Place, rows: Sequence[tuple[Any, ...]], keys: Keys) -> Progress:
    return sum((_one(connection, place, row, keys) for row in rows), Progress(""))


def _one(connection: Connection, place: _Place, row: tuple[Any, ...], keys: Keys) -> Progress:
    token: str = row[-1]
    if _opens(keys.first, token):
        return Progress("", before=1)
    try:
        anew = keys.ring.rotate(token).decode()
    except InvalidToken:
        return Progress("", unreadable=1)
    return Progress("", anew=int(place.write(connection, row, anew)))


def _opens(key: Fernet, token: str) -> bool:
    try:
        key.decrypt(token)
    except InvalidToken:
        return False
    return True


_FILES: Final = (
    select(MEDIA.c.sha256)
    .where(MEDIA.c.sha256 > sa.bindparam("last"), MEDIA.c.sha256 != "")
    .distinct()
    .order_by(MEDIA.c.sha256)
    .limit(sa.bindparam("lot"))
)
