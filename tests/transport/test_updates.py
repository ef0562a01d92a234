"""Updates come as raw JSON, and no odd one hides the others; the same on both libraries."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.transport import ALLOWED_UPDATES, Unknown
from tests.transport.conftest import BRIEF
from tests.transport.scripted import done, http, params, scripted

if TYPE_CHECKING:
    from tests.transport.conftest import OpenOn


async def test_updates_are_asked_for_with_the_types_that_the_bot_reads(open_on: OpenOn) -> None:
    async with scripted(done([])) as server, open_on(server.url) as transport:
        assert await transport.receive(0, timeout=0, limit=32) == []
        asked = params(server.asked[0])
    assert asked == {"offset": 0, "timeout": 0, "limit": 32, "allowed_updates": list(ALLOWED_UPDATES)}


async def test_a_long_poll_waits_longer_than_a_call(open_on: OpenOn) -> None:
    """With a read timeout of 0.5 s, an answer after 0.7 s is in time for a poll of 1 s."""

    async def late(transport_task: asyncio.Task[list[dict[str, Any]]], release: asyncio.Event) -> None:
        await asyncio.wait([transport_task], timeout=0.7)
        release.set()

    release = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await release.wait()
        writer.write(done([{"update_id": 1}]))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, open_on(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", BRIEF) as transport:
        poll = asyncio.create_task(transport.receive(5, timeout=1))
        await late(poll, release)
        assert await poll == [{"update_id": 1}]


POISON = {
    "a forward whose hidden sender has no name": '{"forward_origin": {"type": "hidden_user", "date": 1}, "date": 1}',
    "a lone surrogate": r'{"text": "\ud83d"}',
    "a number without end": '{"text": 1' + "0" * 400 + "}",
    "no object at all": "null",
}


@pytest.mark.parametrize("message", POISON.values(), ids=POISON.keys())
async def test_one_odd_update_does_not_hide_the_others(open_on: OpenOn, message: str) -> None:
    """The polling of aiogram itself goes deaf for 24 hours on the first of these."""
    body = f'{{"ok": true, "result": [{{"update_id": 1, "message": {message}}}, {{"update_id": 2}}]}}'
    async with scripted(http(200, body.encode())) as server, open_on(server.url) as transport:
        updates = await transport.receive(1, timeout=0)
    assert updates == [{"update_id": 1, "message": json.loads(message)}, {"update_id": 2}]


async def test_bytes_that_are_no_utf8_do_not_hide_the_other_updates(open_on: OpenOn) -> None:
    body = b'{"ok": true, "result": [{"update_id": 1, "message": "\xff"}, {"update_id": 2}]}'
    async with scripted(http(200, body)) as server, open_on(server.url) as transport:
        assert [update["update_id"] for update in await transport.receive(1, timeout=0)] == [1, 2]


async def test_an_answer_without_a_list_is_no_answer(open_on: OpenOn) -> None:
    async with scripted(done(True)) as server, open_on(server.url) as transport:
        with pytest.raises(Unknown):
            await transport.receive(1, timeout=0)
