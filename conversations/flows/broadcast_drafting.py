"""What is read while a broadcast is being written: its words, picture, voice, recipients and time (issue 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Literal, get_args

from conversations.broadcast import (
    LONGEST_ALTERNATIVE,
    LONGEST_WORDS,
    BroadcastDraft,
    KeepBroadcast,
    SegmentRole,
    Topic,
)
from conversations.chat import Chat
from conversations.effects import AnyEffect, Line, Listing
from conversations.events import Pictured, Spoke, Typed
from conversations.flows.broadcast_words import NEW, segment_lines
from conversations.flows.dates import read_moment
from conversations.flows.intake_answers import GROUPS
from conversations.flows.meeting_words import meeting_option
from conversations.flows.settings import LOCALES
from conversations.readers import media_fault
from conversations.table import Offer, Option, Params, Reading, Seen, Teller, option
from conversations.work import Work

ALTERNATIVE: Final = "alternative"


def draft_of(chat: Chat) -> BroadcastDraft:
    """The broadcast that is being written; an empty one when it is gone."""
    return (chat.work and chat.work.broadcast) or NEW


def with_draft(chat: Chat, draft: BroadcastDraft | None) -> Chat:
    """The chat with another."""
    return replace(chat, work=replace(chat.work or Work(), broadcast=draft))


def begin(seen: Seen) -> Reading[Literal["begun"]]:
    """A new one; only whoever may write is offered it."""
    return Reading("begun", with_draft(seen.chat, NEW))


def load(seen: Seen) -> Reading[Literal["loaded", "gone"]]:
    """One's own draft that is to be changed."""
    number = int(seen.chat.focus) if seen.chat.focus.isdecimal() else 0
    view = seen.facts.broadcasts.broadcast(number)
    if view is None or not view.mine or view.state != "draft":
        return Reading("gone", seen.chat)
    return Reading("loaded", with_draft(seen.chat, view.draft))


def is_kept(seen: Seen) -> Reading[Literal["kept", "new"]]:
    """Whether it was kept before, and only something is being changed."""
    return Reading("kept" if draft_of(seen.chat).id else "new", seen.chat)


def keeping(field: str) -> Callable[[Chat, str], Chat]:
    """Store a chosen value in a field of the draft."""

    def keep(chat: Chat, value: str) -> Chat:
        changed: Any = {field: value}
        return with_draft(chat, replace(draft_of(chat), **changed))

    return keep


def without(*fields: str) -> Callable[[Chat, str], Chat]:
    """Empty these fields of the draft when that is chosen."""

    def keep(chat: Chat, value: str) -> Chat:
        empty: Any = {field: getattr(NEW, field) for field in fields}
        return with_draft(chat, replace(draft_of(chat), **empty)) if value == "skip" else chat

    return keep


def reading(field: str) -> Callable[[Seen], Reading[Literal["told", "long"]] | None]:
    """Store typed words in a field of the draft."""
    longest = LONGEST_ALTERNATIVE if field == ALTERNATIVE else LONGEST_WORDS

    def read(seen: Seen) -> Reading[Literal["told", "long"]] | None:
        if not isinstance(seen.event, Typed) or not any(char.isalnum() for char in seen.event.text):
            return None
        words = seen.event.text.strip()
        if len(words) > longest:
            return Reading("long", seen.chat)
        return Reading("told", keeping(field)(seen.chat, words))

    return read


def read_picture(seen: Seen) -> Reading[Literal["told"]] | None:
    """A photo."""
    if not isinstance(seen.event, Pictured):
        return None
    return Reading("told", with_draft(seen.chat, replace(draft_of(seen.chat), picture=seen.event.media)))


def read_voice(seen: Seen) -> Reading[Literal["told", "faulty"]] | None:
    """The same words spoken; a recording that cannot be heard is none."""
    if not isinstance(seen.event, Spoke) or seen.event.kind != "voice":
        return None
    if media_fault(seen.event.media) is not None:
        return Reading("faulty", seen.chat)
    return Reading("told", with_draft(seen.chat, replace(draft_of(seen.chat), voice=seen.event.media)))


def read_when(seen: Seen) -> Reading[Literal["told", "past"]] | None:
    """When it goes out."""
    words = seen.event.text if isinstance(seen.event, Typed) else ""
    at = read_moment(words, seen.facts.house.timezone)
    if at is None:
        return None
    if at <= seen.event.at:
        return Reading("past", seen.chat)
    return Reading("told", with_draft(seen.chat, replace(draft_of(seen.chat), at=at)))


def keep_now(chat: Chat, value: str) -> Chat:
    """As soon as it may."""
    return with_draft(chat, replace(draft_of(chat), at=None)) if value == "now" else chat


def save(seen: Seen) -> AnyEffect:
    """Keep it."""
    return KeepBroadcast(draft=draft_of(seen.chat))


# For whom


def keeping_part(field: str) -> Callable[[Seen], Reading[Literal["kept"]]]:
    """Store what is picked as a part of the segment: nothing picked means that it does not narrow."""

    def keep(seen: Seen) -> Reading[Literal["kept"]]:
        return Reading("kept", _with_part(seen.chat, **{field: seen.chat.picked}))

    return keep


def keep_meeting(chat: Chat, value: str) -> Chat:
    """Of this meeting, or of none."""
    return _with_part(chat, meeting=int(value) if value.isdecimal() else 0, coming=False)


def keep_coming(chat: Chat, value: str) -> Chat:
    """Those who come, or those who have not answered."""
    return _with_part(chat, coming=value == "coming")


def _with_part(chat: Chat, **parts: Any) -> Chat:
    draft = draft_of(chat)
    return with_draft(chat, replace(draft, segment=replace(draft.segment, **parts)))


def picked_from(offers: Offer) -> Teller:
    """Which of a list are picked, by name."""

    def tell(seen: Seen) -> Params:
        names = tuple(one.label for one in offers(seen) if one.value in seen.chat.picked)
        return {"picked": Listing(names, joined=True) if names else Line("siar.none_yet")}

    return tell


def segment_params(seen: Seen) -> Params:
    """Whom it is for so far."""
    segment = draft_of(seen.chat).segment
    names = dict(_regions(seen))
    places = tuple(names.get(kode, kode) for kode in segment.regions)
    meeting = seen.facts.meetings.meeting(segment.meeting) if segment.meeting else None
    title = meeting.title if meeting else ""
    return {"segment": Listing(segment_lines(seen, segment, places, title))}


def offer_topics(_seen: Seen) -> tuple[Option, ...]:
    """Kinds of broadcasts: whoever stops one kind still gets the others."""
    return tuple(Option(topic, Line(f"siar.topic.{topic}"), "topic") for topic in get_args(Topic))


def offer_regions(seen: Seen) -> tuple[Option, ...]:
    """Where this chat may write to: the whole, and the places in it."""
    house = seen.facts.house.kabupaten
    return tuple(
        Option(kode, Line("siar.region", {"name": name or house}), "toggled") for kode, name in _regions(seen)
    )


def _regions(seen: Seen) -> tuple[tuple[str, str], ...]:
    found = dict(seen.facts.broadcasts.regions())
    for kode in tuple(found):
        found |= {inner: name for inner, name in _within(seen, kode) if inner not in found}
    return tuple(found.items())


def _within(seen: Seen, kode: str) -> tuple[tuple[str, str], ...]:
    match kode.count("."):
        case 1:
            return tuple((one.kode, one.name) for one in seen.facts.kecamatan())
        case 2:
            return tuple((one.kode, one.name) for one in seen.facts.villages(kode))
        case _:
            return ()


def offer_groups(_seen: Seen) -> tuple[Option, ...]:
    """Groups that people say they belong to."""
    return tuple(option(name, f"group.{name}", "toggled") for name in GROUPS)


def offer_roles(_seen: Seen) -> tuple[Option, ...]:
    """Whoever works here."""
    return tuple(option(name, f"mandate.role.{name}", "toggled") for name in get_args(SegmentRole))


def offer_locales(_seen: Seen) -> tuple[Option, ...]:
    """How people are written to."""
    return tuple(Option(name, Line(f"language.{name}"), "toggled") for name in LOCALES)


def offer_stages(seen: Seen) -> tuple[Option, ...]:
    """How far their aspirations have come."""
    return tuple(Option(name, Line(f"stage.{name}"), "toggled") for name in seen.facts.broadcasts.stages())


def offer_meetings(seen: Seen) -> tuple[Option, ...]:
    """The meetings that this chat may change."""
    return tuple(meeting_option(view) for view in seen.facts.meetings.managed(seen.event.at))
