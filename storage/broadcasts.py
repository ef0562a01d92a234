"""Broadcast: facts and verbs of issue 4."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from conversations.broadcast import BroadcastEffect, BroadcastView
from conversations.events import AnyOutcome
from storage.actor import RefusalError
from storage.rules import Rules, Scene


@dataclass(frozen=True, slots=True)
class DatabaseBroadcastFacts:
    """Implements conversations.broadcast.BroadcastFacts for one chat."""

    connection: Connection
    chat_id: int
    rules: Rules

    def broadcasts(self) -> tuple[BroadcastView, ...]:
        """Those of this chat's mandates, newest first."""
        return ()

    def broadcast(self, number: int) -> BroadcastView | None:
        """One of them."""
        return None


def perform(scene: Scene, effect: BroadcastEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    raise RefusalError("not_allowed", f"Nothing here does {type(effect).__name__}.")
