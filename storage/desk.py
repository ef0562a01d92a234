"""Desk: facts and verbs of issue 4."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from conversations.desk import Card, CardRow, DeskEffect, Filter, Queue
from conversations.events import AnyOutcome
from storage.actor import RefusalError
from storage.rules import Rules, Scene


@dataclass(frozen=True, slots=True)
class DatabaseDeskFacts:
    """Implements conversations.desk.DeskFacts for one chat."""

    connection: Connection
    chat_id: int
    rules: Rules

    def counts(self) -> dict[Queue, int]:
        """How many cards each queue has for this chat's mandates."""
        return {}

    def cards(self, wanted: Filter) -> tuple[CardRow, ...]:
        """The cards of a filter, the oldest first, at most 60."""
        return ()

    def card(self, ticket: str) -> Card | None:
        """One card, None when this chat's mandates do not allow to read it."""
        return None


def perform(scene: Scene, effect: DeskEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    raise RefusalError("not_allowed", f"Nothing here does {type(effect).__name__}.")
