"""The desk of the staff: facts of its conversation, and who does what it asks for (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from conversations import desk as effects
from conversations.desk import Card, CardRow, Deciding, DeskEffect, Filter, Preview, Queue, VerdictDraft
from conversations.events import AnyOutcome, Saved
from storage import deciding, desk_cards, desk_verdicts, desk_work, likeness
from storage.actor import Officer
from storage.once import Once
from storage.permissions import officers
from storage.rules import Rules, Scene


@dataclass(frozen=True, slots=True)
class DatabaseDeskFacts:
    """Implements conversations.desk.DeskFacts for one chat; what a turn asks several times is looked up once."""

    connection: Connection
    chat_id: int
    rules: Rules
    once: Once = field(default_factory=Once)

    @property
    def _held(self) -> tuple[Officer, ...]:
        return self.once("held", lambda: officers(self.connection, self.chat_id))

    def counts(self, at: datetime) -> dict[Queue, int]:
        """How many cards each queue has for this chat's mandates."""
        return self.once("counts", lambda: desk_cards.counts(self.connection, self._held, self.rules, at))

    def cards(self, wanted: Filter, at: datetime) -> tuple[CardRow, ...]:
        """The cards of a filter, the oldest first, at most 60."""
        return self.once(
            wanted, lambda: desk_cards.cards(self.connection, self._held, wanted, self.rules, at)
        )

    def card(self, ticket: str, at: datetime) -> Card | None:
        """One card, None when this chat's mandates do not allow to read it."""
        return self.once(
            ("card", ticket),
            lambda: likeness.card(self.connection, self._held, ticket, self.rules, at),
        )

    def deciding(self, verdict: VerdictDraft) -> Deciding:
        """What may be decided for its aspirations with this chat's mandates."""
        return self.once(
            ("deciding", verdict),
            lambda: deciding.deciding(self.connection, self._held, verdict, self.rules),
        )

    def preview(self, verdict: VerdictDraft, at: datetime) -> Preview:
        """What will come of it: the very lines of the letters, how many are decided and which are refused."""
        return self.once(
            ("preview", verdict),
            lambda: deciding.preview(self.connection, self._held, verdict, self.rules, at),
        )


def perform(scene: Scene, effect: DeskEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    if isinstance(effect, effects.Decide):
        return desk_verdicts.decide(scene, effect.verdict)
    if isinstance(effect, effects.UndoDecisions):
        return desk_verdicts.undo(scene, effect.events)
    return _on_card(scene, effect)


def _on_card(scene: Scene, effect: effects.CardEffect) -> AnyOutcome:
    match effect:
        case effects.TakeCard(ticket=ticket):
            desk_work.take(scene, ticket)
        case effects.ReleaseCard(ticket=ticket):
            desk_work.release(scene, ticket)
        case effects.SendRecordings(ticket=ticket):
            desk_work.send_recordings(scene, ticket)
        case effects.NoteCard(ticket=ticket, words=words):
            desk_work.note(scene, ticket, words)
        case effects.RedactCard(ticket=ticket, words=words):
            desk_work.redact(scene, ticket, words)
        case effects.RouteCard(ticket=ticket, village=village, agency=agency):
            desk_work.route(scene, ticket, village=village, agency=agency)
        case effects.HoldCard(ticket=ticket, held=held):
            desk_work.hold(scene, ticket, held=held)
        case effects.RevealAuthor(ticket=ticket, reason=reason):
            return effects.AuthorRevealed(at=scene.at, author=desk_work.reveal(scene, ticket, reason))
        case _:
            assert_never(effect)
    return Saved(at=scene.at)
