"""A server that answers with exactly the bytes a test wrote down: for what no well-behaved server would send."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Act = bytes | Literal["reset", "close", "silence"]


@dataclass(frozen=True)
class Asked:
    """One request as it came: `head` with request line and header lines, `body` in bytes."""

    head: str
    body: bytes


@dataclass
class Scripted:
    """Plays `script`, one act for each request, and keeps what was asked."""

    script: list[Act]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while head := await _head(reader):
            length = next(
                (line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"length:" in line), b"0"
            )
            self.asked.append(Asked(head.decode(), await reader.readexactly(int(length))))
            if not await _act(self.script.pop(0), writer):
                return


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


async def _act(act: Act, writer: asyncio.StreamWriter) -> bool:
    """Do it and say whether the connection still stands."""
    match act:
        case bytes():
            writer.write(act)
            await writer.drain()
            if b"Connection: close" not in act:
                return True
            writer.close()
        case "reset":
            no_farewell = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_farewell)
            writer.close()
        case "close":
            writer.close()
        case "silence":
            pass
    return False


def params(asked: Asked) -> dict[str, Any]:
    """The parameters in a JSON or a form body, values decoded where they are JSON."""
    if "application/json" in asked.head:
        return dict(json.loads(asked.body))
    return {name: _value(text) for name, text in parse_qsl(asked.body.decode(), keep_blank_values=True)}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def http(status: int, body: bytes, kind: str = "application/json") -> bytes:
    """A complete HTTP answer."""
    return b"HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        kind.encode(),
        len(body),
        body,
    )


def done(result: Any) -> bytes:
    """The Bot API's answer to a call that was done."""
    return http(200, json.dumps({"ok": True, "result": result}).encode())


def refused(code: int, description: str, **parameters: int) -> bytes:
    """The Bot API's answer to a call that was not done."""
    answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return http(code, json.dumps(answer).encode())


@asynccontextmanager
async def scripted(*script: Act) -> AsyncIterator[Scripted]:
    """Run the server for the length of a test."""
    stage = Scripted(list(script))
    server = await asyncio.start_server(stage.play, "127.0.0.1", 0)
    stage.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield stage
    finally:
        server.close()
        for writer in stage.writers:
            writer.transport.abort()
        await asyncio.gather(*[writer.wait_closed() for writer in stage.writers], return_exceptions=True)
