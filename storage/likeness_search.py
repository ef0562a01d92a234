"""Finding aspirations that are like another: by the four rarest of its stems, then by all words, place and field.

In one kecamatan only: the same road is not mended in two. Bounded however many are stored: at most MOST_STEMS stems
are counted up to ENOUGH each, and CANDIDATES are compared with rapidfuzz.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from storage import views
from storage.likeness_index import LIKENESS, STEM, kecamatan, stems
from storage.submissions import ASPIRATION
from storage.views import CARD

RARE: Final = 4
"""So many of the rarest stems decide which are compared."""

MOST_STEMS: Final = 24
ENOUGH: Final = 500  # aspirations of one stem that are counted and read, the newest
CANDIDATES: Final = 50
NEAR: Final = 80.0  # of 118: found by the examples in tests/storage/test_likeness.py
_SAME: Final = 9.0  # for the same village, and for the same field

AnyRow = Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words, the village (code) and the field that they are about; among public ones alone or all."""

    words: str
    kode: str
    field: str
    visible: tuple[bool, ...] = (True, False)


@dataclass(frozen=True, slots=True)
class Alike:
    """One that was found: its row with `lead_id` and `kind`, its messages, and how near it is."""

    row: AnyRow
    said: Sequence[Any]
    nearness: float

    @property
    def whole(self) -> int:
        """The aspiration with which it is told, or itself."""
        return int(self.row.lead_id) if self.row.kind == "joined" else int(self.row.id)


def alike(connection: Connection, wanted: Wanted, *conditions: ColumnElement[bool]) -> list[Alike]:
    """Those that are like it and meet the conditions, the nearest first, one of each whole."""
    looked = stems(wanted.words)
    rows = _rows(connection, wanted, looked, conditions)
    said = views.said_in(connection, [row.id for row in rows])
    near = (Alike(row, said[row.id], _nearness(wanted, looked, row, said[row.id])) for row in rows)
    found: dict[int, Alike] = {}
    for one in sorted(near, key=lambda one: (-one.nearness, one.row.id)):
        if one.nearness >= NEAR:
            found.setdefault(one.whole, one)
    return list(found.values())


def text_of(row: AnyRow, said: Sequence[Any]) -> str:
    """All the words that an aspiration is compared by."""
    return "\n".join((views.summary_of(said), row.redacted))


def _rows(
    connection: Connection, wanted: Wanted, looked: Sequence[str], conditions: Iterable[ColumnElement[bool]]
) -> Sequence[AnyRow]:
    shared: Counter[int] = Counter()
    where = {"place": kecamatan(wanted.kode), "visible": list(wanted.visible)}
    for stem in _rarest(connection, where, looked):
        shared.update(connection.scalars(_HAVING, {**where, "stem": stem}).all())
    ids = [number for number, _ in shared.most_common(CANDIDATES * 4)]
    if not ids:
        return ()
    found = connection.execute(FOUND.where(ASPIRATION.c.id.in_(ids), *conditions)).all()
    return sorted(found, key=lambda row: -shared[row.id])[:CANDIDATES]


def _rarest(connection: Connection, where: Mapping[str, Any], looked: Sequence[str]) -> list[str]:
    longest = sorted(looked, key=len, reverse=True)[:MOST_STEMS]
    counted = [(connection.scalar(_COUNT, {**where, "stem": stem}) or 0, stem) for stem in longest]
    return [stem for number, stem in sorted(counted) if number][:RARE]


def _nearness(wanted: Wanted, looked: Sequence[str], row: AnyRow, said: Sequence[Any]) -> float:
    """Of 118: the share of words in common, and that of letters in the same order; the same place and field."""
    mine, other = " ".join(looked), " ".join(stems(text_of(row, said)))
    words = 0.5 * fuzz.token_set_ratio(mine, other) + 0.5 * fuzz.token_sort_ratio(mine, other)
    return float(words + _SAME * (row.region == wanted.kode) + _SAME * (row.field == wanted.field))


_ONE: Final = (
    STEM.c.place == bindparam("place"),
    STEM.c.visible.in_(bindparam("visible", expanding=True)),
    STEM.c.stem == bindparam("stem"),
)
_COUNT: Final = select(func.count()).select_from(
    select(STEM.c.aspiration_id).where(*_ONE).limit(ENOUGH).subquery()
)
_HAVING: Final = select(STEM.c.aspiration_id).where(*_ONE).order_by(STEM.c.aspiration_id.desc()).limit(ENOUGH)
FOUND: Final = (
    select(ASPIRATION, LIKENESS.c.lead_id, LIKENESS.c.kind, CARD.c.agency)
    .join(LIKENESS, LIKENESS.c.aspiration_id == ASPIRATION.c.id)
    .outerjoin(CARD, CARD.c.aspiration_id == ASPIRATION.c.id)
    .where(
        ASPIRATION.c.retracted_at.is_(None),
        ASPIRATION.c.withdrawn_at.is_(None),
        ASPIRATION.c.erased_at.is_(None),
    )
)
