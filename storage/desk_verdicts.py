"""Deciding at the desk: as the lifecycle allows for the role, told once after NOTICE_DELAY, undone until then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, bindparam, exists, func, select, update

from conversations.desk import DecisionsMade, DecisionsUndone, VerdictDraft
from storage import audit, deadlines, decisions, history, support_letters, voices
from storage.actor import Officer, RefusalError, Staff
from storage.deciding import require_sentence, role_of, verdict_of
from storage.decisions import Target, Verdict
from storage.desk_cards import state_of
from storage.desk_work import require, require_free
from storage.followup import FOLLOWUP
from storage.history import HISTORY, Entry
from storage.lifecycle import State
from storage.notices import NOTICES
from storage.rules import Scene
from storage.submissions import ASPIRATION

AnyRow = Any
Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_AT_ONCE: Final = 30
"""Aspirations that one verdict may decide."""


def decide(scene: Scene, draft: VerdictDraft) -> DecisionsMade:
    """Record a verdict for its aspirations, at most 30.

    RefusalError when none could be decided: too_many, empty (a "no" without a sentence), taken (by
    somebody else), changed (since the preview), and as storage.decisions.decide.
    """
    if len(draft.tickets) > MOST_AT_ONCE:
        raise RefusalError("too_many", f"At most {MOST_AT_ONCE} aspirations are decided at once.")
    made, refusals = _each(sorted(draft.tickets), lambda ticket: _decide_one(scene, ticket, draft))
    events = tuple(event for events in made for event in events)
    return DecisionsMade(at=scene.at, events=events, refused=len(refusals))


def undo(scene: Scene, events: Sequence[int]) -> DecisionsUndone:
    """Take decisions back within NOTICE_DELAY; what waited to be told is called off.

    RefusalError when none could be taken back: not_allowed, late.
    """
    if not events:
        raise RefusalError("late", "Nothing was changed.")
    undone, refusals = _each(events, lambda event: _undo_one(scene, event))
    return DecisionsUndone(at=scene.at, undone=len(undone), kept=len(refusals))


def _each(these: Sequence[Item], do: Callable[[Item], Result]) -> tuple[list[Result], list[RefusalError]]:
    """What came of each, and what was refused; the first refusal is raised when there is nothing else.

    A verb that refuses has written nothing. Tickets come in their order, so that two officers who decide several at
    once cannot wait for each other.
    """
    done: list[Result] = []
    refusals: list[RefusalError] = []
    for one in these:
        try:
            done.append(do(one))
        except RefusalError as refusal:
            refusals.append(refusal)
    if refusals and not done:
        raise refusals[0]
    return done, refusals


def _decide_one(scene: Scene, ticket: str, draft: VerdictDraft) -> list[int]:
    officer, row = require(scene, ticket, "decide")
    require_free(scene, row)
    seen = dict(zip(draft.tickets, draft.seen, strict=False)).get(ticket)
    if seen is not None and seen != state_of(row):
        raise RefusalError("changed", "Somebody has decided about it since the preview.")
    verdict = verdict_of(officer, draft, scene.rules)
    require_sentence(scene.rules, verdict)
    acting = replace(scene, actor=Staff(f"mandate:{officer.mandate}", role_of(officer)))
    target = Target(ticket, row.plan_year)
    decided = decisions.decide(acting, target, verdict, scene.rules.delivery)
    if not decided.changed:
        return []
    audit.record(scene, officer, "decide", f"aspiration:{row.id}", f"{verdict.stage}/{verdict.decision}")
    return [int(scene.connection.scalar(_LATEST, {"id": row.id}) or 0)]


def _undo_one(scene: Scene, event: int) -> None:
    entry = scene.connection.execute(_ENTRY, {"id": event}).one_or_none()
    if entry is None:
        raise RefusalError("not_allowed", "There is no such decision.")
    officer, row = require(scene, entry.ticket, "decide")
    latest = scene.connection.scalar(_LATEST, {"id": entry.aspiration_id})
    mine = entry.actor_ref == f"mandate:{officer.mandate}" and row.id == entry.aspiration_id
    if not mine or entry.verb != "decided":
        raise RefusalError("not_allowed", "Somebody else decided this.")
    if latest != event or scene.at - entry.at > scene.rules.delivery.delay:
        raise RefusalError("late", "It was told, or decided again, meanwhile.")
    _restore(scene, officer, row, entry)
    support_letters.untell_supporters(scene, row)
    if before := _before(scene.connection, row.id, event):
        old = State(entry.old_stage, entry.old_decision)
        support_letters.tell_supporters_again(scene, row, old, before.at)
    for voice in voices.joined(scene.connection, row.id):
        same = scene.connection.execute(
            _SAME, {"id": voice.id, "at": entry.at, "by": entry.actor_ref}
        ).one_or_none()
        if same is not None:
            _restore(scene, officer, voice, same)


def _restore(scene: Scene, officer: Officer, row: AnyRow, entry: AnyRow) -> None:
    before = _before(scene.connection, row.id, entry.id)
    reason, office = (before.reason, before.office) if before else ("", "")
    now, old = State(row.stage, row.decision), State(entry.old_stage, entry.old_decision)
    since = before.at if before else row.submitted_at
    values = {"stage": old.stage, "decision": old.decision, "reason": reason, "office": office}
    values |= _waiting_again(scene, row.id, old, since, entry.at)
    scene.connection.execute(update(ASPIRATION).where(ASPIRATION.c.id == row.id).values(values))
    event = history.add(scene.connection, Entry(row.id, scene.at, officer, "undone", old=now, new=old))
    verdict = Verdict(stage=old.stage, decision=old.decision, reason=reason, office=office)
    note = before.note if before and not _untold(scene.connection, row.id, old) else ""
    news = decisions.news(row, replace(verdict, note=note), scene.rules, scene.at)
    due = scene.rules.delivery.due(scene.at)
    decisions.tell(scene, row.chat_id, (row.id, event, news), due, urgent=False)
    audit.record(scene, officer, "undo", f"aspiration:{row.id}")


def _before(connection: Connection, aspiration: int, event: int) -> AnyRow | None:
    """The newest decision before this one that still stands."""
    rows = connection.execute(_EARLIER, {"aspiration": aspiration, "event": event})
    return next(reversed(history.standing(rows)), None)


def _waiting_again(
    scene: Scene, aspiration: int, state: State, since: datetime, until: datetime
) -> dict[str, Any]:
    """When it ended and what it waits for, as if it had been in this state all the time; whoever was asked is not again."""
    if scene.rules.lifecycle.is_open(state):
        due = deadlines.due(scene.rules, state, since)
        return {"closed_at": None, "due_at": due, "chased": deadlines.reminded(scene.rules, due, until)}
    asked = scene.connection.scalar(_ASKED, {"aspiration": aspiration, "completed": since})
    due = None if asked else deadlines.due(scene.rules, state, since)
    return {"closed_at": since, "due_at": due, "chased": 0}


def _untold(connection: Connection, aspiration: int, state: State) -> bool:
    """Whether what waits to be told begins with this state: undone, there is nothing left to tell."""
    waiting = connection.execute(_WAITING, {"id": aspiration}).all()
    return any(
        (row.params.get("old_stage"), row.params.get("old_decision")) == (state.stage, state.decision)
        for row in waiting
    )


_LATEST: Final = (
    select(HISTORY.c.id)
    .where(HISTORY.c.aspiration_id == bindparam("id"))
    .order_by(HISTORY.c.id.desc())
    .limit(1)
)
_SAME: Final = select(HISTORY).where(
    HISTORY.c.aspiration_id == bindparam("id"),
    HISTORY.c.at == bindparam("at"),
    HISTORY.c.actor_ref == bindparam("by"),
    HISTORY.c.verb == "decided",
    HISTORY.c.id
    == select(func.max(HISTORY.c.id)).where(HISTORY.c.aspiration_id == bindparam("id")).scalar_subquery(),
)
"""The decision of a voice that was made with its lead's, unless something came after it."""

_ENTRY: Final = (
    select(HISTORY, ASPIRATION.c.ticket)
    .join(ASPIRATION, ASPIRATION.c.id == HISTORY.c.aspiration_id)
    .where(HISTORY.c.id == bindparam("id"))
)
_EARLIER: Final = (
    select(HISTORY.c.verb, HISTORY.c.at, HISTORY.c.reason, HISTORY.c.office, HISTORY.c.note)
    .where(
        HISTORY.c.aspiration_id == bindparam("aspiration"),
        HISTORY.c.id < bindparam("event"),
        HISTORY.c.verb.in_(("decided", "undone")),
    )
    .order_by(HISTORY.c.id)
)
_ASKED: Final = select(
    exists().where(
        FOLLOWUP.c.aspiration_id == bindparam("aspiration"), FOLLOWUP.c.completed_at == bindparam("completed")
    )
)
_WAITING: Final = select(NOTICES.c.params).where(
    NOTICES.c.aspiration_id == bindparam("id"), NOTICES.c.state == "waiting"
)
