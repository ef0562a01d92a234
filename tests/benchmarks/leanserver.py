"""A lean Bot API server in a process of its own: only what the bench needs, so that the bot is what is measured.

`python -m tests.benchmarks.leanserver` prints its port. The Bot API is under `/bot<token>/`; the bench steers it
under `/bench/`: `begin` (residents, think), `reset`, `report`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from tests.benchmarks.crowd import Crowd

ME: Final = {"id": 4242, "is_bot": True, "first_name": "Suara", "username": "suara_bot"}
WEBHOOK: Final = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
MOST_UPDATES: Final = 100


class Updates:
    """What waits for the bot, and the poll that waits for it."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._poll: tuple[Callable[[bytes], None], asyncio.TimerHandle, int] | None = None
        self.first_poll_at = 0.0

    def put(self, update: dict[str, Any]) -> None:
        """Hand one over: at once when the bot is polling."""
        self._waiting.append((update["update_id"], msgspec.json.encode(update)))
        if self._poll is not None:
            answer, timer, limit = self._poll
            timer.cancel()
            self._answer(answer, limit)

    def poll(self, params: Mapping[str, Any], answer: Callable[[bytes], None]) -> None:
        """Answer getUpdates, now or when there is something, or at its time-out."""
        self.first_poll_at = self.first_poll_at or time.monotonic()
        offset, limit = int(params.get("offset") or 0), int(params.get("limit") or MOST_UPDATES)
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        if self._waiting:
            self._answer(answer, limit)
            return
        seconds = float(params.get("timeout") or 0)
        timer = asyncio.get_running_loop().call_later(seconds, self._answer, answer, limit)
        self._poll = (answer, timer, limit)

    def _answer(self, answer: Callable[[bytes], None], limit: int) -> None:
        self._poll = None
        ready = [self._waiting[place][1] for place in range(min(limit, len(self._waiting)))]
        answer(b'{"ok":true,"result":[' + b",".join(ready) + b"]}")


class LeanServer:
    """The server's state: waiting updates and the crowd that makes them."""

    def __init__(self) -> None:
        self.updates = Updates()
        self.crowd: Crowd | None = None

    def answer(self, path: str, params: Mapping[str, Any], reply: Callable[[bytes], None]) -> None:
        """Answer one request, by `reply`."""
        if path.startswith("/bench/"):
            reply(msgspec.json.encode(self._bench(path.removeprefix("/bench/"), params)))
        elif (method := path.rpartition("/")[2]).lower() == "getupdates":
            self.updates.poll(params, reply)
        else:
            reply(b'{"ok":true,"result":' + msgspec.json.encode(self._call(method, params)) + b"}")

    def _call(self, method: str, params: Mapping[str, Any]) -> object:
        if self.crowd is not None:
            self.crowd.figures.calls += 1
        match method.lower():
            case "sendmessage":
                return self._message(params)
            case "getme":
                return ME
            case "getwebhookinfo":
                return WEBHOOK
            case _:
                return True

    def _message(self, params: Mapping[str, Any]) -> dict[str, Any]:
        chat_id, text, markup = int(params["chat_id"]), params["text"], params.get("reply_markup")
        markup = msgspec.json.decode(markup) if isinstance(markup, str) else markup
        number = self.crowd.hear(chat_id, text, markup) if self.crowd else 1
        chat = {"id": chat_id, "type": "private", "first_name": "Warga"}
        shown = {"reply_markup": markup} if markup and "inline_keyboard" in markup else {}
        date = int(time.time())
        return {"message_id": number, "from": ME, "chat": chat, "date": date, "text": text, **shown}

    def _bench(self, order: str, params: Mapping[str, Any]) -> object:
        match order:
            case "begin":
                self.crowd = Crowd(params["residents"], params["think"], self.updates.put)
                self.crowd.begin()
            case "reset" if self.crowd:
                self.crowd.reset()
            case "close" if self.crowd:
                self.crowd.close()
            case "report" if self.crowd:
                return self.crowd.figures.summary(time.monotonic())
            case "polled":
                return {"at": self.updates.first_poll_at}
        return {}


class Connection(asyncio.Protocol):
    """One HTTP connection: requests with a Content-Length, one after the other."""

    def __init__(self, server: LeanServer) -> None:
        self._server = server
        self._held = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (split := self._held.find(b"\r\n\r\n")) >= 0:
            head, end = self._held[:split], split + 4 + _length(self._held[:split])
            if len(self._held) < end:
                return
            body, self._held = self._held[split + 4 : end], self._held[end:]
            self._server.answer(head.split(b" ", 2)[1].decode(), _params(head, body), self._reply)

    def _reply(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if not self._transport.is_closing():
            self._transport.write(head + body)


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.split(b"\r\n", 1)[0] or 0)


def _params(head: bytes, body: bytes) -> Mapping[str, Any]:
    """Parameters as JSON or as a form; python-telegram-bot and aiogram send forms."""
    if not body:
        return {}
    if b"application/json" in head.lower():
        params: Mapping[str, Any] = msgspec.json.decode(body)
        return params
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


async def serve() -> None:
    """Serve on a free port of loopback, printed first, until the process is ended."""
    state = LeanServer()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(state), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
