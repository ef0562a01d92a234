"""Whatever anybody wrote, no file of ours makes a spreadsheet compute it."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.spreadsheets import LONGEST, Cell, Sheet, as_csv, as_xlsx, is_dangerous, safe_text, title_of

FORMULAS = ("=1+1", "+62812", "-5", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1", "＝1+1", '=HYPERLINK("http://x")')
ANYTHING = st.one_of(st.text(), st.builds(str.__add__, st.sampled_from(FORMULAS), st.text()))


def sheet(*texts: str) -> Sheet:
    return Sheet("Data", ["Usulan"], [[text] for text in texts])


def back(content: bytes) -> list[list[object]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows()]


def parsed(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@given(st.lists(ANYTHING, min_size=1, max_size=4))
def test_no_text_becomes_a_formula_in_xlsx_and_all_come_back(texts: list[str]) -> None:
    content = as_xlsx([sheet(*texts)])
    page = load_workbook(BytesIO(content)).worksheets[0]
    cells = [page.cell(row=number, column=1) for number in range(2, len(texts) + 2)]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value or "" for cell in cells] == [safe_text(text) for text in texts]
    assert b"<f>" not in ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")


@given(st.lists(ANYTHING, min_size=1, max_size=4))
def test_no_text_begins_like_a_formula_in_csv_and_all_come_back(texts: list[str]) -> None:
    fields = [row[0] for row in parsed(as_csv(sheet(*texts)))[1:]]
    assert not any(is_dangerous(field) for field in fields)
    expected = [safe_text(text) for text in texts]
    assert fields == ["'" + text if is_dangerous(text) else text for text in expected]


@pytest.mark.parametrize("text", FORMULAS)
def test_each_known_opening_is_dangerous_and_marked_as_quoted(text: str) -> None:
    assert is_dangerous(text)
    page = load_workbook(BytesIO(as_xlsx([sheet(text)]))).worksheets[0]
    assert page["A2"].quotePrefix


@pytest.mark.parametrize("text", ["Jalan rusak", "5 - 3", "", "a=b", "#N/A", "'=1"])
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert not is_dangerous(text)
    assert parsed(as_csv(sheet(text)))[1] == [text]


def test_what_looks_like_an_error_value_stays_a_text() -> None:
    assert load_workbook(BytesIO(as_xlsx([sheet("#N/A")]))).worksheets[0]["A2"].data_type == "s"


def test_numbers_and_dates_keep_their_type_and_long_numbers_their_digits() -> None:
    at = datetime(2026, 2, 10, 9, 30, tzinfo=UTC)
    rows: list[list[Cell]] = [[7, -5, 10**17, date(2026, 2, 10), at, None]]
    content = as_xlsx([Sheet("Data", list("abcdef"), rows)])
    expected = [7, -5, str(10**17), datetime(2026, 2, 10), datetime(2026, 2, 10, 9, 30), None]  # noqa: DTZ001
    assert back(content)[1] == expected
    fields = parsed(as_csv(Sheet("Data", list("abcdef"), rows)))[1]
    assert fields == ["7", "-5", str(10**17), "2026-02-10", "2026-02-10 09:30:00", ""]


def test_control_characters_turned_text_and_lone_surrogates_are_cleaned() -> None:
    assert safe_text("a\x00b\u202ec\ud800d\x0b\x7f") == "abc\ufffdd"
    assert safe_text("dua\r\nbaris\rtiga") == "dua\nbaris\ntiga"
    assert len(safe_text("x" * (LONGEST + 5))) == LONGEST


def test_csv_is_what_indonesian_excel_opens() -> None:
    content = as_csv(sheet("satu", "dua"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 3


def test_header_is_frozen_and_filtered_and_nothing_is_merged() -> None:
    page = load_workbook(BytesIO(as_xlsx([sheet("a")]))).worksheets[0]
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:A2")
    assert not page.merged_cells.ranges


@given(st.text())
def test_any_words_make_a_title_that_a_workbook_takes(words: str) -> None:
    assert load_workbook(BytesIO(as_xlsx([Sheet(words, ["a"], [])]))).sheetnames == [title_of(words)]
