"""Asking back, and what people reply: what is asked of the world, and what a turn may know of it (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from conversations.effect import Effect
from conversations.part import Part, PartKind

Said = Literal["question", "reply", "objection"]
"""What stands on a card of the talk with its people: of the staff, of them, and that they object to a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One of these: `words` as typed, or as a recording (`kind`, of so many `seconds`) was written down."""

    said: Said
    at: datetime
    words: str = ""
    kind: PartKind = "text"
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question that this chat may answer: of the staff about an aspiration, or ("" for it) of a safeguard.

    `name` is of whom it is asked, when a facilitator is to pass it on.
    """

    id: int
    words: str
    ticket: str = ""
    relayed: bool = False
    name: str = ""


class AskingFacts(Protocol):
    """What a turn may know of questions and replies."""

    def question(self, number: int) -> QuestionView | None:
        """A question to this chat's person, or to one for whom it speaks; None for that of somebody else."""
        ...

    def open_question(self, ticket: str) -> int:
        """The newest question about an aspiration that nobody has answered, 0 for none; the facilitator's list asks."""
        ...

    def concerned(self, ticket: str) -> bool:
        """Whether this chat may reply about an aspiration: its author, or whoever speaks for them."""
        ...

    def may_object(self, ticket: str) -> bool:
        """Whether its newest decision is a "no", or the end, to which nobody has objected yet."""
        ...

    def replied(self, message: int) -> tuple[str, str] | None:
        """To what a Telegram reply to this message answers: the step of its button, and its ref."""
        ...

    def contact(self, number: int) -> bool:
        """Whether this chat, as a safeguard, may write to the person of an alert."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPerson(Effect):
    """Ask the author of an aspiration, or whoever speaks for them."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleReplies(Effect):
    """What people replied about an aspiration was read: its card leaves the queue of replies."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Effect):
    """Answer a question, in words or by a recording; a further answer is added to the first."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    question: int
    answer: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTo(Effect):
    """Say something to what one was told about an aspiration."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    answer: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectTo(Effect):
    """Ask to open an aspiration again; once for each decision."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteToPerson(Effect):
    """Write, as a safeguard, to the person of an alert, who is not named."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    contact: int
    words: str


AskingEffect = AskPerson | SettleReplies | AnswerQuestion | ReplyTo | ObjectTo | WriteToPerson
