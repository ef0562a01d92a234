"""The transport on python-telegram-bot: its Bot and its HTTPXRequest, with raw JSON in and out.

The library merges what the sender must keep apart (401 with 404, refused with unsent) and rewrites the
server's words (`Button_data_invalid`), so answers are read in the hook that it offers for that, and network
errors are told apart by their cause. Imported only by `bot.transport.open_transport`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx
from telegram import Bot, InputFile
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.transport import (
    ALLOWED_UPDATES,
    CHUNK_BYTES,
    MAX_PER_POLL,
    Refused,
    Timeouts,
    TransportError,
    Unknown,
    Unreachable,
    Upload,
    place_of,
    read_answer,
    refusal,
    save,
    silence,
    updates_in,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class RawRequest(HTTPXRequest):
    """python-telegram-bot's HTTP client, raising the errors of `bot.transport` for what the server answers."""

    __slots__ = ()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer in the form that the library expects; its own version logs unreadable bodies whole."""
        return {"result": read_answer(payload)}


class RawBot(Bot):
    """python-telegram-bot's Bot for raw calls alone, without the advice to use its typed methods instead."""

    __slots__ = ()

    @classmethod
    def _warn(cls, message: Any, *args: Any, **kwargs: Any) -> None:
        if not str(message).startswith("Please use 'Bot."):
            super()._warn(message, *args, **kwargs)

    def _insert_defaults(self, data: dict[str, object]) -> None:
        """Nothing to insert; the library's own version takes a raw `media` for one of its objects and fails."""


class PtbTransport:
    """`bot.transport.Transport` on python-telegram-bot. Needs a running event loop from the first call on."""

    def __init__(self, token: str, api_url: str, timeouts: Timeouts, connections: int) -> None:
        silence("telegram", "httpx", "httpcore")
        self._timeouts = timeouts
        self._closed = False
        self._requests = [_request(timeouts, 2), _request(timeouts, connections)]
        self._files = httpx.AsyncClient(trust_env=False, timeout=_file_limits(timeouts))
        polling, calling = self._requests
        bot, file = f"{api_url}/bot", f"{api_url}/file/bot"
        self._bot = RawBot(token, bot, file, request=calling, get_updates_request=polling)

    async def receive(self, offset: int, *, timeout: int, limit: int = MAX_PER_POLL) -> list[dict[str, Any]]:  # noqa: ASYNC109 - Telegram's parameter
        params = {"offset": offset, "timeout": timeout, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
        return updates_in(await self._ask("getUpdates", params, timeout + self._timeouts.read))

    async def call(
        self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload] | None = None
    ) -> Any:
        if not files:
            return await self._ask(method, params, self._timeouts.read)
        parts = {name: InputFile(upload.content, upload.filename) for name, upload in files.items()}
        return await self._ask(method, {**params, **parts}, self._timeouts.transfer)

    async def download(self, file_id: str, path: Path, *, limit: int) -> int:
        place = place_of(await self.call("getFile", {"file_id": file_id}), limit)
        return await save(self._fetch(f"{self._bot.base_file_url}/{place}"), path, limit)

    async def close(self) -> None:
        self._closed = True
        for (
            request
        ) in self._requests:  # Bot.shutdown closes only what Bot.initialize opened, and that asks getMe
            await request.shutdown()
        await self._files.aclose()

    async def _ask(self, method: str, params: Mapping[str, Any], seconds: float) -> Any:
        if self._closed:
            raise Unreachable("the transport is closed")
        try:
            return await self._bot.do_api_request(method, dict(params), read_timeout=seconds)
        except TelegramError as error:
            raise _fault(
                error.__cause__
            ) from None  # the library's own error may name the address, and so the token

    async def _fetch(self, url: str) -> AsyncGenerator[bytes, None]:
        try:
            async with self._files.stream("GET", url) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise refusal(answer.status_code, f"{answer.reason_phrase}: no file at this link")
                async for chunk in answer.aiter_bytes(CHUNK_BYTES):
                    yield chunk
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _fault(error) from None


def _request(timeouts: Timeouts, connections: int) -> RawRequest:
    return RawRequest(
        connection_pool_size=connections,
        connect_timeout=timeouts.connect,
        read_timeout=timeouts.read,
        write_timeout=timeouts.read,
        pool_timeout=timeouts.connect,
        media_write_timeout=timeouts.transfer,
        httpx_kwargs={"trust_env": False},  # else HTTP_PROXY catches even localhost
    )


def _file_limits(timeouts: Timeouts) -> httpx.Timeout:
    return httpx.Timeout(timeouts.read, connect=timeouts.connect)


def _fault(cause: BaseException | None) -> TransportError:
    match cause:
        case UnicodeEncodeError():
            return Refused(400, "Bad Request: the text is not valid Unicode")
        case _ if isinstance(cause, NEVER_SENT):
            return Unreachable(f"no connection to the Bot API server: {type(cause).__name__}")
        case _:
            return Unknown(f"no answer of the Bot API server: {type(cause).__name__}")
