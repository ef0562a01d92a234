"""The one door for spreadsheets that we write: what people wrote stays words, and never becomes a formula.

A text that begins with = + - @ or with what programs skip before them would be computed by whoever opens the file
(CWE-1236, "CSV injection"). In XLSX each text is stored as a text and marked as quoted, so that it stays one when
the cell is edited; in CSV, which knows no types, it begins with an apostrophe.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import chain
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | date | datetime | None
"""What a cell may hold. An aware datetime is written as its own wall clock: spreadsheets know no time zones."""

LONGEST: Final = 32_767
"""Characters in one cell (Excel's limit)."""

LONGEST_TITLE: Final = 31
"""Characters in the name of a sheet (Excel's limit)."""

EXACT: Final = 10**15
"""From here on a spreadsheet rounds whole numbers: they are written as text."""

WIDTH: Final = 24
"""Characters that a column shows, unless said otherwise."""

_DANGEROUS: Final = "=+-@＝＋－＠"
"""Also in full width, which some programs take for the same."""

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")
_BLANK: Final = " \t\n\xa0"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a header row; `widths` of its columns in characters, WIDTH where there is none."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()


def as_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of these sheets: header frozen and filtered, no merged cells."""
    book = new_workbook()
    for sheet in sheets:
        fill(book.create_sheet(title_of(sheet.title)), sheet)
    return saved(book)


def as_long_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """`as_xlsx` for many rows: each is written as it comes and forgotten, so that memory does not grow with them."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _pour(book.create_sheet(title_of(sheet.title)), sheet)
    return saved(book)


def as_csv(sheet: Sheet, *, delimiter: str = ";", bom: bool = True) -> bytes:
    """UTF-8 with BOM, CRLF, every field quoted; `;` because Indonesian spreadsheets write decimals with a comma.

    Programs want `,` and no BOM.
    """
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for row in chain((sheet.header,), sheet.rows):
        writer.writerow([_csv_field(value) for value in row])
    return buffer.getvalue().encode("utf-8-sig" if bom else "utf-8")


def new_workbook() -> Workbook:
    """A workbook without any sheet."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    return book


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def fill(page: Worksheet, sheet: Sheet) -> None:
    """Write a table into an empty sheet: the header bold and frozen, every cell through `put`."""
    for column, name in enumerate(sheet.header, 1):
        put(page, 1, column, name).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = _width(sheet.widths, column)
    for number, row in enumerate(sheet.rows, 2):
        for column, value in enumerate(row, 1):
            put(page, number, column, value)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions


def put(page: Worksheet, row: int, column: int, value: Cell) -> SheetCell:
    """Write one value; rows and columns count from 1. As `_set`, the only place that gives a cell its value."""
    cell = page.cell(row=row, column=column)
    if not isinstance(cell, SheetCell):
        raise TypeError("a merged cell holds no value")
    _set(cell, value)
    return cell


def _set(cell: SheetCell, value: Cell) -> None:
    match value:
        case None:
            pass
        case str():
            _put_text(cell, value)
        case int() if abs(value) >= EXACT:
            _put_text(cell, str(value))
        case datetime():
            cell.value = value.replace(tzinfo=None)
        case _:
            cell.value = value


def _pour(page: Any, sheet: Sheet) -> None:
    """As `fill`; widths have to be known before the first row. (No stub knows all of a write-only sheet.)"""
    page.freeze_panes = "A2"
    for column in range(1, len(sheet.header) + 1):
        page.column_dimensions[get_column_letter(column)].width = _width(sheet.widths, column)
    last = 0
    for last, row in enumerate(chain((sheet.header,), sheet.rows), 1):
        cells = [WriteOnlyCell(page) for _ in row]
        for cell, value in zip(cells, row, strict=True):
            _set(cell, value)
            if last == 1:
                cell.font = Font(bold=True)
        page.append(cells)
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.header))}{last}"


def safe_text(text: str) -> str:
    """Words as a cell may hold them: without control characters and marks that turn the reading direction."""
    bare = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _UNSEEN.sub("", bare))[:LONGEST]


def is_dangerous(text: str) -> bool:
    """Whether a program might take this text for a formula."""
    return text[:1] in {"\t", "\n", "\r"} or text.lstrip(_BLANK)[:1] in set(_DANGEROUS)


def title_of(words: str) -> str:
    """The name of a sheet, without the signs that spreadsheets forbid in it."""
    return re.sub(r"[\\/*?:\[\]']", " ", safe_text(words)).strip()[:LONGEST_TITLE] or "Data"


def _put_text(cell: SheetCell, text: str) -> None:
    """The library takes "=…" for a formula and "#N/A" for an error: the type is set after the value.

    A style is looked up for each cell that has one, so most have none.
    """
    words = safe_text(text)
    if not words:
        return
    cell.value = words
    cell.data_type = "s"
    if is_dangerous(words):
        cell.quotePrefix = True
    if len(words) > WIDTH or "\n" in words:
        cell.alignment = _WRAPPED


def _csv_field(value: Cell) -> str:
    match value:
        case None:
            return ""
        case str():
            words = safe_text(value)
            return f"'{words}" if is_dangerous(words) else words
        case datetime():
            return value.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _width(widths: Sequence[int], column: int) -> int:
    return widths[column - 1] if column <= len(widths) else WIDTH
