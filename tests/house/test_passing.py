"""A file on its way in is not sealed yet: it does not outlive its errand, not even a killed process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from bot.app import Home
from bot.files import PASSING, clear_passing, passing_file
from bot.transport import Transport
from bot.worker import Worker


def left(folder: Path) -> list[Path]:
    return list((folder / PASSING).iterdir())


def test_it_is_gone_afterwards_also_when_something_fails(tmp_path: Path) -> None:
    def fails() -> None:
        with passing_file(tmp_path) as path:
            path.write_bytes(b"a voice")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fails()
    assert left(tmp_path) == []


def test_another_process_does_not_take_it_away_while_it_is_needed(tmp_path: Path) -> None:
    with passing_file(tmp_path) as path:
        path.write_bytes(b"a voice")
        assert clear_passing(tmp_path) == 0
        assert path.read_bytes() == b"a voice"


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from bot.files import passing_file\n"
        "with passing_file(Path(sys.argv[1])) as path: path.write_bytes(b'a voice'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, env={**os.environ})
    assert [path.read_bytes() for path in left(tmp_path)] == [b"a voice"]
    assert clear_passing(tmp_path) == 1
    assert left(tmp_path) == []


def test_nothing_to_clear_is_no_fault(tmp_path: Path) -> None:
    assert clear_passing(tmp_path) == 0


async def test_a_worker_clears_when_it_begins(home: Home) -> None:
    folder = home.settings.media_dir / PASSING
    folder.mkdir(parents=True)
    (folder / "left").write_bytes(b"a voice")
    waiting = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(Worker(home, cast("Transport", None), lambda: None, sleep).run())
    await waiting.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await home.database.close()
    assert left(home.settings.media_dir) == []
