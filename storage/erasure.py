"""Erasing a person: asked for, undone within 24 hours, then done for good (UU 27/2022 Pasal 8 and 43; issue 2).

Gone are the person (name, groups, needs, consents, chat, draft), their words, also those of alerts, what others wrote
down of them, who spoke for them and how, files that nobody else uses, messages to them, and updates of theirs in
quarantine. A facilitator who is erased leaves those whom they spoke for as they are, without a facilitator. Of an
aspiration there remain its number, history (stages, decisions, the staff's notes), place, field and year, its
redacted text if the staff made one, which agency it was sent to, and that it is held back: the public record.

SQLite overwrites what it deletes (secure_delete), and `scrub` empties the write-ahead log. PostgreSQL keeps dead
rows until its autovacuum, and in its own log as long as that is archived. A backup made before the erasure keeps
everything, and a restored one does not know who asked since: so keep backups of BACKUP_DIR 30 days at most, and
after restoring one ask those people again.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, bindparam, delete, func, select, update

from storage import alerts, history, media, questions, reports, residents
from storage.actor import Actor, RefusalError, System, resident
from storage.aspirations import ASPIRATION, strip
from storage.engine import is_sqlite
from storage.history import Entry
from storage.ledger import CHAT, OUTBOX
from storage.lifecycle import State
from storage.mandates import call_off
from storage.residents import RESIDENT
from storage.ticket import Secrets
from storage.traces import DESK_CARD, INVITATION, MANDATE, TASK, Traces

GRACE: Final = timedelta(hours=24)
_EMPTIED: Final = frozenset({"aspiration", "aspiration_event", "desk_card", "inbox", "media", "mandate"})
"""Tables whose rows are emptied instead of deleted, or are deleted only when nobody else uses them."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What to discard after the commit: kept files by SHA-256, and files that were made to be sent, by path."""

    persons: int
    names: frozenset[str]
    paths: frozenset[str]


def schedule(connection: Connection, actor: Actor, at: datetime) -> datetime:
    """Ask for the erasure of the acting person; returns when it is done. Asked again it is not put off."""
    person = residents.ensure(connection, actor, at)
    asked: datetime | None = connection.scalar(
        select(RESIDENT.c.erasure_due_at).where(RESIDENT.c.id == person)
    )
    if asked is not None:
        return asked
    connection.execute(update(RESIDENT).where(RESIDENT.c.id == person).values(erasure_due_at=at + GRACE))
    return at + GRACE


def restore(connection: Connection, actor: Actor) -> None:
    """Call off the erasure of the acting person. RefusalError("late") when there is none, or no more."""
    asked = (RESIDENT.c.chat_id == resident(actor).chat_id, RESIDENT.c.erasure_due_at.is_not(None))
    if connection.execute(update(RESIDENT).where(*asked).values(erasure_due_at=None)).rowcount == 0:
        raise RefusalError("late", "There is nothing to restore.")


def erase_due(connection: Connection, now: datetime, secrets: Secrets, limit: int = 10) -> Erased:
    """Erase those whose 24 hours are over. Commit, then discard the files and `scrub`."""
    chats = list(connection.scalars(_DUE, {"now": now, "limit": limit}))
    due = [chat_id for chat_id in sorted(chats) if _lock(connection, chat_id, now)]  # as turns lock them
    paths = [path for chat_id in due for path in _erase(Traces(connection, chat_id, secrets), now)]
    names = media.forget_unused(connection) if due else set()
    return Erased(len(due), frozenset(names), frozenset(paths))


def scrub(engine: Engine) -> bool:
    """Empty SQLite's write-ahead log of what was erased; False while another process still reads from it.

    Call it outside any transaction of this process. On PostgreSQL it does nothing.
    """
    if not is_sqlite(engine):
        return True
    with closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()
        return busy is not None and busy[0] == 0


def _erase(traces: Traces, now: datetime) -> list[str]:
    connection = traces.connection
    paths = _attachments(traces)
    reports.forget_reminders(connection, traces.aspirations)
    alerts.forget(connection, traces.secrets, traces.chat_id, traces.aspirations)
    questions.forget(connection, traces.contacts)
    for aspiration in traces.aspirations:
        _forget_author(connection, aspiration, now)
    _empty_quarantine(traces)
    _end_mandates(traces, now)
    for name, (table, condition) in traces.rows.items():
        if name not in _EMPTIED:
            connection.execute(delete(table).where(condition))
    return paths


def _lock(connection: Connection, chat_id: int, now: datetime) -> bool:
    """Wait for a turn of this chat that is under way, and see whether it has called the erasure off."""
    connection.execute(select(CHAT.c.id).where(CHAT.c.id == chat_id).with_for_update())
    still = (RESIDENT.c.chat_id == chat_id, RESIDENT.c.erasure_due_at <= now)
    return connection.execute(select(RESIDENT.c.id).where(*still).with_for_update()).first() is not None


def _forget_author(connection: Connection, aspiration: int, now: datetime) -> None:
    strip(connection, aspiration)
    values = {"resident_id": None, "chat_id": None, "draft_key": None, "locale": "id", "erased_at": now}
    values["due_at"] = None  # nobody waits for news any more
    changed = update(ASPIRATION).where(ASPIRATION.c.id == aspiration).values(values)
    row = connection.execute(changed.returning(ASPIRATION.c.stage, ASPIRATION.c.decision)).one()
    card = update(DESK_CARD).where(DESK_CARD.c.aspiration_id == aspiration)
    connection.execute(card.values(mandate_id=None, taken_at=None))
    state = State(row.stage, row.decision)
    history.add(connection, Entry(aspiration, now, System("erasure"), "erased", old=state, new=state))


def _empty_quarantine(traces: Traces) -> None:
    """Keep the keys of updates alone, so that none is ever processed a second time; others name the chat and go."""
    table, condition = traces.rows["inbox"]
    empty = {"content": None, "error": "", "state": "dropped"}
    traces.connection.execute(update(table).where(condition, table.c.content.is_not(None)).values(empty))
    traces.connection.execute(delete(table).where(traces.passing()))
    theirs = update(table).where(table.c.chat_id == traces.chat_id)
    traces.connection.execute(theirs.values(chat_id=None, message_id=None))


def _end_mandates(traces: Traces, now: datetime) -> None:
    """Their people stay, without a facilitator; what they had taken to write down is open to others again."""
    held = traces.mandates
    relayed = ASPIRATION.c.draft_key.startswith(f"{traces.chat_id}:", autoescape=True)
    call_off(traces.connection, held)
    ended = {"chat_id": None, "label": None, "ended_at": func.coalesce(MANDATE.c.ended_at, now)}
    opened = {"state": "open", "mandate_id": None, "taken_at": None}
    for statement in (
        update(DESK_CARD).where(DESK_CARD.c.mandate_id.in_(held)).values(mandate_id=None, taken_at=None),
        update(ASPIRATION).where(relayed).values(draft_key=None),
        update(TASK).where(TASK.c.mandate_id.in_(held), TASK.c.state == "taken").values(opened),
        delete(INVITATION).where(INVITATION.c.from_mandate.in_(held)),
        update(MANDATE).where(MANDATE.c.id.in_(held)).values(ended),
    ):
        traces.connection.execute(statement)


def _attachments(traces: Traces) -> list[str]:
    """Paths of files that were made to be sent to this person, such as their dossier."""
    table, condition = traces.rows["outbox"]
    files = traces.connection.scalars(select(OUTBOX.c.files).select_from(table).where(condition))
    return [path for text in files if text for path in _paths(json.loads(text))]


def _paths(files: dict[str, Any]) -> list[str]:
    return [str(file["path"]) for file in files.values() if isinstance(file, dict) and "path" in file]


_DUE: Final = (
    select(RESIDENT.c.chat_id)
    .where(RESIDENT.c.erasure_due_at <= bindparam("now"), RESIDENT.c.chat_id.is_not(None))
    .order_by(RESIDENT.c.erasure_due_at)
    .limit(bindparam("limit"))
)
