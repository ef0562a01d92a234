"""What the staff did, in rows that nobody can change unseen: each holds the digest of the one before (issue 4).

A row has opaque numbers, codes and keyed digests, never values: erasing deletes what it points to, and the chain
stays whole. Entries are gathered while a transaction goes on and chained at its end, when the head is locked: no
other lock is taken after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, bindparam, event, insert, select, update

from storage.actor import Officer, Staff
from storage.ledger import table
from storage.rules import Scene
from storage.staff_tables import AuditHeadRecord, AuditRecord

AUDIT: Final = table(AuditRecord)
HEAD: Final = table(AuditHeadRecord)
GATHERED: Final = "suara_audit"
"""Key in a connection's info under which a transaction's entries wait for its end."""

SCOPE: Final = "audit"
"""Scope of the pseudonyms of what was acted on: see storage.ticket.Secrets.pseudonym."""

AT_KEYBOARD: Final = 0
"""In the place of a mandate: whoever may use the command line of the server."""

NOTHING: Final = "0" * 64
"""What stands before the first row."""

TOLD: Final = "audit.head"
"""The daily message to administrators. Parameters: number, digest."""

LOT: Final = 1000  # rows read at a time


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: how many there are, and its digest."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What is chained: who did what to what, and a code that says how."""

    at: datetime
    mandate: int
    action: str
    subject: str
    code: str


def record(scene: Scene, who: Officer | Staff, action: str, subject: str, code: str = "") -> None:
    """Append what an officer did to a subject ("aspiration:12", "meeting:3"), with a code that says how.

    Only a keyed digest of the subject is kept. It is in the chain when the transaction is committed, or never.
    Staff at the command line have no mandate: their deeds are those of number 0.
    """
    about = scene.rules.secrets.mark(SCOPE, subject)
    mandate = who.mandate if isinstance(who, Officer) else AT_KEYBOARD
    deed = Deed(scene.at.astimezone(UTC), mandate, action, about, code)
    if not scene.connection.in_transaction():
        scene.connection.begin()  # what is never committed must be forgotten by a rollback
    scene.connection.info.setdefault(GATHERED, []).append(deed)


def attach(engine: Engine) -> None:
    """Chain what was gathered whenever a transaction of this engine is committed."""
    event.listen(engine, "commit", seal)
    event.listen(engine, "rollback", _forget)


def seal(connection: Connection) -> None:
    """Lock the head and append what this transaction gathered."""
    gathered: list[Deed] = connection.info.pop(GATHERED, [])
    if not gathered:
        return
    now = connection.execute(_LOCKED).one()
    number, digest = now.number, now.digest
    rows = []
    for deed in gathered:
        number, previous = number + 1, digest
        digest = chained(previous, number, deed)
        rows.append(_row(number, deed) | {"previous": previous, "digest": digest})
    connection.execute(insert(AUDIT), rows)
    connection.execute(update(HEAD).values(number=number, digest=digest))


def chained(previous: str, number: int, deed: Deed) -> str:
    """The digest of an entry: SHA-256 over the one before and all that it says, in hexadecimal digits."""
    said = (previous, number, deed.at.isoformat(), deed.mandate, deed.action, deed.subject, deed.code)
    return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()


def head(connection: Connection) -> Head:
    """The newest entry."""
    row = connection.execute(select(HEAD)).one()
    return Head(row.number, row.digest)


def first_fault(connection: Connection) -> str:
    """The first broken row in words, "" when the chain is whole from its first row to its head."""
    previous, number = NOTHING, 0
    for row in _rows(connection):
        number += 1
        deed = Deed(row.at, row.mandate, row.action, row.subject, row.code)
        if row.number != number:
            return f"row {number} is missing"
        if row.previous != previous or row.digest != chained(previous, number, deed):
            return f"row {number} was changed"
        previous = row.digest
    newest = head(connection)
    if (newest.number, newest.digest) != (number, previous):
        return f"the chain ends at row {number}, and its head names row {newest.number}"
    return ""


def contains(connection: Connection, known: Head) -> bool:
    """Whether a head that was kept elsewhere is still in the chain; False when its tail was cut off or rewritten."""
    if known.number == 0:
        return True
    found = connection.execute(select(AUDIT.c.digest).where(AUDIT.c.number == known.number)).scalar()
    return found == known.digest


def _rows(connection: Connection) -> Iterator[Any]:
    after = 0
    while rows := connection.execute(_AFTER, {"after": after, "most": LOT}).all():
        yield from rows
        after = rows[-1].number


def _row(number: int, deed: Deed) -> dict[str, Any]:
    return {
        "number": number,
        "at": deed.at,
        "mandate": deed.mandate,
        "action": deed.action,
        "subject": deed.subject,
        "code": deed.code,
    }


def _forget(connection: Connection) -> None:
    if not connection.invalidated:  # a connection that was lost has taken them along
        connection.info.pop(GATHERED, None)


_LOCKED: Final = select(HEAD).with_for_update()
_AFTER: Final = (
    select(AUDIT).where(AUDIT.c.number > bindparam("after")).order_by(AUDIT.c.number).limit(bindparam("most"))
)
