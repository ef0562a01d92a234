"""A download is whole, bounded and leaves nothing behind when it fails; the same on both libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.transport import Refused, TooBig, TransportError, Unknown
from tests.transport.conftest import TOKEN
from tests.transport.scripted import done, http, scripted

if TYPE_CHECKING:
    from pathlib import Path

    from tests.transport.conftest import OpenOn

VOICE = b"OggS" + bytes(range(256)) * 800
"""Some 200 kB with every byte in it: more than one chunk."""


def is_empty(folder: Path) -> bool:
    return not list(folder.iterdir())


def offer(size: int | None = None) -> bytes:
    """An answer of getFile."""
    return done(
        {"file_id": "V", "file_path": "voice/file_1.oga", **({} if size is None else {"file_size": size})}
    )


async def test_a_download_is_byte_identical(open_on: OpenOn, tmp_path: Path) -> None:
    audio = http(200, VOICE, "audio/ogg")
    async with scripted(offer(len(VOICE)), audio) as server, open_on(server.url) as transport:
        # The file comes over a connection of its own or the same one; the script serves both in order.
        assert await transport.download("V", tmp_path / "v", limit=len(VOICE)) == len(VOICE)
        assert server.asked[1].head.startswith(f"GET /file/bot{TOKEN}/voice/file_1.oga HTTP/1.1")
    assert (tmp_path / "v").read_bytes() == VOICE


async def test_a_file_announced_too_big_is_not_fetched(open_on: OpenOn, tmp_path: Path) -> None:
    async with scripted(offer(len(VOICE))) as server, open_on(server.url) as transport:
        with pytest.raises(TooBig):
            await transport.download("V", tmp_path / "v", limit=len(VOICE) - 1)
        assert len(server.asked) == 1
    assert is_empty(tmp_path)


@pytest.mark.parametrize("announced", [None, 10])
async def test_a_file_that_grows_too_big_is_dropped_on_the_way(
    open_on: OpenOn, tmp_path: Path, announced: int | None
) -> None:
    async with scripted(offer(announced), http(200, VOICE)) as server, open_on(server.url) as transport:
        with pytest.raises(TooBig):
            await transport.download("V", tmp_path / "v", limit=len(VOICE) - 1)
    assert is_empty(tmp_path)


BROKEN: dict[str, tuple[bytes, type[TransportError]]] = {
    "expired link": (http(404, b"Not Found", "text/plain"), Refused),
    "cut off": (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\nOggS", Unknown),
    "moved": (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", Refused),
}


@pytest.mark.parametrize(("answer", "kind"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_download_leaves_no_file(
    open_on: OpenOn, tmp_path: Path, answer: bytes, kind: type[TransportError]
) -> None:
    async with scripted(offer(), answer) as server, open_on(server.url) as transport:
        with pytest.raises(kind) as caught:
            await transport.download("V", tmp_path / "v", limit=1000)
    assert type(caught.value) is kind
    assert TOKEN not in repr(caught.value)
    assert is_empty(tmp_path)


async def test_a_file_that_the_server_does_not_offer_is_refused(open_on: OpenOn, tmp_path: Path) -> None:
    async with scripted(done({"file_id": "V"})) as server, open_on(server.url) as transport:
        with pytest.raises(Refused):
            await transport.download("V", tmp_path / "v", limit=1000)
