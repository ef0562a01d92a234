"""What the staff's answers about meetings are read as, and how a meeting and its figures are shown to them (issue 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Literal, get_args

from conversations.chat import Chat
from conversations.effects import AnyEffect, Line, Listing
from conversations.events import Refused, Typed
from conversations.flows.dates import read_moment
from conversations.flows.intake_answers import GROUPS
from conversations.flows.meeting_words import access_listing, details, meeting_option, places
from conversations.flows.meetings import number_of
from conversations.flows.summary import groups_listing
from conversations.meeting import (
    ArrangeNeed,
    CancelMeeting,
    Facility,
    MeetingDraft,
    MeetingKind,
    MeetingMode,
    MeetingOverview,
    MinuteVerdict,
    Reach,
    SaveMeeting,
    SendMinutes,
    WriteMinute,
)
from conversations.table import Doer, Option, Params, Reading, Seen, option
from conversations.times import moment
from conversations.work import Work

LONGEST: Final = 500
"""Characters of a typed answer."""

MOST_SHOWN: Final = 12
"""Needs, and items of the minutes, in one message."""

KINDS: Final = get_args(MeetingKind)
MODES: Final = get_args(MeetingMode)
FACILITIES: Final = get_args(Facility)


def may_meet(seen: Seen) -> bool:
    """Whether this chat may call meetings anywhere; each verb asks again for the meeting's own region."""
    return bool(seen.facts.meetings.regions())


def offer_managed(seen: Seen) -> tuple[Option, ...]:
    """Those to come, then those of the last weeks."""
    return tuple(meeting_option(view) for view in seen.facts.meetings.managed(seen.event.at))


def is_mine(seen: Seen) -> Reading[Literal["known", "gone"]]:
    """Whether this chat's mandates still reach the meeting."""
    return Reading("known" if _overview(seen) is not None else "gone", seen.chat)


def overview_params(seen: Seen) -> Params:
    """All of a meeting, with the totals of answers, needs and attendance."""
    found = _overview(seen)
    if found is None:
        return {"title": "", "details": "", "totals": ""}
    return {
        "title": found.view.title,
        "details": details(seen, found.view),
        "totals": Listing((*_answers(found), *_needs(found), *_attended(found), *_codes(found))),
    }


def _answers(found: MeetingOverview) -> tuple[Line, ...]:
    said = dict(found.answers)
    return (
        Line(
            "rapat.answers", {way: said.get(way, 0) for way in ("coming", "phone", "cannot", "represented")}
        ),
    )


def _needs(found: MeetingOverview) -> tuple[Line, ...]:
    return tuple(
        Line("rapat.need", {"need": Line(f"need.{one.need}"), "wanted": one.wanted, "ready": one.ready})
        for one in found.needs
    )


def _attended(found: MeetingOverview) -> tuple[Line, ...]:
    ways = dict(found.attended)
    counts = {way: ways.get(way, 0) for way in ("room", "online", "list")}
    return (Line("rapat.attended", {**counts, "all": sum(counts.values())}),) if sum(counts.values()) else ()


def _codes(found: MeetingOverview) -> tuple[Line, ...]:
    return (
        *((Line("rapat.room_code", {"code": found.room_code}),) if found.room_code else ()),
        *((Line("rapat.online_code", {"code": found.online_code}),) if found.online_code else ()),
    )


def offer_needs(seen: Seen) -> tuple[Option, ...]:
    """What is not arranged yet: pressing it says that it is ready."""
    found = _overview(seen)
    return tuple(
        Option(
            f"{one.answer}.{one.need}"[:40],
            Line(
                "rapat.open_need" if one.who else "rapat.open_need_nameless",
                {"need": Line(f"need.{one.need}"), "who": one.who, "village": one.village},
            ),
            "arranged",
        )
        for one in (found.open_needs if found is not None else ())
    )


def keep_need(chat: Chat, value: str) -> Chat:
    """This one is ready."""
    return replace(chat, picked=(value,))


def any_needs(seen: Seen) -> Reading[Literal["some", "none"]]:
    """Whether anything is still to be arranged."""
    return Reading("some" if offer_needs(seen) else "none", seen.chat)


def arrange(seen: Seen) -> AnyEffect:
    """The picked need is ready."""
    number, _, need = (seen.chat.picked[0] if seen.chat.picked else "").partition(".")
    return ArrangeNeed(answer=int(number) if number.isdecimal() else 0, need=need)


def reach_params(seen: Seen) -> Params:
    """Who confirmed and attended, by kecamatan and group; who is silent, and the days left."""
    found = _overview(seen)
    if found is None:
        return {"days": 0, "kecamatan": "", "groups": ""}
    silent = tuple(one.of for one in found.kecamatan if not one.confirmed and not one.attended)
    quiet = tuple(one.of for one in found.groups if not one.confirmed and not one.attended)
    more = (
        *((Line("rapat.silent", {"places": places(silent)}),) if silent else ()),
        *((Line("rapat.silent_groups", {"groups": groups_listing(quiet)}),) if quiet else ()),
    )
    groups = _reaches(found.groups, lambda one: Line(f"group.{one.of}"))
    return {
        "days": max(0, (found.view.starts_at - seen.event.at).days),
        "kecamatan": _reaches(found.kecamatan, lambda one: one.of),
        "groups": Listing((*groups.lines, *more)),
    }


def _reaches(every: tuple[Reach, ...], name: Callable[[Reach], str | Line]) -> Listing:
    heard = [one for one in every if one.confirmed or one.attended]
    lines = tuple(
        Line("rapat.reach.one", {"of": name(one), "confirmed": one.confirmed, "attended": one.attended})
        for one in heard
    )
    return Listing(lines or (Line("rapat.nobody"),))


def send_minutes(seen: Seen) -> AnyEffect:
    """As text and spreadsheet."""
    return SendMinutes(meeting=number_of(seen))


def cancel(seen: Seen) -> AnyEffect:
    """It does not take place."""
    return CancelMeeting(meeting=number_of(seen))


def minutes_params(seen: Seen) -> Params:
    """The newest items."""
    found = _overview(seen)
    items = found.minutes if found is not None else ()
    lines = tuple(
        Line(
            "rapat.minute",
            {"verdict": Line(f"minutes.verdict.{one.verdict}"), "n": one.position, "words": one.words},
        )
        for one in items[-MOST_SHOWN:]
    )
    return {"items": Listing(lines or (Line("rapat.no_minutes"),))}


def read_item(seen: Seen) -> Reading[Literal["item"]] | None:
    """One item, in words."""
    words = _words(seen)
    return Reading("item", replace(seen.chat, picked=(words,))) if words else None


def writing(verdict: MinuteVerdict) -> Doer:
    """Write the typed item down so."""

    def write(seen: Seen) -> AnyEffect:
        words = seen.chat.picked[0] if seen.chat.picked else ""
        return WriteMinute(meeting=number_of(seen), verdict=verdict, words=words)

    return write


# Calling and changing


def begin(seen: Seen) -> Reading[Literal["one", "several"]]:
    """A new meeting; where, when there is a choice."""
    places_ = seen.facts.meetings.regions()
    draft = MeetingDraft(region=places_[0][0] if len(places_) == 1 else "")
    return Reading("one" if draft.region else "several", _with(seen.chat, draft))


def load(seen: Seen) -> Reading[Literal["loaded", "gone"]]:
    """A meeting that is to be changed."""
    draft = seen.facts.meetings.written(number_of(seen))
    if draft is None:
        return Reading("gone", seen.chat)
    return Reading("loaded", _with(seen.chat, draft))


def is_whole(seen: Seen) -> Reading[Literal["whole", "more"]]:
    """Whether all was asked before, and only something is being changed; the contact is asked last."""
    draft = draft_of(seen.chat)
    return Reading("whole" if draft.id or draft.contact else "more", seen.chat)


def offer_regions(seen: Seen) -> tuple[Option, ...]:
    """Where this chat's mandates may call a meeting."""
    house = seen.facts.house.kabupaten
    return tuple(
        Option(kode, Line("rapat.region", {"name": name or house}), "placed")
        for kode, name in seen.facts.meetings.regions()
    )


def keeping(field: str) -> Callable[[Chat, str], Chat]:
    """Store a chosen value in a field of the draft."""

    def keep(chat: Chat, value: str) -> Chat:
        return _with(chat, replace(draft_of(chat), **{field: value}))  # type: ignore[arg-type]

    return keep


def reading(field: str) -> Callable[[Seen], Reading[Literal["told"]] | None]:
    """Store typed words in a field of the draft."""

    def read(seen: Seen) -> Reading[Literal["told"]] | None:
        words = _words(seen)
        return Reading("told", keeping(field)(seen.chat, words)) if words else None

    return read


def read_when(seen: Seen) -> Reading[Literal["told", "past"]] | None:
    """A day and a time: "10 Februari 2026 09.00", "10-2-2026 09:00", "10/02/2026 pukul 09.00"."""
    at = read_moment(_words(seen), seen.facts.house.timezone)
    if at is None:
        return None
    if at <= seen.event.at:
        return Reading("past", seen.chat)
    return Reading("told", _with(seen.chat, replace(draft_of(seen.chat), starts_at=at)))


def needs_where(seen: Seen) -> Reading[Literal["venue", "link"]]:
    """A place comes first, where there is one."""
    return Reading("link" if draft_of(seen.chat).mode == "online" else "venue", seen.chat)


def needs_link(seen: Seen) -> Reading[Literal["link", "done"]]:
    """A hybrid meeting always has address and link."""
    return Reading("done" if draft_of(seen.chat).mode == "offline" else "link", seen.chat)


def offer_kinds(_seen: Seen) -> tuple[Option, ...]:
    """Kinds of meetings."""
    return tuple(Option(kind, Line(f"meeting.kind.{kind}"), "kind") for kind in KINDS)


def offer_modes(_seen: Seen) -> tuple[Option, ...]:
    """Ways of taking part."""
    return tuple(Option(mode, Line(f"meeting.mode.{mode}"), "mode") for mode in MODES)


def offer_facilities(_seen: Seen) -> tuple[Option, ...]:
    """What a venue may have."""
    return tuple(option(name, f"meeting.facility.{name}", "toggled") for name in FACILITIES)


def offer_groups(_seen: Seen) -> tuple[Option, ...]:
    """Whom a meeting may be for especially."""
    return tuple(option(name, f"group.{name}", "toggled") for name in GROUPS)


def offer_kecamatan(seen: Seen) -> tuple[Option, ...]:
    """The kecamatan of the region; of a kecamatan or a village there is nothing to choose."""
    return tuple(
        Option(one.kode, Line("rapat.region", {"name": one.name}), "toggled")
        for one in seen.facts.kecamatan()
    )


def has_several(seen: Seen) -> Reading[Literal["several", "one"]]:
    """Whether the meeting is the whole kabupaten's."""
    return Reading("several" if draft_of(seen.chat).region.count(".") == 1 else "one", seen.chat)


def picked_to(field: str) -> Callable[[Seen], Reading[Literal["kept"]]]:
    """Store what is picked in a field of the draft."""

    def keep(seen: Seen) -> Reading[Literal["kept"]]:
        chosen: Any = seen.chat.picked
        return Reading("kept", _with(seen.chat, replace(draft_of(seen.chat), **{field: chosen})))

    return keep


def picked_params(seen: Seen) -> Params:
    """How many are picked."""
    return {"n": len(seen.chat.picked)}


def draft_params(seen: Seen) -> Params:
    """The draft in words."""
    draft = draft_of(seen.chat)
    at = draft.starts_at.astimezone(seen.facts.house.timezone) if draft.starts_at is not None else None
    names = {one.kode: one.name for one in seen.facts.kecamatan()}
    chosen = tuple(names.get(kode, kode) for kode in draft.kecamatan)
    lines = (
        *((Line("meeting.when", {"when": moment(at, seen.facts.house.zone)}),) if at else ()),
        *((Line(f"meeting.mode.{draft.mode}"),) if draft.mode else ()),
        *((Line("meeting.venue", {"venue": draft.venue}),) if draft.venue and draft.mode != "online" else ()),
        *((Line("meeting.access", {"access": access_listing(draft.access)}),) if draft.access else ()),
        *((Line("meeting.link", {"link": draft.link}),) if draft.link and draft.mode != "offline" else ()),
        *((Line("meeting.places", {"places": places(chosen)}),) if chosen else ()),
        *((Line("meeting.groups", {"groups": groups_listing(draft.groups)}),) if draft.groups else ()),
        *((Line("meeting.contact", {"contact": draft.contact}),) if draft.contact else ()),
    )
    return {"title": draft.title, "details": Listing(lines)}


def save(seen: Seen) -> AnyEffect:
    """Call or change it."""
    return SaveMeeting(draft=draft_of(seen.chat))


def refused_params(seen: Seen) -> Params:
    """What is missing or wrong."""
    missing = isinstance(seen.event, Refused) and seen.event.reason == "incomplete"
    return {"why": Line("rapat.incomplete") if missing else Line("rapat.not_allowed")}


def draft_of(chat: Chat) -> MeetingDraft:
    """The meeting that is being written; an empty one when it is gone."""
    return (chat.work and chat.work.meeting) or MeetingDraft()


def _with(chat: Chat, draft: MeetingDraft) -> Chat:
    return replace(chat, work=replace(chat.work or Work(), meeting=draft))


def _words(seen: Seen) -> str:
    if not isinstance(seen.event, Typed) or not any(char.isalnum() for char in seen.event.text):
        return ""
    return seen.event.text.strip()[:LONGEST]


def _overview(seen: Seen) -> MeetingOverview | None:
    return seen.facts.meetings.overview(number_of(seen))
