"""How far a long file is, told to whoever waits for it: one message, changed as the work goes on (issue 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from bot.app import Home
from bot.chats import read_chat
from bot.replies import as_json
from conversations.chat import Chat
from conversations.effects import Line
from storage.errands import Errand
from storage.ledger import ERRAND, OUTBOX, Ledger, OutboxRow

LONG: Final = 2000
"""Aspirations from which on the work takes seconds."""

STEPS: Final = 10
"""Messages at most: one for each tenth."""


@dataclass(slots=True)
class ExportProgress:
    """Called from the thread that makes the file, with how many of all aspirations are in it."""

    home: Home
    errand: Errand
    committed: Callable[[], None]
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _call: int = 0
    _told: int = 0

    def __call__(self, done: int, number: int) -> None:
        """Tell it, when a further tenth of a long file is done."""
        tenth = done * STEPS // number
        if number < LONG or tenth <= self._told:
            return
        self._told = tenth
        telling = self.home.database.run(lambda connection: self._tell(connection, done, number))
        asyncio.run_coroutine_threadsafe(telling, self.loop).result()
        self.loop.call_soon_threadsafe(self.committed)

    def _tell(self, connection: Connection, done: int, number: int) -> None:
        """A message at first; then, once it was sent, changes of it."""
        chat, at = self.errand.chat_id, self.home.clock.now()
        asked = select(ERRAND.c.id).where(ERRAND.c.id == self.errand.id)
        if chat is None or connection.scalar(asked) is None:  # erased meanwhile: nothing is written for them
            return
        text = self._words(Ledger(connection), chat, at, {"done": done, "all": number})
        if not self._call:
            self._enqueue(connection, "sendMessage", {"chat_id": chat, "text": text}, at)
            newest = select(func.max(OUTBOX.c.id)).where(OUTBOX.c.chat_id == chat)
            self._call = int(connection.scalar(newest) or 0)
            return
        message = connection.scalar(select(OUTBOX.c.message_id).where(OUTBOX.c.id == self._call))
        if message is not None:
            params = {"chat_id": chat, "message_id": message, "text": text}
            self._enqueue(connection, "editMessageText", params, at)

    def _words(self, ledger: Ledger, chat: int, at: datetime, figures: dict[str, int]) -> str:
        locale = read_chat(ledger.load_chats([chat], at)[chat], Chat(id=chat)).locale
        return self.home.furnished.texts.line(Line("files.progress", figures), locale)

    def _enqueue(self, connection: Connection, method: str, params: dict[str, Any], at: datetime) -> None:
        """A chat whose row is locked has no other call added meanwhile."""
        row = OutboxRow(chat_id=int(params["chat_id"]), due_at=at, method=method, params=as_json(params))
        Ledger(connection).enqueue([row], at)
