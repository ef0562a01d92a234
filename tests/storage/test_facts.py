"""What a turn may know: one's own whole, another's public one without words, of the rest nothing."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event

from conversations.chat import Part
from conversations.facts import Facts, House, Profile
from storage.actor import Resident
from storage.aspirations import ASPIRATION, withdraw
from storage.erasure import schedule
from storage.facts import DatabaseFacts
from storage.residents import set_groups, set_name
from tests.storage.world import BUDI, NOW, RULES, SITI, World, voice

HOUSE = House(
    kabupaten="Kabupaten Lampung Timur",
    timezone=ZoneInfo("Asia/Jakarta"),
    zone="WIB",
    village_term="desa",
    contact_name="Ibu Ratna",
    contact_phone="0725 000 000",
    hotline="112",
    consent_version="1",
    locales=("id", "en"),
    fields=(),
)


def facts(connection: Connection, chat: int = SITI) -> DatabaseFacts:
    return DatabaseFacts(connection, chat, HOUSE, RULES)


def test_it_is_what_a_turn_asks_for(world: World) -> None:
    with world.begin() as connection:
        asked: Facts = facts(connection)
        assert asked.house is HOUSE
        assert asked.kecamatan()[0].name == "Bandar Sribhawono"
        assert asked.villages("18.07.01")
        assert asked.village("18.07.01.2001") == asked.find_villages("Sukadana").exact[0]
        assert asked.planning(NOW).plan_year == 2027


@pytest.mark.parametrize(
    ("answers", "consented"),
    [
        ([], False),
        ([("1", True)], True),
        ([("0", True)], False),
        ([("1", True), ("1", False)], False),
        ([("1", False), ("1", True)], True),
    ],
)
def test_consent_is_the_newest_yes_to_the_present_version(
    world: World, answers: list[tuple[str, bool]], *, consented: bool
) -> None:
    for version, granted in answers:
        world.consent(SITI, granted=granted, version=version)
    with world.begin() as connection:
        assert facts(connection).consented("service") is consented
        assert facts(connection).consented("broadcast") is False


def test_a_stranger_has_an_empty_profile(world: World) -> None:
    with world.begin() as connection:
        assert facts(connection).profile() == Profile()
        assert facts(connection).mine() == ()


def test_the_profile_is_what_is_stored(world: World) -> None:
    world.submit(SITI)
    with world.begin() as connection:
        set_name(connection, Resident(SITI), "Siti", "1")
        set_groups(connection, Resident(SITI), ["women"], declined=False, version="1")
        due = schedule(connection, Resident(SITI), NOW)
    with world.begin() as connection:
        assert facts(connection).profile() == Profile(
            name="Siti",
            groups=("women",),
            groups_answered=True,
            village=RULES.regions.village("18.07.01.2001"),
            notices=True,
            broadcasts=False,
            erasure_due=due,
        )


def test_mine_are_newest_first_and_also_the_anonymous(world: World) -> None:
    first = world.submit(SITI, 1).ticket
    second = world.submit(SITI, 2, NOW + timedelta(hours=1), visibility="anonymous").ticket
    world.submit(BUDI)
    with world.begin() as connection:
        views = facts(connection).mine()
    assert [view.ticket for view in views] == [second, first]
    assert all(view.mine and view.open and view.history == () for view in views)
    assert [view.visibility for view in views] == ["anonymous", "private"]


def test_the_summary_is_the_words_and_voices_are_counted(world: World) -> None:
    parts = (
        Part(kind="text", message=1, text="Satu"),
        voice("v1"),
        Part(kind="text", message=3, text="dua " * 200),
    )
    number = world.submit(SITI, parts=parts, landmark=voice("near")).ticket
    with world.begin() as connection:
        view = facts(connection).mine()[0]
        assert facts(connection).aspiration(number) is not None
    assert view.summary.startswith("Satu\ndua dua")
    assert (len(view.summary), view.summary[-1], view.voices) == (300, "…", 1)


def test_the_history_is_told_in_order_and_ends_with_the_present(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "returned", reason="location_unclear", note="Di mana?", office="Desa")
    with world.begin() as connection:
        view = facts(connection).aspiration(number)
    assert view is not None
    assert [(c.stage, c.decision, c.reason, c.note, c.office) for c in view.history] == [
        ("received", "waiting", "", "", ""),
        ("checked", "returned", "location_unclear", "Di mana?", "Desa"),
    ]
    assert (view.stage, view.decision, view.open) == ("checked", "returned", True)


def test_what_was_withdrawn_is_shown_as_ended(world: World) -> None:
    number = world.submit(SITI).ticket
    with world.scene(Resident(SITI)) as scene:
        withdraw(scene, number)
    with world.begin() as connection:
        view = facts(connection).aspiration(number)
    assert view is not None
    assert (view.open, view.history[-1].decision) == (False, "withdrawn")


@pytest.mark.parametrize("visibility", ["private", "anonymous"])
def test_a_private_number_of_another_and_an_unused_one_are_answered_alike(
    world: World, visibility: str
) -> None:
    number = world.submit(SITI, visibility=visibility).ticket
    with world.begin() as connection:
        assert facts(connection, BUDI).aspiration(number) is None
        assert facts(connection, BUDI).aspiration("0000000") is None


def test_a_public_one_shows_others_neither_words_nor_notes(world: World) -> None:
    number = world.submit(SITI, visibility="public").ticket
    world.decide(number, "checked", "returned", reason="location_unclear", note="Ibu Siti, di mana?")
    with world.begin() as connection:
        view = facts(connection, BUDI).aspiration(number)
        assert view is not None
        assert (view.mine, view.summary, view.voices) == (False, "", 0)
        assert [change.note for change in view.history] == ["", ""]
        assert [change.reason for change in view.history] == ["", "location_unclear"]
        connection.execute(ASPIRATION.update().values(redacted="Jalan ke sekolah rusak."))
        redacted = facts(connection, BUDI).aspiration(number)
        assert redacted is not None
        assert redacted.summary == "Jalan ke sekolah rusak."


def test_a_question_is_asked_of_the_database_once_and_only_when_asked(world: World) -> None:
    number = world.submit(SITI).ticket
    statements: list[str] = []
    with world.begin() as connection:
        event.listen(connection, "before_cursor_execute", lambda *a: statements.append(a[2]))
        asked = facts(connection)
        asked.planning(NOW)
        asked.find_villages("Sukadana")
        assert statements == []
        for _ in range(3):
            asked.consented("service")
            asked.consented("broadcast")
        assert len(statements) == 1
        for _ in range(3):
            asked.mine()
            asked.aspiration(number)
            asked.profile()
    assert len(statements) == 1 + 2 + 4 + 1
