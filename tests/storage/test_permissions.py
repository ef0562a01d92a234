"""Who of the staff may do what where: each cell of the matrix, asked of the database as a press asks it."""

from __future__ import annotations

from pathlib import Path
from typing import Final, get_args

import pytest

from storage.actor import RefusalError, Resident
from storage.datafile import DataFileError
from storage.invitations import Offer, invite
from storage.mandates import accept, revoke
from storage.permissions import STAFF, Action, Place, load_permissions, require
from tests.storage.world import BAPPEDA, NOW, World, seeded

HADI: Final = 5_000_000_201
VILLAGE, KECAMATAN, KABUPATEN = "18.07.01.2001", "18.07.01", "18.07"
NEIGHBOUR, ELSEWHERE = "18.07.01.2002", "18.07.03.2016"
ROADS, SCHOOLS = "1.03", "1.01"

OWN: Final = {
    "village": (VILLAGE,),
    "kecamatan": (KECAMATAN, VILLAGE),
    "agency": (VILLAGE,),
    "bappeda": (KABUPATEN, VILLAGE, ELSEWHERE),
    "administrator": (KABUPATEN, VILLAGE, ELSEWHERE),
}
"""Where each of them is at home, as they are invited below."""

OTHER: Final = {
    "village": (NEIGHBOUR, KECAMATAN, KABUPATEN, ELSEWHERE),
    "kecamatan": (ELSEWHERE, KABUPATEN),
    "agency": (ELSEWHERE, KABUPATEN),
    "bappeda": (),
    "administrator": (),
}
"""Where somebody else is."""

#                village kecamatan agency bappeda administrator
ALLOWED: Final[dict[Action, tuple[int, ...]]] = {
    "read": (1, 1, 1, 1, 0),
    "reveal": (0, 1, 0, 1, 0),
    "listen": (1, 1, 1, 1, 0),
    "take": (1, 1, 1, 1, 0),
    "note": (1, 1, 1, 1, 0),
    "redact": (1, 1, 0, 1, 0),
    "route": (1, 1, 1, 1, 0),
    "hold": (0, 1, 0, 1, 0),
    "decide": (1, 1, 1, 1, 0),
    "ask": (1, 1, 1, 1, 0),
    "merge": (1, 1, 0, 1, 0),
    "meeting": (1, 1, 1, 1, 0),
    "broadcast": (1, 1, 1, 1, 0),
    "approve": (0, 1, 0, 1, 1),
    "figures": (1, 1, 1, 1, 1),
    "export": (1, 1, 1, 1, 0),
    "identify": (0, 0, 0, 1, 0),
    "audit": (0, 0, 0, 0, 1),
    "mandates": (0, 0, 0, 1, 1),
}
"""Written down once more by hand: whoever changes the data file has to mean it."""


def appointed(world: World, role: str, *agencies: str) -> int:
    """Pak Hadi gets a role of the staff in his own region."""
    offer = Offer(role=role, scope=(OWN[role][0],), agencies=agencies)
    with world.scene(BAPPEDA) as scene:
        token = invite(scene, offer, seeded()).token
    with world.scene(Resident(HADI)) as scene:
        return accept(scene, token, "1")


def may(world: World, action: Action, region: str, bidang: str = ROADS) -> bool:
    """Whether he may do something there now."""
    with world.begin() as connection:
        try:
            return require(connection, HADI, action, Place(region, bidang)).chat_id == HADI
        except RefusalError as refusal:
            assert refusal.reason == "not_allowed"  # noqa: PT017 - every other reason is a fault
            return False


@pytest.mark.parametrize("role", STAFF)
def test_each_cell_at_home_and_elsewhere(world: World, role: str) -> None:
    """Every action in each of these regions, one by one; the wrong ones would be listed."""
    appointed(world, role, *((ROADS,) if role == "agency" else ()))
    wanted = {
        (action, region): bool(row[STAFF.index(role)]) and region in OWN[role]
        for action, row in ALLOWED.items()
        for region in (*OWN[role], *OTHER[role])
    }
    assert {cell: may(world, cell[0], cell[1]) for cell in wanted} == wanted


def test_every_role_and_every_action_has_a_cell() -> None:
    assert tuple(OWN) == STAFF
    assert tuple(ALLOWED) == get_args(Action)


def test_an_agency_does_nothing_outside_its_bidang(world: World) -> None:
    appointed(world, "agency", ROADS)
    assert not [action for action in get_args(Action) if may(world, action, VILLAGE, SCHOOLS)]
    assert not [action for action in get_args(Action) if may(world, action, VILLAGE, "")]


def test_whoever_has_no_role_or_has_none_any_more_may_do_nothing(world: World) -> None:
    assert not [action for action in get_args(Action) if may(world, action, VILLAGE)]
    mandate = appointed(world, "bappeda")
    assert may(world, "read", VILLAGE)
    with world.scene(BAPPEDA, NOW) as scene:
        revoke(scene, mandate)
    assert not [action for action in get_args(Action) if may(world, action, VILLAGE)]


@pytest.mark.parametrize("role", ["facilitator", "transcriber", "interpreter", "safeguard"])
def test_those_who_help_are_not_staff(world: World, role: str) -> None:
    world.mandate(HADI, KABUPATEN, role=role)
    assert not any(may(world, action, VILLAGE) for action in get_args(Action))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[dance]\nvillage = 'own'", "dance is no action"),
        ("[read]\nking = 'all'", "read: king is no role"),
        ("[read]\nvillage = 'sometimes'", "read: village is to be one of no, own, all"),
        ("", "audit: bappeda is to be one of no, own, all"),
    ],
)
def test_a_matrix_with_a_wrong_or_missing_cell_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "permissions.toml"
    path.write_text(text)
    with pytest.raises(DataFileError, match=fault):
        load_permissions(path)
