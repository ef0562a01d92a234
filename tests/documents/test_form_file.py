"""What is not a spreadsheet of ours is refused kindly, whatever it claims to be, and nothing in it is computed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from storage.datafile import DataFileError
from storage.form_file import MOST_BYTES, MOST_UNPACKED, TypedRow, read_form_file
from tests.documents.conftest import COLUMNS, FORM, Typist, typed, workbook


def refused(path: Path) -> str:
    """Why a file is not read."""
    with pytest.raises(DataFileError) as refusal:
        read_form_file(path, FORM)
    (sentence,) = refusal.value.sentences
    return sentence


def read(path: Path) -> tuple[TypedRow, ...]:
    return read_form_file(path, FORM)


def edited(path: Path, change: Callable[[Worksheet], object]) -> Path:
    """The same file after a change to its data."""
    book = load_workbook(path)
    change(book["Data"])
    book.save(path)
    return path


def with_member(path: Path, name: str, content: bytes) -> Path:
    with ZipFile(path, "a", ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return path


def test_rows_come_back_with_their_numbers_and_empty_rows_are_passed_over(typist: Typist) -> None:
    first, second = read(typist(typed(1), {}, typed(2, name="  Pak  Budi ")))
    assert (first.row, second.row) == (2, 4)
    assert (first.text("name"), second.text("name")) == ("Ibu Marni", "Pak  Budi")
    assert first.answers["date"] == date(2026, 2, 20)
    assert (first.faults, first.text("guardian")) == ((), "")


def test_a_formula_is_told_and_neither_it_nor_its_last_value_is_taken(typist: Typist) -> None:
    for formula in ("=1+1", '=HYPERLINK("http://x";"y")', "=cmd|'/c calc'!A1"):
        (row,) = read(typist(typed(need=formula)))
        assert row.faults == ("kolom 'Usulan' berisi rumus. Ketik isinya saja.",)
        assert "need" not in row.answers


def test_words_that_only_look_like_a_formula_are_words(typist: Typist) -> None:
    """Typed as a text (with an apostrophe in Excel), "=5" is what the person said."""

    def quote(page: Worksheet) -> None:
        cell = page.cell(row=2, column=list(COLUMNS).index("need") + 1)
        cell.value = "=5 meter"
        cell.data_type = "s"

    (row,) = read(edited(typist(typed()), quote))
    assert (row.text("need"), row.faults) == ("=5 meter", ())


def test_an_error_value_is_told(typist: Typist) -> None:
    (row,) = read(typist(typed(need="#REF!")))
    assert row.faults == ("kolom 'Usulan' berisi #REF!. Ketik isinya saja.",)


def test_a_file_with_macros_is_refused(typist: Typist) -> None:
    path = with_member(typist(typed()), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    assert "berisi makro" in refused(path)
    assert "berisi makro" in refused(typist(typed(), name="formulir.xlsm"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "bukan berkas .xlsx"),
        (b"Nama;Usulan\r\n", "bukan berkas .xlsx"),
        (b"PK\x03\x04 and then nothing of use", "bukan berkas .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "memakai sandi, atau bentuk lama .xls"),
        (b"\x00" * (MOST_BYTES + 1), "lebih besar dari 10 MB"),
    ],
)
def test_what_is_no_xlsx_is_refused_whatever_its_name(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "formulir.xlsx"
    path.write_bytes(content)
    assert why in refused(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "tidak bisa dibaca" in refused(tmp_path / "none.xlsx")


def test_another_kind_of_package_is_refused(tmp_path: Path) -> None:
    """An .ods or .docx with the wrong name is a zip file too."""
    path = tmp_path / "formulir.xlsx"
    with ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "bukan berkas .xlsx" in refused(path)


def test_a_bomb_is_not_unpacked(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    path = with_member(typist(typed()), "xl/media/bomb.xml", bytes(MOST_UNPACKED + 1))
    assert path.stat().st_size < MOST_BYTES
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    assert "terlalu besar setelah dibuka" in refused(path)


def test_a_bomb_of_many_members_is_not_unpacked(typist: Typist) -> None:
    path = typist(typed())
    with ZipFile(path, "a") as package:
        for number in range(1001):
            package.writestr(f"xl/media/{number}", b"")
    assert "terlalu besar setelah dibuka" in refused(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused(typist: Typist, encoding: str) -> None:
    """A "billion laughs" of nested entities, in whatever encoding."""
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'.encode(encoding)
    assert "tidak kami buka" in refused(with_member(typist(typed()), "xl/extra.xml", bomb))


def test_too_many_cells_are_refused(typist: Typist) -> None:
    cells = b"<sheetData>" + b'<c r="A1"/>' * 200_001
    assert "terlalu banyak sel" in refused(with_member(typist(typed()), "xl/worksheets/sheet9.xml", cells))


def test_a_single_cell_at_the_end_of_the_world_is_no_million_rows(typist: Typist) -> None:
    path = edited(typist(typed()), lambda page: page.cell(row=1_048_576, column=1, value="x"))
    assert "baris 1048576" in refused(path)


def test_more_rows_than_the_most_are_refused(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.form_file.MOST_ROWS", 2)
    assert "berisi 3 baris, paling banyak 2" in refused(typist(typed(1), typed(2), typed(3)))


def test_a_damaged_part_is_refused(typist: Typist) -> None:
    path = typist(typed())
    copy = BytesIO()
    with ZipFile(path) as old, ZipFile(copy, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[:40] if name == "xl/workbook.xml" else old.read(name))
    path.write_bytes(copy.getvalue())
    assert "rusak atau tidak lengkap" in refused(path)


def test_a_flipped_byte_is_refused(typist: Typist) -> None:
    """Whatever is damaged, it is told, never a traceback."""
    path = typist(typed())
    whole = path.read_bytes()
    for place in range(30, len(whole), 997):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with suppress(DataFileError):
            read(path)


def test_a_wrong_header_names_what_is_missing(typist: Typist) -> None:
    path = edited(typist(typed()), lambda page: page.delete_cols(list(COLUMNS).index("village") + 1))
    assert "tidak berisi kolom: Desa." in refused(path)


def test_a_header_is_found_whatever_its_case_and_order(tmp_path: Path) -> None:
    book = Workbook()
    page = book.worksheets[0]
    names = list(reversed(COLUMNS))
    page.append([f" {COLUMNS[name].upper()} *" for name in names])
    page.append([typed().get(name) for name in names])
    path = tmp_path / "lain.xlsx"
    book.save(path)
    assert read(path)[0].text("village") == "Pakuan Aji"


def test_a_column_that_is_there_twice_is_refused(typist: Typist) -> None:
    path = edited(typist(typed()), lambda page: page.cell(row=1, column=30, value="Desa"))
    assert "berisi kolom dua kali: Desa" in refused(path)


def test_hidden_rows_are_told(typist: Typist) -> None:
    def hide(page: Worksheet) -> None:
        page.row_dimensions[3].hidden = True

    first, second = read(edited(typist(typed(1), typed(2)), hide))
    assert first.faults == ()
    assert second.faults == ("baris ini tersembunyi. Tampilkan dulu, lalu periksa isinya.",)


def test_merged_cells_are_told(typist: Typist) -> None:
    path = edited(typist(typed(1), typed(2), typed(3)), lambda page: page.merge_cells("B2:B3"))
    told = [row.faults for row in read(path)]
    assert told[2] == ()
    assert all("digabung" in faults[0] for faults in told[:2])


def test_dates_where_words_belong_are_told(typist: Typist) -> None:
    (row,) = read(typist(typed(audience=datetime(2026, 4, 1))))  # noqa: DTZ001
    assert row.faults[0].startswith("kolom 'Untuk siapa' berubah menjadi tanggal")


def test_huge_cells_are_told_and_control_characters_dropped(typist: Typist) -> None:
    (row,) = read(typist(typed(need="x" * 3001, witness="Pak\u202e Slamet")))
    assert row.faults == ("kolom 'Usulan' berisi 3001 huruf, paling banyak 3000.",)
    assert row.text("witness") == "Pak Slamet"


def test_an_empty_template_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "kosong.xlsx"
    workbook().save(path)
    assert read(path) == ()
