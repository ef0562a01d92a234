"""What was asked and replied, as it is looked up: on the card, in the queues, and by those who may answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, or_, select, update

from conversations.asking import QuestionView, Utterance
from storage.asking_tables import ContactRecord, QuestionRecord, ReplyRecord
from storage.history import HISTORY
from storage.ledger import OUTBOX, table
from storage.lifecycle import State
from storage.mandates import MANDATE, RELAY
from storage.media import MEDIA, PART
from storage.notices import ASKED as ASKED  # noqa: PLC0414  (it belongs with those below)
from storage.notices import NOTICES
from storage.rules import Rules, Scene
from storage.submissions import ASPIRATION
from storage.unheard import TRANSCRIPT

CONTACT: Final = table(ContactRecord)
QUESTION: Final = table(QuestionRecord)
REPLY: Final = table(ReplyRecord)

RELAYED: Final = "asking.relayed"
"""A question (notices.ASKED) to whoever speaks for its author: name ("" when there is none) besides."""

WRITTEN: Final = "asking.safeguard"
"""What a safeguard writes. Parameters: question, words."""

ANSWERED: Final = "asking.answered"
"""To an officer: something was replied. Parameters: ticket, objection."""

TOLD: Final = "asking.safeguard_answer"
"""To a safeguard: what was answered. Parameters: contact, kind, words."""

QUESTIONS: Final = (ASKED, RELAYED, WRITTEN)
ROLE: Final = "reply"
"""The role of a recording among the messages of an aspiration that came as a reply."""

AnyRow = Any


def talk(connection: Connection, aspiration: int) -> tuple[Utterance, ...]:
    """What was asked and said about an aspiration, oldest first."""
    asked = connection.execute(_ASKED, {"id": aspiration}).all()
    replied = connection.execute(_REPLIED, {"id": aspiration}).all()
    said = [
        *(Utterance(said="question", at=row.at, words=row.asked) for row in asked),
        *(_reply(row) for row in replied),
    ]
    return tuple(sorted(said, key=lambda one: one.at))


def _reply(row: AnyRow) -> Utterance:
    if row.event_id is not None:
        return Utterance(said="objection", at=row.at)
    words = row.answer or row.heard or ""
    return Utterance(said="reply", at=row.at, words=words, kind=row.kind, seconds=row.seconds or 0)


def waiting() -> ColumnElement[bool]:
    """The condition on aspirations about which a question is open."""
    return ASPIRATION.c.id.in_(select(QUESTION.c.aspiration_id).where(QUESTION.c.answered_at.is_(None)))


def unread() -> ColumnElement[bool]:
    """The condition on aspirations with a reply that the staff has not read."""
    return ASPIRATION.c.id.in_(select(REPLY.c.aspiration_id).where(REPLY.c.read_at.is_(None)))


def is_unread(connection: Connection, aspiration: int) -> bool:
    """Whether something was replied about an aspiration that the staff has not read."""
    return connection.execute(_UNREAD, {"id": aspiration}).first() is not None


def settle(scene: Scene, aspiration: int) -> int:
    """What was replied about an aspiration is read; returns how much of it was not yet."""
    fresh = (REPLY.c.aspiration_id == aspiration, REPLY.c.read_at.is_(None))
    return scene.connection.execute(update(REPLY).where(*fresh).values(read_at=scene.at)).rowcount


def concerned(connection: Connection, chat_id: int, ticket: str, *, lock: bool = False) -> AnyRow | None:
    """The newest aspiration of a number about which a chat may reply: its author's, or of whoever speaks for them."""
    query = _CONCERNED.with_for_update(of=ASPIRATION) if lock else _CONCERNED
    return connection.execute(query, {"ticket": ticket, "chat": chat_id}).first()


def question(connection: Connection, chat_id: int, number: int) -> AnyRow | None:
    """A question that a chat may answer, with the aspiration or the contact that it is about."""
    return connection.execute(_QUESTION, {"id": number, "chat": chat_id}).first()


def question_view(connection: Connection, chat_id: int, number: int) -> QuestionView | None:
    """The same as its chat sees it."""
    row = question(connection, chat_id, number)
    if row is None:
        return None
    relayed = row.contact_id is None and row.chat_id is None
    name = row.name or "" if relayed else ""
    return QuestionView(id=row.id, words=row.asked, ticket=row.ticket or "", relayed=relayed, name=name)


def open_question(connection: Connection, ticket: str, chat_id: int) -> int:
    """The newest question about an aspiration of this chat's that nobody has answered, 0 for none."""
    row = concerned(connection, chat_id, ticket)
    return 0 if row is None else int(connection.scalar(_OPEN, {"id": row.id}) or 0)


def objectionable(connection: Connection, row: AnyRow, rules: Rules) -> AnyRow | None:
    """The newest decision about an aspiration, when it is a "no" or the end, and nobody has objected to it yet."""
    found = latest(connection, row.id)
    if found is None or found.verb != "decided" or row.withdrawn_at is not None:
        return None
    decision = rules.lifecycle.decisions.get(row.decision)
    over = not rules.lifecycle.is_open(State(row.stage, row.decision))
    if not over and not (decision is not None and decision.negative):
        return None
    again = connection.execute(_OBJECTED, {"event": found.id}).first()
    return None if again is not None else found


def latest(connection: Connection, aspiration: int) -> AnyRow | None:
    """The newest decision about an aspiration, or that one was taken back: its id, verb and actor."""
    return connection.execute(_LATEST, {"id": aspiration}).first()


def replied(connection: Connection, chat_id: int, message: int) -> tuple[str, str] | None:
    """To what a reply to a message answers: the step of its button and its ref; None for one that tells of nothing."""
    row = connection.execute(_NOTICE, {"chat": chat_id, "message": message}).first()
    if row is None:
        return None
    params: Mapping[str, Any] = row.params
    if row.key in QUESTIONS:
        return ("question", str(params["question"])) if params else None
    if contact := params.get("contact"):
        return "alert", str(contact)
    return ("notice", row.ticket) if row.ticket and concerned(connection, chat_id, row.ticket) else None


def opened(connection: Connection, relays: Sequence[int]) -> dict[int, list[str]]:
    """By relay what was asked about these people and waits for an answer."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(_OF_RELAYS, {"ids": list(relays)}).all() if relays else ():
        found[row.id].append(row.asked)
    return found


def _speaks_for() -> Any:
    """Aspirations joined with who speaks for their authors now."""
    relay = and_(RELAY.c.aspiration_id == ASPIRATION.c.id, RELAY.c.claimed_at.is_(None))
    mandate = and_(MANDATE.c.id == RELAY.c.mandate_id, MANDATE.c.ended_at.is_(None))
    return relay, mandate


_RELAY_ON, _MANDATE_ON = _speaks_for()
_THEIRS: Final = or_(
    ASPIRATION.c.chat_id == bindparam("chat"),
    and_(ASPIRATION.c.chat_id.is_(None), MANDATE.c.chat_id == bindparam("chat")),
)
_CONCERNED: Final[Select[Any]] = (
    select(ASPIRATION, RELAY.c.mandate_id.label("speaker"))
    .outerjoin(RELAY, _RELAY_ON)
    .outerjoin(MANDATE, _MANDATE_ON)
    .where(ASPIRATION.c.ticket == bindparam("ticket"), ASPIRATION.c.retracted_at.is_(None), _THEIRS)
    .order_by(ASPIRATION.c.id.desc())
    .limit(1)
)
_QUESTION: Final = (
    select(
        *(QUESTION.c[name] for name in ("id", "aspiration_id", "contact_id", "mandate_id", "asked")),
        *(ASPIRATION.c[name] for name in ("ticket", "region", "chat_id")),
        RELAY.c.name,
        RELAY.c.mandate_id.label("speaker"),
    )
    .outerjoin(ASPIRATION, ASPIRATION.c.id == QUESTION.c.aspiration_id)
    .outerjoin(RELAY, _RELAY_ON)
    .outerjoin(MANDATE, _MANDATE_ON)
    .outerjoin(CONTACT, CONTACT.c.id == QUESTION.c.contact_id)
    .where(
        QUESTION.c.id == bindparam("id"),
        ASPIRATION.c.retracted_at.is_(None),
        or_(_THEIRS, CONTACT.c.chat_id == bindparam("chat")),
    )
)
_ASKED: Final = (
    select(QUESTION.c.at, QUESTION.c.asked)
    .where(QUESTION.c.aspiration_id == bindparam("id"))
    .order_by(QUESTION.c.id)
)
_REPLIED: Final = (
    select(
        *(REPLY.c[name] for name in ("at", "event_id", "answer", "kind")),
        MEDIA.c.seconds,
        TRANSCRIPT.c.words.label("heard"),
    )
    .outerjoin(PART, PART.c.id == REPLY.c.part_id)
    .outerjoin(MEDIA, MEDIA.c.id == PART.c.media_id)
    .outerjoin(TRANSCRIPT, and_(TRANSCRIPT.c.part_id == PART.c.id, TRANSCRIPT.c.state == "confirmed"))
    .where(REPLY.c.aspiration_id == bindparam("id"))
    .order_by(REPLY.c.id)
)
_OPEN: Final = (
    select(QUESTION.c.id)
    .where(QUESTION.c.aspiration_id == bindparam("id"), QUESTION.c.answered_at.is_(None))
    .order_by(QUESTION.c.id.desc())
    .limit(1)
)
_UNREAD: Final = select(REPLY.c.id).where(REPLY.c.aspiration_id == bindparam("id"), REPLY.c.read_at.is_(None))
_OF_RELAYS: Final = (
    select(RELAY.c.id, QUESTION.c.asked)
    .join(QUESTION, QUESTION.c.aspiration_id == RELAY.c.aspiration_id)
    .join(ASPIRATION, ASPIRATION.c.id == RELAY.c.aspiration_id)
    .where(
        RELAY.c.id.in_(bindparam("ids", expanding=True)),
        QUESTION.c.answered_at.is_(None),
        ASPIRATION.c.withdrawn_at.is_(None),
    )
    .order_by(QUESTION.c.id)
)
_LATEST: Final = (
    select(HISTORY.c.id, HISTORY.c.verb, HISTORY.c.actor_ref)
    .where(HISTORY.c.aspiration_id == bindparam("id"), HISTORY.c.verb.in_(("decided", "undone")))
    .order_by(HISTORY.c.id.desc())
    .limit(1)
)
_OBJECTED: Final = select(REPLY.c.id).where(REPLY.c.event_id == bindparam("event"))
_NOTICE: Final = (
    select(NOTICES.c.key, NOTICES.c.params, ASPIRATION.c.ticket)
    .join(OUTBOX, OUTBOX.c.notice_id == NOTICES.c.id)
    .outerjoin(ASPIRATION, ASPIRATION.c.id == NOTICES.c.aspiration_id)
    .where(NOTICES.c.chat_id == bindparam("chat"), OUTBOX.c.message_id == bindparam("message"))
)
