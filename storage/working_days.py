"""Working days: Monday to Friday but the holidays of Indonesia, its joint leave, and what a kabupaten adds.

National days come from the `holidays` package. It costs half a second and 20 MB to import, so the years ahead stand
in data/national_holidays.toml (written by storage/national_holidays.py, compared with the package by a test), and the
package itself is asked for further years alone. Own additions stand in data/holidays.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from storage.datafile import FOLDER, DataFileError, Raw, read_toml, surplus

NATIONAL: Final = FOLDER / "national_holidays.toml"
OWN: Final = FOLDER / "holidays.toml"
EVERYWHERE: Final = "all"
_TABLES: Final = ("closed", "open")
_FRIDAY: Final = 4

Days = Mapping[date, str]
"""Days by date, each with its name."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The working days of a kabupaten: `national` holidays by date, those `closed` beside them, and those `open` all the same."""

    national: Days
    closed: Days
    open: Days

    def works(self, day: date) -> bool:
        """Whether offices work on a day."""
        if day in self.open:
            return True
        return day.weekday() <= _FRIDAY and not self.holiday(day)

    def holiday(self, day: date) -> str:
        """The name of a holiday, "" for a day that is none (weekends are none)."""
        if day in self.open:
            return ""
        return self.closed.get(day) or self._national(day).get(day, "")

    def after(self, day: date, count: int) -> date:
        """The working day that is `count` working days after a day: 1 is the next one. `count` 0 is the day itself."""
        for _ in range(count):
            day = self._next(day, 1)
        return day

    def before(self, day: date, count: int) -> date:
        """The working day that is `count` working days before a day."""
        for _ in range(count):
            day = self._next(day, -1)
        return day

    def _next(self, day: date, step: int) -> date:
        day += timedelta(days=step)
        while not self.works(day):
            day += timedelta(days=step)
        return day

    def _national(self, day: date) -> Days:
        return self.national if date(day.year, 1, 1) in self.national else of_package(day.year)


@cache
def of_package(year: int) -> Days:
    """The national holidays and joint leave of a year as the `holidays` package knows them now."""
    from holidays import country_holidays  # noqa: PLC0415 - see the top of this file

    kinds = ("public", "government")
    return dict(country_holidays("ID", years=year, categories=kinds, language="id"))


def load_working_days(kabupaten: str, own: Path = OWN, national: Path = NATIONAL) -> WorkingDays:
    """The working days of a kabupaten by kode. Raises DataFileError with one sentence for each fault."""
    listed, added = read_toml(national), read_toml(own)
    faults = [f"{national.name}: {fault}" for fault in _day_faults(listed, "The file")]
    faults += [f"{own.name}: {fault}" for fault in problems(added)]
    if faults:
        raise DataFileError(faults)
    tables = [added.get(EVERYWHERE, {}), added.get(kabupaten, {})]
    closed, opened = ({**tables[0].get(name, {}), **tables[1].get(name, {})} for name in _TABLES)
    return WorkingDays(_dated(listed), _dated(closed), _dated(opened))


def problems(raw: Raw) -> list[str]:
    """Every fault of a file of own additions, each in one sentence."""
    return [fault for kode, entry in raw.items() for fault in _faults(entry, f"Table {kode}")]


def _faults(entry: Any, where: str) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f"{where} must be a table with closed and open."
        return
    yield from surplus(entry, _TABLES, where)
    days = [entry.get(name, {}) for name in _TABLES]
    for name, table in zip(_TABLES, days, strict=True):
        yield from _day_faults(table, f"{where}, {name},")
    if all(isinstance(table, dict) for table in days):
        twice = sorted(set(days[0]) & set(days[1]))
        yield from (f"{where} has {day} both closed and open." for day in twice)


def _day_faults(days: Any, where: str) -> Iterator[str]:
    if not isinstance(days, dict):
        yield f'{where} needs days with their names, such as 2026-04-27 = "Hari jadi".'
        return
    for day, name in days.items():
        if _date(day) is None:
            yield f"{where} has {day}, which is no day such as 2026-04-27."
        if not isinstance(name, str) or not name.strip():
            yield f"{where} does not say what {day} is."


def _dated(days: Raw) -> Days:
    return {day: str(name) for text, name in days.items() if (day := _date(text))}


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
