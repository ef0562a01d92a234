"""What the staff decides about an aspiration: recorded in its history, and told to its author once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, select, update

from conversations.ticket import grouped, read_ticket
from storage import history, notices, reports, residents
from storage.actor import RefusalError, Staff
from storage.aspirations import ASPIRATION, AnyRow
from storage.history import Entry
from storage.lifecycle import State
from storage.notices import Address, Delivery, News
from storage.rules import Scene

LONGEST_NOTE: Final = 1000  # characters; a notice has to fit a message (4096, Bot API)
LONGEST_OFFICE: Final = 120


@dataclass(frozen=True, slots=True)
class Target:
    """An aspiration by its number as somebody types it; the plan year tells apart two of the same number."""

    number: str
    plan_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A decision: at which stage, what, and why (a reason code, required for every "no", and own words)."""

    stage: str
    decision: str
    reason: str = ""
    note: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of it. `changed` False: it had been decided so before, and nothing was written.

    `notice` is the id of the notice to the author, or to whoever speaks for them (`relayed`); None when there is
    nothing to tell, or nobody to be told.
    """

    ticket: str
    old: State
    new: State
    changed: bool
    notice: int | None
    relayed: bool = False


def decide(
    scene: Scene, target: Target, verdict: Verdict, delivery: Delivery, *, urgent: bool = False
) -> Decided:
    """Record a decision and plan exactly one notice to the author; the same decision again changes nothing.

    RefusalError, with a sentence for the command line: not_yours, mistyped, not_a_number, unknown, ambiguous,
    too_long, and those of storage.lifecycle.Lifecycle.check.
    """
    staff = _staff(scene, verdict)
    row = find(scene, target)
    old, new = State(row.stage, row.decision), State(verdict.stage, verdict.decision)
    if _as_before(scene, row, verdict):
        return Decided(ticket=row.ticket, old=old, new=new, changed=False, notice=None)
    scene.rules.lifecycle.check(staff.role, old, new, verdict.reason)
    closed_at = None if scene.rules.lifecycle.is_open(new) else scene.at
    values = {
        "stage": new.stage,
        "decision": new.decision,
        "reason": verdict.reason,
        "office": verdict.office,
    }
    changed = update(ASPIRATION).where(ASPIRATION.c.id == row.id).values(**values, closed_at=closed_at)
    scene.connection.execute(changed)
    event = history.add(scene.connection, _entry(scene, row.id, old, new, verdict))
    told = (row.id, event, _news(scene, row, new, verdict))
    notice = tell(scene, row.chat_id, told, delivery.due(scene.at, urgent=urgent), urgent=urgent)
    return Decided(
        ticket=row.ticket, old=old, new=new, changed=True, notice=notice, relayed=row.chat_id is None
    )


def tell(
    scene: Scene, chat_id: int | None, told: tuple[int, int, News], due_at: datetime, *, urgent: bool
) -> int | None:
    """Plan to tell the author, or whoever speaks for them, of a change (aspiration, event, news)."""
    aspiration, event, news = told
    if chat_id is None:
        relay = reports.represented(scene.connection, aspiration)
        return relay and reports.open_one(scene, relay, told, due_at, urgent=urgent)
    if not residents.wants_notices(scene.connection, chat_id):
        return None
    to = Address(aspiration, event, chat_id)
    return notices.plan(scene.connection, to, news, due_at, urgent=urgent)


def _staff(scene: Scene, verdict: Verdict) -> Staff:
    if not isinstance(scene.actor, Staff):
        raise RefusalError("not_yours", "Only the staff may decide.")
    if len(verdict.note) > LONGEST_NOTE or len(verdict.office) > LONGEST_OFFICE:
        words = f"A note has at most {LONGEST_NOTE} characters, the name of an office {LONGEST_OFFICE}."
        raise RefusalError("too_long", words)
    return scene.actor


def find(scene: Scene, target: Target) -> AnyRow:
    """The one aspiration that is meant, locked until the transaction ends.

    RefusalError: mistyped, not_a_number, unknown, ambiguous.
    """
    number = _digits(target.number)
    rows = scene.connection.execute(_BY_TICKET, {"ticket": number}).all()
    meant = [row for row in rows if target.plan_year in (None, row.plan_year)]
    if not meant:
        raise RefusalError("unknown", f"There is no aspiration with the number {grouped(number)}.")
    if len(meant) > 1:
        years = ", ".join(str(row.plan_year) for row in meant)
        raise RefusalError(
            "ambiguous", f"{grouped(number)} exists for several plan years ({years}): say which."
        )
    return meant[0]


def _digits(number: str) -> str:
    match read_ticket(number):
        case ("valid", digits):
            return digits
        case ("mistyped", _):
            raise RefusalError(
                "mistyped", f"{number} is no number of ours: a digit is wrong, missing or swapped."
            )
        case _:
            raise RefusalError("not_a_number", f"{number} is no ticket: those look like 482-913-8.")


def _as_before(scene: Scene, row: AnyRow, verdict: Verdict) -> bool:
    """Whether this very decision stands already; a new note is something new to tell."""
    stands = (row.stage, row.decision, row.reason, row.office)
    again = stands == (verdict.stage, verdict.decision, verdict.reason, verdict.office)
    return again and history.last_note(scene.connection, row.id) == verdict.note


def _entry(scene: Scene, aspiration: int, old: State, new: State, verdict: Verdict) -> Entry:
    return Entry(
        aspiration,
        scene.at,
        scene.actor,
        "decided",
        old=old,
        new=new,
        reason=verdict.reason,
        note=verdict.note,
        office=verdict.office,
    )


def _news(scene: Scene, row: AnyRow, new: State, verdict: Verdict) -> News:
    return News(
        ticket=row.ticket,
        old=State(row.stage, row.decision),
        old_reason=row.reason,
        new=new,
        reason=verdict.reason,
        office=verdict.office,
        note=verdict.note,
        advice=scene.rules.lifecycle.advice(new.decision, verdict.reason),
        answer_by=_answer_by(scene, new),
    )


def _answer_by(scene: Scene, new: State) -> date | None:
    return scene.rules.calendar.answer_by(new.stage, scene.at) if scene.rules.lifecycle.is_open(new) else None


_BY_TICKET: Final = (
    select(ASPIRATION)
    .where(ASPIRATION.c.ticket == bindparam("ticket"), ASPIRATION.c.retracted_at.is_(None))
    .order_by(ASPIRATION.c.plan_year)
    .with_for_update()
)
