"""Rows that have served their time: keys of updates, quarantined ones, calls, errands, strangers, told news,
invitations, what was said aloud.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Delete, Update, delete, exists, func, or_, text, update

from storage.aspirations import ASPIRATION
from storage.ledger import CHAT, ERRAND, INBOX, OUTBOX, Ledger, table
from storage.notices import NOTICES
from storage.relay_tables import SpokenRecord
from storage.residents import RESIDENT
from storage.traces import INVITATION, MANDATE

PROCESSED: Final = timedelta(days=7)
"""Telegram redelivers for 24 hours at most; a week leaves room for a long outage."""

QUARANTINED: Final = timedelta(days=30)
"""How long an update that failed is kept for somebody to look at (design: inbox)."""

SENT: Final = timedelta(days=30)
"""How long it is remembered which message a call became; a message can be deleted for 48 hours."""

DONE: Final = timedelta(days=30)
"""How long an errand that is done or has failed is kept, so that somebody can see why."""

STRANGER: Final = timedelta(days=30)
"""How long the chat is kept of somebody who never consented and has not come back."""

TOLD: Final = timedelta(days=30)
"""How long it is kept what a notice told; as long as the call that it became."""

INVITED: Final = timedelta(days=30)
"""How long an invitation is kept that was accepted, revoked, or is over, so that somebody can see why."""

SPOKEN: Final = timedelta(days=30)
"""How long it is remembered which voice note Telegram has of what was said aloud: a receipt may name a person."""


def prune(connection: Connection, now: datetime) -> int:
    """Delete what is older than that; returns how many rows went, or were emptied.

    What no index leads to (strangers, told news …) is looked for once a day: every chat is read for it.
    """
    quarantined = INBOX.c.state == "quarantined"
    sent, done = OUTBOX.c.done_at, ERRAND.c.done_at
    statements = (
        delete(INBOX).where(INBOX.c.at < now - PROCESSED, ~quarantined),
        delete(INBOX).where(INBOX.c.at < now - QUARANTINED, quarantined),
        delete(OUTBOX).where(sent.is_not(None), sent < now - SENT),
        delete(ERRAND).where(done.is_not(None), done < now - DONE),
        *(_daily(now) if _first_today(connection, now) else ()),
    )
    return sum(connection.execute(statement).rowcount for statement in statements)


def _first_today(connection: Connection, now: datetime) -> bool:
    return bool(Ledger(connection).admit([(DAILY, now.date().isoformat())], now))


def _daily(now: datetime) -> tuple[Delete | Update, ...]:
    over = func.coalesce(INVITATION.c.used_at, INVITATION.c.revoked_at, INVITATION.c.expires_at)
    return (
        _strangers(now),
        _told(now),
        delete(INVITATION).where(over < now - INVITED),
        delete(_SPOKEN).where(_SPOKEN.c.at < now - SPOKEN),
    )


def _strangers(now: datetime) -> Delete:
    """Whoever never consented, sent nothing, holds no mandate, and has nothing to be told."""
    last = func.coalesce(CHAT.c.seen_at, CHAT.c.created_at)
    return delete(CHAT).where(
        last < now - STRANGER,
        ~exists().where(RESIDENT.c.chat_id == CHAT.c.id),
        ~exists().where(ASPIRATION.c.chat_id == CHAT.c.id),
        ~exists().where(MANDATE.c.chat_id == CHAT.c.id, MANDATE.c.ended_at.is_(None)),
        ~exists().where(_OPEN, OUTBOX.c.chat_id == CHAT.c.id),
    )


def _told(now: datetime) -> Update:
    """The words of each encrypted value differ, so its state says that it was emptied."""
    told = update(NOTICES).where(
        or_(NOTICES.c.state == "queued", NOTICES.c.state == "cancelled"),
        NOTICES.c.due_at < now - TOLD,
        ~exists().where(_OPEN, OUTBOX.c.notice_id == NOTICES.c.id),
    )
    return told.values(params={}, state="forgotten")


_SPOKEN: Final = table(SpokenRecord)
DAILY: Final = "clock:daily"
_OPEN: Final = text("outbox.state IN ('waiting', 'calling')")
