"""The spreadsheet in which paper forms are typed: instructions, data with drop-downs, a dictionary, the choices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.spreadsheets import Sheet, fill, new_workbook, put, saved
from storage.form_file import MOST_ROWS, SHEET
from storage.form_reading import OLDEST
from storage.paper_form import FormField, PaperForm, form_number, shown_number

GUIDE: Final = "Petunjuk"
DICTIONARY: Final = "Kamus"
CHOICES: Final = "Pilihan"
TEXT_FORMAT: Final = "@"
DATE_FORMAT: Final = "dd/mm/yyyy"
WIDE: Final = 60
LONGEST_PROMPT: Final = 250
"""Characters of what a spreadsheet says beside a cell (Excel: 255)."""

STEPS: Final = (
    "Isi lembar Data. Satu baris untuk satu formulir kertas.",
    "Jangan ubah nama kolom di baris pertama.",
    "Tulis nomor formulir seperti di kertas.",
    "Kolom dengan daftar: pilih dari daftar.",
    "Kolom dengan beberapa pilihan: tulis nomornya dengan spasi, misalnya: 1 4.",
    "Jangan pakai rumus. Jangan gabungkan sel.",
    f"Paling banyak {MOST_ROWS} baris dalam satu berkas.",
    "Simpan sebagai .xlsx. Lalu jalankan: suara import forms",
    "Simpan kertas yang ditandatangani. Kertas itu bukti bahwa warga setuju.",
)


def as_template(form: PaperForm, places: Sequence[str]) -> bytes:
    """The workbook; `places` are the villages to choose from."""
    book = new_workbook()
    guide = Sheet(GUIDE, ["Langkah", "Yang perlu Anda lakukan"], list(enumerate(STEPS, 1)), [10, WIDE])
    fill(book.create_sheet(GUIDE), guide)
    data = book.create_sheet(SHEET)
    fill(data, Sheet(SHEET, [field.column for field in form.fields], [], [_width(f) for f in form.fields]))
    fill(book.create_sheet(DICTIONARY), _dictionary(form))
    lists = book.create_sheet(CHOICES)
    for place, field in enumerate(form.fields, 1):
        choices = places if field.name == "village" else [choice.label for choice in field.choices]
        listed = _list(lists, place, field.column, choices if field.kind != "several" else ())
        _guard(data, get_column_letter(place), field, listed)
    return saved(book)


def _dictionary(form: PaperForm) -> Sheet:
    rows = [
        [f.column, "perlu" if f.needed else "boleh kosong", _explained(f), _listed(f)] for f in form.fields
    ]
    return Sheet(DICTIONARY, ["Kolom", "Isian", "Penjelasan", "Pilihan"], rows, [24, 16, WIDE, WIDE])


def _explained(field: FormField) -> str:
    return field.say.format(example=shown_number(form_number("01", 1)))


def _listed(field: FormField) -> str:
    return "\n".join(f"{place} {choice.label}" for place, choice in enumerate(field.choices, 1))


def _list(page: Worksheet, column: int, name: str, choices: Sequence[str]) -> str:
    """Write the choices of a field below one another; returns the range that a drop-down refers to, "" for none."""
    if not choices:
        return ""
    put(page, 1, column, name)
    for row, choice in enumerate(choices, 2):
        put(page, row, column, choice)
    letter = get_column_letter(column)
    return f"{CHOICES}!${letter}$2:${letter}${len(choices) + 1}"


def _guard(page: Worksheet, letter: str, field: FormField, listed: str) -> None:
    """What a cell takes and what is said beside it. Columns are text, so that "1, 4" does not become a number."""
    is_date = field.kind == "date"
    page.column_dimensions[letter].number_format = DATE_FORMAT if is_date else TEXT_FORMAT
    page.column_dimensions[letter].alignment = Alignment(wrap_text=True, vertical="top")
    rule = _date_rule() if is_date else _list_rule(listed) if listed else _length_rule(field.most)
    rule.errorStyle = "warning"
    rule.errorTitle, rule.error = "Periksa isinya", "Isi ini belum cocok dengan kolomnya."
    rule.promptTitle, rule.prompt = field.column[:30], _prompt(field)
    rule.showInputMessage = rule.showErrorMessage = True
    rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    page.add_data_validation(rule)


def _prompt(field: FormField) -> str:
    listed = _listed(field) if field.kind == "several" else ""
    return "\n".join(part for part in (_explained(field), listed) if part)[:LONGEST_PROMPT]


def _list_rule(listed: str) -> DataValidation:
    return DataValidation(type="list", formula1=listed, allow_blank=True)


def _length_rule(most: int) -> DataValidation:
    return DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(most), allow_blank=True)


def _date_rule() -> DataValidation:
    first: date = OLDEST
    formula = f"DATE({first.year},{first.month},{first.day})"
    return DataValidation(type="date", operator="greaterThanOrEqual", formula1=formula, allow_blank=True)


def _width(field: FormField) -> int:
    return WIDE if field.name == "need" else 20
