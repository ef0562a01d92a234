"""Which days are worked on, and how they are counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from storage.datafile import DataFileError
from storage.working_days import NATIONAL, WorkingDays, load_working_days, of_package

TIMUR = load_working_days("18.07")
OWN = '["18.07".closed]\n2026-04-27 = "Hari jadi"\n["18.07".open]\n2026-01-16 = "Musrenbang"\n'


def test_deadlines_pass_over_weekends_holidays_and_joint_leave() -> None:
    assert TIMUR.after(date(2026, 2, 13), 1) == date(2026, 2, 18), "16 is joint leave, 17 Imlek"
    assert TIMUR.after(date(2026, 3, 17), 2) == date(2026, 3, 26), "Nyepi, Idul Fitri, and the leave between"
    assert TIMUR.before(date(2026, 2, 18), 1) == date(2026, 2, 13)
    assert TIMUR.holiday(date(2026, 2, 17)) == "Tahun Baru Imlek"
    assert TIMUR.after(date(2026, 2, 17), 0) == date(2026, 2, 17)


def test_the_listed_years_are_those_of_the_package() -> None:
    """When a newer package knows better: python -m storage.national_holidays 2025 2030."""
    years = sorted({day.year for day in TIMUR.national})
    assert years == list(range(years[0], years[-1] + 1))
    assert TIMUR.national == {day: name for year in years for day, name in of_package(year).items()}
    assert NATIONAL.is_file()


def test_a_year_that_is_not_listed_is_asked_of_the_package() -> None:
    bare = WorkingDays({}, {}, {})
    assert bare.holiday(date(2026, 8, 17)) == TIMUR.holiday(date(2026, 8, 17)) != ""


def test_a_kabupaten_adds_and_takes_away_days_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text(OWN, encoding="utf-8")
    timur, tengah = load_working_days("18.07", path), load_working_days("18.02", path)
    assert (timur.holiday(date(2026, 4, 27)), timur.works(date(2026, 4, 27))) == ("Hari jadi", False)
    assert tengah.works(date(2026, 4, 27))
    assert (timur.works(date(2026, 1, 16)), tengah.works(date(2026, 1, 16))) == (True, False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("all = 3", "Table all must be a table with closed and open."),
        ("[all.shut]\n", 'Table all has an unknown entry "shut"'),
        ('[all.closed]\n31-12 = "Libur"\n', "Table all, closed, has 31-12, which is no day"),
        ('[all.closed]\n2026-12-31 = ""\n', "does not say what 2026-12-31 is"),
        ("[all]\nclosed = 1\n", "Table all, closed, needs days with their names"),
        (
            OWN + '["18.02".closed]\n2026-01-01 = "x"\n["18.02".open]\n2026-01-01 = "x"\n',
            "both closed and open",
        ),
    ],
)
def test_each_fault_of_the_file_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"holidays\.toml") as fault:
        load_working_days("18.07", path)
    assert [sentence in told for told in fault.value.sentences] == [True]
