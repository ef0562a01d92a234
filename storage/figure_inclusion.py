"""The inclusion view: of what is sent and of what is accepted, how much is for each group (issue 4).

A square has four numbers: for a group or not, accepted or not. Its four sums are shown elsewhere, so that one number
gives away the others: all are shown or none. Villages are too small for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from storage.figure_counts import REST, Divide, Headcount, by_acceptance, by_group
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


def shares(headcount: Headcount, groups: Sequence[str], region: str) -> tuple[Share, ...]:
    """The groups of the kabupaten or of a kecamatan, in this order."""
    return tuple(_share(headcount, group, region) for group in groups)


def accepted(headcount: Headcount, region: str) -> int | None:
    """How many of a region are accepted."""
    return headcount.row(by_acceptance, ACCEPTANCE, region)["accepted"]


def _share(headcount: Headcount, group: str, region: str) -> Share:
    sent = headcount.row(by_group(group), (group, REST), region)[group]
    whole = headcount.path(region)[0]
    parts = headcount.below(whole)
    squares = _squares(headcount, group, (whole, *parts))
    shown = _shown(headcount, group, whole, squares) if region in squares else frozenset()
    return Share(group, sent, squares[region][0] if region in shown else None)


def _shown(headcount: Headcount, group: str, whole: str, squares: Mapping[str, Square]) -> frozenset[str]:
    """Whose squares are shown: that of the whole, and those of its parts; none when one could be found."""
    if whole not in _with_sums(headcount, group, whole, "") or not _is_safe(squares[whole]):
        return frozenset()
    parts = {one: square for one, square in squares.items() if one != whole}
    known = _with_sums(headcount, group, whole, whole)
    shown = {one for one in parts if one in known and _is_safe(parts[one])}
    while not _is_covered([square for one, square in parts.items() if one not in shown]):
        open_ones = [one for one in shown if _is_free(parts[one])]
        if not open_ones:
            return frozenset()
        shown.discard(min(open_ones, key=lambda one: (sum(parts[one]), one)))
    return frozenset({whole, *shown})


def _is_covered(hidden: Collection[Square]) -> bool:
    """Whether what is hidden cannot be found as the rest of the whole.

    Only those count that are not known from their sums; where all of them added up leave nothing to a number, it is
    nought in each.
    """
    free = [square for square in hidden if _is_free(square)]
    return not free or (len(free) >= FEWEST and all(sum(part) >= LEAST for part in zip(*free, strict=True)))


def _is_free(square: Square) -> bool:
    """Whether its sums leave its numbers open: a sum that is nought tells them all."""
    mine, others, yes, no = (
        square[0] + square[1],
        square[2] + square[3],
        square[0] + square[2],
        square[1] + square[3],
    )
    return all((mine, others, yes, no))


def _is_safe(square: Square) -> bool:
    return all(part == 0 or part >= LEAST for part in square)


def _with_sums(headcount: Headcount, group: str, whole: str, above: str) -> set[str]:
    """Which have shown sums, by group and by acceptance: the whole, or the regions below one."""
    sides: tuple[tuple[Divide, tuple[str, str]], ...] = (
        (by_group(group), (group, REST)),
        (by_acceptance, ACCEPTANCE),
    )
    if above:
        tables = [headcount.table(divide, columns, above) for divide, columns in sides]
    else:
        tables = [{whole: headcount.row(divide, columns, whole)} for divide, columns in sides]
    return {one for one in tables[0] if all(None not in table[one].values() for table in tables)}


def _squares(headcount: Headcount, group: str, regions: Sequence[str]) -> dict[str, Square]:
    found = {one: [0, 0, 0, 0] for one in regions}
    for item in headcount.items:
        number = 2 * (group not in item.groups) + (not item.accepted)
        for one in headcount.path(item.region)[:2]:
            if one in found:
                found[one][number] += 1
    return {one: (square[0], square[1], square[2], square[3]) for one, square in found.items()}
