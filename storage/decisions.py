"""What the staff decides about an aspiration: recorded in its history, and told to its author once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from conversations.desk import Sentence
from conversations.ticket import grouped, read_ticket
from storage import asking_views, deadlines, history, notices, reports, residents, support_letters, voices
from storage.actor import RefusalError, Staff
from storage.aspirations import ASPIRATION, AnyRow
from storage.datafile import LOCALES
from storage.history import Entry
from storage.lifecycle import State
from storage.notices import Address, Delivery, News
from storage.rules import Rules, Scene

LONGEST_NOTE: Final = 1000  # characters; a notice has to fit a message (4096, Bot API)
LONGEST_OFFICE: Final = 120


@dataclass(frozen=True, slots=True)
class Target:
    """An aspiration by its number as somebody types it; the plan year tells apart two of the same number."""

    number: str
    plan_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A decision: at which stage, what, and why (a reason code, required for every "no", and own words).

    A `ready` sentence becomes the note of each aspiration in the language of whoever is told of it.
    """

    stage: str
    decision: str
    reason: str = ""
    note: str = ""
    office: str = ""
    ready: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told of a decision: which chat, in which kind of letter and locale, with what besides the news."""

    chat_id: int
    key: str
    locale: str
    about: tuple[tuple[str, str], ...] = ()


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
    if stands(scene.connection, row, worded(scene.connection, row, verdict)):
        return Decided(ticket=row.ticket, old=old, new=new, changed=False, notice=None)
    scene.rules.lifecycle.check(staff.role, old, new, verdict.reason)
    notice = _record(scene, row, worded(scene.connection, row, verdict), delivery, urgent=urgent)
    for voice in voices.joined(scene.connection, row.id):
        theirs = worded(scene.connection, voice, verdict)
        if not stands(scene.connection, voice, theirs):
            _record(scene, voice, theirs, delivery, urgent=urgent)
    support_letters.tell_supporters(scene, row, new, delivery.due(scene.at, urgent=urgent))
    return Decided(
        ticket=row.ticket, old=old, new=new, changed=True, notice=notice, relayed=row.chat_id is None
    )


def _record(scene: Scene, row: AnyRow, verdict: Verdict, delivery: Delivery, *, urgent: bool) -> int | None:
    """Store a verdict for an aspiration and plan its author's notice, whose id is returned."""
    old, new = State(row.stage, row.decision), State(verdict.stage, verdict.decision)
    closed_at = None if scene.rules.lifecycle.is_open(new) else scene.at
    values = {
        "stage": new.stage,
        "decision": new.decision,
        "reason": verdict.reason,
        "office": verdict.office,
        **deadlines.begun(scene.rules, new, scene.at),
    }
    changed = update(ASPIRATION).where(ASPIRATION.c.id == row.id).values(**values, closed_at=closed_at)
    scene.connection.execute(changed)
    event = history.add(scene.connection, _entry(scene, row.id, old, new, verdict))
    asking_views.settle(scene, row.id)
    told = (row.id, event, news(row, verdict, scene.rules, scene.at))
    return tell(scene, row.chat_id, told, delivery.due(scene.at, urgent=urgent), urgent=urgent)


def reader_of(connection: Connection, row: AnyRow) -> Reader | None:
    """Who is told of a decision about an aspiration: its author, or whoever speaks for them; None when nobody is."""
    if row.chat_id is not None:
        wanted = residents.wants_notices(connection, row.chat_id)
        locale = residents.locale_of(connection, row.chat_id)
        return Reader(row.chat_id, notices.CHANGED, locale) if wanted else None
    relay = reports.represented(connection, row.id)
    if relay is None or relay.chat_id is None:
        return None
    locale = residents.locale_of(connection, relay.chat_id)
    return Reader(relay.chat_id, reports.TO_TELL, locale, (("name", relay.name or ""),))


def worded(connection: Connection, row: AnyRow, verdict: Verdict) -> Verdict:
    """A verdict with the words for one aspiration: a ready sentence in its reader's language, or in Indonesian."""
    if verdict.ready is None:
        return verdict
    reader = reader_of(connection, row)
    return replace(verdict, note=verdict.ready.to(reader.locale if reader else LOCALES[0]), ready=None)


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


def stands(connection: Connection, row: AnyRow, verdict: Verdict) -> bool:
    """Whether this very decision stands already; a new note is something new to tell."""
    present = (row.stage, row.decision, row.reason, row.office)
    again = present == (verdict.stage, verdict.decision, verdict.reason, verdict.office)
    return again and history.last_note(connection, row.id) == verdict.note


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


def news(row: AnyRow, verdict: Verdict, rules: Rules, at: datetime) -> News:
    """What a verdict changes for an aspiration as it stands now, as its author is told of it."""
    new = State(verdict.stage, verdict.decision)
    return News(
        ticket=row.ticket,
        old=State(row.stage, row.decision),
        old_reason=row.reason,
        new=new,
        reason=verdict.reason,
        office=verdict.office,
        note=verdict.note,
        advice=rules.lifecycle.advice(new.decision, verdict.reason),
        answer_by=rules.calendar.answer_by(new.stage, at) if rules.lifecycle.is_open(new) else None,
    )


_BY_TICKET: Final = (
    select(ASPIRATION)
    .where(ASPIRATION.c.ticket == bindparam("ticket"), ASPIRATION.c.retracted_at.is_(None))
    .order_by(ASPIRATION.c.plan_year)
    .with_for_update()
)
