"""Answers shown back: messages of an answer, picked groups, and the whole draft."""

from __future__ import annotations

from conversations.chat import Draft, Part
from conversations.effects import Line, Listing
from conversations.facts import AspirationView
from conversations.table import Params, Seen
from conversations.times import duration

SHOWN_WORDS = 600
"""Code points of one message that are shown back; the rest is kept, not repeated."""


def parts_listing(parts: tuple[Part, ...]) -> Listing:
    """What an answer consists of, a line each; the length of a recording is said (issue 2)."""
    return Listing(tuple(line for part in parts for line in _part_lines(part)))


def _part_lines(part: Part) -> tuple[Line, ...]:
    words = (Line("part.text", {"text": _shortened(part.text)}),) if part.text else ()
    if part.media is None:
        return words
    return (Line(f"part.{part.kind}", {"length": duration(part.media.seconds)}), *words)


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_WORDS else f"{text[:SHOWN_WORDS]}…"


def said(view: AspirationView) -> Line:
    """What an aspiration says: its words, or what was sent instead of words."""
    if view.summary:
        return Line("part.text", {"text": view.summary})
    if view.unheard:
        return Line(f"status.unheard.{view.unheard}", {"count": view.voices})
    return Line("status.by_voice", {"count": view.voices}) if view.voices else Line("status.withheld")


def groups_listing(groups: tuple[str, ...]) -> Listing:
    """Groups by name, joined: "Anak, Lansia, dan Perempuan"."""
    return Listing(tuple(Line(f"group.{name}") for name in groups), joined=True)


def needs_listing(needs: tuple[str, ...], other: str = "") -> Line | Listing:
    """Access needs by name, joined; the person's own words in place of "other"."""
    named = (Line(f"need.{name}") for name in needs if not (other and name == "other"))
    told = (*named, *((other,) if other else ()))
    return Listing(told, joined=True) if told else Line("needs.nothing")


def picked_params(seen: Seen) -> Params:
    """The groups picked so far."""
    picked = seen.chat.picked
    return {"picked": groups_listing(picked) if picked else Line("group.none_yet")}


def draft_params(seen: Seen) -> Params:
    """Every answer of the draft, named as the person would name it."""
    draft = seen.chat.draft
    if draft is None or draft.village is None:
        raise ValueError("a summary needs a draft with a village")
    return {
        "parts": parts_listing(draft.parts),
        "village": draft.village.name,
        "kecamatan": draft.village.kecamatan,
        "landmark": _landmark(draft),
        "field": Line(f"field.{draft.field}"),
        "audience": groups_listing(draft.audience),
        "visibility": Line(f"visibility.{draft.visibility}"),
    }


def _landmark(draft: Draft) -> Line | Listing:
    """The landmark's words or recording, the pin, or that none was given."""
    lines = _part_lines(draft.landmark) if draft.landmark else ()
    if draft.pin is not None:
        lines = (*lines, Line("landmark.pin"))
    return Listing(lines, joined=True) if lines else Line("landmark.none")
