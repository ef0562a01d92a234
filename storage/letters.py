"""Notices as lines: what each kind of message says, from the parameters that were stored with it.

They become words when they are sent, in the recipient's locale of that moment (bot.letters).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from conversations.effects import Line, Listing
from conversations.flows.tasks import whole
from conversations.ticket import grouped
from storage import (
    alerts,
    asking_letters,
    asking_views,
    audit,
    broadcast_letters,
    broadcast_words,
    chasing,
    clock_letters,
    desk_work,
    followup,
    handover,
    mandates,
    meeting_letters,
    reports,
    support_letters,
)
from storage.notices import CHANGED, NOTICES
from storage.transcripts import OFFERED, READ_OUT

MOST_PEOPLE: Final = 10
"""People named in one reminder."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a notice says; `step` is the Tell whose text and buttons follow ("" for none), `ref` what they refer to."""

    lines: tuple[Line, ...]
    step: str = ""
    ref: str = ""


Params = Mapping[str, Any]
Write = Callable[[Params], tuple[Line, ...]]
ANSWERABLE: Final = 5
"""So many of the newest letters to a chat can be answered by typing what stands on their buttons."""


def newest(connection: Connection, chat_id: int) -> tuple[tuple[str, str], ...]:
    """What the newest letters to a chat ask: the step of their buttons, and its ref."""
    rows = connection.execute(_NEWEST, {"chat": chat_id, "most": ANSWERABLE}).all()
    told = [letter(row.key, row.params) for row in rows if row.params]
    return tuple((one.step, one.ref) for one in told if one.step)


def letter(key: str, params: Params) -> Letter:
    """A notice as lines. Raises ValueError for a key that nobody plans."""
    if key not in WRITERS:
        raise ValueError(f"unknown notice {key}")
    return WRITERS[key](params)


def changed(params: Params) -> Letter:
    """What was, what is, why, which office, what one can do next, and when one hears again."""
    return Letter(changed_lines(params), "notice", params["ticket"])


def to_report(params: Params) -> Letter:
    """A change for whoever spoke for the author, to be passed on in the words that the author would read."""
    about = {"name": params["name"], "ticket": grouped(params["ticket"])}
    opening = Line("report.changed", about) if params["name"] else Line("report.changed_nameless", about)
    return Letter((opening, *changed_lines(params)[1:]), "report.told", params["ticket"])


def overdue(params: Params) -> Letter:
    """To whom there is still news to be passed on."""
    people = params["people"]
    shown = tuple(_person(person) for person in people[:MOST_PEOPLE])
    more = len(people) - len(shown)
    listed = Listing((*shown, Line("report.more", {"n": more}))) if more else Listing(shown)
    return Letter((Line("report.overdue", {"people": listed}),), "report.overdue", "0")


def ended(params: Params) -> Letter:
    """A mandate is over."""
    return Letter((Line("mandate.ended", {"role": Line(f"mandate.role.{params['role']}")}),))


def head(params: Params) -> Letter:
    """How long the audit is today, and the mark of its newest row."""
    return Letter((Line("audit.head", {"number": params["number"], "digest": params["digest"]}),))


def received(params: Params) -> Letter:
    """The staff has handed over somebody's people."""
    return Letter((Line("handover.received", {"people": params["people"]}),), "report.overdue", "0")


def _person(person: Params) -> Line:
    about = {"name": person["name"], "ticket": grouped(person["ticket"])}
    return Line("report.person", about) if person["name"] else Line("report.person_nameless", about)


def changed_lines(params: Params) -> tuple[Line, ...]:
    """The change alone, as its author reads it."""
    return (
        Line(CHANGED, {"ticket": grouped(params["ticket"])}),
        _move("stage", params),
        _move("decision", params),
        *(
            [Line("notice.reason", {"reason": Line(f"reason.{params['reason']}")})]
            if params["reason"]
            else []
        ),
        *([Line("notice.note", {"note": params["note"]})] if params["note"] else []),
        *([Line("notice.office", {"office": params["office"]})] if params["office"] else []),
        Line(params["advice"]),
        *(
            [Line("notice.answer_by", {"date": date.fromisoformat(day)})]
            if (day := params["answer_by"])
            else []
        ),
    )


def _move(what: str, params: Mapping[str, Any]) -> Line:
    old, new = (Line(f"{what}.{params[f'{age}_{what}']}") for age in ("old", "new"))
    return (
        Line(f"notice.{what}_same", {"new": new})
        if old == new
        else Line(f"notice.{what}", {"old": old, "new": new})
    )


def offered(params: Params) -> Letter:
    """What a recording was understood to say."""
    return _understood(Line(OFFERED, {"ticket": grouped(params["ticket"])}), params)


def read_out(params: Params) -> Letter:
    """The same of somebody spoken for, to be read out to them."""
    name = params["name"] or Line("transcript.nameless")
    return _understood(Line(READ_OUT, {"ticket": grouped(params["ticket"]), "name": name}), params)


def _understood(first: Line, params: Params) -> Letter:
    said = Line("transcript.words", {"words": whole(params["words"])})
    return Letter((first, said), "transcript", str(params["transcript"]))


def alert(params: Params) -> Letter:
    """Words of danger, for whoever protects people there."""
    somewhere = {"village": params["village"], "kecamatan": params["kecamatan"]}
    place = Line("alert.place", somewhere) if params["village"] else Line("alert.somewhere")
    lines = (Line("alert.raised", {"place": place, "words": params["words"]}),)
    return to_contact(lambda _params: lines)(params) if params.get("contact") else Letter(lines)


def to_contact(write: Write) -> Callable[[Params], Letter]:
    """A letter to a safeguard, with the button that writes to the person of the alert."""
    return lambda params: Letter(write(params), "alert", str(params["contact"]))


def to_answer(write: Write) -> Callable[[Params], Letter]:
    """A question, with the button that answers it."""
    return lambda params: Letter(write(params), "question", str(params["question"]))


def answered(params: Params) -> Letter:
    """Something was replied about an aspiration, with the button that opens its card."""
    return Letter(asking_letters.answered(params), "reply.told", params["ticket"])


def routed(params: Params) -> Letter:
    """One's aspiration was sent on to another village or agency."""
    about = {"ticket": grouped(params["ticket"])}
    if params["village"]:
        return Letter((Line("desk.routed.village", about | {"village": params["village"]}),))
    return Letter((Line("desk.routed.agency", about),))


def broadcast(params: Params) -> Letter:
    """What an office tells many, with the button that says no more of its kind."""
    return Letter(broadcast_words.told(params), broadcast_words.STEP, str(params["broadcast"]))


def plainly(write: Callable[[Params], tuple[Line, ...]]) -> Callable[[Params], Letter]:
    """A letter that asks nothing."""
    return lambda params: Letter(write(params))


def of_broadcast(write: Write) -> Callable[[Params], Letter]:
    """A letter to civil servants about a broadcast, with the button that opens it."""
    return lambda params: Letter(write(params), broadcast_letters.STEP, str(params["broadcast"]))


def of_meeting(write: Callable[[Params], tuple[Line, ...]]) -> Callable[[Params], Letter]:
    """A letter about a meeting, with the button that opens it."""

    def written(params: Params) -> Letter:
        return Letter(write(params), meeting_letters.STEP, str(params["meeting"]))

    return written


def late(params: Params) -> Letter:
    """What people have not heard of by the day that they were promised."""
    return Letter(clock_letters.late(params), clock_letters.LATE, "0")


def of_completion(write: Write) -> Callable[[Params], Letter]:
    """Whether it is really done."""
    return lambda params: Letter(write(params), clock_letters.DONE, params["ticket"])


WRITERS: Final[Mapping[str, Callable[[Params], Letter]]] = {
    CHANGED: changed,
    OFFERED: offered,
    READ_OUT: read_out,
    reports.TO_TELL: to_report,
    reports.OVERDUE: overdue,
    mandates.ENDED: ended,
    audit.TOLD: head,
    handover.RECEIVED: received,
    alerts.RAISED: alert,
    desk_work.ROUTED: routed,
    chasing.PASSED: late,
    followup.ASKED: of_completion(clock_letters.asked),
    followup.TO_ASK: of_completion(clock_letters.to_ask),
    asking_views.ASKED: to_answer(asking_letters.asked),
    asking_views.RELAYED: to_answer(asking_letters.relayed),
    asking_views.WRITTEN: to_answer(asking_letters.written),
    asking_views.ANSWERED: answered,
    asking_views.TOLD: to_contact(asking_letters.told),
    broadcast_words.SENT: broadcast,
    **{key: of_broadcast(write) for key, write in broadcast_letters.WRITERS.items()},
    **{key: plainly(partial(support_letters.lines, key)) for key in support_letters.KEYS},
    meeting_letters.REMINDER: of_meeting(meeting_letters.reminder),
    meeting_letters.MOVED: of_meeting(meeting_letters.changed),
    meeting_letters.CANCELLED: of_meeting(meeting_letters.cancelled),
    meeting_letters.ARRANGED: of_meeting(meeting_letters.arranged),
}
"""What is said for each key of a notice."""

_NEWEST: Final = (
    select(NOTICES.c.key, NOTICES.c.params)
    .where(NOTICES.c.chat_id == bindparam("chat"), NOTICES.c.state == "queued")
    .order_by(NOTICES.c.id.desc())
    .limit(bindparam("most"))
)
