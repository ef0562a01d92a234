"""Updates by webhook: an aiohttp application that acknowledges an update only when `accept` has returned.

Telegram delivers at least once: whatever is not answered 200 within a minute comes again, in order within
its chat (Bot API, setWebhook). So a failing `accept` is answered 503, and the update is not lost.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Accept = Callable[[list[dict[str, Any]]], Awaitable[None]]
    Spoiled = Callable[[bytes], Awaitable[None]]

BODY_BYTES: Final = 1024 * 1024
"""Twice the largest update that Telegram keeps (512 KiB)."""

BATCH: Final = 32
"""Updates handed over at once, so that one transaction serves them (the turn's own batch)."""

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)

_log = logging.getLogger(__name__)


def webhook_app(path: str, secret: str, accept: Accept, spoiled: Spoiled) -> web.Application:
    """Return the application that takes updates posted to `path` with the `secret` given to setWebhook.

    `accept` gets updates that waited at the same time together, in order of arrival, at most 32; they are
    acknowledged when it returns. `spoiled` gets a body that is no update, whole, which is acknowledged too:
    it would be as unreadable the next time. Raises ValueError for a secret that Telegram would not take.
    """
    if not SECRET.fullmatch(secret):
        raise ValueError("the webhook's secret must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
    batches = Batches(accept)

    async def receive(request: web.Request) -> web.Response:
        _check(request, secret.encode())
        return await _acknowledge(await _body(request), batches, spoiled)

    app = web.Application()
    app.router.add_post(path, receive)
    return app


class Batches:
    """Hands single updates over in batches: one at a time, each with whatever arrived during the one before."""

    def __init__(self, accept: Accept) -> None:
        self._accept = accept
        self._waiting: deque[tuple[dict[str, Any], asyncio.Future[None]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def add(self, update: dict[str, Any]) -> None:
        """Return when a batch with this update was accepted; raise what `accept` raised."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((update, done))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            error = await self._try([update for update, _ in batch])
            for _, done in batch:
                _settle(done, error)

    async def _try(self, updates: list[dict[str, Any]]) -> Exception | None:
        try:
            await self._accept(updates)
        except Exception as error:  # noqa: BLE001 - whatever it is, each post that waits must be told
            return error
        return None


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():  # its post was given up
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)


def _check(request: web.Request, secret: bytes) -> None:
    given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, secret):
        raise web.HTTPUnauthorized(text="")


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(BODY_BYTES, len(body), text="")
    return bytes(body)


async def _acknowledge(body: bytes, batches: Batches, spoiled: Spoiled) -> web.Response:
    update = _update_in(body)
    try:
        await (spoiled(body) if update is None else batches.add(update))
    except Exception as error:  # noqa: BLE001 - any fault of the house means "not accepted": Telegram keeps it
        _log.error("update not accepted", extra={"error": type(error).__name__})
        return web.Response(status=503)
    return web.Response()


def _update_in(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    match update:
        case {"update_id": int()}:
            return update  # type: ignore[no-any-return]
        case _:
            return None
