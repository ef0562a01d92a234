"""The turn: a batch of arrivals becomes one transaction with all that follows from them.

Inbox rows, chats, storage verbs, replies and errands are committed together, and only then is anything
acknowledged. When a batch fails it is rolled back and its arrivals are processed one by one; one that fails
alone lies in quarantine, whole, and its resident is told kindly. A fault of the house (disk full, database
gone or busy) quarantines and acknowledges nothing: it is raised.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, get_args

from sqlalchemy import Connection

from bot.chats import read_chat, write_chat
from bot.clips import Clips
from bot.decoding import chat_in, decode
from bot.replies import Replies, as_json
from bot.utterance import Utterance
from conversations.chat import Chat, ChatKind
from conversations.effects import Acknowledge, AnyEffect, MarkReachable, Say
from conversations.events import AnyEvent, AnyOutcome, Blocked, Incoming, TurnFailed
from conversations.facts import Facts
from conversations.forgetting import held_since, is_personal
from conversations.interpreter import Interpreter
from storage.ledger import ChatRow, ErrandRow, Key, Ledger, MessageId, OutboxRow
from storage.tables import BESIDE

MOST_ROUNDS: Final = 4
"""Effects give outcomes back at most so often in one turn (design: life of a message)."""

_SIGNS_OF_LIFE: Final = tuple(event for event in get_args(Incoming) if event is not Blocked)
"""What only somebody does whom we can reach, whatever a failed call had made us believe."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event for one chat, under the key by which it is processed once.

    `raw` is what quarantine keeps; `spoiled` marks what could not be decoded and goes there at once.
    """

    key: Key
    chat_id: int
    kind: ChatKind
    event: AnyEvent
    raw: object = None
    spoiled: bool = False


class World(Protocol):
    """What a turn reads and writes beside the ledger, within the turn's transaction."""

    def facts(self, connection: Connection, chat_id: int) -> Facts:
        """The facts that a turn of this chat may ask for."""
        ...

    def perform(
        self, connection: Connection, chat_id: int, effect: AnyEffect, at: datetime
    ) -> AnyOutcome | None:
        """Do what an effect asks, slow work as errands; return its outcome, if it has one."""
        ...


@dataclass(slots=True)
class _Batch:
    """What a batch leaves behind, to be written in one statement each."""

    at: datetime
    chats: dict[int, Chat] = field(default_factory=dict)
    reachable: dict[int, bool] = field(default_factory=dict)
    drafts: dict[int, int | None] = field(default_factory=dict)
    """The serial of the draft that each chat had before the batch."""
    outbox: list[OutboxRow] = field(default_factory=list)
    errands: list[ErrandRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Turner:
    """Processes arrivals on a connection; the caller owns the transaction."""

    interpreter: Interpreter
    replies: Replies
    world: World
    locale: str = "id"
    clips: Clips | None = None

    def process(self, connection: Connection, arrivals: Sequence[Arrival], at: datetime) -> int:
        """Process what is new among these, in order, and return how many that were. Any error is raised."""
        ledger = Ledger(connection)
        new = ledger.admit([arrival.key for arrival in arrivals], at, _messages(arrivals))
        fresh = [arrival for arrival in _first_of_each(arrivals) if arrival.key in new]
        states = ledger.load_chats({arrival.chat_id for arrival in fresh}, at)
        batch = _Batch(at)
        for arrival in fresh:
            chat = batch.chats.get(arrival.chat_id)
            if chat is None:
                chat = read_chat(states[arrival.chat_id], self._stranger(arrival))
                batch.drafts[chat.id] = _serial(chat)
            if isinstance(arrival.event, _SIGNS_OF_LIFE):
                batch.reachable[chat.id] = True
            batch.chats[arrival.chat_id] = self._turn(connection, chat, arrival.event, batch)
        self._write(ledger, batch)
        return len(fresh)

    def quarantine(self, connection: Connection, arrival: Arrival, error: str, at: datetime) -> bool:
        """Keep an arrival that fails alone, tell its resident, and return False if it was kept before."""
        content = json.dumps(arrival.raw).encode()  # unlike msgspec it also writes lone surrogates
        message = _messages([arrival]).get(arrival.key)
        if not Ledger(connection).quarantine(arrival.key, content, error, at, message):
            return False
        if arrival.chat_id:
            told = Arrival(
                (f"failed:{arrival.key[0]}", arrival.key[1]), arrival.chat_id, arrival.kind, TurnFailed(at=at)
            )
            self.process(connection, [told], at)
        return True

    def _write(self, ledger: Ledger, batch: _Batch) -> None:
        ledger.save_chats([self._row(chat, batch) for chat in batch.chats.values()])
        ledger.enqueue(batch.outbox, batch.at)
        ledger.add_errands(batch.errands, batch.at)

    def _row(self, chat: Chat, batch: _Batch) -> ChatRow:
        return ChatRow(
            id=chat.id,
            state=write_chat(chat),
            seen_at=chat.seen_at,
            quiet_at=chat.quiet_at,
            draft_at=chat.seen_at if chat.draft is not None else None,
            held_at=held_since(self.interpreter.flows, chat),
            draft_new=_serial(chat) != batch.drafts[chat.id],
            reachable=batch.reachable.get(chat.id),
            personal=is_personal(self.interpreter.flows, chat),
        )

    def _stranger(self, arrival: Arrival) -> Chat:
        return Chat(id=arrival.chat_id, kind=arrival.kind, locale=self.locale)

    def _turn(self, connection: Connection, chat: Chat, event: AnyEvent, batch: _Batch) -> Chat:
        for _ in range(MOST_ROUNDS):
            facts = self.world.facts(connection, chat.id)
            chat, effects = self.interpreter.turn(chat, event, facts)
            outcomes = [self._perform(connection, chat, effect, batch) for effect in effects]
            outcome = next((o for o in outcomes if o is not None), None)
            if outcome is None:
                return chat
            event = outcome
        raise RuntimeError(f"step {chat.step}: more than {MOST_ROUNDS} rounds of effects")

    def _perform(
        self, connection: Connection, chat: Chat, effect: AnyEffect, batch: _Batch
    ) -> AnyOutcome | None:
        match effect:
            case Say():
                self._say(connection, chat, effect, batch)
                return None
            case Acknowledge():
                params = as_json({"callback_query_id": effect.query})
                call = OutboxRow(
                    chat_id=None, due_at=batch.at, method="answerCallbackQuery", params=params, lane=BESIDE
                )
                batch.outbox.append(call)
                return None
            case MarkReachable():
                batch.reachable[chat.id] = effect.reachable
                return None
            case _:
                return self.world.perform(connection, chat.id, effect, batch.at)

    def _say(self, connection: Connection, chat: Chat, say: Say, batch: _Batch) -> None:
        """The text, which stands alone; a clip before it where there is one, a voice after it where it is wanted."""
        if self.clips and not chat.mode.spoken:
            batch.outbox += self.clips.before(connection, chat, say, batch.at)
        params = as_json(self.replies.message(say, chat.id, chat.locale))
        batch.outbox.append(OutboxRow(chat_id=chat.id, due_at=batch.at, method="sendMessage", params=params))
        if chat.mode.spoken:
            said = Utterance.of(say, chat, self.replies.texts)
            batch.errands.append(said.errand(chat.id, batch.at))


def read_arrival(update: Any, source: str, at: datetime) -> Arrival | None:
    """The arrival in a raw update; None for one that concerns no chat of ours. Raises Malformed."""
    decoded = decode(update, at)
    if decoded is None:
        return None
    key = (source, str(update["update_id"]))
    return Arrival(key, decoded.chat_id, decoded.kind, decoded.event, update)


def unreadable(update: Any, source: str, at: datetime) -> Arrival:
    """An arrival for what could not be decoded: to be quarantined, its resident told if one can be made out."""
    number = number_of(update)
    key = (source, str(number) if number is not None else f"unreadable:{_digest(update)}")
    return Arrival(key, chat_in(update) or 0, "private", TurnFailed(at=at), update, spoiled=True)


def number_of(update: Any) -> int | None:
    """The update_id of a raw update, None when it has none that is a number."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int else None


def _digest(update: Any) -> str:
    """The same for the same body: without an update_id it cannot be confirmed, and comes again at each poll."""
    return hashlib.sha256(json.dumps(update, sort_keys=True).encode()).hexdigest()[:32]


def _serial(chat: Chat) -> int | None:
    return chat.draft.serial if chat.draft is not None else None


def _messages(arrivals: Sequence[Arrival]) -> dict[Key, MessageId]:
    """Which message came with each; a press names the one that its button is under, the clock none."""
    return {a.key: (a.chat_id, a.event.message) for a in arrivals if a.event.message}


def _first_of_each(arrivals: Sequence[Arrival]) -> list[Arrival]:
    return list({arrival.key: arrival for arrival in reversed(arrivals)}.values())[::-1]
