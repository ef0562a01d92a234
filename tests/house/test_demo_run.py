"""The demo as a person starts it: one address, everything in one folder, and nothing left behind."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from bot.children import free_port
from bot.demo_guests import GUESTS

ROOT = Path(__file__).parents[2]
PATIENCE = 300.0
RESIDENT = 5000000101
"""Bu Wati of simulator/people.json."""


@dataclass(frozen=True, slots=True)
class Running:
    """A demo that has printed its address."""

    process: asyncio.subprocess.Process
    said: str

    @property
    def address(self) -> str:
        """The one address that was printed."""
        [address] = re.findall(r"http://\S+", self.said)
        return str(address)


async def start(folder: Path) -> asyncio.subprocess.Process:
    """Start the demo on a port that no other test is about to take."""
    arguments = ("-m", "bot", "demo", "--folder", str(folder), "--port", str(free_port(0)))
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=pipe, stderr=pipe
    )


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    """A demo while the block lasts; what it printed until it was ready."""
    process = await start(folder)
    assert process.stdout is not None
    said = b""
    try:
        async with asyncio.timeout(PATIENCE):
            while b"Ctrl-C" not in said and (line := await process.stdout.readline()):
                said += line
        yield Running(process, said.decode())
    finally:
        if process.returncode is None:
            process.terminate()  # it takes its children with it; killed, it would leave them behind
            await asyncio.wait_for(process.wait(), PATIENCE)


async def ask(address: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Ask the simulator's control API; with a body, tell it to do something."""
    async with aiohttp.ClientSession(address, raise_for_status=True) as http:
        call = http.get(path) if body is None else http.post(path, json=body)
        async with call as answer:
            return await answer.json()


async def links(demo: Running) -> dict[int, str]:
    """The invitations that people have not opened yet."""
    people = await ask(demo.address, "/sim/people")
    return {person["id"]: person["link"] for person in people if "link" in person}


async def replies(address: str) -> list[str]:
    """What the bot has said to the resident, at least one message of it."""
    async with (
        asyncio.timeout(PATIENCE),
        aiohttp.ClientSession(address) as http,
        http.get("/sim/events") as stream,
    ):
        while True:
            chat = await ask(address, f"/sim/chats/{RESIDENT}")
            if said := [message["text"] for message in chat["messages"] if message["from"] == "bot"]:
                return said
            await stream.content.readline()


async def stop(demo: Running, number: signal.Signals) -> tuple[int, str]:
    """Stop the demo by a signal; return its exit code and its last words."""
    children = psutil.Process(demo.process.pid).children(recursive=True)
    assert len(children) >= 2
    demo.process.send_signal(number)
    out, err = await asyncio.wait_for(demo.process.communicate(), PATIENCE)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []
    return demo.process.returncode or 0, (out + err).decode()


@pytest.mark.slow
async def test_the_demo_answers_stops_cleanly_and_finds_its_data_again(tmp_path: Path) -> None:
    folder = tmp_path / "a demo"
    async with running(folder) as demo:
        assert len(invited := await links(demo)) == len(GUESTS)
        await ask(demo.address, f"/sim/chats/{RESIDENT}/start", {})
        first = await replies(demo.address)

        other = await start(folder)
        out, err = await asyncio.wait_for(other.communicate(), PATIENCE)
        assert (other.returncode, out) == (1, b"")
        assert demo.address in err.decode()

        code, last = await stop(demo, signal.SIGINT)
        assert (code, "The data stays in" in last) == (0, True)

    async with running(folder) as demo:
        assert (await replies(demo.address))[: len(first)] == first
        assert await links(demo) == invited
        assert (await stop(demo, signal.SIGTERM))[0] == 0


@pytest.mark.slow
async def test_a_part_that_dies_ends_the_demo_with_a_sentence(tmp_path: Path) -> None:
    async with running(tmp_path) as demo:
        children = psutil.Process(demo.process.pid).children()
        bot = next(child for child in children if "run" in child.cmdline())
        bot.kill()
        out, err = await asyncio.wait_for(demo.process.communicate(), PATIENCE)
        assert demo.process.returncode == 1
        assert "ended by itself: see the logs" in (out + err).decode()
        _, alive = psutil.wait_procs(children, timeout=5)
        assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []
