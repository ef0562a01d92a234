"""Steering a broadcast on its way, and wanting no more of its kind: each verb asks by itself who may (issue 4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, assert_never

from sqlalchemy import Connection, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from conversations.broadcast import LONGEST_WORDS, Topic
from conversations.events import Saved
from conversations.sending import STEERED, CorrectBroadcast, Order, SendingEffect, SteerBroadcast, WantTopic
from storage import audit, broadcast_extras
from storage.actor import Officer, RefusalError, resident
from storage.broadcast_approval import needs_approval
from storage.broadcast_sending import RECIPIENT, STOP, totals, withdraw
from storage.broadcast_words import BROADCAST, TAKEN_BACK
from storage.ledger import ErrandRow, Ledger
from storage.mandates import MANDATE
from storage.messages import DELETABLE, MARGIN
from storage.permissions import Place, may, officers
from storage.rules import Rules, Scene

REPORT: Final = "broadcast_outcomes"
"""The errand that sends each recipient's outcome as a spreadsheet. Parameter: broadcast."""

AnyRow = Any
"""A row of `broadcast`."""


def perform(scene: Scene, effect: SendingEffect) -> Saved:
    """Do what an effect asks. RefusalError: unknown, not_allowed, late, too_long."""
    match effect:
        case SteerBroadcast(broadcast=number, order=order):
            _steer(scene, number, order)
        case CorrectBroadcast(broadcast=number, words=words):
            correct(scene, number, words)
        case WantTopic(broadcast=number, wanted=wanted):
            want(scene, number, wanted=wanted)
        case _:
            assert_never(effect)
    return Saved(at=scene.at)


def _steer(scene: Scene, number: int, order: Order) -> None:
    match order:
        case "pause":
            pause(scene, number)
        case "resume":
            resume(scene, number)
        case "stop":
            stop(scene, number)
        case "report":
            report(scene, number)
        case "delete":
            take_back(scene, number)
        case _:
            assert_never(order)


def steerer(connection: Connection, chat_id: int, row: AnyRow, rules: Rules) -> Officer | None:
    """The officer as whom a chat may steer a broadcast now: its author, or whoever may approve it; None for others."""
    places = row.segment.get("regions") or [rules.regions.kabupaten]
    for officer in officers(connection, chat_id):
        action: Any = "broadcast" if officer.mandate == row.mandate_id else "approve"
        fields = officer.agencies or ("",)
        if all(any(may(officer, action, Place(place, field)) for field in fields) for place in places):
            return officer
    return None


def pause(scene: Scene, number: int) -> None:
    """Nothing more goes out from this moment on, but the calls that are in flight. RefusalError: late."""
    row, officer = _steered(scene, number)
    _move(scene, row, ("sending",), state="paused", paused_at=scene.at)
    withdraw(scene.connection, scene.at, RECIPIENT.c.broadcast_id == number)
    broadcast_extras.hold(scene.connection, scene.rules.delivery, scene.at)
    _record(scene, officer, number, "pause")


def resume(scene: Scene, number: int) -> None:
    """It goes on where it was paused. RefusalError: late."""
    row, officer = _steered(scene, number)
    _move(scene, row, ("paused",), state="sending", paused_at=None)
    broadcast_extras.let_go(scene.connection, scene.rules.delivery, number, scene.at)
    _record(scene, officer, number, "resume")


def stop(scene: Scene, number: int) -> None:
    """It ends here for good: whoever has not been told is left out. RefusalError: late."""
    row, officer = _steered(scene, number)
    _move(scene, row, ("sending", "paused"), state="stopped")
    withdraw(scene.connection, scene.at, RECIPIENT.c.broadcast_id == number)
    broadcast_extras.call_off(scene.connection, number)
    _record(scene, officer, number, "stop")


def report(scene: Scene, number: int) -> None:
    """Send the acting officer what became of it for each recipient."""
    _, officer = _steered(scene, number)
    errand = ErrandRow(kind=REPORT, due_at=scene.at, params={"broadcast": number}, chat_id=officer.chat_id)
    Ledger(scene.connection).add_errands([errand], scene.at)
    _record(scene, officer, number, "report")


def correct(scene: Scene, number: int, words: str) -> None:
    """Put other words in the place of what was sent in the last 48 hours, and of what goes out from now on.

    RefusalError: late, too_long, second (what is for many says nothing that its author alone has read, issue 4).
    """
    row, officer = _steered(scene, number)
    _require_second(scene, row)
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise RefusalError("too_long", f"A broadcast has between 1 and {LONGEST_WORDS} characters.")
    _require_mendable(scene, row)
    changed = {"corrected": words.strip(), "revision": row.revision + 1, "mending": True}
    scene.connection.execute(update(BROADCAST).where(BROADCAST.c.id == number).values(changed))
    _record(scene, officer, number, "correct")


def take_back(scene: Scene, number: int) -> None:
    """Delete what was sent in the last 48 hours (Bot API, deleteMessages), and send no more. RefusalError: late."""
    row, officer = _steered(scene, number)
    _require_mendable(scene, row)
    ended = {"state": "stopped"} if row.state in {"sending", "paused"} else {}
    changed = {"revision": TAKEN_BACK, "mending": True, **ended}
    scene.connection.execute(update(BROADCAST).where(BROADCAST.c.id == number).values(changed))
    withdraw(scene.connection, scene.at, RECIPIENT.c.broadcast_id == number)
    _record(scene, officer, number, "delete")


def mendable(connection: Connection, row: AnyRow, at: datetime) -> bool:
    """Whether anything of a broadcast can still be changed: on its way, or sent in the last 48 hours."""
    if row.revision == TAKEN_BACK:
        return False
    young = exists().where(
        RECIPIENT.c.broadcast_id == row.id, RECIPIENT.c.state == "sent", RECIPIENT.c.at > mendable_since(at)
    )
    return row.state in {"sending", "paused"} or bool(connection.scalar(select(young)))


def mendable_since(at: datetime) -> datetime:
    """What was sent before that can no longer be changed by the time that the call arrives."""
    margin: timedelta = DELETABLE - MARGIN
    return at - margin


def want(scene: Scene, number: int, *, wanted: bool) -> None:
    """The acting chat wants no more broadcasts of the kind of this one, or wants them again. RefusalError: unknown."""
    chat_id = resident(scene.actor).chat_id
    found = topic(scene.connection, chat_id, number)
    if found is None:
        raise RefusalError("unknown", "This chat was not told such a broadcast.")
    if wanted:
        mine = (STOP.c.chat_id == chat_id, STOP.c.topic == found)
        scene.connection.execute(delete(STOP).where(*mine))
        return
    add = _ADD_STOP[scene.connection.dialect.name]
    scene.connection.execute(add, {"chat_id": chat_id, "topic": found, "at": scene.at})


def topic(connection: Connection, chat_id: int, number: int) -> Topic | None:
    """The kind of a broadcast that this chat was told."""
    found: Topic | None = connection.scalar(_TOPIC, {"broadcast": number, "chat": chat_id})
    return found


def _steered(scene: Scene, number: int) -> tuple[AnyRow, Officer]:
    row = scene.connection.execute(_LOCKED, {"id": number}).one_or_none()
    if row is None or row.state not in STEERED:
        raise RefusalError("unknown", "There is no such broadcast on its way.")
    officer = steerer(scene.connection, resident(scene.actor).chat_id, row, scene.rules)
    if officer is None:
        raise RefusalError("not_allowed", "There is no mandate to steer this broadcast.")
    return row, officer


def _move(scene: Scene, row: AnyRow, states: tuple[str, ...], **values: object) -> None:
    if row.state not in states:
        raise RefusalError("late", f"The broadcast is {row.state}.")
    scene.connection.execute(update(BROADCAST).where(BROADCAST.c.id == row.id).values(values))


def _require_second(scene: Scene, row: AnyRow) -> None:
    """Words for many are never those of their author alone, also under another mandate of theirs."""
    author = scene.connection.scalar(select(MANDATE.c.chat_id).where(MANDATE.c.id == row.mandate_id))
    if author != resident(scene.actor).chat_id:
        return
    states = totals(scene.connection, row.id)
    recipients = max(row.census.get("recipients", 0), states.total() - states["left_out"])
    if needs_approval(recipients, scene.rules):
        raise RefusalError("second", "Words for so many are not those of their author alone.")


def _require_mendable(scene: Scene, row: AnyRow) -> None:
    if not mendable(scene.connection, row, scene.at):
        raise RefusalError("late", "What was sent can be changed for 48 hours.")


def _record(scene: Scene, officer: Officer, number: int, code: str) -> None:
    audit.record(scene, officer, "broadcast", f"broadcast:{number}", code)


_LOCKED: Final = select(BROADCAST).where(BROADCAST.c.id == bindparam("id")).with_for_update()
_TOPIC: Final = (
    select(BROADCAST.c.topic)
    .join(RECIPIENT, RECIPIENT.c.broadcast_id == BROADCAST.c.id)
    .where(
        BROADCAST.c.id == bindparam("broadcast"),
        RECIPIENT.c.chat_id == bindparam("chat"),
        RECIPIENT.c.state.in_(("queued", "sent", "unknown")),
    )
)
_ADD_STOP: Final = {
    name: kind(STOP).on_conflict_do_nothing(index_elements=["chat_id", "topic"])
    for name, kind in (("sqlite", sqlite_insert), ("postgresql", postgres_insert))
}
