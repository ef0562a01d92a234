"""The control API under /sim/: what the chat page, tests and demos use. docs/simulator.md describes it."""

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import BodyPartReader, web

from simulator.errors import Refused
from simulator.performing import Wish, perform
from simulator.requests import LARGEST_FILE
from simulator.uploads import Uploaded
from simulator.wire import Json, decode, encode

if TYPE_CHECKING:
    from simulator.server import Simulator

LARGEST = 64 << 20  # bytes of one request
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
STRANGER = (
    "The control API answers its own page and programs only, at 127.0.0.1 or where --listen and --host say."
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def respond(found: Any, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(status=status, body=encode(found), content_type="application/json")


def guarded(handler: Handler, hosts: Collection[str]) -> Handler:
    """Turns what cannot be done, or was not understood, into one sentence with status 400."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request) if at_home(request, hosts) else respond({"error": STRANGER}, 403)
        except Refused as problem:
            return respond({"error": str(problem)}, 400)
        except (KeyError, TypeError, ValueError) as problem:
            return respond({"error": f"This request was not understood: {problem}."}, 400)

    return answer


def at_home(request: web.Request, hosts: Collection[str]) -> bool:
    """Whether no other web site is asking: browsers name the asking page in Origin, and the asked name in Host.

    A site whose name is made to lead here (DNS rebinding) is of one origin with it, but its name is not of `hosts`.
    """
    origin = request.headers.get("Origin")
    known = urlsplit(f"//{request.host}").hostname in hosts
    return known and (origin is None or urlsplit(origin).netloc == request.host)


class Control:
    """The handlers of /sim/."""

    def __init__(self, simulator: "Simulator") -> None:
        self.sim = simulator

    def routes(self) -> list[web.RouteDef]:
        """All routes of the control API."""
        return [
            web.route(verb, path, guarded(handler, self.sim.hosts)) for verb, path, handler in self._table()
        ]

    def _table(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/sim/clock", self.clock),
            ("POST", "/sim/clock", self.advance),
            ("GET", "/sim/bots", self.bots),
            ("GET", "/sim/people", self.people),
            ("POST", "/sim/people", self.add_person),
            ("GET", "/sim/chats/{person}", self.chat),
            ("POST", "/sim/chats/{person}/{act}", self.act),
            ("GET", "/sim/groups", self.groups),
            ("POST", "/sim/groups", self.add_group),
            ("GET", "/sim/groups/{group}", self.group),
            ("POST", "/sim/groups/{group}/{act}", self.group_act),
            ("GET", "/sim/files/{unique}", self.file),
            ("GET", "/sim/events", self.events),
            ("GET", "/sim/faults", self.faults),
            ("POST", "/sim/faults", self.add_fault),
            ("DELETE", "/sim/faults", self.clear_faults),
            ("GET", "/sim/limits", self.limits),
            ("POST", "/sim/limits", self.set_limits),
            ("GET", "/sim/journal", self.journal),
            ("DELETE", "/sim/journal", self.clear_journal),
            ("POST", "/sim/updates", self.inject),
            ("POST", "/sim/reset", self.reset),
        ]

    async def clock(self, _: web.Request) -> web.Response:
        """GET /sim/clock."""
        clock = self.sim.clock
        return respond({"now": clock.now(), "offset": clock.offset})

    async def advance(self, request: web.Request) -> web.Response:
        """POST /sim/clock."""
        self.sim.advance(float((await body(request))["advance"]))
        return await self.clock(request)

    async def bots(self, _: web.Request) -> web.Response:
        """GET /sim/bots."""
        return respond([bot.user() for bot in self.sim.world.accounts.values()])

    async def people(self, _: web.Request) -> web.Response:
        """GET /sim/people."""
        return respond([person.view() for person in self.sim.world.people.values()])

    async def add_person(self, request: web.Request) -> web.Response:
        """POST /sim/people."""
        return respond(self.sim.add_person(**await body(request)).view())

    async def chat(self, request: web.Request) -> web.Response:
        """GET /sim/chats/{person}."""
        limit = int(request.query.get("limit", 200))
        return respond(self.sim.chat(int(request.match_info["person"]), bot_of(request), limit))

    async def act(self, request: web.Request) -> web.Response:
        """POST /sim/chats/{person}/{act}."""
        wanted, upload = await form(request)
        bot = wanted.pop("bot", None) or bot_of(request)
        person = int(request.match_info["person"])
        wish = Wish(person, request.match_info["act"], wanted, upload, int(bot) if bot else None)
        done = await perform(self.sim, wish)
        return respond(done.view())

    async def groups(self, _: web.Request) -> web.Response:
        """GET /sim/groups."""
        return respond([group.view() for group in self.sim.world.groups.values()])

    async def add_group(self, request: web.Request) -> web.Response:
        """POST /sim/groups."""
        return respond(self.sim.add_group(**await body(request)).view())

    async def group(self, request: web.Request) -> web.Response:
        """GET /sim/groups/{group}."""
        return respond(self.sim.group_chat(int(request.match_info["group"]), bot_of(request)))

    async def group_act(self, request: web.Request) -> web.Response:
        """POST /sim/groups/{group}/{act}."""
        done = self.sim.act_in_group(
            int(request.match_info["group"]), request.match_info["act"], await body(request)
        )
        return respond(done.view())

    async def file(self, request: web.Request) -> web.StreamResponse:
        """GET /sim/files/{unique}."""
        files = self.sim.world.files
        found = files.unique(request.match_info["unique"])
        if found is None:
            return respond({"error": "There is no such file."}, 404)
        headers = {
            "Content-Type": found.mime_type,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private",
        }
        return web.FileResponse(
            files.location(found), headers=headers | {"Content-Security-Policy": "sandbox"}
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET /sim/events: Server-Sent Events until the page goes or the simulator stops."""
        after = (
            request.headers.get("Last-Event-ID") or request.query.get("after") or self.sim.world.events.last
        )
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        await response.write(b": welcome\n\n")
        async for note in self.sim.world.events.follow(int(after)):
            await response.write(b"id: %d\ndata: %s\n\n" % (note["seq"], encode(note)))
        return response

    async def faults(self, _: web.Request) -> web.Response:
        """GET /sim/faults."""
        return respond([rule.view() for rule in self.sim.world.faults.rules])

    async def add_fault(self, request: web.Request) -> web.Response:
        """POST /sim/faults."""
        return respond({"id": self.sim.fault(**await body(request))})

    async def clear_faults(self, _: web.Request) -> web.Response:
        """DELETE /sim/faults."""
        self.sim.world.faults.clear()
        return respond([])

    async def limits(self, _: web.Request) -> web.Response:
        """GET /sim/limits."""
        return respond(self.sim.world.limits.rules)

    async def set_limits(self, request: web.Request) -> web.Response:
        """POST /sim/limits."""
        return respond(self.sim.world.limits.change(await body(request)))

    async def journal(self, request: web.Request) -> web.Response:
        """GET /sim/journal."""
        query = request.query
        entries = self.sim.world.journal.read(
            int(query.get("after", 0)), query.get("method"), query.get("chat")
        )
        return respond({"entries": entries, "last": self.sim.world.journal.last})

    async def clear_journal(self, _: web.Request) -> web.Response:
        """DELETE /sim/journal."""
        self.sim.world.journal.clear()
        return respond({"entries": [], "last": self.sim.world.journal.last})

    async def inject(self, request: web.Request) -> web.Response:
        """POST /sim/updates."""
        wanted = await body(request)
        return respond({"update_ids": self.sim.inject(wanted["update"], wanted.get("bot"))})

    async def reset(self, _: web.Request) -> web.Response:
        """POST /sim/reset."""
        self.sim.reset()
        return respond({"ok": True})


async def body(request: web.Request) -> Json:
    """The JSON object in a request's body; Refused when there is none."""
    raw = await request.read()
    try:
        found = decode(raw or b"{}")
    except ValueError:
        raise Refused("The body must be a JSON object.") from None
    if not isinstance(found, dict):
        raise Refused("The body must be a JSON object.")
    return found


async def form(request: web.Request) -> tuple[Json, Uploaded | None]:
    """The fields of an act, and its file when it is a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return await body(request), None
    fields: Json = {}
    upload = None
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.filename is not None:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            upload = Uploaded(part.filename, kind, await contents(part))
        elif isinstance(part, BodyPartReader) and part.name:
            fields[part.name] = await part.text()
    return fields, upload


async def contents(part: BodyPartReader) -> bytes:
    """The bytes of a file part; Refused beyond 50 MiB, as Telegram's own limit for bots."""
    data = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        data += chunk
        if len(data) > LARGEST_FILE:
            raise Refused("The file is larger than 50 MiB.")
    return bytes(data)


def bot_of(request: web.Request) -> int | None:
    """The bot that a request names, None for the first."""
    named = request.query.get("bot")
    return int(named) if named else None
