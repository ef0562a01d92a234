"""The whole program under load: bot and lean server as processes of their own, residents inside the server."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from cryptography.fernet import Fernet

from tests.benchmarks.processes import (
    TOKEN,
    Server,
    Usage,
    lean_server,
    program,
    settings_file,
    watch,
)

Library = Literal["aiogram", "ptb"]
UNPACED: Final = 0
PACED: Final = 30


@dataclass(frozen=True, slots=True)
class Load:
    """So many residents at once, who think so many seconds; `seconds` are counted after `settle` seconds."""

    residents: int
    think: float
    settle: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bot did under a load. Milliseconds, MiB."""

    turns: int
    turns_per_second: float
    cpu_per_turn: float
    calls_per_turn: float
    messages_per_second: float
    first: Sequence[float]
    last: Sequence[float]
    late: Sequence[float]
    memory: float
    cores: float


@dataclass(frozen=True, slots=True)
class Running:
    """A bot before a server; `began` is when its process was started, on the monotonic clock."""

    server: Server
    process: subprocess.Popen[bytes]
    began: float


def measure(bot: Running, load: Load) -> Outcome:
    """Let the residents come, wait until all stages are mixed, and count."""
    server, process = bot.server, bot.process
    server.first_poll(process)
    server.order("begin", residents=load.residents, think=load.think)
    watch([], load.settle)
    server.order("reset")
    usage = Usage.of(process)
    watch([usage], load.seconds)
    cpu = usage.spent()
    report = server.order("report")
    server.order("close")
    if process.poll() is not None:
        raise RuntimeError("the bot ended under load")
    if report["faults"]:
        raise RuntimeError(f"the bot left the journey: {report['faults'][:3]}")
    return _outcome(report, cpu, usage.peak)


def _outcome(report: dict[str, Any], cpu: float, memory: float) -> Outcome:
    turns, seconds = max(1, report["answered"]), report["seconds"]
    return Outcome(
        turns=report["answered"],
        turns_per_second=turns / seconds,
        cpu_per_turn=1000 * cpu / turns,
        calls_per_turn=report["calls"] / turns,
        messages_per_second=report["messages"] / seconds,
        first=report["first"],
        last=report["last"],
        late=report["late"],
        memory=memory,
        cores=cpu / seconds,
    )


def plain(module: str, folder: Path, load: Load) -> Outcome:
    """One of the plain bots under a load."""
    with lean_server() as server:
        arguments = ("-m", f"tests.benchmarks.{module}", server.url, TOKEN)
        with program(arguments, folder / f"{module}.log") as process:
            return measure(Running(server, process, time.monotonic()), load)


def suara(library: Library, database_url: str, folder: Path, load: Load, send_rate: int) -> Outcome:
    """The whole of Suara, `suara run`, on a new database, under a load."""
    with running(library, database_url, folder, send_rate) as bot:
        return measure(bot, load)


@contextmanager
def running(library: Library, database_url: str, folder: Path, send_rate: int) -> Iterator[Running]:
    """`suara run` on a migrated database before a lean server."""
    folder.mkdir()
    with lean_server() as server:
        path = settings_file(folder, _settings(server, library, database_url, folder, send_rate))
        command = ("-m", "bot", "--settings", str(path))
        with program((*command, "migrate"), folder / "migrate.log") as migration:
            if migration.wait(120):
                raise RuntimeError("the database could not be made")
        began = time.monotonic()
        with program((*command, "run"), folder / "bot.log") as process:
            yield Running(server, process, began)


def _settings(
    server: Server, library: Library, database_url: str, folder: Path, send_rate: int
) -> dict[str, object]:
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": server.url,
        "TELEGRAM_LIBRARY": library,
        "DATABASE_URL": database_url,
        "DATA_KEYS": Fernet.generate_key().decode(),
        "MEDIA_DIR": folder / "media",
        "BACKUP_DIR": folder / "backup",
        "LISTEN": f"127.0.0.1:{free_port()}",
        "SEND_RATE": send_rate,
        "QUIET_HOURS": "none",
    }


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
