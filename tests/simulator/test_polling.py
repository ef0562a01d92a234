"""getUpdates and the queue behind it."""

import asyncio
from typing import Any

from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.clients import Client
from tests.simulator.conftest import Caller

ROWS = [[{"text": "Ya", "callback_data": "ya"}]]


def ids(updates: Any) -> list[int]:
    return [update.update_id for update in updates]


def texts(body: dict[str, Any]) -> list[str]:
    return [update["message"]["text"] for update in body["result"]]


async def waiting_poll(
    sim: Simulator, call: Caller, **params: Any
) -> "asyncio.Task[tuple[int, dict[str, Any]]]":
    """A getUpdates that has arrived and waits."""
    task = asyncio.ensure_future(call("getUpdates", **params))
    await sim.until(sim.polling)
    return task


async def test_unconfirmed_updates_come_again(sim: Simulator, wati: Person, client: Client) -> None:
    """Without an offset the same update comes again; with offset id + 1 it never returns."""
    [update_id] = sim.say(wati.id, "Halo").update_ids
    assert ids(await client.get_updates(timeout=0)) == [update_id]
    assert ids(await client.get_updates(timeout=0)) == [update_id]
    assert ids(await client.get_updates(offset=update_id + 1, timeout=0)) == []
    assert ids(await client.get_updates(timeout=0)) == []


async def test_waiting_poll_answers_at_once(sim: Simulator, wati: Person, client: Client) -> None:
    """A waiting poll answers as soon as somebody writes, while no time passes at all."""
    task = asyncio.ensure_future(client.get_updates(timeout=5))
    await sim.until(sim.polling)
    [update_id] = sim.say(wati.id, "Halo").update_ids
    assert ids(await task) == [update_id]


async def test_poll_ends_empty_after_its_timeout(sim: Simulator, client: Client) -> None:
    """A poll of 5 s that nobody wakes answers [] after 5 s and not before."""
    task = asyncio.ensure_future(client.get_updates(timeout=5))
    await sim.until(sim.polling)
    sim.advance(4.9)
    await asyncio.sleep(0)
    assert sim.polling()
    sim.advance(0.2)
    assert ids(await task) == []


async def test_second_poll_ends_the_first(sim: Simulator, wati: Person, call: Caller) -> None:
    """The first of two polls gets 409 in the server's words; the second waits on and gets the update."""
    first = await waiting_poll(sim, call, timeout=30)
    second = asyncio.ensure_future(call("getUpdates", timeout=30))
    status, body = await first
    assert status == body["error_code"] == 409
    assert body["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await sim.until(sim.polling)
    sim.say(wati.id, "Halo")
    assert texts((await second)[1]) == ["Halo"]


async def test_second_conflict_within_3_s_is_delayed(sim: Simulator, call: Caller) -> None:
    """Two bots that fight over one token are slowed down: the next 409 comes 3 s later."""
    first = await waiting_poll(sim, call, timeout=30)
    second = asyncio.ensure_future(call("getUpdates", timeout=30))
    await first
    await sim.until(sim.polling)
    third = asyncio.ensure_future(call("getUpdates", timeout=30))
    await sim.until(lambda: sim.clock.sleeping)
    assert not second.done()
    sim.advance(3)
    assert (await second)[0] == 409
    sim.advance(30)
    assert (await third)[0] == 200


async def test_ids_grow_in_the_order_of_events(sim: Simulator, wati: Person, client: Client) -> None:
    """Three texts and a tap have strictly increasing ids over all types, and arrive in that order."""
    sent = await client.send_message(wati.id, "Pilih", reply_markup=client.inline(ROWS))
    done = [sim.say(wati.id, word) for word in ("satu", "dua", "tiga")] + [
        sim.press(wati.id, sent.message_id, "ya")
    ]
    wanted = [one.update_ids[0] for one in done]
    updates = await client.get_updates(timeout=0)
    assert ids(updates) == wanted == sorted(set(wanted))
    assert updates[-1].callback_query.data == "ya"


async def test_limit_is_clamped(sim: Simulator, wati: Person, call: Caller) -> None:
    """limit=1 gives exactly the oldest; 0 counts as 1 and 500 as 100."""
    for number in range(103):
        sim.say(wati.id, str(number))
    assert texts((await call("getUpdates", limit=1))[1]) == ["0"]
    assert [len((await call("getUpdates", limit=limit))[1]["result"]) for limit in (0, 500)] == [1, 100]


async def test_negative_offset_forgets_the_rest(sim: Simulator, wati: Person, call: Caller) -> None:
    """offset=-1 keeps only the newest; the older are forgotten."""
    for word in ("satu", "dua", "tiga"):
        sim.say(wati.id, word)
    assert texts((await call("getUpdates", offset=-1))[1]) == ["tiga"]
    assert texts((await call("getUpdates"))[1]) == ["tiga"]


async def test_offset_from_the_future_loses_nothing(sim: Simulator, wati: Person, call: Caller) -> None:
    """An offset far beyond the newest update is taken as the head of the queue."""
    [update_id] = sim.say(wati.id, "Halo").update_ids
    assert texts((await call("getUpdates", offset=update_id + 1000))[1]) == ["Halo"]


async def test_offset_confirms_when_the_request_arrives(sim: Simulator, wati: Person, call: Caller) -> None:
    """What is below the offset is gone while the poll still waits."""
    [update_id] = sim.say(wati.id, "Halo").update_ids
    task = await waiting_poll(sim, call, offset=update_id + 1, timeout=10)
    [entry] = [one for one in sim.journal() if one.get("update_id") == update_id]
    assert entry["confirmed_at"] == sim.clock.now()
    sim.advance(10)
    assert (await task)[1]["result"] == []


async def test_unwanted_types_are_never_queued(sim: Simulator, wati: Person, call: Caller) -> None:
    """With allowed_updates=["message"] a block is not stored, not even when the list is widened later."""
    await call("getUpdates", allowed_updates='["message"]')
    sim.block(wati.id)
    assert (await call("getUpdates", allowed_updates='["message","my_chat_member"]'))[1]["result"] == []
    assert sim.unblock(wati.id).update_ids


async def test_omitted_list_keeps_the_last_and_empty_is_the_default(
    sim: Simulator, wati: Person, call: Caller
) -> None:
    """No list leaves the wishes as they are; [] means all but chat_member and reactions."""
    await call("getUpdates", allowed_updates='["callback_query"]')
    await call("getUpdates")
    assert sim.say(wati.id, "Halo").update_ids == []
    await call("getUpdates", allowed_updates="[]")
    assert sim.say(wati.id, "Halo").update_ids
    assert sim.inject({"message_reaction": {"chat": {}}}) == []


async def test_press_lives_150_s_and_message_a_day(sim: Simulator, wati: Person, client: Client) -> None:
    """After 151 s of virtual time the press is gone and the message is there; after a day that too."""
    sent = await client.send_message(wati.id, "Pilih", reply_markup=client.inline(ROWS))
    sim.say(wati.id, "Halo")
    sim.press(wati.id, sent.message_id, "ya")
    sim.advance(151)
    [update] = await client.get_updates(timeout=0)
    assert update.message.text == "Halo"
    sim.advance(86400)
    assert ids(await client.get_updates(timeout=0)) == []
    assert [entry.get("dropped") for entry in sim.journal() if entry["kind"] == "update"][-2:] == [
        "expired"
    ] * 2


async def test_numbers_begin_anew_after_an_idle_week(sim: Simulator, wati: Person) -> None:
    """After a week without updates the ids start at another place, as the Bot API says."""
    before = sim.say(wati.id, "Halo").update_ids[0]
    sim.world.queues[sim.bot_id()].clear()
    sim.advance(7 * 86400)
    after = sim.say(wati.id, "Halo lagi").update_ids[0]
    assert abs(after - before) > 1


async def test_unknown_update_types_pass_through(sim: Simulator, wati: Person, client: Client) -> None:
    """An update of a type newer than both libraries neither stops them nor hides the next one."""
    sim.inject({"telepathy": {"thought": "halo"}})
    sim.say(wati.id, "Halo")
    updates = await client.get_updates(timeout=0)
    assert [update.message.text for update in updates if update.message] == ["Halo"]
