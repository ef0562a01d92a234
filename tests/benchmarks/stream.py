"""Many residents' journeys as one stream of arrivals, recorded from one real journey through the turn itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select

from bot.app import Home
from bot.turn import Arrival, read_arrival
from conversations.events import Quieted
from storage.ledger import OUTBOX
from tests.benchmarks.home import BenchClock
from tests.benchmarks.journey import JOURNEY, LATE, QUIET_SECONDS, Resident

SOURCE: Final = "bot:4242"
APART: Final = 8
"""Residents between two moves of one: with 13 moves each, 104 arrivals lie between them, more than a batch."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing that comes: a raw update, or for None the end of a resident's quiet two seconds."""

    chat_id: int
    update: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Before:
    """What a resident has before them when they make the move `name`: buttons, and the message that carries them."""

    name: str
    payloads: list[str]
    shown: Mapping[str, Any]


def arrival_of(coming: Coming, clock: BenchClock) -> Arrival:
    """Parse what comes."""
    if coming.update is None:
        at = clock.now()
        return Arrival(
            ("clock:quiet", f"{coming.chat_id}:{at.isoformat()}"), coming.chat_id, "private", Quieted(at=at)
        )
    arrival = read_arrival(coming.update, SOURCE, clock.now())
    if arrival is None:
        raise ValueError("an update that concerns no chat")
    return arrival


def record(home: Home, clock: BenchClock, resident: Resident) -> list[Before]:
    """Play one journey for real and return what was before the resident at each move."""
    seen: list[Before] = []
    last = asyncio.run(home.database.run(_newest))
    while not resident.ended:
        before = Before(resident.move.name, resident.payloads, resident.shown)
        seen.append(before)
        update = resident.update(resident.id - len(seen), int(clock.now().timestamp()))
        quiet = [Coming(resident.id, None)] if before.name == LATE else []
        for coming in [Coming(resident.id, update), *quiet]:
            clock.move(2 * QUIET_SECONDS)
            last = asyncio.run(_play(home, clock, coming, resident, last))
    return seen


async def _play(home: Home, clock: BenchClock, coming: Coming, resident: Resident, last: int) -> int:
    def work(connection: Connection) -> Sequence[Any]:
        home.turner.process(connection, [arrival_of(coming, clock)], clock.now())
        said = select(OUTBOX.c.id, OUTBOX.c.params).where(
            OUTBOX.c.id > last, OUTBOX.c.method == "sendMessage"
        )
        return connection.execute(said.order_by(OUTBOX.c.id)).all()

    for row in await home.database.run(work):
        params, last = msgspec.json.decode(row.params), row.id
        resident.hear(params["text"], params.get("reply_markup"), int(clock.now().timestamp()))
    return last


def _newest(connection: Connection) -> int:
    return connection.scalar(select(func.max(OUTBOX.c.id))) or 0


def stream(home: Home, clock: BenchClock, residents: int, first_id: int) -> list[Coming]:
    """The moves of so many residents, interleaved as they come under load: all stages at any time.

    Ids of residents and of updates count from `first_id`; the one who is recorded comes before it.
    """
    seen = _with_quiet(record(home, clock, Resident(first_id - 1)))
    moves = [(place, resident) for resident in range(residents) for place in range(len(seen))]
    moves.sort(key=lambda move: (move[1] + APART * move[0], move[0]))
    date = int(clock.now().timestamp())
    return [
        _coming(place, seen[place], first_id + resident, first_id + number, date)
        for number, (place, resident) in enumerate(moves)
    ]


def _with_quiet(seen: list[Before]) -> list[Before]:
    after = 1 + next(place for place, before in enumerate(seen) if before.name == LATE)
    return [*seen[:after], Before("", [], {}), *seen[after:]]


def _coming(place: int, before: Before, chat_id: int, number: int, date: int) -> Coming:
    if not before.name:
        return Coming(chat_id, None)
    turn = next(turn for turn, move in enumerate(JOURNEY) if move.name == before.name)
    shown = {**before.shown, "chat": {**before.shown["chat"], "id": chat_id}} if before.shown else {}
    resident = Resident(chat_id, turn, messages=2 * place, payloads=before.payloads, shown=shown)
    return Coming(chat_id, resident.update(number, date))
