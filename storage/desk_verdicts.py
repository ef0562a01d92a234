"""Deciding at the desk: as the lifecycle allows for the role, told once after NOTICE_DELAY, undone until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from conversations.desk import DecisionsMade, VerdictDraft
from conversations.effects import Line
from storage import audit, decisions, history, letters, permissions
from storage.actor import Officer, RefusalError, Staff
from storage.decisions import Target, Verdict
from storage.desk_cards import LIFECYCLE_ROLES, find, place_of
from storage.desk_work import require
from storage.history import HISTORY, Entry
from storage.lifecycle import State
from storage.notices import CHANGED, NOTICES, News
from storage.rules import Rules, Scene
from storage.submissions import ASPIRATION

AnyRow = Any


def decide(scene: Scene, draft: VerdictDraft) -> DecisionsMade:
    """Record a verdict for its aspirations. RefusalError, when none could be decided: as storage.decisions.decide."""
    made: list[int] = []
    refusals: list[RefusalError] = []
    for ticket in draft.tickets:
        try:
            made.extend(_decide_one(scene, ticket, draft))
        except RefusalError as refusal:
            refusals.append(refusal)
    if refusals and not made:
        raise refusals[0]
    return DecisionsMade(at=scene.at, events=tuple(made), refused=len(refusals))


def _decide_one(scene: Scene, ticket: str, draft: VerdictDraft) -> list[int]:
    officer, row = require(scene, ticket, "decide")
    verdict = _verdict(officer, draft, scene.rules)
    _require_sentence(scene.rules, verdict)
    role = LIFECYCLE_ROLES.get(officer.role, "")
    acting = replace(scene, actor=Staff(f"mandate:{officer.mandate}", role))
    target = Target(ticket, row.plan_year)
    decided = decisions.decide(acting, target, verdict, scene.rules.delivery)
    if not decided.changed:
        return []
    audit.record(scene, officer, "decide", f"aspiration:{row.id}", f"{verdict.stage}/{verdict.decision}")
    return [int(scene.connection.scalar(_LATEST, {"id": row.id}) or 0)]


def _require_sentence(rules: Rules, verdict: Verdict) -> None:
    """A "no" has a sentence of its own beside its reason code (issue 4)."""
    decision = rules.lifecycle.decisions.get(verdict.decision)
    if decision is not None and decision.negative and not verdict.note:
        raise RefusalError("empty", "A negative decision needs a sentence for the resident.")


def _verdict(officer: Officer, draft: VerdictDraft, rules: Rules) -> Verdict:
    return Verdict(
        stage=draft.stage,
        decision=draft.decision,
        reason=draft.reason,
        note=draft.note.strip(),
        office=_office(officer, rules),
    )


def _office(officer: Officer, rules: Rules) -> str:
    """Who decided, as the resident reads it."""
    if officer.role == "bappeda":
        return "Bappeda"
    return (rules.regions.place(officer.scope[0]) or "") if officer.role != "agency" else ""


def undo(scene: Scene, events: Sequence[int]) -> None:
    """Take decisions back within NOTICE_DELAY; what waited to be told is called off. RefusalError: not_allowed, late."""
    for event in events:
        _undo_one(scene, event)


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


def _restore(scene: Scene, officer: Officer, row: AnyRow, entry: AnyRow) -> None:
    before = scene.connection.execute(_BEFORE, {"aspiration": row.id, "event": entry.id}).first()
    reason, office = (before.reason, before.office) if before else ("", "")
    now, old = State(row.stage, row.decision), State(entry.old_stage, entry.old_decision)
    closed = None if scene.rules.lifecycle.is_open(old) else scene.at
    values = {"stage": old.stage, "decision": old.decision, "reason": reason, "office": office}
    theirs = update(ASPIRATION).where(ASPIRATION.c.id == row.id)
    scene.connection.execute(theirs.values(values | {"closed_at": closed}))
    event = history.add(scene.connection, Entry(row.id, scene.at, officer, "undone", old=now, new=old))
    verdict = Verdict(stage=old.stage, decision=old.decision, reason=reason, office=office)
    note = before.note if before and not _untold(scene.connection, row.id, old) else ""
    news = _news(row, replace(verdict, note=note), scene.rules, scene.at)
    due = scene.rules.delivery.due(scene.at)
    decisions.tell(scene, row.chat_id, (row.id, event, news), due, urgent=False)
    audit.record(scene, officer, "undo", f"aspiration:{row.id}")


def _untold(connection: Connection, aspiration: int, state: State) -> bool:
    """Whether what waits to be told begins with this state: undone, there is nothing left to tell."""
    waiting = connection.execute(_WAITING, {"id": aspiration}).all()
    return any(
        (row.params.get("old_stage"), row.params.get("old_decision")) == (state.stage, state.decision)
        for row in waiting
    )


def preview(
    connection: Connection, chat_id: int, draft: VerdictDraft, rules: Rules, at: datetime
) -> tuple[Line, ...]:
    """The lines of the notice that the author of the first aspiration would get now."""
    held = permissions.officers(connection, chat_id)
    row = find(connection, held, draft.tickets[0], "decide") if draft.tickets else None
    officer = permissions.allowed(held, "decide", place_of(row)) if row is not None else None
    if row is None or officer is None:
        return ()
    news = _news(row, _verdict(officer, draft, rules), rules, at)
    return letters.letter(CHANGED, news.params(urgent=False)).lines


def _news(row: AnyRow, verdict: Verdict, rules: Rules, at: datetime) -> News:
    new = State(verdict.stage, verdict.decision)
    return News(
        ticket=row.ticket,
        old=State(row.stage, row.decision),
        old_reason=row.reason,
        new=new,
        reason=verdict.reason,
        office=verdict.office,
        note=verdict.note,
        advice=rules.lifecycle.advice(verdict.decision, verdict.reason),
        answer_by=rules.calendar.answer_by(new.stage, at) if rules.lifecycle.is_open(new) else None,
    )


_LATEST: Final = (
    select(HISTORY.c.id)
    .where(HISTORY.c.aspiration_id == bindparam("id"))
    .order_by(HISTORY.c.id.desc())
    .limit(1)
)
_ENTRY: Final = (
    select(HISTORY, ASPIRATION.c.ticket)
    .join(ASPIRATION, ASPIRATION.c.id == HISTORY.c.aspiration_id)
    .where(HISTORY.c.id == bindparam("id"))
)
_BEFORE: Final = (
    select(HISTORY.c.reason, HISTORY.c.office, HISTORY.c.note)
    .where(
        HISTORY.c.aspiration_id == bindparam("aspiration"),
        HISTORY.c.id < bindparam("event"),
        HISTORY.c.verb == "decided",
    )
    .order_by(HISTORY.c.id.desc())
    .limit(1)
)
_WAITING: Final = select(NOTICES.c.params).where(
    NOTICES.c.aspiration_id == bindparam("id"), NOTICES.c.state == "waiting"
)
