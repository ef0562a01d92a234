"""Which year's plan a need goes to, by when one hears, and what is said out of season."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.calendar import DEFAULT, load_calendar, problems
from storage.datafile import DataFileError, read_toml
from storage.lifecycle import load_lifecycle

TIMUR = load_calendar("18.07")


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 5, tzinfo=UTC)  # 12.00 WIB


def test_during_the_inclusive_musrenbang_of_2026_a_need_goes_to_the_plan_of_2027() -> None:
    planning = TIMUR.planning(noon(2026, 2, 10))
    assert (planning.plan_year, planning.in_season) == (2027, True)
    assert planning.answer_by == date(2026, 2, 26), "ten working days; 16 and 17 February are holidays"
    assert planning.closes_on == date(2026, 2, 12)


def test_out_of_season_it_waits_for_the_next_window_and_says_when_that_opens() -> None:
    planning = TIMUR.planning(noon(2026, 6, 1))
    assert (planning.plan_year, planning.in_season) == (2028, False)
    assert planning.opens_on == date(2026, 11, 1)
    assert planning.answer_by == date(2026, 11, 13)


def test_years_that_are_not_listed_are_derived_from_month_and_day() -> None:
    planning = TIMUR.planning(noon(2031, 1, 20))
    assert (planning.plan_year, planning.opens_on, planning.closes_on) == (
        2032,
        date(2030, 11, 1),
        date(2031, 2, 13),
    )


def test_a_listed_window_takes_the_place_of_the_derived_one() -> None:
    assert TIMUR.planning(noon(2025, 11, 2)).in_season is False
    assert TIMUR.planning(noon(2025, 11, 3)).in_season is True


def test_a_window_ends_at_midnight_of_the_region_and_not_of_utc() -> None:
    last = datetime(2026, 2, 12, 16, 59, tzinfo=UTC)  # 23.59 WIB
    assert TIMUR.planning(last).in_season is True
    assert TIMUR.planning(last.replace(hour=17, minute=0)).in_season is False
    lombok = load_calendar("52.03")
    assert lombok.planning(datetime(2026, 2, 13, 15, 59, tzinfo=UTC)).in_season is True
    assert lombok.planning(datetime(2026, 2, 13, 16, 0, tzinfo=UTC)).in_season is False


@given(st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_plan_is_always_for_a_year_to_come_and_the_answer_never_in_the_past(at: datetime) -> None:
    planning = TIMUR.planning(at)
    today = at.astimezone(TIMUR.zone).date()
    assert today.year + 1 <= planning.plan_year <= today.year + 2
    assert planning.answer_by > today
    assert planning.opens_on is not None
    assert planning.in_season == (planning.opens_on <= today)


@pytest.mark.parametrize("kode", ["18.07", "18.02", "52.03"])
def test_each_kabupaten_has_a_deadline_for_every_stage_that_can_wait(kode: str) -> None:
    stages = load_lifecycle().stages
    waiting = {name for name, stage in stages.items() if not stage.final and name != "received"}
    assert set(load_calendar(kode).days) == {"first", *waiting}


def test_a_deadline_counts_from_reaching_the_stage() -> None:
    assert TIMUR.answer_by("checked", noon(2026, 1, 1)) == date(2026, 1, 30)
    assert TIMUR.answer_by("finished", noon(2026, 1, 1)) is None


def test_29_february_is_the_28th_in_common_years(tmp_path: Path) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text(DEFAULT.read_text(encoding="utf-8").replace('"02-13"', '"02-29"'), encoding="utf-8")
    assert load_calendar("18.07", path).window(2031).closes == date(2030, 2, 28)
    assert load_calendar("18.07", path).window(2029).closes == date(2028, 2, 29)


Change = Callable[[dict[str, Any]], object]
WINDOW = {"plan_year": 2027, "opens": date(2025, 11, 1), "closes": date(2026, 2, 1)}
BROKEN: list[tuple[str, Change, str]] = [
    ("no table", lambda raw: raw.update({"1": 2}), "Kabupaten 1 must be a table."),
    ("a misspelt entry", lambda raw: raw["18.07"].update(zon="x"), 'unknown entry "zon"'),
    ("no zone", lambda raw: raw["18.07"].pop("zone"), "needs zone as a time zone such as Asia/Jakarta."),
    ("an unknown zone", lambda raw: raw["18.07"].update(zone="Asia/Atlantis"), "needs zone as a time zone"),
    ("no yearly", lambda raw: raw["18.07"].pop("yearly"), "needs yearly with opens and closes."),
    ("a bad day", lambda raw: raw["18.07"]["yearly"].update(opens="31-12"), "needs opens as a month and day"),
    ("no days", lambda raw: raw["18.07"].pop("working_days"), "needs working_days as a table."),
    ("no first", lambda raw: raw["18.07"]["working_days"].pop("first"), 'working_days, needs "first"'),
    ("no reminders", lambda raw: raw["18.07"].pop("after"), "needs after with reminders and asked."),
    (
        "reminders that go back",
        lambda raw: raw["18.07"]["after"].update(reminders=[4, 1]),
        "each later than the one before.",
    ),
    (
        "a reminder on the day itself",
        lambda raw: raw["18.07"]["after"].update(reminders=[0]),
        "needs reminders as a list of whole numbers above 0.",
    ),
    (
        "asked at once",
        lambda raw: raw["18.07"]["after"].update(asked=0),
        "needs asked as a whole number above 0.",
    ),
    (
        "a day too few",
        lambda raw: raw["18.07"]["working_days"].update(rkpd=0),
        "working_days, needs rkpd as a whole number above 0.",
    ),
    ("no list", lambda raw: raw["18.07"].update(windows=3), "needs windows as a list of tables."),
    (
        "no year",
        lambda raw: raw["18.07"].update(windows=[{**WINDOW, "plan_year": "x"}]),
        "needs plan_year as a year.",
    ),
    (
        "no day",
        lambda raw: raw["18.07"].update(windows=[{**WINDOW, "opens": 1}]),
        "needs opens and closes as days",
    ),
    (
        "backwards",
        lambda raw: raw["18.07"].update(windows=[{**WINDOW, "closes": date(2025, 1, 1)}]),
        "closes before it opens.",
    ),
    (
        "too late",
        lambda raw: raw["18.07"].update(windows=[{**WINDOW, "closes": date(2027, 1, 1)}]),
        "must lie in the two years before its plan year.",
    ),
    ("twice", lambda raw: raw["18.07"].update(windows=[WINDOW, WINDOW]), "lists plan year 2027 twice."),
]


@pytest.mark.parametrize(
    ("change", "sentence"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_each_fault_of_a_calendar_is_one_sentence(change: Change, sentence: str) -> None:
    raw = copy.deepcopy(dict(read_toml(DEFAULT)))
    change(raw)
    assert any(sentence in fault for fault in problems(raw)), problems(raw)


def test_the_default_has_no_fault() -> None:
    assert problems(read_toml(DEFAULT)) == []


def test_a_kabupaten_without_a_calendar_is_named() -> None:
    with pytest.raises(DataFileError, match=r"Kabupaten 33\.01 has no calendar"):
        load_calendar("33.01")
