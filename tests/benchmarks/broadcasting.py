"""A broadcast on the whole program before a simulator that enforces Telegram's limits, while residents talk.

What is measured: messages a second against the rate that is meant (five sixths of SEND_RATE), calls that were refused
with a 429, and how long residents wait for a reply meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.fernet import Fernet
from sqlalchemy import Engine

from bot.pacing import bulk_rate
from bot.settings import Settings, load
from simulator.server import Simulator
from tests.benchmarks.crowd import percentiles
from tests.benchmarks.home import prepare
from tests.benchmarks.load import free_port
from tests.benchmarks.processes import Usage, program, settings_file
from tests.benchmarks.relay import TOKEN, WITHIN, Phones
from tests.benchmarks.report import Report
from tests.benchmarks.sections import Size
from tests.broadcasts import WORDS, announce, arrive, is_over

TALKERS: Final = 3
"""Who talk meanwhile, each a second after the last reply, for each 30 calls of SEND_RATE: with them 28 are made."""

ABSORBED: Final = 0.25
"""Seconds that the simulator waits instead of refusing, for what a busy machine crowds together; Telegram waits 8."""

TELEGRAM_RATE: Final = 30
FULL: Final = ((2_000, TELEGRAM_RATE), (20_000, 10 * TELEGRAM_RATE))
QUICK: Final = ((300, TELEGRAM_RATE), (3_000, 10 * TELEGRAM_RATE))
"""Recipients and SEND_RATE: Telegram's limits, and all of them ten times as high."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was measured: calls a second over the whole broadcast, CPU of the bot in ms for each, replies in ms."""

    recipients: int
    seconds: float
    rate: float
    meant: float
    refused: int
    cpu: float
    replies: list[float]
    turns: int


def broadcast(report: Report, size: Size, folder: Path) -> None:
    """Broadcasts at Telegram's pace and at ten times that."""
    report.heading("Broadcasts: the whole program before a simulator that enforces the limits, PACING ON")
    report.words(
        "Recipients are made by the worker in lots of 500, handed to the outbox three seconds ahead, and sent in a lane"
        " below all replies. Rate: from the first to the last message. Replies: what residents who talk meanwhile wait"
        " for theirs, ms. Goals: at least 98 % of the rate, no 429, replies p95 below 500 ms."
    )
    cases = FULL if size.postgres else QUICK
    found = [measure(folder / f"broadcast-{rate}", many, rate) for many, rate in cases]
    report.table(
        (
            "recipients",
            "seconds",
            "msg/s",
            "meant",
            "% of rate",
            "429",
            "CPU/msg",
            "p50",
            "p95",
            "p99",
            "replies",
        ),
        [_row(one) for one in found],
    )


def _row(one: Sent) -> tuple[str | int | float, ...]:
    share = 100 * one.rate / one.meant
    return (
        f"{one.recipients:,}",
        one.seconds,
        one.rate,
        one.meant,
        share,
        one.refused,
        one.cpu,
        *(one.replies or ("", "", "")),
        one.turns,
    )


def measure(folder: Path, recipients: int, rate: int) -> Sent:
    """Send one to so many at this SEND_RATE."""
    folder.mkdir()
    return asyncio.run(_measure(folder, recipients, rate))


async def _measure(folder: Path, recipients: int, rate: int) -> Sent:
    async with Simulator(tokens=[TOKEN], seed=1) as simulator:
        scale = rate / TELEGRAM_RATE
        simulator.world.limits.change(
            {"enforce": True, "overall_per_second": rate, "absorb_seconds": ABSORBED}
        )
        settings = _installed(folder, simulator.url, rate)
        engine = prepare(settings.database_url.get_secret_value(), settings, folder)
        officer, *chats = arrive(simulator, recipients + 1)
        with _bot(folder) as process:
            await simulator.until(simulator.polling, WITHIN)
            found = await _watched(
                simulator, engine, Usage.of(process), (officer, chats), int(TALKERS * scale)
            )
        engine.dispose()
    times, usage, waits = found
    seconds = times[-1] - times[0]
    return Sent(
        recipients=len(times),
        seconds=seconds,
        rate=(len(times) - 1) / seconds,
        meant=bulk_rate(rate),
        refused=len([1 for call in simulator.journal() if call.get("code") == 429]),
        cpu=1000 * usage / len(times),
        replies=percentiles(waits),
        turns=len(waits),
    )


async def _watched(
    simulator: Simulator, engine: Engine, usage: Usage, people: tuple[int, list[int]], talkers: int
) -> tuple[list[float], float, list[float]]:
    """Let the talkers come, begin, and wait until everybody was told: when each was, CPU, and the waits of replies."""
    phones, waits, (officer, chats) = Phones(simulator), list[float](), people
    listening = asyncio.create_task(phones.listen())
    talking = [asyncio.create_task(_talk(phones, waits, place / talkers)) for place in range(talkers)]
    await asyncio.sleep(3)
    waits.clear()
    before = usage.spent()
    await asyncio.to_thread(announce, engine, officer, chats, datetime.now(UTC))
    limit = time.monotonic() + WITHIN + 4 * len(chats) / talkers
    while not await asyncio.to_thread(is_over, engine) and time.monotonic() < limit:  # noqa: ASYNC110
        await asyncio.sleep(1)  # it is another process that works
    spent = usage.spent() - before
    for task in (*talking, listening):
        task.cancel()
    await asyncio.gather(*talking, listening, return_exceptions=True)
    return _times(simulator), spent, waits


def _times(simulator: Simulator) -> list[float]:
    calls = simulator.journal(method="sendMessage")
    return sorted(call["at"] for call in calls if call["code"] == 200 and WORDS in call["params"]["text"])


async def _talk(phones: Phones, waits: list[float], wait: float) -> None:
    """A resident who asks for one thing and another, a second after each reply."""
    await asyncio.sleep(wait)
    person = phones.simulator.add_person("Wati", language_code="id").id
    await phones.write(person, "/start")
    while True:
        for words in ("jadwal", "privasi", "bantuan", "menu"):
            await asyncio.sleep(1)
            waits.append(await phones.write(person, words))


def _installed(folder: Path, url: str, rate: int) -> Settings:
    values: Mapping[str, object] = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "DATABASE_URL": f"sqlite:///{folder}/suara.sqlite",
        "DATA_KEYS": Fernet.generate_key().decode(),
        "MEDIA_DIR": folder / "media",
        "BACKUP_DIR": folder / "backup",
        "LISTEN": f"127.0.0.1:{free_port()}",
        "SEND_RATE": rate,
        "QUIET_HOURS": "none",
        "REGION": "18.07",
    }
    return load(settings_file(folder, values), needs=["TELEGRAM_TOKEN", "DATA_KEYS"])


@contextmanager
def _bot(folder: Path) -> Iterator[Any]:
    command = ("-m", "bot", "--settings", str(folder / "settings.env"), "run")
    with program(command, folder / "bot.log") as process:
        yield process
