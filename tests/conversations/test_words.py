"""Whole messages are understood in the many forms that people type them, and only whole messages."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.catalogues import read_catalogues
from conversations.classifier import field_texts, load_fields
from conversations.effects import Line
from conversations.flows import suara_flows
from conversations.table import Ask, Step
from conversations.texts import Texts
from conversations.words import GLOBAL_WORDS, MOST_NUMBERS, Words, fold, numbers
from tests.conversations.speaking import HOUSE

CATALOGUES = read_catalogues([field_texts()])
WORDS = Words(Texts(CATALOGUES, HOUSE))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("menu", "menu"),
        ("  MENU! ", "menu"),
        ("/menu", "menu"),
        ("/menu@SuaraBot", "menu"),
        ("Kembali.", "back"),
        ("Ulangi", "repeat"),
        ("Bantuan!!!", "help"),
        ("0", "help"),
        ("tolong", "help"),
        ("BATAL", "cancel"),
        ("stop", "stop"),
        ("/berhenti", "stop"),
        ("bahasa?", "language"),
        ("privasi", "privacy"),
        ("Usulan   baru", "new"),
        ("hapus data", "erase"),
        ("👋 menu 👋", "menu"),
    ],
)
def test_a_global_word_is_known_however_it_is_written(text: str, word: str) -> None:
    assert WORDS.global_word(text, "id") == word


@pytest.mark.parametrize(
    "text",
    [
        "bantuan sosial belum turun",
        "jalan kembali rusak",
        "berhenti di depan pasar",
        "menu makanan posyandu",
        "",
        "???",
        "bantuan " * 50,
    ],
)
def test_a_global_word_inside_an_answer_is_part_of_the_answer(text: str) -> None:
    assert WORDS.global_word(text, "id") is None


@pytest.mark.parametrize(("text", "word"), [("help", "help"), ("kembali", "back"), ("/usulan", "new")])
@pytest.mark.parametrize("locale", ["id", "id@mudah", "en", "sas", "??"])
def test_every_locale_understands_the_words_of_the_others(text: str, word: str, locale: str) -> None:
    assert WORDS.global_word(text, locale) == word


@pytest.mark.parametrize("locale", ["id", "id@mudah", "en"])
def test_no_spelling_stands_for_two_global_words_of_one_locale(locale: str) -> None:
    meanings: dict[str, set[str]] = {}
    for name in GLOBAL_WORDS:
        for spelling in CATALOGUES.template(f"word.{name}", locale).forms[0].split("|"):
            meanings.setdefault(fold(spelling), set()).add(name)
    assert {spelling: names for spelling, names in meanings.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", GLOBAL_WORDS)
@pytest.mark.parametrize("locale", ["id", "id@mudah", "en"])
def test_every_global_word_has_a_command_that_telegram_takes(name: str, locale: str) -> None:
    spellings = CATALOGUES.template(f"word.{name}", locale).forms[0].split("|")
    command = next(spelling[1:] for spelling in spellings if spelling.startswith("/"))
    assert command.isascii()
    assert command.replace("_", "").isalnum()
    assert command.islower()
    assert len(command) <= 32


@pytest.mark.parametrize("key", ["keyboard.back", "keyboard.repeat", "keyboard.help", "keyboard.menu"])
@pytest.mark.parametrize("locale", ["id", "id@mudah", "en"])
def test_a_key_of_the_reply_keyboard_types_its_global_word(key: str, locale: str) -> None:
    label = CATALOGUES.template(key, locale).forms[0]
    assert WORDS.global_word(label, locale) == key.removeprefix("keyboard.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", (1,)),
        ("1.", (1,)),
        ("(2)", (2,)),
        ("no 1", (1,)),
        ("No. 1", (1,)),
        ("nomor satu", (1,)),
        ("nomer loro", (2,)),
        ("pilihan 2", (2,)),
        ("yang nomor tiga", (3,)),
        ("yang kedua", (2,)),
        ("#4", (4,)),
        ("3️⃣", (3,)),
        ("２", (2,)),
        ("sepuluh", (10,)),
        ("dua belas", (12,)),
        ("dua puluh satu", (21,)),
        ("tiga puluh", (30,)),
        ("option two", (2,)),
        ("1, 3 dan 5", (1, 3, 5)),
        ("1 3 5", (1, 3, 5)),
        ("satu, tiga & lima", (1, 3, 5)),
        ("1,2,1", (1, 2, 1)),
        ("1-3", (1, 2, 3)),
        ("2 sampai 4", (2, 3, 4)),
        ("1 s/d 3", (1, 2, 3)),
        ("13", (13,)),
    ],
)
def test_numbers_are_read_in_every_form_that_people_type(text: str, found: tuple[int, ...]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ya",
        "yang",
        "jalan no 1 rusak",
        "2 km dari pasar",
        "dua anak saya",
        "RT 03",
        "4829137",
        "0812 3456 7890 1234",
        "satu " * 40,
    ],
)
def test_words_around_a_number_make_it_an_answer_in_words(text: str) -> None:
    assert numbers(text) == ()


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_few_small_numbers_and_no_error(text: str) -> None:
    found = numbers(text)
    assert len(found) <= MOST_NUMBERS
    assert all(0 <= value <= 999 for value in found)


@pytest.mark.parametrize("text", ["1-900", "1-999-1-999"])
def test_a_huge_range_stays_small(text: str) -> None:
    assert len(numbers(text)) <= MOST_NUMBERS


def test_folding_drops_case_accents_punctuation_emoji_and_runs_of_space() -> None:
    assert fold("  Ya,   KIRIM sekarang!! ✅ ") == "ya kirim sekarang"
    assert fold("Désa") == fold("desa")
    assert fold("😀") == ""


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_names_of_an_option_are_folded() -> None:
    assert WORDS.names(Line("intake.summary.send"), "id")[:3] == ("ya kirim sekarang", "ya", "iya")


def test_a_name_with_a_parameter_is_filled_first() -> None:
    line = Line("village.option", {"village": "Karang Anyar", "kecamatan": "Jabung"})
    assert WORDS.names(line, "id") == ("karang anyar jabung",)


@pytest.mark.parametrize("locale", ["id", "id@mudah", "en"])
def test_no_name_stands_for_two_options_of_one_step(locale: str) -> None:
    more = Line("page.button")
    fields = tuple(Line(f"field.{field.name}") for field in load_fields())
    keyboards = [(*fields, more), *(labels_of(step) for step in suara_flows().steps.values())]
    for labels in keyboards:
        counted = Counter(name for label in labels for name in set(WORDS.names(label, locale)))
        assert [name for name, count in counted.items() if count > 1] == []


def labels_of(step: Step) -> tuple[Line, ...]:
    """The labels that one may choose from at a step, with the page button and the way to a person."""
    if not isinstance(step, Ask):
        return ()
    return tuple(choice.label for choice in (*step.options, *step.rescue))
