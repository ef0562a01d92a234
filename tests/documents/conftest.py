"""What the tests of documents share: the bot's parts, a facilitator, and spreadsheets as people type them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from sqlalchemy import insert

from bot.app import Home
from bot.form_template import as_template
from storage.ledger import CHAT
from storage.mandates import MANDATE
from storage.paper_form import form_number, load_form, shown_number
from tests.databases import NOON
from tests.house.conftest import home as home  # noqa: PLC0414 - pytest finds the fixture by its name

YUNI: Final = 7_000_000_010
"""A facilitator."""

FORM: Final = load_form()
COLUMNS: Final = {field.name: field.column for field in FORM.fields}
GOOD: Final[Mapping[str, Any]] = {
    "number": shown_number(form_number("01", 1)),
    "name": "Ibu Marni",
    "relation": "Keluarga",
    "maturity": "Dewasa",
    "village": "Pakuan Aji",
    "need": "Jalan ke sekolah rusak",
    "audience": "1 4",
    "visibility": "Hanya petugas",
    "told_by": "HP sendiri",
    "contact": "0812 3456 7890",
    "consent": "Tanda tangan",
    "witness": "Pak Slamet",
    "date": date(2026, 2, 20),
}
"""A form that has all it needs."""

Typist = Callable[..., Path]


def typed(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A good form with a number of its own, and changes."""
    return {**GOOD, "number": shown_number(form_number("01", serial)), **changes}


def workbook(*rows: Mapping[str, Any]) -> Workbook:
    """The template, filled in."""
    book = load_workbook(BytesIO(as_template(FORM, ["Pakuan Aji, kec. Sukadana"])))
    names = list(COLUMNS)
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            book["Data"].cell(row=number, column=names.index(name) + 1, value=value)
    return book


@pytest.fixture
def typist(tmp_path: Path) -> Typist:
    """Somebody who types rows into the template and saves it."""

    def save(*rows: Mapping[str, Any], name: str = "formulir.xlsx") -> Path:
        path = tmp_path / name
        workbook(*rows).save(path)
        return path

    return save


@pytest.fixture
def mandate(home: Home) -> int:
    """The number of the mandate of a facilitator for Sukadana."""
    row = {
        "chat_id": YUNI,
        "role": "facilitator",
        "scope": ["18.07.01"],
        "forum": False,
        "conduct": "1",
        "begun_at": NOON,
    }
    with home.engine.begin() as connection:
        connection.execute(insert(CHAT).values(id=YUNI, state="", reachable=True, created_at=NOON))
        return int(connection.execute(insert(MANDATE).values(row).returning(MANDATE.c.id)).scalar_one())
