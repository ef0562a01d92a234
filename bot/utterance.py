"""What is to be said to a chat, between the turn that asks for it and the worker that says it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from conversations.chat import Chat
from conversations.effects import Say
from conversations.spoken import Piece, pieces_of
from conversations.texts import Texts
from storage.errands import Errand
from storage.ledger import ErrandRow
from storage.spoken import SPEAK
from storage.tables import NOTICE, REPLY


@dataclass(frozen=True, slots=True)
class Utterance:
    """The pieces of a message, their locale, and the lane of its text.

    `seen_at` is when the person was heard of last: what is to be said belongs to that moment.
    """

    pieces: tuple[Piece, ...]
    locale: str
    lane: int = REPLY
    seen_at: datetime | None = None

    @classmethod
    def of(cls, say: Say, chat: Chat, texts: Texts, lane: int = REPLY) -> Utterance:
        """What a message sounds like in the locale of its chat."""
        return cls(pieces_of(say, texts, chat.locale), chat.locale, lane, chat.seen_at)

    @classmethod
    def asked_by(cls, errand: Errand) -> Utterance:
        """What an errand is to say."""
        given = errand.params
        seen_at = datetime.fromisoformat(given["seen_at"]) if given["seen_at"] else None
        pieces = tuple(Piece(**piece) for piece in given["pieces"])
        return cls(pieces, given["locale"], given["lane"], seen_at)

    def errand(self, chat_id: int, at: datetime) -> ErrandRow:
        """The slow work of saying it."""
        params = {
            "pieces": [asdict(piece) for piece in self.pieces],
            "locale": self.locale,
            "lane": self.lane,
            "seen_at": self.seen_at.isoformat() if self.seen_at is not None else "",
        }
        return ErrandRow(kind=SPEAK, due_at=at, params=params, chat_id=chat_id)

    def outlived(self, heard_last: datetime | None) -> bool:
        """Whether the person has said something since: an old question is never spoken after a new one.

        A notice is said all the same; it is the answer to nothing.
        """
        return self.lane != NOTICE and heard_last != self.seen_at
