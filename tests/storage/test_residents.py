"""Persons: what is remembered of them, only after they consented, and what they may change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from storage.actor import RefusalError, Resident, System
from storage.residents import (
    CONSENT,
    RESIDENT,
    Consent,
    consents,
    profile_row,
    record_consent,
    set_groups,
    set_locale,
    set_messages,
    set_name,
    wants_notices,
)
from tests.storage.world import BAPPEDA, BUDI, NOW, SITI, World


def person(world: World, chat: int = SITI) -> dict[str, object]:
    return world.rows(RESIDENT, chat_id=chat)[0]


def test_every_answer_is_kept_with_what_was_shown(world: World) -> None:
    world.consent(SITI)
    world.consent(SITI, granted=False)
    world.consent(SITI, "broadcast")
    rows = world.rows(CONSENT)
    assert [(row["purpose"], row["granted"]) for row in rows] == [
        ("service", True),
        ("service", False),
        ("broadcast", True),
    ]
    assert {(row["version"], row["locale"], row["form"], row["at"]) for row in rows} == {
        ("1", "id", "button", NOW)
    }
    assert world.count(RESIDENT) == 1


def test_a_refusal_is_recorded_too(world: World) -> None:
    world.consent(SITI, granted=False)
    assert [row["granted"] for row in world.rows(CONSENT)] == [False]


def test_the_newest_answer_counts_with_its_version(world: World) -> None:
    world.consent(SITI, version="0")
    world.consent(SITI, granted=False, version="1")
    with world.begin() as connection:
        assert consents(connection, [SITI, BUDI]) == {SITI: {"service": (False, "1")}, BUDI: {}}


def test_broadcasts_follow_their_own_consent(world: World) -> None:
    world.consent(SITI)
    assert person(world)["broadcasts"] is False
    world.consent(SITI, "broadcast")
    assert person(world)["broadcasts"] is True
    world.consent(SITI, "broadcast", granted=False)
    assert person(world)["broadcasts"] is False


def test_a_name_is_kept_encrypted_and_forgotten_on_request(world: World) -> None:
    world.consent(SITI)
    with world.begin() as connection:
        set_name(connection, Resident(SITI), "  Ibu   Siti ", "1")
        stored = connection.execute(text("SELECT name FROM resident")).scalar_one()
    assert person(world)["name"] == "Ibu Siti"
    assert "Siti" not in stored
    with world.begin() as connection:
        set_name(connection, Resident(SITI), " ", "1")
    assert person(world)["name"] is None


def test_groups_are_kept_encrypted_and_to_decline_is_an_answer(world: World) -> None:
    world.consent(SITI)
    with world.begin() as connection:
        set_groups(connection, Resident(SITI), ["women", "elderly", "women"], declined=False, version="1")
        stored = connection.execute(text("SELECT groups FROM resident")).scalar_one()
    assert "elderly" not in stored
    assert (person(world)["groups"], person(world)["groups_answered"]) == (["elderly", "women"], True)
    with world.begin() as connection:
        set_groups(connection, Resident(SITI), ["women"], declined=True, version="1")
    assert (person(world)["groups"], person(world)["groups_answered"]) == (None, True)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("x" * 81, "name_too_long"), ("Siti", "no_consent")],
)
def test_a_name_needs_consent_and_has_a_limit(world: World, name: str, reason: str) -> None:
    if reason != "no_consent":
        world.consent(SITI)
    with pytest.raises(RefusalError) as refusal, world.begin() as connection:
        set_name(connection, Resident(SITI), name, "1")
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        (["Siti's diagnosis"], "unknown_group"),
        ([f"g{n}" for n in range(21)], "unknown_group"),
        (["women"], "no_consent"),
    ],
)
def test_groups_need_consent_and_are_names_of_ours(world: World, groups: list[str], reason: str) -> None:
    with pytest.raises(RefusalError) as refusal, world.begin() as connection:
        set_groups(connection, Resident(SITI), groups, declined=False, version="1")
    assert refusal.value.reason == reason


def test_notices_and_broadcasts_are_switched_apart(world: World) -> None:
    world.consent(SITI)
    with world.begin() as connection:
        set_messages(connection, Resident(SITI), "broadcast", wanted=True)
        set_messages(connection, Resident(SITI), "notice", wanted=False)
        assert wants_notices(connection, SITI) is False
        assert wants_notices(connection, BUDI) is True
    assert (person(world)["notices"], person(world)["broadcasts"]) == (False, True)


def test_of_a_stranger_nothing_is_stored(world: World) -> None:
    with world.begin() as connection:
        set_locale(connection, Resident(SITI), "en")
        set_messages(connection, Resident(SITI), "notice", wanted=False)
        assert profile_row(connection, SITI) is None
    assert world.count(RESIDENT) == 0


def test_a_change_touches_its_own_person_alone(world: World) -> None:
    world.consent(SITI)
    world.consent(BUDI)
    with world.begin() as connection:
        set_locale(connection, Resident(SITI), "id@mudah")
    assert (person(world)["locale"], person(world, BUDI)["locale"]) == ("id@mudah", "id")


@pytest.mark.parametrize("actor", [BAPPEDA, System("clock")])
def test_nobody_else_changes_a_person(world: World, actor: Resident) -> None:
    answer = Consent(purpose="service", granted=True, version="1", locale="id", form="button")
    with world.begin() as connection:
        verbs: list[Callable[[], None]] = [
            lambda: record_consent(connection, actor, answer, NOW),
            lambda: set_name(connection, actor, "x", "1"),
            lambda: set_groups(connection, actor, ["women"], declined=False, version="1"),
            lambda: set_locale(connection, actor, "en"),
            lambda: set_messages(connection, actor, "notice", wanted=False),
        ]
        for verb in verbs:
            with pytest.raises(RefusalError) as refusal:
                verb()
            assert refusal.value.reason == "not_yours"
