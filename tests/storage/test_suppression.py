"""No small count is shown, and none is found by adding and subtracting what is shown, in whatever regions and cuts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Final

import pytest

from storage.suppression import LEAST, Level, bridges, hidden_below, hidden_in_line, hidden_in_row
from tests.storage.subtraction import found_out
from tests.storage.world import seeded

WHOLE: Final = "K"
Number = tuple[str, str, str]
"""Cut ("" for the sum), region, column."""


@dataclass
class Kabupaten:
    """Kecamatan and villages with random aspirations, counted by two cuts; what is shown of them."""

    tree: dict[str, tuple[str, ...]]
    cuts: dict[str, tuple[str, ...]]
    counts: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    sums: Counter[str] = field(default_factory=Counter)

    def way(self, region: str) -> tuple[str, ...]:
        """From the kabupaten to a region."""
        inner = region.split(".")
        return (WHOLE,) if region == WHOLE else (WHOLE, *(".".join(inner[:n]) for n in (1, 2)[: len(inner)]))

    def regions(self) -> Iterator[str]:
        yield from dict.fromkeys((WHOLE, *(one for inside in self.tree.values() for one in inside)))

    def value(self, number: Number) -> int:
        cut, region, column = number
        return self.counts[cut][region, column] if cut else self.sums[region]

    def lines(self) -> Iterator[tuple[Number, list[Number]]]:
        """Every sum with its parts: of a region its columns, of a column the regions below."""
        for region in self.regions():
            below = self.tree.get(region, ())
            if below:
                yield ("", region, ""), [("", one, "") for one in below]
            for cut, columns in self.cuts.items():
                yield ("", region, ""), [(cut, region, column) for column in columns]
                if below:
                    for column in columns:
                        yield (cut, region, column), [(cut, one, column) for one in below]

    def hidden(self) -> set[Number]:
        """What everybody together does not see."""
        closed = self._closed()
        found: set[Number] = {("", region, "") for region in closed}
        for region in self.regions():
            way = self.way(region)
            steps = [Level(below, self.tree[above], closed) for above, below in pairwise(way)]
            levels = [Level(WHOLE, (WHOLE,), closed), *steps]
            for cut, columns in self.cuts.items():
                row = hidden_in_row(self.counts[cut], columns, levels)
                found.update((cut, region, column) for column in row)
        return found

    def _closed(self) -> frozenset[str]:
        closed = {WHOLE} if self.sums[WHOLE] < LEAST else set()
        for region in self.regions():
            inside = {one: self.sums[one] for one in self.tree.get(region, ())}
            closed.update(inside if region in closed else hidden_in_line(inside))
        return frozenset(closed)


def kabupaten(random: Random) -> Kabupaten:
    """One with few or many aspirations, some of its regions and columns rare."""
    names = [f"k{number}" for number in range(random.randint(1, 5))]
    tree = {WHOLE: tuple(names)}
    tree |= {name: tuple(f"{name}.{number}" for number in range(random.randint(1, 4))) for name in names}
    cuts = {cut: tuple(f"{cut}{n}" for n in range(random.randint(2, 5))) for cut in ("field", "stage")}
    made = Kabupaten(tree, cuts, {cut: Counter() for cut in cuts})
    most = random.choice((2, 5, 25, 60))
    for village in (one for name in names for one in tree[name]):
        for _ in range(int(random.expovariate(1 / most))):
            for region in made.way(village):
                made.sums[region] += 1
            for cut, columns in cuts.items():
                column = random.choices(columns, [2**n for n in range(len(columns))])[0]
                for region in made.way(village):
                    made.counts[cut][region, column] += 1
    return made


@pytest.mark.parametrize("seed", range(60))
def test_no_small_count_is_shown_or_found_by_subtraction(seed: int) -> None:
    """The attack: all shown numbers of all regions and of two cuts, and every sum between them as an equation."""
    place = kabupaten(seeded(seed))
    hidden = place.hidden()
    numbers = {number for whole, parts in place.lines() for number in (whole, *parts)}
    assert all(place.value(number) == 0 or place.value(number) >= LEAST for number in numbers - hidden)
    equations = []
    for whole, parts in place.lines():
        equations.append(
            {**{one: 1 for one in parts if one in hidden}, **({whole: -1} if whole in hidden else {})}
        )
        left = [place.value(one) for one in parts if one in hidden]
        if whole not in hidden and left:
            assert sum(left) >= LEAST, f"{whole} gives away {left}"
    assert found_out(equations) == set()


def test_the_attack_finds_what_is_hidden_alone() -> None:
    """A table with its small counts hidden and no more: subtracting gives them away, so the attack can succeed."""
    place = kabupaten(seeded(5))
    hidden = {
        (cut, region, column)
        for cut, columns in place.cuts.items()
        for region in place.regions()
        for column in columns
        if 0 < place.value((cut, region, column)) < LEAST
    }
    assert hidden
    equations = [
        {one: 1 if one in parts else -1 for one in (whole, *parts) if one in hidden}
        for whole, parts in place.lines()
    ]
    assert found_out(equations)


def test_the_kecamatan_does_not_give_away_what_the_rest_of_the_kabupaten_has() -> None:
    """Seven roads in all and six in one kecamatan would say that there is one elsewhere."""
    counts = {("a", "road"): 6, ("a", "water"): 12, ("a", "school"): 10}
    counts |= {("b", "road"): 1, ("b", "water"): 18, ("b", "school"): 13}
    hidden = hidden_below(counts, ("road", "water", "school"), Level("a", ("a", "b")), frozenset())
    assert {("a", "road"), ("b", "road")} <= hidden
    assert len(hidden) == 4, "a second column, so that the rows do not give it away either"


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 9, "b": 8}, set()),
        ({"a": 9, "b": 0}, set()),
        ({"a": 9, "b": 8, "c": 2}, {"b", "c"}),
        ({"a": 9, "b": 3, "c": 3}, {"b", "c"}),
        ({"a": 9, "b": 7, "c": 1, "d": 0}, {"b", "c", "d"}),
        ({"a": 4, "b": 0}, {"a", "b"}),
    ],
)
def test_what_is_left_of_a_shown_sum_is_nothing_or_enough(counts: dict[str, int], hidden: set[str]) -> None:
    assert hidden_in_line(counts) == hidden


def test_a_bridge_lies_on_no_circle() -> None:
    square = {(row, column) for row in "ab" for column in "xy"}
    assert bridges(square) == set()
    assert bridges(square | {("c", "y"), ("c", "z"), ("d", "z")}) == {("c", "y"), ("c", "z"), ("d", "z")}
