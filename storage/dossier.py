"""All that is stored about a person: as JSON for machines, as Indonesian text for the person (UU 27/2022 Pasal 7)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from typing import Any, Final

from babel.dates import format_datetime
from sqlalchemy import ColumnElement, Connection, Table, or_, select, true

from storage.actor import Actor, resident
from storage.datafile import FOLDER, Raw, read_toml
from storage.notices import NOTICES
from storage.rules import Rules
from storage.traces import Traces

Row = Mapping[str, Any]
_FAMILIES: Final = {
    "stage": "stage",
    "old_stage": "stage",
    "new_stage": "stage",
    "decision": "decision",
    "old_decision": "decision",
    "new_decision": "decision",
    "reason": "reason",
    "field": "field",
    "visibility": "visibility",
    "grp": "group",
    "groups": "group",
    "needs": "need",
}
"""Columns that hold a name whose text stands in a catalogue, and the family of its key."""

_ABOUT: Final = ("deadline.", "followup.to_ask", "alert.", "asking.", "report.", "transcript.")
"""How the keys of letters begin that may tell of somebody else though they belong to no aspiration."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """The rows about one person by table, secret columns left out; `files` names their kept originals (SHA-256)."""

    tables: Mapping[str, tuple[Row, ...]]

    @property
    def files(self) -> tuple[str, ...]:
        """The SHA-256 names of the originals that are kept."""
        return tuple(row["sha256"] for row in self.tables["media"] if row["sha256"])

    def as_json(self) -> str:
        """Every column but the secret ones, by table."""
        return json.dumps(self.tables, ensure_ascii=False, indent=2, default=_plain)

    def as_text(self, rules: Rules, words: Mapping[str, str]) -> str:
        """The same in readable Indonesian. `words` are the texts of field.*, group.* … in locale `id`.

        Each line is "label: value"; what is empty is left out.
        """
        texts = {key: texts["id"] for key, texts in rules.lifecycle.entries.items()} | dict(words)
        reader = _Reader(rules, texts, rules.calendar.zone)
        return "\n\n".join(_section(name, rows, reader) for name, rows in self.tables.items() if rows) + "\n"


def compile_dossier(connection: Connection, actor: Actor, rules: Rules) -> Dossier:
    """Gather what is stored about the acting resident. RefusalError("not_yours") for anybody else."""
    traces = Traces(connection, resident(actor).chat_id, rules.secrets)
    conditions = traces.rows
    return Dossier({name: tuple(_rows(traces, *conditions[name])) for name in labels()["tables"]})


@cache
def labels() -> Raw:
    """The words of storage/data/dossier.toml: tables, labels, hidden and secret columns."""
    return read_toml(FOLDER / "dossier.toml")


def _rows(traces: Traces, table: Table, condition: ColumnElement[bool]) -> Iterator[Row]:
    """The person's rows but those to another chat: to a facilitator who spoke for them, before they claimed it."""
    shown = [column for column in table.c if column.name not in labels()["secret"]]
    chat = table.c.get("chat_id")
    own = true() if chat is None else or_(chat == traces.chat_id, chat.is_(None))
    found = select(*shown).where(condition, own).order_by(*table.primary_key)
    for row in traces.connection.execute(found).mappings():
        whole = {str(name): value for name, value in row.items()}
        yield _letter(traces, whole) if table is NOTICES else whole


def _letter(traces: Traces, row: Row) -> Row:
    """A letter to this person; of one about somebody else only what kind it was, and when: its words are theirs."""
    about = row["aspiration_id"]
    others = row["key"].startswith(_ABOUT) if about is None else about not in traces.aspirations
    return {"key": row["key"], "due_at": row["due_at"]} if others else row


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    raise TypeError(f"{type(value).__name__} has no place in a dossier")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns stored values into words."""

    rules: Rules
    texts: Mapping[str, str]
    zone: tzinfo

    def say(self, column: str, value: object) -> str:
        match value:
            case bool():
                return "ya" if value else "tidak"
            case datetime():
                return format_datetime(value, "EEEE, d MMMM y 'pukul' HH.mm", tzinfo=self.zone, locale="id")
            case bytes():
                return value.decode(errors="replace")
            case list():
                return ", ".join(self.say(column, item) for item in value)
            case _ if column in {"region", "village_kode"}:
                village = self.rules.village(str(value))
                return f"{village.name}, {village.kecamatan}"
            case _ if column == "scope":
                return self.rules.regions.place(str(value)) or str(value)
            case _ if column in _FAMILIES:
                return self.texts.get(f"{_FAMILIES[column]}.{value}", str(value))
            case _:
                return str(labels()["values"].get(value, value))


def _section(name: str, rows: tuple[Row, ...], reader: _Reader) -> str:
    title = str(labels()["tables"][name])
    told = ("\n".join(_lines(row, reader)) for row in rows)
    return "\n\n".join([title, *(lines for lines in told if lines)])


def _lines(row: Row, reader: _Reader) -> Iterator[str]:
    if unsent := _unsent(row):
        yield f"{labels()['labels']['unsent']}: {unsent}"
    for column, value in row.items():
        if column not in labels()["hidden"] and value not in (None, "", []):
            yield f"{labels()['labels'][column]}: {reader.say(column, value)}"


def _unsent(row: Row) -> str:
    """The words in the draft of a chat, or held before consent."""
    state = row.get("state") or ""
    chat = json.loads(state) if state.startswith("{") else {}
    parts = [*_parts(chat.get("draft")), *_parts(chat.get("held"))]
    return " / ".join(str(part["text"]) for part in parts if part and part.get("text"))


def _parts(holder: Any) -> list[Any]:
    return [*(holder.get("parts") or ()), holder.get("landmark")] if isinstance(holder, dict) else []
