"""The aspirations of a file, lot by lot, as storage.exports says: what a row may tell, and what it may not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, func, select

from conversations.chat import Village
from storage import desk_cards, views, voices
from storage.desk_cards import CARD
from storage.history import HISTORY
from storage.likeness_index import LIKENESS
from storage.media import RELAY
from storage.residents import CONSENT, RESIDENT
from storage.rules import Rules
from storage.segments import FEWEST
from storage.submissions import ASPIRATION, AUDIENCE
from storage.voices import JOINED

LOT: Final = 500
"""Aspirations that are read at once."""

LONGEST_WORDS: Final = 5000  # characters in a cell
COVERED: Final = "[…]"
"""What stands where a number or an address was."""

NEARBY: Final = "disamarkan"
"""What stands in place of groups that few of a village are for."""

DANGER: Final = "danger"
_NUMBER: Final = re.compile(r"(?<!\d)\+?\d(?:[\s.\-/]?\d){7,}(?!\d)")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)@\w{4,}")
AnyRow = Any
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which aspirations a file holds, by a condition over their rows, and whether with names.

    `alone`: without those that are decided with another (storage.voices).
    """

    within: ColumnElement[bool]
    identified: bool = False
    alone: bool = False

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """All of it, over aspirations and their cards."""
        return (*_KNOWN, self.within, *((ASPIRATION.c.id.not_in(_JOINED_ONES),) if self.alone else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """An aspiration as a file tells it. `decided` are the decisions that stand, oldest first: stage, decision, day.

    `support` is how many others support it, `lead` the number of the one that it is told with. `groups` None: for whom it is would point to few. `pin`, `landmark` and `name` are empty in a file without names.
    """

    ticket: str
    plan_year: int
    sent: date
    village: Village
    field: str
    bidang: str
    groups: tuple[str, ...] | None
    words: str
    landmark: str
    pin: tuple[float, float] | None
    name: str
    visibility: str
    recordings: int
    relayed: bool
    support: int
    lead: str
    stage: str
    decision: str
    reason: str
    office: str
    decided: tuple[tuple[str, str, date], ...]


def count(connection: Connection, wanted: Wanted) -> int:
    """How many aspirations the file has."""
    query = select(func.count()).select_from(_JOINED).where(*wanted.conditions)
    return int(connection.scalar(query) or 0)


def rows(connection: Connection, wanted: Wanted, rules: Rules) -> Iterator[ExportRow]:
    """The aspirations of a file, the oldest first."""
    common = _common(connection, wanted)
    last = 0
    while lot := connection.execute(_lot(wanted), {"last": last, "lot": LOT}).all():
        yield from _Lot(connection, lot, wanted, rules, common).rows()
        last = lot[-1].id


class _Lot:
    """What is told of the aspirations of one lot, each kind read at once."""

    def __init__(
        self,
        connection: Connection,
        lot: Sequence[AnyRow],
        wanted: Wanted,
        rules: Rules,
        common: Collection[tuple[str, str]],
    ) -> None:
        ids = [row.id for row in lot]
        self._lot, self._wanted, self._rules, self._common = lot, wanted, rules, common
        self._said = views.said_in(connection, ids)
        self._groups = _listed(connection.execute(_GROUPS, {"ids": ids}))
        self._decided = _decided(connection.execute(_DECIDED, {"ids": ids}), rules)
        self._relayed = set(connection.scalars(_RELAYED, {"ids": ids}))
        self._support = voices.support(connection, ids)
        self._leads = {row.id: row.lead for row in connection.execute(_LEADS, {"ids": ids})}
        self._names = dict(_named(connection, ids)) if wanted.identified else {}

    def rows(self) -> Iterator[ExportRow]:
        return (self._row(row) for row in self._lot)

    def _row(self, row: AnyRow) -> ExportRow:
        open_ = self._is_open(row)
        pinned = open_ and row.latitude is not None and row.longitude is not None
        said = self._said[row.id]
        return ExportRow(
            ticket=row.ticket,
            plan_year=row.plan_year,
            sent=self._day(row.submitted_at),
            village=self._rules.village(row.region),
            field=row.field,
            bidang=desk_cards.place_of(row).bidang,
            groups=self._shown(row),
            words=self._words(row, said),
            landmark=row.landmark if open_ else "",
            pin=(row.latitude, row.longitude) if pinned else None,
            name=self._names.get(row.id, "") if open_ else "",
            visibility=row.visibility,
            recordings=sum(part.media_id is not None for part in said),
            relayed=row.id in self._relayed,
            support=self._support.get(row.id, 0),
            lead=self._leads.get(row.id, ""),
            stage=row.stage,
            decision=row.decision,
            reason=row.reason,
            office=row.office,
            decided=self._decided.get(row.id, ()),
        )

    def _is_open(self, row: AnyRow) -> bool:
        """Whether the file may say who it is from: also of a file with names, nobody anonymous or in danger."""
        return self._wanted.identified and row.visibility != "anonymous" and row.flagged != DANGER

    def _words(self, row: AnyRow, said: Sequence[AnyRow]) -> str:
        """What the staff lets others read, or else the author's own words."""
        if row.flagged == DANGER:
            return ""
        words = str(row.redacted or views.summary_of(said))[:LONGEST_WORDS]
        return words if self._wanted.identified else covered(words)

    def _shown(self, row: AnyRow) -> tuple[str, ...] | None:
        groups = tuple(self._groups.get(row.id, ()))
        if self._is_open(row) or all((row.region, group) in self._common for group in groups):
            return groups
        return None

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._rules.calendar.zone).date()


def covered(words: str) -> str:
    """Words without what looks like a number of a telephone or a person, or like an address."""
    return _ADDRESS.sub(COVERED, _NUMBER.sub(COVERED, words))


def _common(connection: Connection, wanted: Wanted) -> frozenset[tuple[str, str]]:
    """The groups, each in its village, that at least FEWEST aspirations of the file are for."""
    query = select(ASPIRATION.c.region, AUDIENCE.c.grp, func.count()).select_from(
        _JOINED.join(AUDIENCE, AUDIENCE.c.aspiration_id == ASPIRATION.c.id)
    )
    found = connection.execute(query.where(*wanted.conditions).group_by(ASPIRATION.c.region, AUDIENCE.c.grp))
    counted = Counter({(row[0], row[1]): row[2] for row in found})
    return frozenset(cell for cell, number in counted.items() if number >= FEWEST)


def _listed(found: Any) -> Mapping[int, list[str]]:
    groups: dict[int, list[str]] = defaultdict(list)
    for row in found:
        groups[row.aspiration_id].append(row.grp)
    return groups


def _decided(found: Any, rules: Rules) -> Mapping[int, tuple[tuple[str, str, date], ...]]:
    """The decisions that were not undone: each "undone" follows its "decided" (storage.history)."""
    standing: dict[int, list[tuple[str, str, date]]] = defaultdict(list)
    for row in found:
        if row.verb == "undone":
            standing[row.aspiration_id].pop()
        else:
            day = row.at.astimezone(rules.calendar.zone).date()
            standing[row.aspiration_id].append((row.new_stage, row.new_decision, day))
    return {aspiration: tuple(entries) for aspiration, entries in standing.items()}


def _named(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Who it is from: never a child, and never who spoke for somebody."""
    for statement in (_AUTHORS, _SPOKEN_FOR):
        for row in connection.execute(statement, {"ids": ids}):
            if row.name:
                yield row.id, row.name


def _lot(wanted: Wanted) -> Any:
    query = select(ASPIRATION, CARD.c.agency).select_from(_JOINED).where(*wanted.conditions)
    return query.where(ASPIRATION.c.id > bindparam("last")).order_by(ASPIRATION.c.id).limit(bindparam("lot"))


_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_JOINED: Final = ASPIRATION.outerjoin(CARD, CARD.c.aspiration_id == ASPIRATION.c.id)
_KNOWN: Final = (ASPIRATION.c.retracted_at.is_(None), CARD.c.held_at.is_(None))
"""What was taken back is nobody's, and abuse that is held goes nowhere."""

_GROUPS: Final = select(AUDIENCE).where(AUDIENCE.c.aspiration_id.in_(_IDS)).order_by(AUDIENCE.c.grp)
_DECIDED: Final = (
    select(*(HISTORY.c[name] for name in ("aspiration_id", "verb", "at", "new_stage", "new_decision")))
    .where(HISTORY.c.aspiration_id.in_(_IDS), HISTORY.c.verb.in_(("decided", "undone")))
    .order_by(HISTORY.c.id)
)
_JOINED_ONES: Final = select(LIKENESS.c.aspiration_id).where(LIKENESS.c.kind == JOINED)
_LEADING: Final = ASPIRATION.alias("leading")
_LEADS: Final = (
    select(LIKENESS.c.aspiration_id.label("id"), _LEADING.c.ticket.label("lead"))
    .join(_LEADING, _LEADING.c.id == LIKENESS.c.lead_id)
    .where(LIKENESS.c.aspiration_id.in_(_IDS))
)
_RELAYED: Final = select(RELAY.c.aspiration_id).where(RELAY.c.aspiration_id.in_(_IDS))
_CHILDREN: Final = select(CONSENT.c.resident_id).where(CONSENT.c.form.startswith("guardian"))
_AUTHORS: Final = (
    select(ASPIRATION.c.id, RESIDENT.c.name)
    .join(RESIDENT, RESIDENT.c.id == ASPIRATION.c.resident_id)
    .where(ASPIRATION.c.id.in_(_IDS), RESIDENT.c.id.not_in(_CHILDREN))
)
_SPOKEN_FOR: Final = select(RELAY.c.aspiration_id.label("id"), RELAY.c.name).where(
    RELAY.c.aspiration_id.in_(_IDS), RELAY.c.claimed_at.is_(None), RELAY.c.maturity == "adult"
)
