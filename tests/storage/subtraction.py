"""An attacker who adds and subtracts: which unknowns do linear equations give away?"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def found_out(equations: Iterable[Mapping[Name, int]]) -> set[Name]:
    """The unknowns that linear equations determine: those alone in a row of the reduced echelon form."""
    rows: dict[Name, dict[Name, Fraction]] = {}
    for equation in equations:
        row = {unknown: Fraction(factor) for unknown, factor in equation.items()}
        for known in [one for one in row if one in rows]:
            _subtract(row, rows[known], known)
        if not row:
            continue
        pivot = next(iter(row))
        scaled = {unknown: factor / row[pivot] for unknown, factor in row.items()}
        for other in rows.values():
            _subtract(other, scaled, pivot)
        rows[pivot] = scaled
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _subtract(row: dict[Name, Fraction], other: Mapping[Name, Fraction], pivot: Name) -> None:
    times = row.get(pivot, Fraction())
    for unknown, factor in other.items() if times else ():
        row[unknown] = row.get(unknown, Fraction()) - times * factor
        if not row[unknown]:
            del row[unknown]
