"""How many people are in a segment, by their own groups and needs: what is encrypted is opened to be counted.

Only what is asked for is decrypted, lot by lot. No figure tells of single persons: under FEWEST it is not given, and
beside one that is not given there is no total from which the others could be taken. All others are rounded down to a
multiple of FEWEST, so that one question less another does not tell it either (tests try all). Whoever holds the keys
could of course count by hand: this is for what leaves the office.

Counted are people with a chat who consent to the service; those who were only spoken for are not: nobody can know
which of them are the same person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from storage.residents import CONSENT, RESIDENT
from storage.traces import ACCESS

FEWEST: Final = 5
"""Below this a figure could point to persons (issue 3)."""

LOT: Final = 500
"""Persons that are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Whom to count: any of these groups, and any of these needs, in this region, in this language; "" for all."""

    groups: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    region: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of people that may be told: a multiple of FEWEST, or None for "fewer than FEWEST", none among them."""

    about: int | None

    @classmethod
    def of(cls, number: int) -> Figure:
        """What may be told of a number."""
        return cls(None if number < FEWEST else number - number % FEWEST)


@dataclass(frozen=True, slots=True)
class Counted:
    """The figure of the whole segment, and of each region in it by code ("" for people who gave no village).

    `whole` is None when the figure of a region is not given: it would give it away.
    """

    whole: Figure | None
    regions: dict[str, Figure]


def count(connection: Connection, segment: Segment, places: Sequence[str] = ()) -> Counted:
    """Count the people of a segment, and those of each of these kecamatan or villages, by code.

    Every place has its figure, so that one without people is told as one with few. Raises
    storage.columns.Unreadable when DATA_KEYS lacks a key.
    """
    known = frozenset(places)
    found = Counter(_place(village, known) for village in _members(connection, segment))
    nowhere = ("",) if places and not segment.region else ()
    regions = {kode: Figure.of(found[kode]) for kode in (*places, *nowhere)}
    hidden = Figure(None) in regions.values()
    return Counted(None if hidden else Figure.of(found.total()), regions)


def _place(village: str | None, places: Collection[str]) -> str:
    kode = village or ""
    return kode if kode in places else kode.rpartition(".")[0]


def _members(connection: Connection, segment: Segment) -> Iterator[str | None]:
    """The villages of the people in a segment."""
    last = 0
    while rows := connection.execute(_read(segment), {"last": last, "lot": LOT}).all():
        yield from (row.village_kode for row in rows if _belongs(row, segment))
        last = rows[-1].id


def _read(segment: Segment) -> Any:
    """What is asked for and no more: a column that is not read is not decrypted."""
    asked = [*([RESIDENT.c.groups] if segment.groups else []), *([ACCESS.c.needs] if segment.needs else [])]
    found = select(RESIDENT.c.id, RESIDENT.c.village_kode, *asked).where(RESIDENT.c.id > bindparam("last"))
    found = found.outerjoin(ACCESS, ACCESS.c.resident_id == RESIDENT.c.id)
    found = found.join(CONSENT, CONSENT.c.id == _NEWEST).where(CONSENT.c.granted)
    found = found.where(RESIDENT.c.locale == segment.locale) if segment.locale else found
    return found.order_by(RESIDENT.c.id).limit(bindparam("lot"))


def _belongs(row: Any, segment: Segment) -> bool:
    return (
        (not segment.groups or bool(segment.groups & set(row.groups or ())))
        and (not segment.needs or bool(segment.needs & set(row.needs or ())))
        and _within(row.village_kode or "", segment.region)
    )


def _within(village: str, region: str) -> bool:
    return not region or village == region or village.startswith(f"{region}.")


_NEWEST: Final = (
    select(func.max(CONSENT.c.id))
    .where(CONSENT.c.resident_id == RESIDENT.c.id, CONSENT.c.purpose == "service")
    .correlate(RESIDENT)
    .scalar_subquery()
)
