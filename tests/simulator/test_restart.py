"""State that survives a restart, and what a killed simulator loses."""

import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path

import aiohttp
import pytest

from simulator.clock import FrozenClock
from simulator.server import Simulator
from simulator.store import SqliteStore
from tests.simulator.conftest import TOKEN
from tests.simulator.test_files import VOICE


async def test_everything_survives_a_stop(tmp_path: Path) -> None:
    """People, chats, messages, files, waiting updates, commands, presses and the clock are there again."""
    async with Simulator(tokens=[TOKEN], state=tmp_path, clock=FrozenClock()) as sim:
        person = sim.add_person("Wati", about="Netra")
        group = sim.add_group("RT 3", [person.id])
        [waiting] = sim.start(person.id).update_ids
        sim.voice(person.id, VOICE)
        sim.advance(100)
        async with aiohttp.ClientSession() as http:
            markup = '{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}'
            form = {"chat_id": str(person.id), "text": "Halo", "reply_markup": markup}
            await http.post(f"{sim.url}/bot{TOKEN}/sendMessage", data=form)
            commands = {"commands": '[{"command":"menu","description":"Menu"}]'}
            await http.post(f"{sim.url}/bot{TOKEN}/setMyCommands", data=commands)
        sim.press(person.id, 3, "b")
        before = sim.chat(person.id)
        ids = [update.id for update in sim.world.queues[sim.bot_id()].waiting]
    async with Simulator(tokens=[TOKEN], state=tmp_path, clock=FrozenClock()) as sim:
        assert sim.chat(person.id) == before
        assert sim.people[person.id].about == "Netra"
        assert sim.group(group.id).title == "RT 3"
        assert sim.clock.offset == 100
        assert [update.id for update in sim.world.queues[sim.bot_id()].waiting] == ids
        assert waiting in ids
        assert sim.say(person.id, "lagi").update_ids == [ids[-1] + 1]
        async with (
            aiohttp.ClientSession() as http,
            http.get(sim.url + before["messages"][1]["file"]["url"]) as answer,
        ):
            assert await answer.read() == VOICE


async def test_a_state_that_began_in_the_past_goes_on_from_there(tmp_path: Path) -> None:
    """Begun again at the same moment later, it would go back in time."""
    began, later = FrozenClock(), FrozenClock()
    began.offset, later.offset = -5000.0, -9000.0
    async with Simulator(tokens=[TOKEN], state=tmp_path, clock=began) as sim:
        assert sim.clock.offset == -5000
    async with Simulator(tokens=[TOKEN], state=tmp_path, clock=later) as sim:
        assert sim.clock.offset == -5000


async def test_confirmed_updates_stay_away_after_a_restart(tmp_path: Path) -> None:
    """What was confirmed or deleted does not come back."""
    async with Simulator(tokens=[TOKEN], state=tmp_path) as sim:
        person = sim.add_person("Wati")
        sim.start(person.id)
        sim.world.queues[sim.bot_id()].clear()
    async with Simulator(tokens=[TOKEN], state=tmp_path) as sim:
        assert not sim.world.queues[sim.bot_id()].waiting
        sim.reset()
        assert sim.people == {}
    async with Simulator(tokens=[TOKEN], state=tmp_path) as sim:
        assert sim.people == {}


async def test_webhook_resumes(tmp_path: Path) -> None:
    """A webhook that was set is served again after a restart."""
    async with (
        Simulator(tokens=[TOKEN], state=tmp_path, clock=FrozenClock()) as sim,
        aiohttp.ClientSession() as http,
    ):
        await http.post(f"{sim.url}/bot{TOKEN}/setWebhook", data={"url": "http://127.0.0.1:9/"})
    async with Simulator(tokens=[TOKEN], state=tmp_path, clock=FrozenClock()) as sim:
        person = sim.add_person("Wati")
        sim.start(person.id)
        await sim.until(lambda: any(note["type"] == "webhook_error" for note in sim.world.events.after(0)))
        assert sim.world.accounts[sim.bot_id()].webhook.last_error == "Connection refused"  # type: ignore[union-attr]


async def test_a_killed_simulator_keeps_a_whole_past(tmp_path: Path) -> None:
    """After SIGKILL the file holds some first part of what happened, in order and without gaps."""
    command = [
        sys.executable,
        "-m",
        "simulator",
        "--listen",
        "127.0.0.1:0",
        "--state",
        str(tmp_path),
        "--token",
        TOKEN,
    ]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().split()[-1]
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{url}/sim/people", json={"first_name": "Wati"}) as answer:
            person = (await answer.json())["id"]
        for number in range(300):
            await http.post(f"{url}/sim/chats/{person}/text", json={"text": str(number)})
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    async with Simulator(tokens=[TOKEN], state=tmp_path) as sim:
        kept = [message["text"] for message in sim.chat(person, limit=300)["messages"]]
        assert kept == [str(number) for number in range(len(kept))]
        assert len(sim.world.queues[sim.bot_id()].waiting) == len(kept)


async def test_one_directory_one_simulator(tmp_path: Path) -> None:
    """A second simulator on the same directory is refused instead of mixing its state in."""
    async with Simulator(tokens=[TOKEN], state=tmp_path):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            async with Simulator(tokens=[TOKEN], state=tmp_path):
                pass


async def test_a_failed_write_is_told_and_made_up_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A write that fails (here: a table that is gone) is logged and done later, in its place."""
    store = SqliteStore(tmp_path / "a.sqlite")
    store._base.execute("ALTER TABLE thing RENAME TO other")
    store.put("a", "1", "first")
    store.flush()
    store._writer.submit(store._base.execute, "ALTER TABLE other RENAME TO thing").result()
    store.put("a", "1", "second")
    store.drop("a", "2")
    await store.close()
    assert "could not be written" in caplog.text
    again = SqliteStore(tmp_path / "a.sqlite")
    assert list(again.read("a")) == [("1", b'"second"')]
    await again.close()
