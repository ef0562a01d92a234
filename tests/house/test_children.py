"""Child processes leave with their parent's work, gracefully or not, and take along what they started."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from pathlib import Path

import psutil
import pytest

from bot import beside, children
from bot.refusal import Refusal
from bot.roles import LANDING

SERVE = (
    "import http.server as h; h.HTTPServer(('127.0.0.1', {port}), h.SimpleHTTPRequestHandler).serve_forever()"
)
STUBBORN = (
    "import os, signal, subprocess, sys\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "inner = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
    "print(inner.pid, flush=True)\n" + SERVE
)
GRACEFUL = (
    "import signal, sys\n"
    "def leave(*_):\n"
    "    print('said goodbye', flush=True)\n"
    "    sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, leave)\n" + SERVE
)


def script(text: str, port: int) -> tuple[str, ...]:
    """The arguments that make Python serve on the port, with what stands before it in the text."""
    return ("-c", text.replace("{port}", str(port)))


def is_alive(pid: int) -> bool:
    """Whether the process still runs; one that has ended and waits to be collected does not."""
    return bool(psutil.pid_exists(pid)) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_child_has_time_for_all_that_the_bot_lands_at_its_end() -> None:
    """Ended earlier it would leave calls in doubt that were about to come back."""
    assert children.GRACE > LANDING + beside.GRACE


async def test_a_child_is_asked_to_stop_and_may_say_goodbye(tmp_path: Path) -> None:
    log, port = tmp_path / "log", children.free_port(0)
    async with children.child(script(GRACEFUL, port), os.environ, log) as process:
        await children.until_answers(f"http://127.0.0.1:{port}/", process, log)
    assert process.returncode == 0
    assert "said goodbye" in log.read_text()


async def test_a_child_that_does_not_listen_is_ended_with_all_it_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, port = tmp_path / "log", children.free_port(0)
    async with children.child(script(STUBBORN, port), os.environ, log, grace=0.05) as process:
        await children.until_answers(f"http://127.0.0.1:{port}/", process, log)
        inner = int(log.read_text().split()[0])
        assert is_alive(inner)
    assert process.returncode == -signal.SIGKILL
    psutil.wait_procs([psutil.Process(inner)] if psutil.pid_exists(inner) else [], timeout=5)
    assert not is_alive(inner)
    assert "was ended" in capsys.readouterr().err


async def test_a_child_that_ends_at_once_is_told_with_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with children.child(("-c", "raise SystemExit('no')"), os.environ, log) as process:
        with pytest.raises(Refusal, match=f"ended at once: see {log}"):
            await children.until_answers("http://127.0.0.1:1/", process, log)
    assert log.read_text() == "no\n"


async def test_a_child_that_never_answers_is_told_with_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with children.child(("-c", "import signal; signal.pause()"), os.environ, log) as process:
        with pytest.raises(Refusal, match=r"Nothing answered at http://127.0.0.1:1/ within 0 seconds"):
            await children.until_answers("http://127.0.0.1:1/", process, log, patience=0.05)


async def test_waiting_ends_with_the_signal_or_with_a_refusal(tmp_path: Path) -> None:
    stop = children.stop_signal()
    async with children.child(
        ("-c", "import signal; signal.pause()"), os.environ, tmp_path / "log"
    ) as process:
        os.kill(os.getpid(), signal.SIGTERM)
        await children.until_stopped(stop, process)
        process.kill()
        with pytest.raises(Refusal, match="ended by itself"):
            await children.until_stopped(asyncio.Event(), process)
    for number in children.STOPPING:
        asyncio.get_running_loop().remove_signal_handler(number)


def test_a_taken_port_is_passed_over() -> None:
    first = children.free_port(20_300)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert children.free_port(first) > first


def test_no_free_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_bind", lambda _port: 0)
    with pytest.raises(Refusal, match=r"No free port from 8081 on: .* --port"):
        children.free_port(8081)


def test_a_held_folder_refuses_the_second_with_the_words_of_the_first(tmp_path: Path) -> None:
    with children.held(tmp_path / "new" / "lock") as lock:
        lock.write_text("The demo runs already.")
        with pytest.raises(Refusal, match=r"^The demo runs already\.$"), children.held(lock):
            pass
    with children.held(lock):
        assert lock.exists()
