"""Invitations are accepted once and by nobody else; mandates hold where they were given, until they are revoked."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from storage.actor import Actor, RefusalError, Resident
from storage.facts import DatabaseFacts
from storage.holders import holders
from storage.invitations import INVITATION, Invited, Offer, covers, invite, waiting
from storage.invitations import revoke as revoke_invitation
from storage.mandates import MANDATE, accept, listing, revoke
from storage.notices import NOTICES
from tests.conversations.literal_facts import HOUSE
from tests.storage.world import ANI, BAPPEDA, BUDI, NOW, RULES, SITI, World, seeded

JABUNG, SUKADANA, PAKUAN_AJI = "18.07.03", "18.07.01", "18.07.01.2002"


def invited(world: World, *scope: str, seed: int = 1, **more: Any) -> Invited:
    """An invitation by the staff; for a facilitator, unless said otherwise."""
    offer = Offer(**{"role": "facilitator", "scope": scope or (SUKADANA,), **more})
    with world.scene(BAPPEDA) as scene:
        return invite(scene, offer, seeded(seed))


def accepts(world: World, chat: int, token: str, after: timedelta = timedelta()) -> int | str:
    """Somebody opens a link: the mandate, or why not."""
    with world.scene(Resident(chat), NOW + after) as scene:
        try:
            return accept(scene, token, "1")
        except RefusalError as refusal:
            return refusal.reason


def facts(world: World, chat: int, connection: Any) -> DatabaseFacts:
    return DatabaseFacts(connection, chat, HOUSE, RULES)


def test_a_link_gives_its_mandate_to_the_first_who_accepts_it_and_to_nobody_else(world: World) -> None:
    token = invited(world, SUKADANA, forum=True, note="Ibu Yuni").token
    mandate = accepts(world, SITI, token)
    assert accepts(world, BUDI, token) == "unknown"
    assert accepts(world, SITI, token) == "unknown"
    with world.begin() as connection:
        held = facts(world, SITI, connection).mandate("facilitator")
        assert held is not None
        assert (held.id, held.places, held.forum) == (mandate, ("Kecamatan Sukadana",), True)
        assert facts(world, SITI, connection).mandate("transcriber") is None
        assert facts(world, BUDI, connection).mandate("facilitator") is None
    row = world.rows(MANDATE)[0]
    assert (row["label"], row["conduct"], row["begun_at"]) == ("Ibu Yuni", "1", NOW)


def test_of_two_who_accept_at_once_exactly_one_gets_it(world: World) -> None:
    token, start = invited(world).token, threading.Barrier(2)
    got: list[int | str] = []

    def go(chat: int) -> None:
        start.wait()
        got.append(accepts(world, chat, token))

    threads = [threading.Thread(target=go, args=(chat,)) for chat in (SITI, BUDI)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, got)) == [str(world.rows(MANDATE)[0]["id"]), "unknown"]
    assert world.count(MANDATE) == 1


def test_a_link_says_what_it_offers_until_it_is_over(world: World) -> None:
    made = invited(world, PAKUAN_AJI, JABUNG, life=timedelta(days=2))
    with world.begin() as connection:
        found = facts(world, SITI, connection).invitation(made.token, NOW)
        assert found is not None
        assert found.places == ("Pakuan Aji, Kecamatan Sukadana", "Kecamatan Jabung")
        assert (found.role, found.expires_at, found.forum) == ("facilitator", NOW + timedelta(days=2), False)
        assert facts(world, SITI, connection).invitation(made.token, NOW + timedelta(days=2)) is None
    assert accepts(world, SITI, made.token, timedelta(days=2)) == "unknown"


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "A" * 31 + "\n", "é" * 32, "A" * 5000, "18.07"])
def test_a_forged_link_is_no_invitation(world: World, token: str) -> None:
    invited(world)
    assert accepts(world, SITI, token) == "unknown"
    with world.begin() as connection:
        assert facts(world, SITI, connection).invitation(token, NOW) is None


def test_of_a_link_only_its_digest_is_stored(world: World) -> None:
    made = invited(world)
    assert len(made.token) == 32
    assert made.token not in repr(world.rows(INVITATION))
    assert len(world.rows(INVITATION)[0]["digest"]) == 64


def test_a_revoked_link_is_dead_and_a_spent_one_cannot_be_revoked(world: World) -> None:
    first, second = invited(world), invited(world, seed=2)
    with world.scene(BAPPEDA) as scene:
        revoke_invitation(scene, first.id)
    assert accepts(world, SITI, first.token) == "unknown"
    accepts(world, SITI, second.token)
    with pytest.raises(RefusalError, match="no open invitation"), world.scene(BAPPEDA) as scene:
        revoke_invitation(scene, second.id)


def test_the_open_invitations_are_listed(world: World) -> None:
    first, second = invited(world, note="Pak Made"), invited(world, seed=2)
    accepts(world, SITI, second.token)
    with world.begin() as connection:
        assert [(row.id, row.note) for row in waiting(connection, NOW)] == [(first.id, "Pak Made")]
        assert waiting(connection, first.expires_at) == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"role": "king"}, "unknown_role"),
        ({"role": "transcriber", "forum": True}, "unknown_role"),
        ({"scope": ()}, "out_of_scope"),
        ({"scope": ("52.03.01",)}, "out_of_scope"),
        ({"scope": ("18.07.01", "18.07.99")}, "out_of_scope"),
        ({"scope": ("18",)}, "out_of_scope"),
        ({"life": timedelta()}, "too_long"),
        ({"life": timedelta(days=91)}, "too_long"),
        ({"note": "x" * 81}, "too_long"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    world: World, more: dict[str, Any], reason: str
) -> None:
    offer = Offer(**{"role": "facilitator", "scope": (SUKADANA,), **more})
    with pytest.raises(RefusalError) as refusal, world.scene(BAPPEDA) as scene:
        invite(scene, offer, seeded())
    assert refusal.value.reason == reason
    assert world.count(INVITATION) == 0


@pytest.mark.parametrize("actor", [Resident(SITI)])
def test_only_the_staff_invites_and_revokes(world: World, actor: Actor) -> None:
    mandate = accepts(world, BUDI, invited(world).token)
    assert isinstance(mandate, int)
    for verb in (
        lambda scene: invite(scene, Offer(role="facilitator", scope=(SUKADANA,)), seeded()),
        lambda scene: revoke_invitation(scene, 1),
        lambda scene: revoke(scene, mandate),
    ):
        with pytest.raises(RefusalError) as refusal, world.scene(actor) as scene:
            verb(scene)
        assert refusal.value.reason == "not_yours"


def test_the_kabupaten_itself_is_a_scope(world: World) -> None:
    accepts(world, SITI, invited(world, "18.07", role="safeguard").token)
    with world.begin() as connection:
        held = facts(world, SITI, connection).mandate("safeguard")
        assert held is not None
        assert held.places == (HOUSE.kabupaten,)
        assert holders(connection, "safeguard", PAKUAN_AJI) == [SITI]


def test_a_second_invitation_of_the_same_role_adds_its_places(world: World) -> None:
    first = accepts(world, SITI, invited(world, PAKUAN_AJI, note="Ibu Yuni").token)
    second = accepts(world, SITI, invited(world, SUKADANA, JABUNG, seed=2, forum=True).token)
    assert first == second
    row = world.rows(MANDATE)[0]
    assert (row["scope"], row["forum"], row["label"]) == ([SUKADANA, JABUNG], True, "Ibu Yuni")


def test_one_person_may_hold_several_roles(world: World) -> None:
    accepts(world, SITI, invited(world).token)
    accepts(world, SITI, invited(world, seed=2, role="transcriber").token)
    with world.begin() as connection:
        mine = facts(world, SITI, connection)
        assert None not in (mine.mandate("facilitator"), mine.mandate("transcriber"))


def test_a_revoked_mandate_is_over_and_its_holder_is_told(world: World) -> None:
    mandate = accepts(world, SITI, invited(world).token)
    assert isinstance(mandate, int)
    with world.scene(BAPPEDA) as scene:
        assert revoke(scene, mandate) == 0
    with world.begin() as connection:
        assert facts(world, SITI, connection).mandate("facilitator") is None
    assert [(row["chat_id"], row["key"]) for row in world.rows(NOTICES)] == [(SITI, "mandate.ended")]
    with pytest.raises(RefusalError, match="ended already"), world.scene(BAPPEDA) as scene:
        revoke(scene, mandate)


def test_whoever_was_revoked_can_be_invited_again(world: World) -> None:
    first = accepts(world, SITI, invited(world).token)
    assert isinstance(first, int)
    with world.scene(BAPPEDA) as scene:
        revoke(scene, first)
    second = accepts(world, SITI, invited(world, seed=2).token)
    assert isinstance(second, int)
    assert second != first


def test_the_staff_sees_mandates_and_no_chat(world: World) -> None:
    accepts(world, SITI, invited(world, note="Ibu Yuni").token)
    accepts(world, ANI, invited(world, JABUNG, seed=2, role="interpreter").token)
    with world.begin() as connection:
        held = listing(connection)
    assert [(each.role, each.scope, each.label, each.people) for each in held] == [
        ("facilitator", (SUKADANA,), "Ibu Yuni", 0),
        ("interpreter", (JABUNG,), "", 0),
    ]
    assert str(SITI) not in repr(held)


def test_a_mandate_covers_what_lies_in_its_places_and_not_what_begins_alike(world: World) -> None:
    accepts(world, SITI, invited(world, PAKUAN_AJI, JABUNG, role="safeguard").token)
    with world.begin() as connection:
        for kode, covered in (("18.07.03.2016", True), (PAKUAN_AJI, True), ("18.07.01.2001", False)):
            assert bool(holders(connection, "safeguard", kode)) is covered
    assert not covers(["18.07.0"], "18.07.01")
