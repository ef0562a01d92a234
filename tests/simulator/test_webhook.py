"""Webhooks: the bot's server is played by a small aiohttp application."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import FormData, web

from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.clients import Client
from tests.simulator.conftest import Caller

SECRET = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class BotServer:
    """Takes down what arrives and answers as `reply` says."""

    url: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    held: dict[int, "asyncio.Event"] = field(default_factory=dict)
    changed: "asyncio.Event" = field(default_factory=asyncio.Event)
    reply: Callable[[dict[str, Any]], web.Response] = lambda _: web.Response()

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.seen.append(update)
        self.secrets.append(request.headers.get(SECRET))
        self.changed.set()
        if update["update_id"] in self.held:
            await self.held[update["update_id"]].wait()
        return self.reply(update)

    async def until(self, count: int) -> list[int]:
        """The ids seen so far, once there are `count`."""
        async with asyncio.timeout(10):
            while len(self.seen) < count:
                self.changed.clear()
                await self.changed.wait()
        return [update["update_id"] for update in self.seen]


@pytest.fixture
async def server() -> AsyncIterator[BotServer]:
    """A bot's own server on a free port."""
    found = BotServer()
    app = web.Application()
    app.router.add_post("/hook", found.take)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield found
    for event in found.held.values():
        event.set()
    await runner.cleanup()


async def failures(sim: Simulator, count: int) -> None:
    """Waits until so many deliveries have failed and the pause after the last has begun."""
    await sim.until(
        lambda: sum(note["type"] == "webhook_error" for note in sim.world.events.after(0)) == count
    )


def confirmed(sim: Simulator) -> Callable[[], bool]:
    return lambda: not sim.world.queues[sim.bot_id()].waiting


async def test_delivery_with_the_secret(
    sim: Simulator, client: Client, wati: Person, server: BotServer
) -> None:
    """After setWebhook an update is posted as JSON with the secret; getUpdates is refused."""
    assert await client.set_webhook(server.url, secret_token="rahasia-1")
    [update_id] = sim.say(wati.id, "Halo").update_ids
    assert await server.until(1) == [update_id]
    assert (server.seen[0]["message"]["text"], server.secrets) == ("Halo", ["rahasia-1"])
    assert await client.refused(client.get_updates(timeout=0)) == (
        "conflict: can't use getupdates method while webhook is active; "
        "use deletewebhook to delete the webhook first"
    )
    await sim.until(confirmed(sim))


async def test_refused_delivery_comes_again(
    sim: Simulator, wati: Person, call: Caller, server: BotServer
) -> None:
    """A 500 brings the same update again, at once, then after 2, 4 … s; other chats go on; the error is told."""
    await call("setWebhook", url=server.url)
    [poison] = sim.say(wati.id, "racun").update_ids
    server.reply = lambda update: web.Response(status=500 if update["update_id"] == poison else 200)
    assert await server.until(2) == [poison, poison]
    other = sim.add_person("Dedi")
    [fine] = sim.say(other.id, "Halo").update_ids
    await server.until(3)
    await failures(sim, 2)
    assert [update["update_id"] for update in server.seen].count(poison) == 2
    sim.advance(2)
    assert await server.until(4) == [poison, poison, fine, poison]
    _, info = await call("getWebhookInfo")
    assert (
        info["result"]["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    )
    assert info["result"]["pending_update_count"] == 1


async def test_order_within_a_chat(sim: Simulator, wati: Person, call: Caller, server: BotServer) -> None:
    """The second message of a chat is posted only after the first got its 2xx; other chats do not wait."""
    await call("setWebhook", url=server.url)
    other = sim.add_person("Dedi")
    queue = sim.world.queues[sim.bot_id()]
    server.held[queue.state.next_id] = asyncio.Event()
    first, second = [sim.say(wati.id, word).update_ids[0] for word in ("satu", "dua")]
    [third] = sim.say(other.id, "tiga").update_ids
    assert set(await server.until(2)) == {first, third}
    server.held.pop(first).set()
    assert (await server.until(3))[2] == second


async def test_connections_are_limited(sim: Simulator, call: Caller, server: BotServer) -> None:
    """With max_connections=1, chats wait for each other."""
    await call("setWebhook", url=server.url, max_connections=1)
    people = [sim.add_person(name) for name in ("Wati", "Dedi")]
    server.held[sim.world.queues[sim.bot_id()].state.next_id] = asyncio.Event()
    first, second = [sim.say(person.id, "Halo").update_ids[0] for person in people]
    assert await server.until(1) == [first]
    server.held.pop(first).set()
    assert await server.until(2) == [first, second]


async def test_no_answer_for_a_minute(sim: Simulator, wati: Person, call: Caller, server: BotServer) -> None:
    """After 60 s of virtual time without an answer the update is posted again."""
    await call("setWebhook", url=server.url)
    queue = sim.world.queues[sim.bot_id()]
    server.held[queue.state.next_id] = asyncio.Event()
    [update_id] = sim.say(wati.id, "Halo").update_ids
    await server.until(1)
    server.held.pop(update_id)
    sim.advance(60)
    assert await server.until(2) == [update_id] * 2
    assert sim.world.accounts[sim.bot_id()].webhook.last_error == "Read timeout expired"  # type: ignore[union-attr]


@pytest.mark.parametrize("form", ["json", "multipart"])
async def test_answer_with_a_method(
    sim: Simulator, wati: Person, call: Caller, server: BotServer, form: str
) -> None:
    """A 2xx whose body names a method is executed as a call; get* is ignored."""
    wanted = {"method": "sendMessage", "chat_id": str(wati.id), "text": "Terima kasih"}

    def spoken(_: object) -> web.Response:
        if form == "json":
            return web.json_response(wanted)
        return web.Response(body=FormData(wanted, default_to_multipart=True)())

    server.reply = spoken
    await call("setWebhook", url=server.url)
    sim.say(wati.id, "Halo")
    await sim.until(lambda: sim.journal(method="sendMessage"))
    assert sim.chat(wati.id)["messages"][-1]["text"] == "Terima kasih"
    wanted["method"] = "getMe"
    sim.say(wati.id, "Halo")
    await sim.until(confirmed(sim))
    assert sim.journal(method="getMe") == []


async def test_retry_after_of_the_bot_is_honoured(
    sim: Simulator, wati: Person, call: Caller, server: BotServer
) -> None:
    """A Retry-After header of the bot's server is waited for."""
    server.reply = lambda _: web.Response(status=503, headers={"Retry-After": "100"})
    await call("setWebhook", url=server.url)
    sim.say(wati.id, "Halo")
    await failures(sim, 1)
    sim.advance(99)
    assert len(server.seen) == 1
    sim.advance(1)
    await server.until(2)


async def test_pending_updates(sim: Simulator, wati: Person, client: Client, server: BotServer) -> None:
    """What waits is delivered after setWebhook, stays after deleteWebhook, and goes with drop_pending_updates."""
    server.reply = lambda _: web.Response(status=500)
    sim.say(wati.id, "Halo")
    await client.set_webhook(server.url)
    await server.until(1)
    await client.delete_webhook()
    [update] = await client.get_updates(timeout=0)
    assert update.message.text == "Halo"
    await client.set_webhook(server.url, drop_pending_updates=True)
    assert (await client.get_webhook_info()).pending_update_count == 0


async def test_words_of_set_and_delete(call: Caller, server: BotServer) -> None:
    """SetWebhook and deleteWebhook say whether they changed anything."""
    methods = ("setWebhook", "setWebhook", "deleteWebhook", "deleteWebhook")
    answers = [await call(method, url=server.url) for method in methods]
    assert [body["description"] for _, body in answers] == [
        "Webhook was set",
        "Webhook is already set",
        "Webhook was deleted",
        "Webhook is already deleted",
    ]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://suara.id/", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://suara.id:8080/", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("https://127.0.0.1/", "bad webhook: IP address 127.0.0.1 is reserved"),
    ],
)
async def test_strict_mode(sim: Simulator, call: Caller, url: str, words: str) -> None:
    """In strict mode an address is checked as at api.telegram.org; otherwise as with --local."""
    sim.world.strict = True
    status, body = await call("setWebhook", url=url)
    assert (status, body["description"]) == (400, f"Bad Request: {words}")


async def test_bad_secret_and_bad_address(call: Caller) -> None:
    """A secret with other characters and an address that is none are refused."""
    answers = [
        await call("setWebhook", url="http://a.id", secret_token="a b"),
        await call("setWebhook", url="https://a:b"),
    ]
    assert [body["description"] for _, body in answers] == [
        "Bad Request: secret token contains unallowed characters",
        "Bad Request: invalid webhook URL specified",
    ]


async def test_set_webhook_ends_a_poll(sim: Simulator, call: Caller, server: BotServer) -> None:
    """A waiting getUpdates ends with 409 when a webhook is set."""
    task = asyncio.ensure_future(call("getUpdates", timeout=30))
    await sim.until(sim.polling)
    await call("setWebhook", url=server.url)
    assert (await task)[1]["description"] == "Conflict: terminated by setWebhook request"
