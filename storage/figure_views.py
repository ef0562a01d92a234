"""A figure as an officer may see it: a region divided by one cut, small counts hidden (issue 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from conversations.classifier import load_fields
from conversations.figure import Cut, DrawFigures
from conversations.flows.intake_answers import DECLINED, EVERYONE, GROUPS
from storage import figure_inclusion, permissions
from storage.actor import Officer
from storage.figure_counts import REST, Divide, Headcount, by_field, by_group, by_month, by_stage, headcount
from storage.figure_orders import cuts, viewer
from storage.rules import Rules

FOR_WHOM: Final = (*GROUPS, EVERYONE, DECLINED)

Counts = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Bar:
    """One part: its key (a region's code, a field, a month such as 2026-01), its count, and how many are accepted.

    None is a hidden count; `accepted` is counted in the inclusion view alone.
    """

    key: str
    count: int | None
    accepted: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A region divided by a cut, for the plan of a year. None is a hidden count, as in Bar."""

    cut: Cut
    region: str
    plan_year: int
    total: int | None
    bars: tuple[Bar, ...]
    accepted: int | None = None


def figure(
    connection: Connection, chat_id: int, asked: DrawFigures, rules: Rules, at: datetime
) -> Figure | None:
    """A figure for a chat's mandates; None when they do not allow it."""
    cut, region = asked.cut, asked.region
    officer = viewer(permissions.officers(connection, chat_id), region, rules)
    if officer is None or cut not in cuts(connection, chat_id, region, rules):
        return None
    year = rules.calendar.planning(at).plan_year
    counted = headcount(connection, year, rules)
    look = _View(counted, officer, region, rules)
    accepted = figure_inclusion.accepted(counted, region) if cut == "inclusion" else None
    bars = look.bars(cut)
    return Figure(cut=cut, region=region, plan_year=year, total=look.total(), bars=bars, accepted=accepted)


@dataclass(frozen=True, slots=True)
class _View:
    """What one officer sees of a region: all of it, or the matters of an agency."""

    headcount: Headcount
    officer: Officer
    region: str
    rules: Rules

    def total(self) -> int | None:
        """How many there are."""
        if not self.officer.agencies:
            return self.headcount.total(self.region)
        return _sum(self.headcount.row(by_field, _fields(), self.region), self._own_fields())

    def bars(self, cut: Cut) -> tuple[Bar, ...]:
        """The parts of a cut."""
        match cut:
            case "kecamatan":
                return _bars(self._regions())
            case "field":
                counts = self.headcount.row(by_field, _fields(), self.region)
                return _bars({name: counts[name] for name in self._own_fields()})
            case "stage":
                return _bars(self._row(by_stage, list(self.rules.lifecycle.stages)))
            case "month":
                return _bars(self._row(by_month, self._months()))
            case "group":
                return _bars({group: self._row(by_group(group), (group, REST))[group] for group in FOR_WHOM})
            case "inclusion":
                found = figure_inclusion.shares(self.headcount, FOR_WHOM, self.region)
                return tuple(Bar(one.group, one.sent, one.accepted) for one in found)

    def _row(self, divide: Divide, columns: Sequence[str]) -> Counts:
        if not self.officer.agencies:
            return self.headcount.row(divide, columns, self.region)
        own = [self.headcount.of_bidang(divide, columns, self.region, one) for one in self.officer.agencies]
        return {column: _added(row[column] for row in own) for column in columns}

    def _regions(self) -> Counts:
        """The regions right below; of an agency, its fields there, where all of them are shown."""
        if not self.officer.agencies:
            return self.headcount.parts(self.region)
        table = self.headcount.table(by_field, _fields(), self.region)
        return {one: _sum(row, self._own_fields()) for one, row in table.items()}

    def _own_fields(self) -> list[str]:
        agencies = self.officer.agencies
        return [one.name for one in load_fields() if not agencies or one.bidang in agencies]

    def _months(self) -> list[str]:
        """All months from the first to the last in which anything was sent."""
        seen = sorted({item.month for item in self.headcount.items})
        return list(_from_to(seen[0], seen[-1])) if seen else []


def _fields() -> list[str]:
    return [one.name for one in load_fields()]


def _bars(counts: Counts) -> tuple[Bar, ...]:
    return tuple(Bar(key, count) for key, count in counts.items())


def _sum(counts: Counts, names: Iterable[str]) -> int | None:
    return _added(counts[name] for name in names)


def _added(counts: Iterable[int | None]) -> int | None:
    """The sum; None when one of them is hidden."""
    known = list(counts)
    return None if None in known else sum(count or 0 for count in known)


def _from_to(first: str, last: str) -> Iterable[str]:
    year, month = map(int, first.split("-"))
    while (text := f"{year}-{month:02}") <= last:
        yield text
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December
