"""Reading a spreadsheet of paper forms that somebody typed: nothing in it is computed, and nothing is too big.

What is wrong with the file as a whole is a DataFileError; what is wrong with a row is told with that row, so that
the others can go on. The sentences are Indonesian: those who type forms read them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from storage.datafile import DataFileError
from storage.paper_form import FormField, PaperForm

SHEET: Final = "Data"
"""The sheet that is read; of a file without one of this name, the first."""

MOST_ROWS: Final = 2000
MOST_CELLS: Final = 200_000
"""Cells in one sheet, empty ones that carry a format included: what fits into some 100 MB of memory."""

MOST_BYTES: Final = 10 << 20
MOST_UNPACKED: Final = 40 << 20
"""Bytes of the file, and of all that is packed in it: a bomb of a thousand times its size is not opened."""

MOST_MEMBERS: Final = 1000
MOST_COLUMNS: Final = 60
LAST_ROW: Final = 10_000
"""No row beyond this one is looked at: a single cell in the last row would be a million empty rows."""

Answer = str | date
"""A text ("" for an empty cell), or a date."""

_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0"
"""How files of before 2007 and those with a password begin (OLE2)."""

_CELL: Final = re.compile(rb"<(?:\w+:)?c[ >/]")
DAMAGED: Final = (
    *(InvalidFileException, BadZipFile, KeyError, ValueError, TypeError, AttributeError, SyntaxError),
)
"""What openpyxl raises on damaged parts, which it does not declare; SyntaxError is the XML parser's."""

_DOCTYPE: Final = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E", re.IGNORECASE)
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row as it was typed: its number in the sheet, the answers by field, and what is wrong with its cells."""

    row: int
    answers: Mapping[str, Answer]
    faults: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """The words of a field; "" for none and for a date."""
        answer = self.answers.get(name, "")
        return answer if isinstance(answer, str) else ""


def read_form_file(path: Path, form: PaperForm) -> tuple[TypedRow, ...]:
    """The rows that hold something, at most 2000. Raises DataFileError."""
    check_package(path)
    try:
        book = load_workbook(path, data_only=False, keep_links=False)
    except DAMAGED as fault:
        raise refused(path, "rusak atau tidak lengkap. Buka lalu simpan lagi sebagai .xlsx") from fault
    pages = [page for page in book.worksheets if isinstance(page, Worksheet)]
    if not pages:
        raise refused(path, "tidak berisi lembar data")
    page = next((page for page in pages if page.title.strip().casefold() == SHEET.casefold()), pages[0])
    if page.max_row > LAST_ROW:
        raise refused(path, f"berisi sesuatu di baris {page.max_row}. Hapus baris kosong di bawah isian")
    columns = _columns(path, page, form)
    rows = tuple(_rows(page, form, columns))
    if len(rows) > MOST_ROWS:
        raise refused(
            path, f"berisi {len(rows)} baris, paling banyak {MOST_ROWS}. Bagi menjadi beberapa berkas"
        )
    return rows


def check_package(path: Path, most_cells: int = MOST_CELLS) -> None:
    """Look at the package before anything in it is read as a spreadsheet. Raises DataFileError."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as fault:
        raise refused(path, f"tidak bisa dibaca ({fault.strerror})") from fault
    if size > MOST_BYTES:
        raise refused(path, f"lebih besar dari {MOST_BYTES >> 20} MB. Bagi menjadi beberapa berkas")
    if head.startswith(_OLD_OR_LOCKED):
        raise refused(path, "memakai sandi, atau bentuk lama .xls. Simpan tanpa sandi sebagai .xlsx")
    try:
        with ZipFile(path) as package:
            _check_members(path, package, most_cells)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as fault:
        raise refused(path, "bukan berkas .xlsx") from fault


def _check_members(path: Path, package: ZipFile, most_cells: int) -> None:
    members = package.infolist()
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise refused(path, "bukan berkas .xlsx. Simpan sebagai Excel (.xlsx)")
    if any("vbaproject" in name.casefold() for name in names) or path.suffix.casefold() == ".xlsm":
        raise refused(path, "berisi makro. Simpan sebagai .xlsx tanpa makro")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise refused(path, "terlalu besar setelah dibuka. Salin isinya ke templat yang baru")
    for member in members:
        _check_member(path, package.read(member), member.filename, most_cells)


def _check_member(path: Path, content: bytes, name: str, most_cells: int) -> None:
    """No declaration of entities (a bomb of XML), and no more cells than we have memory for."""
    if not name.endswith((".xml", ".rels")):
        return
    if _DOCTYPE.search(content):
        raise refused(path, "berisi bagian yang tidak kami buka. Salin isinya ke templat yang baru")
    if name.startswith("xl/worksheets/") and sum(1 for _ in _CELL.finditer(content)) > most_cells:
        raise refused(path, "berisi terlalu banyak sel. Salin isinya ke templat yang baru")


def _columns(path: Path, page: Worksheet, form: PaperForm) -> Mapping[str, int]:
    """The number of each field's column, by the header in the first row."""
    header = [_folded(cell.value) for cell in page[1][:MOST_COLUMNS]]
    twice = [field.column for field in form.fields if header.count(_folded(field.column)) > 1]
    if twice:
        raise refused(path, f"berisi kolom dua kali: {', '.join(twice)}")
    missing = [field.column for field in form.fields if _folded(field.column) not in header]
    if missing:
        raise refused(
            path,
            f"tidak berisi kolom: {', '.join(missing)}. Baris pertama lembar {page.title} berisi nama kolom."
            " Pakai templat dari `suara forms --template`",
        )
    return {field.name: header.index(_folded(field.column)) + 1 for field in form.fields}


def _rows(page: Worksheet, form: PaperForm, columns: Mapping[str, int]) -> Iterator[TypedRow]:
    merged = {row for area in page.merged_cells.ranges for row in range(area.min_row, area.max_row + 1)}
    for number, cells in enumerate(page.iter_rows(min_row=2, max_col=max(columns.values())), 2):
        ours = {name: cells[column - 1] for name, column in columns.items() if column <= len(cells)}
        if all(cell.value is None or str(cell.value).strip() == "" for cell in ours.values()):
            continue
        hidden = bool(page.row_dimensions[number].hidden)
        yield _row(number, form, ours, [*_HIDDEN[:hidden], *_MERGED[: number in merged]])


def _row(
    number: int, form: PaperForm, cells: Mapping[str, Cell | MergedCell], faults: Sequence[str]
) -> TypedRow:
    found: dict[str, Answer] = {}
    wrong = list(faults)
    for field in form.fields:
        cell = cells.get(field.name)
        answer = _answer(field, None if cell is None else cell.value, "n" if cell is None else cell.data_type)
        if isinstance(answer, _Fault):
            wrong.append(answer.words)
        else:
            found[field.name] = answer
    return TypedRow(number, found, tuple(wrong))


@dataclass(frozen=True, slots=True)
class _Fault:
    words: str


def _answer(field: FormField, value: Any, data_type: str) -> Answer | _Fault:
    """What a cell says; a formula is never computed, and what it was last computed to is not looked at."""
    where = f"kolom '{field.column}'"
    match value:
        case _ if data_type == "f":
            return _Fault(f"{where} berisi rumus. Ketik isinya saja.")
        case None:
            return ""
        case _ if data_type == "e":
            return _Fault(f"{where} berisi {value}. Ketik isinya saja.")
        case bool():
            return _Fault(f"{where} berisi {'TRUE' if value else 'FALSE'}. Ketik isinya saja.")
        case int() | float():
            return _number(field, value, where)
        case datetime() | date() if field.kind == "date":
            return value.date() if isinstance(value, datetime) else value
        case str():
            return _words(field, value, where)
        case _:
            return _Fault(
                f"{where} berubah menjadi tanggal atau jam. Ubah kolom menjadi teks, lalu ketik lagi."
            )


def _number(field: FormField, value: float, where: str) -> Answer | _Fault:
    """Programs take "1,4" for a decimal number, and drop the nought that a telephone number begins with."""
    if isinstance(value, float) and not value.is_integer():
        return _Fault(f"{where} berubah menjadi angka {value:g}. Tulis nomor dengan spasi, misalnya: 1 4.")
    digits = str(int(value))
    return f"0{digits}" if field.name == "contact" and digits.startswith("8") else digits


def _words(field: FormField, value: str, where: str) -> Answer | _Fault:
    words = _UNSEEN.sub("", value.replace("_x000D_", "").replace("\r", "")).strip()
    if len(words) > field.most:
        return _Fault(f"{where} berisi {len(words)} huruf, paling banyak {field.most}.")
    return words


def _folded(value: object) -> str:
    return " ".join(str(value).casefold().replace("*", " ").split()) if isinstance(value, str) else ""


def refused(path: Path, what: str) -> DataFileError:
    """A file that cannot be used, in Indonesian: those who type forms read it."""
    return DataFileError([f"Berkas {path.name} {what}."])


_HIDDEN: Final = ("baris ini tersembunyi. Tampilkan dulu, lalu periksa isinya.",)
_MERGED: Final = ("baris ini berisi sel yang digabung. Pisahkan selnya dulu.",)
