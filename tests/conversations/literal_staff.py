"""What the staff's turns may know, as literals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from conversations.asking import QuestionView
from conversations.broadcast import (
    BroadcastEffect,
    BroadcastKept,
    BroadcastView,
    Caution,
    KeepBroadcast,
    SubmitBroadcast,
    Topic,
)
from conversations.chat import Draft
from conversations.desk import (
    AuthorRevealed,
    Card,
    CardRow,
    Decide,
    Deciding,
    DecisionsMade,
    DecisionsUndone,
    DeskEffect,
    Filter,
    Preview,
    Queue,
    RevealAuthor,
    TakeCard,
    UndoDecisions,
    VerdictDraft,
)
from conversations.effect import Line
from conversations.events import AnyOutcome, Refused, Saved
from conversations.figure import Cut
from conversations.likeness import Likeness
from conversations.meeting import MeetingDraft, MeetingOverview, MeetingView
from conversations.sending import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralDesk:
    """Implements conversations.desk.DeskFacts."""

    queues: Mapping[Queue, int] = field(default_factory=dict)
    cards_: tuple[Card, ...] = ()
    gone: tuple[CardRow, ...] = ()
    contested: frozenset[str] = frozenset()

    may_decide: Deciding = field(default_factory=Deciding)
    previewed: Preview = field(default_factory=Preview)

    def counts(self, at: datetime) -> dict[Queue, int]:
        """As given."""
        return dict(self.queues)

    def cards(self, wanted: Filter, at: datetime) -> tuple[CardRow, ...]:
        """All of them."""
        return (*(card.row for card in self.cards_), *self.gone)

    def card(self, ticket: str, at: datetime) -> Card | None:
        """As given."""
        return next((card for card in self.cards_ if card.row.ticket == ticket), None)

    def perform(self, effect: DeskEffect, at: datetime) -> AnyOutcome:
        """What comes of it: a contested card is taken by somebody else at the same moment."""
        match effect:
            case TakeCard(ticket=ticket) if ticket in self.contested:
                return Refused(at=at, reason="taken")
            case Decide():
                return DecisionsMade(at=at, events=(1,))
            case UndoDecisions():
                return DecisionsUndone(at=at, undone=1)
            case RevealAuthor():
                return AuthorRevealed(at=at, author="Ibu Siti")
            case _:
                return Saved(at=at)

    def deciding(self, verdict: VerdictDraft) -> Deciding:
        """As given."""
        return self.may_decide

    def preview(self, verdict: VerdictDraft, at: datetime) -> Preview:
        """As given; to leave it waiting fits nothing, and what is to be done is somebody else's just now."""
        match verdict.decision:
            case "waiting":
                return Preview(refused=verdict.tickets)
            case "accommodated":
                return Preview(refused=verdict.tickets, taken=verdict.tickets)
            case _:
                return self.previewed


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralAsking:
    """Implements conversations.asking.AskingFacts; `notices` are what messages tell of, by number."""

    questions: tuple[QuestionView, ...] = ()
    own: frozenset[str] = frozenset()
    decided: frozenset[str] = frozenset()
    notices: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    contacts: frozenset[int] = frozenset()

    def question(self, number: int) -> QuestionView | None:
        """As given."""
        return next((one for one in self.questions if one.id == number), None)

    def open_question(self, ticket: str) -> int:
        """Any about it."""
        return next((one.id for one in self.questions if one.ticket == ticket), 0)

    def concerned(self, ticket: str) -> bool:
        """As given."""
        return ticket in self.own

    def may_object(self, ticket: str) -> bool:
        """As given."""
        return ticket in self.decided

    def replied(self, message: int) -> tuple[str, str] | None:
        """As given."""
        return self.notices.get(message)

    def contact(self, number: int) -> bool:
        """As given."""
        return number in self.contacts


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralMeetings:
    """Implements conversations.meeting.MeetingFacts."""

    meetings: tuple[MeetingView, ...] = ()

    overviews: tuple[MeetingOverview, ...] = ()
    drafts: tuple[MeetingDraft, ...] = ()
    callable_in: tuple[tuple[str, str], ...] = ()

    def upcoming(self, at: datetime) -> tuple[MeetingView, ...]:
        """As given."""
        return self.meetings

    def managed(self, at: datetime) -> tuple[MeetingView, ...]:
        """As given."""
        return tuple(one.view for one in self.overviews)

    def overview(self, number: int) -> MeetingOverview | None:
        """As given."""
        return next((one for one in self.overviews if one.view.id == number), None)

    def written(self, number: int) -> MeetingDraft | None:
        """As given."""
        return next((one for one in self.drafts if one.id == number), None)

    def regions(self) -> tuple[tuple[str, str], ...]:
        """As given."""
        return self.callable_in

    def meeting(self, number: int) -> MeetingView | None:
        """As given."""
        return next((one for one in self.meetings if one.id == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralBroadcasts:
    """Implements conversations.broadcast.BroadcastFacts. `fresh` is the number of the next one that is kept.

    Nobody may approve what is `lonely`; the count of what is `stale` stands no more.
    """

    written: tuple[BroadcastView, ...] = ()
    fresh: int = 0
    lonely: frozenset[int] = frozenset()
    stale: frozenset[int] = frozenset()
    writable: tuple[tuple[str, str], ...] = ()

    def broadcasts(self) -> tuple[BroadcastView, ...]:
        """As given."""
        return self.written

    def broadcast(self, number: int) -> BroadcastView | None:
        """As given."""
        return next((one for one in self.written if one.id == number), None)

    def preview(self, number: int, locale: str) -> tuple[Line, ...]:
        """The words alone."""
        found = self.broadcast(number)
        return (Line("broadcast.words", {"words": found.draft.text}),) if found else ()

    def works(self) -> bool:
        """Whoever may write."""
        return bool(self.writable)

    def regions(self) -> tuple[tuple[str, str], ...]:
        """As given."""
        return self.writable

    def stages(self) -> tuple[str, ...]:
        """Two of them."""
        return ("received", "checked")

    def cautions(self, at: datetime) -> tuple[Caution, ...]:
        """All that there are."""
        return ("holiday", "friday", "night")

    def perform(self, effect: BroadcastEffect, at: datetime) -> AnyOutcome:
        """What comes of it."""
        match effect:
            case KeepBroadcast(draft=draft):
                return BroadcastKept(at=at, number=draft.id or self.fresh)
            case SubmitBroadcast(broadcast=number) if number in self.lonely:
                return Refused(at=at, reason="no_approver")
            case SubmitBroadcast(broadcast=number) if number in self.stale:
                return Refused(at=at, reason="uncounted")
            case _:
                return Saved(at=at)

    def after(self, effect: BroadcastEffect) -> LiteralBroadcasts:
        """What is written afterwards: what needs approval waits for it."""
        number = effect.broadcast if isinstance(effect, SubmitBroadcast) else 0
        states = {True: "approval", False: "scheduled"}
        moved: tuple[BroadcastView, ...] = tuple(
            replace(one, state=states[one.needs_approval]) if one.id == number else one  # type: ignore[arg-type]
            for one in self.written
        )
        return replace(self, written=moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralSending:
    """Implements conversations.sending.SendingFacts."""

    sent: tuple[Progress, ...] = ()
    told: Topic | None = None

    def progress(self, number: int, at: datetime) -> Progress | None:
        """As given."""
        return next((one for one in self.sent if one.id == number), None)

    def topic(self, number: int) -> Topic | None:
        """As given."""
        return self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralLikeness:
    """Implements conversations.likeness.LikenessFacts."""

    found: tuple[Likeness, ...] = ()

    def like(self, draft: Draft) -> tuple[Likeness, ...]:
        """As given."""
        return self.found

    def like_ticket(self, ticket: str) -> tuple[Likeness, ...]:
        """As given."""
        return self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralFigures:
    """Implements conversations.figure.FigureFacts."""

    identify: bool = False
    shown_in: tuple[tuple[str, str], ...] = ()
    divided_by: tuple[Cut, ...] = ()

    def places(self) -> tuple[tuple[str, str], ...]:
        """As given."""
        return self.shown_in

    def cuts(self, region: str) -> tuple[Cut, ...]:
        """As given."""
        return self.divided_by

    def may_identify(self) -> bool:
        """As given."""
        return self.identify
