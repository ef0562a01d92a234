"""A meeting as a file: for the calendar of a phone (RFC 5545), and its minutes as text and as a spreadsheet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from icalendar import Calendar, Event
from sqlalchemy import Connection

from bot.app import Home
from bot.chats import read_chat
from bot.replies import as_json
from bot.spreadsheets import Sheet, as_xlsx
from conversations.chat import Chat
from conversations.effects import Line
from storage.errands import Errand
from storage.ledger import Ledger, OutboxRow
from storage.meeting_answers import MAKE_CALENDAR
from storage.meeting_minutes import MAKE_MINUTES, minutes
from storage.meeting_overview import overview
from storage.meeting_views import local, meeting_row

KINDS: Final = frozenset({MAKE_CALENDAR, MAKE_MINUTES})
"""The errands that are done here."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send, with what stands under it."""

    name: str
    content: bytes
    caption: str


def make(home: Home, connection: Connection, errand: Errand, at: datetime) -> None:
    """Put the documents of an errand into the outbox. Raises OSError; RefusalError for a meeting that is gone."""
    if errand.chat_id is None:
        return
    ledger = Ledger(connection)
    locale = read_chat(
        ledger.load_chats([errand.chat_id], at)[errand.chat_id], Chat(id=errand.chat_id)
    ).locale
    number = int(errand.params["meeting"])
    if errand.kind == MAKE_CALENDAR:
        documents = [_calendar(home, connection, number, locale, at)]
    else:
        documents = _minutes(home, connection, errand.chat_id, number, locale)
    ledger.enqueue([_row(home, errand.chat_id, document, at) for document in documents], at)


def as_calendar(row: Any, home: Home, at: datetime) -> bytes:
    """A calendar with one event, in the zone of the kabupaten; `row` is one of storage's table `meeting`.

    SEQUENCE is the number of its changes and UID stays, so that a phone takes a newer file for the same event.
    """
    starts = local(row.starts_at, home.furnished.rules.calendar.zone)
    event = Event()
    event.add("uid", f"meeting-{row.id}@suara.{home.settings.region}")
    event.add("sequence", row.sequence)
    event.add("dtstamp", at)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=row.minutes))
    event.add("summary", row.title)
    event.add("location", "; ".join(filter(None, (row.venue, row.link))))
    event.add("description", "\n".join(filter(None, (row.venue, row.link, row.contact))))
    event.add("status", "CANCELLED" if row.cancelled_at is not None else "CONFIRMED")
    if row.link:
        event.add("url", row.link)
    calendar = Calendar()
    calendar.add("prodid", "-//Suara//Musrenbang//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if row.cancelled_at is not None else "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _calendar(home: Home, connection: Connection, number: int, locale: str, at: datetime) -> Document:
    row = meeting_row(connection, number)
    caption = home.furnished.texts.line(Line("schedule.calendar.caption", {"title": row.title}), locale)
    return Document(f"rapat-{number}.ics", as_calendar(row, home, at), caption)


def _minutes(home: Home, connection: Connection, chat_id: int, number: int, locale: str) -> list[Document]:
    """For whoever may still read it: the right may have ended while the errand waited."""
    found = overview(connection, chat_id, number, home.furnished.rules)
    if found is None:
        return []
    texts = home.furnished.texts
    items = minutes(connection, number)
    names = {verdict: texts.line(Line(f"minutes.verdict.{verdict}"), locale) for verdict in _verdicts(items)}
    caption = texts.line(Line("minutes.caption", {"title": found.view.title}), locale)
    heads = (Line("minutes.verdict.head"), Line("minutes.priority.head"), Line("minutes.words.head"))
    header = [texts.line(head, locale) for head in heads]
    rows = [(names[item.verdict], item.position, item.words) for item in items]
    lines = [found.view.title, found.view.starts_at.strftime("%Y-%m-%d %H.%M"), ""]
    lines += [f"{names[item.verdict]} {item.position}. {item.words}" for item in items]
    book = as_xlsx([Sheet(title=caption, header=header, rows=rows, widths=(16, 12, 80))])
    return [
        Document(f"notulen-{number}.txt", "\n".join(lines).encode(), caption),
        Document(f"notulen-{number}.xlsx", book, caption),
    ]


def _verdicts(items: Any) -> set[str]:
    return {item.verdict for item in items}


def _row(home: Home, chat_id: int, document: Document, at: datetime) -> OutboxRow:
    path = home.outgoing.put(document.content)
    return OutboxRow(
        chat_id=chat_id,
        due_at=at,
        method="sendDocument",
        params=as_json({"chat_id": chat_id, "caption": document.caption}),
        files=json.dumps({"document": {"path": str(path), "filename": document.name}}),
    )
