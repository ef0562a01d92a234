"""The roles of a running bot: receive, send, clock, work; one process may play several of them.

Poller, sender and clock exist once for each bot: a process that finds one of them taken stands by for it.
Webhook receivers and errand workers may be many.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from random import SystemRandom
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from sqlalchemy import Engine

from bot import logs
from bot.app import Home, assemble, following, opened
from bot.beside import outlive_nobody, working_beside
from bot.children import stop_signal
from bot.clock import Ticker
from bot.commands.faults import told
from bot.files import discard_files
from bot.health import serve_health
from bot.introduction import introduce, introduce_roles
from bot.jobs import Jobs
from bot.pacing import Pacing
from bot.receiver import Poller, Receiver
from bot.refusal import Refusal
from bot.sender import Sender, Sending
from bot.settings import Settings
from bot.speaking import after_sending
from bot.stt import open_transcriber
from bot.transport import ALLOWED_UPDATES, Transport, TransportError, Unauthorized, open_transport
from bot.webhook import webhook_app
from bot.worker import Worker
from storage.faults import LeadLost
from storage.figures import figures, probe
from storage.listening import listen

LANDING: Final = 10.0
"""Seconds that a stop waits for calls in flight."""

OFTEN: Final = 0.2
"""Seconds between ticks for what residents wait for: the reply after a quiet window comes within 300 ms."""

SELDOM: Final = 30.0
"""Seconds between ticks for what may wait."""

HOURLY: Final = 3600.0
"""Seconds between ticks for sweeping up."""

STANDING_BY: Final = 5.0
"""Seconds between two tries to take a role that another process has."""

_log = structlog.get_logger(__name__)


def run(settings: Settings, roles: frozenset[str]) -> None:
    """Run these roles until a signal asks to stop. Raises Refusal when they cannot."""
    with told(), opened(settings) as engine:
        asyncio.run(play(settings, engine, roles))


def work_beside(settings: Settings) -> None:
    """The body of a worker's process that another process has started."""
    outlive_nobody()
    logs.configure(settings.log_format)
    with opened(settings) as engine:
        asyncio.run(work_only(settings, engine))


async def play(settings: Settings, engine: Engine, roles: frozenset[str]) -> None:
    """Play the roles until a signal asks to stop, or one of them cannot go on. Raises Refusal."""
    stop = stop_signal()
    async with at_home(settings, engine) as (home, transport):
        bot = Bot(home, transport, await identify(transport), stop)
        async with bot.playing(roles):
            await stop.wait()
    bot.complain()


async def work_only(settings: Settings, engine: Engine) -> None:
    """Do errands until a signal asks to stop: the body of a worker's process."""
    stop = stop_signal()
    async with at_home(settings, engine) as (home, transport):
        bot = Bot(home, transport, "", stop)
        bot.begin(bot.worker().run())
        try:
            await stop.wait()
        finally:
            await bot.end()
    bot.complain()


@asynccontextmanager
async def at_home(settings: Settings, engine: Engine) -> AsyncIterator[tuple[Home, Transport]]:
    """The parts of a bot and its connection to Telegram, closed when the block ends."""
    async with AsyncExitStack() as stack:
        clock = await stack.enter_async_context(following(settings))
        home = assemble(settings, engine, clock, SystemRandom())
        stack.push_async_callback(home.database.close)
        transport = connect(settings)
        stack.push_async_callback(transport.close)
        yield home, transport


def connect(settings: Settings) -> Transport:
    """The connection to Telegram that the settings name; nothing is sent yet."""
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    return open_transport(settings.telegram_library, token, settings.telegram_api_url)


async def identify(transport: Transport) -> str:
    """The source of this bot's updates. Raises Refusal when the token is wrong or nobody answers."""
    try:
        return f"bot:{(await transport.call('getMe', {}))['id']}"
    except Unauthorized:
        raise Refusal(BAD_TOKEN) from None
    except TransportError as error:
        raise Refusal(
            f"TELEGRAM_API_URL does not answer ({type(error).__name__}): check the address and the network."
        ) from None


WORKER_ENDED: Final = "The process for errands ended by itself: the lines above say why; start the bot again."
BAD_TOKEN: Final = "TELEGRAM_TOKEN is refused: copy it again from @BotFather."  # noqa: S105 - a sentence


@dataclass(slots=True)
class Bot:
    """A running bot: its sender, its tasks, and what ended one of them."""

    home: Home
    transport: Transport
    source: str
    stop: asyncio.Event
    sender: Sender = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _faults: list[BaseException] = field(default_factory=list)
    _sends: bool = False

    def __post_init__(self) -> None:
        self.sender = Sender(self._sending())

    @asynccontextmanager
    async def playing(self, roles: frozenset[str]) -> AsyncIterator[None]:
        """Play the roles while the block runs; they end in the order in which nothing is lost.

        Raises Refusal for a model of speech that cannot be used.
        """
        open_transcriber(self.home.settings.stt_model_path)
        async with AsyncExitStack() as stack:
            app = await self._receiving() if "receive" in roles else web.Application()
            await stack.enter_async_context(
                serve_health(app, self.home.settings.listen, self.figures, self.check)
            )
            if "send" in roles:
                self.begin(listen(self.home.engine, self.sender.wake))
                self.begin(self._alone("send", self._send))
            if "clock" in roles:
                self.begin(self._alone("clock", self._tick))
            if "work" in roles and len(roles) > 1:
                await stack.enter_async_context(
                    working_beside(self.home.settings, work_beside, self._worker_ended)
                )
            elif "work" in roles:
                self.begin(self.worker().run())
            stack.push_async_callback(self.end)
            yield

    def begin(self, role: Coroutine[Any, Any, None]) -> None:
        """Start a task; when it ends by itself, the whole process is to stop."""
        self._tasks.append(asyncio.create_task(self._guarded(role)))

    async def end(self) -> None:
        """Let the sender land its calls, then end all tasks; what was acknowledged is committed already."""
        if self._sends:
            await self.sender.stop(LANDING)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def complain(self) -> None:
        """Raise what ended the bot, if it was not asked to stop."""
        for fault in self._faults:
            if isinstance(fault, Unauthorized):
                raise Refusal(BAD_TOKEN)
            raise fault

    def worker(self) -> Worker:
        """The worker of this process."""
        return Worker(
            self.home,
            self.transport,
            self.sender.wake,
            transcriber=open_transcriber(self.home.settings.stt_model_path),
        )

    async def figures(self) -> Mapping[str, float]:
        """What waits, and what became of calls."""
        at = self.home.clock.now()
        stored = await self.home.database.run(lambda connection: figures(connection, at))
        return {**stored, **{f"calls_{state}": float(n) for state, n in self.sender.tally.items()}}

    async def check(self) -> None:
        """Raise what keeps the house from working, a full disk among it."""
        at = self.home.clock.now()
        await self.home.database.run(lambda connection: probe(connection, at))

    async def _receiving(self) -> web.Application:
        """Introduce the bot, and receive as the settings say: the application takes a webhook's posts."""
        receiver = Receiver(
            self.home.database, self.home.turner, self.home.clock, self.source, self.sender.wake
        )
        texts, at = self.home.furnished.texts, self.home.clock.now()
        await introduce(self.transport, texts)
        await self.home.database.run(lambda connection: introduce_roles(connection, texts, at))
        if self.home.settings.webhook_url:
            return await webhook(self.home.settings, self.transport, receiver)
        await self.transport.call("deleteWebhook", {})
        self.begin(self._alone("receive", Poller(self.transport, receiver).run))
        return web.Application()

    async def _alone(self, role: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Play a role that exists once; stand by as long as another process has it."""
        while not await self.home.database.lead(f"{role}:{self.source}"):
            _log.info("standing by", role=role)
            await asyncio.sleep(STANDING_BY)
        await run()

    async def _send(self) -> None:
        self._sends = True
        await self.sender.run()

    async def _tick(self) -> None:
        jobs = Jobs(self.home, self.sender.wake)
        ticker = Ticker()
        for seconds, tick in ((OFTEN, jobs.often), (SELDOM, jobs.seldom), (HOURLY, jobs.hourly)):
            ticker.every(seconds, partial(self._leading, tick))
        ticker.start()
        try:
            await self.stop.wait()
        finally:
            ticker.stop()

    async def _leading(self, tick: Callable[[], Awaitable[object]]) -> None:
        """A tick; the scheduler would only log that the role is lost, and tick on for nothing for ever."""
        try:
            await tick()
        except LeadLost as fault:
            self._give_up(fault)

    def _worker_ended(self) -> None:
        self._give_up(Refusal(WORKER_ENDED))

    def _give_up(self, fault: BaseException) -> None:
        _log.error("role lost", error=type(fault).__name__)
        self._faults.append(fault)
        self.stop.set()

    async def _guarded(self, role: Coroutine[Any, Any, None]) -> None:
        try:
            await role
        except asyncio.CancelledError:
            raise
        except LeadLost as fault:
            self._give_up(fault)
        except Exception as fault:  # noqa: BLE001 - raised by `complain` when all others have ended
            self._faults.append(fault)
        finally:
            self.stop.set()

    def _sending(self) -> Sending:
        return Sending(
            database=self.home.database,
            transport=self.transport,
            pacing=Pacing(self.home.settings.send_rate, time.monotonic),
            render=self.home.letters.render,
            read_files=self.home.outgoing.read,
            discard_files=discard_files,
            now=self.home.clock.now,
            random=SystemRandom().random,
            concurrency=self.home.settings.send_concurrency,
            after=partial(after_sending, self.home.letters),
        )


async def webhook(settings: Settings, transport: Transport, receiver: Receiver) -> web.Application:
    """Tell Telegram where to post, and return the application that takes it."""
    url = settings.webhook_url or ""
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    params = {"url": url, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES}
    await transport.call("setWebhook", params)
    return webhook_app(urlsplit(url).path or "/", secret, receiver.accept, receiver.spoiled)
