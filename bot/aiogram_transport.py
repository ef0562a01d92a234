"""The transport on aiogram: its Bot and its session, with raw JSON in and out.

aiogram's own `make_request` drops parameters that are falsy, validates every answer with pydantic (one
malformed update makes it deaf to the whole poll, aiogram#1840) and hides whether a connection ever stood. A
session of one's own is what aiogram offers for that: this one keeps its connector, its addresses and its
middlewares, and replaces the request itself. Imported only by `bot.transport.open_transport`.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

import msgspec
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    InvalidURL,
    NonHttpUrlClientError,
)

from bot.lean_aiogram import AiohttpSession, Bot, TelegramAPIServer, TelegramMethod
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

    from aiogram.methods.base import TelegramType

NEVER_SENT: Final = (ClientConnectorError, ConnectionTimeoutError, InvalidURL, NonHttpUrlClientError)
JSON: Final = {"Content-Type": "application/json"}


class RawCall(TelegramMethod[Any]):
    """A call of any method, its result left as it came."""

    __returning__: ClassVar[Any] = Any
    __api_method__: ClassVar[str] = "raw"

    name: str
    params: Any
    files: Any
    limits: Any


class RawSession(AiohttpSession):
    """aiogram's session, asking and answering in raw JSON and raising the errors of `bot.transport`."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109, ARG002 - aiogram's signature; a RawCall carries its own
    ) -> TelegramType:
        call = cast("RawCall", method)
        url = self.api.api_url(token=bot.token, method=call.name)
        body: Any = _form(call) if call.files else _json(call.params)
        headers = None if call.files else JSON
        return cast("TelegramType", read_answer(await self._post(url, body, headers, call.limits)))

    async def _post(
        self, url: str, body: bytes | FormData, headers: Mapping[str, str] | None, limits: ClientTimeout
    ) -> bytes:
        session = await self.create_session()
        try:
            async with session.post(
                url, data=body, headers=headers, timeout=limits, allow_redirects=False
            ) as answer:
                return await answer.read()
        except (ClientError, TimeoutError, OSError) as error:
            raise _fault(error) from None  # the library's own error may name the address, and so the token

    async def close(self) -> None:
        if (
            self._session is not None
        ):  # without aiogram's quarter of a second for TLS: aiohttp waits by itself
            await self._session.close()

    async def fetch(self, url: str, limits: ClientTimeout) -> AsyncGenerator[bytes, None]:
        """Yield the bytes at `url` in chunks; Refused when the server has no such file (any more)."""
        session = await self.create_session()
        try:
            async with session.get(url, timeout=limits, allow_redirects=False) as answer:
                if answer.status != 200:  # noqa: PLR2004 - HTTP
                    raise refusal(answer.status, f"{answer.reason}: no file at this link")
                async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
                    yield chunk
        except (ClientError, TimeoutError, OSError) as error:
            raise _fault(error) from None


class AiogramTransport:
    """`bot.transport.Transport` on aiogram. Needs a running event loop from the first call on."""

    def __init__(self, token: str, api_url: str, timeouts: Timeouts, connections: int) -> None:
        silence("aiogram", "aiohttp.client")
        self._session = RawSession(api=TelegramAPIServer.from_base(api_url), limit=connections)
        self._bot = Bot(token, session=self._session)
        self._timeouts = timeouts
        self._closed = False

    async def receive(self, offset: int, *, timeout: int, limit: int = MAX_PER_POLL) -> list[dict[str, Any]]:  # noqa: ASYNC109 - Telegram's parameter
        params = {"offset": offset, "timeout": timeout, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
        return updates_in(await self._ask("getUpdates", params, None, timeout + self._timeouts.read))

    async def call(
        self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload] | None = None
    ) -> Any:
        return await self._ask(
            method, params, files, self._timeouts.transfer if files else self._timeouts.read
        )

    async def download(self, file_id: str, path: Path, *, limit: int) -> int:
        place = place_of(await self.call("getFile", {"file_id": file_id}), limit)
        url = self._session.api.file_url(self._bot.token, place)
        return await save(self._session.fetch(url, self._limits(self._timeouts.transfer)), path, limit)

    async def close(self) -> None:
        self._closed = True
        await self._session.close()

    async def _ask(
        self, name: str, params: Mapping[str, Any], files: Mapping[str, Upload] | None, seconds: float
    ) -> Any:
        if self._closed:  # aiogram would silently open a new session
            raise Unreachable("the transport is closed")
        limits = self._limits(seconds)
        return await self._bot(RawCall.model_construct(name=name, params=params, files=files, limits=limits))

    def _limits(self, seconds: float) -> ClientTimeout:
        return ClientTimeout(total=seconds, connect=self._timeouts.connect)


def _json(params: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode({name: value for name, value in params.items() if value is not None})
    except UnicodeEncodeError:
        raise Refused(400, "Bad Request: the text is not valid Unicode") from None


def _form(call: RawCall) -> FormData:
    form = FormData(quote_fields=False)
    for name, value in call.params.items():
        if value is not None:
            form.add_field(name, value if isinstance(value, str) else msgspec.json.encode(value).decode())
    for name, upload in call.files.items():
        form.add_field(name, BytesIO(upload.content), filename=upload.filename)
    return form


def _fault(error: Exception) -> TransportError:
    if isinstance(error, NEVER_SENT):
        return Unreachable(f"no connection to the Bot API server: {type(error).__name__}")
    return Unknown(f"no answer of the Bot API server: {type(error).__name__}")
