"""Commands by role: a mandate brings its own into one chat, in each language, and takes them away with it."""

from __future__ import annotations

import json
from random import Random
from typing import Any, Final, get_args

import pytest

from bot.app import Home
from bot.introduction import COMMANDS, LANGUAGES, OF_ROLE, introduce_roles, role_calls
from bot.mandating import Desk, end
from conversations.effects import AcceptInvitation
from conversations.facts import Role
from conversations.words import GLOBAL_WORDS
from storage.actor import Staff
from storage.invitations import Offer, invite
from storage.ledger import OUTBOX
from storage.rules import Scene
from storage.tables import NOTICE

HADI, YUNI = 7_100_000_001, 7_100_000_002
MOST_COMMANDS: Final = 100
"""Of one scope (Bot API, BotCommand)."""


def accepts(home: Home, chat: int, role: str, region: str = "18.07.01") -> None:
    """Somebody is invited, and accepts in their chat as a turn does it."""
    with home.engine.begin() as connection:
        scene = Scene(connection, Staff("cli", "bappeda"), home.clock.now(), home.furnished.rules)
        token = invite(scene, Offer(role=role, scope=(region,)), Random(f"{chat} {role}")).token  # noqa: S311
        effect = AcceptInvitation(token=token, conduct="1")
        home.turner.world.perform(connection, chat, effect, home.clock.now())


def calls(home: Home) -> list[tuple[int, str, dict[str, Any]]]:
    """What lies in the outbox: chat, method, parameters; it is emptied."""
    with home.engine.begin() as connection:
        rows = connection.execute(OUTBOX.select().order_by(OUTBOX.c.id)).all()
        connection.execute(OUTBOX.delete())
    assert {row.lane for row in rows} <= {NOTICE}
    return [(row.chat_id, row.method, json.loads(row.params)) for row in rows]


def names(params: dict[str, Any]) -> list[str]:
    return [command["command"] for command in params["commands"]]


def test_a_mandate_brings_its_commands_into_its_own_chat_in_each_language(home: Home) -> None:
    accepts(home, YUNI, "facilitator")
    told = calls(home)
    assert [(chat, method) for chat, method, _ in told] == [(YUNI, "setMyCommands")] * len(LANGUAGES)
    assert [params.get("language_code", "") for _, _, params in told] == list(LANGUAGES)
    assert all(params["scope"] == {"type": "chat", "chat_id": YUNI} for _, _, params in told)
    assert names(told[0][2])[:3] == ["titip", "warga", "tugas"]
    assert names(told[1][2])[:3] == ["relay", "people", "tasks"]
    assert names(told[0][2])[3] == "usulan"


def test_an_invitation_that_cannot_be_accepted_brings_nothing(home: Home) -> None:
    with home.engine.begin() as connection:
        effect = AcceptInvitation(token="x" * 32, conduct="1")
        home.turner.world.perform(connection, YUNI, effect, home.clock.now())
    assert {method for _, method, _ in calls(home)} <= {"deleteMyCommands"}


def test_a_second_role_adds_its_commands_and_the_end_of_one_leaves_the_other(home: Home) -> None:
    accepts(home, YUNI, "transcriber", "18.07")
    accepts(home, YUNI, "facilitator")
    both = names(calls(home)[-2][2])
    assert both[:3] == ["tugas", "titip", "warga"]
    assert len(both) == len(set(both))
    desk = Desk(home.engine, home.furnished, home.clock.now())
    end(desk, 2, invitation=False)
    assert names(calls(home)[0][2])[:2] == ["tugas", "usulan"]


def test_when_the_last_role_ends_the_chat_is_like_all_others(home: Home) -> None:
    accepts(home, HADI, "kecamatan")
    calls(home)
    end(Desk(home.engine, home.furnished, home.clock.now()), 1, invitation=False)
    told = calls(home)
    assert [method for _, method, _ in told] == ["deleteMyCommands"] * len(LANGUAGES)
    assert all(params["scope"]["chat_id"] == HADI for _, _, params in told)


def test_at_the_start_everybody_with_a_role_gets_the_commands_of_this_version(home: Home) -> None:
    accepts(home, YUNI, "facilitator")
    accepts(home, HADI, "kecamatan")
    calls(home)
    with home.engine.begin() as connection:
        assert introduce_roles(connection, home.furnished.texts, home.clock.now()) == 2
    assert [chat for chat, _, _ in calls(home)] == [YUNI, YUNI, HADI, HADI]


@pytest.mark.parametrize("role", get_args(Role))
def test_the_commands_of_each_role_exist_and_are_nobody_elses(home: Home, role: Role) -> None:
    assert set(OF_ROLE[role]) <= set(GLOBAL_WORDS)
    assert not set(OF_ROLE[role]) & set(COMMANDS)
    for _, params in role_calls(home.furnished.texts, HADI, [role]):
        assert len(params.get("commands", ())) <= MOST_COMMANDS
