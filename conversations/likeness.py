"""Aspirations that are like another: shown before sending, supported, merged (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Protocol

from conversations.chat import Draft
from conversations.effect import Effect

TOLD: Final = ("merged", "supported", "parted", "news")
"""What letters tell of those that are told together; texts: `likeness.told.<name>`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """An aspiration that is like another, with enough to judge.

    `summary` is what the public may read of it ("" when the staff has written nothing for the public), for a civil
    servant its words; `shared` are plain words of need that both have. `joined`: it is told with the other already.
    """

    ticket: str
    summary: str
    village: str
    field: str
    stage: str
    at: datetime
    support: int
    shared: tuple[str, ...] = ()
    joined: bool = False


class LikenessFacts(Protocol):
    """What a turn may know of similar aspirations."""

    def like(self, draft: Draft) -> tuple[Likeness, ...]:
        """At most three public aspirations like a draft; private ones never."""
        ...

    def like_ticket(self, ticket: str) -> tuple[Likeness, ...]:
        """At most five aspirations like another one, for a civil servant who may read them.

        Before them those that are told with it, at most ten.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Effect):
    """Let an aspiration be told with another one; every voice is kept."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerge(Effect):
    """Let an aspiration stand by itself again."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepApart(Effect):
    """Say that an aspiration is no duplicate: it leaves the queue of those that may be."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


LikenessEffect = Merge | Unmerge | KeepApart
