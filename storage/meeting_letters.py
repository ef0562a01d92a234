"""What people are told of meetings: reminders, changes, cancellations, and that something is ready (issue 4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from conversations.effects import Line, Listing
from conversations.times import moment
from storage.meeting_views import local, zone_name
from storage.rules import Rules

REMINDER: Final = "meeting.reminder"
MOVED: Final = "meeting.changed"
CANCELLED: Final = "meeting.cancelled"
ARRANGED: Final = "meeting.arranged"
STEP: Final = "meeting.told"
"""The Tell whose button opens the meeting."""

Params = Mapping[str, Any]


def about(row: Any, rules: Rules) -> dict[str, Any]:
    """What a letter says of a meeting, as plain values."""
    return {
        "meeting": row.id,
        "title": row.title,
        "at": local(row.starts_at, rules.calendar.zone).isoformat(),
        "mode": row.mode,
        "venue": row.venue,
        "link": row.link,
    }


def reminder(params: Params) -> tuple[Line, ...]:
    """When and where, for how they come; what they need and whether it is ready."""
    opening = Line(f"meeting.reminder.{params['answer']}", {"title": params["title"]})
    return (opening, *_facts(params, params["answer"], *_needs(params)))


def changed(params: Params) -> tuple[Line, ...]:
    """When and where it is now."""
    return (Line("meeting.changed", {"title": params["title"]}), *_facts(params, ""), Line("meeting.again"))


def cancelled(params: Params) -> tuple[Line, ...]:
    """It does not take place."""
    return (Line("meeting.cancelled", {"title": params["title"], "when": _when(params)}),)


def arranged(params: Params) -> tuple[Line, ...]:
    """Something that they need is ready."""
    need = Line(f"need.{params['need']}")
    return (Line("meeting.arranged", {"need": need, "title": params["title"], "when": _when(params)}),)


def _facts(params: Params, answer: str, *more: Line) -> tuple[Line, ...]:
    """Whoever comes by phone gets the link first; whoever comes in person the place; a hybrid one has both."""
    venue = (Line("meeting.venue", {"venue": params["venue"]}),) if params["venue"] else ()
    link = (Line("meeting.link", {"link": params["link"]}),) if params["link"] else ()
    where = (*link, *venue) if answer == "phone" else (*venue, *link)
    told = Listing((Line("meeting.when", {"when": _when(params)}), *where, *more))
    return (Line("meeting.facts", {"facts": told}),)


def _needs(params: Params) -> tuple[Line, ...]:
    if params["answer"] == "represented":
        return ()
    ready = [need for need in params["needs"] if need in params["arranged"]]
    open_ = [need for need in params["needs"] if need not in params["arranged"]]
    return (
        *((Line("meeting.ready", {"needs": _named(ready)}),) if ready else ()),
        *((Line("meeting.not_ready", {"needs": _named(open_)}),) if open_ else ()),
    )


def _named(needs: list[str]) -> Listing:
    return Listing(tuple(Line(f"need.{need}") for need in needs), joined=True)


def _when(params: Params) -> Line:
    at = datetime.fromisoformat(params["at"])
    return moment(at, zone_name(at))
