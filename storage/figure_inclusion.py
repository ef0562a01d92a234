"""The inclusion view: of what is sent and of what is accepted, how much is for each group (issue 4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from storage.figure_counts import REST, Census, Counted, by_acceptance, by_group
from storage.figure_orders import below
from storage.suppression import FEWEST, LEAST

ACCEPTANCE: Final = ("accepted", REST)

Square = tuple[int, int, int, int]
"""For the group and accepted, for it and not, for others and accepted, for others and not."""


@dataclass(frozen=True, slots=True)
class Share:
    """One group: how many are for it, and how many of those are accepted; None where that is hidden."""

    group: str
    sent: int | None
    accepted: int | None


def shares(census: Census, groups: Sequence[str], region: str) -> tuple[Share, ...]:
    """The groups of a region, in this order."""
    return tuple(_share(census, group, region) for group in groups)


def accepted(census: Census, region: str) -> int | None:
    """How many of a region are accepted."""
    return census.row(by_acceptance, ACCEPTANCE, region)["accepted"]


def _share(census: Census, group: str, region: str) -> Share:
    sent = census.row(by_group(group), (group, REST), region)[group]
    shown = region in _open(census, group, region)
    square = _squares(census.items, group, census, (region,))[region]
    return Share(group, sent, square[0] if shown else None)


def _open(census: Census, group: str, region: str) -> frozenset[str]:
    """The regions of the last step down to this one whose squares may be shown.

    A square has shown sums, so that one of its four numbers gives away the others: all are shown or none. What is
    hidden of several siblings adds up to what the region above them shows.
    """
    path = census.path(region)
    found = _shown(census, group, "", (path[0],))
    for above in path[:-1]:
        inside = below(above, census.rules)
        found = _shown(census, group, above, inside) if above in found else frozenset()
    return found


def _shown(census: Census, group: str, above: str, regions: Sequence[str]) -> frozenset[str]:
    """Of these regions, which lie right below one."""
    squares = _squares(census.items, group, census, regions)
    whole = _with_sums(census, group, above, regions)
    shown = {one for one in regions if one in whole and _is_safe(squares[one])}
    while above and (smallest := _to_hide(squares, shown)):
        shown.discard(smallest)
    return frozenset(shown)


def _with_sums(census: Census, group: str, above: str, regions: Sequence[str]) -> set[str]:
    """The regions whose sums are shown, by group and by acceptance."""
    sides = ((by_group(group), (group, REST)), (by_acceptance, ACCEPTANCE))
    if not above:
        rows = [{one: census.row(divide, columns, one) for one in regions} for divide, columns in sides]
    else:
        rows = [census.table(divide, columns, above) for divide, columns in sides]
    return {one for one in regions if all(None not in row[one].values() for row in rows)}


def _to_hide(squares: Mapping[str, Square], shown: Collection[str]) -> str:
    """The smallest region that has to be hidden beside those that are, "" when nothing is found by subtraction."""
    hidden = [square for one, square in squares.items() if one not in shown]
    if not hidden or not shown:
        return ""
    left = tuple(map(sum, zip(*hidden, strict=True)))
    if len(hidden) >= FEWEST and all(part == 0 or part >= LEAST for part in left):
        return ""
    return min(shown, key=lambda one: (sum(squares[one]), one))


def _is_safe(square: Square) -> bool:
    return all(part == 0 or part >= LEAST for part in square)


def _squares(
    items: Sequence[Counted], group: str, census: Census, regions: Sequence[str]
) -> dict[str, Square]:
    found = {one: [0, 0, 0, 0] for one in regions}
    for item in items:
        number = 2 * (group not in item.groups) + (not item.accepted)
        for one in census.path(item.region):
            if one in found:
                found[one][number] += 1
    return {one: (square[0], square[1], square[2], square[3]) for one, square in found.items()}
