"""What the clock's own letters say: of what is late, and whether something is really done (issue 4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from conversations.effects import Line, Listing, Param
from conversations.ticket import grouped

LATE: Final = "deadline"
"""The step of the buttons under a reminder of what is late."""

DONE: Final = "followup"
"""The step of the buttons under the question after completion."""


def late(params: Mapping[str, Any]) -> tuple[Line, ...]:
    """What is late; to those above, that somebody else works on it."""
    listed = [_late(one) for one in params["late"]]
    if params["more"]:
        listed.append(Line("deadline.more", {"n": params["more"]}))
    opening = Line("deadline.up" if params["up"] else "deadline.passed")
    return (opening, Line("deadline.list", {"late": Listing(tuple(listed))}))


def _late(one: Mapping[str, Any]) -> Line:
    about: dict[str, Param] = {"ticket": grouped(one["ticket"]), "place": one["village"]}
    about |= {"stage": Line(f"stage.{one['stage']}"), "date": date.fromisoformat(one["due"])}
    return Line("deadline.one", about)


def asked(params: Mapping[str, Any]) -> tuple[Line, ...]:
    """To the author."""
    if params["lead"]:
        return (Line("followup.supported", {"ticket": grouped(params["lead"])}),)
    return (Line("followup.asked", {"ticket": grouped(params["ticket"])}),)


def to_ask(params: Mapping[str, Any]) -> tuple[Line, ...]:
    """To whoever speaks for the author."""
    about = {"ticket": grouped(params["lead"] or params["ticket"]), "name": params["name"]}
    if params["lead"]:
        return (Line("followup.to_ask_supporter" if params["name"] else "followup.to_ask_nameless", about),)
    return (Line("followup.to_ask" if params["name"] else "followup.to_ask_nameless", about),)
