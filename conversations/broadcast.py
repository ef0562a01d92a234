"""Broadcasts: one message to many. What their conversation shows, asks of the world, and gets back (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final, Literal, Protocol

from conversations.effect import Effect, Line
from conversations.event import Outcome
from conversations.part import Media

Topic = Literal["schedule", "result", "reminder"]
BroadcastState = Literal["draft", "approval", "scheduled", "sending", "paused", "done", "stopped"]
LeftOut = Literal["stopped", "blocked", "no_consent", "answered", "leaving"]
"""Why somebody of a segment gets nothing; "leaving": they have asked to be erased."""

Caution = Literal["holiday", "friday", "night"]
SegmentRole = Literal["facilitator", "transcriber", "interpreter", "village", "kecamatan", "agency"]
LONGEST_WORDS: Final = 700
"""Characters of the text: with what stands around it, it is read in a minute and fits under a picture."""

LONGEST_ALTERNATIVE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Whom a broadcast is for: each part narrows, within a part any will do. Empty is everybody who wants broadcasts.

    With `roles` it is for whoever works here, and not for residents. With a `meeting` it is for those whom that is
    for and who have not answered, or, when `coming`, for those who come.
    """

    regions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    meeting: int = 0
    coming: bool = False
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastDraft:
    """A broadcast as it is being written; `id` 0 until it is kept. `at` None is as soon as it is approved."""

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
class Sample:
    """Somebody of a segment, without a name: where they live and how they are written to."""

    place: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How many a segment reaches, how many of it get nothing and why, and some of those whom it reaches."""

    recipients: int = 0
    left_out: tuple[tuple[LeftOut, int], ...] = ()
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastView:
    """A broadcast as the staff sees it. `census` None until it was counted; `day` is when it was written.

    `mine` that it was written in this chat; `may_approve` that it waits for this chat. `needs_approval` that it is
    for more than one person may send to alone.
    """

    id: int
    state: BroadcastState
    draft: BroadcastDraft
    day: date
    places: tuple[str, ...] = ()
    meeting: str = ""
    census: Census | None = None
    needs_approval: bool = False
    mine: bool = True
    may_approve: bool = False
    sent: int = 0
    failed: int = 0


class BroadcastFacts(Protocol):
    """What a civil servant's turn may know of broadcasts."""

    def broadcasts(self) -> tuple[BroadcastView, ...]:
        """Those that wait for this chat's approval, then those of its mandates, newest first."""
        ...

    def broadcast(self, number: int) -> BroadcastView | None:
        """One of them."""
        ...

    def preview(self, number: int, locale: str) -> tuple[Line, ...]:
        """What somebody of a locale gets: the lines that sending puts together."""
        ...

    def works(self) -> bool:
        """Whether this chat may write or approve broadcasts at all."""
        ...

    def regions(self) -> tuple[tuple[str, str], ...]:
        """Where this chat may send a broadcast to: code and name of each region; the kabupaten's name is ""."""
        ...

    def stages(self) -> tuple[str, ...]:
        """The stages of an aspiration, in order."""
        ...

    def cautions(self, at: datetime) -> tuple[Caution, ...]:
        """What speaks against sending at this moment."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastKept(Outcome):
    """A broadcast is kept under this number, and its recipients are being counted."""

    name: ClassVar[str] = "kept"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepBroadcast(Effect):
    """Keep a broadcast that was written, and count whom it reaches (an errand: own groups must be decrypted)."""

    outcomes: ClassVar[tuple[str, ...]] = ("kept", "refused")
    draft: BroadcastDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class TestBroadcast(Effect):
    """Send it to oneself, marked (an errand)."""

    __test__: ClassVar[bool] = False  # for pytest, which takes every class of this name for one of its own
    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    broadcast: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitBroadcast(Effect):
    """Have it sent: at once or when it is due, or ask a second person for approval first."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    broadcast: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveBroadcast(Effect):
    """Approve somebody else's broadcast, or give it back to them."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    broadcast: int
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallBroadcast(Effect):
    """Take one's own broadcast back before it is sent: it is a draft again, or, when `drop`, gone."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    broadcast: int
    drop: bool = False


BroadcastEffect = KeepBroadcast | TestBroadcast | SubmitBroadcast | ApproveBroadcast | RecallBroadcast
