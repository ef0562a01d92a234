"""The aspirations of one plan as they are counted, in a region and by what divides them (issue 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from conversations.classifier import load_fields
from storage.desk_cards import CARD
from storage.figure_orders import below
from storage.rules import Rules
from storage.submissions import ASPIRATION, AUDIENCE
from storage.suppression import LEAST, Cell, Level, hidden_below, hidden_in_line, hidden_in_row

ACCEPTED: Final = frozenset({"accommodated", "accommodated_partly"})
"""Decisions by which an aspiration is in a plan, whole or in part."""

REST: Final = "-"
"""The column of all that another column is not."""

Divide = Callable[["Counted"], str]
"""In which column an aspiration counts."""


@dataclass(frozen=True, slots=True)
class Counted:
    """An aspiration as far as it is counted; `month` such as 2026-01, in the zone of the kabupaten."""

    region: str
    field: str
    stage: str
    month: str
    accepted: bool
    groups: frozenset[str]


@dataclass(frozen=True)
class Headcount:
    """The aspirations of a plan, and what of their counts may be shown (storage.suppression)."""

    items: Sequence[Counted]
    rules: Rules
    bidang: dict[str, str] = field(default_factory=dict)

    def total(self, region: str) -> int | None:
        """How many there are; None when that is hidden."""
        return None if region in self._closed(self.path(region)) else self._totals[region]

    def parts(self, region: str) -> dict[str, int | None]:
        """The same of each region right below."""
        closed = self._closed(self.path(region))
        return {one: None if one in closed else self._totals[one] for one in self.below(region)}

    def row(self, divide: Divide, columns: Sequence[str], region: str) -> dict[str, int | None]:
        """How many of a region are in each column; None where that is hidden."""
        counts = self._counted(divide)
        hidden = hidden_in_row(counts, columns, self.levels(region))
        return {column: None if column in hidden else counts[region, column] for column in columns}

    def table(self, divide: Divide, columns: Sequence[str], region: str) -> dict[str, dict[str, int | None]]:
        """The rows of all regions right below one."""
        counts, levels = self._counted(divide), self.levels(region)
        above = hidden_in_row(counts, columns, levels)
        regions = self.below(region)
        step = Level("", regions, self._closed(self.path(region)))
        hidden = hidden_below(counts, columns, step, above)
        return {
            one: {column: None if (one, column) in hidden else counts[one, column] for column in columns}
            for one in regions
        }

    def of_bidang(
        self, divide: Divide, columns: Sequence[str], region: str, bidang: str
    ) -> dict[str, int | None]:
        """How many of a bidang urusan's matters in a region are in each column; its fields are `field`'s."""
        counts = self._counted(divide) + self._counted(divide, region)
        fields = self.row(by_field, sorted(self.bidang), region)
        of = {one: f"{region} {one}" for one in sorted({*self.bidang.values()})}
        closed = frozenset(of[self.bidang[name]] for name, count in fields.items() if count is None)
        level = Level(of[bidang], tuple(of.values()), closed)
        hidden = hidden_in_row(counts, columns, (*self.levels(region), level))
        return {column: None if column in hidden else counts[of[bidang], column] for column in columns}

    def below(self, region: str) -> tuple[str, ...]:
        """The regions right below one, with those that have left the list since: else the sums would tell of them."""
        known = below(region, self.rules)
        return (*known, *sorted(set(self._seen_below.get(region, ())) - set(known)))

    def path(self, region: str) -> tuple[str, ...]:
        """From the kabupaten down to a region; each is worked out once."""
        if region not in self._paths:
            root = self.rules.regions.kabupaten
            inner = region.removeprefix(root).lstrip(".").split(".") if region != root else []
            rest = (".".join((root, *inner[:number])) for number in range(1, len(inner) + 1))
            self._paths[region] = (root, *rest)
        return self._paths[region]

    def levels(self, region: str) -> tuple[Level, ...]:
        """The same as steps with siblings."""
        path = self.path(region)
        closed = self._closed(path)
        whole = Level(path[0], (path[0],), closed)
        return (whole, *(Level(one, self.below(above), closed) for above, one in pairwise(path)))

    @cached_property
    def _paths(self) -> dict[str, tuple[str, ...]]:
        return {}

    def _closed(self, path: Sequence[str]) -> frozenset[str]:
        """The regions whose sums are hidden, of those on a path and right below it."""
        closed = {path[0]} if self._totals[path[0]] < LEAST else set()
        for region in path:
            inside = {one: self._totals[one] for one in self.below(region)}
            closed.update(inside if region in closed else hidden_in_line(inside))
        return frozenset(closed)

    @cached_property
    def _seen_below(self) -> dict[str, set[str]]:
        seen: dict[str, set[str]] = {}
        for region in self._totals:
            seen.setdefault(region.rpartition(".")[0], set()).add(region)
        return seen

    @cached_property
    def _totals(self) -> Counter[str]:
        return Counter(region for item in self.items for region in self.path(item.region))

    def _counted(self, divide: Divide, within: str = "") -> Counter[Cell]:
        """By region and column; or, `within` one region, by bidang urusan and column."""
        if not within:
            return Counter((one, divide(item)) for item in self.items for one in self.path(item.region))
        inside = (item for item in self.items if within in self.path(item.region))
        return Counter((f"{within} {self.bidang.get(item.field, '')}", divide(item)) for item in inside)


def by_field(item: Counted) -> str:
    """The field of need."""
    return item.field


def by_stage(item: Counted) -> str:
    """The stage."""
    return item.stage


def by_month(item: Counted) -> str:
    """The month in which it was sent."""
    return item.month


def by_group(group: str) -> Divide:
    """Whether it is for a group."""
    return lambda item: group if group in item.groups else REST


def by_acceptance(item: Counted) -> str:
    """Whether it is in a plan."""
    return "accepted" if item.accepted else REST


def headcount(connection: Connection, plan_year: int, rules: Rules) -> Headcount:
    """All aspirations of a plan but those that were taken back at once, and those held back as abuse."""
    groups: dict[int, set[str]] = {}
    for row in connection.execute(_GROUPS, {"year": plan_year}):
        groups.setdefault(row.aspiration_id, set()).add(row.grp)
    rows = connection.execute(_COUNTED, {"year": plan_year})
    items = [_counted(row, groups.get(row.id, ()), rules) for row in rows]
    return Headcount(items, rules, {one.name: one.bidang for one in load_fields()})


def _counted(row: Any, groups: Iterable[str], rules: Rules) -> Counted:
    sent = row.submitted_at.astimezone(rules.calendar.zone)
    return Counted(
        region=row.region,
        field=row.field,
        stage=row.stage,
        month=f"{sent:%Y-%m}",
        accepted=row.decision in ACCEPTED,
        groups=frozenset(groups),
    )


_OF_PLAN: Final = (
    ASPIRATION.c.plan_year == bindparam("year"),
    ASPIRATION.c.retracted_at.is_(None),
    CARD.c.held_at.is_(None),
)
_WITH_CARD: Final = ASPIRATION.outerjoin(CARD, CARD.c.aspiration_id == ASPIRATION.c.id)
_COUNTED: Final = (
    select(*(ASPIRATION.c[name] for name in ("id", "region", "field", "stage", "decision", "submitted_at")))
    .select_from(_WITH_CARD)
    .where(*_OF_PLAN)
)
_GROUPS: Final = (
    select(AUDIENCE.c.aspiration_id, AUDIENCE.c.grp)
    .select_from(_WITH_CARD.join(AUDIENCE, AUDIENCE.c.aspiration_id == ASPIRATION.c.id))
    .where(*_OF_PLAN)
)
