"""Files of what was said, for the staff to take away: who may, what is recorded of it, and what stands in them (issue 4).

Without names unless the role may and says why. Such a file goes on to others: it has neither names nor positions nor
landmarks, numbers of telephones are covered, and a group of people is named only where at least FEWEST aspirations
of the same village are for it. A facilitator, and a child, is named in none; words that tell of danger stand in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, true

from conversations.figure import Choice
from storage import audit, desk_cards, permissions
from storage.actor import Officer, RefusalError, Staff, resident
from storage.export_rows import Wanted
from storage.export_tables import FileExportRecord
from storage.ledger import ErrandRow, Ledger, table
from storage.mandates import MANDATE
from storage.permissions import Action, Place
from storage.rules import Scene
from storage.submissions import ASPIRATION

EXPORT: Final = table(FileExportRecord)
MAKE_FILE: Final = "export_file"
"""The errand that makes a file and sends it; its parameter: export."""

LONGEST_REASON: Final = 500  # characters


@dataclass(frozen=True, slots=True)
class Asked:
    """A file that is to be made: its kind, whether with names and why, and which aspirations it holds."""

    choice: Choice
    wanted: Wanted


def ask(scene: Scene, choice: Choice) -> None:
    """Have a file made and sent, and record it. RefusalError: not_allowed, empty, too_long."""
    chat = resident(scene.actor).chat_id
    held = exporters(scene.connection, chat, identified=choice.identified)
    if not held or not choice.file:
        raise RefusalError("not_allowed", "There is no mandate to take such a file away.")
    number = _record(scene, held[0], choice)
    errand = ErrandRow(kind=MAKE_FILE, due_at=scene.at, params={"export": number}, chat_id=chat)
    Ledger(scene.connection).add_errands([errand], scene.at)


def record_at_keyboard(scene: Scene, who: Staff, choice: Choice) -> None:
    """Record a file that is made at the keyboard of the server. RefusalError: empty, too_long."""
    _record(scene, who, choice)


def exporters(connection: Connection, chat_id: int, *, identified: bool) -> tuple[Officer, ...]:
    """The mandates of a chat that may take a file away, for their own places, now."""
    action: Action = "identify" if identified else "export"
    held = permissions.officers(connection, chat_id)
    return tuple(officer for officer in held if permissions.may(officer, action, _place(officer)))


def asked_for(connection: Connection, number: int, chat_id: int) -> Asked | None:
    """What a recorded file is to hold; None when the right to it has ended meanwhile."""
    row = connection.execute(_ASKED, {"id": number, "chat": chat_id}).one_or_none()
    held = exporters(connection, chat_id, identified=row.identified) if row is not None else ()
    if row is None or not held:
        return None
    choice = Choice(file=row.kind, identified=row.identified, reason=row.reason)
    action: Action = "identify" if row.identified else "export"
    return _asked(choice, desk_cards.theirs(held, action))


def of_region(region: str, choice: Choice) -> Asked:
    """A file made at the keyboard: of a region by code, "" for the whole kabupaten."""
    return _asked(choice, _within(region))


def _asked(choice: Choice, within: ColumnElement[bool]) -> Asked:
    """In SIPD's shape what is decided with another has no row of its own: there it would be a double."""
    return Asked(choice, Wanted(within=within, identified=choice.identified, alone=choice.file == "sipd"))


def _within(region: str) -> ColumnElement[bool]:
    if not region:
        return true()
    return (ASPIRATION.c.region == region) | ASPIRATION.c.region.startswith(f"{region}.", autoescape=True)


def _record(scene: Scene, who: Officer | Staff, choice: Choice) -> int:
    """Its number. The reason is kept beside the audit, which holds codes alone."""
    reason = " ".join(choice.reason.split()) if choice.identified else ""
    if choice.identified and not any(char.isalnum() for char in reason):
        raise RefusalError("empty", "A file with names needs a reason.")
    if len(reason) > LONGEST_REASON:
        raise RefusalError("too_long", f"A reason has at most {LONGEST_REASON} characters.")
    values = {"at": scene.at, "kind": choice.file, "identified": choice.identified, "reason": reason}
    mandate = who.mandate if isinstance(who, Officer) else None
    recorded = insert(EXPORT).values(values | {"mandate_id": mandate}).returning(EXPORT.c.id)
    number = int(scene.connection.execute(recorded).scalar_one())
    code = f"{choice.file}/{'names' if choice.identified else 'plain'}"
    audit.record(scene, who, "identify" if choice.identified else "export", f"export:{number}", code)
    return number


def _place(officer: Officer) -> Place:
    """A place of the mandate's own: what it may do there, it may do in all of them."""
    return Place(next(iter(officer.scope), ""), next(iter(officer.agencies), ""))


_ASKED: Final = (
    select(EXPORT.c.kind, EXPORT.c.identified, EXPORT.c.reason)
    .join(MANDATE, MANDATE.c.id == EXPORT.c.mandate_id)
    .where(
        EXPORT.c.id == bindparam("id"), MANDATE.c.chat_id == bindparam("chat"), MANDATE.c.ended_at.is_(None)
    )
)
