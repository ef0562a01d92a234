"""Original files, kept byte for byte under the name of their contents, sealed (storage.sealed).

What is read is compared with that name, so that no file can stand in for another. A file is complete and safe on disk before the commit that names it: written under a passing name, fsynced,
renamed, its folder fsynced. The reverse order would leave rows that name nothing after a power cut.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Column, Connection, bindparam, delete, exists, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from conversations.chat import Media
from storage import sealed
from storage.columns import SEAL
from storage.ledger import CHAT, table
from storage.record import Record
from storage.relay_tables import RelayRecord, ReportRecord
from storage.sealed import Damaged, Sealer
from storage.tables import AspirationPartRecord, MediaRecord

MEDIA: Final = table(MediaRecord)
PART: Final = table(AspirationPartRecord)
RELAY: Final = table(RelayRecord)
REPORT: Final = table(ReportRecord)
_INCOMING: Final = ".incoming"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is safe on disk: the name of its contents and its size in bytes."""

    sha256: str
    bytes: int


class Incoming:
    """A file on its way in: `write` its pieces, then `keep` it; leaving without keeping forgets it."""

    def __init__(self, file: IO[bytes], ring: MultiFernet, place: Callable[[str], Path]) -> None:
        self._file = file
        self._sealer = Sealer(file, ring)
        self._place = place
        self._hash = hashlib.sha256()
        self._bytes = 0

    def write(self, piece: bytes) -> None:
        """Append a piece."""
        self._sealer.write(piece)
        self._hash.update(piece)
        self._bytes += len(piece)

    def keep(self) -> Kept:
        """Make the file durable under its final name and say what that is."""
        self._sealer.finish()
        kept = Kept(self._hash.hexdigest(), self._bytes)
        _place(self._file, self._place(kept.sha256))
        return kept


class MediaStore:
    """The folder MEDIA_DIR: `ab/cdef…` holds the file of the contents whose SHA-256 is abcdef…, sealed by `ring`."""

    def __init__(self, folder: Path, ring: MultiFernet) -> None:
        self._folder = folder
        self._ring = ring

    def path(self, sha256: str) -> Path:
        """Where a file of these contents lies, or would lie. Raises ValueError for what is no SHA-256."""
        if len(sha256) != hashlib.sha256().digest_size * 2 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not the SHA-256 of a file")
        return self._folder / sha256[:2] / sha256[2:]

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A new file to write; OSError when the disk is full."""
        with self._passing() as file:
            yield Incoming(file, self._ring, self.path)

    def keep(self, pieces: Iterable[bytes]) -> Kept:
        """Keep a file given in pieces."""
        with self.incoming() as file:
            for piece in pieces:
                file.write(piece)
            return file.keep()

    def read(self, sha256: str) -> Iterator[bytes]:
        """The contents in pieces. Raises FileNotFoundError, Unreadable (no key opens it) and Damaged."""
        found = hashlib.sha256()
        with self.path(sha256).open("rb") as file:
            for piece in sealed.contents(file, self._ring):
                found.update(piece)
                yield piece
        if found.hexdigest() != sha256:
            raise Damaged("a kept file is not the one that its name tells")

    def is_sealed(self, sha256: str) -> bool:
        """Whether the file is sealed, or was kept before files were. Raises FileNotFoundError."""
        with self.path(sha256).open("rb") as file:
            return sealed.is_sealed(file)

    def reseal(self, sha256: str, newest: Fernet) -> bool:
        """Let the key `newest`, the ring's first, open this file; seal it whole if it was kept before files were.

        False when it does already. Raises as `read`; the file is then as it was.
        """
        with self.path(sha256).open("rb") as file:
            if not sealed.is_sealed(file):
                return self.keep(self.read(sha256)).sha256 == sha256
            token = file.read(sealed.TOKEN)
            if sealed.sealed_with(token, newest):
                return False
            with self._passing() as copy:
                copy.write(sealed.MARK + sealed.resealed(token, self._ring))
                shutil.copyfileobj(file, copy)
                _place(copy, self.path(sha256))
        return True

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

    @contextmanager
    def _passing(self) -> Iterator[IO[bytes]]:
        """A file under a passing name, gone afterwards unless it was placed."""
        folder = self._folder / _INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            try:
                yield file
            finally:
                Path(file.name).unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return [path for path in self._folder.glob("*/*") if path.is_file()] if self._folder.is_dir() else []


def _place(file: IO[bytes], target: Path) -> None:
    """Make a passing file durable under its final name."""
    file.flush()
    os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    Path(file.name).replace(target)  # also renews the age of a file that was there already: see sweep
    _fsync_folder(target.parent)
    _fsync_folder(target.parent.parent)


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
    """The ids of the files of an aspiration: of its words, of the consent to relay it, of answers to reports."""
    relayed = RELAY.c.aspiration_id == aspiration
    answers = select(REPORT.c.answer_media_id).join(RELAY, RELAY.c.id == REPORT.c.relay_id).where(relayed)
    words = select(PART.c.media_id).where(PART.c.aspiration_id == aspiration)
    used = union_all(words, select(RELAY.c.consent_media_id).where(relayed), answers)
    return [id_ for id_ in connection.scalars(used) if id_ is not None]


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
    """Delete the rows of files that nothing uses; returns the files to discard after the commit.

    They are used by what has a foreign key to them (aspirations, consents, answers) and by drafts.
    `before` spares rows created since, `among` all but these ids. A file that another row names is not returned.
    """
    used = or_(*(exists().where(column == MEDIA.c.id) for column in users()))
    found = select(MEDIA.c.unique_id, MEDIA.c.id, MEDIA.c.sha256).where(~used)
    found = found if before is None else found.where(MEDIA.c.created_at < before)
    rows = connection.execute(found if among is None else found.where(MEDIA.c.id.in_(among))).all()
    drafted = _drafted(connection, {row.unique_id for row in rows}) if rows else set()
    gone = [row for row in rows if row.unique_id not in drafted]
    for row in gone:
        connection.execute(delete(MEDIA).where(MEDIA.c.id == row.id, ~used))
    names = {row.sha256 for row in gone if row.sha256}
    return names - named(connection, names)


def users() -> list[Column[int]]:
    """The columns of all tables that name a file."""
    columns = (column for table in Record.metadata.sorted_tables for column in table.columns)
    return [column for column in columns if column.references(MEDIA.c.id)]


def _drafted(connection: Connection, wanted: set[str]) -> set[str]:
    """Those of the ids that stand in a draft, in words that are held, or in what a facilitator has gathered.

    States of the latter are sealed (conversations.forgetting).
    """
    unsent = or_(CHAT.c.draft_at.is_not(None), CHAT.c.held_at.is_not(None), CHAT.c.state.startswith(SEAL))
    states = connection.scalars(select(CHAT.c.state).where(unsent)).all()
    return {unique_id for state in states for unique_id in wanted if f'"{unique_id}"' in state}


_NAMED: Final = select(MEDIA.c.sha256).where(MEDIA.c.sha256.in_(bindparam("names", expanding=True)))
