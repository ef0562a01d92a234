"""One thing that cannot be done stops nothing else: a chat, an errand, a job, a role that was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, insert, select, update

from bot import jobs as due
from bot.app import Home
from bot.beside import working_beside
from bot.jobs import Jobs
from bot.receiver import Receiver
from bot.rehearsal import StoppedClock
from bot.roles import Bot, work_beside
from bot.settings import Settings
from bot.transport import Transport
from bot.worker import TRIES, Worker
from storage.erasure import Erased
from storage.faults import LeadLost
from storage.ledger import CHAT, ERRAND, INBOX, OUTBOX, ErrandRow, Ledger
from storage.performer import EXPORT_DATA
from tests.databases import KEY, NOON

SITI, BUDI = 7_000_000_001, 7_000_000_002
SPOILED: Final = '{"id":"not a number"}'


NOBODY: Final = cast("Transport", None)
"""A transport that must not be used."""


def spoil(home: Home, chat: int = SITI) -> None:
    """What is stored of this chat can no longer be read."""
    with home.engine.begin() as connection:
        connection.execute(
            insert(CHAT).values(
                id=chat, state=SPOILED, reachable=True, created_at=NOON, quiet_at=NOON, draft_at=NOON
            )
        )


def written(chat: int, number: int, text: str = "halo") -> dict[str, Any]:
    """An update with a text message."""
    message = {
        "message_id": number,
        "date": int(NOON.timestamp()),
        "chat": {"id": chat, "type": "private"},
        "from": {"id": chat},
        "text": text,
    }
    return {"update_id": number, "message": message}


async def receive(home: Home, updates: Sequence[Any]) -> None:
    """What the poller or the webhook does with updates."""
    await Receiver(home.database, home.turner, home.clock, "bot:1", lambda: None).accept(updates)
    await home.database.close()


def told(home: Home) -> list[int]:
    """The chats that have something in the outbox."""
    with home.engine.begin() as connection:
        return list(connection.scalars(select(OUTBOX.c.chat_id).order_by(OUTBOX.c.id)))


def states(home: Home) -> list[tuple[str, str, str]]:
    """What the inbox says about updates: id, state, error."""
    with home.engine.begin() as connection:
        found = connection.execute(select(INBOX).where(INBOX.c.source == "bot:1").order_by(INBOX.c.id))
        return [(row.id, row.state, row.error) for row in found]


async def test_a_chat_that_cannot_be_read_stops_nobody_else(home: Home) -> None:
    """Not even its own "something went wrong" can be said; raised, that would end the bot at each start."""
    spoil(home)
    await receive(home, [written(SITI, 1), written(BUDI, 2)])
    assert [(id_, state) for id_, state, _ in states(home)] == [("1", "quarantined"), ("2", "done")]
    assert set(told(home)) == {BUDI}


async def test_an_update_with_a_lone_surrogate_can_be_quarantined(home: Home) -> None:
    spoil(home)
    await receive(home, [written(SITI, 1, "rusak \ud83d"), {"update_id": 2, "message": "\udc00"}])
    assert [state for _, state, _ in states(home)] == ["quarantined", "quarantined"]


async def test_the_error_of_a_quarantined_update_repeats_no_words(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only its content is encrypted; the message of an exception may hold what somebody wrote."""

    def fail(*_given: object) -> None:
        raise ValueError("KENARI di jalan rusak")

    monkeypatch.setattr(type(home.turner), "_turn", fail)
    await receive(home, [written(SITI, 1)])
    assert states(home) == [("1", "quarantined", "ValueError")]


async def test_an_errand_that_fails_oddly_leaves_the_others_to_be_done(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(_worker: Worker, errand: Any) -> None:
        raise LookupError(errand.kind)

    monkeypatch.setattr(Worker, "_fetch", fetch)
    with home.engine.begin() as connection:
        rows = [ErrandRow(kind=kind, due_at=NOON, chat_id=BUDI) for kind in ("fetch_media", EXPORT_DATA)]
        Ledger(connection).add_errands(rows, NOON)
    worker = Worker(home, NOBODY, lambda: None)
    assert await worker.work() == 2
    with home.engine.begin() as connection:
        connection.execute(
            update(ERRAND).where(ERRAND.c.kind == "fetch_media").values(attempts=TRIES - 1, due_at=NOON)
        )
        first = connection.execute(select(ERRAND.c.kind, ERRAND.c.state).order_by(ERRAND.c.id)).all()
    await worker.work()
    await home.database.close()
    with home.engine.begin() as connection:
        last = connection.execute(select(ERRAND.c.state, ERRAND.c.error).order_by(ERRAND.c.id)).all()
    assert [tuple(row) for row in first] == [("fetch_media", "waiting"), (EXPORT_DATA, "done")]
    assert tuple(last[0]) == ("failed", "LookupError")


async def test_a_job_that_fails_keeps_no_other_from_being_done(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its fault is still raised, so that the log tells of it."""
    done: list[str] = []

    def prune(_home: Home, _connection: Connection, at: datetime) -> int:
        raise ValueError(f"Expected at {at}")

    def erase(_home: Home, _connection: Connection, _at: datetime) -> Any:
        done.append("erase")
        return Erased(0, frozenset(), frozenset())

    monkeypatch.setattr(due, "erase", erase)
    monkeypatch.setattr(due, "SELDOM", (prune,))
    home.clock.at = NOON + timedelta(days=2)  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="Expected"):
        await Jobs(home, lambda: None).seldom()
    await home.database.close()
    assert done == ["erase"]


async def test_a_lost_role_ends_the_clock_too(home: Home) -> None:
    """The scheduler only logs what a tick raises: the process would go on, and do nothing for ever."""
    stop = asyncio.Event()
    bot = Bot(home, NOBODY, "bot:1", stop)

    async def tick() -> None:
        raise LeadLost("gone")

    await bot._leading(tick)
    assert stop.is_set()
    with pytest.raises(LeadLost):
        bot.complain()


async def test_a_worker_that_ends_by_itself_is_noticed(tmp_path: Path) -> None:
    """Here its database lacks the tables, so it ends at once."""
    ended = asyncio.Event()
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=SecretStr(f"sqlite:///{tmp_path / 'empty.db'}"),
        data_keys=(SecretStr(KEY),),
    )
    async with working_beside(settings, work_beside, ended.set):
        await ended.wait()


async def test_a_chat_that_cannot_be_read_is_laid_to_rest_by_the_clock_and_the_others_go_on(
    home: Home,
) -> None:
    """Its quiet seconds are over at each tick anew: it would hold up everybody who is due after it, for ever."""
    spoil(home)
    with home.engine.begin() as connection:
        connection.execute(
            insert(CHAT).values(
                id=BUDI, state="", reachable=True, created_at=NOON, quiet_at=NOON + timedelta(seconds=1)
            )
        )
    cast("StoppedClock", home.clock).at = NOON + timedelta(seconds=2)
    await Jobs(home, lambda: None).often()
    await home.database.close()
    with home.engine.begin() as connection:
        assert Ledger(connection).due_quiet(NOON + timedelta(seconds=2), 10) == []
