"""Paper: each number has its own large page, is described for screen readers, and is written where it was asked."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot import cli
from bot.app import Home
from bot.form_html import as_html
from bot.form_orders import Printing
from bot.form_pdf import SIZE, as_pdf
from bot.form_sheets import FormSheets
from bot.paper import print_forms
from bot.refusal import Refusal
from storage.form_file import MOST_ROWS
from storage.paper_form import form_number, shown_number
from tests.documents.conftest import FORM, Typist, typed

NUMBERS = tuple(form_number("01", serial) for serial in range(1, 4))
SHEETS = FormSheets(
    form=FORM,
    numbers=NUMBERS,
    kabupaten="Kabupaten Lampung Timur",
    contact="Ibu Sari <Bappeda>",
    phone="081234567890",
    place="Kecamatan Sukadana",
)
AT = datetime(2026, 2, 10, tzinfo=UTC)
PDF = as_pdf(SHEETS, AT)
HTML = as_html(SHEETS)


def streams(pdf: bytes) -> list[str]:
    """What is drawn on each page."""
    found = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return [zlib.decompress(each).decode("latin-1") for each in found if each[:1] == b"x"]


def test_each_number_has_a_page_of_its_own_and_stands_there_twice() -> None:
    """Once for the sheet, once on the slip that the person keeps."""
    pages = [page for page in streams(PDF) if " Tf" in page]
    assert len(pages) == len(NUMBERS) == PDF.count(b"/Type /Page\n")
    for page, number in zip(pages, NUMBERS, strict=True):
        assert page.count(f"({shown_number(number)})") == 2


def test_nothing_is_printed_smaller_than_large_print() -> None:
    sizes = {float(size) for page in streams(PDF) for size in re.findall(r"/F\d+ ([\d.]+) Tf", page)}
    assert min(sizes) >= SIZE == 16


def test_the_file_says_its_title_and_language() -> None:
    assert b"/Lang (id)" in PDF
    assert b"/DisplayDocTitle true" in PDF
    assert b"/Title" in PDF


def test_a_form_that_leaves_no_room_for_the_slip_is_refused() -> None:
    crowded = replace(FORM, fields=tuple(replace(field, lines=8 * field.lines) for field in FORM.fields))
    with pytest.raises(ValueError, match="no room for the slip"):
        as_pdf(replace(SHEETS, form=crowded), AT)


class _Seen(HTMLParser):
    """What is on the page: tags, ids, and what labels name."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labelled: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.labelled += [given["for"] or ""] if "for" in given else []
        self.sources += [given[name] or "" for name in ("src", "href") if name in given]


def seen() -> _Seen:
    page = _Seen()
    page.feed(HTML)
    return page


def test_the_page_is_in_indonesian_and_takes_nothing_from_elsewhere() -> None:
    assert '<html lang="id">' in HTML
    assert seen().sources == []
    assert not re.search(r"https?://|@import|url\(|<script", HTML)


def test_every_field_has_a_label_and_every_group_of_boxes_a_question() -> None:
    page = seen()
    fields = [each for each in page.ids if "-" in each]
    assert sorted(fields) == sorted(page.labelled)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("fieldset") == page.tags.count("legend") > 0
    assert page.tags.count("article") == page.tags.count("h2") == len(NUMBERS)
    assert page.tags.count("main") == page.tags.count("h1") == 1


def test_what_the_settings_say_is_escaped() -> None:
    assert "Ibu Sari &lt;Bappeda&gt;" in HTML
    assert "<Bappeda>" not in HTML


def test_all_that_is_on_paper_is_in_both() -> None:
    drawn = streams(PDF)[0]
    for field in FORM.fields:
        if field.ask:
            assert field.ask in HTML
            assert field.ask.replace("(", r"\(") in drawn
        for choice in field.choices:
            assert choice.label in HTML
            assert choice.label in drawn


# The command


def test_the_files_that_were_asked_for_are_written(home: Home, tmp_path: Path) -> None:
    pdf, html, template = (tmp_path / name for name in ("a.pdf", "a.html", "a.xlsx"))
    order = Printing(kecamatan="18.07.24", first=7, count=2, pdf=pdf, html=html, template=template)
    said = print_forms(home.settings, order)
    assert shown_number(form_number("24", 7)) in said
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert "Kecamatan Marga Sekampung" in html.read_text(encoding="utf-8")
    listed = load_workbook(template)["Pilihan"]
    places = [cell.value for column in listed.iter_cols() for cell in column if "kec. " in str(cell.value)]
    assert len(places) == 8
    assert all(str(place).endswith(", kec. Marga Sekampung") for place in places)


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (Printing(), "Name the file to write"),
        (Printing(kecamatan="18.07.99", pdf=Path("a.pdf")), "18.07.99 is no kecamatan of 18.07"),
        (Printing(first=99_999, count=2, pdf=Path("a.pdf")), "Form numbers go from 1 to 99999"),
        (Printing(pdf=Path("not/there/a.pdf")), "cannot be written"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_one_sentence(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: Printing, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refusal, match=sentence):
        print_forms(home.settings, order)
    assert not Path("a.pdf").exists()


def test_every_village_of_the_template_is_read_back(home: Home, tmp_path: Path) -> None:
    print_forms(home.settings, Printing(template=tmp_path / "a.xlsx"))
    listed = load_workbook(tmp_path / "a.xlsx")["Pilihan"]
    regions = home.furnished.rules.regions
    places = [
        str(cell.value) for column in listed.iter_cols() for cell in column if "kec. " in str(cell.value)
    ]
    found = [regions.find(place).exact for place in places]
    assert len(places) == len({villages[0].kode for villages in found}) == 264
    assert all(len(villages) == 1 for villages in found)


# The template


def data(typist: Typist) -> Worksheet:
    page = load_workbook(typist(typed()))["Data"]
    assert isinstance(page, Worksheet)
    return page


def test_the_template_guides_with_a_frozen_header_and_choices_for_every_row(typist: Typist) -> None:
    page = data(typist)
    assert page.freeze_panes == "A2"
    rules = page.data_validations.dataValidation
    assert len(rules) == len(FORM.fields)
    assert {str(rule.sqref).split(":")[1].lstrip("ABCDEFGHIJKLMNOPQ") for rule in rules} == {
        str(MOST_ROWS + 1)
    }
    lists = {rule.promptTitle for rule in rules if rule.type == "list"}
    assert {field.column for field in FORM.fields if field.kind == "one"} < lists
    assert "Desa" in lists
    assert all(rule.prompt for rule in rules)


def test_columns_are_text_so_that_numbers_stay_as_they_were_typed(typist: Typist) -> None:
    page = data(typist)
    formats = {page.column_dimensions[column].number_format for column in "ABCDEFGHIJ"}
    assert formats == {"@"}


def test_the_template_explains_itself(typist: Typist) -> None:
    book = load_workbook(typist(typed()))
    assert book.sheetnames == ["Petunjuk", "Data", "Kamus", "Pilihan"]
    words = [str(cell.value) for row in book["Kamus"].iter_rows() for cell in row]
    assert all(field.column in words for field in FORM.fields)


# The command line


def test_the_commands_pass_their_options_on(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`suara forms` and `suara import forms` from the words typed to the file and the sentence."""
    monkeypatch.setenv("DATABASE_URL", home.settings.database_url.get_secret_value())
    monkeypatch.setenv("DATA_KEYS", home.settings.data_keys[0].get_secret_value())
    html = tmp_path / "formulir.html"
    assert _suara(monkeypatch, "forms", "--from", "3", "--count", "1", "--html", str(html)) == 0
    assert shown_number(form_number("00", 3)) in html.read_text(encoding="utf-8")
    capsys.readouterr()
    assert _suara(monkeypatch, "import", "forms", str(html), "--mandate", "1") == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "Berkas formulir.html bukan berkas .xlsx.\n")


def _suara(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["suara", *words])
    try:
        cli.main()
    except SystemExit as left:
        return int(left.code or 0)
    return 0
