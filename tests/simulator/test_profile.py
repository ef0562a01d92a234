"""What a bot tells about itself: commands, menu button, name and descriptions."""

import json

import pytest

from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.clients import Client
from tests.simulator.conftest import Caller


def commands(*names: str) -> str:
    return json.dumps([{"command": name, "description": f"tentang {name}"} for name in names])


async def test_commands_by_scope_and_language(sim: Simulator, wati: Person, call: Caller) -> None:
    """GetMyCommands matches scope and language exactly; the app takes the narrowest scope, then the language."""
    private, own = '{"type":"all_private_chats"}', json.dumps({"type": "chat", "chat_id": wati.id})
    await call("setMyCommands", commands=commands("umum"))
    await call("setMyCommands", commands=commands("pribadi"), scope=private)
    await call("setMyCommands", commands=commands("private"), scope=private, language_code="en")
    assert [one["command"] for one in (await call("getMyCommands"))[1]["result"]] == ["umum"]
    assert (await call("getMyCommands", language_code="en"))[1]["result"] == []
    shown = [sim.chat(wati.id)["commands"][0]["command"]]
    sim.language(wati.id, "en")
    shown.append(sim.chat(wati.id)["commands"][0]["command"])
    await call("setMyCommands", commands=commands("milikku"), scope=own)
    shown.append(sim.chat(wati.id)["commands"][0]["command"])
    await call("deleteMyCommands", scope=own)
    await call("deleteMyCommands", scope=private, language_code="en")
    shown.append(sim.chat(wati.id)["commands"][0]["command"])
    assert shown == ["pribadi", "private", "milikku", "pribadi"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ('[{"command":"a b","description":"x"}]', "BOT_COMMAND_INVALID"),
        ('[{"command":"' + "a" * 33 + '","description":"x"}]', "command length must not exceed 32"),
        (
            '[{"command":"a","description":"' + "x" * 257 + '"}]',
            "command description length must not exceed 256",
        ),
        ('[{"command":"a","description":""}]', "command description must be non-empty"),
        (json.dumps([{"command": f"a{n}", "description": "x"} for n in range(101)]), "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_refused_commands(call: Caller, given: str, words: str) -> None:
    """Commands that Telegram would refuse, in its words."""
    assert (await call("setMyCommands", commands=given))[1]["description"] == f"Bad Request: {words}"


async def test_menu_button(sim: Simulator, wati: Person, call: Caller) -> None:
    """One chat's button wins over the one for all; default goes back."""
    app = {"type": "web_app", "text": "Buka", "web_app": {"url": "https://a.id"}}
    await call("setChatMenuButton", menu_button=json.dumps(app), chat_id=wati.id)
    assert sim.chat(wati.id)["menu_button"] == app
    assert (await call("getChatMenuButton"))[1]["result"] == {"type": "commands"}
    await call("setChatMenuButton", menu_button='{"type":"default"}', chat_id=wati.id)
    assert sim.chat(wati.id)["menu_button"] == {"type": "commands"}


async def test_name_and_descriptions_by_language(client: Client) -> None:
    """Texts are kept by language and fall back to the one without."""
    await client.set_my_name("Suara Lampung Timur")
    await client.set_my_description("Usulan desa")
    await client.set_my_description("Village needs", language_code="en")
    await client.set_my_short_description("Musrenbang")
    assert (await client.get_my_name()).name == "Suara Lampung Timur"
    assert (await client.get_my_description(language_code="en")).description == "Village needs"
    assert (await client.get_my_description(language_code="ms")).description == "Usulan desa"
    assert (await client.get_my_short_description()).short_description == "Musrenbang"
    assert (await client.get_me()).first_name == "Suara Lampung Timur"


async def test_close_and_logout(call: Caller) -> None:
    """Close and logOut are accepted."""
    assert [(await call(method))[1]["result"] for method in ("close", "logOut")] == [True, True]
