"""A meeting in words: when, where, for whom; the same for residents and staff."""

from __future__ import annotations

from typing import Final

from conversations.effects import Line, Listing, Param
from conversations.flows.summary import groups_listing, needs_listing
from conversations.meeting import MeetingView
from conversations.table import Option, Seen
from conversations.times import moment

MOST_PLACES: Final = 30
"""Kecamatan named in one message."""


def meeting_option(view: MeetingView) -> Option:
    """A meeting in a list: its day and its title."""
    day: dict[str, Param] = {"date": view.starts_at.date(), "title": view.title}
    label = Line("meeting.option_cancelled", day) if view.cancelled else Line("meeting.option", day)
    return Option(str(view.id), label, "picked")


def details(seen: Seen, view: MeetingView) -> Listing:
    """When and where it is, what the venue has, and whom it is for. A hybrid one shows address and link."""
    return Listing(
        (
            Line("meeting.when", {"when": when(seen, view)}),
            Line(f"meeting.mode.{view.mode}"),
            *((Line("meeting.venue", {"venue": view.venue}),) if view.venue else ()),
            *((Line("meeting.access", {"access": access_listing(view.access)}),) if view.access else ()),
            *((Line("meeting.link", {"link": view.link}),) if view.link else ()),
            *((Line("meeting.places", {"places": places(view.places)}),) if view.places else ()),
            *((Line("meeting.groups", {"groups": groups_listing(view.groups)}),) if view.groups else ()),
            *((Line("meeting.contact", {"contact": view.contact}),) if view.contact else ()),
            *((Line("meeting.off"),) if view.cancelled else ()),
        )
    )


def own(view: MeetingView) -> Listing:
    """What the person answered, and which of their needs are ready."""
    if not view.answer:
        return Listing(())
    ready = view.arranged if view.answer in {"coming", "phone"} else ()
    said = Line("meeting.answered", {"answer": Line(f"meeting.coming.{view.answer}")})
    return Listing((said, *((Line("meeting.ready", {"needs": needs_listing(ready)}),) if ready else ())))


def when(seen: Seen, view: MeetingView) -> Line:
    """Day and time, in the zone of the kabupaten."""
    return moment(view.starts_at, seen.facts.house.zone)


def access_listing(access: tuple[str, ...]) -> Listing:
    """What a venue has, joined."""
    return Listing(tuple(Line(f"meeting.facility.{name}") for name in access), joined=True)


def places(names: tuple[str, ...]) -> Listing:
    """Names of kecamatan, joined."""
    return Listing(names[:MOST_PLACES], joined=True)
