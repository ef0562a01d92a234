"""Health and figures over HTTP, for whoever watches over the bot: /health and /metrics on LISTEN."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from bot.refusal import Refusal
from bot.setting_readers import Address

Figures = Callable[[], Awaitable[Mapping[str, float]]]
"""Names of figures (Prometheus form, without the prefix) and their values now."""
Check = Callable[[], Awaitable[None]]
"""Raises when the house is not well: what is asked for must be possible, so it writes."""


@asynccontextmanager
async def serve_health(
    app: web.Application, listen: Address, figures: Figures, check: Check
) -> AsyncIterator[None]:
    """Serve `app` with the two routes added, while the block runs. Raises Refusal when LISTEN is taken."""

    async def health(_request: web.Request) -> web.Response:
        try:
            await check()
        except Exception as error:  # noqa: BLE001 - whatever it is, the watcher must hear that we are not well
            return web.json_response({"ok": False, "fault": type(error).__name__}, status=503)
        return web.json_response({"ok": True})

    async def metrics(_request: web.Request) -> web.Response:
        lines = [f"suara_{name} {value:g}" for name, value in (await figures()).items()]
        return web.Response(text="\n".join(lines) + "\n")

    app.router.add_get("/health", health)
    app.router.add_get("/metrics", metrics)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await _bind(runner, listen)
        yield
    finally:
        await runner.cleanup()


async def _bind(runner: web.AppRunner, listen: Address) -> None:
    try:
        await web.TCPSite(runner, listen.host, listen.port).start()
    except OSError as error:
        raise Refusal(
            f"LISTEN {listen.host}:{listen.port} cannot be used ({error.strerror}): choose another port."
        ) from None
