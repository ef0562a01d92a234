"""What the staff does with a card but to decide: take, release, listen, note, redact, send on, hold, reveal.

Each verb looks up by itself whether the mandates of the chat allow it, and is in the audit.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage import audit, likeness_index, notices, permissions, residents
from storage.actor import Officer, RefusalError, resident
from storage.desk_cards import CARD, NEVER_OF_ANONYMOUS, NOTE, find, is_taken, place_of
from storage.desk_queues import bidang_of_fields
from storage.ledger import Ledger, OutboxRow
from storage.media import MEDIA, PART, RELAY
from storage.notices import Message
from storage.permissions import Action
from storage.residents import RESIDENT
from storage.rules import Scene
from storage.submissions import ASPIRATION
from storage.tasks import SENDING
from storage.unheard import TASK

ROUTED: Final = "desk.routed"
"""The letter that says where an aspiration was sent on to."""

LONGEST_REMARK: Final = 1000  # characters
TAKEN_FOR: Final = timedelta(days=3)
"""So long a card is one officer's alone; then others may answer, too."""
SENDS: Final = {**SENDING, "photo": "sendPhoto", "document": "sendDocument"}
"""The call that sends each kind of file; its parameter is called like the kind (Bot API)."""

AnyRow = Any


def require(scene: Scene, ticket: str, action: Action) -> tuple[Officer, AnyRow]:
    """The officer as whom the chat may do this with an aspiration, and its row, locked. RefusalError: not_allowed."""
    held = permissions.officers(scene.connection, resident(scene.actor).chat_id)
    row = find(scene.connection, held, ticket, action, lock=True)
    officer = permissions.allowed(held, action, place_of(row)) if row is not None else None
    if row is None or officer is None or (action in NEVER_OF_ANONYMOUS and row.visibility == "anonymous"):
        raise RefusalError("not_allowed", f"There is no mandate to {action} here.")
    return officer, row


def take(scene: Scene, ticket: str) -> None:
    """Take a card; again one's own. RefusalError: not_allowed, taken."""
    officer, row = require(scene, ticket, "take")
    _open(scene, row.id)
    free = (
        CARD.c.aspiration_id == row.id,
        CARD.c.mandate_id.is_(None) | (CARD.c.mandate_id == officer.mandate),
    )
    taken = {"mandate_id": officer.mandate, "taken_at": scene.at}
    if scene.connection.execute(update(CARD).where(*free).values(taken)).rowcount == 0:
        raise RefusalError("taken", "Somebody else has taken it.")
    _audited(scene, officer, "take", row)


def require_free(scene: Scene, row: AnyRow) -> None:
    """Whoever has taken a card answers alone, as long as their mandate stands. RefusalError: taken."""
    if is_taken(scene.connection, resident(scene.actor).chat_id, row.id):
        raise RefusalError("taken", "Somebody else has taken it.")


def release(scene: Scene, ticket: str) -> None:
    """Give one's own card back. RefusalError: not_allowed, taken."""
    officer, row = require(scene, ticket, "take")
    mine = (CARD.c.aspiration_id == row.id, CARD.c.mandate_id == officer.mandate)
    freed = {"mandate_id": None, "taken_at": None}
    if scene.connection.execute(update(CARD).where(*mine).values(freed)).rowcount == 0:
        raise RefusalError("taken", "It is not yours to give back.")
    _audited(scene, officer, "release", row)


def free(connection: Connection, at: datetime) -> int:
    """Give cards back that were taken three days ago: nobody's absence keeps others from answering. How many."""
    late = (CARD.c.mandate_id.is_not(None), CARD.c.taken_at <= at - TAKEN_FOR)
    freed = {"mandate_id": None, "taken_at": None}
    return connection.execute(update(CARD).where(*late).values(freed)).rowcount


def send_recordings(scene: Scene, ticket: str) -> None:
    """Have the files of a card sent, protected. RefusalError: not_allowed, empty."""
    officer, row = require(scene, ticket, "listen")
    files = scene.connection.execute(_FILES, {"id": row.id}).all()
    if not files:
        raise RefusalError("empty", "There are no recordings.")
    calls = [_sending(officer.chat_id, file, scene) for file in files if file.kind in SENDS]
    Ledger(scene.connection).enqueue(calls, scene.at)
    _audited(scene, officer, "listen", row)


def _sending(chat_id: int, file: AnyRow, scene: Scene) -> OutboxRow:
    lasting = {"duration": file.seconds} if file.kind in SENDING else {}
    params = {"chat_id": chat_id, file.kind: file.file_id, **lasting, "protect_content": True}
    return OutboxRow(chat_id=chat_id, due_at=scene.at, method=SENDS[file.kind], params=json.dumps(params))


def note(scene: Scene, ticket: str, words: str) -> None:
    """Keep a note for the staff alone. RefusalError: not_allowed, empty, too_long."""
    officer, row = require(scene, ticket, "note")
    _write(scene, officer, row, _checked(words))
    _audited(scene, officer, "note", row)


def redact(scene: Scene, ticket: str, words: str) -> None:
    """What others read instead of the author's words, which stay as they are. RefusalError: as `note`."""
    officer, row = require(scene, ticket, "redact")
    _change(scene, row.id, redacted=_checked(words))
    likeness_index.mark(scene.connection, row.id)
    _audited(scene, officer, "redact", row)


def route(scene: Scene, ticket: str, *, village: str = "", agency: str = "") -> None:
    """Send an aspiration on, free to be taken there, and tell its author. RefusalError: not_allowed, unknown."""
    officer, row = require(scene, ticket, "route")
    place = scene.rules.regions.village(village)
    strange = bool(agency) and agency not in bidang_of_fields().values()
    if bool(village) == bool(agency) or (village and place is None) or strange:
        raise RefusalError("unknown", "An aspiration is sent on to one village or one agency.")
    _open(scene, row.id)
    if place is not None:
        _change(scene, row.id, region=place.kode)
        likeness_index.mark(scene.connection, row.id)
        parts = select(PART.c.id).where(PART.c.aspiration_id == row.id)
        scene.connection.execute(update(TASK).where(TASK.c.part_id.in_(parts)).values(region=place.kode))
    freed = {"agency": agency or row.agency or "", "mandate_id": None, "taken_at": None}
    scene.connection.execute(update(CARD).where(CARD.c.aspiration_id == row.id).values(freed))
    _tell(scene, row, {"village": place.name if place else "", "agency": agency})
    _audited(scene, officer, "route", row, village or agency)


def hold(scene: Scene, ticket: str, *, held: bool) -> None:
    """Hold abuse back, or show it again; its author sees no difference. RefusalError: not_allowed."""
    officer, row = require(scene, ticket, "hold")
    _open(scene, row.id)
    other = (
        CARD.c.aspiration_id == row.id,
        CARD.c.held_at.is_(None) if held else CARD.c.held_at.is_not(None),
    )
    moved = update(CARD).where(*other).values(held_at=scene.at if held else None)
    if scene.connection.execute(moved).rowcount:
        _audited(scene, officer, "hold", row, "on" if held else "off")


def reveal(scene: Scene, ticket: str, reason: str) -> str:
    """Who sent it; the reason stays on the card. RefusalError: not_allowed, empty, too_long."""
    officer, row = require(scene, ticket, "reveal")
    _write(scene, officer, row, _checked(reason))
    _audited(scene, officer, "reveal", row)
    author = select(RESIDENT.c.name).where(RESIDENT.c.id == row.resident_id)
    spoken_for = select(RELAY.c.name).where(RELAY.c.aspiration_id == row.id, RELAY.c.claimed_at.is_(None))
    return str(scene.connection.scalar(author) or scene.connection.scalar(spoken_for) or "")


def _open(scene: Scene, aspiration: int) -> None:
    """Its row on the desk, made when there is none."""
    postgres = scene.connection.dialect.name == "postgresql"
    row = {"aspiration_id": aspiration, "agency": ""}
    inserted = (postgres_insert if postgres else sqlite_insert)(CARD).values(row).on_conflict_do_nothing()
    scene.connection.execute(inserted)


def _write(scene: Scene, officer: Officer, row: AnyRow, words: str) -> None:
    written = {"aspiration_id": row.id, "mandate_id": officer.mandate, "at": scene.at, "remark": words}
    scene.connection.execute(insert(NOTE).values(written))


def _checked(words: str) -> str:
    said = words.strip()
    if not said:
        raise RefusalError("empty", "There are no words.")
    if len(said) > LONGEST_REMARK:
        raise RefusalError("too_long", f"More than {LONGEST_REMARK} characters.")
    return said


def _change(scene: Scene, aspiration: int, **values: str) -> None:
    scene.connection.execute(update(ASPIRATION).where(ASPIRATION.c.id == aspiration).values(values))


def _tell(scene: Scene, row: AnyRow, where: dict[str, str]) -> None:
    if row.chat_id is None or not residents.wants_notices(scene.connection, row.chat_id):
        return
    params = {"ticket": row.ticket, **where}
    message = Message(chat_id=row.chat_id, key=ROUTED, params=params, aspiration_id=row.id)
    notices.tell(scene.connection, message, scene.rules.delivery.due(scene.at))


def _audited(scene: Scene, officer: Officer, action: str, row: AnyRow, code: str = "") -> None:
    audit.record(scene, officer, action, f"aspiration:{row.id}", code)


_FILES: Final = (
    select(PART.c.kind, MEDIA.c.file_id, MEDIA.c.seconds)
    .join(MEDIA, MEDIA.c.id == PART.c.media_id)
    .where(PART.c.aspiration_id == bindparam("id"))
    .order_by(PART.c.role, PART.c.position)
)
