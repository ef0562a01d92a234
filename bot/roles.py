"""The roles of a running bot: receive, send, clock, work; one process may play several of them."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from random import SystemRandom
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Engine

from bot.app import Home, assemble, following, opened
from bot.children import stop_signal
from bot.clock import Ticker
from bot.files import read_files
from bot.health import Figures, serve_health
from bot.introduction import introduce
from bot.jobs import Jobs
from bot.logs import configure
from bot.pacing import Pacing
from bot.receiver import Poller, Receiver
from bot.refusal import Refusal
from bot.sender import Sender, Sending
from bot.settings import Settings
from bot.transport import ALLOWED_UPDATES, Transport, TransportError, Unauthorized, open_transport
from bot.webhook import webhook_app
from bot.worker import Worker
from storage.figures import figures

LANDING: Final = 10.0
"""Seconds that a stop waits for calls in flight."""

OFTEN: Final = 0.5
"""Seconds between ticks for what residents wait for."""

SELDOM: Final = 30.0
"""Seconds between ticks for what may wait."""


async def play(settings: Settings, engine: Engine, roles: frozenset[str]) -> None:
    """Play the roles until a signal asks to stop, or one of them cannot go on. Raises Refusal."""
    stop = stop_signal()
    async with AsyncExitStack() as stack:
        clock = await stack.enter_async_context(following(settings))
        home = assemble(settings, engine, clock, SystemRandom())
        stack.push_async_callback(home.database.close)
        transport = connect(settings)
        stack.push_async_callback(transport.close)
        await stack.enter_async_context(running(home, transport, roles, stop))
        await stop.wait()


def connect(settings: Settings) -> Transport:
    """The connection to Telegram that the settings name; nothing is sent yet."""
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    return open_transport(settings.telegram_library, token, settings.telegram_api_url)


@asynccontextmanager
async def running(
    home: Home, transport: Transport, roles: frozenset[str], stop: asyncio.Event
) -> AsyncIterator[None]:
    """Run the roles while the block runs; what ends one of them is raised when the block has been left."""
    tasks: list[asyncio.Task[None]] = []
    sender = sending(home, transport)
    app = web.Application()

    def begin(role: str, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(_guarded(work, stop))
        task.set_name(role)
        tasks.append(task)

    async with AsyncExitStack() as stack:
        if "receive" in roles:
            source = await _identify(transport)
            receiver = Receiver(home.database, home.turner, home.clock, source, sender.wake)
            await introduce(transport, home.furnished.texts)
            if home.settings.webhook_url:
                app = await _webhook(home.settings, transport, receiver)
            else:
                await transport.call("deleteWebhook", {})
                begin("receive", Poller(transport, receiver).run())
        await stack.enter_async_context(serve_health(app, home.settings.listen, _figures(home, sender)))
        if "send" in roles:
            begin("send", sender.run())
            stack.push_async_callback(sender.stop, LANDING)
        if "clock" in roles:
            stack.enter_context(_ticking(home, sender.wake))
        if roles == {"work"}:
            begin("work", Worker(home, transport, sender.wake).run())
        elif "work" in roles:
            await stack.enter_async_context(_working_beside(home.settings))
        yield
        for task in tasks:
            if task.get_name() != "send":
                task.cancel()
    await _finish(tasks)


async def _guarded(work: Awaitable[None], stop: asyncio.Event) -> None:
    """Run a role; when it ends by itself, the whole process is to stop."""
    try:
        await work
    finally:
        stop.set()


async def _finish(tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the roles to end, and raise what ended one of them."""
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        match outcome:
            case None | asyncio.CancelledError():
                continue
            case Unauthorized():
                raise Refusal("TELEGRAM_TOKEN is refused: copy it again from @BotFather.")
            case _:
                raise outcome


async def _identify(transport: Transport) -> str:
    """The source of this bot's updates. Raises Refusal when the token is wrong or nobody answers."""
    try:
        return f"bot:{(await transport.call('getMe', {}))['id']}"
    except Unauthorized:
        raise Refusal("TELEGRAM_TOKEN is refused: copy it again from @BotFather.") from None
    except TransportError as error:
        raise Refusal(
            f"TELEGRAM_API_URL does not answer ({type(error).__name__}): check the address and the network."
        ) from None


async def _webhook(settings: Settings, transport: Transport, receiver: Receiver) -> web.Application:
    """Tell Telegram where to post, and return the application that takes it."""
    url = settings.webhook_url or ""
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    params = {"url": url, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES}
    await transport.call("setWebhook", params)
    return webhook_app(urlsplit(url).path or "/", secret, receiver.accept, receiver.spoiled)


def sending(home: Home, transport: Transport) -> Sender:
    """The sender of this process."""
    parts = Sending(
        database=home.database,
        transport=transport,
        pacing=Pacing(home.settings.send_rate, time.monotonic),
        render=home.letters.render,
        read_files=read_files,
        now=home.clock.now,
        random=SystemRandom().random,
        concurrency=home.settings.send_concurrency,
    )
    return Sender(parts)


@contextmanager
def _ticking(home: Home, committed: Callable[[], None]) -> Iterator[None]:
    """Tick while the block runs."""
    jobs = Jobs(home, committed)
    ticker = Ticker()
    ticker.every(OFTEN, jobs.often)
    ticker.every(SELDOM, jobs.seldom)
    ticker.start()
    try:
        yield
    finally:
        ticker.stop()


@asynccontextmanager
async def _working_beside(settings: Settings) -> AsyncIterator[None]:
    """An errand worker in a process of its own, so that no turn waits for it (design: errands)."""
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(settings,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        await asyncio.to_thread(process.join, LANDING)


def _work(settings: Settings) -> None:
    """The body of the worker's process."""
    configure(settings.log_format)
    with opened(settings) as engine:
        asyncio.run(play(settings, engine, frozenset({"work"})))


def _figures(home: Home, sender: Sender) -> Figures:
    async def now() -> Mapping[str, float]:
        at = home.clock.now()
        stored = await home.database.run(lambda connection: figures(connection, at))
        return {**stored, **{f"calls_{state}": float(count) for state, count in sender.tally.items()}}

    return now
