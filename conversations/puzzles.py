"""What is said when an answer was not understood, or was something that no question reads."""

from __future__ import annotations

from conversations import events
from conversations.effects import Line
from conversations.events import AnyEvent
from conversations.table import Ask
from conversations.walk import STUCK_AFTER


def help_after_failure(step: Ask, event: AnyEvent, failures: int) -> tuple[Line, ...]:
    """First what to do, then simpler words with an example, then another way; of a sticker, that it is none."""
    stuck = (Line("stuck"),) if failures >= STUCK_AFTER else ()
    if puzzle := _puzzle(event):
        return (puzzle, *stuck)
    return stuck or (Line(step.easier if failures > 1 else step.hint),)


def _puzzle(event: AnyEvent) -> Line | None:
    match event:
        case events.Puzzled():
            return Line(f"puzzled.{event.what}")
        case events.Forwarded():
            return Line("puzzled.forwarded")
        case events.SharedContact():
            return Line("puzzled.own_contact" if event.own else "puzzled.other_contact")
        case events.Located():
            return Line("puzzled.location")
        case events.Spoke() | events.Filmed():
            return Line("puzzled.recording")
        case events.Pictured():
            return Line("puzzled.photo")
        case _:
            return None
