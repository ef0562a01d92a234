"""Reports: what became of an aspiration, to be told to the person by whoever spoke for them.

One for each change; open until the facilitator says "sudah disampaikan", or the person claims the aspiration and
hears by themself (issue 3).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from conversations.chat import Part
from storage import media, notices, relays
from storage.actor import RefusalError, resident
from storage.ledger import table
from storage.mandates import MANDATE, RELAY
from storage.notices import NOTICES, Address, Message, News
from storage.relay_tables import ReportRecord
from storage.rules import Scene
from storage.submissions import ASPIRATION

REPORT: Final = table(ReportRecord)
TO_TELL: Final = "report.changed"
OVERDUE: Final = "report.overdue"
DUE_IN: Final = timedelta(days=3)
AGAIN_IN: Final = timedelta(days=7)
AnyRow = Any
"""A row of a few columns."""


def represented(connection: Connection, aspiration: int) -> AnyRow | None:
    """Who speaks for the author of an aspiration: the relay, the person's name, and the facilitator's chat, if any."""
    return connection.execute(_REPRESENTED, {"id": aspiration}).one_or_none()


def open_one(
    scene: Scene, relay: AnyRow, told: tuple[int, int, News], due_at: datetime, *, urgent: bool
) -> int | None:
    """Open a report of a change (aspiration, event, news) and plan the facilitator's notice, whose id is returned.

    None when nobody represents the person now, or when an unsent change was undone and there is nothing to tell.
    """
    aspiration, event, news = told
    row = {"relay_id": relay.id, "event_id": event, "due_at": scene.at + DUE_IN}
    scene.connection.execute(insert(REPORT).values(row))
    if relay.chat_id is None:
        return None
    to = Address(aspiration, event, relay.chat_id)
    about = {"name": relay.name or ""}
    notice = notices.plan(scene.connection, to, news, due_at, urgent=urgent, key=TO_TELL, more=about)
    if notice is None:
        _call_off(scene, relay.id, to)
    return notice


def report_back(scene: Scene, number: str, answer: Part | None) -> None:
    """The person was told of every change so far; what they said to it stays with the newest.

    RefusalError: not_yours, unknown, nothing_to_tell.
    """
    row = relays.spoken_for(scene.connection, resident(scene.actor).chat_id, number, lock=True)
    if row is None:
        raise RefusalError("unknown", "This is nobody for whom you speak.")
    newest: int | None = scene.connection.scalar(_NEWEST, {"relay": row.relay_id})
    if newest is None:
        raise RefusalError("nothing_to_tell", "Nothing has been decided yet.")
    _settle(scene.connection, row.relay_id, told_at=scene.at)
    if answer is not None:
        file = answer.media and media.remember(scene.connection, answer.media, answer.kind, scene.at)
        said = {"answer": answer.text or None, "answer_media_id": file}
        scene.connection.execute(update(REPORT).where(REPORT.c.id == newest).values(said))
    _cancel(scene.connection, row.id)


def end(connection: Connection, aspiration: int, at: datetime) -> None:
    """Nobody has to tell anybody any more: the person hears by themself, or has ended it."""
    relay = connection.scalar(select(RELAY.c.id).where(RELAY.c.aspiration_id == aspiration))
    if relay is not None:
        _settle(connection, relay, ended_at=at)
        _cancel(connection, aspiration)


def remind(connection: Connection, at: datetime, limit: int) -> int:
    """One message to each facilitator with a report that is overdue, of all that are open; returns how many.

    The next one comes in a week, if they are still open then.
    """
    mandates = connection.execute(_OVERDUE, {"at": at, "limit": limit}).all()
    for mandate in mandates:
        _remind(connection, mandate, at)
    return len(mandates)


def forget_reminders(connection: Connection, aspirations: Collection[int]) -> None:
    """Empty what facilitators were reminded of and that may name the people behind these, who are to be erased."""
    mine = RELAY.c.aspiration_id.in_(aspirations)
    held = or_(RELAY.c.mandate_id == MANDATE.c.id, RELAY.c.relayed_by == MANDATE.c.id)
    chats = select(MANDATE.c.chat_id).join(RELAY, held).where(mine, MANDATE.c.chat_id.is_not(None))
    notices.forget_told(connection, NOTICES.c.chat_id.in_(chats), NOTICES.c.key == OVERDUE)


def _remind(connection: Connection, mandate: AnyRow, at: datetime) -> None:
    rows = connection.execute(_OPEN_OF, {"mandate": mandate.id}).all()
    people = {row.ticket: row.name or "" for row in rows}
    listed = [{"ticket": ticket, "name": name} for ticket, name in people.items()]
    notices.tell(connection, Message(chat_id=mandate.chat_id, key=OVERDUE, params={"people": listed}), at)
    ids = [row.id for row in rows]
    connection.execute(update(REPORT).where(REPORT.c.id.in_(ids)).values(due_at=at + AGAIN_IN))


def _settle(connection: Connection, relay: int, **values: datetime) -> None:
    connection.execute(update(REPORT).where(REPORT.c.relay_id == relay, *_OPEN).values(values))


def _cancel(connection: Connection, aspiration: int) -> None:
    waiting = (NOTICES.c.aspiration_id == aspiration, NOTICES.c.key == TO_TELL, NOTICES.c.state == "waiting")
    connection.execute(update(NOTICES).where(*waiting).values(state="cancelled"))


def _call_off(scene: Scene, relay: int, to: Address) -> None:
    """End the reports of changes that were undone before the facilitator heard of them."""
    heard = select(func.coalesce(func.max(NOTICES.c.event_id), 0)).where(
        NOTICES.c.aspiration_id == to.aspiration_id,
        NOTICES.c.key == TO_TELL,
        NOTICES.c.state.in_(("queued", "forgotten")),
    )
    unheard = (REPORT.c.relay_id == relay, REPORT.c.event_id > heard.scalar_subquery(), *_OPEN)
    scene.connection.execute(update(REPORT).where(*unheard).values(ended_at=scene.at))


def opened(connection: Connection, relay_ids: Sequence[int]) -> Sequence[AnyRow]:
    """The open reports of these relays (relay_id, event_id), oldest first."""
    return connection.execute(_OPENED, {"ids": list(relay_ids)}).all() if relay_ids else ()


_OPEN: Final = (REPORT.c.told_at.is_(None), REPORT.c.ended_at.is_(None))
_SPEAKING: Final = (MANDATE.c.id == RELAY.c.mandate_id) & MANDATE.c.ended_at.is_(None)
_REPRESENTED: Final = (
    select(RELAY.c.id, RELAY.c.name, MANDATE.c.chat_id)
    .outerjoin(MANDATE, _SPEAKING)
    .where(RELAY.c.aspiration_id == bindparam("id"), RELAY.c.claimed_at.is_(None))
)
_NEWEST: Final = select(func.max(REPORT.c.id)).where(
    REPORT.c.relay_id == bindparam("relay"), REPORT.c.ended_at.is_(None)
)
_OPENED: Final = (
    select(REPORT.c.relay_id, REPORT.c.event_id)
    .where(REPORT.c.relay_id.in_(bindparam("ids", expanding=True)), *_OPEN)
    .order_by(REPORT.c.event_id)
)
_UNTOLD: Final = (
    REPORT.join(RELAY, RELAY.c.id == REPORT.c.relay_id)
    .join(MANDATE, _SPEAKING)
    .join(ASPIRATION, ASPIRATION.c.id == RELAY.c.aspiration_id)
)
_OVERDUE: Final = (
    select(MANDATE.c.id, MANDATE.c.chat_id)
    .select_from(_UNTOLD)
    .where(REPORT.c.due_at <= bindparam("at"), MANDATE.c.chat_id.is_not(None), *_OPEN)
    .group_by(MANDATE.c.id, MANDATE.c.chat_id)
    .order_by(MANDATE.c.id)
    .limit(bindparam("limit"))
)
_OPEN_OF: Final = (
    select(REPORT.c.id, RELAY.c.name, ASPIRATION.c.ticket)
    .select_from(_UNTOLD)
    .where(MANDATE.c.id == bindparam("mandate"), *_OPEN)
    .order_by(REPORT.c.id)
)
