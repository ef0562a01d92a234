"""Asking back: the staff's question to an author or whoever speaks for them, and a safeguard's to the person of an alert.

A question is a message apart, like a notice: never by night, never to somebody who wants none, and answered by its
button or by a Telegram reply (storage.replies). A safeguard's goes out at once, and names nobody to either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, assert_never

from sqlalchemy import Connection, bindparam, select

from conversations import asking as effects
from conversations.asking import AskingEffect, QuestionView
from conversations.events import AnyOutcome, Saved
from storage import asking_views as views
from storage import audit, notices, questions, replies, residents
from storage.actor import Officer, RefusalError, resident
from storage.asking_views import CONTACT, WRITTEN
from storage.desk_work import require, require_free
from storage.invitations import covers
from storage.mandates import MANDATE
from storage.notices import Message
from storage.rules import Rules, Scene

LONGEST_QUESTION: Final = 1000  # characters
SAFEGUARD: Final = "safeguard"

AnyRow = Any


@dataclass(frozen=True, slots=True)
class DatabaseAskingFacts:
    """Implements conversations.asking.AskingFacts for one chat."""

    connection: Connection
    chat_id: int
    rules: Rules

    def question(self, number: int) -> QuestionView | None:
        """A question to this chat's person, or to one for whom it speaks; None for that of somebody else."""
        return views.question_view(self.connection, self.chat_id, number)

    def open_question(self, ticket: str) -> int:
        """The newest question about an aspiration that nobody has answered, 0 for none."""
        return views.open_question(self.connection, ticket, self.chat_id)

    def concerned(self, ticket: str) -> bool:
        """Whether this chat may reply about an aspiration: its author, or whoever speaks for them."""
        return views.concerned(self.connection, self.chat_id, ticket) is not None

    def may_object(self, ticket: str) -> bool:
        """Whether its newest decision is a "no", or the end, to which nobody has objected yet."""
        row = views.concerned(self.connection, self.chat_id, ticket)
        return row is not None and views.objectionable(self.connection, row, self.rules) is not None

    def replied(self, message: int) -> tuple[str, str] | None:
        """To what a Telegram reply to this message answers: the step of its button, and its ref."""
        return views.replied(self.connection, self.chat_id, message)

    def contact(self, number: int) -> bool:
        """Whether this chat, as a safeguard, may write to the person of an alert."""
        return _contact(self.connection, self.chat_id, number) is not None


def perform(scene: Scene, effect: AskingEffect) -> AnyOutcome:
    """Do what an effect asks; RefusalError says why it may not be done."""
    match effect:
        case effects.AskPerson(ticket=ticket, words=words):
            ask(scene, ticket, words)
        case effects.SettleReplies(ticket=ticket):
            settle(scene, ticket)
        case effects.AnswerQuestion(question=number, answer=part):
            replies.answer(scene, number, part)
        case effects.ReplyTo(ticket=ticket, answer=part):
            replies.reply(scene, ticket, part)
        case effects.ObjectTo(ticket=ticket):
            replies.object_to(scene, ticket)
        case effects.WriteToPerson(contact=number, words=words):
            write(scene, number, words)
        case _:
            assert_never(effect)
    return Saved(at=scene.at)


def ask(scene: Scene, ticket: str, words: str) -> int:
    """Ask the author, or whoever speaks for them; the id of the question. What they had replied counts as read.

    RefusalError: not_allowed, taken, empty, too_long, silent (nobody can be asked, or they want no messages).
    """
    officer, row = require(scene, ticket, "ask")
    require_free(scene, row)
    said = _checked(words)
    if row.withdrawn_at is not None or row.erased_at is not None:
        raise RefusalError("silent", "Its author has ended it.")
    number = questions.put(scene, officer, said, aspiration_id=row.id)
    letter = questions.letter(scene.connection, row, number, said)
    notices.tell(scene.connection, letter, scene.rules.delivery.awake(scene.at))
    views.settle(scene, row.id)
    audit.record(scene, officer, "ask", f"aspiration:{row.id}")
    return number


def settle(scene: Scene, ticket: str) -> None:
    """What was replied is read. RefusalError: not_allowed."""
    officer, row = require(scene, ticket, "ask")
    views.settle(scene, row.id)
    audit.record(scene, officer, "settle", f"aspiration:{row.id}")


def write(scene: Scene, number: int, words: str) -> int:
    """Write, as a safeguard, to the person of an alert; the id of the question.

    RefusalError: not_allowed, empty, too_long, silent (they want no messages).
    """
    chat_id = resident(scene.actor).chat_id
    found = _contact(scene.connection, chat_id, number)
    if found is None:
        raise RefusalError("not_allowed", "There is no such alert for this mandate.")
    said = _checked(words)
    contact, officer = found
    if not residents.wants_notices(scene.connection, contact.chat_id):
        raise RefusalError("silent", "They want no messages.")
    asked = questions.put(scene, officer, said, contact_id=contact.id)
    params = {"question": asked, "words": said}
    message = Message(chat_id=contact.chat_id, key=WRITTEN, params=params, urgent=True)
    notices.tell(scene.connection, message, scene.at)
    audit.record(scene, officer, "ask", f"contact:{contact.id}")
    return asked


def _contact(connection: Connection, chat_id: int, number: int) -> tuple[AnyRow, Officer] | None:
    """The person of an alert, and the mandate by which this chat protects people where it was raised."""
    contact = connection.execute(_CONTACT, {"id": number}).first()
    if contact is None:
        return None
    for row in connection.execute(_SAFEGUARD_OF, {"chat": chat_id}).all():
        if not contact.region or covers(row.scope, contact.region):
            return contact, Officer(row.id, chat_id, SAFEGUARD, tuple(row.scope))
    return None


def _checked(words: str) -> str:
    said = words.strip()
    if not said:
        raise RefusalError("empty", "There are no words.")
    if len(said) > LONGEST_QUESTION:
        raise RefusalError("too_long", f"More than {LONGEST_QUESTION} characters.")
    return said


_CONTACT: Final = select(CONTACT).where(CONTACT.c.id == bindparam("id"))
_SAFEGUARD_OF: Final = select(MANDATE.c.id, MANDATE.c.scope).where(
    MANDATE.c.chat_id == bindparam("chat"), MANDATE.c.role == SAFEGUARD, MANDATE.c.ended_at.is_(None)
)
