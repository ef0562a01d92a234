"""The desk of the staff: what its conversation shows of aspirations, asks of the world, and gets back (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from conversations.effect import Effect, Line
from conversations.event import Outcome

if TYPE_CHECKING:
    from conversations.facts import Change

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
    """Where somebody stands at the desk: the filter, the verdict, and the decisions that can be undone."""

    filter: Filter
    verdict: VerdictDraft | None = None
    undo: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A card in a queue: enough to choose it; `kode` is that of its village."""

    ticket: str
    kode: str
    village: str
    field: str
    stage: str
    at: datetime
    summary: str
    taken: bool = False
    mine: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An aspiration as the staff sees it: identity masked, whatever its author is called elsewhere.

    `may` are the actions that this chat's mandates allow here (storage.permissions.Action); `choices` what may be
    decided at which stage, `negative` the decisions that need one of the `reasons`. `agency` is the bidang urusan.
    """

    row: CardRow
    decision: str
    kecamatan: str
    landmark: str
    visibility: str
    audience: tuple[str, ...]
    words: str
    redacted: str
    flagged: str
    agency: str
    recordings: int
    support: int
    history: tuple[Change, ...]
    notes: tuple[str, ...]
    deadline: datetime | None
    held: bool
    may: frozenset[str]
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    negative: frozenset[str]
    reasons: tuple[str, ...]


class DeskFacts(Protocol):
    """What a civil servant's turn may know of the desk."""

    def counts(self, at: datetime) -> dict[Queue, int]:
        """How many cards each queue has for this chat's mandates."""
        ...

    def cards(self, wanted: Filter, at: datetime) -> tuple[CardRow, ...]:
        """The cards of a filter, the oldest first, at most 60."""
        ...

    def card(self, ticket: str, at: datetime) -> Card | None:
        """One card, None when this chat's mandates do not allow to read it."""
        ...

    def preview(self, verdict: VerdictDraft, at: datetime) -> tuple[Line, ...]:
        """What the author of its first aspiration will be told: the very lines of the notice."""
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
class SendRecordings(Effect):
    """Get the recordings and pictures of a card sent, protected against forwarding; of an anonymous one none."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCard(Effect):
    """Write a note for the staff alone."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactCard(Effect):
    """Say what others than the author and the staff read instead of the author's own words."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCard(Effect):
    """Send an aspiration on to another village (code) or agency (bidang urusan); its author is told."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    village: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCard(Effect):
    """Hold abuse back from everybody but author and staff, or show it again; nobody is told."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRevealed(Outcome):
    """Who sent an aspiration, for this one answer; kept in no chat."""

    name: ClassVar[str] = "revealed"
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealAuthor(Effect):
    """Ask who sent an aspiration, for a reason that is recorded; of an anonymous one there is none to reveal."""

    outcomes: ClassVar[tuple[str, ...]] = ("revealed", "refused")
    ticket: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsMade(Outcome):
    """A verdict was recorded: `events` undo it, `refused` aspirations were not decided."""

    name: ClassVar[str] = "decided"
    events: tuple[int, ...]
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(Effect):
    """Record a verdict for one aspiration or several, each told to its people once."""

    outcomes: ClassVar[tuple[str, ...]] = ("decided", "refused")
    verdict: VerdictDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoDecisions(Effect):
    """Take decisions back, by the numbers of their entries in the history, as long as nobody was told."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    events: tuple[int, ...]


CardEffect = (
    TakeCard | ReleaseCard | SendRecordings | NoteCard | RedactCard | RouteCard | HoldCard | RevealAuthor
)
DeskEffect = CardEffect | Decide | UndoDecisions
DeskOutcome = DecisionsMade | AuthorRevealed
