"""The newest entry of the audit, kept where the database cannot reach it: so that a cut tail shows, too (issue 4).

Once a day it is appended to a file under BACKUP_DIR and told to the administrators.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.app import Home
from storage import audit
from storage.audit import Head
from storage.holders import holders
from storage.ledger import Ledger
from storage.notices import Message, tell

FILE: Final = "audit-heads.txt"
"""In BACKUP_DIR; a line for each day: when, how many entries, the digest of the newest."""

JOB: Final = "clock:audit"


class BadHeadsError(Exception):
    """A file that holds no heads; the words say which line."""


def path(home: Home) -> Path:
    """Where this installation keeps its heads."""
    return home.settings.backup_dir / FILE


def due(home: Home, at: datetime) -> bool:
    """Whether today's head is still to be kept; by night it waits for the morning."""
    return home.delivery.awake(at) == at and not _last(path(home)).startswith(_day(home, at))


def tell_administrators(home: Home, connection: Connection, at: datetime) -> Head:
    """The newest entry, of which each administrator is told once a day; nobody is told of an empty audit."""
    newest = audit.head(connection)
    if newest.number and Ledger(connection).admit([(JOB, _day(home, at))], at):
        params = {"number": newest.number, "digest": newest.digest}
        for chat in holders(connection, "administrator", home.settings.region):
            tell(connection, Message(chat_id=chat, key=audit.TOLD, params=params), at)
    return newest


def keep(home: Home, newest: Head, at: datetime) -> None:
    """Append the newest entry to the file, which only this user may read. Raises OSError."""
    file = path(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    line = f"{at.astimezone(home.settings.zone).isoformat()} {newest.number} {newest.digest}\n"
    with os.fdopen(
        os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="ascii"
    ) as heads:
        heads.write(line)


def read(file: Path) -> Sequence[Head]:
    """The heads of a file, oldest first. Raises OSError, BadHeadsError."""
    heads = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        match line.split():
            case [_, count, digest] if count.isdecimal() and len(digest) == len(audit.NOTHING):
                heads.append(Head(int(count), digest))
            case _:
                raise BadHeadsError(f"line {number} of {file} names no entry of the audit")
    return heads


def _day(home: Home, at: datetime) -> str:
    return at.astimezone(home.settings.zone).date().isoformat()


def _last(file: Path) -> str:
    if not file.exists():
        return ""
    return file.read_text(encoding="ascii").rpartition("\n")[0].rpartition("\n")[2]
