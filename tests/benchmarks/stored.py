"""A database with a past: aspirations with everything that belongs to them, one of each resident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Table, text

from bot.app import Home
from bot.chats import write_chat
from conversations.chat import Chat
from storage.ledger import CHAT, OUTBOX, table
from storage.tables import (
    AspirationAudienceRecord,
    AspirationEventRecord,
    AspirationPartRecord,
    AspirationRecord,
    ConsentRecord,
    ResidentRecord,
)
from tests.benchmarks.home import STARTED
from tests.benchmarks.journey import NEED, VILLAGE

NUMBERS: Final = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
PERSON: Final = "(1000000000 + i)"
Row = Mapping[str, str]
"""Column by column, an SQL expression over `i`, the number of the row."""


def fill(home: Home, count: int) -> None:
    """Store so many aspirations of this planning year, in SQL alone, which takes seconds (SQLite only).

    The check digits of their tickets are not those of Damm's method, which nothing here reads.
    """
    region = home.furnished.rules.regions.find(VILLAGE).exact[0].kode
    year = home.furnished.rules.calendar.planning(STARTED).plan_year
    with home.engine.begin() as connection:
        for where, row in _rows(region, year):
            columns, values = ", ".join(row), ", ".join(row.values())
            insertion = f"INSERT INTO {where.name} ({columns}) SELECT {values} FROM n"  # noqa: S608 - our own words
            connection.execute(text(f"{NUMBERS} {insertion}"), {"count": count})


def _rows(region: str, year: int) -> list[tuple[Table, Row]]:
    return [
        (CHAT, _chat()),
        (table(ResidentRecord), _resident(region)),
        (table(ConsentRecord), _consent()),
        (table(AspirationRecord), _aspiration(region, year)),
        (table(AspirationPartRecord), _part()),
        (table(AspirationAudienceRecord), {"aspiration_id": "i", "grp": "'everyone'"}),
        (table(AspirationEventRecord), _event()),
        (OUTBOX, _call()),
    ]


def _moment() -> str:
    return f"'{STARTED:%Y-%m-%d %H:%M:%S.%f}'"


def _empty(*columns: str) -> Row:
    return dict.fromkeys(columns, "''")


def _chat() -> Row:
    before, _, after = write_chat(Chat(id=777, step="menu", seen_at=STARTED, drafts=1)).partition("777")
    state = f"'{before}' || {PERSON} || '{after}'"
    return {
        "id": PERSON,
        "state": state.replace(":", r"\:"),
        "reachable": "1",
        "created_at": _quoted(_moment()),
        "seen_at": _quoted(_moment()),
    }


def _resident(region: str) -> Row:
    times = {"created_at": _quoted(_moment())}
    flags = {"groups_answered": "0", "notices": "1", "broadcasts": "0"}
    return {"id": "i", "chat_id": PERSON, "locale": "'id'", "village_kode": f"'{region}'", **flags, **times}


def _consent() -> Row:
    words = {"purpose": "'service'", "version": "'1'", "locale": "'id'", "form": "'button'"}
    return {"resident_id": "i", "granted": "1", "at": _quoted(_moment()), **words}


def _aspiration(region: str, year: int) -> Row:
    return {
        "id": "i",
        "ticket": "printf('%06d0', i)",
        "plan_year": str(year),
        "resident_id": "i",
        "chat_id": PERSON,
        "draft_key": rf"{PERSON} || '\:1'",
        "region": f"'{region}'",
        "field": "'road'",
        "visibility": "'public'",
        "stage": "'submitted'",
        "locale": "'id'",
        "submitted_at": _quoted(_moment()),
        **_empty("landmark", "decision", "reason", "office", "recovery_digest", "redacted"),
    }


def _part() -> Row:
    return {"aspiration_id": "i", "role": "'need'", "position": "0", "kind": "'text'", "text": f"'{NEED}'"}


def _event() -> Row:
    words = {"actor_kind": "'resident'", "verb": "'submitted'", "new_stage": "'submitted'"}
    empty = _empty("actor_ref", "old_stage", "old_decision", "new_decision", "reason", "note", "office")
    return {"aspiration_id": "i", "at": _quoted(_moment()), **words, **empty}


def _call() -> Row:
    moments = dict.fromkeys(("due_at", "created_at", "done_at"), _quoted(_moment()))
    words = {"lane": "0", "method": "'sendMessage'", "state": "'sent'", **_empty("params", "error")}
    return {"chat_id": PERSON, "attempts": "1", "doubtful": "0", "message_id": "i", **words, **moments}


def _quoted(literal: str) -> str:
    return literal.replace(":", r"\:")  # a colon begins a parameter
