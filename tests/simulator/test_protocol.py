"""The HTTP layer: how a call may be written and what an answer looks like."""

import io
import json
from typing import Any

import aiohttp
import pytest

from simulator.calls import Call
from simulator.methods import METHODS
from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.clients import Client
from tests.simulator.conftest import OTHER, TOKEN, Caller


async def test_both_libraries_read_getme(client: Client) -> None:
    """Both libraries call getMe and find a bot whose id is that of the token."""
    me = await client.get_me()
    assert (me.is_bot, me.id) == (True, 100200300)


@pytest.mark.parametrize("method", ["sendMessage", "sendmessage", "SENDMESSAGE", "test/sendMessage"])
async def test_letter_case_does_not_matter(sim: Simulator, wati: Person, call: Caller, method: str) -> None:
    """A method's name is read in any letter case, with or without /test/."""
    status, body = await call(method, chat_id=wati.id, text="Halo")
    assert (status, body["result"]["text"]) == (200, "Halo")


async def test_every_way_of_passing_parameters(
    sim: Simulator, wati: Person, http: aiohttp.ClientSession
) -> None:
    """GET and POST; query, form, JSON and multipart; JSON inside a string or raw: all mean the same."""
    url = f"{sim.url}/bot{TOKEN}/sendMessage"
    rows = [[{"text": "Ya", "callback_data": "ya"}]]
    markup = {"inline_keyboard": rows}
    flat = {"chat_id": str(wati.id), "text": "Halo", "reply_markup": json.dumps(markup)}
    parts = aiohttp.FormData(flat, default_to_multipart=True)
    answers = [
        await http.get(url, params=flat),
        await http.post(url, data=flat),
        await http.post(url, data=parts),
        await http.post(url, json={"chat_id": wati.id, "text": "Halo", "reply_markup": markup}),
        await http.post(url, json=flat),
    ]
    results = [(await answer.json())["result"] for answer in answers]
    assert [(one["text"], one["reply_markup"]["inline_keyboard"]) for one in results] == [("Halo", rows)] * 5


async def test_method_in_the_parameters(sim: Simulator, http: aiohttp.ClientSession) -> None:
    """With an empty method in the path, the argument `method` names it."""
    async with http.get(f"{sim.url}/bot{TOKEN}/", params={"method": "getMe"}) as answer:
        assert (await answer.json())["result"]["is_bot"] is True


async def test_unknown_method_is_404(call: Caller) -> None:
    """A method that Telegram does not have: 404 in its words, HTTP status equal to error_code."""
    status, body = await call("sendTelegram")
    assert (status, body) == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
    )


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("100200300:" + "x" * 35, "Unauthorized"),
        ("999:" + "a" * 35, "Unauthorized"),
        ("nonsense", "Unauthorized: invalid token specified"),
        ("0100:" + "a" * 35, "Unauthorized: invalid token specified"),
    ],
)
async def test_wrong_token_is_401(call: Caller, token: str, words: str) -> None:
    """Another token: 401, told apart from a malformed one."""
    status, body = await call("getMe", token=token)
    assert (status, body["error_code"], body["description"]) == (401, 401, words)


async def test_real_but_missing_method_fails_loudly(sim: Simulator, call: Caller) -> None:
    """A method that Telegram has and the simulator has not: 501 and a line in the journal, never a false success."""
    status, body = await call("sendInvoice", chat_id=1)
    assert (status, body["ok"]) == (501, False)
    assert [(entry["method"], entry["code"]) for entry in sim.journal()] == [("sendinvoice", 501)]


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"text": "a"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 5}, "message text is empty"),
        ("sendVoice", {"chat_id": 5}, "there is no voice in the request"),
        ("getFile", {}, "file_id not specified"),
        ("sendChatAction", {"chat_id": 5, "action": "dance"}, "wrong parameter action in request"),
        ("sendLocation", {"chat_id": 5}, "latitude is empty"),
        ("setMyCommands", {"commands": '[{"command": "", "description": "x"}]'}, "command must be non-empty"),
    ],
)
async def test_missing_parameter_in_the_servers_words(
    call: Caller, method: str, params: dict[str, str], words: str
) -> None:
    """What is missing is refused with 400 in Telegram's own words, never with 422 or 500."""
    status, body = await call(method, **params)
    assert (status, body["description"]) == (400, f"Bad Request: {words}")


async def test_no_null_fields(sim: Simulator, wati: Person, call: Caller) -> None:
    """Unset fields are absent, never null: in results and in updates."""
    await call("sendMessage", chat_id=wati.id, text="Halo")
    sim.say(wati.id, "Halo juga")
    answers = [await call("getUpdates"), await call("getMe"), await call("getChat", chat_id=wati.id)]
    assert "null" not in json.dumps(answers)


async def test_two_bots_do_not_see_each_other(sim: Simulator, wati: Person, call: Caller) -> None:
    """What a person writes to one bot reaches only that one, and message ids count for each chat."""
    sim.say(wati.id, "untuk yang pertama")
    _, first = await call("getUpdates")
    _, second = await call("getUpdates", token=OTHER)
    assert (len(first["result"]), second["result"]) == (1, [])


async def test_too_many_parameters(sim: Simulator, http: aiohttp.ClientSession) -> None:
    """More than 1 MiB of parameters: 413."""
    async with http.post(
        f"{sim.url}/bot{TOKEN}/sendMessage", data=io.BytesIO(b"text=" + b"a" * (1 << 20))
    ) as answer:
        assert answer.status == 413


ODD: list[Any] = [
    "",
    "0",
    "-1",
    "99999999999999999999999",
    "null",
    "true",
    "{}",
    "[]",
    "[1]",
    "[{}]",
    '[["a"]]',
    '{"type":1}',
    "\u0000",
]
ODD += [
    None,
    5,
    -5,
    1.5,
    True,
    [],
    {},
    [None],
    [[None]],
    {"keyboard": [[5]]},
    {"inline_keyboard": [[{"text": 5}]]},
]
ODD += [
    {"inline_keyboard": [[{"text": "a", "copy_text": 5}]]},
    {"inline_keyboard": [[{"text": "a", "url": {}}]]},
]
NAMES = [
    "text",
    "caption",
    "reply_markup",
    "entities",
    "caption_entities",
    "message_id",
    "message_ids",
    "reply_parameters",
    "voice",
    "media",
    "commands",
    "scope",
    "menu_button",
    "reaction",
    "callback_query_id",
    "offset",
    "limit",
    "timeout",
    "allowed_updates",
    "url",
    "max_connections",
    "user_id",
    "latitude",
    "longitude",
    "file_id",
    "language_code",
    "photo",
    "show_alert",
    "action",
    "from_chat_id",
    "parse_mode",
]


@pytest.mark.parametrize("method", METHODS)
async def test_no_parameter_breaks_the_server(sim: Simulator, wati: Person, method: str) -> None:
    """Whatever stands in whichever parameter, the answer is a result or a refusal, never a failure of the server."""
    message = sim.world.add(sim.chat_of(wati.id), {"id": 1}, {"text": "a"}, outgoing=True)
    bot = sim.world.accounts[sim.bot_id()]
    usual = {"chat_id": wati.id, "text": "a", "message_id": message.id, "action": "typing"}
    for name in NAMES:
        for value in ODD:
            params = {key: one for key, one in {**usual, name: value}.items() if one is not None}
            outcome = await sim.bot_api.execute(Call(sim.world, bot, method, params))
            assert outcome.code in {200, 400, 403, 409}, (name, value)
            bot.webhook = None


@pytest.mark.parametrize("path", ["/", "/botanic", "/bot", "/somewhere", "/file/botx/y"])
async def test_other_addresses(sim: Simulator, http: aiohttp.ClientSession, path: str) -> None:
    """Every address answers: the page, or JSON with 401 or 404."""
    async with http.post(sim.url + path) as answer:
        assert answer.status in {401, 404, 405}


async def test_token_is_compared_whole(call: Caller) -> None:
    """A token that only begins right is refused."""
    assert (await call("getMe", token=TOKEN[:-1] + "b"))[0] == 401
