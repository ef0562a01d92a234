"""Why something was refused, in words: the texts `refused.*`, which name what is missing."""

from __future__ import annotations

from conversations.effects import Line
from conversations.events import Refused
from conversations.flows.arrival import house_params
from conversations.table import Params, Seen


def refusal_params(seen: Seen) -> Params:
    """The reason of the refusal that just came, and whom one can ask."""
    event = seen.event
    reason, about = (event.reason, event.about) if isinstance(event, Refused) else ("unknown", "")
    return {**house_params(seen), "why": Line(f"refused.{reason}", {"about": about})}
