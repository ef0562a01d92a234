"""Which counts may be shown, so that no small one is seen, nor found by subtracting shown ones (issue 4).

A count under LEAST is small. What is hidden is hidden for everybody, whoever asks: the kabupaten is divided into
kecamatan and those into villages, each region by one attribute (field, stage …), and of that whole table it is
decided which counts are shown. A part of what is hidden is hidden too. Beside the small ones others are hidden
(secondary suppression), until
  - what a shown sum leaves to the hidden ones of its line is nothing, or at least LEAST in at least two of them;
  - in the table of the regions right below one, every hidden count that is not hidden because its row or column is
    lies on a circle of hidden ones. Going round it, adding and taking one in turn, leaves every sum as it is. Hence no
    addition or subtraction of shown counts of one attribute, of however many regions, gives a hidden one
    (Gusfield, "A graph theoretic approach to statistical data security", SIAM J. Comput. 17, 1988).
Noughts are shown only where a whole line has no other small count: the sum gives them away there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Final

LEAST: Final = 5
"""From here on a count is shown (issue 4)."""

FEWEST: Final = 2  # hidden counts in a line with a shown sum

Cell = tuple[str, str]
"""Row and column."""


@dataclass(frozen=True, slots=True)
class Level:
    """One step down: the row that is looked at, it and its siblings, and those of them whose sums are hidden."""

    row: str
    siblings: tuple[str, ...]
    closed: frozenset[str] = frozenset()


def hidden_in_line(counts: Mapping[str, int]) -> frozenset[str]:
    """Which parts of a shown sum are hidden."""
    small = {name for name, count in counts.items() if count < LEAST}
    if not any(counts[name] for name in small):
        return frozenset()
    return frozenset(small.union(_further(counts, small)))


def hidden_in_row(
    counts: Mapping[Cell, int], columns: Sequence[str], levels: Sequence[Level]
) -> frozenset[str]:
    """Which columns are hidden of the last level's row; the first level is the whole, without siblings."""
    hidden = {(levels[0].row, column) for column in hidden_in_whole(counts, columns, levels[0])}
    for above, level in pairwise(levels):
        hidden = set(hidden_below(counts, columns, level, _columns_of(hidden, above.row)))
    return _columns_of(hidden, levels[-1].row)


def hidden_in_whole(counts: Mapping[Cell, int], columns: Sequence[str], whole: Level) -> frozenset[str]:
    """Which columns are hidden of the row that has no siblings."""
    if whole.row in whole.closed:
        return frozenset(columns)
    return hidden_in_line({column: counts.get((whole.row, column), 0) for column in columns})


def hidden_below(
    counts: Mapping[Cell, int], columns: Sequence[str], level: Level, above: frozenset[str]
) -> frozenset[Cell]:
    """Which cells of a level's siblings are hidden; `above` are the columns that are hidden of the row above them."""
    table = _Table(counts, level.siblings, tuple(columns), level.closed, above)
    return frozenset(table.protected())


def _columns_of(cells: Iterable[Cell], row: str) -> frozenset[str]:
    return frozenset(column for known, column in cells if known == row)


def _further(counts: Mapping[str, int], hidden: set[str]) -> Iterator[str]:
    """What has to be hidden beside these, the smallest first; noughts, which cover nothing, last."""
    left, number = sum(counts[name] for name in hidden), len(hidden)
    others = sorted(set(counts) - hidden, key=lambda name: (counts[name] == 0, counts[name], name))
    for name in others:
        if left >= LEAST and number >= FEWEST:
            return
        left, number = left + counts[name], number + 1
        yield name


@dataclass(slots=True)
class _Table:
    """The regions right below one, each a row. Rows and columns that are closed are hidden whole, sums and all."""

    counts: Mapping[Cell, int]
    rows: Sequence[str]
    columns: Sequence[str]
    closed_rows: frozenset[str]
    closed_columns: frozenset[str]
    hidden: set[Cell] = field(default_factory=set)

    def protected(self) -> set[Cell]:
        """The hidden cells, more and more until nothing can be found by subtraction."""
        self._leave_out_empty()
        self.hidden = {cell for cell in self._cells() if self._is_closed(cell) or self._is_small(cell)}
        self.hidden -= set(self._noughts())
        while more := self._uncovered() or self._bridged():
            self.hidden |= more
        return self.hidden

    def _leave_out_empty(self) -> None:
        """Of a line whose shown sum is nothing there is nothing to hide."""
        every = self.rows
        self.rows = [
            row for row in every if row in self.closed_rows or self._any((row, c) for c in self.columns)
        ]
        self.columns = [
            c for c in self.columns if c in self.closed_columns or self._any((row, c) for row in every)
        ]

    def _any(self, cells: Iterable[Cell]) -> bool:
        return any(map(self._count, cells))

    def _cells(self) -> Iterator[Cell]:
        return product(self.rows, self.columns)

    def _count(self, cell: Cell) -> int:
        return self.counts.get(cell, 0)

    def _is_closed(self, cell: Cell) -> bool:
        return cell[0] in self.closed_rows or cell[1] in self.closed_columns

    def _is_small(self, cell: Cell) -> bool:
        return self._count(cell) < LEAST

    def _lines(self) -> Iterator[list[Cell]]:
        """The lines whose sums are shown."""
        for row in self.rows:
            if row not in self.closed_rows:
                yield [(row, column) for column in self.columns]
        for column in self.columns:
            if column not in self.closed_columns:
                yield [(row, column) for row in self.rows]

    def _noughts(self) -> Iterator[Cell]:
        """Noughts of lines that have no other small count, and nothing closed."""
        for line in self._lines():
            hidden = [cell for cell in line if cell in self.hidden]
            if not self._any(hidden):
                yield from (cell for cell in hidden if not self._is_closed(cell))

    def _uncovered(self) -> set[Cell]:
        """What has to be hidden beside the hidden ones of each line."""
        more: set[Cell] = set()
        for line in self._lines():
            names = {str(number): cell for number, cell in enumerate(line)}
            hidden = {name for name, cell in names.items() if cell in self.hidden}
            if hidden:
                counts = {name: self._count(cell) for name, cell in names.items()}
                more.update(names[name] for name in _further(counts, hidden))
        return more

    def _bridged(self) -> set[Cell]:
        """What closes a circle through one hidden cell that lies on none."""
        lonely = [cell for cell in bridges(self.hidden) if not self._is_closed(cell)]
        return self._corners(min(lonely)) if lonely else set()

    def _corners(self, cell: Cell) -> set[Cell]:
        """The cheapest three cells that make a rectangle with this one."""
        row, column = cell
        rectangles = [
            {(row, other), (another, column), (another, other)} - self.hidden
            for another, other in product(self.rows, self.columns)
            if another != row and other != column
        ]
        return min(
            rectangles, key=lambda one: (sum(map(self._count, one)), len(one), sorted(one)), default=set()
        )


def bridges(cells: Iterable[Cell]) -> frozenset[Cell]:
    """The cells that lie on no circle, when each cell joins its row to its column."""
    joined: dict[str, set[str]] = {}
    for row, column in cells:
        joined.setdefault(f"row {row}", set()).add(f"column {column}")
        joined.setdefault(f"column {column}", set()).add(f"row {row}")
    found: set[Cell] = set()
    seen: dict[str, int] = {}
    for start in sorted(joined):
        if start not in seen:
            found.update(_bridges_from(start, joined, seen))
    return frozenset(found)


def _bridges_from(start: str, joined: Mapping[str, set[str]], seen: dict[str, int]) -> Iterator[Cell]:
    """Tarjan's walk: a way down is a bridge when nothing below it leads back above it."""
    order: list[tuple[str, str]] = []
    seen[start] = len(seen)
    stack = [(start, "", iter(sorted(joined[start])))]
    lowest = dict(seen)
    while stack:
        node, above, others = stack[-1]
        step = next(others, None)
        if step is None:
            stack.pop()
            order.append((node, above))
        elif step not in seen:
            seen[step] = lowest[step] = len(seen)
            stack.append((step, node, iter(sorted(joined[step]))))
        elif step != above:
            lowest[node] = min(lowest[node], seen[step])
    for node, above in order:
        if above:
            lowest[above] = min(lowest[above], lowest[node])
            if lowest[node] > seen[above]:
                yield _cell(node, above)


def _cell(one: str, other: str) -> Cell:
    row, column = sorted((one, other), reverse=True)  # "row …" comes after "column …"
    return row.removeprefix("row "), column.removeprefix("column ")
