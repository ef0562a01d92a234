"""A broadcast in words: what it says, whom it is for and how many they are (issue 4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from conversations.broadcast import BroadcastDraft, BroadcastView, Census, Segment
from conversations.effects import Line, Listing, Param
from conversations.flows.summary import groups_listing
from conversations.table import Params, Seen
from conversations.times import moment

FEWEST: Final = 5
"""Of a segment by groups fewer are not told: they could point to persons (storage.segments)."""

MOST_PLACES: Final = 12
"""Places named in one message."""

EXCERPT: Final = 200
"""Characters of the text on the card; the preview has all."""

NEW: Final = BroadcastDraft()


def how_many(number: int, *, few: bool) -> Param:
    """A number of people, or that they are fewer than five."""
    return Line("siar.few") if few and number < FEWEST else number


def left_out(found: Census, *, few: bool) -> tuple[Line, ...]:
    """How many get nothing, by reason."""
    return tuple(
        Line("siar.left", {"why": Line(f"siar.why.{reason}"), "n": how_many(number, few=few)})
        for reason, number in found.left_out
    )


def counts(view: BroadcastView) -> tuple[Line, ...]:
    """The recipients, those left out, and a few rows without names."""
    found, few = view.census, bool(view.draft.segment.groups)
    if found is None:
        return (Line("siar.uncounted"),)
    rows = tuple(
        Line("siar.sample", {"place": one.place or Line("siar.nowhere"), "locale": _locale(one.locale)})
        for one in found.samples
    )
    return (
        Line("siar.recipients", {"n": how_many(found.recipients, few=few)}),
        *left_out(found, few=few),
        *((Line("siar.samples"), *rows) if rows else ()),
    )


def segment_lines(seen: Seen, segment: Segment, places: tuple[str, ...], title: str) -> tuple[Line, ...]:
    """Whom it is for, part by part; what does not narrow is left out."""
    house = seen.facts.house.kabupaten
    named = Listing(tuple(name or house for name in places[:MOST_PLACES]), joined=True)
    of_meeting = {"title": title}
    meeting = Line("siar.for_coming", of_meeting) if segment.coming else Line("siar.for_silent", of_meeting)
    found: tuple[tuple[bool, Line], ...] = (
        (bool(places), Line("siar.for_places", {"places": named})),
        (bool(segment.groups), Line("siar.for_groups", {"groups": groups_listing(segment.groups)})),
        (bool(segment.roles), Line("siar.for_roles", {"roles": _named("mandate.role", segment.roles)})),
        (bool(segment.locales), Line("siar.for_locales", {"locales": _locales(segment.locales)})),
        (bool(segment.meeting), meeting),
        (bool(segment.stages), Line("siar.for_stages", {"stages": _stages(segment.stages)})),
    )
    return tuple(line for true, line in found if true) or (Line("siar.for_all"),)


def card_params(seen: Seen, view: BroadcastView) -> Params:
    """A broadcast on its card."""
    draft = view.draft
    return {
        "state": Line(f"siar.state.{view.state}"),
        "topic": Line(f"siar.topic.{draft.topic}"),
        "words": draft.text if len(draft.text) <= EXCERPT else f"{draft.text[:EXCERPT]}…",
        "about": Listing(
            (
                *_extras(draft),
                *segment_lines(seen, draft.segment, view.places, view.meeting),
                *counts(view),
                *_due(seen, view),
            )
        ),
    }


def _extras(draft: BroadcastDraft) -> Iterator[Line]:
    if draft.easy:
        yield Line("siar.has_easy")
    if draft.picture:
        yield Line("siar.has_picture", {"alternative": draft.alternative})
    if draft.voice:
        yield Line("siar.has_voice", {"seconds": draft.voice.seconds})


def _due(seen: Seen, view: BroadcastView) -> Iterator[Line]:
    house, at = seen.facts.house, view.draft.at
    if at is not None:
        yield Line("siar.due", {"when": moment(at.astimezone(house.timezone), house.zone)})
        yield from cautions(seen, at)
    if view.needs_approval and view.state == "draft":
        yield Line("siar.needs_approval")
    if view.sent or view.failed:
        yield Line("siar.outcome", {"sent": view.sent, "missed": view.failed})


def cautions(seen: Seen, at: datetime) -> tuple[Line, ...]:
    """What speaks against sending at this moment."""
    return tuple(Line(f"siar.caution.{name}") for name in seen.facts.broadcasts.cautions(at))


def _locale(locale: str) -> Line:
    return Line(f"language.{locale}")


def _locales(locales: tuple[str, ...]) -> Listing:
    return Listing(tuple(_locale(one) for one in locales), joined=True)


def _stages(stages: tuple[str, ...]) -> Listing:
    return Listing(tuple(Line(f"stage.{one}") for one in stages), joined=True)


def _named(family: str, names: tuple[str, ...]) -> Listing:
    return Listing(tuple(Line(f"{family}.{one}") for one in names), joined=True)
