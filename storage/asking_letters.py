"""The letters of asking back, as lines: questions, what safeguards write, and that something was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.effects import Line
from conversations.flows.asking_words import heard, question_lines, relayed_lines, safeguard_lines
from conversations.ticket import grouped

Params = Mapping[str, Any]


def asked(params: Params) -> tuple[Line, ...]:
    """To an author."""
    return question_lines(params["ticket"], params["words"])


def relayed(params: Params) -> tuple[Line, ...]:
    """To whoever speaks for them."""
    return relayed_lines(params["ticket"], params["words"], params["name"])


def written(params: Params) -> tuple[Line, ...]:
    """To the person of an alert."""
    return safeguard_lines(params["words"])


def answered(params: Params) -> tuple[Line, ...]:
    """To an officer: something came, to be read on the card."""
    about = {"ticket": grouped(params["ticket"])}
    return (Line("asking.objected", about) if params["objection"] else Line("asking.answered", about),)


def told(params: Params) -> tuple[Line, ...]:
    """To a safeguard: what the person of an alert answered."""
    said = heard(params["kind"], params["words"], params["seconds"])
    return (Line("asking.safeguard_answer", {"words": said}),)
