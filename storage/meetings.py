"""Meeting: facts and verbs of issue 4."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from conversations.events import AnyOutcome
from conversations.meeting import MeetingEffect, MeetingView
from storage.actor import RefusalError
from storage.rules import Rules, Scene


@dataclass(frozen=True, slots=True)
class DatabaseMeetingFacts:
    """Implements conversations.meeting.MeetingFacts for one chat."""

    connection: Connection
    chat_id: int
    rules: Rules

    def upcoming(self) -> tuple[MeetingView, ...]:
        """The meetings that concern the person of this chat, the next one first."""
        return ()

    def meeting(self, number: int) -> MeetingView | None:
        """One of them."""
        return None


def perform(scene: Scene, effect: MeetingEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    raise RefusalError("not_allowed", f"Nothing here does {type(effect).__name__}.")
