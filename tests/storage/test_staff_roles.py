"""Roles of the staff: invited for what exists alone, recorded, and ended with all that lies open."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from storage import audit, mandates
from storage.actor import RefusalError, Resident
from storage.audit import AUDIT
from storage.invitations import INVITATION, Offer, invite
from storage.invitations import revoke as revoke_invitation
from storage.mandates import CARD, MANDATE, accept, revoke
from tests.storage.world import BAPPEDA, BUDI, NOW, RULES, SITI, World, seeded

SUKADANA, KABUPATEN = "18.07.01", "18.07"


def invited(world: World, *scope: str, role: str, seed: int = 1, agencies: tuple[str, ...] = ()) -> str:
    """The token of an invitation by the staff."""
    with world.scene(BAPPEDA) as scene:
        return invite(scene, Offer(role=role, scope=scope, agencies=agencies), seeded(seed)).token


def accepts(world: World, chat: int, token: str) -> int:
    """Somebody accepts: the mandate."""
    with world.scene(Resident(chat)) as scene:
        return accept(scene, token, "1")


@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        ({"role": "agency"}, "unknown_agency"),
        ({"role": "agency", "agencies": ("9.99",)}, "unknown_agency"),
        ({"role": "agency", "agencies": ("1.03", "9.99")}, "unknown_agency"),
        ({"role": "kecamatan", "agencies": ("1.03",)}, "unknown_agency"),
        ({"role": "bappeda", "scope": (SUKADANA,)}, "out_of_scope"),
        ({"role": "administrator", "scope": (SUKADANA,)}, "out_of_scope"),
        ({"role": "administrator", "scope": (KABUPATEN, SUKADANA)}, "out_of_scope"),
    ],
)
def test_a_role_of_the_staff_that_makes_no_sense_is_refused(
    world: World, offer: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RefusalError) as refusal, world.scene(BAPPEDA) as scene:
        invite(scene, Offer(**{"scope": (SUKADANA,), **offer}), seeded())
    assert refusal.value.reason == reason
    assert world.count(INVITATION) == world.count(AUDIT) == 0


def test_an_agency_has_its_bidang_and_a_second_invitation_adds_some(world: World) -> None:
    first = accepts(world, SITI, invited(world, KABUPATEN, role="agency", agencies=("1.03",)))
    second = accepts(world, SITI, invited(world, KABUPATEN, role="agency", seed=2, agencies=("2.11", "1.03")))
    assert first == second
    assert world.rows(MANDATE)[0]["agencies"] == ["1.03", "2.11"]
    with world.begin() as connection:
        held = mandates.view(connection, SITI, RULES, "Kabupaten Lampung Timur")["agency"]
        assert (held.agencies, held.places) == (("1.03", "2.11"), ("Kabupaten Lampung Timur",))


def test_inviting_accepting_and_revoking_are_recorded(world: World) -> None:
    mandate = accepts(world, SITI, invited(world, SUKADANA, role="kecamatan"))
    invited(world, SUKADANA, role="village", seed=2)
    with world.scene(BAPPEDA) as scene:
        revoke_invitation(scene, 2)
        revoke(scene, mandate)
    rows = [(row["mandate"], row["action"], row["code"]) for row in world.rows(AUDIT)]
    keyboard = audit.AT_KEYBOARD
    assert rows == [
        (keyboard, "invite", "kecamatan"),
        (mandate, "accept", "kecamatan"),
        (keyboard, "invite", "village"),
        (keyboard, "revoke", ""),
        (keyboard, "revoke", "kecamatan"),
    ]
    assert str(SITI) not in repr(world.rows(AUDIT))


def test_what_was_refused_is_not_recorded(world: World) -> None:
    with pytest.raises(RefusalError), world.scene(BAPPEDA) as scene:
        revoke(scene, 99)
    assert world.count(AUDIT) == 0


def test_whoever_is_revoked_gives_all_cards_back_and_nobody_else_does(world: World) -> None:
    hadi = accepts(world, SITI, invited(world, SUKADANA, role="kecamatan"))
    intan = accepts(world, BUDI, invited(world, KABUPATEN, role="bappeda", seed=2))
    for serial, holder in ((1, hadi), (2, hadi), (3, intan)):
        world.submit(SITI, serial)
        with world.begin() as connection:
            row = {"aspiration_id": serial, "mandate_id": holder, "taken_at": NOW, "agency": ""}
            connection.execute(insert(CARD).values(row))
    with world.begin() as connection:
        assert [held.cards for held in mandates.listing(connection)] == [2, 1]
    with world.scene(BAPPEDA) as scene:
        revoke(scene, hadi)
    assert [row["mandate_id"] for row in world.rows(CARD)] == [None, None, intan]
    with world.begin() as connection:
        assert mandates.cards(connection, hadi) == 0
