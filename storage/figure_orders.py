"""Where the staff may see figures, and asking for a chart of them (issue 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, get_args

from sqlalchemy import Connection

from conversations.figure import Cut, DrawFigures
from storage import audit, permissions
from storage.actor import Officer, RefusalError, resident
from storage.ledger import ErrandRow, Ledger
from storage.permissions import Place
from storage.rules import Rules, Scene

DRAW_FIGURES: Final = "draw_figures"
"""The errand that draws a chart; its parameters: cut, region."""

CUTS: Final[tuple[Cut, ...]] = get_args(Cut)
NOT_OF_AGENCIES: Final = frozenset({"inclusion"})
"""A share of a share: for an agency, as for a village, its counts are too small to show."""


def places(connection: Connection, chat_id: int, rules: Rules) -> tuple[tuple[str, str], ...]:
    """Where a chat's mandates may see figures, the widest first: code and name, "" for the kabupaten."""
    held = permissions.officers(connection, chat_id)
    codes = dict.fromkeys(kode for officer in held for kode in _codes(officer, rules))
    widest_first = sorted(codes, key=lambda kode: kode.count("."))
    return tuple((kode, rules.regions.place(kode) or "") for kode in widest_first)


def cuts(connection: Connection, chat_id: int, region: str, rules: Rules) -> tuple[Cut, ...]:
    """By what a chat's mandates may divide the figures of a region."""
    officer = viewer(permissions.officers(connection, chat_id), region, rules)
    if officer is None:
        return ()
    left_out = {
        *(NOT_OF_AGENCIES if officer.agencies else ()),
        *(() if below(region, rules) else ("kecamatan", "inclusion")),
    }
    return tuple(cut for cut in CUTS if cut not in left_out)


def viewer(held: Sequence[Officer], region: str, rules: Rules) -> Officer | None:
    """As whom of these one may see figures of a region: whoever sees all of it goes before an agency."""
    able = [officer for officer in held if region in set(_codes(officer, rules))]
    return min(able, key=lambda officer: bool(officer.agencies), default=None)


def order(scene: Scene, effect: DrawFigures) -> None:
    """Have a chart drawn and sent. RefusalError: not_allowed."""
    chat = resident(scene.actor).chat_id
    officer = viewer(permissions.officers(scene.connection, chat), effect.region, scene.rules)
    if officer is None or effect.cut not in cuts(scene.connection, chat, effect.region, scene.rules):
        raise RefusalError("not_allowed", "There is no mandate to see these figures.")
    permissions.require(scene.connection, chat, "figures", _place(officer, effect.region))
    params = {"cut": effect.cut, "region": effect.region}
    errand = ErrandRow(kind=DRAW_FIGURES, due_at=scene.at, params=params, chat_id=chat)
    Ledger(scene.connection).add_errands([errand], scene.at)
    audit.record(scene, officer, "figures", f"region:{effect.region}", effect.cut)


def _codes(officer: Officer, rules: Rules) -> Iterator[str]:
    """The regions of a mandate and those right below them; of an agency its own alone (docs/decisions.md)."""
    for kode in officer.scope:
        inside = () if officer.agencies else below(kode, rules)
        for one in (kode, *inside):
            if permissions.may(officer, "figures", _place(officer, one)):
                yield one


def below(kode: str, rules: Rules) -> tuple[str, ...]:
    """The regions right below one, by name: kecamatan of the kabupaten, villages of a kecamatan, none of a village."""
    if kode == rules.regions.kabupaten:
        return tuple(one.kode for one in rules.regions.kecamatan())
    return tuple(one.kode for one in rules.regions.villages(kode))


def _place(officer: Officer, region: str) -> Place:
    return Place(region, officer.agencies[0] if officer.agencies else "")
