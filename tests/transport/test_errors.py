"""What each answer of the server, and each failure to answer, means to the sender; the same on both libraries."""

from __future__ import annotations

import contextlib
import logging
import socket
import traceback
from typing import TYPE_CHECKING

import pytest

from bot.transport import (
    DEFAULT_RETRY_SECONDS,
    Answered,
    Blocked,
    ChatNotFound,
    Conflict,
    Deactivated,
    MigratedTo,
    Refused,
    RetryAfter,
    ServerFault,
    Timeouts,
    TooBig,
    TransportError,
    Unauthorized,
    Unknown,
    Unreachable,
    open_transport,
)
from tests.transport.conftest import BRIEF, PATIENT, TOKEN
from tests.transport.scripted import Act, done, http, refused, scripted

if TYPE_CHECKING:
    from tests.transport.conftest import OpenOn

KINDS: list[tuple[int, str, type[Answered]]] = [
    (400, "Bad Request: chat not found", ChatNotFound),
    (400, "Bad Request: private chat not found", ChatNotFound),
    (400, "Bad Request: BUTTON_DATA_INVALID", Refused),
    (400, "Bad Request: message text is empty", Refused),
    (400, "Bad Request: message to edit not found", Refused),
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "foo" at byte offset 19', Refused),
    (400, "Bad Request: query is too old and response timeout expired or query ID is invalid", Refused),
    (400, "Bad Request: VOICE_MESSAGES_FORBIDDEN", Refused),
    (400, "Bad Request: file is too big", TooBig),
    (401, "Unauthorized", Unauthorized),
    (401, "Unauthorized: invalid token specified", Unauthorized),
    (403, "Forbidden: bot was blocked by the user", Blocked),
    (403, "Forbidden: bot can't initiate conversation with a user", Blocked),
    (403, "Forbidden: bot was kicked from the supergroup chat", Blocked),
    (403, "Forbidden: bot is not a member of the channel chat", Blocked),
    (403, "Forbidden: the group chat was deleted", Blocked),
    (403, "Forbidden: the bot can't send messages to the bot", Blocked),
    (403, "Forbidden: user is deactivated", Deactivated),
    (403, "Forbidden: not enough rights to send text messages to the chat", Refused),
    (404, "Not Found", Unauthorized),
    (404, "Not Found: method not found", Refused),
    (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        Conflict,
    ),
    (413, "Request Entity Too Large", TooBig),
    (421, "Misdirected Request: unallowed token specified", Unauthorized),
    (429, "Too Many Requests", RetryAfter),
    (500, "Internal Server Error: restart", ServerFault),
    (501, "Not Implemented: the simulator does not know sendTelepathy yet", Refused),
    (502, "Bad Gateway", ServerFault),
]

UNFINISHED = b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok": tr'

UNCLEAR: dict[str, Act] = {
    "HTML 502": http(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html"),
    "HTML 200": http(200, b"<html>log in to this network</html>", "text/html"),
    "not UTF-8": http(504, b"\xff\xfe\x00 gateway", "text/plain"),
    "empty": http(200, b""),
    "JSON of somebody else": http(200, b'{"status": "up"}'),
    "a list": http(200, b"[]"),
    "nested without end": http(200, b"[" * 100_000),
    "moved": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "cut off": b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{"ok": tr',
    "never finished": UNFINISHED,
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "reset": "reset",
    "closed": "close",
    "never answered": "silence",
}


async def failure(open_on: OpenOn, *script: Act) -> TransportError:
    timeouts = BRIEF if {"silence", UNFINISHED} & set(script) else PATIENT
    async with scripted(*script) as server, open_on(server.url, timeouts) as transport:
        with pytest.raises(TransportError) as caught:
            await transport.call("sendMessage", {"chat_id": 1001, "text": "Selamat pagi"})
        assert len(server.asked) == 1, "a transport repeats nothing by itself"
        return caught.value


@pytest.mark.parametrize(
    ("code", "words", "kind"), KINDS, ids=[f"{code} {words[:50]}" for code, words, _ in KINDS]
)
async def test_a_refusal_is_told_by_code_and_keeps_the_servers_words(
    open_on: OpenOn, code: int, words: str, kind: type[Answered]
) -> None:
    error = await failure(open_on, refused(code, words))
    assert type(error) is kind
    assert isinstance(error, Answered)
    assert (error.code, error.description) == (code, words)


async def test_flood_control_names_its_seconds(open_on: OpenOn) -> None:
    error = await failure(open_on, refused(429, "Too Many Requests: retry after 35", retry_after=35))
    assert isinstance(error, RetryAfter)
    assert error.seconds == 35


async def test_flood_control_without_seconds_waits_a_little(open_on: OpenOn) -> None:
    error = await failure(open_on, refused(429, "Too Many Requests"))
    assert isinstance(error, RetryAfter)
    assert error.seconds == DEFAULT_RETRY_SECONDS


async def test_a_migrated_group_names_its_new_chat(open_on: OpenOn) -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    error = await failure(open_on, refused(400, words, migrate_to_chat_id=-1001234567890))
    assert isinstance(error, MigratedTo)
    assert error.chat_id == -1001234567890


@pytest.mark.parametrize("act", UNCLEAR.values(), ids=UNCLEAR.keys())
async def test_without_a_readable_answer_the_outcome_is_unknown(open_on: OpenOn, act: Act) -> None:
    assert type(await failure(open_on, act)) is Unknown


async def test_no_connection_means_surely_not_sent(open_on: OpenOn) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with open_on(url) as transport:
        with pytest.raises(Unreachable):
            await transport.call("getMe", {})


async def test_a_connection_that_never_stands_means_surely_not_sent(open_on: OpenOn) -> None:
    """The listener accepts nobody and its queue is full, so that the next one's SYN gets no answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        with contextlib.ExitStack() as queue:
            for _ in range(4):
                queue.enter_context(_knock(port))
            async with open_on(f"http://127.0.0.1:{port}", Timeouts(connect=0.2)) as transport:
                with pytest.raises(Unreachable):
                    await transport.call("sendMessage", {"chat_id": 1, "text": "x"})


def _knock(port: int) -> socket.socket:
    knocking = socket.socket()
    knocking.setblocking(False)
    knocking.connect_ex(("127.0.0.1", port))
    return knocking


@pytest.mark.parametrize("url", ["http://host.invalid", "ftp://127.0.0.1", "nowhere", "http://[::1"])
async def test_an_impossible_address_means_surely_not_sent(open_on: OpenOn, url: str) -> None:
    with pytest.raises(Unreachable):
        async with open_on(url) as transport:
            await transport.call("getMe", {})


async def test_a_closed_transport_sends_nothing(open_on: OpenOn) -> None:
    async with scripted() as server, open_on(server.url) as transport:
        await transport.close()
        with pytest.raises(Unreachable):
            await transport.call("getMe", {})
        assert server.asked == []


@pytest.mark.parametrize(
    "token", ["", "123", "123456789", "123456789:short", f"{TOKEN} ", f"x{TOKEN}", f"{TOKEN}/é"]
)
def test_what_is_no_token_is_refused_before_anything_is_sent(token: str) -> None:
    with pytest.raises(Unauthorized) as caught:
        open_transport("aiogram", token, "http://127.0.0.1:1")
    assert TOKEN not in str(caught.value)


FAILURES: dict[str, Act] = {**UNCLEAR, "refused": refused(403, "Forbidden: bot was blocked by the user")}


@pytest.mark.parametrize("act", FAILURES.values(), ids=FAILURES.keys())
async def test_no_log_and_no_traceback_shows_the_token(
    open_on: OpenOn, caplog: pytest.LogCaptureFixture, act: Act
) -> None:
    """At DEBUG too, and in the whole chain of causes: the library's own errors name the address."""
    with caplog.at_level(logging.DEBUG):
        error = await failure(open_on, act)
    assert TOKEN not in caplog.text
    assert TOKEN not in "".join(traceback.format_exception(error))


async def test_a_call_that_works_is_not_logged_with_the_token_or_its_text(
    open_on: OpenOn, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with scripted(done(True)) as server, open_on(server.url) as transport:
            await transport.call("sendMessage", {"chat_id": 1, "text": "Ibu Siti"})
    assert TOKEN not in caplog.text
    assert "Siti" not in caplog.text
