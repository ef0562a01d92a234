"""The staff's files as programs open them: types, guarded texts, a dictionary, and what is said of how far they are."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.app import Home
from bot.export_files import UNOFFICIAL, Made, compose
from bot.exporting import export
from bot.refusal import Refusal
from conversations.chat import Part
from conversations.figure import Choice, FileKind
from storage import exports
from storage.audit import AUDIT
from storage.engine import reading
from storage.export_columns import load_columns
from storage.exports import EXPORT
from tests.databases import NOON
from tests.storage.world import SITI, World

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def world(home: Home) -> World:
    """What people do in the database of the bot."""
    return World(home.engine)


def made(home: Home, kind: FileKind, **more: Any) -> Made:
    """The file of the whole kabupaten."""
    asked = exports.of_region("", Choice(file=kind, **more))
    with reading(home.engine) as connection:
        return compose(home, connection, asked, NOON)


def submit(world: World, words: str = FORMULA, **more: Any) -> str:
    """Somebody says something."""
    return world.submit(SITI, parts=(Part(kind="text", message=1, text=words),), **more).ticket


def test_a_spreadsheet_has_real_dates_and_numbers_and_no_formula_from_a_text(
    home: Home, world: World
) -> None:
    submit(world)
    book = load_workbook(BytesIO(made(home, "xlsx").content))
    page = book["Usulan"]
    heads = [cell.value for cell in page[1]]
    row = dict(zip(heads, page[2], strict=True))
    assert row["Tanggal masuk"].value == datetime(2026, 2, 10)  # noqa: DTZ001 - a spreadsheet knows no zones
    assert row["Tanggal masuk"].is_date
    assert (row["Tahun rencana"].value, row["Jumlah rekaman"].value) == (2027, 0)
    assert (row["Isi usulan"].value, row["Isi usulan"].data_type) == (FORMULA, "s")
    assert row["Isi usulan"].quotePrefix
    assert (row["Bidang"].value, row["Tahap"].value) == ("Jalan dan jembatan", "Diterima")
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:T2")
    assert page.merged_cells.ranges == set()


def test_its_dictionary_explains_every_column_and_another_sheet_says_what_it_is(home: Home) -> None:
    kinds: tuple[FileKind, ...] = ("xlsx", "sipd")
    for kind, names in ((kind, names) for kind in kinds for names in (False, True)):
        content = made(home, kind, identified=names, reason="Undangan" if names else "").content
        book = load_workbook(BytesIO(content))
        heads = [cell.value for cell in book.worksheets[0][1]]
        dictionary = list(book["Kamus data"].iter_rows(min_row=2, values_only=True))
        assert [row[0] for row in dictionary] == heads
        assert all(row[2] for row in dictionary)
        about = {str(row[0]): row[1] for row in book["Keterangan"].iter_rows(min_row=2, values_only=True)}
        said = (about["Dengan nama"], about.get("Alasan memakai nama"))
        assert said == (("ya", "Undangan") if names else ("tidak", None))
        assert (about.get("Perhatian") == UNOFFICIAL) == (kind == "sipd")


def test_only_a_file_with_names_has_their_columns(home: Home) -> None:
    shown = [one.column for one in load_columns()["column"] if not one.names]
    hidden = [one.column for one in load_columns()["column"] if one.names]
    for names in (False, True):
        content = made(home, "csv", identified=names, reason="Undangan").content.decode("utf-8-sig")
        heads = next(csv.reader(StringIO(content), delimiter=";"))
        assert heads == (shown + hidden if names else shown)


def test_a_csv_for_excel_and_one_for_programs(home: Home, world: World) -> None:
    submit(world)
    excel, plain = made(home, "csv"), made(home, "csv_plain")
    assert (excel.name, plain.name) == ("usulan.csv", "usulan-polos.csv")
    assert excel.content.startswith(b"\xef\xbb\xbf")
    assert plain.content.startswith(b'"Nomor usulan",')
    for content, delimiter in ((excel.content, ";"), (plain.content, ",")):
        (row,) = csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=delimiter)
        assert row["Isi usulan"] == f"'{FORMULA}"
        assert row["Tanggal masuk"] == date(2026, 2, 10).isoformat()


def test_the_shape_of_sipd_says_where_it_stands_in_sipds_words(home: Home, world: World) -> None:
    ticket = submit(world, "Jalan rusak")
    world.decide(ticket, "checked", "forwarded")
    world.decide(ticket, "musrenbang_kecamatan", "waiting")
    file = made(home, "sipd")
    assert "tidak-resmi" in file.name
    page = load_workbook(BytesIO(file.content)).worksheets[0]
    row = {str(head.value): str(cell.value or "") for head, cell in zip(page[1], page[2], strict=True)}
    assert (row["Pengusul"], row["Permasalahan"]) == ("Warga", "Jalan rusak")
    assert row["Rekomendasi Kelurahan/Desa"] == "Diteruskan"
    assert row["Status"] == "Diteruskan ke Musrenbang Kecamatan"
    assert row["Nomor Suara"].replace("-", "") == ticket
    assert "balai desa" not in row["Alamat"]


def test_at_the_keyboard_it_is_recorded_and_the_file_is_its_owners_alone(
    home: Home, world: World, tmp_path: Path
) -> None:
    submit(world)
    to = tmp_path / "usulan.csv"
    said = export(home, to, Choice(file="csv", identified=True, reason="Undangan"), "18.07.01")
    assert said == f"{to}: 1 aspirations, with names."
    assert to.stat().st_mode & 0o777 == 0o600
    (recorded,) = world.rows(EXPORT)
    assert (recorded["mandate_id"], recorded["reason"]) == (None, "Undangan")
    assert [(row["mandate"], row["action"]) for row in world.rows(AUDIT)][-1] == (0, "identify")
    assert export(home, to, Choice(file="csv"), "18.07.03").startswith(f"{to}: 0 aspirations")
    with pytest.raises(Refusal, match="no region"):
        export(home, to, Choice(file="csv"), "99.99")
