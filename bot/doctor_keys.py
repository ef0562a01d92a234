"""What the doctor says of keys: whether they read what is stored, column by column, and the files that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, select

from bot.finding import Finding
from storage.columns import Unreadable, keyring_of
from storage.media import MEDIA, MediaStore
from storage.rotation import column_name, encrypted_columns
from storage.sealed import Damaged

SAMPLE: Final = 20
"""Of the kept files so many of the oldest and of the newest are looked at: a large folder would take minutes."""


def about_keys(connection: Connection) -> Finding:
    """Whether the keys read what was written last in every encrypted column."""
    if closed := [column_name(column) for column in encrypted_columns() if not _reads(connection, column)]:
        words = (
            f"they do not read what is stored ({', '.join(closed)}): put the key that wrote it behind the new one,"
            " DATA_KEYS=new,old."
        )
        return Finding("wrong", "Keys", words)
    return Finding("ok", "Keys", "they read what is stored.")


def about_files(connection: Connection, folder: Path) -> Iterator[Finding]:
    """Whether kept files are there, can be read, are what their names tell, and are all sealed."""
    store = MediaStore(folder, keyring_of(connection.dialect))
    names = _sample(connection)
    faults = [fault for name in names if (fault := _fault(store, name))]
    if faults:
        yield Finding(
            "wrong", "Files", f"of {len(names)} that were looked at {len(faults)} fail: {faults[0]}"
        )
    elif not all(store.is_sealed(name) for name in names):
        words = "some were kept before files were encrypted: run `suara rotate` once, which encrypts them."
        yield Finding("attention", "Files", words)
    elif names:
        yield Finding("ok", "Files", "those looked at can be read, and are encrypted.")


def _reads(connection: Connection, column: Column[Any]) -> bool:
    newest = [key.desc() for key in column.table.primary_key]
    try:
        connection.execute(select(column).where(column.is_not(None)).order_by(*newest).limit(1)).first()
    except Unreadable:
        return False
    return True


def _sample(connection: Connection) -> list[str]:
    kept = select(MEDIA.c.sha256).where(MEDIA.c.state == "kept").limit(SAMPLE)
    ends = (kept.order_by(MEDIA.c.id), kept.order_by(MEDIA.c.id.desc()))
    return sorted({name for end in ends for name in connection.scalars(end)})


def _fault(store: MediaStore, name: str) -> str:
    """What is wrong with a kept file, "" when nothing is; it is read whole."""
    try:
        for _ in store.read(name):
            pass
    except FileNotFoundError:
        return f"{name[:12]}… is not in MEDIA_DIR: bring it back from a backup."
    except (Damaged, Unreadable) as fault:
        return f"{name[:12]}…: {fault}."
    return ""
