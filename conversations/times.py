"""Dates, times, durations, numbers and money in words, by Babel.

Babel has names for the Indonesian time zones in `id` data alone and part of the day differs between regions'
habits and CLDR, so a moment is put together from texts of the catalogue: "Selasa, 10 Februari 2026, pukul
09.00 pagi WIB".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from conversations.effects import Line

DATE_PATTERN: Final = "EEEE, d MMMM y"
"""Weekday, day, month as a word, year (CLDR pattern letters): read aloud the same in every locale."""

UNGROUPED_BELOW: Final = 10_000
"""Numbers under this take no separator, so that the year 2027 never reads "2.027"."""

MINUTE: Final = 60
MINUTES_AN_HOUR: Final = 60
HOURS_A_DAY: Final = 24


def moment(at: datetime, zone: str) -> Line:
    """Date and time of `at`, which is already in local time; `zone` is its name (WIB, WITA, WIT)."""
    return Line("time.moment", {"date": at.date(), "time": clock(at, zone)})


def clock(at: datetime, zone: str) -> Line:
    """The time of day alone: "pukul 09.00 pagi WIB"."""
    digits = {"hour": f"{at.hour:02}", "minute": f"{at.minute:02}"}
    return Line("time.clock", {**digits, "part": part_of_day(at.hour), "zone": zone})


def part_of_day(hour: int) -> Line:
    """Pagi until 11, siang until 15, sore until 18, malam until midnight, then dini hari until 4."""
    match hour:
        case 0 | 1 | 2 | 3:
            return Line("time.night")
        case 4 | 5 | 6 | 7 | 8 | 9 | 10:
            return Line("time.morning")
        case 11 | 12 | 13 | 14:
            return Line("time.noon")
        case 15 | 16 | 17:
            return Line("time.afternoon")
        case _:
            return Line("time.evening")


def duration(seconds: int) -> Line:
    """A length of time in its two largest units: "42 detik", "1 menit 5 detik", "3 jam", "2 hari 4 jam"."""
    minutes, rest = divmod(max(0, seconds), MINUTE)
    hours, minutes_left = divmod(minutes, MINUTES_AN_HOUR)
    days, hours_left = divmod(hours, HOURS_A_DAY)
    match (days > 0, hours > 0, minutes > 0):
        case (True, _, _):
            return _two(
                Line("time.days", {"count": days}), Line("time.hours", {"count": hours_left}), hours_left
            )
        case (_, True, _):
            smaller = Line("time.minutes", {"count": minutes_left})
            return _two(Line("time.hours", {"count": hours}), smaller, minutes_left)
        case (_, _, True):
            return _two(Line("time.minutes", {"count": minutes}), Line("time.seconds", {"count": rest}), rest)
        case _:
            return Line("time.seconds", {"count": rest})


def _two(larger: Line, smaller: Line, count: int) -> Line:
    return Line("time.and", {"larger": larger, "smaller": smaller}) if count else larger


@lru_cache(maxsize=4096)
def date_words(day: date, locale: str) -> str:
    """A date such as "Selasa, 10 Februari 2026"."""
    return format_date(day, DATE_PATTERN, locale=_data(locale))


@lru_cache(maxsize=256)
def month_words(day: date, locale: str) -> str:
    """The month of a day, such as "Februari 2026"."""
    return format_date(day, "MMMM y", locale=_data(locale))


@lru_cache(maxsize=4096)
def number(value: int, locale: str) -> str:
    """A whole number: "42", "2027", "1.250.000"."""
    return str(value) if abs(value) < UNGROUPED_BELOW else format_decimal(value, locale=_data(locale))


def rupiah(value: int, locale: str = "id") -> str:
    """An amount of money in whole rupiah: "Rp 1.500.000"."""
    return format_currency(value, "IDR", format="¤ #,##0", currency_digits=False, locale=_data(locale))


def joined(parts: Sequence[str], locale: str) -> str:
    """Things in a sentence: "A", "A dan B", "A, B, dan C"."""
    return format_list(parts, locale=_data(locale))


@lru_cache(maxsize=64)
def _data(locale: str) -> Locale:
    """Babel's data for a locale; Indonesian where it knows none (sas, ljp), British for `en` as in "A, B and C"."""
    base = locale.partition("@")[0].replace("-", "_")
    try:
        return Locale.parse("en_GB" if base == "en" else base)
    except (ValueError, UnknownLocaleError):
        return Locale("id")
