"""The journal: every call of a bot and every update to it, in the order in which they happened."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from simulator.calls import Call
from simulator.wire import Json, present

KEPT = 100_000


@dataclass(slots=True)
class CallEntry:
    """One call as it was answered; `params` is without the token, files only by name and size."""

    seq: int
    at: float
    bot: int
    method: str
    params: Json
    chat: Any
    code: int
    description: str | None
    fault: str | None

    def view(self) -> Json:
        """The entry as the control API shows it."""
        return {
            "seq": self.seq,
            "kind": "call",
            "at": self.at,
            "bot": self.bot,
            "method": self.method,
        } | present(
            params=self.params, chat=self.chat, code=self.code, description=self.description, fault=self.fault
        )


@dataclass(slots=True)
class UpdateEntry:
    """One update: when it came to be, was first handed out, and was confirmed by the bot."""

    seq: int
    at: float
    bot: int
    update_id: int
    type: str
    chat: int | None
    delivered_at: float | None = None
    confirmed_at: float | None = None
    dropped: str | None = None

    def view(self) -> Json:
        """The entry as the control API shows it."""
        return {"seq": self.seq, "kind": "update", "at": self.at, "bot": self.bot} | present(
            update_id=self.update_id,
            type=self.type,
            chat=self.chat,
            delivered_at=self.delivered_at,
            confirmed_at=self.confirmed_at,
            dropped=self.dropped,
        )


class Journal:
    """The last 100 000 entries, in memory; numbers go on after `clear`."""

    def __init__(self) -> None:
        self.last = 0
        self.entries: deque[CallEntry | UpdateEntry] = deque(maxlen=KEPT)

    def call(self, at: float, call: Call, code: int, description: str | None, fault: str | None) -> None:
        """Writes down one answered call; code 0 means that the client got no answer."""
        self.last += 1
        chat = call.params.get("chat_id")
        self.entries.append(
            CallEntry(self.last, at, call.bot.id, call.method, call.logged(), chat, code, description, fault)
        )

    def update(self, at: float, bot: int, update_id: int, kind: str, chat: int | None) -> UpdateEntry:
        """Writes down one update; the queue fills in the rest of its life."""
        self.last += 1
        entry = UpdateEntry(self.last, at, bot, update_id, kind, chat)
        self.entries.append(entry)
        return entry

    def read(self, after: int = 0, method: str | None = None, chat: str | None = None) -> list[Json]:
        """The entries after number `after`, oldest first; `method` and `chat` narrow them."""
        return [
            entry.view()
            for entry in self.entries
            if entry.seq > after and _has_method(entry, method) and (chat is None or str(entry.chat) == chat)
        ]

    def clear(self) -> None:
        """Forgets all entries."""
        self.entries.clear()


def _has_method(entry: CallEntry | UpdateEntry, method: str | None) -> bool:
    if method is None:
        return True
    return isinstance(entry, CallEntry) and entry.method.lower() == method.lower()
