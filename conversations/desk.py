"""The desk of the staff: what its conversation shows of aspirations, asks of the world, and gets back (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from conversations.asking import Utterance
from conversations.effect import Effect, Line
from conversations.event import Outcome
from conversations.followup import Done

if TYPE_CHECKING:
    from conversations.facts import Change

Queue = Literal[
    "new",
    "replied",
    "transcribe",
    "interpret",
    "duplicate",
    "sensitive",
    "waiting",
    "overdue",
    "unfinished",
    "mine",
    "held",
    "all",
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
    """A decision as it is being made, for one aspiration or several (`tickets`).

    The sentence for the resident is either in own words (`note`) or a ready one, by the name of its `template`.
    `seen` is how each of the aspirations stood in the preview: decided is what still stands so (() decides any).
    """

    tickets: tuple[str, ...] = ()
    stage: str = ""
    decision: str = ""
    reason: str = ""
    note: str = ""
    template: str = ""
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where somebody stands at the desk: the filter, the verdict, and the decisions that can be undone.

    `refused` how many of those meant were not decided then.
    """

    filter: Filter
    verdict: VerdictDraft | None = None
    undo: tuple[int, ...] = ()
    refused: int = 0


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
    decided at which stage. `agency` is the bidang urusan.
    `deadline` is the last day by which its people are to hear, `confirmed` how many of them say whether it is really done.
    `talk` is what was asked and replied, `unread` whether a reply is new, `relayed` whether a facilitator is asked
    instead. `support` is how many others support it, `lead` the ticket of one that it is told with, `alike` how many
    are like it.
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
    lead: str = ""
    alike: int = 0
    talk: tuple[Utterance, ...] = ()
    unread: bool = False
    relayed: bool = False
    history: tuple[Change, ...]
    notes: tuple[str, ...]
    deadline: date | None
    held: bool
    may: frozenset[str]
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    confirmed: tuple[tuple[Done, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A ready sentence for residents: its name, and its words by locale."""

    name: str
    words: tuple[tuple[str, str], ...]

    def to(self, locale: str) -> str:
        """It for a reader of this locale; in Indonesian for one that it was never written for."""
        words = dict(self.words)
        return words.get(locale) or words["id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """What may be decided for the aspirations of a verdict: at which stage what, for at least one of them.

    `negative` are the decisions that need one of the `reasons`; `sentences` the ready ones that fit the verdict.
    """

    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    negative: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one message will say: the lines of the letter, in which locale, to how many people.

    `step` is the Tell whose text and buttons follow, as storage.letters.Letter has it.
    """

    locale: str
    lines: tuple[Line, ...]
    step: str = ""
    people: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a verdict will do: the messages (each locale once), how many are decided and which are refused.

    `untold` are those of whom nobody is told: they said stop, or nobody speaks for them now. `seen` is how each of the
    aspirations stands now, `taken` which of the refused somebody else is working on.
    """

    told: tuple[Told, ...] = ()
    decided: int = 0
    refused: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    untold: int = 0
    seen: tuple[str, ...] = ()


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

    def deciding(self, verdict: VerdictDraft) -> Deciding:
        """What may be decided for its aspirations with this chat's mandates."""
        ...

    def preview(self, verdict: VerdictDraft, at: datetime) -> Preview:
        """What will come of it: the very lines of the letters, how many are decided and which are refused."""
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
    """Hold abuse back from everybody but author and staff (`held`), or show it again; nobody is told."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    held: bool


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
class DecisionsUndone(Outcome):
    """Decisions were taken back; `kept` could not be any more."""

    name: ClassVar[str] = "undone"
    undone: int
    kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoDecisions(Effect):
    """Take decisions back, by the numbers of their entries in the history, as long as nobody was told."""

    outcomes: ClassVar[tuple[str, ...]] = ("undone", "refused")
    events: tuple[int, ...]


CardEffect = (
    TakeCard | ReleaseCard | SendRecordings | NoteCard | RedactCard | RouteCard | HoldCard | RevealAuthor
)
DeskEffect = CardEffect | Decide | UndoDecisions
DeskOutcome = DecisionsMade | DecisionsUndone | AuthorRevealed
