"""Meetings for residents (`/jadwal`): what concerns them, whether they come, what they need there (issue 4)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal

from conversations.chat import Chat
from conversations.effects import AnyEffect, Line, Listing
from conversations.events import Typed
from conversations.flows.arrival import house_params
from conversations.flows.meeting_words import details, meeting_option, own
from conversations.flows.settings import has_consented
from conversations.flows.summary import needs_listing
from conversations.meeting import (
    CODE_DIGITS,
    AnswerMeeting,
    AttendMeeting,
    Coming,
    ConfirmNeeds,
    ListAttendance,
    MeetingView,
    SendCalendar,
)
from conversations.table import (
    RETURN,
    Act,
    Ask,
    Branch,
    Doer,
    Flow,
    Option,
    Params,
    Reading,
    Seen,
    Tell,
    option,
)

THERE: Final = timedelta(hours=2)
"""So long before and after a meeting one can say that one is there (storage.meeting_attendance)."""

LISTED: Final = timedelta(days=14)
"""So long after it a facilitator can say who was there."""

_CODE: Final = re.compile(rf"\d{{{CODE_DIGITS}}}")


def focused(seen: Seen) -> MeetingView | None:
    """The meeting that is looked at."""
    return seen.facts.meetings.meeting(number_of(seen))


def number_of(seen: Seen) -> int:
    """Its number, 0 for none."""
    return int(seen.chat.focus) if seen.chat.focus.isdecimal() else 0


def any_meetings(seen: Seen) -> Reading[Literal["some", "none"]]:
    """Whether a meeting is to come that concerns this person."""
    return Reading("some" if seen.facts.meetings.upcoming(seen.event.at) else "none", seen.chat)


def offer_meetings(seen: Seen) -> tuple[Option, ...]:
    """These meetings, the next one first."""
    return tuple(meeting_option(view) for view in seen.facts.meetings.upcoming(seen.event.at))


def keep_meeting(chat: Chat, value: str) -> Chat:
    """This one."""
    return replace(chat, focus=value) if value.isdecimal() else chat


def is_known(seen: Seen) -> Reading[Literal["known", "gone"]]:
    """Whether there is such a meeting: a button may be old or forged."""
    return Reading("known" if focused(seen) is not None else "gone", seen.chat)


def meeting_params(seen: Seen) -> Params:
    """All of it, and what the person answered."""
    view = focused(seen)
    if view is None:
        return {"title": "", "details": ""}
    lines = (*details(seen, view).lines, *own(view).lines)
    return {"title": view.title, "details": Listing(lines)}


def offer_answers(seen: Seen) -> tuple[Option, ...]:
    """Whether one comes, by each way that the meeting has; when it begins, that one is there."""
    view = focused(seen)
    if view is None or view.cancelled:
        return ()
    at, end = seen.event.at, view.starts_at + timedelta(minutes=view.minutes)
    begun = view.starts_at - THERE <= at
    listing = begun and at <= end + LISTED and bool(seen.facts.people())
    return (
        *((option("there", "schedule.there"),) if begun and at < end + THERE else ()),
        *((option("listing", "schedule.listing"),) if listing else ()),
        *(_ways(view) if at < end else ()),
    )


def _ways(view: MeetingView) -> tuple[Option, ...]:
    return (
        *((option("coming", "schedule.coming"),) if view.mode != "online" else ()),
        *((option("phone", "schedule.phone"),) if view.mode != "offline" else ()),
        option("cannot", "schedule.cannot"),
        option("represented", "schedule.represented"),
    )


def answering(coming: Coming) -> Doer:
    """Answer so."""

    def answer(seen: Seen) -> AnyEffect:
        return AnswerMeeting(meeting=number_of(seen), answer=coming)

    return answer


def after_answer(seen: Seen) -> Reading[Literal["confirm", "ask", "done"]]:
    """Whoever comes confirms the needs on file, or is asked for them; others have answered all."""
    view, profile = focused(seen), seen.facts.profile()
    if view is None or view.answer not in {"coming", "phone"}:
        return Reading("done", seen.chat)
    return Reading("confirm" if profile.needs_answered else "ask", seen.chat)


def needs_params(seen: Seen) -> Params:
    """What is on file."""
    profile = seen.facts.profile()
    return {"needs": needs_listing(profile.needs, profile.other_need)}


def confirm_needs(seen: Seen) -> AnyEffect:
    """They are right."""
    return ConfirmNeeds(meeting=number_of(seen))


def send_calendar(seen: Seen) -> AnyEffect:
    """As a file for the phone's calendar."""
    return SendCalendar(meeting=number_of(seen))


def read_code(seen: Seen) -> Reading[Literal["code"]] | None:
    """The code that was said in the room or in the call."""
    if not isinstance(seen.event, Typed):
        return None
    found = _CODE.search(re.sub(r"[\s.-]", "", seen.event.text)[:40])
    return Reading("code", replace(seen.chat, picked=(found[0],))) if found else None


def attend(seen: Seen) -> AnyEffect:
    """Say that one is there."""
    return AttendMeeting(meeting=number_of(seen), code=seen.chat.picked[0] if seen.chat.picked else "")


def offer_people(seen: Seen) -> tuple[Option, ...]:
    """A facilitator's people, each once."""
    return tuple(
        Option(one.ticket, Line("schedule.person", {"name": one.name, "ticket": one.ticket}), "toggled")
        if one.name
        else Option(one.ticket, Line("schedule.person_nameless", {"ticket": one.ticket}), "toggled")
        for one in seen.facts.people()
    )


def picked_people(seen: Seen) -> Params:
    """How many are picked so far."""
    return {"n": len(seen.chat.picked)}


def any_picked(seen: Seen) -> Reading[Literal["some", "none"]]:
    """Whether anybody was there."""
    return Reading("some" if seen.chat.picked else "none", seen.chat)


def list_people(seen: Seen) -> AnyEffect:
    """These were there."""
    return ListAttendance(meeting=number_of(seen), tickets=seen.chat.picked)


def _answer(coming: Coming) -> Act:
    refused = {"refused": "schedule.over", "refused.no_consent": "schedule.gate"}
    return Act(
        name=f"schedule.{coming}",
        does=answering(coming),
        performs=AnswerMeeting,
        edges={"saved": "schedule.after", **refused},
    )


SCHEDULE = Flow(
    name="schedule",
    steps=(
        Branch(name="schedule", on=any_meetings, edges={"some": "schedule.list", "none": "schedule.none"}),
        Tell(name="schedule.none", says="schedule.none", params=house_params, then=RETURN),
        Ask(
            name="schedule.list",
            says="schedule.list",
            offers=offer_meetings,
            leads=("picked",),
            options=(option("back", "schedule.back"),),
            keep=keep_meeting,
            page=5,
            edges={"picked": "schedule.look", "back": RETURN},
        ),
        # Letters of meetings carry this button; there is one for each meeting.
        Tell(
            name="meeting.told",
            says="meeting.told",
            apart=True,
            options=(option("open", "meeting.open"),),
            then="schedule.look",
            edges={"open": "schedule.look"},
        ),
        Branch(name="schedule.look", on=is_known, edges={"known": "schedule.meeting", "gone": "schedule"}),
        Ask(
            name="schedule.meeting",
            says="schedule.meeting",
            params=meeting_params,
            ref="focus",
            offers=offer_answers,
            leads=("there", "listing", "coming", "phone", "cannot", "represented"),
            options=(
                option("calendar", "schedule.calendar"),
                option("list", "schedule.to_list"),
                option("back", "schedule.back"),
            ),
            edges={
                "there": "schedule.code",
                "listing": "schedule.people",
                "coming": "schedule.coming",
                "phone": "schedule.phone",
                "cannot": "schedule.cannot",
                "represented": "schedule.represented",
                "calendar": "schedule.calendar",
                "list": "schedule",
                "back": RETURN,
            },
        ),
        *(_answer(coming) for coming in ("coming", "phone", "cannot", "represented")),
        Branch(
            name="schedule.gate",
            on=has_consented,
            edges={"given": "schedule.over", "missing": "data.needs_consent"},
        ),
        Tell(name="schedule.over", says="schedule.over", then="schedule.look"),
        Branch(
            name="schedule.after",
            on=after_answer,
            edges={"confirm": "schedule.needs", "ask": "schedule.ask_needs", "done": "schedule.saved"},
        ),
        Tell(name="schedule.saved", says="schedule.saved", then="schedule.look"),
        Tell(name="schedule.ask_needs", says="schedule.saved", then="needs.ask"),
        Ask(
            name="schedule.needs",
            says="schedule.needs",
            params=needs_params,
            ref="focus",
            options=(option("right", "schedule.needs.right"), option("change", "schedule.needs.change")),
            edges={"right": "schedule.confirm", "change": "needs.ask"},
        ),
        Act(
            name="schedule.confirm",
            does=confirm_needs,
            performs=ConfirmNeeds,
            edges={"saved": "schedule.saved", "refused": "schedule.over"},
        ),
        Act(
            name="schedule.calendar",
            does=send_calendar,
            performs=SendCalendar,
            edges={"saved": "schedule.sending", "refused": "schedule.over"},
        ),
        Tell(name="schedule.sending", says="schedule.sending", then="schedule.look"),
        Ask(
            name="schedule.code",
            says="schedule.code",
            ref="focus",
            options=(option("list", "schedule.to_list"),),
            readers=(read_code,),
            edges={"code": "schedule.attend", "list": "schedule"},
            hint="schedule.code.hint",
            easier="schedule.code.hint",
        ),
        Act(
            name="schedule.attend",
            does=attend,
            performs=AttendMeeting,
            edges={
                "saved": "schedule.attended",
                "refused": "schedule.code.wrong",
                "refused.no_consent": "schedule.gate",
            },
        ),
        Tell(name="schedule.code.wrong", says="schedule.code.wrong", then="schedule.code"),
        Tell(name="schedule.attended", says="schedule.attended", then=RETURN),
        Ask(
            name="schedule.people",
            says="schedule.people",
            params=picked_people,
            ref="focus",
            offers=offer_people,
            leads=("toggled",),
            options=(option("done", "group.done"),),
            several=True,
            page=5,
            edges={"toggled": "schedule.people", "done": "schedule.people.check"},
        ),
        Branch(
            name="schedule.people.check",
            on=any_picked,
            edges={"some": "schedule.people.save", "none": "schedule.look"},
        ),
        Act(
            name="schedule.people.save",
            does=list_people,
            performs=ListAttendance,
            edges={"saved": "schedule.listed", "refused": "schedule.over"},
        ),
        Tell(name="schedule.listed", says="schedule.listed", then="schedule.look"),
    ),
)
