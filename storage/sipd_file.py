"""Reading a file that came back from SIPD: which aspiration, and where it stands there; XLSX or CSV (issue 4).

What is wrong with the file as a whole is a DataFileError; what is wrong with a row is told with that row. The
sentences are Indonesian: those who bring in such files read them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

from conversations.ticket import TICKET_LENGTHS
from storage.datafile import DataFileError
from storage.form_file import DAMAGED, MOST_BYTES, check_package, refused
from storage.sipd import COLUMNS, Sipd, fold

MOST_ROWS: Final = 50_000
MOST_CELLS: Final = 1_500_000
MOST_COLUMNS: Final = 60
HEADS: Final = 10
"""Rows in which the headings are looked for: lists of SIPD begin with a title."""

LONGEST: Final = 4000
"""Characters of a cell that are looked at."""

Raw = Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A row that came back; `row` counts as the spreadsheet does. `faults` are what its cells lack."""

    row: int
    ticket: str
    status: str
    year: str = ""
    code: str = ""
    sentence: str = ""
    faults: tuple[str, ...] = ()


def read_sipd(path: Path, sipd: Sipd) -> tuple[Returned, ...]:
    """The rows that name an aspiration or a status. Raises DataFileError."""
    sheets = _sheets_of_xlsx(path) if path.suffix.casefold() == ".xlsx" else [_rows_of_csv(path)]
    for raw in sheets:
        rows = iter(raw)
        if (head := _head(rows, sipd)) is not None:
            return tuple(_read(rows, *head, path))
    wanted = " dan ".join(f"'{names[0]}'" for names in (sipd.columns["ticket"], sipd.columns["status"]))
    raise refused(path, f"tidak berisi kolom {wanted}. Pakai berkas bentuk SIPD dari Suara")


def _head(rows: Iterator[Raw], sipd: Sipd) -> tuple[int, Mapping[str, int]] | None:
    """The number of the row with the headings, and the place of each column in it."""
    for number, cells in enumerate(islice(rows, HEADS), 1):
        named = [fold(_text(cell)) for cell in cells[:MOST_COLUMNS]]
        places = {name: _first(named, sipd.columns[name]) for name in COLUMNS}
        found = {name: place for name, place in places.items() if place is not None}
        if "ticket" in found and "status" in found:
            return number, found
    return None


def _first(named: Sequence[str], names: Iterable[str]) -> int | None:
    return next((named.index(name) for name in names if name in named), None)


def _read(rows: Iterator[Raw], head: int, places: Mapping[str, int], path: Path) -> Iterator[Returned]:
    for number, cells in enumerate(rows, head + 1):
        if number - head > MOST_ROWS:
            raise refused(path, f"berisi lebih dari {MOST_ROWS} baris. Bagi menjadi beberapa berkas")
        said = {name: cells[place] if place < len(cells) else None for name, place in places.items()}
        texts = {name: _text(value)[:LONGEST] for name, value in said.items()}
        if not (texts["ticket"] or texts["status"]):
            continue
        if isinstance(said["ticket"], int):  # a spreadsheet drops the noughts that a number begins with
            texts["ticket"] = texts["ticket"].zfill(min(TICKET_LENGTHS))
        computed = tuple(
            f"kolom '{name}' berisi rumus. Ketik isinya saja."
            for name, text in texts.items()
            if text.startswith("=")
        )
        yield Returned(row=number, faults=computed, **texts)


def _text(value: Any) -> str:
    """What a cell says; whole numbers without a decimal point, and without the apostrophe that guards a text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    words = " ".join(str(value).split())
    return words[1:] if words[:1] == "'" and words[1:2] in {"=", "+", "-", "@"} else words


def _sheets_of_xlsx(path: Path) -> Iterator[Iterable[Raw]]:
    check_package(path, MOST_CELLS)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        for page in book.worksheets:
            yield list(islice(page.iter_rows(values_only=True), MOST_ROWS + HEADS + 1))
        book.close()
    except DAMAGED as fault:
        raise refused(path, "rusak atau tidak lengkap. Buka lalu simpan lagi sebagai .xlsx") from fault


def _rows_of_csv(path: Path) -> list[Raw]:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise refused(path, f"tidak bisa dibaca ({fault.strerror})") from fault
    if len(content) > MOST_BYTES:
        raise refused(path, f"lebih besar dari {MOST_BYTES >> 20} MB. Bagi menjadi beberapa berkas")
    if b"\x00" in content:
        raise refused(path, "bukan CSV. Simpan sebagai .xlsx atau .csv")
    text = _decoded(content)
    first = "\n".join(text.splitlines()[:HEADS])
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=max(";,\t", key=first.count)))
    except csv.Error as fault:
        raise DataFileError([f"Berkas {path.name} bukan CSV ({fault})."]) from fault


def _decoded(content: bytes) -> str:
    """UTF-8, or what older programs save: every byte means something there."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
