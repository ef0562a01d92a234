"""Likeness: facts and verbs of issue 4."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from conversations.chat import Draft
from conversations.events import AnyOutcome
from conversations.likeness import Likeness, LikenessEffect
from storage.actor import RefusalError
from storage.rules import Rules, Scene


@dataclass(frozen=True, slots=True)
class DatabaseLikenessFacts:
    """Implements conversations.likeness.LikenessFacts for one chat."""

    connection: Connection
    chat_id: int
    rules: Rules

    def like(self, draft: Draft) -> tuple[Likeness, ...]:
        """At most three public aspirations like a draft; private ones never."""
        return ()

    def like_ticket(self, ticket: str) -> tuple[Likeness, ...]:
        """At most five aspirations like another one, for a civil servant who may read them."""
        return ()


def perform(scene: Scene, effect: LikenessEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    raise RefusalError("not_allowed", f"Nothing here does {type(effect).__name__}.")
