"""Aspirations that are like another: shown before sending, supported, merged (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from conversations.chat import Draft
from conversations.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A public aspiration that is like what somebody is about to send, with enough to judge."""

    ticket: str
    summary: str
    village: str
    field: str
    stage: str
    at: datetime
    support: int


class LikenessFacts(Protocol):
    """What a turn may know of similar aspirations."""

    def like(self, draft: Draft) -> tuple[Likeness, ...]:
        """At most three public aspirations like a draft; private ones never."""
        ...

    def like_ticket(self, ticket: str) -> tuple[Likeness, ...]:
        """At most five aspirations like another one, for a civil servant who may read them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Effect):
    """Let an aspiration be told with another one; every voice is kept."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    into: str


LikenessEffect = Merge
