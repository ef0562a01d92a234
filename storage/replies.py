"""Replies: what people say to a question or to what they were told, and that they object to a decision.

A recording becomes one more message of the aspiration, so that it is kept, heard by those who may hear it, and
written down like all others. The staff is told once until it has read what came.
"""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, func, insert, select, update

from conversations.chat import Part
from conversations.danger import concern
from storage import alerts, media, notices, unheard
from storage import asking_views as views
from storage.actor import RefusalError, resident
from storage.asking_views import ANSWERED, QUESTION, REPLY, ROLE, TOLD
from storage.desk_tables import DeskCardRecord
from storage.desk_work import SENDS
from storage.ledger import Ledger, OutboxRow, table
from storage.mandates import MANDATE
from storage.media import PART, RELAY
from storage.notices import Message
from storage.rules import Scene
from storage.submissions import ASPIRATION

LONGEST_REPLY: Final = 3500  # characters
CARD: Final = table(DeskCardRecord)

AnyRow = Any


def answer(scene: Scene, number: int, part: Part) -> None:
    """Answer a question; a further answer is added. RefusalError: unknown, empty."""
    asked = views.question(scene.connection, resident(scene.actor).chat_id, number)
    if asked is None:
        raise RefusalError("unknown", "There is no such question for you.")
    said = _checked(part)
    if asked.contact_id is not None:
        _to_safeguard(scene, asked, part, said)
    else:
        row = scene.connection.execute(_ABOUT, {"id": asked.aspiration_id}).one()
        _keep(scene, row, part, said, asked)
    _answered(scene, QUESTION.c.id == number)


def reply(scene: Scene, ticket: str, part: Part) -> None:
    """Say something to what one was told; it answers what is still asked, too. RefusalError: unknown, empty."""
    row = _concerned(scene, ticket)
    said = _checked(part)
    _keep(scene, row, part, said, scene.connection.execute(_OPEN, {"id": row.id}).first())
    _answered(scene, QUESTION.c.aspiration_id == row.id)


def pass_on(scene: Scene, ticket: str, part: Part) -> None:
    """What somebody said to a change that their facilitator told them; what is asked stays open. RefusalError: as `reply`."""
    _keep(scene, _concerned(scene, ticket), part, _checked(part), None)


def object_to(scene: Scene, ticket: str) -> None:
    """Ask to open an aspiration again, once for each decision. RefusalError: unknown, again."""
    row = _concerned(scene, ticket)
    decided = views.objectionable(scene.connection, row, scene.rules)
    if decided is None:
        raise RefusalError("again", "There is no decision to which nobody has objected.")
    _tell_staff(scene, row, _decider(decided), objection=True)
    _put(scene, aspiration_id=row.id, event_id=decided.id, kind="objection", answer="", **_by(row))


def tell_of_doubt(scene: Scene, aspiration: int) -> None:
    """Tell who decided that an aspiration is done, else whoever has its card, that a supporter says it is not."""
    row = scene.connection.execute(_COMPLETED, {"id": aspiration}).one()
    _tell_staff(scene, row, _decider(views.latest(scene.connection, aspiration)), objection=True)


def _decider(event: AnyRow | None) -> int | None:
    """The mandate that made a decision; None for the command line, and where nothing was decided."""
    number = event.actor_ref.removeprefix("mandate:") if event is not None else ""
    return int(number) if number.isdecimal() else None


def _concerned(scene: Scene, ticket: str) -> AnyRow:
    row = views.concerned(scene.connection, resident(scene.actor).chat_id, ticket, lock=True)
    if row is None:
        raise RefusalError("unknown", "This is not yours to reply to.")
    return row


def _keep(scene: Scene, row: AnyRow, part: Part, said: str, asked: AnyRow | None) -> None:
    """Keep what was said about an aspiration, to a question if there is one, and tell who asked or has the card."""
    _tell_staff(scene, row, asked.mandate_id if asked else None)
    to = {"question_id": asked.id if asked else None, "part_id": _record(scene, row, part)}
    _put(scene, aspiration_id=row.id, kind=part.kind, answer=said, **to, **_by(row))
    if concern(said) == "danger":
        flagged = update(ASPIRATION).where(ASPIRATION.c.id == row.id).values(flagged="danger")
        scene.connection.execute(flagged)
        alerts.raise_alert(scene, said, row.region, alerts.Speaker(row.chat_id, row.id))


def _answered(scene: Scene, which: ColumnElement[bool]) -> None:
    fresh = (which, QUESTION.c.answered_at.is_(None))
    scene.connection.execute(update(QUESTION).where(*fresh).values(answered_at=scene.at))


def _by(row: AnyRow) -> dict[str, int | None]:
    """The facilitator who passed it on, if one speaks for the author."""
    return {"mandate_id": row.speaker if row.chat_id is None else None}


def _record(scene: Scene, about: AnyRow, part: Part) -> int | None:
    """A recording as one more message of the aspiration, and the task to write it down; None for words alone."""
    if part.media is None:
        return None
    last = scene.connection.scalar(_LAST, {"id": about.id})
    row = {
        "aspiration_id": about.id,
        "role": ROLE,
        "position": 0 if last is None else last + 1,
        "kind": part.kind,
        "text": "",
        "media_id": media.remember(scene.connection, part.media, part.kind, scene.at),
        "origin": part.origin,
    }
    made = int(scene.connection.execute(insert(PART).values(row).returning(PART.c.id)).scalar_one())
    unheard.open_for(scene.connection, about.id, about.region, scene.at)
    return made


def _to_safeguard(scene: Scene, row: AnyRow, part: Part, said: str) -> None:
    """Pass an answer on to whoever wrote, who does not learn from whom it is."""
    file = media.remember(scene.connection, part.media, part.kind, scene.at) if part.media else None
    _put(scene, question_id=row.id, kind=part.kind, answer=said, media_id=file, read_at=scene.at)
    chat_id = scene.connection.scalar(_HOLDER, {"id": row.mandate_id})
    if chat_id is None:
        return
    seconds = part.media.seconds if part.media else 0
    params = {"contact": row.contact_id, "kind": part.kind, "seconds": seconds, "words": said}
    notices.tell(scene.connection, Message(chat_id=chat_id, key=TOLD, params=params, urgent=True), scene.at)
    if part.media is not None:
        lasting = {} if part.kind == "photo" else {"duration": seconds}
        call = {"chat_id": chat_id, part.kind: part.media.file_id, **lasting, "protect_content": True}
        sent = OutboxRow(chat_id=chat_id, due_at=scene.at, method=SENDS[part.kind], params=json.dumps(call))
        Ledger(scene.connection).enqueue([sent], scene.at)


def _tell_staff(scene: Scene, row: AnyRow, mandate: int | None, *, objection: bool = False) -> None:
    """Tell this mandate, else whoever has the card, that something came; once until it was read."""
    if not objection and views.is_unread(scene.connection, row.id):
        return
    taken = scene.connection.scalar(_TAKEN_BY, {"id": row.id})
    chats = (scene.connection.scalar(_HOLDER, {"id": one}) for one in (mandate, taken) if one is not None)
    chat_id = next((chat for chat in chats if chat is not None), None)
    if chat_id is not None:
        params = {"ticket": row.ticket, "objection": objection}
        due = scene.rules.delivery.awake(scene.at)
        notices.tell(scene.connection, Message(chat_id=chat_id, key=ANSWERED, params=params), due)


def _put(scene: Scene, **values: object) -> None:
    scene.connection.execute(insert(REPLY).values({"at": scene.at, **values}))


def _checked(part: Part) -> str:
    said = part.text.strip()[:LONGEST_REPLY]
    if not said and part.media is None:
        raise RefusalError("empty", "Nothing was said.")
    return said


_ABOUT: Final = (
    select(ASPIRATION, RELAY.c.mandate_id.label("speaker"))
    .outerjoin(RELAY, and_(RELAY.c.aspiration_id == ASPIRATION.c.id, RELAY.c.claimed_at.is_(None)))
    .where(ASPIRATION.c.id == bindparam("id"))
    .with_for_update(of=ASPIRATION)
)
_COMPLETED: Final = select(ASPIRATION.c.id, ASPIRATION.c.ticket).where(ASPIRATION.c.id == bindparam("id"))
"""Not locked: a decision about it locks those who support it after it."""

_OPEN: Final = (
    select(QUESTION.c.id, QUESTION.c.mandate_id)
    .where(QUESTION.c.aspiration_id == bindparam("id"), QUESTION.c.answered_at.is_(None))
    .order_by(QUESTION.c.id.desc())
    .limit(1)
)
_LAST: Final = select(func.max(PART.c.position)).where(
    PART.c.aspiration_id == bindparam("id"), PART.c.role == ROLE
)
_TAKEN_BY: Final = select(CARD.c.mandate_id).where(CARD.c.aspiration_id == bindparam("id"))
_HOLDER: Final = select(MANDATE.c.chat_id).where(
    MANDATE.c.id == bindparam("id"), MANDATE.c.ended_at.is_(None)
)
