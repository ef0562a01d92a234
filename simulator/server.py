"""The simulator as a whole: one object that serves the Bot API, the control API and the chat page."""

import asyncio
import contextlib
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from simulator.api import BotApi, nowhere
from simulator.clock import Clock
from simulator.control import LARGEST, LOOPBACK, Control
from simulator.errors import Refused
from simulator.files import Files
from simulator.groups import GroupActs
from simulator.media import MediaActs
from simulator.people import Chat
from simulator.store import SqliteStore, Store
from simulator.view import chat_view
from simulator.wire import Json
from simulator.world import World

PAGE = Path(__file__).parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PATIENCE = 10.0  # seconds for which a test waits for something that should happen at once
GLANCE = 0.005  # seconds between two looks


class Simulator(MediaActs, GroupActs):
    """A Telegram on your desk.

    `async with Simulator(tokens=[...]) as sim:` serves on `sim.url`; port 0 of `listen` is any free one.
    `state` is a directory that keeps everything; without it nothing is kept. `clock`: a FrozenClock lets
    a test move time by hand. `seed` makes ids repeatable. The control API answers to the names in `hosts`.
    """

    def __init__(
        self,
        *,
        tokens: list[str],
        state: Path | None = None,
        clock: Clock | None = None,
        listen: tuple[str, int] = ("127.0.0.1", 0),
        seed: int | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self._tokens, self._state, self._address, self._seed = tokens, state, listen, seed
        self.hosts = {*LOOPBACK, listen[0].strip("[]").lower()}
        self._stack = contextlib.AsyncExitStack()
        self.url = ""

    async def __aenter__(self) -> Self:
        """Opens the state and listens. Raises OSError or sqlite3.Error when it cannot, ValueError for a bad token."""
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops and writes everything down."""
        await self._stack.aclose()

    async def open(self) -> None:
        """As __aenter__."""
        async with contextlib.AsyncExitStack() as stack:
            folder = self._state or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self.world = self._world(folder, stack)
            self.bot_api = BotApi(self.world)
            self.bot_api.start()
            await self._listen(stack)
            self._stack = stack.pop_all()

    def _world(self, folder: Path, stack: contextlib.AsyncExitStack) -> World:
        (folder / "files").mkdir(parents=True, exist_ok=True)
        store = SqliteStore(folder / "simulator.sqlite") if self._state else Store()
        stack.push_async_callback(store.close)
        rng = random.Random(self._seed)  # noqa: S311 - ids of a simulator, repeatable on purpose
        return World(self._tokens, self.clock, store, Files(folder / "files", store, rng), rng)

    async def _listen(self, stack: contextlib.AsyncExitStack) -> None:
        app = web.Application(client_max_size=LARGEST)
        app.add_routes(self._routes())
        app.on_shutdown.append(self._wind_up)
        app.on_response_prepare.append(_guard)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, *self._address)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    def _routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.route("*", "/bot{call:.*}", self.bot_api.serve),
            web.get("/file/bot{path:.*}", self.bot_api.download),
            *Control(self).routes(),
            web.get("/", _page),
            web.static("/page", PAGE),
            web.route("*", "/{path:.*}", nowhere),
        ]

    async def _wind_up(self, _: web.Application) -> None:
        await self.bot_api.close()

    # The control API's other verbs, for tests in the same process

    @property
    def people(self) -> dict[int, Any]:
        """Everybody by id."""
        return dict(self.world.people)

    def advance(self, seconds: float) -> None:
        """Moves the virtual clock on; Refused when it would go back."""
        try:
            self.clock.advance(seconds)
        except ValueError as problem:
            raise Refused(str(problem)) from None
        self.world.save_clock()

    def chat_of(self, person: int, bot: int | None = None) -> Chat:
        """The chat of a person with a bot."""
        return self.world.chat(self.bot_id(bot), self.person(person).id)

    def chat(self, person: int, bot: int | None = None, limit: int = 200) -> Json:
        """The chat as the page sees it."""
        return chat_view(self.world, self.chat_of(person, bot), limit)

    def fault(self, **rule: Any) -> int:
        """Adds a fault; its id."""
        return self.world.faults.add(rule)

    def inject(self, update: Json, bot: int | None = None) -> list[int]:
        """Queues a hand-made update `{type: content}`, of a type that nobody knows perhaps."""
        ids: list[int] = []
        for kind, content in update.items():
            ids += self.world.update(self.bot_id(bot), kind, content, None, f"x{kind}")
        return ids

    def journal(self, after: int = 0, method: str | None = None, chat: int | None = None) -> list[Json]:
        """The journal's entries."""
        return self.world.journal.read(after, method, None if chat is None else str(chat))

    def reset(self) -> None:
        """Empties everything but the tokens."""
        self.world.reset()

    async def until(self, condition: Callable[[], object], patience: float = PATIENCE) -> None:
        """Waits until the condition holds; TimeoutError after `patience` real seconds.

        It looks after each event, and every few milliseconds for what makes none.
        """
        async with asyncio.timeout(patience):
            while not condition():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.world.events.changed(), GLANCE)

    def polling(self, bot: int | None = None) -> bool:
        """Whether a getUpdates of the bot is waiting right now."""
        return self.bot_api.polls[self.bot_id(bot)].waiting is not None


async def _page(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    if request.path == "/" or request.path.startswith("/page/"):
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-cache"
