"""Original files, kept byte for byte under the name of their contents.

A file is complete and safe on disk before the commit that names it: written under a passing name, fsynced,
renamed, its folder fsynced. The reverse order would leave rows that name nothing after a power cut.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from sqlalchemy import Connection, bindparam, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from conversations.chat import Media
from storage.ledger import CHAT, table
from storage.tables import AspirationPartRecord, MediaRecord

MEDIA: Final = table(MediaRecord)
PART: Final = table(AspirationPartRecord)
_INCOMING: Final = ".incoming"
_CHUNK: Final = 1 << 16  # bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is safe on disk: the name of its contents and its size in bytes."""

    sha256: str
    bytes: int


class Incoming:
    """A file on its way in: `write` its pieces, then `keep` it; leaving without keeping forgets it."""

    def __init__(self, file: IO[bytes], place: Callable[[str], Path]) -> None:
        self._file = file
        self._place = place
        self._hash = hashlib.sha256()
        self._bytes = 0

    def write(self, piece: bytes) -> None:
        """Append a piece."""
        self._file.write(piece)
        self._hash.update(piece)
        self._bytes += len(piece)

    def keep(self) -> Kept:
        """Make the file durable under its final name and say what that is."""
        self._file.flush()
        os.fsync(self._file.fileno())
        kept = Kept(self._hash.hexdigest(), self._bytes)
        target = self._place(kept.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(self._file.name).replace(
            target
        )  # also renews the age of a file that was there already: see sweep
        _fsync_folder(target.parent)
        _fsync_folder(target.parent.parent)
        return kept


class MediaStore:
    """The folder MEDIA_DIR: `ab/cdef…` holds the file whose SHA-256 is abcdef…"""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where a file of these contents lies, or would lie. Raises ValueError for what is no SHA-256."""
        if len(sha256) != hashlib.sha256().digest_size * 2 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not the SHA-256 of a file")
        return self._folder / sha256[:2] / sha256[2:]

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A new file to write; OSError when the disk is full."""
        folder = self._folder / _INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            try:
                yield Incoming(file, self.path)
            finally:
                Path(file.name).unlink(missing_ok=True)

    def keep(self, pieces: Iterable[bytes]) -> Kept:
        """Keep a file given in pieces."""
        with self.incoming() as file:
            for piece in pieces:
                file.write(piece)
            return file.keep()

    def read(self, sha256: str) -> Iterator[bytes]:
        """The contents in pieces. Raises FileNotFoundError."""
        with self.path(sha256).open("rb") as file:
            while piece := file.read(_CHUNK):
                yield piece

    def discard(self, names: Iterable[str]) -> None:
        """Delete files; what is not there is no fault. Only after the commit that forgot their names."""
        for sha256 in names:
            path = self.path(sha256)
            path.unlink(missing_ok=True)
            with suppress(OSError):  # other files lie there still
                path.parent.rmdir()

    def sweep(self, named: Callable[[Collection[str]], set[str]], before: float) -> int:
        """Delete files that no row names, and what was left half written; returns how many.

        Younger than `before` (seconds since 1970) they may be named by a commit that is still to come.
        """
        old = {path: _age(path) for path in self._files() if _age(path) < before}
        known = named([_name(path) for path in old])
        gone = [path for path in old if _name(path) not in known and _age(path) == old[path]]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _files(self) -> list[Path]:
        return [path for path in self._folder.glob("*/*") if path.is_file()] if self._folder.is_dir() else []


def _name(path: Path) -> str:
    return path.parent.name + path.name


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# The rows


def remember(connection: Connection, media: Media, kind: str, at: datetime) -> int:
    """The id of the row of a file, new or not; of one seen before only the handle to fetch it by is renewed."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgres_insert
    row = insert(MEDIA).values(
        unique_id=media.unique_id,
        file_id=media.file_id,
        kind=kind,
        mime=media.mime,
        seconds=media.seconds,
        bytes=media.bytes,
        sha256="",
        state="waiting",
        created_at=at,
    )
    changed = row.on_conflict_do_update(index_elements=["unique_id"], set_={"file_id": row.excluded.file_id})
    return int(connection.execute(changed.returning(MEDIA.c.id)).scalar_one())


def used_by(connection: Connection, aspiration: int) -> list[int]:
    """The ids of the files of an aspiration."""
    used = select(PART.c.media_id).where(PART.c.aspiration_id == aspiration, PART.c.media_id.is_not(None))
    return list(connection.scalars(used))


def mark_kept(connection: Connection, unique_id: str, kept: Kept) -> bool:
    """Name the kept file in its row; False when no row names it, and the file is to be discarded.

    So it is when the row was erased meanwhile and nobody else sent a file of the same contents.
    """
    values = {"state": "kept", "sha256": kept.sha256, "bytes": kept.bytes}
    marked = connection.execute(update(MEDIA).where(MEDIA.c.unique_id == unique_id).values(values)).rowcount
    return marked > 0 or bool(named(connection, [kept.sha256]))


def mark_lost(connection: Connection, unique_id: str) -> None:
    """Note that a file could not be fetched and will not be."""
    connection.execute(update(MEDIA).where(MEDIA.c.unique_id == unique_id).values(state="lost"))


def named(connection: Connection, names: Collection[str]) -> set[str]:
    """Those of these SHA-256 names that some row uses."""
    known: set[str] = set()
    wanted = sorted(names)
    for at in range(0, len(wanted), 500):
        known |= set(connection.scalars(_NAMED, {"names": wanted[at : at + 500]}))
    return known


def forget_unused(
    connection: Connection, before: datetime | None = None, among: Collection[int] | None = None
) -> set[str]:
    """Delete the rows of files that no aspiration and no draft uses; returns the files to discard after the commit.

    `before` spares rows created since, `among` all but these ids. A file that another row names is not returned.
    """
    used = exists().where(PART.c.media_id == MEDIA.c.id)
    found = select(MEDIA.c.unique_id, MEDIA.c.id, MEDIA.c.sha256).where(~used)
    found = found if before is None else found.where(MEDIA.c.created_at < before)
    rows = connection.execute(found if among is None else found.where(MEDIA.c.id.in_(among))).all()
    drafted = _drafted(connection, {row.unique_id for row in rows}) if rows else set()
    gone = [row for row in rows if row.unique_id not in drafted]
    for row in gone:
        connection.execute(delete(MEDIA).where(MEDIA.c.id == row.id, ~used))
    names = {row.sha256 for row in gone if row.sha256}
    return names - named(connection, names)


def _drafted(connection: Connection, wanted: set[str]) -> set[str]:
    """Those of the ids that stand in a draft, or in words that are held."""
    unsent = or_(CHAT.c.draft_at.is_not(None), CHAT.c.held_at.is_not(None))
    states = connection.scalars(select(CHAT.c.state).where(unsent)).all()
    return {unique_id for state in states for unique_id in wanted if f'"{unique_id}"' in state}


_NAMED: Final = select(MEDIA.c.sha256).where(MEDIA.c.sha256.in_(bindparam("names", expanding=True)))
