"""The desk of the staff: what its conversation shows of aspirations, asks of the world, and gets back (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from conversations.effect import Effect
from conversations.event import Outcome

Queue = Literal[
    "new", "transcribe", "interpret", "duplicate", "sensitive", "waiting", "overdue", "mine", "held", "all"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which cards are looked at: of a village (code), a field, a group, or older than so many days."""

    queue: Queue = "new"
    village: str = ""
    field: str = ""
    group: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictDraft:
    """A decision as it is being made, for one aspiration or several (`tickets`)."""

    tickets: tuple[str, ...] = ()
    stage: str = ""
    decision: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where somebody stands at the desk: the filter, the verdict, and words being written for a card."""

    filter: Filter
    verdict: VerdictDraft | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A card in a queue: enough to choose it."""

    ticket: str
    village: str
    field: str
    stage: str
    at: datetime
    summary: str
    voices: int = 0
    taken: bool = False
    mine: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An aspiration as the staff sees it: identity masked, whatever its author is called elsewhere.

    `may` are the actions that this chat's mandates allow here (storage.permissions.Action).
    """

    row: CardRow
    decision: str
    kecamatan: str
    landmark: str
    visibility: str
    audience: tuple[str, ...]
    transcript: str
    flagged: str
    media: int
    support: int
    history: tuple[str, ...]
    notes: tuple[str, ...]
    deadline: datetime | None
    may: frozenset[str]


class DeskFacts(Protocol):
    """What a civil servant's turn may know of the desk."""

    def counts(self) -> dict[Queue, int]:
        """How many cards each queue has for this chat's mandates."""
        ...

    def cards(self, wanted: Filter) -> tuple[CardRow, ...]:
        """The cards of a filter, the oldest first, at most 60."""
        ...

    def card(self, ticket: str) -> Card | None:
        """One card, None when this chat's mandates do not allow to read it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCard(Effect):
    """Take a card, so that two do not answer at once."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCard(Effect):
    """Give a card back to the queue."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsMade(Outcome):
    """A verdict was recorded for `count` aspirations; `batch` undoes all of it at once, `refused` were not."""

    name: ClassVar[str] = "decided"
    batch: int
    count: int
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(Effect):
    """Record a verdict for one aspiration or several, each told to its people once."""

    outcomes: ClassVar[tuple[str, ...]] = ("decided", "refused")
    verdict: VerdictDraft


DeskEffect = TakeCard | ReleaseCard | Decide
DeskOutcome = DecisionsMade
