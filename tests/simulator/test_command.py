"""`python -m simulator`: what it says and how it ends."""

import asyncio
import signal
import socket
import sys
from pathlib import Path

import pytest

from simulator.__main__ import main
from tests.simulator.conftest import TOKEN


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    """--help works and names every option."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(
        option in shown for option in ("--listen", "--host", "--state", "--token", "--limits", "--strict")
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--token", "abc"], "A bot token is digits, a colon and 35"),
        (["--listen", "8081x"], "--listen needs HOST:PORT"),
        (["--state", "/proc/nowhere"], "cannot be written"),
    ],
)
def test_bad_start(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    """What cannot work ends with one sentence and exit code 1."""
    assert main(["--listen", "127.0.0.1:0", *arguments]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    """A taken port is named."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        assert main(["--listen", listen]) == 1
    assert f"Cannot listen on {listen}" in capsys.readouterr().err


def test_state_that_is_no_database(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A file that is no SQLite file is named, not overwritten."""
    (tmp_path / "simulator.sqlite").write_text("this is a diary, not a database " * 100)
    assert main(["--listen", "127.0.0.1:0", "--state", str(tmp_path)]) == 1
    assert f"The state in {tmp_path} cannot be used" in capsys.readouterr().err
    assert (tmp_path / "simulator.sqlite").read_text().startswith("this is a diary")


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_clean_stop(name: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end it with exit code 0 and without a traceback."""
    command = [sys.executable, "-m", "simulator", "--listen", "127.0.0.1:0", "--token", TOKEN, "--limits"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    assert (await process.stdout.readline()).startswith(b"The simulator listens on http://127.0.0.1:")
    process.send_signal(name)
    _, said = await process.communicate()
    assert (process.returncode, said) == (0, b"")
