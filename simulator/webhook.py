"""Delivery of updates to a webhook, after telegram-bot-api (WebhookActor.cpp).

Updates of one lane (a chat's messages and edits; a person's presses) go out one after the other, each
only after a 2xx for the one before; lanes run side by side, up to max_connections. What fails is sent
again with growing pauses until it expires. All pauses are virtual time.
"""

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from simulator.accounts import Account, WebhookState
from simulator.calls import Call
from simulator.errors import ApiError
from simulator.queues import Update, UpdateQueue
from simulator.requests import parse_body
from simulator.wire import Json
from simulator.world import World

PATIENCE = 60.0  # seconds for an answer
LONGEST_PAUSE = 60.0  # seconds; the real server draws from 60 to 120
LONGEST_WISH = 3600.0  # seconds that a Retry-After header may ask for
NOT_IN_ANSWERS = frozenset({"setwebhook", "deletewebhook", "close", "logout"})
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
Execute = Callable[[Call], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot's server answered; `problem` in the words of getWebhookInfo, None after a 2xx."""

    problem: str | None = None
    wish: float = 0.0
    call: Json | None = None


class Webhook:
    """Sends one bot's updates to its webhook, from `start` to `stop`."""

    def __init__(self, world: World, bot: Account, state: WebhookState, execute: Execute) -> None:
        self._world, self._bot, self._state, self._execute = world, bot, state, execute
        self._queue: UpdateQueue = world.queues[bot.id]
        self._lanes: dict[str, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(state.max_connections)
        self._rng: random.Random = world.rng
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=not state.certificate)
        )

    def start(self) -> None:
        """Begins with what is waiting already."""
        self._queue.expire()
        for update in list(self._queue.waiting):
            self.put(update)

    def put(self, update: Update) -> None:
        """Lines an update up in its lane."""
        lane = self._lanes.get(update.lane)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.create_task(self._run(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Ends all deliveries; what was not confirmed stays in the queue."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    async def _run(self, name: str) -> None:
        lane = self._lanes[name]
        while lane:
            await self._deliver(lane[0])
            lane.popleft()
        del self._lanes[name]

    async def _deliver(self, update: Update) -> None:
        tries = 0
        while update.expires > self._world.clock.now():
            async with self._slots:
                self._queue.delivered(update)
                reply = await self._post(update)
            if reply.problem is None:
                await self._confirm(update, reply)
                return
            self._note(reply.problem)
            await self._world.clock.sleep(max(reply.wish, self._pause(tries)))
            tries += 1
        self._queue.expire()

    async def _confirm(self, update: Update, reply: Reply) -> None:
        if update.again:
            update.again = False
            await self._deliver(update)
            return
        self._queue.remove(update)
        self._world.events.wake()
        if reply.call is not None:
            await self._answer(reply.call)

    def _pause(self, tries: int) -> float:
        """First again at once, then after 2, 4, 8 … seconds, from 60 on with a random part."""
        pause = 0.0 if tries == 0 else 2.0**tries
        return pause if pause < LONGEST_PAUSE else LONGEST_PAUSE * (1 + self._rng.random())

    def _note(self, problem: str) -> None:
        self._state.last_error = problem
        self._state.last_error_at = self._world.clock.stamp()
        self._world.save_account(self._bot)
        self._world.events.publish("webhook_error", bot=self._bot.id, problem=problem)

    async def _post(self, update: Update) -> Reply:
        sending = asyncio.ensure_future(self._send(update))
        waiting = asyncio.ensure_future(self._world.clock.until(self._world.clock.now() + PATIENCE))
        try:
            await asyncio.wait([sending, waiting], return_when=asyncio.FIRST_COMPLETED)
            return sending.result() if sending.done() else Reply("Read timeout expired")
        finally:
            waiting.cancel()
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending

    async def _send(self, update: Update) -> Reply:
        headers = {"Content-Type": "application/json"}
        if self._state.secret:
            headers[SECRET_HEADER] = self._state.secret
        try:
            async with self._client.post(self._state.url, data=update.body, headers=headers) as answer:
                if answer.ok:
                    return Reply(call=await spoken(answer))
                return Reply(
                    f"Wrong response from the webhook: {answer.status} {answer.reason}", wished(answer)
                )
        except aiohttp.ClientConnectorError:
            return Reply("Connection refused")
        except aiohttp.ClientError:
            return Reply("Connection closed")

    async def _answer(self, params: Json) -> None:
        method = str(params.pop("method", "")).lower()
        if method and not method.startswith("get") and method not in NOT_IN_ANSWERS:
            await self._execute(Call(self._world, self._bot, method, params))


async def spoken(answer: aiohttp.ClientResponse) -> Json | None:
    """The method call in the body of a 2xx (JSON, form or multipart), None when there is none."""
    if answer.content_type.startswith("multipart/"):
        parts = aiohttp.MultipartReader.from_response(answer)
        return {
            part.name: await part.text()
            async for part in parts
            if isinstance(part, aiohttp.BodyPartReader) and part.name
        }
    body = await answer.read()
    if not body.strip() or answer.content_type not in {
        "application/json",
        "application/x-www-form-urlencoded",
    }:
        return None
    try:
        return parse_body(answer.content_type, body)
    except ApiError:
        return None


def wished(answer: aiohttp.ClientResponse) -> float:
    """The Retry-After header in seconds, at most an hour."""
    value = answer.headers.get("Retry-After", "")
    return min(float(value), LONGEST_WISH) if value.isdigit() else 0.0
