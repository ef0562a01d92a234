"""What the transports do not take from, or do to, the process around them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.transport.conftest import TOKEN
from tests.transport.scripted import done, http, scripted

if TYPE_CHECKING:
    from pathlib import Path

    from tests.transport.conftest import OpenOn

from tests.transport.test_downloads import offer


async def test_a_proxy_in_the_environment_is_not_used(
    open_on: OpenOn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default httpx honours HTTP_PROXY even for localhost; a set proxy must not swallow the demo."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    script = (done([]), done(True), offer(), http(200, b"OggS"))
    async with scripted(*script) as server, open_on(server.url) as transport:
        assert await transport.receive(0, timeout=0) == []
        assert await transport.call("getMe", {}) is True
        assert await transport.download("V", tmp_path / "v", limit=100) == 4


def test_neither_library_is_loaded_before_a_transport_is_opened() -> None:
    """`suara --help` must answer in half a second."""
    code = "import sys, bot.transport; print(*{'aiogram', 'telegram', 'httpx', 'aiohttp', 'pydantic'} & sys.modules.keys())"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == ""
    )


def test_opening_aiogram_builds_none_of_its_types() -> None:
    """Two seconds and a hundred megabytes less; `BaseModel` is as before afterwards."""
    code = (
        "from pydantic import BaseModel; before = BaseModel.__dict__['model_rebuild'];"
        "import bot.aiogram_transport; from aiogram.types import Message;"
        "print(Message.__pydantic_complete__, BaseModel.__dict__['model_rebuild'] is before)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(("chosen", "other"), [("aiogram", "telegram"), ("ptb", "aiogram")])
def test_a_transport_loads_its_own_library_alone(chosen: str, other: str) -> None:
    code = (
        "import sys, bot.transport as t;"
        f"t.open_transport({chosen!r}, {TOKEN!r}, 'http://127.0.0.1:1'); print({other!r} in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
