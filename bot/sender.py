"""The sender: makes the calls that lie in the outbox, in order, at Telegram's pace, each at least once.

A row is committed as `calling` before its call and settled after it, many rows in one transaction. Of the calls
that were in flight when a process died it is unknown whether they happened; these are marked, and replies and
notices among them repeated once (storage.outbox.Outbox.recover).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

import structlog
from sqlalchemy import Connection

from bot.pacing import Outage, Pacing
from bot.transport import (
    Answered,
    MigratedTo,
    RetryAfter,
    ServerFault,
    TransportError,
    Unauthorized,
    Unknown,
    Unreachable,
    Upload,
)
from bot.verdicts import Backoff, judge
from storage.faults import LeadLost, house_fault
from storage.outbox import Claimed, InDoubt, Notice, Outbox, Room, Settled

LOOK_EVERY: Final = 1.0
"""Seconds between two looks at the outbox when nobody wakes the sender: rows come from other processes too."""

GATHER: Final = 0.004
"""Seconds between two transactions while calls are in flight, so that one fsync serves the results of many."""

LANDING: Final = 10.0
"""Seconds that calls in flight are waited for, unless `stop` says otherwise."""

T = TypeVar("T")
Call = tuple[str, Mapping[str, Any]]
Render = Callable[[Notice], Call]
"""Turns a notice into a method and its parameters, in the recipient's locale and mode of this moment."""
ReadFiles = Callable[[str], Mapping[str, Upload]]
"""Reads what the `files` of a row name; runs in a thread. Raises OSError or ValueError for a file that is gone."""
After = Callable[[Connection, Sequence[Settled]], None]
"""What follows from calls that came back, in the transaction that settles them."""
DiscardFiles = Callable[[str], None]
"""Deletes what the `files` of a row named that will not be called again; runs in a thread. Raises OSError."""

_log = structlog.get_logger(__name__)


class Transactions(Protocol):
    """Where the outbox lies: storage.database.Database."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of its own."""
        ...


class Caller(Protocol):
    """What the sender needs of a bot.transport.Transport."""

    async def call(
        self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload] | None = None
    ) -> Any:
        """Call any method; raises only TransportErrors."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What the sender is made of. `concurrency`: calls in flight at most; `random` gives 0 ≤ x < 1."""

    database: Transactions
    transport: Caller
    pacing: Pacing
    render: Render
    read_files: ReadFiles
    discard_files: DiscardFiles
    now: Callable[[], datetime]
    random: Callable[[], float]
    monotonic: Callable[[], float] = time.monotonic
    concurrency: int = 16
    after: After = lambda _connection, _settled: None


class Sender:
    """One for each bot token. `run` until `stop`; `wake` after a commit that added to the outbox.

    `tally` counts what became of calls, by state.
    """

    def __init__(self, sending: Sending) -> None:
        self._with = sending
        self._backoff = Backoff(sending.random)
        self._outage = Outage(self._backoff.seconds, sending.monotonic)
        self._flying: set[asyncio.Task[None]] = set()
        self._settled: list[Settled] = []
        self._news = asyncio.Event()
        self._traded_at = 0.0
        self._stopping = False
        self._patience = LANDING
        self._ended = asyncio.Event()
        self._end: BaseException | None = None
        self.tally: Counter[str] = Counter()

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._news.set()

    async def stop(self, seconds: float) -> None:
        """Begin no more calls, wait for those in flight, at most so long, and settle them; then `run` returns.

        A call that is cut off stays in doubt, as after a crash.
        """
        self._patience = seconds
        self._stopping = True
        self._news.set()
        await self._ended.wait()

    async def run(self) -> None:
        """Send until stopped. Raises Unauthorized when the token is refused; nothing is lost then.

        A database that fails for a while is asked again; a fault that is no fault of the house is raised.
        """
        try:
            await self._recover()
            while not self._stopping and self._end is None:
                await self._round()
            await self._land()
        finally:
            self._ended.set()
        if self._end is not None:
            raise self._end

    async def _recover(self) -> None:
        doubt: InDoubt = await self._run(lambda connection: Outbox(connection).recover(self._with.now()))
        if doubt.repeated or doubt.unknown:
            _log.warning("calls in doubt", doubtful=doubt.repeated, lost=doubt.unknown)

    async def _round(self) -> None:
        await self._gather()
        self._news.clear()
        for row, call in await self._exchange():
            self._begin(row, call)
        if not self._settled:
            await self._rest()

    async def _gather(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._flying and now < self._traded_at + GATHER:
            await asyncio.sleep(self._traded_at + GATHER - now)

    async def _rest(self) -> None:
        held = self._outage.rest() or self._with.pacing.wait()
        try:
            await asyncio.wait_for(self._news.wait(), min(LOOK_EVERY, held or LOOK_EVERY))
        except TimeoutError:
            return

    async def _exchange(self) -> Sequence[tuple[Claimed, Call]]:
        """Settle what has come back and claim what may go: one transaction, hence one fsync, for all of it."""
        settled, self._settled = self._settled, []
        room = self._room()
        if not settled and not room.slots:
            return ()
        done, rows = await self._run(lambda connection: self._trade(connection, settled, room))
        self._traded_at = asyncio.get_running_loop().time()
        if done:
            await asyncio.to_thread(self._discard, done)
        return [(row, call) for row in rows if (call := self._call_of(row)) is not None]

    def _trade(
        self, connection: Connection, settled: Sequence[Settled], room: Room
    ) -> tuple[Sequence[str], Sequence[Claimed]]:
        outbox = Outbox(connection)
        done = outbox.settle(settled)
        if any(result.file_id or result.row.notice or result.state == "refused" for result in settled):
            self._with.after(connection, settled)
        return done, outbox.claim(self._with.now(), room) if room.slots else ()

    def _discard(self, done: Sequence[str]) -> None:
        """Only after the commit that settled their rows: until then they may be needed once more."""
        for files in done:
            try:
                self._with.discard_files(files)
            except (OSError, ValueError) as error:
                _log.warning("a sent file stays until it is swept", error=type(error).__name__)

    async def _run(self, work: Callable[[Connection], T]) -> T:
        attempts = 0
        while True:
            try:
                return await self._with.database.run(work)
            except Exception as error:
                if self._stopping or isinstance(error, LeadLost) or not house_fault(error):
                    raise
                attempts += 1
                _log.warning("database fails", attempts=attempts)
                await asyncio.sleep(self._backoff.seconds(attempts))

    def _room(self) -> Room:
        allowed = self._with.pacing.allowance()
        most = 1 if self._outage else self._with.concurrency
        at_rest = self._stopping or self._outage.rest()
        slots = 0 if at_rest else max(0, most - len(self._flying))
        return Room(slots=slots, paced=allowed.paced, bulk=allowed.bulk, paused=self._with.pacing.paused())

    def _call_of(self, row: Claimed) -> Call | None:
        try:
            return self._with.render(row.notice) if row.notice else (row.method, json.loads(row.params))
        except Exception as error:  # noqa: BLE001 - one unrenderable message must not stop all the others
            _log.error("message cannot be made", error=type(error).__name__)
            self._settle(self._refusal(row, f"cannot be made: {type(error).__name__}"))
            return None

    def _begin(self, row: Claimed, call: Call) -> None:
        self._with.pacing.take(row.chat_id, row.lane)
        task = asyncio.create_task(self._fly(row, call))
        self._flying.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._news.set()
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._end = fault

    async def _fly(self, row: Claimed, call: Call) -> None:
        try:
            files = await asyncio.to_thread(self._with.read_files, row.files) if row.files else None
        except (OSError, ValueError) as error:
            self._settle(self._refusal(row, f"a file cannot be read: {type(error).__name__}"))
        else:
            self._settle(await self._attempt(row, call, files))

    async def _attempt(self, row: Claimed, call: Call, files: Mapping[str, Upload] | None) -> Settled:
        try:
            result = await self._call(call, files)
        except TransportError as error:
            return self._fault(row, error)
        except Exception as error:  # noqa: BLE001 - an adapter's own fault: the call may have happened; all others go on
            _log.error("transport fails", error=type(error).__name__)
            return self._fault(row, Unknown(f"unexpected {type(error).__name__}"))
        self._outage.answered()
        file_id = _file_id(result) if files else ""
        at, message_id = self._with.now(), _message_id(result)
        return Settled(row=row, state="sent", at=at, message_id=message_id, file_id=file_id)

    async def _call(self, call: Call, files: Mapping[str, Upload] | None) -> Any:
        method, params = call
        try:
            return await self._with.transport.call(method, params, files)
        except MigratedTo as moved:  # the group has become a supergroup: the same call goes to its new id
            return await self._with.transport.call(method, {**params, "chat_id": moved.chat_id}, files)

    def _fault(self, row: Claimed, error: TransportError) -> Settled:
        match error:
            case RetryAfter():
                self._with.pacing.refused(row.chat_id, error.seconds)
            case Unauthorized():
                self._end = error
        if isinstance(error, Answered) and not isinstance(error, ServerFault):
            self._outage.answered()
        else:
            self._outage.failed(row.chat_id, unreachable=isinstance(error, Unreachable))
        return judge(row, error, self._with.now(), self._backoff, outage=bool(self._outage))

    def _refusal(self, row: Claimed, words: str) -> Settled:
        return Settled(row=row, state="refused", at=self._with.now(), error=words)

    def _settle(self, result: Settled) -> None:
        self.tally[result.state] += 1
        self._settled.append(result)
        self._news.set()

    async def _land(self) -> None:
        """Wait for the calls in flight, cut off what takes too long, and settle the rest."""
        self._stopping = True
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=self._patience)
            for task in late:
                task.cancel()
        await self._exchange()


def _message_id(result: Any) -> int | None:
    match result:
        case {"message_id": int(number)} | [{"message_id": int(number)}, *_]:
            return number
        case _:
            return None


def _file_id(result: Any) -> str:
    match result:
        case {"voice": {"file_id": str(file_id)}} | {"video": {"file_id": str(file_id)}}:
            return file_id
        case _:
            return ""
