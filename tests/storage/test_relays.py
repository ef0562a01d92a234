"""What a facilitator relays: with consent, within the mandate, once, and never as the author."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conversations.chat import Draft, Part, Relayed
from conversations.ticket import read_ticket
from storage import alike
from storage.actor import Actor, RefusalError, Resident, System
from storage.aspirations import ASPIRATION
from storage.history import HISTORY
from storage.mandates import MANDATE, RELAY, revoke
from storage.media import MEDIA, PART
from storage.relays import Handed, relay
from storage.views import aspiration, mine
from tests.storage.world import ANI, BAPPEDA, BUDI, NOW, RULES, SITI, World, draft, seeded, voice

YUNI = 7_000_000_010
"""A facilitator."""

FACILITATOR = Resident(YUNI)
MARNI = Relayed(
    named=True,
    name="Ibu Marni",
    relation="neighbour",
    maturity="adult",
    groups=("elderly",),
    needs=("companion",),
    summary="Ibu lansia perlu air bersih",
    consent_form="voice",
    consent=voice("agrees"),
    told_by="phone",
    contact="0812 3456 7890",
)


def spoken(serial: int = 1, person: Relayed = MARNI, **changes: Any) -> Draft:
    """A draft in which somebody is spoken for."""
    return draft(serial, **{"parts": (voice("said"),), "relay": person, **changes})


def relays(world: World, whole: Draft, at: timedelta = timedelta(), chat: int = YUNI) -> Handed:
    """A facilitator relays a draft."""
    with world.scene(Resident(chat), NOW + at) as scene:
        return relay(scene, whole, "id", seeded(whole.serial + chat % 1000))


def refused(world: World, whole: Draft, actor: Actor = FACILITATOR) -> tuple[str, str]:
    """Why a draft is not relayed, and what is named with it."""
    with pytest.raises(RefusalError) as refusal, world.scene(actor) as scene:
        relay(scene, whole, "id", seeded())
    return refusal.value.reason, refusal.value.about


def test_what_is_relayed_is_stored_with_who_is_spoken_for_and_how(world: World) -> None:
    mandate = world.mandate(YUNI)
    handed = relays(world, spoken())
    assert read_ticket(handed.ticket) == ("valid", handed.ticket)
    assert len(handed.claim_code) == 11
    row = world.aspiration(handed.ticket)
    assert (row["region"], row["field"], row["stage"]) == ("18.07.01.2001", "road", "received")
    said = world.rows(RELAY, aspiration_id=row["id"])[0]
    assert (said["mandate_id"], said["relayed_by"], said["claimed_at"]) == (mandate, mandate, None)
    assert (said["name"], said["relation"], said["maturity"]) == ("Ibu Marni", "neighbour", "adult")
    assert (said["groups"], said["needs"]) == (["elderly"], ["companion"])
    assert (said["told_by"], said["contact"]) == ("phone", "0812 3456 7890")
    assert (said["consent_form"], said["consented_at"]) == ("voice", NOW)
    assert [file["unique_id"] for file in world.rows(MEDIA, id=said["consent_media_id"])] == ["agrees"]
    parts = [(part["role"], part["kind"], part["text"]) for part in world.rows(PART)]
    assert parts == [("need", "voice", ""), ("summary", "text", "Ibu lansia perlu air bersih")]


def test_the_facilitator_is_never_the_author(world: World) -> None:
    mandate = world.mandate(YUNI)
    number = relays(world, spoken(visibility="public")).ticket
    row = world.aspiration(number)
    assert (row["chat_id"], row["resident_id"]) == (None, None)
    event = world.rows(HISTORY)[0]
    assert (event["verb"], event["actor_kind"], event["actor_ref"]) == (
        "submitted",
        "facilitator",
        str(mandate),
    )
    assert str(YUNI) not in repr((row, event, world.rows(RELAY)))
    with world.begin() as connection:
        assert mine(connection, YUNI, RULES) == ()
        seen = aspiration(connection, YUNI, number, RULES)
        assert seen is not None
        assert (seen.mine, seen.summary) == (False, "")
        assert "Yuni" not in repr(aspiration(connection, BUDI, number, RULES))


def test_the_code_is_stored_only_as_a_digest_that_is_bound_to_its_ticket(world: World) -> None:
    world.mandate(YUNI)
    handed = relays(world, spoken())
    said = world.rows(RELAY)[0]
    assert handed.claim_code not in repr((said, world.aspiration(handed.ticket)))
    assert RULES.secrets.matches(handed.ticket, handed.claim_code, said["claim_digest"])
    assert world.aspiration(handed.ticket)["recovery_digest"] == ""


def test_the_same_draft_twice_is_one_aspiration(world: World) -> None:
    world.mandate(YUNI)
    first, second = relays(world, spoken()), relays(world, spoken())
    assert (second.ticket, second.claim_code) == (first.ticket, "")
    assert (world.count(ASPIRATION), world.count(RELAY), world.count(HISTORY)) == (1, 1, 1)


def test_a_forwarded_voice_keeps_whose_it_was_as_far_as_telegram_tells(world: World) -> None:
    world.mandate(YUNI)
    relays(world, spoken(parts=(replace(voice("said"), origin="hidden_user"),)))
    assert world.rows(PART, role="need")[0]["origin"] == "hidden_user"


@pytest.mark.parametrize("actor", [BAPPEDA, System("clock")])
def test_only_somebody_in_a_chat_relays(world: World, actor: Actor) -> None:
    assert refused(world, spoken(), actor)[0] == "not_yours"


def test_without_a_mandate_nothing_is_relayed(world: World) -> None:
    world.mandate(YUNI, role="transcriber")
    world.consent(YUNI)
    assert refused(world, spoken())[0] == "no_mandate"
    assert world.count(ASPIRATION) == 0


def test_a_mandate_that_is_revoked_in_the_middle_of_a_relay_ends_it_and_loses_nothing(world: World) -> None:
    """The draft is the chat's and stays there: only the verb refuses."""
    mandate = world.mandate(YUNI)
    relays(world, spoken())
    with world.scene(BAPPEDA) as scene:
        assert revoke(scene, mandate) == 1
    assert refused(world, spoken(2))[0] == "no_mandate"
    assert world.count(ASPIRATION) == 1


def test_a_place_outside_the_mandate_is_refused_by_name(world: World) -> None:
    world.mandate(YUNI, "18.07.03")
    assert refused(world, spoken()) == ("out_of_scope", "Sukadana")
    there = RULES.regions.village("18.07.03.2016")
    assert relays(world, spoken(village=there)).ticket


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consent_form": ""}, "no_consent"),
        ({"consent": None}, "no_consent"),
        ({"consent": Part(kind="text", message=1, text="saya setuju")}, "no_consent"),
        ({"consent_form": "witnessed"}, "no_consent"),
        ({"consent_form": "witnessed", "witnessed": "  "}, "no_consent"),
        ({"relation": ""}, "incomplete"),
        ({"maturity": ""}, "incomplete"),
        ({"summary": " "}, "incomplete"),
        ({"told_by": ""}, "incomplete"),
        ({"name": "x" * 81}, "too_long"),
        ({"summary": "x" * 301}, "too_long"),
        ({"contact": "x" * 121}, "too_long"),
        ({"groups": ("DROP TABLE",)}, "unknown_group"),
        ({"relation": "tetangga sebelah"}, "unknown_group"),
        ({"maturity": "forum"}, "not_forum"),
    ],
)
def test_somebody_who_did_not_agree_or_of_whom_too_little_is_said_is_not_spoken_for(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    world.mandate(YUNI)
    assert refused(world, spoken(person=replace(MARNI, **changes)))[0] == reason
    assert world.count(RELAY) == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"relay": None}, "incomplete"),
        ({"parts": ()}, "empty"),
        ({"village": None}, "no_village"),
        ({"field": ""}, "incomplete"),
    ],
)
def test_a_draft_that_lacks_something_is_not_relayed(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    world.mandate(YUNI)
    assert refused(world, replace(spoken(), **changes))[0] == reason


def test_a_witness_says_why_there_is_no_recording(world: World) -> None:
    world.mandate(YUNI)
    relays(
        world, spoken(person=replace(MARNI, consent_form="witnessed", consent=None, witnessed="Tidak bicara"))
    )
    said = world.rows(RELAY)[0]
    assert (said["consent_form"], said["witnessed"], said["consent_media_id"]) == (
        "witnessed",
        "Tidak bicara",
        None,
    )


def test_of_a_child_in_a_forum_anak_the_one_line_alone_is_stored(world: World) -> None:
    """No name, no contact, no place but the village, no recording; and only the staff sees it."""
    world.mandate(YUNI, forum=True)
    child = replace(MARNI, maturity="forum", consent_form="", consent=None, witnessed="Dewi, kelas 5")
    number = relays(world, spoken(person=child, visibility="public")).ticket
    row, said = world.aspiration(number), world.rows(RELAY)[0]
    assert (row["landmark"], row["latitude"], row["longitude"], row["visibility"]) == (
        "",
        None,
        None,
        "private",
    )
    assert (said["name"], said["contact"], said["witnessed"]) == (None, None, None)
    assert (said["groups"], said["needs"], said["consent_media_id"]) == (None, None, None)
    assert (said["maturity"], said["told_by"]) == ("forum", "facilitator")
    assert [(part["role"], part["text"]) for part in world.rows(PART)] == [("summary", MARNI.summary)]
    assert world.count(MEDIA) == 0


def test_what_is_about_the_person_is_encrypted(world: World) -> None:
    world.mandate(YUNI)
    relays(world, spoken(person=replace(MARNI, consent_form="witnessed", witnessed="Tidak bicara")))
    with world.begin() as connection:
        raw = connection.exec_driver_sql("SELECT * FROM relay").one()
    for secret in ("Marni", "0812", "elderly", "companion", "Tidak bicara"):
        assert secret not in repr(tuple(raw))


def test_many_lines_that_are_nearly_the_same_are_marked_for_the_staff_and_not_refused(world: World) -> None:
    mandate = world.mandate(YUNI)
    for serial in range(1, 6):
        relays(world, spoken(serial, replace(MARNI, summary=f"Jalan ke sekolah rusak {'!' * serial}")))
        assert world.rows(MANDATE, id=mandate)[0]["flagged_at"] is None
    assert relays(world, spoken(6, replace(MARNI, summary="jalan ke Sekolah rusak"))).ticket
    assert world.rows(MANDATE, id=mandate)[0]["flagged_at"] == NOW


def test_different_lines_and_those_of_long_ago_are_no_reason_to_look(world: World) -> None:
    mandate = world.mandate(YUNI)
    for serial, line in enumerate(("Air bersih", "Jembatan", "Posyandu", "Lampu jalan", "Sumur bor"), 1):
        relays(world, spoken(serial, replace(MARNI, summary=line)))
    for serial in range(6, 11):
        relays(world, spoken(serial, replace(MARNI, summary="Perbaikan pasar")), timedelta(days=serial))
    later = timedelta(days=41)
    relays(world, spoken(11, replace(MARNI, summary="Perbaikan pasar")), later)
    assert world.rows(MANDATE, id=mandate)[0]["flagged_at"] is None


def test_lines_are_compared_without_case_and_punctuation() -> None:
    assert alike.near("Jalan RUSAK, di depan sekolah.", "jalan rusak di depan sekolah")
    assert not alike.near("Jalan rusak", "Jembatan putus")


def test_others_relay_alike_and_are_not_counted_together(world: World) -> None:
    world.mandate(YUNI)
    other = world.mandate(ANI)
    for serial in range(1, 6):
        relays(world, spoken(serial))
    relays(world, spoken(1), chat=ANI)
    assert world.rows(MANDATE, id=other)[0]["flagged_at"] is None


def test_somebody_who_holds_a_mandate_still_speaks_for_themself(world: World) -> None:
    world.mandate(YUNI)
    number = world.submit(YUNI).ticket
    assert world.aspiration(number)["chat_id"] == YUNI
    assert SITI != YUNI
