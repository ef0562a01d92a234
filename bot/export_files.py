"""The staff's files, made outside the turn: XLSX with its dictionary, CSV, and SIPD's columns (issue 4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.app import Home
from bot.chats import read_chat
from bot.replies import as_json
from bot.spreadsheets import Cell, Sheet, as_csv, as_long_xlsx
from conversations.chat import Chat
from conversations.effects import Line
from conversations.figure import Choice
from conversations.ticket import grouped
from storage import export_rows, exports
from storage.errands import Errand
from storage.export_columns import ExportColumn, Shape, load_columns
from storage.export_rows import NEARBY, ExportRow
from storage.exports import Asked
from storage.ledger import Ledger, OutboxRow
from storage.lifecycle import State
from storage.sipd import load_sipd, name_of

LOCALE: Final = "id"
"""Files are in Indonesian, whoever asks: they go on to other offices."""

NAMES: Final = {"xlsx": "usulan.xlsx", "csv": "usulan.csv", "csv_plain": "usulan-polos.csv"}
SIPD_NAME: Final = "usulan-bentuk-sipd-tidak-resmi.xlsx"
UNOFFICIAL: Final = "Bukan format resmi SIPD. Kolomnya meniru daftar usulan SIPD; periksa sebelum dipakai."
WIDE: Final = 60


class Told(Protocol):
    """Is told how many of all aspirations are done."""

    def __call__(self, done: int, number: int) -> None: ...


def nobody(done: int, number: int) -> None:
    """Nobody waits to be told."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file and how many aspirations are in it."""

    name: str
    content: bytes
    number: int


def make(
    home: Home, connection: Connection, errand: Errand, at: datetime, told: Told = nobody
) -> Made | None:
    """The file of an errand; None when nobody may have it any more. `connection` only reads."""
    asked = None
    if errand.chat_id is not None:
        asked = exports.asked_for(connection, int(errand.params["export"]), errand.chat_id)
    return compose(home, connection, asked, at, told) if asked is not None else None


def deliver(home: Home, connection: Connection, errand: Errand, made: Made | None, at: datetime) -> None:
    """Put the file into the outbox. Raises OSError when the disk is full."""
    if made is None or errand.chat_id is None:
        return
    ledger = Ledger(connection)
    state = ledger.load_chats([errand.chat_id], at)[errand.chat_id]
    line = Line("files.caption", {"n": made.number})
    caption = home.furnished.texts.line(line, read_chat(state, Chat(id=errand.chat_id)).locale)
    files = {"document": {"path": str(home.outgoing.put(made.content)), "filename": made.name}}
    row = OutboxRow(
        chat_id=errand.chat_id,
        due_at=at,
        method="sendDocument",
        params=as_json({"chat_id": errand.chat_id, "caption": caption}),
        files=json.dumps(files),
    )
    ledger.enqueue([row], at)


def compose(home: Home, connection: Connection, asked: Asked, at: datetime, told: Told = nobody) -> Made:
    """The file that was asked for."""
    choice, wanted = asked.choice, asked.wanted
    shape: Shape = "sipd" if choice.file == "sipd" else "column"
    columns = tuple(one for one in load_columns()[shape] if wanted.identified or not one.names)
    cells = _Cells(home, columns)
    number = export_rows.count(connection, wanted)
    table = Sheet(
        "Bentuk SIPD tidak resmi" if shape == "sipd" else "Usulan",
        [one.column for one in columns],
        _poured(
            export_rows.rows(connection, wanted, home.furnished.rules), cells, partial(told, number=number)
        ),
        [WIDE if one.name == "words" else 20 for one in columns],
    )
    match choice.file:
        case "csv" | "csv_plain":
            plain = choice.file == "csv_plain"
            content = as_csv(table, delimiter="," if plain else ";", bom=not plain)
        case _:
            content = as_long_xlsx([table, _dictionary(columns), _about(home, choice, number, at)])
    return Made(SIPD_NAME if shape == "sipd" else NAMES[choice.file], content, number)


def _poured(
    rows: Iterator[ExportRow], cells: _Cells, told: Callable[[int], object]
) -> Iterator[Sequence[Cell]]:
    for done, row in enumerate(rows, 1):
        yield cells.of(row)
        if done % export_rows.LOT == 0:
            told(done)


def _dictionary(columns: Sequence[ExportColumn]) -> Sheet:
    rows = [(one.column, one.kind, one.say) for one in columns]
    return Sheet("Kamus data", ["Kolom", "Jenis", "Artinya"], rows, [28, 12, 100])


def _about(home: Home, choice: Choice, number: int, at: datetime) -> Sheet:
    """What the file is: when and from what it was made, and what it leaves out."""
    rows: list[tuple[str, Cell]] = [
        ("Kabupaten", home.furnished.house.kabupaten),
        ("Dibuat pada", at.astimezone(home.furnished.house.timezone)),
        ("Jumlah usulan", number),
        ("Dengan nama", "ya" if choice.identified else "tidak"),
    ]
    if choice.identified:
        rows.append(("Alasan memakai nama", choice.reason))
    if choice.file == "sipd":
        rows.append(("Perhatian", UNOFFICIAL))
    return Sheet("Keterangan", ["Hal", "Isi"], rows, [28, 100])


class _Cells:
    """The cells of a row, by the names of the columns; each code is put into words once."""

    def __init__(self, home: Home, columns: Sequence[ExportColumn]) -> None:
        self._home = home
        self._columns = columns
        self._words: dict[str, str] = {}
        self._sipd = load_sipd()
        self._lifecycle = home.furnished.rules.lifecycle

    def of(self, row: ExportRow) -> list[Cell]:
        """In the order of the columns."""
        known = self._sipd_cells(row) | self._own_cells(row)
        return [known.get(column.name) for column in self._columns]

    def _own_cells(self, row: ExportRow) -> dict[str, Cell]:
        latitude, longitude = row.pin or (None, None)
        return {
            "ticket": grouped(row.ticket),
            "plan_year": row.plan_year,
            "sent": row.sent,
            "kecamatan": row.village.kecamatan,
            "village": row.village.name,
            "region": row.village.kode,
            "field": self._word(f"field.{row.field}"),
            "bidang": row.bidang,
            "groups": self._groups(row.groups),
            "words": row.words,
            "recordings": row.recordings,
            "relayed": "ya" if row.relayed else "tidak",
            "support": row.support,
            "lead": grouped(row.lead) if row.lead else "",
            "visibility": self._word(f"visibility.{row.visibility}"),
            "stage": self._word(f"stage.{row.stage}"),
            "decision": self._word(f"decision.{row.decision}"),
            "reason": self._word(f"reason.{row.reason}") if row.reason else "",
            "office": row.office,
            "decided": row.decided[-1][2] if row.decided else None,
            "name": row.name,
            "landmark": row.landmark,
            "latitude": latitude,
            "longitude": longitude,
        }

    def _sipd_cells(self, row: ExportRow) -> dict[str, Cell]:
        place = f"Desa {row.village.name}, Kecamatan {row.village.kecamatan}"
        return {
            "author": row.name or "Warga",
            "profile": "Masyarakat",
            "category": "Usulan Masyarakat",
            "address": "; ".join(filter(None, (place, row.landmark))),
            "status": self._sipd.status(State(row.stage, row.decision), self._lifecycle),
            **{
                f"level.{level}": self._decided_at(row, stages) for level, stages in self._sipd.levels.items()
            },
        }

    def _decided_at(self, row: ExportRow, stages: Sequence[str]) -> str:
        found = [decision for stage, decision, _ in row.decided if stage in stages]
        return name_of("decision", found[-1], self._lifecycle) if found else ""

    def _groups(self, groups: Sequence[str] | None) -> str:
        return NEARBY if groups is None else ", ".join(self._word(f"group.{group}") for group in groups)

    def _word(self, key: str) -> str:
        """A code in words; one that no catalogue knows any more as it is."""
        if key not in self._words:
            catalogue = self._home.furnished.texts.catalogues.whole[LOCALE]
            self._words[key] = catalogue[key].forms[0] if key in catalogue else key.partition(".")[2]
        return self._words[key]
