"""CPU for each sendMessage through both transports: `python -m tests.transport.measure [CALLS]`.

The server is a bare protocol in a process of its own, so that only the client's time is counted. Reported,
never a timed test.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import time
from typing import TYPE_CHECKING, Any

from bot.transport import open_transport
from tests.transport.conftest import TOKEN
from tests.transport.scripted import done

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

TEXT = "Terima kasih. Usulan Ibu sudah kami terima dengan nomor 482-913-8. " * 4
BUTTONS = [[{"text": f"{n}. Pilihan {n}", "callback_data": f"field:{n}:7"}] for n in range(1, 6)]
MESSAGE = {"chat_id": 1001, "text": TEXT, "reply_markup": {"inline_keyboard": BUTTONS}}
ANSWER = done({"message_id": 7, "date": 1_760_000_000, "chat": {"id": 1001, "type": "private"}, "text": TEXT})


class Echo(asyncio.Protocol):
    """Answers every request with the same message, without reading more of it than its length."""

    def connection_made(self, transport: Any) -> None:
        self.transport, self.held = transport, b""

    def data_received(self, data: bytes) -> None:
        self.held += data
        head, mark, rest = self.held.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0) if mark else 0
        if mark and len(rest) >= length:
            self.held = rest[length:]
            self.transport.write(ANSWER)


async def serve(port: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def server_process(port: Connection) -> None:
    asyncio.run(serve(port))


async def measure(library: Any, url: str, calls: int, side_by_side: int) -> str:
    transport = open_transport(library, TOKEN, url)

    async def send(times: int) -> None:
        for _ in range(times):
            await transport.call("sendMessage", MESSAGE)

    await asyncio.gather(*[send(10) for _ in range(side_by_side)])
    cpu, wall = time.process_time(), time.perf_counter()
    await asyncio.gather(*[send(calls // side_by_side) for _ in range(side_by_side)])
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    await transport.close()
    return f"{library:8} {side_by_side:3} at once: {cpu / calls * 1e3:.3f} ms CPU a call, {calls / wall:6.0f} calls/s"


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=server_process, args=(theirs,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}"
    for library in ("aiogram", "ptb"):
        for side_by_side in (1, 16):
            print(asyncio.run(measure(library, url, calls, side_by_side)))
    server.terminate()


if __name__ == "__main__":
    main()
