"""What falls due: quiet chats, notices, forgotten words, resting drafts, erasures, and sweeping up.

A tick only asks the tables what is due at `clock.now()`; run twice, or late, it changes nothing twice. What is
overdue several times happens once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot import audit_heads
from bot.app import Home
from bot.broadcasting import send_broadcasts
from bot.turn import Arrival
from conversations.events import AnyEvent, DraftRested, HeldExpired, Quieted
from conversations.forgetting import HELD_FOR
from storage import desk_work
from storage.chasing import remind as chase
from storage.engine import reading
from storage.erasure import Erased, erase_due, scrub
from storage.faults import house_fault
from storage.followup import ask
from storage.housekeeping import prune
from storage.ledger import Ledger
from storage.likeness import look
from storage.media import forget_unused, named
from storage.notices import release
from storage.questions import remind as ask_again
from storage.reminding import remind as remind_meetings
from storage.reports import remind
from storage.tasks import free
from storage.transcripts import ask_drafts

DRAFT_RESTS: Final = timedelta(hours=24)
"""After so long an unfinished draft is reminded of, once."""

ORPHANS: Final = timedelta(days=1)
"""Files younger than this may be named by a commit that is still to come, or be on their way out."""

LOT: Final = 32
"""Chats in one transaction, as for updates."""

MOST_LOTS: Final = 32
"""Lots of one job in one tick, so that the others have their turn."""

_log = structlog.get_logger(__name__)


class Job(Protocol):
    """A job in the caller's transaction; returns how much it did."""

    def __call__(self, home: Home, connection: Connection, at: datetime) -> int:
        """Do what is due at `at`."""
        ...


def confirm_quiet(home: Home, connection: Connection, at: datetime) -> int:
    """Confirm answers in several messages whose two quiet seconds are over."""
    chats = Ledger(connection).due_quiet(at, LOT)
    return _happen(home, connection, "quiet", chats, Quieted(at=at))


def release_notices(home: Home, connection: Connection, at: datetime) -> int:
    """Hand notices whose time has come to the outbox."""
    return release(connection, home.delivery, at)


def forget_held(home: Home, connection: Connection, at: datetime) -> int:
    """Forget what was said before consent, a day ago."""
    chats = Ledger(connection).due_held(at - HELD_FOR, LOT)
    return _happen(home, connection, "held", chats, HeldExpired(at=at))


def remind_of_drafts(home: Home, connection: Connection, at: datetime) -> int:
    """Remind of each resting draft once, never by night: those of the night come in the morning."""
    if home.delivery.awake(at) != at:
        return 0
    ledger = Ledger(connection)
    chats = ledger.due_drafts(at - DRAFT_RESTS, LOT)
    done = _happen(home, connection, "draft", chats, DraftRested(at=at))
    ledger.mark_reminded(chats, at)
    return done


def remind_of_reports(home: Home, connection: Connection, at: datetime) -> int:
    """Remind facilitators of what they have not passed on, never by night."""
    return remind(connection, at, LOT) if home.delivery.awake(at) == at else 0


def remind_of_questions(home: Home, connection: Connection, at: datetime) -> int:
    """What nobody answers is asked once more."""
    return ask_again(connection, at, home.delivery, LOT)


def remind_of_meetings(home: Home, connection: Connection, at: datetime) -> int:
    """Remind those who answered of their meetings, never by night: those of the night come in the morning."""
    if home.delivery.awake(at) != at:
        return 0
    return remind_meetings(connection, at, home.furnished.rules, LOT)


def remind_of_deadlines(home: Home, connection: Connection, at: datetime) -> int:
    """Remind the staff of what people have not heard of in time, never by night nor on holidays."""
    return chase(connection, home.furnished.rules, at) if home.delivery.awake(at) == at else 0


def ask_whether_done(home: Home, connection: Connection, at: datetime) -> int:
    """Ask the people of what was completed a while ago, never by night."""
    return ask(connection, at, LOT) if home.delivery.awake(at) == at else 0


def free_tasks(home: Home, connection: Connection, at: datetime) -> int:
    """Give recordings back that somebody took a day ago and has not written down, and cards after three days."""
    del home  # the same in every house
    return free(connection, at) + desk_work.free(connection, at)


def draft_words(home: Home, connection: Connection, at: datetime) -> int:
    """Let a machine listen first, where there is one."""
    return ask_drafts(connection, at, LOT) if home.settings.stt_model_path is not None else 0


def look_for_likeness(home: Home, connection: Connection, at: datetime) -> int:
    """Note which new aspirations are like an older one, for the staff."""
    del home  # the same in every house
    return look(connection, at, LOT)


def prune_rows(home: Home, connection: Connection, at: datetime) -> int:
    """Delete rows that have served their time."""
    del home  # the same in every house
    return prune(connection, at)


OFTEN: Final[tuple[Job, ...]] = (confirm_quiet, release_notices, send_broadcasts)
"""What residents wait for."""

SELDOM: Final[tuple[Job, ...]] = (
    forget_held,
    remind_of_drafts,
    remind_of_reports,
    remind_of_questions,
    remind_of_meetings,
    remind_of_deadlines,
    ask_whether_done,
    free_tasks,
    look_for_likeness,
    draft_words,
    prune_rows,
)
"""What may wait."""


@dataclass(slots=True)
class Jobs:
    """Runs the jobs, each in a transaction of its own. `committed` wakes the sender."""

    home: Home
    committed: Callable[[], None]
    _to_scrub: bool = False

    async def often(self) -> None:
        """Every fifth of a second."""
        await self._each(*(partial(self._lots, job) for job in OFTEN))

    async def seldom(self) -> None:
        """Every half minute; erasures first, so that nobody is reminded of what they wanted gone."""
        await self._each(self._erase, *(partial(self._lots, job) for job in SELDOM), self._keep_head)

    async def _keep_head(self) -> None:
        """Once a day; the file is written after the commit, so that it never names what was not committed."""
        at = self.home.clock.now()
        if not audit_heads.due(self.home, at):
            return
        newest = await self.home.database.run(partial(audit_heads.tell_administrators, self.home, at=at))
        if newest.number:
            await asyncio.to_thread(audit_heads.keep, self.home, newest, at)
            self.committed()

    async def _erase(self) -> None:
        """What an erasure leaves in files and in the log goes after its commit."""
        at = self.home.clock.now()
        erased = await self.home.database.run(lambda connection: erase(self.home, connection, at))
        if erased.persons or self._to_scrub:
            self._to_scrub = not await asyncio.to_thread(discard, self.home, erased)

    async def hourly(self) -> None:
        """Files that nothing names any more, and the rows of those that no aspiration and no draft uses."""
        before = self.home.clock.now() - ORPHANS
        names = await self.home.database.run(lambda connection: forget_unused(connection, before))
        self.home.store.discard(names)
        await asyncio.to_thread(sweep, self.home, datetime.now(UTC))

    async def _each(self, *jobs: Callable[[], Awaitable[None]]) -> None:
        """One job after the other; the fault of one is raised only when all others have been done.

        Else a reminder that cannot be made would keep everybody's erasure from being done. A fault of the house is
        raised at once: it is everybody's.
        """
        faults: list[Exception] = []
        for job in jobs:
            try:
                await job()
            except Exception as fault:
                if house_fault(fault):
                    raise
                faults.append(fault)
        if faults:
            raise faults[0]

    async def _lots(self, job: Job) -> None:
        """Lot by lot while whole lots are due: one lot a tick would be 64 residents a second at most."""
        for _ in range(MOST_LOTS):
            if await self._lot(job) < LOT:
                break

    async def _lot(self, job: Job) -> int:
        done = await self.home.database.run(partial(job, self.home, at=self.home.clock.now()))
        if done:
            self.committed()
        return done


def erase(home: Home, connection: Connection, at: datetime) -> Erased:
    """Erase those whose 24 hours are over; what it returns is to be discarded after the commit."""
    return erase_due(connection, at, home.furnished.rules.secrets)


def discard(home: Home, erased: Erased) -> bool:
    """Delete what erased rows had named, and empty the log of the database; False when a reader still holds that."""
    home.store.discard(erased.names)
    for path in erased.paths:
        Path(path).unlink(missing_ok=True)
    return scrub(home.engine)


def sweep(home: Home, at: datetime) -> int:
    """Delete files that no row names, and what was left half written a day ago.

    `at` is the computer's own time, as files carry it, whatever the demo's clock says.
    """

    def known(names: Collection[str]) -> set[str]:
        with reading(home.engine) as connection:
            return named(connection, names)

    return home.store.sweep(known, (at - ORPHANS).timestamp())


def _happen(home: Home, connection: Connection, job: str, chats: Sequence[int], event: AnyEvent) -> int:
    """Let something happen in these chats; one that fails alone is laid to rest, so that it cannot hold up others.

    Such an event asks nothing of storage, so a fault that is not the database's has written nothing yet.
    """
    if not chats:
        return 0
    try:
        arrivals = [_arrival(job, chat, event) for chat in chats]
        return home.turner.process(connection, arrivals, event.at)
    except SQLAlchemyError:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever one chat's turn stumbles over, the others go on
        _log.error("batch failed, processing one by one", error=type(fault).__name__)
    return sum(_happen_alone(home, connection, _arrival(f"{job}:alone", chat, event)) for chat in chats)


def _happen_alone(home: Home, connection: Connection, arrival: Arrival) -> int:
    try:
        return home.turner.process(connection, [arrival], arrival.event.at)
    except SQLAlchemyError:
        raise
    except Exception as fault:  # noqa: BLE001 - as above
        _log.error("chat laid to rest", error=type(fault).__name__)
        Ledger(connection).lay_to_rest(arrival.chat_id, arrival.event.at)
        return 1


def _arrival(job: str, chat: int, event: AnyEvent) -> Arrival:
    return Arrival((f"clock:{job}", f"{chat}:{event.at.isoformat()}"), chat, "private", event)
