"""The processes of the bench: the lean server, the bots in front of it, and what the system says of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil

from bot.settings import names

TOKEN: Final = "4242:AAbenchbenchbenchbenchbenchbenchbe"  # the bench's own server takes any
PATIENCE: Final = 60.0
LOOK_EVERY: Final = 0.25
LOG_SHOWN: Final = 2000
MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Server:
    """The lean server, as the bench steers it."""

    url: str

    def order(self, name: str, **params: object) -> Any:
        """Give an order under /bench/ and return the answer."""
        body = json.dumps(params).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/bench/{name}", body, headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def first_poll(self, process: subprocess.Popen[bytes]) -> float:
        """When the bot first asked for updates, on this machine's monotonic clock; waits for it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            if at := self.order("polled")["at"]:
                return float(at)
            time.sleep(0.01)
        raise RuntimeError("the bot did not ask for updates")


@dataclass(slots=True)
class Usage:
    """What one process used of the machine while it was watched. Sizes in MiB, CPU in seconds."""

    process: psutil.Process
    cpu_before: float = 0.0
    cpu: list[float] = field(default_factory=list)
    peak: float = 0.0

    @classmethod
    def of(cls, process: subprocess.Popen[bytes]) -> Usage:
        """Begin to watch a process, without its children."""
        watched = psutil.Process(process.pid)
        return cls(watched, _cpu(watched))

    def look(self) -> None:
        """Note the memory of this moment."""
        self.peak = max(self.peak, self.process.memory_info().rss / MIB)

    def spent(self) -> float:
        """CPU seconds, user and system, since the watching began."""
        return _cpu(self.process) - self.cpu_before


@contextmanager
def lean_server() -> Iterator[Server]:
    """The lean server in a process of its own."""
    arguments = [sys.executable, "-m", "tests.benchmarks.leanserver"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
        try:
            port = int(process.stdout.readline()) if process.stdout else 0
            yield Server(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


@contextmanager
def program(arguments: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python with these arguments while the block runs; asked to stop at its end, and ended if it does not."""
    with log.open("ab") as output:
        command = [sys.executable, *arguments]
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment())
        try:
            yield process
        except RuntimeError as error:
            error.add_note(f"Its log ends:\n{log.read_text(encoding='utf-8')[-LOG_SHOWN:]}")
            raise
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def environment() -> Mapping[str, str]:
    """Our environment without any setting of the bot, and without a proxy between loopback and loopback."""
    ours = {*names(), "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}
    return {name: value for name, value in os.environ.items() if name.upper() not in ours}


def settings_file(folder: Path, values: Mapping[str, object]) -> Path:
    """Write the settings of a bot into its folder."""
    path = folder / "settings.env"
    path.write_text("".join(f"{name}='{value}'\n" for name, value in values.items()), encoding="utf-8")
    return path


def watch(usages: Sequence[Usage], seconds: float) -> None:
    """Let the bots work for so many seconds, and look at their memory meanwhile."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        for usage in usages:
            usage.look()
        time.sleep(min(LOOK_EVERY, left))


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
