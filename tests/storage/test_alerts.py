"""Danger is told at once to those who protect people there; what tells of it is flagged and never published."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text, update

from conversations.chat import Part
from storage import alerts, views
from storage.actor import Resident
from storage.aspirations import ASPIRATION
from storage.ledger import OUTBOX
from storage.letters import letter
from storage.mandates import MANDATE
from storage.notices import NOTICES, release
from tests.storage.world import ANI, BUDI, DELIVERY, NOW, RULES, SITI, World

SUKADANA, JABUNG = "18.07.01.2001", "18.07.03.2016"
WORDS = "saya dipukul suami"
NIGHT = NOW + timedelta(hours=14)
"""Midnight in Lampung."""


def need(words: str) -> tuple[Part, ...]:
    return (Part(kind="text", message=11, text=words),)


def raised(world: World, village: str = SUKADANA, at: datetime = NOW) -> int:
    with world.scene(Resident(SITI), at) as scene:
        return alerts.raise_alert(scene, WORDS, village)


def test_those_of_the_place_and_of_all_above_it_are_told(world: World) -> None:
    world.mandate(BUDI, "18.07.01", role="safeguard")
    world.mandate(ANI, "18.07", role="safeguard")
    world.mandate(SITI, "18.07.03", role="safeguard")
    world.mandate(7_000_000_004, "18.07.01", role="facilitator")
    assert raised(world) == 2
    assert [row["chat_id"] for row in world.rows(NOTICES)] == [BUDI, ANI]
    words = world.rows(NOTICES)[0]["params"]
    assert words == {"words": WORDS, "village": "Sukadana", "kecamatan": "Sukadana", "urgent": True}


def test_where_the_place_is_not_known_all_are_told(world: World) -> None:
    world.mandate(BUDI, "18.07.01", role="safeguard")
    world.mandate(ANI, "18.07.03", role="safeguard")
    assert raised(world, "") == 2


def test_an_alert_does_not_wait_for_the_morning(world: World) -> None:
    world.mandate(BUDI, "18.07.01", role="safeguard")
    raised(world, at=NIGHT)
    with world.begin() as connection:
        assert release(connection, DELIVERY, NIGHT) == 1
    assert [row["chat_id"] for row in world.rows(OUTBOX)] == [BUDI]


def test_whose_mandate_ended_is_not_told(world: World) -> None:
    world.mandate(BUDI, "18.07.01", role="safeguard")
    with world.begin() as connection:
        connection.execute(update(MANDATE).values(ended_at=NOW))
    assert raised(world) == 0


def test_an_alert_that_nobody_hears_is_counted_without_its_words(world: World) -> None:
    raised(world)
    raised(world)
    with world.begin() as connection:
        assert alerts.unheard(connection) == 2
        assert release(connection, DELIVERY, NOW) == 0
    assert {(row["chat_id"], row["state"], str(row["params"])) for row in world.rows(NOTICES)} == {
        (0, "cancelled", "{}")
    }


def test_the_words_of_an_alert_lie_encrypted(world: World) -> None:
    world.mandate(BUDI, "18.07.01", role="safeguard")
    raised(world)
    with world.begin() as connection:
        assert "dipukul" not in str(connection.execute(text("SELECT params FROM notice")).all())


def test_an_alert_says_what_was_written_and_where() -> None:
    lines = letter(alerts.RAISED, {"words": WORDS, "village": "Sukadana", "kecamatan": "Sukadana"}).lines
    assert lines[0].params is not None
    assert lines[0].params["words"] == WORDS
    assert letter(alerts.RAISED, {"words": WORDS, "village": "", "kecamatan": ""}).lines[0].params


def test_what_is_sent_is_flagged_and_told_of_once(world: World) -> None:
    """Whoever was alerted while the need was told is not alerted again when it is sent."""
    world.mandate(BUDI, "18.07.01", role="safeguard")
    world.submit(SITI, 1, parts=need("Jalan rusak"))
    world.submit(SITI, 2, parts=need("bansos belum cair"))
    world.submit(SITI, 3, parts=need(WORDS), alerted=True)
    assert world.count(NOTICES) == 0
    world.submit(SITI, 4, parts=need(WORDS))
    assert [row["flagged"] for row in world.rows(ASPIRATION)] == ["", "complaint", "danger", "danger"]
    assert [row["chat_id"] for row in world.rows(NOTICES)] == [BUDI]


def test_danger_is_never_published_whatever_was_chosen_and_redacted(world: World) -> None:
    shown = world.submit(SITI, 1, parts=need("Jalan rusak"), visibility="public").ticket
    hidden = world.submit(SITI, 2, parts=need(WORDS), visibility="public").ticket
    with world.begin() as connection:
        connection.execute(update(ASPIRATION).values(redacted="Sudah disunting."))
        assert views.aspiration(connection, BUDI, shown, RULES) is not None
        assert views.aspiration(connection, BUDI, hidden, RULES) is None
        own = views.aspiration(connection, SITI, hidden, RULES)
    assert own is not None
    assert own.summary == WORDS
