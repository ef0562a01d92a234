"""Lines become words in the reader's locale, whatever residents wrote and however long it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.catalogues import CatalogueError, Template, fallbacks, read_catalogue, read_catalogues
from conversations.effects import Button, Line, Listing
from conversations.texts import LABEL_LIMIT, MESSAGE_LIMIT, PARAM_LIMIT, Texts, clean, spaced
from tests.conversations.speaking import HOUSE, LOMBOK, catalogues, po, texts

TIMES = {
    "time.moment": "{date}, {time}",
    "time.clock": "pukul {hour}.{minute} {part} {zone}",
    "time.morning": "pagi",
}


def show(value: object, template: str = "{x}", house: object = HOUSE) -> str:
    made = Texts(catalogues(id={"k": template, **TIMES, "inner": "dalam {y}"}), house)  # type: ignore[arg-type]
    return made.line(Line("k", {"x": value}), "id")  # type: ignore[dict-item]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def options(count: int) -> tuple[Button, ...]:
    return tuple(Button(label=Line("o"), payload=f"s:{n}:0", number=n) for n in range(1, count + 1))


SPOKEN = texts(id={"a": "Satu.", "b": "Dua.", "o": "Pilih", "options.how": "Ketik angka:", "p": "{x}"})


# Parameters by type


def test_what_a_resident_wrote_is_shown_verbatim_with_html_and_braces() -> None:
    assert show("<b>jalan</b> & {rusak} {0} %s") == "<b>jalan</b> & {rusak} {0} %s"


def test_control_characters_direction_marks_and_lone_surrogates_are_cleaned_away() -> None:
    assert show("a\x00b\x1bc\u202ed\ud800e\u2066f\x7fg") == "abcdefg"


def test_line_breaks_tabs_and_joined_emoji_stay() -> None:
    family = "👩‍👩‍👧"
    assert show(f"satu\ndua\ttiga {family}") == f"satu\ndua\ttiga {family}"


def test_a_parameter_is_cut_to_a_bounded_length() -> None:
    shown = show("x" * 9000)
    assert len(shown) == PARAM_LIMIT
    assert shown.endswith("…")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7, "7"),
        (2027, "2027"),
        (1_250_000, "1.250.000"),
        (date(2026, 2, 10), "Selasa, 10 Februari 2026"),
        (Line("inner", {"y": 3}), "dalam 3"),
        (Listing(("satu", Line("inner", {"y": "dua"}))), "satu\ndalam dua"),
        (Listing(("A", "B", "C"), joined=True), "A, B, dan C"),
        (Listing(("A", "B"), joined=True), "A dan B"),
        (Listing((), joined=True), ""),
    ],
)
def test_each_type_of_parameter_has_its_words(value: object, words: str) -> None:
    assert show(value) == words


def test_a_moment_is_told_in_the_zone_of_the_house() -> None:
    at = datetime(2026, 2, 10, 2, 0, tzinfo=UTC)
    assert show(at) == "Selasa, 10 Februari 2026, pukul 09.00 pagi WIB"
    assert show(at, house=LOMBOK) == "Selasa, 10 Februari 2026, pukul 10.00 pagi WITA"


def test_a_resident_cannot_reach_the_template_language_through_a_parameter() -> None:
    assert show("{contact}") == "{contact}"


def test_english_chooses_between_one_and_many_by_count_and_indonesian_does_not() -> None:
    made = texts(id={"n": "{count} pesan"}, en={"n": ("{count} message", "{count} messages")})
    said = [made.line(Line("n", {"count": n}), locale) for locale in ("id", "en") for n in (1, 2)]
    assert said == ["1 pesan", "2 pesan", "1 message", "2 messages"]


# What is true of the house


def test_texts_may_name_the_house_without_being_given_it() -> None:
    made = texts(id={"k": "{kabupaten} {village_term} {contact} {phone} {hotline}"})
    assert made.line(Line("k"), "id") == "Lampung Timur desa Ibu Sari di Bappeda 0812 3456 7890 129"


def test_the_person_to_ask_has_a_number_only_where_there_is_one() -> None:
    by_key = {"k": "Hubungi {person}.", "house.person": "{contact}, nomor {phone}"}
    there = Texts(catalogues(id=by_key), HOUSE)
    nowhere = Texts(catalogues(id=by_key), replace(HOUSE, contact_phone=""))
    assert there.line(Line("k"), "id") == "Hubungi Ibu Sari di Bappeda, nomor 0812 3456 7890."
    assert nowhere.line(Line("k"), "id") == "Hubungi Ibu Sari di Bappeda."


def test_without_a_hotline_nothing_is_said_of_one_and_no_gap_stays() -> None:
    by_key = {"k": "Bantuan.\n\n{danger}", "house.danger": "Bahaya? {hotline}"}
    quiet = Texts(catalogues(id=by_key), replace(HOUSE, hotline=""))
    assert quiet.say([Line("k")], (), "id").text == "Bantuan."
    assert Texts(catalogues(id=by_key), HOUSE).say([Line("k")], (), "id").text == "Bantuan.\n\nBahaya? 129"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("081234567890", "0812 3456 7890"), ("0725-123456", "0725-123456"), ("+628123", "+628 123"), ("", "")],
)
def test_a_telephone_number_is_shown_in_groups(phone: str, shown: str) -> None:
    assert spaced(phone) == shown


# Messages


def test_lines_stand_apart_by_a_blank_line() -> None:
    assert SPOKEN.say([Line("a"), Line("b")], (), "id").text == "Satu.\n\nDua."


def test_options_are_enumerated_in_the_text_after_how_to_choose() -> None:
    message = SPOKEN.say([Line("a")], options(2), "id")
    assert message.text == "Satu.\n\nKetik angka:\n1. Pilih\n2. Pilih"
    assert [button.payload for button in message.buttons] == ["s:1:0", "s:2:0"]


def test_a_single_option_needs_no_explanation_and_an_unnumbered_button_no_line() -> None:
    extra = Button(label=Line("b"), payload="s:~:0")
    message = SPOKEN.say([Line("a")], (*options(1), extra), "id")
    assert message.text == "Satu.\n\n1. Pilih"
    assert [button.label for button in message.buttons] == ["Pilih", "Dua."]


def test_numbers_are_those_of_the_buttons_so_that_a_second_page_counts_on() -> None:
    later = tuple(replace(button, number=button.number + 6) for button in options(2))
    assert SPOKEN.say([Line("a")], later, "id").text.endswith("7. Pilih\n8. Pilih")


@given(st.lists(st.text(min_size=200, max_size=1500), min_size=1, max_size=8))
def test_a_message_never_exceeds_what_telegram_takes_and_keeps_its_options(words: list[str]) -> None:
    message = SPOKEN.say([Line("p", {"x": word}) for word in words], options(3), "id")
    assert units(message.text) <= MESSAGE_LIMIT
    assert message.text.endswith("Ketik angka:\n1. Pilih\n2. Pilih\n3. Pilih")


def test_emoji_count_twice_as_telegram_counts_them() -> None:
    message = SPOKEN.say([Line("p", {"x": "🌾" * 1000})] * 3, (), "id")
    assert MESSAGE_LIMIT - 4 <= units(message.text) <= MESSAGE_LIMIT
    assert message.text.endswith("…")


def test_a_label_is_one_bounded_line() -> None:
    label = SPOKEN.label(Line("p", {"x": "desa\n" * 40}), "id")
    assert "\n" not in label
    assert len(label) == LABEL_LIMIT


@given(st.text())
def test_cleaned_words_can_be_sent_as_json(words: str) -> None:
    assert clean(words).encode("utf-8").decode("utf-8") == clean(words)


# Names of options


def test_an_option_goes_by_its_label_and_its_synonyms() -> None:
    made = texts(id={"o": "Ya, kirim", "also.o": "ya|kirim", "p": "Tidak", "also.p": "-", "q": "Lain"})
    assert made.names(Line("o"), "id") == ("Ya, kirim", "ya", "kirim")
    assert made.names(Line("p"), "id") == ("Tidak",)
    assert made.names(Line("q"), "id") == ("Lain",)


# Locales and what stands in for them


def test_a_missing_text_falls_back_on_indonesian() -> None:
    made = texts(id={"a": "satu", "b": "dua"}, mudah={"a": "1"}, en={"b": "two"})
    said = {loc: [made.line(Line(k), loc) for k in "ab"] for loc in ("id", "id@mudah", "en", "sas", "en-US")}
    assert said == {
        "id": ["satu", "dua"],
        "id@mudah": ["1", "dua"],
        "en": ["satu", "two"],
        "sas": ["satu", "dua"],
        "en-US": ["satu", "two"],
    }


@given(st.text())
def test_no_locale_however_odd_raises(locale: str) -> None:
    assert SPOKEN.line(Line("a"), locale) == "Satu."
    assert fallbacks(locale)


def test_an_unknown_key_and_a_forgotten_parameter_are_named() -> None:
    with pytest.raises(KeyError, match="nothing"):
        SPOKEN.line(Line("nothing"), "id")
    with pytest.raises(KeyError, match="text p: the parameter x"):
        SPOKEN.line(Line("p"), "id")


# Reading the files


def test_a_file_is_read_with_plurals_and_the_marks_of_the_check(tmp_path: Path) -> None:
    body = (
        'msgid "a"\nmsgstr "satu {x}"\n\n'
        'msgid "n"\nmsgid_plural "n"\nmsgstr[0] "one"\nmsgstr[1] "many {count}"\n\n'
        '#, fuzzy\nmsgid "f"\nmsgstr "?"\n\nmsgid "e"\nmsgstr ""\n\nmsgid "a"\nmsgstr "lagi {x}"\n'
    )
    read = read_catalogue(po(tmp_path, "en", body, "nplurals=2; plural=(n != 1);"))
    assert read.locale == "en"
    assert read.templates["n"].forms == ("one", "many {count}")
    assert (set(read.fuzzy), set(read.twice), "e" in read.templates) == ({"f"}, {"a"}, False)
    assert [read.plural(n) for n in (0, 1, 2)] == [1, 0, 1]


def test_texts_of_data_files_join_the_catalogue(tmp_path: Path) -> None:
    po(tmp_path, "id", 'msgid "a"\nmsgstr "satu"\n')
    read = read_catalogues([{"field.road": {"id": "Jalan", "en": "Roads"}}], tmp_path)
    assert read.template("field.road", "id").forms == ("Jalan",)


@pytest.mark.parametrize("bad", ["{x", "{x.y}", "{x[0]}", "{x!r}", "{x:>9}", "{0}", "{}"])
def test_a_placeholder_is_a_plain_name_or_the_file_is_refused(tmp_path: Path, bad: str) -> None:
    with pytest.raises(CatalogueError, match=r"id/part\.po: text k"):
        read_catalogue(po(tmp_path, "id", f'msgid "k"\nmsgstr "{bad}"\n'))


@pytest.mark.parametrize("body", ['msgid "k"\nmsgstr broken\n', 'msgid "k"\nmsgstr "a\n', "nonsense\n"])
def test_a_broken_line_is_named_where_babel_reads_over_it(tmp_path: Path, body: str) -> None:
    with pytest.raises(CatalogueError, match=r"id/part\.po: line \d+ is no line"):
        read_catalogue(po(tmp_path, "id", body))


def test_without_indonesian_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="'id' is missing"):
        read_catalogues(folder=tmp_path)


def test_doubled_braces_are_braces() -> None:
    assert Template.parse("{{satu}}").forms == ("{satu}",)
    assert texts(id={"k": "{{{x}}}"}).line(Line("k", {"x": "a"}), "id") == "{a}"
