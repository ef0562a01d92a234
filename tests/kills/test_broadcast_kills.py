"""A broadcast whose sender is killed in the middle: nobody is told twice, nobody is left out (issue 4)."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from simulator.server import Simulator
from tests.broadcasts import WORDS, announce, arrive, outcome
from tests.kills.test_kills import PATIENCE, TOKEN, environment, has_sent, opened, running

PEOPLE: Final = 40
KILLED_AFTER: Final = 12
"""Messages after which the bot is killed."""


@pytest.mark.slow
async def test_a_killed_broadcast_reaches_everybody_once_but_for_calls_in_flight(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Only a call that was in flight may be without a known outcome; it is never made again."""
    with opened(sqlite_url) as engine:
        async with Simulator(tokens=[TOKEN], seed=1) as telegram:
            officer, *chats = arrive(telegram, PEOPLE + 1)
            announce(engine, officer, chats, datetime.now(UTC))
            settings = environment(telegram.url, sqlite_url, tmp_path)
            settings |= {"QUIET_HOURS": "none", "SEND_RATE": "30"}
            async with running(settings, telegram, signal.SIGKILL):
                await telegram.until(partial(has_sent, telegram, KILLED_AFTER), PATIENCE)
            async with running(settings, telegram, signal.SIGTERM), asyncio.timeout(PATIENCE):
                while not is_over(outcome(engine)):  # noqa: ASYNC110 - another process's work is no event here
                    await asyncio.sleep(0.1)
            states = outcome(engine)
            reached = heard(telegram)
    assert set(states) == set(chats)
    assert set(states.values()) <= {"sent", "unknown"}
    assert max(reached.values()) == 1
    assert {chat for chat, state in states.items() if state == "sent"} <= set(reached)
    assert {chat for chat in chats if chat not in reached} <= {c for c, s in states.items() if s == "unknown"}


def is_over(states: dict[int, str]) -> bool:
    """Whether everybody's outcome is known."""
    return len(states) == PEOPLE and not set(states.values()) & {"waiting", "held", "queued"}


def heard(telegram: Simulator) -> Counter[int]:
    """How often each person was told."""
    calls = telegram.journal(method="sendMessage")
    return Counter(
        int(call["chat"]) for call in calls if call["code"] == 200 and WORDS in call["params"]["text"]
    )
