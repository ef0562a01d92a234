"""The planning calendar of a kabupaten: which year's plan a need goes to, and by when its author hears.

Dates differ by kabupaten and year, so they are settings in a data file. Years that the file does not list are
derived from a month and a day: an assumption that the kabupaten has to verify. Deadlines count working days
(storage.working_days); what residents are promised and what the staff is reminded of are the same days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final, TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conversations.facts import Planning
from storage.datafile import FOLDER, DataFileError, Raw, read_toml, surplus, wrong_type
from storage.working_days import WorkingDays, load_working_days

DEFAULT: Final = FOLDER / "calendar.toml"
FIRST: Final = "first"
LEVELS: Final = 3
"""Those who are reminded of a deadline, one after the other: who works on it, who is above them, the Bappeda."""

_LEAP: Final = 2000  # a year that has every month-day


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Between these days, both included, a need is told for the plan of `plan_year`."""

    plan_year: int
    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The checked calendar of one kabupaten. `yearly` holds (month, day) of opening and closing.

    `days` are working days by stage; `reminders` those after a deadline on which the staff is reminded, each time
    further up; `asked_after` the days after which people are asked whether what was completed really is.
    """

    zone: tzinfo
    yearly: tuple[tuple[int, int], tuple[int, int]]
    windows: Mapping[int, Window]
    days: Mapping[str, int]
    working: WorkingDays
    reminders: tuple[int, ...]
    asked_after: int

    def window(self, plan_year: int) -> Window:
        """The window of a plan year: as listed, else derived from month and day."""
        if plan_year in self.windows:
            return self.windows[plan_year]
        opens, closes = self.yearly
        return Window(plan_year, _on(plan_year - 2, *opens), _on(plan_year - 1, *closes))

    def planning(self, at: datetime) -> Planning:
        """Where `at` lies: in a window, or before the next one, for which the aspiration then waits."""
        today = self.today(at)
        window = next(
            self.window(year)
            for year in range(today.year, today.year + 4)
            if self.window(year).closes >= today
        )
        counted_from = max(today, window.opens)
        return Planning(
            plan_year=window.plan_year,
            answer_by=self.working.after(counted_from, self.days[FIRST]),
            in_season=window.opens <= today,
            opens_on=window.opens,
            closes_on=window.closes,
        )

    def answer_by(self, stage: str, at: datetime) -> date | None:
        """By when one hears again about what reached `stage` at `at`; None where no deadline is set."""
        days = self.days.get(stage)
        return None if days is None else self.working.after(self.today(at), days)

    def today(self, at: datetime) -> date:
        """The day that it is in the kabupaten."""
        return at.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The moment at which a day is over: what is due on it is late from then on."""
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)


def _on(year: int, month: int, day: int) -> date:
    """29 February falls on the 28th in common years."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


def load_calendar(kabupaten: str, path: Path = DEFAULT) -> Calendar:
    """The calendar of a kabupaten by kode. Raises DataFileError with one sentence for each fault."""
    raw = read_toml(path)
    faults = problems(raw) or list(_absent(raw, kabupaten))
    if faults:
        raise DataFileError([f"{path.name}: {fault}" for fault in faults])
    return _build(raw[kabupaten], load_working_days(kabupaten))


def problems(raw: Raw) -> list[str]:
    """Every fault of a calendar file, each in one sentence."""
    return [fault for kode, entry in raw.items() for fault in _faults(entry, f"Kabupaten {kode}")]


def _absent(raw: Raw, kabupaten: str) -> Iterator[str]:
    if kabupaten not in raw:
        yield f"Kabupaten {kabupaten} has no calendar; copy that of another one and verify its dates."


def _faults(raw: Any, where: str) -> Iterator[str]:
    if not isinstance(raw, dict):
        yield f"{where} must be a table."
        return
    yield from surplus(raw, ("zone", "yearly", "windows", "working_days", "after"), where)
    yield from _zone_faults(raw, where)
    yield from _yearly_faults(raw.get("yearly"), where)
    yield from _day_faults(raw, where)
    yield from _after_faults(raw, where)
    yield from _window_faults(raw.get("windows", []), where)


def _zone_faults(raw: Raw, where: str) -> Iterator[str]:
    try:
        ZoneInfo(str(raw.get("zone", "")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"{where} needs zone as a time zone such as Asia/Jakarta."


def _yearly_faults(yearly: Any, where: str) -> Iterator[str]:
    if not isinstance(yearly, dict):
        yield f"{where} needs yearly with opens and closes."
        return
    yield from surplus(yearly, ("opens", "closes"), f"{where}, yearly,")
    for name in ("opens", "closes"):
        if _month_day(yearly.get(name)) is None:
            yield f'{where}, yearly, needs {name} as a month and day such as "11-01".'


def _day_faults(raw: Raw, where: str) -> Iterator[str]:
    yield from wrong_type(raw, where, "working_days", dict)
    days = raw.get("working_days")
    if not isinstance(days, dict):
        return
    yield from (
        f"{where}, working_days, needs {name} as a whole number above 0."
        for name in days
        if not _positive(days[name])
    )
    if FIRST not in days:
        yield f'{where}, working_days, needs "{FIRST}": within how many days one hears after sending.'


def _after_faults(raw: Raw, where: str) -> Iterator[str]:
    after = raw.get("after")
    if not isinstance(after, dict):
        yield f"{where} needs after with reminders and asked."
        return
    yield from surplus(after, ("reminders", "asked"), f"{where}, after,")
    reminders = after.get("reminders")
    if not isinstance(reminders, list) or not all(map(_positive, reminders)):
        yield f"{where}, after, needs reminders as a list of whole numbers above 0."
    elif not 1 <= len(reminders) <= LEVELS or sorted(set(reminders)) != reminders:
        yield f"{where}, after, needs one to {LEVELS} reminders, each later than the one before."
    if not _positive(after.get("asked")):
        yield f"{where}, after, needs asked as a whole number above 0."


def _window_faults(windows: Any, where: str) -> Iterator[str]:
    if not isinstance(windows, list) or not all(isinstance(window, dict) for window in windows):
        yield f"{where} needs windows as a list of tables."
        return
    for window in windows:
        yield from _one_window(window, f"{where}, window {window.get('plan_year', '?')},")
    years = [window.get("plan_year") for window in windows]
    yield from (f"{where} lists plan year {year} twice." for year in {y for y in years if years.count(y) > 1})


def _one_window(window: Raw, where: str) -> Iterator[str]:
    yield from surplus(window, ("plan_year", "opens", "closes"), where)
    year, opens, closes = (window.get(name) for name in ("plan_year", "opens", "closes"))
    if not _positive(year):
        yield f"{where} needs plan_year as a year."
        return
    if type(opens) is not date or type(closes) is not date:
        yield f"{where} needs opens and closes as days such as 2025-11-01."
    elif opens > closes:
        yield f"{where} closes before it opens."
    elif opens.year < year - 2 or closes.year >= year:
        yield f"{where} must lie in the two years before its plan year."


def _positive(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _month_day(value: object) -> tuple[int, int] | None:
    try:
        day = date.fromisoformat(f"{_LEAP}-{value}")
    except ValueError:
        return None
    return day.month, day.day


def _build(raw: Raw, working: WorkingDays) -> Calendar:
    opens, closes = (_month_day(raw["yearly"][name]) for name in ("opens", "closes"))
    if opens is None or closes is None:
        raise AssertionError("a checked calendar has both days")
    windows = (Window(**window) for window in raw.get("windows", []))
    return Calendar(
        ZoneInfo(raw["zone"]),
        (opens, closes),
        {window.plan_year: window for window in windows},
        dict(raw["working_days"]),
        working,
        tuple(raw["after"]["reminders"]),
        raw["after"]["asked"],
    )
