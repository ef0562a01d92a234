"""What is accepted of each group, and what is of an agency, gives no small count away either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from storage.figure_counts import REST, Counted, Headcount, by_acceptance, by_group, by_stage
from storage.figure_inclusion import shares
from storage.figure_orders import below
from storage.regions import Region, RegionIndex
from storage.suppression import LEAST
from tests.storage.subtraction import found_out
from tests.storage.world import RULES, seeded

KABUPATEN, GROUPS = "18.07", ("elderly", "women")
BIDANG = {"road": "1.03", "water": "1.03", "school": "1.01", "health": "1.02"}
SIDES = ((True, True), (True, False), (False, True), (False, False))
Name = tuple[str, ...]


def headcount(random: Random) -> Headcount:
    """A kabupaten of a few kecamatan, in some of which nothing is accepted yet."""
    kecamatan = [f"{KABUPATEN}.{number:02}" for number in range(random.randint(1, 4))]
    villages = [f"{one}.{2001 + number}" for one in kecamatan for number in range(random.randint(1, 3))]
    places = [
        *(Region(one, one, "kecamatan") for one in kecamatan),
        *(Region(one, one, "desa") for one in villages),
    ]
    rules = replace(RULES, regions=RegionIndex(KABUPATEN, places))
    most, accepted = random.choice((3, 10, 40)), random.choice((0.05, 0.2, 0.5))
    items = [
        Counted(
            region=village,
            field=random.choice(("road", "road", "water", "school", "health")),
            stage=random.choice(("received", "received", "rkpd")),
            month="2026-01",
            accepted=random.random() < accepted,
            groups=frozenset(group for group in GROUPS if random.random() < 0.4),
        )
        for village in villages
        for _ in range(int(random.expovariate(1 / most)))
    ]
    return Headcount(items, rules, BIDANG)


class Book:
    """What is true, what is shown, and how the numbers hang together."""

    def __init__(self, counted: Headcount) -> None:
        self.headcount = counted
        self.regions = (KABUPATEN, *below(KABUPATEN, counted.rules))
        self.true: dict[Name, int] = {}
        self.hidden: set[Name] = set()
        for region in self.regions:
            self._sums(region)
            for group in GROUPS:
                self._square(region, group)
        for bidang in sorted(set(BIDANG.values())):
            self._agency(bidang)

    def lines(self) -> Iterator[tuple[Name, list[Name]]]:
        """Each sum with its parts."""
        for region in self.regions:
            yield ("all", region), [("accepted", region), ("not", region)]
            for group in GROUPS:
                yield ("all", region), [(group, region), (f"not {group}", region)]
                mine, others = self._cells(region, group)[:2], self._cells(region, group)[2:]
                yield (group, region), mine
                yield (f"not {group}", region), others
                yield ("accepted", region), [mine[0], others[0]]
                yield ("not", region), [mine[1], others[1]]
        for name in [name for name in self.true if name[1] == KABUPATEN]:
            yield name, [(name[0], region, *name[2:]) for region in self.regions[1:]]
        for stage in ("received", "rkpd"):
            yield ("stage", stage), [("agency", bidang, stage) for bidang in sorted(set(BIDANG.values()))]

    def _cells(self, region: str, group: str) -> list[Name]:
        return [("square", region, group, str(number)) for number in range(4)]

    def _inside(self, region: str) -> list[Counted]:
        return [item for item in self.headcount.items if region in self.headcount.path(item.region)]

    def _put(self, name: Name, true: int, shown: int | None) -> None:
        self.true[name] = true
        if shown is None:
            self.hidden.add(name)
        else:
            assert shown == true
            assert true == 0 or true >= LEAST

    def _sums(self, region: str) -> None:
        inside = self._inside(region)
        self._put(("all", region), len(inside), self.headcount.total(region))
        yes = sum(item.accepted for item in inside)
        row = self.headcount.row(by_acceptance, ("accepted", REST), region)
        self._put(("accepted", region), yes, row["accepted"])
        self._put(("not", region), len(inside) - yes, row[REST])
        for group in GROUPS:
            mine = sum(group in item.groups for item in inside)
            row = self.headcount.row(by_group(group), (group, REST), region)
            self._put((group, region), mine, row[group])
            self._put((f"not {group}", region), len(inside) - mine, row[REST])

    def _square(self, region: str, group: str) -> None:
        inside = self._inside(region)
        [share] = shares(self.headcount, (group,), region)
        for name, (mine, yes) in zip(self._cells(region, group), SIDES, strict=True):
            true = sum((group in item.groups) == mine and item.accepted == yes for item in inside)
            self._put(name, true, None if share.accepted is None else true)

    def _agency(self, bidang: str) -> None:
        stages = ("received", "rkpd")
        whole = self.headcount.row(by_stage, stages, KABUPATEN)
        row = self.headcount.of_bidang(by_stage, stages, KABUPATEN, bidang)
        for stage in stages:
            ours = [item for item in self.headcount.items if item.stage == stage]
            self._put(("stage", stage), len(ours), whole[stage])
            true = sum(BIDANG[item.field] == bidang for item in ours)
            self._put(("agency", bidang, stage), true, row[stage])


@pytest.mark.parametrize("seed", range(40))
def test_no_small_count_is_found_by_subtraction(seed: int) -> None:
    """First what must be nought because nothing is left for it, then what the equations determine."""
    book = Book(headcount(seeded(seed)))
    lines = [(whole, parts) for whole, parts in book.lines() if whole in book.true]
    noughts = {
        one
        for whole, parts in lines
        if whole not in book.hidden and not sum(book.true[one] for one in parts if one in book.hidden)
        for one in parts
    }
    unknown = book.hidden - noughts
    for whole, parts in lines:
        left = [book.true[one] for one in parts if one in unknown]
        assert whole in book.hidden or not left or sum(left) >= LEAST, f"{whole} gives away {left}"
    equations = [
        {one: 1 if one in parts else -1 for one in (whole, *parts) if one in unknown}
        for whole, parts in lines
    ]
    assert {name for name in found_out(equations) if 0 < book.true[name] < LEAST} == set()
