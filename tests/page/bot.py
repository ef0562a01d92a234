"""A bot of a few lines that does what a test of the page tells it, over HTTP as any bot would."""

from typing import Any

import aiohttp

Json = dict[str, Any]

BOT = 5_100_000_001
TOKEN = f"{BOT}:Kopi-Lampung-dan-pisang-goreng-ABCD"


class Bot:
    """Calls the simulator's Bot API. A refused call is an AssertionError with the server's words."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._root = f"{url.rstrip('/')}/bot{TOKEN}"
        self._files = f"{url.rstrip('/')}/file/bot{TOKEN}"
        self._next = 0

    async def call(self, method: str, **params: Any) -> Any:
        """Calls `method` with JSON parameters; its result."""
        async with self._session.post(f"{self._root}/{method}", json=params) as response:
            answer = await response.json()
        assert answer["ok"], f"{method}: {answer}"
        return answer["result"]

    async def say(self, chat: int, text: str, **params: Any) -> int:
        """Sends a text; its message id."""
        return int((await self.call("sendMessage", chat_id=chat, text=text, **params))["message_id"])

    async def hear(self) -> Json:
        """The next update, waited for at most 10 s, and confirmed."""
        updates = await self.call("getUpdates", offset=self._next, limit=1, timeout=10)
        assert updates, "no update came"
        self._next = updates[0]["update_id"] + 1
        await self.call("getUpdates", offset=self._next, limit=1, timeout=0)
        self._next = updates[0]["update_id"] + 1
        return dict(updates[0])

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file."""
        path = (await self.call("getFile", file_id=file_id))["file_path"]
        async with self._session.get(f"{self._files}/{path}") as response:
            assert response.status == 200
            return await response.read()


def keys(*rows: list[str]) -> Json:
    """An inline keyboard whose buttons carry their own labels as data."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label} for label in row] for row in rows]}
