"""The control API over HTTP, as the chat page and demos use it."""

from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from simulator.errors import Refused
from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.conftest import TOKEN, Caller


async def ask(http: aiohttp.ClientSession, verb: str, url: str, body: object = None) -> tuple[int, Any]:
    async with http.request(verb, url, json=body) as answer:
        return answer.status, await answer.json()


async def test_clock(sim: Simulator, http: aiohttp.ClientSession) -> None:
    """The clock tells now and offset, moves forward, and refuses to go back."""
    _, before = await ask(http, "GET", f"{sim.url}/sim/clock")
    _, after = await ask(http, "POST", f"{sim.url}/sim/clock", {"advance": 90.5})
    assert after == {"now": before["now"] + 90.5, "offset": 90.5}
    status, said = await ask(http, "POST", f"{sim.url}/sim/clock", {"advance": -1})
    assert (status, "forward only" in said["error"]) == (400, True)


async def test_people(sim: Simulator, http: aiohttp.ClientSession) -> None:
    """People are added with a chosen or a new id; adding the same id again changes the names, not the chats."""
    url = f"{sim.url}/sim/people"
    await ask(
        http, "POST", url, {"id": 5000000101, "first_name": "Bu", "last_name": "Wati", "about": "Netra"}
    )
    await ask(http, "POST", f"{sim.url}/sim/chats/5000000101/start", {})
    await ask(http, "POST", url, {"id": 5000000101, "first_name": "Ibu"})
    await ask(http, "POST", url, {"first_name": "Dedi"})
    _, people = await ask(http, "GET", url)
    assert [(one["id"], one["first_name"]) for one in people] == [(5000000101, "Ibu"), (7000000001, "Dedi")]
    assert sim.bot_id() in sim.person(5000000101).started


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people", {"first_name": "a", "shoe_size": 41}),
        ("people", {}),
        ("people", [1]),
        ("chats/1/text", {"text": "a"}),
        ("chats/7000000001/fly", {}),
        ("chats/7000000001/text", {}),
        ("chats/7000000001/press", {"message_id": 1}),
        ("chats/7000000001/press", {"message_id": 1, "row": 0, "column": 0}),
        ("chats/7000000001/voice", {}),
        ("chats/seven/text", {"text": "a"}),
        ("chats/7000000001/forward", {"origin": "moon", "text": "a"}),
        ("chats/7000000001/contact", {"phone_number": "1"}),
        ("clock", {"advance": "soon"}),
        ("clock", {}),
        ("groups", {"title": "a", "members": []}),
        ("groups/5/text", {"from": 1, "text": "a"}),
        ("faults", {"kind": "earthquake"}),
        ("limits", {"speed": 1}),
    ],
)
async def test_impossible_wishes(
    sim: Simulator, wati: Person, http: aiohttp.ClientSession, path: str, body: object
) -> None:
    """What cannot be done is refused with 400 and a sentence."""
    status, said = await ask(http, "POST", f"{sim.url}/sim/{path}", body)
    assert status == 400
    assert said["error"].endswith(".")


ACTS: list[tuple[str, dict[str, Any]]] = [
    ("start", {"payload": "desa"}),
    ("text", {"text": "Halo", "reply_to": 2}),
    ("press", {"message_id": 2, "row": 0, "column": 0}),
    ("press", {"message_id": 2, "data": "b"}),
    ("key", {"text": "Menu"}),
    ("sticker", {}),
    ("poll", {}),
    ("location", {"latitude": -5.1, "longitude": 105.2}),
    ("contact", {"phone_number": "62811", "first_name": "Dedi"}),
    ("forward", {"origin": "channel", "text": "Kabar"}),
    ("forward", {"origin": "user", "of": 2}),
    ("edit", {"message_id": 5, "text": "Halo juga"}),
    ("block", {}),
    ("unblock", {}),
]
"""Each makes one update."""

WRITTEN = ["text", "text", "text", "sticker", "poll", "location", "contact", "text", "text"]
"""The kinds of the messages that ACTS leave behind."""

QUIET: list[tuple[str, dict[str, Any]]] = [
    ("delete", {"message_id": 4}),
    ("language", {"language_code": "en"}),
    ("deactivate", {}),
]
"""The bot hears nothing of these."""


@pytest.fixture
async def keyed(sim: Simulator, wati: Person, call: Caller) -> str:
    """The address of a chat in which messages 2 and 3 of the bot have buttons and a keyboard."""
    inline = '{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}'
    await call("sendMessage", chat_id=wati.id, text="a", reply_markup=inline)
    await call("sendMessage", chat_id=wati.id, text="a", reply_markup='{"keyboard":[["Menu"]]}')
    return f"{sim.url}/sim/chats/{wati.id}"


async def test_every_act_over_http(keyed: str, http: aiohttp.ClientSession) -> None:
    """Each act of a person can be asked for by HTTP, tells its update, and leaves what it writes in the chat."""
    for act, body in ACTS:
        status, done = await ask(http, "POST", f"{keyed}/{act}", body)
        assert (act, status, len(done["update_ids"])) == (act, 200, 1), done
    _, view = await ask(http, "GET", keyed)
    assert [one["kind"] for one in view["messages"][-len(WRITTEN) :]] == WRITTEN


async def test_acts_of_which_the_bot_hears_nothing(
    sim: Simulator, wati: Person, keyed: str, http: aiohttp.ClientSession
) -> None:
    """Deleting a message, changing the language and leaving Telegram make no update."""
    await ask(http, "POST", f"{keyed}/text", {"text": "Halo"})
    for act, body in QUIET:
        status, done = await ask(http, "POST", f"{keyed}/{act}", body)
        assert (act, status, done["update_ids"]) == (act, 200, [])
    assert sim.chat(wati.id)["messages"][-1]["deleted"]
    assert (sim.person(wati.id).language_code, sim.person(wati.id).deactivated) == ("en", True)


async def test_media_over_http(sim: Simulator, wati: Person, http: aiohttp.ClientSession) -> None:
    """A multipart form sends a file with caption, duration and album."""
    form = aiohttp.FormData({"caption": "<Foto>", "group": "9", "duration": "3.4"})
    form.add_field("file", b"film", filename="a.mp4", content_type="video/mp4")
    async with http.post(f"{sim.url}/sim/chats/{wati.id}/video", data=form) as answer:
        assert answer.status == 200
    shown = sim.chat(wati.id)["messages"][-1]
    assert (shown["kind"], shown["caption_html"], shown["media_group_id"]) == ("video", "&lt;Foto&gt;", "9")
    assert shown["file"] | {"url": ""} == {
        "url": "",
        "duration": 3,
        "mime_type": "video/mp4",
        "size": 4,
        "name": "a.mp4",
    }
    async with http.get(sim.url + shown["file"]["url"]) as answer:
        assert (await answer.read(), answer.content_type) == (b"film", "video/mp4")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_events(sim: Simulator, wati: Person, call: Caller, http: aiohttp.ClientSession) -> None:
    """The event stream tells everything that the page must show, with growing numbers, from any point on."""
    last = sim.world.events.last
    async with http.get(f"{sim.url}/sim/events", params={"after": last}) as stream:
        await call("sendMessage", chat_id=wati.id, text="Halo")
        await call("sendChatAction", chat_id=wati.id, action="typing")
        sim.advance(1)
        lines: list[bytes] = []
        while len(lines) < 3:
            line = await stream.content.readline()
            lines += [line] if line.startswith(b"data: ") else []
        assert [
            b'"type":"%s"' % kind in line
            for kind, line in zip((b"message", b"action", b"clock"), lines, strict=True)
        ]
        assert f'"seq":{last + 1},'.encode() in lines[0]


async def test_journal(sim: Simulator, wati: Person, call: Caller, http: aiohttp.ClientSession) -> None:
    """Calls and updates in order, without the token, by method and chat, from any point on, and emptied on demand."""
    await call("sendMessage", chat_id=wati.id, text="Halo")
    [update_id] = sim.say(wati.id, "Halo juga").update_ids
    await call("getUpdates")
    await call("getUpdates", offset=update_id + 1)
    url = f"{sim.url}/sim/journal"
    _, found = await ask(http, "GET", url)
    kinds = [entry.get("method") or entry["type"] for entry in found["entries"]][-4:]
    assert kinds == ["sendmessage", "message", "getupdates", "getupdates"]
    told = found["entries"][-3]
    assert (told["update_id"], told["delivered_at"], told["confirmed_at"]) == (
        update_id,
        *[sim.clock.now()] * 2,
    )
    assert "aaaa" not in str(found)
    _, later = await ask(http, "GET", f"{url}?after={found['last']}")
    assert later["entries"] == []
    _, narrowed = await ask(http, "GET", f"{url}?method=sendMessage&chat={wati.id}")
    assert [entry["params"]["text"] for entry in narrowed["entries"]] == ["Halo"]
    await ask(http, "DELETE", url)
    assert (await ask(http, "GET", url))[1]["entries"] == []


async def test_faults_and_limits(sim: Simulator, call: Caller, http: aiohttp.ClientSession) -> None:
    """Faults are added, listed and cleared; limits are read and changed."""
    url = f"{sim.url}/sim/faults"
    _, added = await ask(http, "POST", url, {"method": "getMe", "kind": "429", "retry_after": 3})
    _, listed = await ask(http, "GET", url)
    assert [(rule["id"], rule["kind"], rule["retry_after"]) for rule in listed] == [(added["id"], "429", 3)]
    assert (await call("getMe"))[0] == 429
    await ask(http, "DELETE", url)
    assert (await call("getMe"))[0] == 200
    _, limits = await ask(http, "POST", f"{sim.url}/sim/limits", {"enforce": True, "chat_burst": 5})
    assert (limits["enforce"], limits["chat_burst"], limits["chat_per_second"]) == (True, 5, 1)
    assert (await ask(http, "GET", f"{sim.url}/sim/limits"))[1] == limits


async def test_groups(sim: Simulator, wati: Person, http: aiohttp.ClientSession) -> None:
    """A group is made, written in, read and changed."""
    _, group = await ask(http, "POST", f"{sim.url}/sim/groups", {"title": "RT 3", "members": [wati.id]})
    url = f"{sim.url}/sim/groups/{group['id']}"
    _, done = await ask(http, "POST", f"{url}/text", {"from": wati.id, "text": "/start"})
    assert len(done["update_ids"]) == 2
    assert (await ask(http, "GET", url))[1]["messages"][-1]["text"] == "/start"
    assert (await ask(http, "POST", f"{url}/kick", {"from": wati.id}))[0] == 200
    assert (await ask(http, "POST", f"{url}/migrate", {}))[1]["migrated_to"] < -1_000_000_000_000
    assert next(one["id"] for one in (await ask(http, "GET", f"{sim.url}/sim/groups"))[1]) == group["id"]


async def test_reset(sim: Simulator, wati: Person, http: aiohttp.ClientSession) -> None:
    """Reset empties everything but the tokens."""
    sim.fault(kind="429")
    await ask(http, "POST", f"{sim.url}/sim/updates", {"update": {"message": {"text": "a"}}})
    await ask(http, "POST", f"{sim.url}/sim/reset")
    assert (sim.people, sim.journal(), sim.world.faults.rules) == ({}, [], [])
    assert not sim.world.queues[sim.bot_id()].waiting
    assert [bot["id"] for bot in (await ask(http, "GET", f"{sim.url}/sim/bots"))[1]] == list(
        sim.world.accounts
    )


async def test_polls_work_after_a_reset(sim: Simulator, call: Caller) -> None:
    """A bot that polls through a reset gets what comes after it."""
    sim.reset()
    person = sim.add_person("Wati")
    [update_id] = sim.start(person.id).update_ids
    assert (await call("getUpdates"))[1]["result"][0]["update_id"] == update_id


async def test_page_is_served_with_a_strict_policy(sim: Simulator, http: aiohttp.ClientSession) -> None:
    """The chat page and its assets come from here alone: the policy allows nothing from outside."""
    for path in ("/", "/page/style.css"):
        async with http.get(sim.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert answer.status == 200
            assert "default-src 'none'" in policy
            assert "http" not in policy
    async with http.get(f"{sim.url}/page/../server.py") as answer:
        assert answer.status == 404


async def test_other_web_sites_are_kept_out(sim: Simulator, http: aiohttp.ClientSession) -> None:
    """A page of another origin cannot use the control API; the simulator's own page can."""
    for origin, status in (("https://evil.example", 403), ("null", 403), (sim.url, 200)):
        async with http.get(f"{sim.url}/sim/people", headers={"Origin": origin}) as answer:
            assert answer.status == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example:{port}", 403),
        ("127.0.0.1.evil.example:{port}", 403),
        ("[", 400),
        ("127.0.0.1:{port}", 200),
        ("LOCALHOST:{port}", 200),
        ("[::1]:{port}", 200),
        ("Meja.example:{port}", 200),
    ],
)
async def test_names_that_are_made_to_lead_here_are_kept_out(
    http: aiohttp.ClientSession, host: str, status: int
) -> None:
    """DNS rebinding makes a page of one origin with the control API; its name still tells it apart."""
    async with Simulator(tokens=[TOKEN]) as sim:
        sim.hosts.add("meja.example")
        name = host.format(port=urlsplit(sim.url).port)
        headers = {"Host": name, "Origin": f"http://{name}"} if status != 400 else {"Host": name}
        async with http.get(f"{sim.url}/sim/people", headers=headers) as answer:
            assert answer.status == status


@pytest.mark.parametrize("person_id", [0, -5, 1 << 53, 100200300, "5"])
def test_impossible_ids(sim: Simulator, person_id: object) -> None:
    """A person's id is a positive number of at most 52 bits that is no bot's."""
    with pytest.raises(Refused):
        sim.add_person("Wati", id=person_id)
