"""Broadcasts: one message to many. What their conversation shows, asks of the world, and gets back (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from conversations.effect import Effect
from conversations.part import Media

Topic = Literal["schedule", "result", "reminder"]
BroadcastState = Literal["draft", "approval", "scheduled", "sending", "paused", "done", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Whom a broadcast is for: each part narrows, within a part any will do. Empty is everybody who wants broadcasts."""

    regions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    meeting: int = 0
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastDraft:
    """A broadcast as it is being written; `id` 0 until it is kept."""

    id: int = 0
    topic: Topic | Literal[""] = ""
    text: str = ""
    easy: str = ""
    picture: Media | None = None
    alternative: str = ""
    voice: Media | None = None
    segment: Segment = Segment()
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastView:
    """A broadcast as the staff sees it. `left_out` counts by reason, `rows` are five samples without names."""

    id: int
    state: BroadcastState
    text: str
    recipients: int
    sent: int
    failed: int
    left_out: tuple[tuple[str, int], ...] = ()
    rows: tuple[str, ...] = ()


class BroadcastFacts(Protocol):
    """What a civil servant's turn may know of broadcasts."""

    def broadcasts(self) -> tuple[BroadcastView, ...]:
        """Those of this chat's mandates, newest first."""
        ...

    def broadcast(self, number: int) -> BroadcastView | None:
        """One of them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepBroadcast(Effect):
    """Keep a broadcast that was written, and count whom it reaches (an errand where own groups must be decrypted)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    draft: BroadcastDraft


BroadcastEffect = KeepBroadcast
