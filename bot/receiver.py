"""Receiving: updates by long polling or from a webhook become turns, and are acknowledged only after them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.decoding import Malformed
from bot.transport import (
    Conflict,
    RetryAfter,
    ServerFault,
    Transport,
    TransportError,
    Unauthorized,
    Unknown,
    Unreachable,
)
from bot.turn import Arrival, Turner, number_of, read_arrival, unreadable
from storage.database import Database
from storage.faults import LeadLost, house_fault

BATCH: Final = 32
"""Updates in one transaction (design: life of a message)."""

POLL_SECONDS: Final = 25
SHORTEST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 60.0

Sleep = Callable[[float], Awaitable[object]]
_log = logging.getLogger(__name__)


class Unnumbered(Exception):  # noqa: N818 - errors are named by what happened
    """Updates came of which none has an update_id: the server is not one that the Bot API describes."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Turns updates of one source ("bot:" and the bot's id) into durable consequences.

    `committed` is called after each commit, so that the sender wakes up.
    """

    database: Database
    turner: Turner
    clock: Clock
    source: str
    committed: Callable[[], None]

    async def accept(self, updates: Sequence[Any]) -> None:
        """Process updates in order, at most 32 in one transaction; raises only faults of the house."""
        for first in range(0, len(updates), BATCH):
            await self.deliver([self._read(update) for update in updates[first : first + BATCH]])

    async def spoiled(self, body: bytes) -> None:
        """Keep a webhook body that is not even JSON."""
        text = body.decode("utf-8", "replace")
        await self.deliver([unreadable(text, self.source, self.clock.now())])

    async def deliver(self, arrivals: Sequence[Arrival | None]) -> None:
        """Process arrivals in one transaction; if that fails, one by one, and quarantine what fails alone."""
        coming = [arrival for arrival in arrivals if arrival is not None]
        readable = [arrival for arrival in coming if not arrival.spoiled]
        try:
            await self._process(readable)
        except Exception as error:
            if house_fault(error):
                raise
            _log.warning("batch failed, processing one by one", extra={"error": type(error).__name__})
            for arrival in readable:
                await self._process_alone(arrival)
        for arrival in coming:
            if arrival.spoiled:
                await self._quarantine(arrival, "unreadable")
        self.committed()

    def _read(self, update: Any) -> Arrival | None:
        at = self.clock.now()
        try:
            return read_arrival(update, self.source, at)
        except Malformed:
            return unreadable(update, self.source, at)

    async def _process(self, arrivals: Sequence[Arrival]) -> None:
        if not arrivals:
            return
        at = self.clock.now()

        def work(connection: Connection) -> int:
            return self.turner.process(connection, arrivals, at)

        await self.database.run(work)

    async def _process_alone(self, arrival: Arrival) -> None:
        try:
            await self._process([arrival])
        except Exception as error:
            if house_fault(error):
                raise
            await self._quarantine(arrival, type(error).__name__)

    async def _quarantine(self, arrival: Arrival, error: str) -> None:
        """Keep it and tell its resident. `error` is a name alone: messages of errors repeat what people wrote."""
        _log.error("update quarantined", extra={"error": error})
        try:
            await self._keep(arrival, error)
        except Exception as fault:
            if house_fault(fault):
                raise
            # What spoils a chat spoils this answer too; raised, it would stop the bot for everybody at each start.
            _log.error("resident not told", extra={"error": type(fault).__name__})
            await self._keep(replace(arrival, chat_id=0), error)

    async def _keep(self, arrival: Arrival, error: str) -> None:
        at = self.clock.now()
        await self.database.run(lambda connection: self.turner.quarantine(connection, arrival, error, at))


@dataclass(slots=True)
class Poller:
    """Long polling: the next offset is asked for only after the commit of everything before it."""

    transport: Transport
    receiver: Receiver
    sleep: Sleep = asyncio.sleep
    offset: int = 0
    _wait: float = SHORTEST_WAIT

    async def run(self) -> None:
        """Poll until cancelled. Raises Unauthorized: no waiting helps against a wrong token."""
        while True:
            await self.poll()

    async def poll(self) -> None:
        """Ask once, process, and move the offset; wait after a fault, longer each time.

        After an idle week Telegram numbers updates anew from anywhere (Bot API, Update): the offset follows the
        newest answer, even downwards, else the same updates would come again for ever.
        """
        try:
            updates = await self.transport.receive(self.offset, timeout=POLL_SECONDS)
            await self.receiver.accept(updates)
        except Unauthorized:
            raise
        except (RetryAfter, Conflict, ServerFault, Unreachable, Unknown, TransportError) as error:
            await self._back_off(error, error.seconds if isinstance(error, RetryAfter) else 0)
        except Exception as error:
            if isinstance(error, LeadLost) or not house_fault(error):
                raise
            await self._back_off(error, 0)
        else:
            await self._move(updates)

    async def _move(self, updates: Sequence[Any]) -> None:
        """The next offset; updates without any number cannot be confirmed, and would come again at once."""
        numbers = [number for update in updates if (number := number_of(update)) is not None]
        if updates and not numbers:
            await self._back_off(Unnumbered(), 0)
        else:
            self._wait = SHORTEST_WAIT
            self.offset = max((number + 1 for number in numbers), default=self.offset)

    async def _back_off(self, error: BaseException, seconds: float) -> None:
        _log.warning("polling failed, waiting", extra={"error": type(error).__name__})
        await self.sleep(max(seconds, self._wait))
        self._wait = min(LONGEST_WAIT, self._wait * 2)
