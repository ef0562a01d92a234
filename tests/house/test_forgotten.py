"""What may be held for a day only leaves the database then, also when nobody comes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import msgspec
import pytest
from sqlalchemy import Connection, select

from bot.app import Home
from bot.chats import read_chat, write_chat
from bot.jobs import Jobs
from bot.rehearsal import StoppedClock
from bot.turn import Arrival
from conversations.chat import Aside, Chat
from conversations.events import Typed
from conversations.forgetting import HELD_FOR
from storage.ledger import CHAT, ChatRow, Ledger
from tests.databases import NOON

SITI = 7_000_000_001


def stored(home: Home) -> Chat:
    """The chat as it lies in the database."""
    with home.engine.begin() as connection:
        return read_chat(str(connection.scalar(select(CHAT.c.state))), Chat(id=SITI))


async def left_behind(home: Home, chat: Chat, words: str) -> None:
    """Somebody at this question says something, and never comes back."""

    def say(connection: Connection) -> int:
        ledger = Ledger(connection)
        ledger.load_chats({SITI}, NOON)
        ledger.save_chats([ChatRow(id=SITI, state=write_chat(chat), seen_at=NOON)])
        event = Typed(at=NOON, message=5, text=words)
        return home.turner.process(connection, [Arrival(("bot:1", "1"), SITI, "private", event)], NOON)

    assert await home.database.run(say) == 1


async def tick(home: Home, at: datetime) -> None:
    """The clock looks what is due."""
    cast("StoppedClock", home.clock).at = at
    await Jobs(home, lambda: None).seldom()


@pytest.mark.parametrize("words", ["1", "bahasa"])
async def test_own_groups_that_were_picked_and_left_are_gone_after_a_day(home: Home, words: str) -> None:
    """They are sealed where they lie, and go all the same, whatever the question was left for."""
    await left_behind(home, Chat(id=SITI, step="groups.more", picked=("elderly",), seen_at=NOON), words)
    before = stored(home)
    assert b"elderly" in msgspec.json.encode(before)
    await tick(home, NOON + HELD_FOR - timedelta(seconds=1))
    assert stored(home) == before
    await tick(home, NOON + HELD_FOR)
    after = stored(home)
    assert (after.step, after.picked) == (before.step, ())
    assert (after.interrupted or Aside(step="")).picked == ()
    with home.engine.begin() as connection:
        assert connection.scalar(select(CHAT.c.held_at)) is None
    await home.database.close()
