"""Why something was refused, in words: the texts `refused.*`, which name what is missing."""

from __future__ import annotations

from typing import Final

from conversations.effects import Line
from conversations.events import Refused
from conversations.flows.arrival import house_params
from conversations.table import Params, Seen

REFUSALS: Final = (
    *("no_mandate", "out_of_scope", "no_consent", "not_forum", "incomplete", "empty", "no_village"),
    *("too_long", "unknown_group", "retracted", "unknown", "facilitator", "uncovered"),
)
"""Reasons of events.Refused that the verbs of relaying give, with what is missing as {about}."""


def refusal_params(seen: Seen) -> Params:
    """The reason of the refusal that just came, as far as it has words, and whom one can ask."""
    event = seen.event
    reason, about = (event.reason, event.about) if isinstance(event, Refused) else ("unknown", "")
    reason = reason if reason in REFUSALS else "unknown"
    return {**house_params(seen), "why": Line(f"refused.{reason}", {"about": about})}
