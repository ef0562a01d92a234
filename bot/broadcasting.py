"""Broadcasts on their way: what each tick does for them, and the message that tells their author how far they are.

Handing on, settling and ending are storage's (storage.broadcast_sending); here are pace, words and files.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import Connection

from bot.app import Home
from bot.broadcast_count import Counted, count
from bot.chats import read_chat
from bot.pacing import bulk_rate
from bot.replies import as_json
from bot.spreadsheets import Sheet, as_xlsx
from conversations.chat import Chat
from conversations.effects import Line, Say
from conversations.flows.broadcast_control import message_of, step_of
from conversations.sending import Progress
from conversations.table import Tell
from conversations.walk import tell_buttons
from storage import broadcast_extras, broadcast_progress, broadcast_sending
from storage.broadcast_approval import hold_back, is_alone
from storage.broadcast_control import REPORT
from storage.broadcast_drafts import broadcast_row
from storage.broadcast_outcomes import Outcome, outcomes
from storage.broadcast_progress import Mending, Telling
from storage.broadcast_sending import MAKE
from storage.broadcast_words import TAKEN_BACK
from storage.errands import Errand
from storage.ledger import Ledger, OutboxRow
from storage.tables import NOTICE

KINDS: Final = frozenset({MAKE, REPORT})
"""The errands that are done here."""

AHEAD: Final = 3.0
"""Seconds' worth of calls that lie ready in the outbox: what a pause takes back, and what a slow tick lives on."""

FEWEST_AHEAD: Final = 20
MOST_AHEAD: Final = 1000

TELL_EVERY: Final = timedelta(seconds=3)
"""Between two changes of the message that tells how far a broadcast is."""


def send_broadcasts(home: Home, connection: Connection, at: datetime) -> int:
    """Do what is due for broadcasts on their way; returns how many recipients were handed on."""
    delivery = home.delivery
    broadcast_sending.begin(connection, at)
    broadcast_sending.settle(connection, at)
    broadcast_extras.hold(connection, delivery, at)
    broadcast_sending.recall(connection, delivery, at)
    room = broadcast_sending.room(connection, ahead(home.settings.send_rate), at)
    mended = mend(home, connection, at, room)
    fed = broadcast_sending.feed(connection, delivery, at, room - mended)
    broadcast_sending.finish(connection, at)
    for telling in broadcast_progress.to_tell(connection):
        tell(home, connection, telling, at)
    return fed + mended


def ahead(rate: float) -> int:
    """How many calls may lie ready at this rate a second; 0 is no rate."""
    wanted = ceil(AHEAD * rate) if rate > 0 else MOST_AHEAD
    return min(MOST_AHEAD, max(FEWEST_AHEAD, wanted))


# How far it is


def tell(home: Home, connection: Connection, telling: Telling, at: datetime) -> None:
    """Tell the author how far their broadcast is: one message, which changes (Bot API, editMessageText)."""
    if telling.busy or not _is_time(telling, at):
        return
    now = broadcast_progress.progress(connection, telling.row, home.delivery, at)
    said = said_of(telling, now)
    if said == telling.row.progress_told:
        return
    params = _progress_message(home, connection, telling, now, at)
    if telling.first:
        ids = _add(connection, telling.chat_id, "sendMessage", params, at)
        broadcast_progress.remember(connection, now.id, progress_row=ids, progress_told=said)
    elif telling.message:
        edit = _add(
            connection, telling.chat_id, "editMessageText", {**params, "message_id": telling.message}, at
        )
        broadcast_progress.remember(connection, now.id, progress_edit=edit, progress_told=said)


def said_of(telling: Telling, now: Progress) -> str:
    """What the message says, in short: it changes when this does. What begins with "end" is the last word."""
    figures = (now.sent, now.failed, now.unknown, now.left_out, now.held, now.waiting, now.made, now.resting)
    return f"{_phase(telling)}:{':'.join(str(int(figure)) for figure in figures)}"


def _phase(telling: Telling) -> str:
    row = telling.row
    return str("mend" if row.mending else "end" if row.done_at is not None else row.state)


def _is_time(telling: Telling, at: datetime) -> bool:
    """Figures now and then, for they are counted for it; a change of state at once."""
    changed = _phase(telling) != telling.row.progress_told.partition(":")[0]
    return changed or telling.changed_at is None or at >= telling.changed_at + TELL_EVERY


def _progress_message(
    home: Home, connection: Connection, telling: Telling, now: Progress, at: datetime
) -> dict[str, object]:
    locale = _locale(connection, telling.chat_id, at)
    step = home.letters.flows.steps[step_of(now)]
    line = message_of(now, left(now, home.settings.send_rate))
    buttons = tell_buttons(step, str(now.id)) if isinstance(step, Tell) else ()
    lines = (line, Line(step.says)) if isinstance(step, Tell) else (line,)
    return home.replies.message(Say(lines=lines, buttons=buttons), telling.chat_id, locale)


def left(now: Progress, rate: float) -> int:
    """Minutes that a broadcast still takes, rounded up; those who are held are not waited for."""
    return ceil(now.waiting / max(1.0, bulk_rate(rate)) / 60)


def _add(connection: Connection, chat_id: int, method: str, params: dict[str, object], at: datetime) -> int:
    call = OutboxRow(chat_id=chat_id, due_at=at, method=method, params=as_json(params))
    return Ledger(connection).add_calls([call], at)[0]


def _locale(connection: Connection, chat_id: int, at: datetime) -> str:
    return read_chat(Ledger(connection).load_chats([chat_id], at)[chat_id], Chat(id=chat_id)).locale


# Changing what was sent


def mend(home: Home, connection: Connection, at: datetime, most: int) -> int:
    """Correct or delete what was sent in other words than those of now, at most so many; returns how many.

    Both may be repeated without harm, so they go in the lane of notices, which repeats what is in doubt.
    """
    found = broadcast_progress.to_mend(connection, at, most)
    calls = [call for one in found if (call := _mending(home, one, at)) is not None]
    Ledger(connection).enqueue(calls, at)
    broadcast_progress.mended(connection, found)
    return len(calls)


def _mending(home: Home, one: Mending, at: datetime) -> OutboxRow | None:
    if one.revision == TAKEN_BACK:
        method, params = "deleteMessages", {"chat_id": one.chat_id, "message_ids": list(one.numbers)}
    elif one.notice is None:
        return None
    else:
        _, said = home.letters.render(one.notice)
        method, params = "editMessageText", {**said, "message_id": one.numbers[0]}
    return OutboxRow(chat_id=one.chat_id, due_at=at, lane=NOTICE, method=method, params=as_json(params))


# Errands


def recount(home: Home, connection: Connection, errand: Errand) -> Counted | None:
    """Count whom a broadcast that one person alone submitted reaches now, before anybody is told; it only reads."""
    row = broadcast_row(connection, int(errand.params["broadcast"])) if errand.kind == MAKE else None
    return count(home, connection, errand) if row is not None and is_alone(row) else None


def work(
    home: Home, connection: Connection, errand: Errand, at: datetime, counted: Counted | None = None
) -> None:
    """Make one lot of recipients, unless they have come to be too many; or send each one's outcome to whoever asked."""
    number = int(errand.params["broadcast"])
    if errand.kind == MAKE:
        if counted is not None:
            hold_back(connection, counted.row, counted.census, home.furnished.rules, at)
        broadcast_sending.make_lot(connection, number, home.furnished.rules, at)
    elif errand.chat_id is not None:
        _send_outcomes(home, connection, errand.chat_id, number, at)


def _send_outcomes(home: Home, connection: Connection, chat_id: int, number: int, at: datetime) -> None:
    rows = outcomes(connection, chat_id, number, home.furnished.rules)
    if rows is None:
        return  # the right may have ended while the errand waited
    texts, locale = home.furnished.texts, _locale(connection, chat_id, at)
    caption = texts.line(Line("sending.report.caption", {"number": number}), locale)
    path = home.outgoing.put(as_xlsx([_sheet(home, rows, caption, locale)]))
    call = OutboxRow(
        chat_id=chat_id,
        due_at=at,
        method="sendDocument",
        params=as_json({"chat_id": chat_id, "caption": caption}),
        files=json.dumps({"document": {"path": str(path), "filename": f"siaran-{number}.xlsx"}}),
    )
    Ledger(connection).enqueue([call], at)


COLUMNS: Final = ("place", "locale", "outcome", "reason", "when")


@dataclass(frozen=True, slots=True)
class _Names:
    """Codes as words, each asked of the texts once."""

    home: Home
    locale: str

    def of(self, key: str) -> str:
        """The words of a key."""
        return self.home.furnished.texts.line(Line(key), self.locale)


def _sheet(home: Home, rows: Sequence[Outcome], title: str, locale: str) -> Sheet:
    names, zone = _Names(home, locale), home.delivery.zone
    states = {state: names.of(f"sending.outcome.{state}") for state in {row.state for row in rows}}
    reasons = {
        reason: names.of(f"sending.reason.{reason}") for reason in {row.code for row in rows} if reason
    }
    cells = [
        (row.place, row.locale, states[row.state], reasons.get(row.code, row.words), row.at.astimezone(zone))
        for row in rows
    ]
    header = [names.of(f"sending.column.{name}") for name in COLUMNS]
    return Sheet(title=title, header=header, rows=cells, widths=(36, 12, 28, 40, 20))
