"""Child processes that never outlive their parent's work, and what they share with it: ports and a lock."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import aiohttp

from bot.refusal import Refusal

GRACE: Final = 25.0
"""Seconds that a child has for a graceful stop before it is ended: the bot lands its calls, then its worker."""

PATIENCE: Final = 180.0
"""Seconds until a child must have answered; about three on two idle cores, far more on busy ones."""

PORTS_TRIED: Final = 50
STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Process = asyncio.subprocess.Process


@asynccontextmanager
async def child(
    arguments: tuple[str, ...], environment: Mapping[str, str], log: Path, grace: float = GRACE
) -> AsyncIterator[Process]:
    """Run Python with these arguments while the block lasts; what it prints goes to `log`.

    It has a process group of its own, so that Ctrl-C in a terminal reaches the parent alone, which then stops
    its children in the order it wants. At the end of the block it is asked to stop; after `grace` seconds it is
    ended, and with it whatever it has started.
    """
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,
            close_fds=False,  # it inherits the lock
        )
    try:
        yield process
    finally:
        await _end(process, grace)


async def until_answers(url: str, process: Process, log: Path, patience: float = PATIENCE) -> None:
    """Wait until `url` answers 2xx. Raises Refusal, naming the log, when the process ends or time runs out."""
    try:
        async with asyncio.timeout(patience), aiohttp.ClientSession() as http:
            while process.returncode is None and not await _answers(http, url):  # noqa: ASYNC110 - a port has no event
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise Refusal(f"Nothing answered at {url} within {patience:.0f} seconds: see {log}.") from None
    if process.returncode is not None:
        raise Refusal(f"A part of the program ended at once: see {log}.")


async def until_stopped(stop: asyncio.Event, *processes: Process) -> None:
    """Return when `stop` is set. Raises Refusal when a process ends by itself before that."""
    waits = [asyncio.ensure_future(stop.wait()), *(asyncio.ensure_future(each.wait()) for each in processes)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if not stop.is_set():
        raise Refusal("A part of the program ended by itself: see the logs in its folder.")


def stop_signal() -> asyncio.Event:
    """An event that Ctrl-C, SIGTERM and a closed terminal set."""
    stop = asyncio.Event()
    for number in STOPPING:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def free_port(wanted: int) -> int:
    """The first port of loopback from `wanted` on that nobody holds; 0 takes any. Raises Refusal when none is free."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65_536)):
        if found := _bind(port):
            return found
    raise Refusal(f"No free port from {wanted} on: choose another with --port.")


@contextmanager
def held(path: Path) -> Iterator[Path]:
    """Hold the lock file `path`, for the children too. Raises Refusal with the file's own words when another does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(path.read_text(encoding="utf-8") or f"{path} is held by another process.") from None
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003 - positional only
        yield path


async def _end(process: Process, grace: float) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), grace)
    except TimeoutError:
        sys.stderr.write("A part of the program did not stop by itself and was ended.\n")
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # nothing of the group was left, as it should be
    await process.wait()


async def _answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(url) as answer:
            return answer.ok
    except aiohttp.ClientConnectionError:
        return False  # not there yet


def _bind(port: int) -> int:
    """Hold the port for a moment; return it (or, for 0, the one that was free), or 0 when somebody holds it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
