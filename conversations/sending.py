"""Broadcasts on their way: what is shown of one, how it is steered, and how one gets no more of its kind (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Literal, Protocol

from conversations.broadcast import BroadcastState, Topic
from conversations.effect import Effect

Order = Literal["pause", "resume", "stop", "report", "delete"]
"""What may be done with a broadcast on its way; "report" sends each recipient's outcome as a spreadsheet."""

RecipientState = Literal[
    "waiting", "held", "queued", "sent", "blocked", "deactivated", "refused", "unknown", "left_out"
]
STEERED: Final = ("sending", "paused", "done", "stopped")
"""States of a broadcast that has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a broadcast is. `resting` by night; `made` once all its recipients are known; `mendable` while
    something that was sent can still be changed (48 hours), `mending` while it is being changed.
    """

    id: int
    state: BroadcastState
    topic: Topic
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    left_out: int = 0
    held: int = 0
    waiting: int = 0
    made: bool = True
    resting: bool = False
    mendable: bool = False
    mending: bool = False
    taken_back: bool = False

    @property
    def recipients(self) -> int:
        """Everybody whom it is for, but those who are left out."""
        return self.sent + self.failed + self.unknown + self.held + self.waiting


class SendingFacts(Protocol):
    """What a turn may know of broadcasts on their way; residents' turns ask here, too."""

    def progress(self, number: int, at: datetime) -> Progress | None:
        """How far one is; None for one that this chat may not steer."""
        ...

    def topic(self, number: int) -> Topic | None:
        """What kind of broadcast this chat was told as this number; None for one that it was not told."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SteerBroadcast(Effect):
    """Pause, go on, stop, report on, or take back a broadcast."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    broadcast: int
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectBroadcast(Effect):
    """Put other words in the place of what was sent, and of what is still to be sent."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    broadcast: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WantTopic(Effect):
    """A resident wants no more broadcasts of the kind of this one, or wants them again."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    broadcast: int
    wanted: bool


SendingEffect = SteerBroadcast | CorrectBroadcast | WantTopic
