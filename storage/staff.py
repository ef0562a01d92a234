"""Does what the staff asks for; each verb checks by itself whether the mandates of the chat allow it."""

from __future__ import annotations

from conversations.desk import DeskEffect
from conversations.effects import StaffEffect
from conversations.events import AnyOutcome
from storage import desk, meetings
from storage.rules import Scene


def perform(scene: Scene, effect: StaffEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    if isinstance(effect, DeskEffect):
        return desk.perform(scene, effect)
    return meetings.perform(scene, effect)
