"""The Bot API over HTTP: faults, pace, method, journal, answer."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from simulator.calls import Answer, Call
from simulator.errors import ApiError, too_many_requests
from simulator.faults import LONG, Fault
from simulator.methods import METHODS, Method
from simulator.methods.updates import Poll, get_updates, interrupt
from simulator.names import REAL_METHODS
from simulator.queues import Update
from simulator.requests import owner, read_call
from simulator.webhook import Webhook
from simulator.wire import encode
from simulator.world import World

JSON = {"Content-Type": "application/json"}
HTML_502 = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)
PACED = frozenset(
    [
        "sendmessage",
        "sendvoice",
        "sendaudio",
        "sendphoto",
        "senddocument",
        "sendvideo",
        "sendvideonote",
        "sendlocation",
        "sendmediagroup",
        "copymessage",
        "forwardmessage",
    ]
)
REFUSALS = {
    "500": ApiError(500, "Internal Server Error: restart"),
    "401": ApiError(401, "Unauthorized"),
    "409": ApiError(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    ),
    "403": ApiError(403, "Forbidden: bot was blocked by the user"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is answered: the HTTP status, the body, and for errors the description and waiting time."""

    code: int
    body: bytes
    description: str | None = None
    retry_after: int | None = None

    def response(self) -> web.Response:
        """As an HTTP response."""
        headers = JSON if self.retry_after is None else JSON | {"Retry-After": str(self.retry_after)}
        return web.Response(status=self.code, body=self.body, headers=headers)


class BotApi:
    """Serves /bot<token>/<method> and /file/bot<token>/<path>."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.polls = {bot: Poll() for bot in world.accounts}
        self._webhooks: dict[int, Webhook] = {}
        self._chores: set[asyncio.Task[None]] = set()
        self._paced_calls: set[asyncio.Task[Outcome]] = set()
        for bot, queue in world.queues.items():
            queue.on_put = partial(self._put, bot)
        world.webhook_changed = self._webhook_changed

    def start(self) -> None:
        """Resumes the webhooks that were set before the last stop."""
        for bot in self.world.accounts:
            self._webhook_changed(bot)

    def _put(self, bot: int, update: Update) -> None:
        if bot in self._webhooks:
            self._webhooks[bot].put(update)
        else:
            wake(self.polls[bot])

    def _webhook_changed(self, bot: int) -> None:
        old = self._webhooks.pop(bot, None)
        if old is not None:
            chore = asyncio.create_task(old.stop())
            self._chores.add(chore)
            chore.add_done_callback(self._chores.discard)
        account = self.world.accounts[bot]
        if account.webhook is not None:
            interrupt(self.polls[bot], ApiError(409, "Conflict: terminated by setWebhook request"))
            self._webhooks[bot] = Webhook(self.world, account, account.webhook, self.execute)
            self._webhooks[bot].start()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answers one call."""
        try:
            call = await read_call(self.world, request)
        except ApiError as problem:
            return refused(problem).response()
        faults = self.world.faults
        fault = faults.for_call(call.method, call.text("chat_id")) if faults.rules else None
        if fault is not None:
            return await self._faulty(request, call, fault)
        return (await self.execute(call)).response()

    async def execute(self, call: Call, fault: str | None = None) -> Outcome:
        """Runs the method and writes the journal."""
        if self.world.limits.rules.enforce and call.method in PACED:
            return await self._paced(call, fault)
        return self._logged(call, await self._outcome(call), fault)

    async def _paced(self, call: Call, fault: str | None) -> Outcome:
        try:
            wait = self.world.limits.wait(call.bot.id, call.integer("chat_id"))
        except ApiError as problem:
            return self._logged(call, refused(problem), fault)
        task = asyncio.create_task(self._late(call, wait, fault))
        self._paced_calls.add(task)
        task.add_done_callback(self._paced_calls.discard)
        return await asyncio.shield(task)  # the message goes out even when the client no longer waits

    async def _late(self, call: Call, wait: float, fault: str | None) -> Outcome:
        await self.world.clock.sleep(wait)
        return self._logged(call, await self._outcome(call), fault)

    async def _outcome(self, call: Call) -> Outcome:
        try:
            if call.method == "getupdates":
                updates = await get_updates(call, self.polls[call.bot.id])
                return Outcome(200, b'{"ok":true,"result":[' + b",".join(updates) + b"]}")
            return done(self._method(call)(call))
        except ApiError as problem:
            return refused(problem)

    @staticmethod
    def _method(call: Call) -> Method:
        found = METHODS.get(call.method)
        if found is not None:
            return found
        if call.method in REAL_METHODS:
            raise ApiError(501, f"Not Implemented: the simulator does not know {call.method} yet")
        raise ApiError(404, "Not Found: method not found")

    def _logged(self, call: Call, outcome: Outcome, fault: str | None) -> Outcome:
        world = self.world
        world.journal.call(world.clock.now(), call, outcome.code, outcome.description, fault)
        world.events.wake()
        return outcome

    async def _faulty(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        self.world.events.publish("fault", fault=fault.kind, method=call.method)
        if fault.kind in {"timeout_after", "commit_then_drop", "slow"}:
            outcome = await self.execute(call, fault.kind)
        else:
            outcome = self._logged(call, scripted(fault), fault.kind)
        return await self._delivered(request, outcome, fault)

    async def _delivered(self, request: web.Request, outcome: Outcome, fault: Fault) -> web.StreamResponse:
        match fault.kind:
            case "timeout_before" | "timeout_after":
                await self.world.clock.sleep(LONG if fault.seconds is None else fault.seconds)
                hang_up(request)
            case "reset" | "commit_then_drop":
                hang_up(request)
            case "slow":
                return await self._slowly(request, outcome, 1.0 if fault.seconds is None else fault.seconds)
            case "502html":
                return web.Response(status=502, body=HTML_502, content_type="text/html")
            case _:
                pass
        return outcome.response()

    async def _slowly(self, request: web.Request, outcome: Outcome, seconds: float) -> web.StreamResponse:
        response = web.StreamResponse(status=outcome.code, headers=JSON)
        response.content_length = len(outcome.body)
        await response.prepare(request)
        half = len(outcome.body) // 2
        await response.write(outcome.body[:half])
        await self.world.clock.sleep(seconds)
        await response.write(outcome.body[half:])
        return response

    async def download(self, request: web.Request) -> web.StreamResponse:
        """GET /file/bot<token>/<file_path>; 404 when the link is unknown or too old."""
        token, _, path = request.path.removeprefix("/file/bot").partition("/")
        try:
            bot = owner(self.world, token)
        except ApiError as problem:
            return refused(problem).response()
        file = self.world.files.linked(bot.id, path, self.world.clock.now())
        if file is None:
            return refused(ApiError(404, "Not Found")).response()
        return web.FileResponse(
            self.world.files.location(file), headers={"Content-Type": "application/octet-stream"}
        )

    async def close(self) -> None:
        """Ends waiting polls as a stopping server does, and deliveries."""
        await asyncio.gather(*(hook.stop() for hook in self._webhooks.values()), *self._chores)
        for poll in self.polls.values():
            interrupt(poll, ApiError(500, "Internal Server Error: restart"))


def wake(poll: Poll) -> None:
    """Lets the waiting getUpdates answer."""
    if poll.waiting is not None and not poll.waiting.done():
        poll.waiting.set_result(None)


def done(result: object) -> Outcome:
    """A success."""
    if isinstance(result, Answer):
        body = encode({"ok": True, "result": result.result, "description": result.description})
        return Outcome(200, body, result.description)
    return Outcome(200, encode({"ok": True, "result": result}))


def refused(problem: ApiError) -> Outcome:
    """A refusal."""
    return Outcome(
        problem.code, encode(problem.body()), problem.description, problem.parameters.get("retry_after")
    )


def scripted(fault: Fault) -> Outcome:
    """What a fault answers instead of running the method."""
    if fault.kind == "429":
        return refused(too_many_requests(fault.retry_after))
    if fault.kind == "502html":
        return Outcome(502, HTML_502, "Bad Gateway (HTML)")
    problem = REFUSALS.get(fault.kind)
    return refused(problem) if problem is not None else Outcome(0, b"", "no answer")


async def nowhere(request: web.Request) -> web.StreamResponse:
    """Any other address: 404 as the Bot API server answers it."""
    if request.path.startswith("/sim/"):
        return web.json_response({"error": "There is no such address in the control API."}, status=404)
    return refused(ApiError(404, "Not Found")).response()


def hang_up(request: web.Request) -> None:
    """Resets the connection, so that the client sees an error and no answer."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
