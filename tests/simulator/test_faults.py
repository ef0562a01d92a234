"""Scripted faults and flood limits."""

import asyncio
from typing import Any

import aiohttp
import pytest

from simulator.errors import Refused
from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.clients import ERRORS, Client
from tests.simulator.conftest import TOKEN, Caller

# The library announces that retry_after will be a timedelta; it is the same number.
pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after` will be of type")


async def problem(call: Any) -> Exception:
    try:
        await call
    except ERRORS as found:
        return found
    raise AssertionError("the call went through")


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("429", {"retry"}),
        ("500", {"RestartingTelegram", "Network"}),
        ("502html", {"ClientDecode", "Network"}),
        ("401", {"Unauthorized", "InvalidToken"}),
        ("409", {"Conflict"}),
        ("403", {"Forbidden"}),
        ("reset", {"Network"}),
        ("timeout_before", {"Network"}),
    ],
)
async def test_each_fault_strikes_once(
    sim: Simulator, client: Client, wati: Person, kind: str, names: set[str]
) -> None:
    """Each fault occurs as scripted, is written down, leaves nothing behind, and the next call succeeds."""
    sim.fault(method="sendMessage", chat=wati.id, kind=kind, count=1, retry_after=7, seconds=0)
    before = sim.chat_of(wati.id).last_id
    found = await problem(client.send_message(wati.id, "Halo"))
    assert client.kind(found) in names
    assert sim.chat_of(wati.id).last_id == before
    assert (await client.send_message(wati.id, "Halo")).text == "Halo"
    assert [entry.get("fault") for entry in sim.journal(method="sendMessage")] == [kind, None]


async def test_429_tells_how_long(
    sim: Simulator, client: Client, wati: Person, http: aiohttp.ClientSession
) -> None:
    """A 429 carries its seconds in the body's parameters and in the Retry-After header."""
    sim.fault(method="sendMessage", kind="429", count=2, retry_after=17)
    assert "17" in str(await problem(client.send_message(wati.id, "Halo")))
    async with http.post(
        f"{sim.url}/bot{TOKEN}/sendMessage", data={"chat_id": wati.id, "text": "a"}
    ) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "17")
        assert await answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 17",
            "parameters": {"retry_after": 17},
        }


@pytest.mark.parametrize("kind", ["commit_then_drop", "timeout_after"])
async def test_committed_though_the_client_saw_an_error(
    sim: Simulator, client: Client, wati: Person, kind: str
) -> None:
    """The message exists although the client got no answer; the journal tells both."""
    sim.fault(method="sendMessage", kind=kind, count=1, seconds=0)
    await problem(client.send_message(wati.id, "Kuitansi"))
    assert sim.chat(wati.id)["messages"][-1]["text"] == "Kuitansi"
    [entry] = sim.journal(method="sendMessage")
    assert (entry["fault"], entry["code"]) == (kind, 200)


async def test_timeout_lasts_until_the_client_gives_up(sim: Simulator, http: aiohttp.ClientSession) -> None:
    """A timeout without seconds holds the call for an hour of virtual time, then the connection ends."""
    sim.fault(method="getMe", kind="timeout_before", count=1)
    task = asyncio.ensure_future(http.post(f"{sim.url}/bot{TOKEN}/getMe"))
    await sim.until(lambda: sim.clock.sleeping)
    sim.advance(3599)
    assert not task.done()
    sim.advance(1)
    with pytest.raises(aiohttp.ClientError):
        await task


async def test_slow_body(sim: Simulator, http: aiohttp.ClientSession) -> None:
    """A slow answer sends half of its body, waits, and sends the rest."""
    sim.fault(method="getMe", kind="slow", count=1, seconds=30)
    async with http.get(f"{sim.url}/bot{TOKEN}/getMe") as answer:
        assert answer.status == 200
        first = await answer.content.readany()
        sim.advance(30)
        assert (first + await answer.read()).endswith(b"}}")


async def test_script_by_method_chat_skip_and_count(sim: Simulator, wati: Person, call: Caller) -> None:
    """Only the named method and chat are hit, after `skip` calls, `count` times; the rest goes through."""
    other = sim.add_person("Dedi")
    sim.start(other.id)
    sim.fault(method="sendMessage", chat=wati.id, kind="500", skip=1, count=2)
    codes = [(await call("sendMessage", chat_id=wati.id, text="a"))[0] for _ in range(4)]
    assert codes == [200, 500, 500, 200]
    sim.fault(method="sendMessage", chat=wati.id, kind="500")
    assert (await call("sendMessage", chat_id=other.id, text="a"))[0] == 200
    assert (await call("sendChatAction", chat_id=wati.id, action="typing"))[0] == 200


async def test_global_fault(sim: Simulator, wati: Person, call: Caller) -> None:
    """`*` hits every method in every chat until the faults are cleared."""
    sim.fault(kind="429", method="*")
    assert [(await call(method))[0] for method in ("getMe", "getUpdates", "sendMessage")] == [429] * 3
    sim.world.faults.clear()
    assert (await call("getMe"))[0] == 200


async def test_probability_is_repeatable(sim: Simulator, call: Caller) -> None:
    """With a probability and a seed the same calls fail each time."""
    runs = []
    for _ in range(2):
        sim.fault(kind="500", method="getMe", probability=0.5, seed=3)
        runs.append([(await call("getMe"))[0] for _ in range(20)])
        sim.world.faults.clear()
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}


async def test_duplicate_update(sim: Simulator, wati: Person, client: Client) -> None:
    """The same update arrives twice, the second time although it was confirmed."""
    sim.fault(kind="duplicate_update", chat=wati.id, count=1)
    [update_id] = sim.say(wati.id, "Halo").update_ids
    [first] = await client.get_updates(timeout=0)
    [again] = await client.get_updates(offset=update_id + 1, timeout=0)
    assert first.update_id == again.update_id == update_id
    assert not await client.get_updates(offset=update_id + 1, timeout=0)


async def test_malformed_update(sim: Simulator, wati: Person, call: Caller) -> None:
    """The poison that Telegram really sends: a forward of a hidden user without a name."""
    sim.fault(kind="malformed_update", count=1)
    sim.say(wati.id, "Halo")
    sim.say(wati.id, "lagi")
    _, body = await call("getUpdates")
    first, second = [update["message"] for update in body["result"]]
    assert first["forward_origin"] == {"type": "hidden_user", "date": first["date"]}
    assert "forward_origin" not in second


@pytest.mark.parametrize(
    "rule", [{"kind": "flood"}, {}, {"kind": "429", "count": "many"}, {"kind": "429", "probability": 2}]
)
def test_nonsense_faults_are_refused(sim: Simulator, rule: dict[str, Any]) -> None:
    """A fault that makes no sense is refused in a sentence."""
    with pytest.raises(Refused):
        sim.fault(**rule)


# Flood limits


async def test_burst_then_latency_then_429(sim: Simulator, wati: Person, call: Caller) -> None:
    """Three at once pass; waits up to 8 s are latency; beyond that 429, again and again until it is over."""
    sim.world.limits.change({"enforce": True})
    send = {"chat_id": wati.id, "text": "a"}
    assert [(await call("sendMessage", **send))[0] for _ in range(3)] == [200] * 3
    late = []
    for number in range(8):
        late.append(asyncio.ensure_future(call("sendMessage", **send)))
        await sim.until(lambda seen=number: sim.clock.sleeping > seen)  # type: ignore[misc]
    status, body = await call("sendMessage", **send)
    assert (status, body["parameters"]) == (429, {"retry_after": 9})
    assert not any(task.done() for task in late)
    sim.advance(8)
    assert [(await task)[0] for task in late] == [200] * 8
    status, body = await call("sendMessage", **send)
    assert (status, body["parameters"]) == (429, {"retry_after": 1})
    sim.advance(1)
    assert (await call("sendMessage", **send))[0] == 200


async def test_delivered_although_the_client_gave_up(
    sim: Simulator, wati: Person, http: aiohttp.ClientSession
) -> None:
    """A message that waits for its turn goes out even when the client has hung up meanwhile."""
    sim.world.limits.change({"enforce": True, "chat_burst": 1})
    url, form = f"{sim.url}/bot{TOKEN}/sendMessage", {"chat_id": str(wati.id), "text": "a"}
    await http.post(url, data=form)
    task = asyncio.ensure_future(http.post(url, data=form | {"text": "spät"}))
    await sim.until(lambda: sim.clock.sleeping)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    sim.advance(1)
    await sim.until(lambda: sim.chat(wati.id)["messages"][-1]["text"] == "spät")


async def test_limits_of_groups_and_of_all_chats(sim: Simulator, wati: Person, call: Caller) -> None:
    """20 a minute in a group; 30 a second over all chats."""
    sim.world.limits.change({"enforce": True, "absorb_seconds": 0})
    group = sim.add_group("RT 3", [wati.id])
    codes = [(await call("sendMessage", chat_id=group.id, text="a"))[0] for _ in range(21)]
    assert codes == [200] * 20 + [429]
    sim.advance(60)
    people = [sim.add_person(str(number)) for number in range(31)]
    for person in people:
        sim.start(person.id)
    codes = [(await call("sendMessage", chat_id=person.id, text="a"))[0] for person in people]
    assert codes == [200] * 30 + [429]


@pytest.mark.parametrize(
    "wanted", [{"speed": 1}, {"chat_per_second": 0}, {"enforce": "yes"}, {"chat_burst": -1}]
)
def test_nonsense_limits_are_refused(sim: Simulator, wanted: dict[str, Any]) -> None:
    """An unknown or impossible limit is refused in a sentence."""
    with pytest.raises(Refused):
        sim.world.limits.change(wanted)
