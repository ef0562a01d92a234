"""What leaves for the server and what comes back, byte by byte; the same on both libraries."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.transport import Refused, Upload
from tests.transport.conftest import TOKEN
from tests.transport.scripted import done, params, scripted

if TYPE_CHECKING:
    from tests.transport.conftest import OpenOn

VOICE = b"OggS" + bytes(range(256)) * 8000
"""Two megabytes with every byte in it: many chunks, and above what aiohttp sends in one go without a warning."""


async def sent(open_on: OpenOn, method: str, given: dict[str, Any]) -> dict[str, Any]:
    async with scripted(done(True)) as server, open_on(server.url) as transport:
        assert await transport.call(method, given) is True
        assert server.asked[0].head.startswith(f"POST /bot{TOKEN}/{method} HTTP/1.1")
        return params(server.asked[0])


async def test_every_parameter_arrives_also_the_empty_and_the_false(open_on: OpenOn) -> None:
    """The request of aiogram itself drops "", 0, False and [] silently."""
    given = {
        "text": "",
        "chat_id": -1001234567890,
        "disable_notification": False,
        "cache_time": 0,
        "entities": [],
    }
    assert await sent(open_on, "sendMessage", given) == given


async def test_a_parameter_that_is_none_is_left_out(open_on: OpenOn) -> None:
    assert await sent(open_on, "sendMessage", {"chat_id": 1, "reply_markup": None}) == {"chat_id": 1}


async def test_text_and_keyboards_arrive_as_they_were(open_on: OpenOn) -> None:
    keyboard = {"inline_keyboard": [[{"text": "1. Ya & “benar” 👍🏾", "callback_data": "a:b:+%20"}]]}
    given = {"text": "Jalan <b>rusak</b> & becek + 100%\nꦱꦸꦫ 👩‍🦽 ไทย", "reply_markup": keyboard}
    assert await sent(open_on, "sendMessage", given) == given


async def test_an_album_of_known_files_is_an_ordinary_parameter(open_on: OpenOn) -> None:
    """python-telegram-bot takes a `media` list for its own objects and fails on plain ones."""
    given = {"chat_id": 1, "media": [{"type": "photo", "media": "AgAC"}, {"type": "photo", "media": "AgAD"}]}
    assert await sent(open_on, "sendMediaGroup", given) == given


async def test_text_that_is_no_unicode_is_refused_not_lost(open_on: OpenOn) -> None:
    async with scripted() as server, open_on(server.url) as transport:
        with pytest.raises(Refused):
            await transport.call("sendMessage", {"chat_id": 1, "text": "\ud83d"})
        assert server.asked == []


async def test_the_result_is_the_servers_json_untouched(open_on: OpenOn) -> None:
    message = {"message_id": 7, "of_tomorrow": {"new": [1, None]}, "date": 1_760_000_000}
    async with scripted(done(message)) as server, open_on(server.url) as transport:
        assert await transport.call("sendMessage", {"chat_id": 1, "text": "x"}) == message


async def test_an_upload_is_a_part_with_its_name_and_bytes(open_on: OpenOn) -> None:
    async with scripted(done({})) as server, open_on(server.url) as transport:
        files = {"document": Upload(VOICE, "data saya.ogg")}
        await transport.call("sendDocument", {"chat_id": 1, "caption": "", "thumbnail": None}, files)
        body = server.asked[0].body
    assert VOICE in body
    assert b'name="document"; filename="data saya.ogg"' in body
    assert b'name="caption"' in body
    assert b"thumbnail" not in body


async def test_calls_share_connections_and_run_side_by_side(open_on: OpenOn) -> None:
    async with scripted(*[done(n) for n in range(40)]) as server, open_on(server.url) as transport:
        results = await asyncio.gather(*[transport.call("getMe", {}) for _ in range(20)])
        await transport.call("getMe", {})
        assert len(set(results)) == 20
        assert len(server.writers) <= 20
