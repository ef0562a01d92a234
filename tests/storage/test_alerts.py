"""Danger is told at once to those who protect people there; what tells of it is flagged and never published."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from sqlalchemy import select, text, update

from conversations.chat import Part
from storage import alerts, views
from storage.actor import Resident
from storage.aspirations import ASPIRATION
from storage.ledger import OUTBOX
from storage.letters import letter
from storage.mandates import MANDATE
from storage.messages import open_letter
from storage.notices import NOTICES, release
from tests.storage.plans import plans
from tests.storage.world import ANI, BUDI, DELIVERY, NOW, RULES, SITI, World

SUKADANA, JABUNG = "18.07.01.2001", "18.07.03.2016"
WORDS = "saya dipukul suami"
OTHER = 7_000_000_004
NIGHT = NOW + timedelta(hours=14)
"""Midnight in Lampung."""


def need(words: str) -> tuple[Part, ...]:
    return (Part(kind="text", message=11, text=words),)


def raised(world: World, village: str = SUKADANA, at: datetime = NOW, chat: int = SITI) -> int:
    with world.scene(Resident(chat), at) as scene:
        return alerts.raise_alert(scene, WORDS, village, alerts.Speaker(chat))


def test_those_of_the_place_and_of_all_above_it_are_told(world: World) -> None:
    world.mandate(BUDI, "18.07.01", role="safeguard")
    world.mandate(ANI, "18.07", role="safeguard")
    world.mandate(SITI, "18.07.03", role="safeguard")
    world.mandate(7_000_000_004, "18.07.01", role="facilitator")
    assert raised(world) == 2
    assert [row["chat_id"] for row in world.rows(NOTICES)] == [BUDI, ANI]
    words = world.rows(NOTICES)[0]["params"]
    of = [RULES.secrets.pseudonym(alerts.CHAT_SCOPE, SITI)]
    told = {
        "words": WORDS,
        "village": "Sukadana",
        "kecamatan": "Sukadana",
        "of": of,
        "number": 1,
        "contact": 1,
    }
    assert words == {**told, "urgent": True}
    assert str(SITI) not in str(words)


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


def test_of_one_person_three_alerts_a_day_are_sent_and_of_others_all(world: World) -> None:
    """However many protect people there, and whatever they open again: nobody drowns the rest."""
    world.mandate(BUDI, "18.07.01", role="safeguard")
    world.mandate(ANI, "18.07", role="safeguard")
    hours = [NOW + timedelta(hours=hour) for hour in range(5)]
    assert [raised(world, at=at) for at in hours[:2]] == [2, 2]
    with world.begin() as connection:
        release(connection, DELIVERY, hours[1])
    first = world.rows(NOTICES)[0]["id"]
    with world.scene(Resident(BUDI), hours[1]) as scene:
        open_letter(scene, first)
    assert [raised(world, at=at) for at in hours[2:]] == [2, 0, 0]
    assert raised(world, at=hours[4], chat=OTHER) == 2
    assert raised(world, at=NOW + timedelta(hours=24)) == 2, "the first is a day old"
    assert raised(world, at=NOW + timedelta(hours=24)) == 0


def test_what_is_sent_after_the_third_alert_is_flagged_all_the_same(world: World) -> None:
    world.mandate(BUDI, "18.07.01", role="safeguard")
    for serial in range(1, 6):
        world.submit(SITI, serial, parts=need(WORDS))
    assert {row["flagged"] for row in world.rows(ASPIRATION)} == {"danger"}
    assert world.count(NOTICES) == 3


def test_an_alert_whose_key_was_thrown_away_is_in_nobodys_way(world: World) -> None:
    world.mandate(BUDI, "18.07.01", role="safeguard")
    raised(world)
    lost = Fernet(Fernet.generate_key()).encrypt(b"{}").decode()
    with world.begin() as connection:
        connection.execute(text("UPDATE notice SET params = :lost"), {"lost": lost})
    assert raised(world) == 1
    with world.begin() as connection:
        alerts.forget(connection, RULES.secrets, SITI, [])
    with world.begin() as connection:
        states = connection.scalars(select(NOTICES.c.state).order_by(NOTICES.c.id)).all()
    assert states == ["waiting", "forgotten"]


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


def test_somebody_s_alerts_are_looked_up_without_reading_all_notices(sqlite_world: World) -> None:
    sqlite_world.mandate(BUDI, "18.07.01", role="safeguard")
    with plans(sqlite_world.engine) as found:
        assert raised(sqlite_world) == 1
    assert any("ix_notice_alert" in plan for plan in found)
    assert not [plan for plan in found if "SCAN notice" in plan]
