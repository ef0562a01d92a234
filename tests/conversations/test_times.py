"""Dates, times, lengths of time, numbers and money are told as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from conversations.catalogues import read_catalogues
from conversations.texts import Texts
from conversations.times import date_words, duration, joined, moment, number, part_of_day, rupiah
from tests.conversations.speaking import HOUSE

TEXTS = Texts(read_catalogues(), HOUSE)


def told(hour: int, locale: str = "id", zone: str = "WIB") -> str:
    return TEXTS.line(moment(datetime(2026, 2, 10, hour, 5, tzinfo=UTC), zone), locale)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("id", "Selasa, 10 Februari 2026, pukul 09.05 pagi WIB"),
        ("id@mudah", "Selasa, 10 Februari 2026, pukul 09.05 pagi WIB"),
        ("en", "Tuesday, 10 February 2026, at 09:05 in the morning (WIB)"),
    ],
)
def test_a_moment_has_weekday_month_as_a_word_part_of_day_and_zone(locale: str, words: str) -> None:
    assert told(9, locale) == words


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        *((0, "dini hari"), (3, "dini hari"), (4, "pagi"), (10, "pagi"), (11, "siang"), (14, "siang")),
        *((15, "sore"), (17, "sore"), (18, "malam"), (23, "malam")),
    ],
)
def test_the_day_has_the_parts_that_indonesians_name(hour: int, part: str) -> None:
    assert TEXTS.line(part_of_day(hour), "id") == part


@pytest.mark.parametrize("zone", ["WIB", "WITA", "WIT"])
def test_the_zone_is_the_one_of_the_house(zone: str) -> None:
    assert told(9, zone=zone).endswith(f"pagi {zone}")


@pytest.mark.parametrize("locale", ["sas", "ljp", "", "id-x-mudah", "??"])
def test_a_locale_that_babel_does_not_know_gets_indonesian_dates(locale: str) -> None:
    assert date_words(date(2026, 2, 10), locale) == "Selasa, 10 Februari 2026"


@pytest.mark.parametrize(
    ("seconds", "words", "english"),
    [
        (-5, "0 detik", "0 seconds"),
        (1, "1 detik", "1 second"),
        (42, "42 detik", "42 seconds"),
        (60, "1 menit", "1 minute"),
        (65, "1 menit 5 detik", "1 minute 5 seconds"),
        (3600, "1 jam", "1 hour"),
        (5400, "1 jam 30 menit", "1 hour 30 minutes"),
        (86_400, "1 hari", "1 day"),
        (90_000, "1 hari 1 jam", "1 day 1 hour"),
    ],
)
def test_a_length_of_time_has_at_most_two_units(seconds: int, words: str, english: str) -> None:
    assert TEXTS.line(duration(seconds), "id") == words
    assert TEXTS.line(duration(seconds), "en") == english


@given(st.integers(10_000, 10**15))
def test_a_large_number_is_grouped_as_babel_groups_it(value: int) -> None:
    assert number(value, "id") == format_decimal(value, locale="id")


def test_a_year_stays_a_year_and_a_large_number_reads_in_each_language() -> None:
    assert [number(2027, "id"), number(1_250_000, "id@mudah"), number(1_250_000, "en")] == [
        "2027",
        "1.250.000",
        "1,250,000",
    ]


def test_money_is_told_in_whole_rupiah() -> None:
    assert rupiah(1_500_000).replace("\xa0", " ") == "Rp 1.500.000"


@pytest.mark.parametrize(
    ("locale", "words"), [("id", "A, B, dan C"), ("en", "A, B and C"), ("sas", "A, B, dan C")]
)
def test_things_are_joined_as_the_language_joins_them(locale: str, words: str) -> None:
    assert joined(["A", "B", "C"], locale) == words
