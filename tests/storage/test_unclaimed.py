"""Somebody who was spoken for, and has no phone, has the right to be erased too (UU 27/2022 Pasal 8)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from storage.actor import Actor, RefusalError, Resident, System
from storage.alerts import RAISED, Speaker, raise_alert
from storage.decisions import Target
from storage.history import HISTORY
from storage.ledger import OUTBOX
from storage.media import MEDIA, PART, RELAY, REPORT, MediaStore
from storage.notices import NOTICES, release
from storage.reports import OVERDUE, remind
from storage.unclaimed import forget
from tests.storage.relayed import mandate, put, unclaimed
from tests.storage.test_erasure import CANARY, everything, keep
from tests.storage.world import ANI, BAPPEDA, BUDI, DELIVERY, NOW, RING, SITI, World

WHY = "Diminta di kantor desa."


def spoken_for(world: World, store: MediaStore) -> str:
    """Budi relayed for a neighbour, and was told of a change."""
    number = unclaimed(world, mandate(world, BUDI, "kader"), BUDI, CANARY)
    keep(world, store, f"{CANARY}-setuju", CANARY.encode())
    world.decide(number, "checked", "forwarded", urgent=True)
    with world.begin() as connection:
        release(connection, DELIVERY, NOW)
    return number


def forgotten(world: World, number: str, reason: str = WHY, actor: Actor = BAPPEDA) -> frozenset[str]:
    with world.scene(actor) as scene:
        return forget(scene, Target(number), reason)


def test_their_words_name_and_consent_go_and_the_public_record_stays(world: World, tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media", RING)
    number = spoken_for(world, store)
    names = forgotten(world, number)
    assert len(names) == 1
    assert CANARY not in everything(world)
    for table in (RELAY, PART, MEDIA, NOTICES, OUTBOX, REPORT):
        assert world.count(table) == 0, table.name
    row = world.aspiration(number)
    assert (row["region"], row["field"], row["stage"], row["erased_at"]) == (
        "18.07.01.2001",
        "road",
        "checked",
        NOW,
    )
    last = world.rows(HISTORY)[-1]
    assert (last["verb"], last["note"], last["actor_kind"]) == ("erased", WHY, "staff")


def test_what_those_who_protect_were_told_of_them_goes_too(world: World, tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media", RING)
    number = spoken_for(world, store)
    world.mandate(ANI, "18.07.01", role="safeguard")
    speaker = Speaker(None, world.aspiration(number)["id"])
    with world.scene(System("test")) as scene:
        assert raise_alert(scene, f"dipukul {CANARY}", "18.07.01.2001", speaker) == 1
    forgotten(world, number)
    assert [row["params"] for row in world.rows(NOTICES, key=RAISED)] == [{}]


def test_what_the_facilitator_was_reminded_of_names_them_no_longer(world: World, tmp_path: Path) -> None:
    """A reminder about several people is one message; its words are empty once it was told."""
    number = spoken_for(world, MediaStore(tmp_path / "media", RING))
    event = world.rows(HISTORY)[-1]["id"]
    relayed = world.rows(RELAY)[0]["id"]
    if not world.rows(REPORT, event_id=event):
        put(world, REPORT, relay_id=relayed, event_id=event, due_at=NOW)
    late = NOW + timedelta(days=8)
    with world.begin() as connection:
        assert remind(connection, late, 9) == 1
        release(connection, DELIVERY, late)
        connection.execute(OUTBOX.update().values(state="sent", params=""))
    assert any(CANARY in str(row["params"]) for row in world.rows(NOTICES, key=OVERDUE))
    forgotten(world, number)
    assert [row["params"] for row in world.rows(NOTICES, key=OVERDUE)] == [{}]


def test_the_staff_may_still_decide_and_nobody_is_told(world: World, tmp_path: Path) -> None:
    number = spoken_for(world, MediaStore(tmp_path / "media", RING))
    forgotten(world, number)
    assert world.decide(number, "musrenbang_desa", "forwarded").notice is None


@pytest.mark.parametrize(
    ("reason", "actor", "refused"),
    [
        ("", BAPPEDA, "no_reason"),
        (" ", BAPPEDA, "no_reason"),
        ("x" * 301, BAPPEDA, "no_reason"),
        (WHY, Resident(BUDI), "not_yours"),
    ],
)
def test_it_needs_a_reason_and_the_staff(
    world: World, tmp_path: Path, reason: str, actor: Actor, refused: str
) -> None:
    number = spoken_for(world, MediaStore(tmp_path / "media", RING))
    with pytest.raises(RefusalError) as refusal:
        forgotten(world, number, reason, actor)
    assert refusal.value.reason == refused
    assert world.count(RELAY) == 1


def test_whoever_has_a_chat_erases_it_there(world: World) -> None:
    number = world.submit(SITI).ticket
    with pytest.raises(RefusalError) as refusal:
        forgotten(world, number)
    assert refusal.value.reason == "has_chat"


def test_it_is_done_once(world: World, tmp_path: Path) -> None:
    number = spoken_for(world, MediaStore(tmp_path / "media", RING))
    forgotten(world, number)
    with pytest.raises(RefusalError) as refusal:
        forgotten(world, number)
    assert refusal.value.reason == "erased"
