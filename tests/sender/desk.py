"""A sender at work in virtual time: what its tests put in, and what they look at."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select

from bot.pacing import Pacing
from bot.sender import Call, Sender, Sending
from bot.transport import Upload
from storage.ledger import CHAT, OUTBOX, Ledger, OutboxRow
from storage.outbox import Notice, Settled
from storage.tables import BESIDE, REPLY
from tests.sender.virtual import Inline, Telegram, monotonic, now


def no_notice(notice: Notice) -> Call:
    """Render nothing: a test that has no notice must not meet one."""
    raise AssertionError(f"unexpected notice {notice.key}")


def no_files(files: str) -> Mapping[str, Upload]:
    """Read nothing: a test that has no files must not meet any."""
    raise AssertionError(f"unexpected files {files}")


def nothing_follows(_connection: Connection, settled: Sequence[Settled]) -> None:
    """Do nothing: most tests look at the outbox alone. Raises AssertionError for calls that nothing can follow from."""
    assert any(one.file_id or one.row.notice or one.state == "refused" for one in settled)


@dataclass
class Desk:
    """The outbox of an engine, a scripted Telegram, and a sender between them."""

    engine: Engine
    rate: float = 0.0
    telegram: Telegram = field(default_factory=Telegram)
    concurrency: int = 16
    render: Any = no_notice
    read_files: Any = no_files
    discard_files: Any = no_files
    follow: Any = nothing_follows

    def __post_init__(self) -> None:
        self.database = Inline(self.engine)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[Sender]:
        """A sender that runs in this block, is stopped at its end, and leaves no script unasked for."""
        sender = self.sender()
        task = asyncio.create_task(sender.run())
        yield sender
        await sender.stop(60)
        await task
        self.telegram.check()

    def sender(self) -> Sender:
        """A sender that does not run yet."""
        return Sender(
            Sending(
                database=self.database,
                transport=self.telegram,
                pacing=Pacing(self.rate, monotonic),
                render=self.render,
                read_files=self.read_files,
                discard_files=self.discard_files,
                now=now,
                random=lambda: 0.0,
                monotonic=monotonic,
                concurrency=self.concurrency,
                after=self.follow,
            )
        )

    def put(self, chat: int, *texts: str, lane: int = REPLY, **given: Any) -> None:
        """Put messages to a chat into the outbox."""
        with self.engine.begin() as connection:
            Ledger(connection).load_chats([chat], now())
            Ledger(connection).enqueue([_message(chat, text, lane, **given) for text in texts], now())

    def press(self, query: str) -> None:
        """Put the answer to a press into the outbox."""
        params = json.dumps({"callback_query_id": query})
        row = OutboxRow(chat_id=None, due_at=now(), method="answerCallbackQuery", params=params, lane=BESIDE)
        with self.engine.begin() as connection:
            Ledger(connection).enqueue([row], now())

    def states(self) -> list[str]:
        """The states of all rows, in the order in which they were put."""
        return [row.state for row in self.rows()]

    def rows(self) -> list[Any]:
        """All rows, in the order in which they were put."""
        with self.engine.begin() as connection:
            return list(connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)))

    def reachable(self, chat: int) -> bool:
        """Whether the chat is known to be reachable."""
        with self.engine.begin() as connection:
            return bool(connection.scalar(select(CHAT.c.reachable).where(CHAT.c.id == chat)))


def _message(
    chat: int, text: str, lane: int, due_at: datetime | None = None, files: str | None = None
) -> OutboxRow:
    params = json.dumps({"chat_id": chat, "text": text})
    return OutboxRow(
        chat_id=chat, due_at=due_at or now(), method="sendMessage", params=params, lane=lane, files=files
    )


def after(seconds: float) -> datetime:
    """The moment in so many seconds."""
    return now() + timedelta(seconds=seconds)
