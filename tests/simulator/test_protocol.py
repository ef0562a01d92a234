"""The HTTP layer: how a call may be written and what an answer looks like."""

import io
import json

import aiohttp
import pytest

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
