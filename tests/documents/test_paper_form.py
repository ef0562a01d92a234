"""The form: one file for paper and spreadsheet, numbers that catch a slip of the pen, words that are plain."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.chat import Maturity, ToldBy, Visibility
from conversations.copy_check import faults, read_plain_words
from conversations.flows.intake_answers import EVERYONE, GROUPS
from conversations.flows.needs import NEEDS
from conversations.flows.relay_answers import RELATIONS
from conversations.ticket import CODE_LENGTH, TICKET_LENGTHS
from storage.datafile import DataFileError
from storage.paper_form import (
    FORM_FILE,
    LAST_SERIAL,
    NUMBER_LENGTH,
    area_of,
    form_number,
    load_form,
    read_form_number,
    shown_number,
)

FORM = load_form()
PLAIN = read_plain_words()
SERIALS = st.integers(1, LAST_SERIAL)


def values(name: str) -> set[str]:
    return {choice.value for choice in FORM.field(name).choices}


def test_the_choices_on_paper_are_those_of_the_conversation() -> None:
    assert values("relation") == set(RELATIONS)
    assert values("audience") == {*GROUPS, EVERYONE}
    assert values("needs") == set(NEEDS)
    assert values("told_by") == set(get_args(ToldBy)) - {""}
    assert values("maturity") == set(get_args(Maturity)) - {""}
    assert values("visibility") <= set(get_args(Visibility))


def test_every_word_that_is_printed_is_plain() -> None:
    sentences = [FORM.title, FORM.intro, FORM.slip, FORM.ask_later, *FORM.promise.split(". ")]
    labels = [choice.label for field in FORM.fields for choice in field.choices]
    said = [text for field in FORM.fields for text in (field.ask, field.column) if text]
    assert [fault for text in (*sentences, *labels, *said) for fault in faults(text, "id", PLAIN)] == []


@given(SERIALS, st.integers(0, 99))
def test_a_number_is_read_back_however_it_is_grouped(serial: int, area: int) -> None:
    number = form_number(f"{area:02}", serial)
    for typed in (number, shown_number(number), f" {number[:2]} {number[2:]} "):
        assert read_form_number(typed) == number


@given(SERIALS, st.data())
def test_one_wrong_digit_or_two_swapped_neighbours_are_no_number(serial: int, data: st.DataObject) -> None:
    number = form_number("01", serial)
    place = data.draw(st.integers(0, NUMBER_LENGTH - 1))
    other = data.draw(st.sampled_from(sorted(set("0123456789") - {number[place]})))
    assert read_form_number(number[:place] + other + number[place + 1 :]) is None
    for at in range(NUMBER_LENGTH - 1):
        swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        assert swapped == number or read_form_number(swapped) is None


def test_a_form_number_is_never_taken_for_a_ticket_or_a_code() -> None:
    assert NUMBER_LENGTH not in {*TICKET_LENGTHS, CODE_LENGTH}


@pytest.mark.parametrize(("area", "serial"), [("01", 0), ("01", LAST_SERIAL + 1), ("1", 1), ("ab", 1)])
def test_what_has_no_number_is_refused(area: str, serial: int) -> None:
    with pytest.raises(ValueError, match="no form number"):
        form_number(area, serial)


def test_the_area_is_the_last_part_of_the_code() -> None:
    assert (area_of("18.07.24"), area_of("")) == ("24", "00")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('title = "', 'titel = "', "The form needs title as a text."),
        ('kind = "date"', 'kind = "day"', "The field date needs a kind: text, one, several, date."),
        ('column = "Kontak"', 'column = "Nama"', 'Two fields have the column "Nama".'),
        ("lines = 3", "rows = 3", 'The field need has an unknown entry "rows"'),
        (
            '["signature", "Tanda tangan"]',
            '["signature"]',
            "The field consent needs choices as pairs of texts.",
        ),
        (
            'kind = "several"',
            'kind = "text"',
            "The field audience has choices when its kind is one or several",
        ),
    ],
)
def test_each_fault_of_the_file_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    path = tmp_path / "paper_form.toml"
    path.write_text(FORM_FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as refusal:
        load_form(path)
    assert any(sentence in each for each in refusal.value.sentences)
