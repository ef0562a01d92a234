"""The webhook acknowledges what was accepted and nothing else, and lets nobody else in."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.transport import ALLOWED_UPDATES, open_transport
from bot.webhook import BATCH, BODY_BYTES, SECRET_HEADER, Batches, webhook_app
from simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    Client = TestClient[web.Request, web.Application]

SECRET = "s3cret_of-the-webhook"
KNOWN = {SECRET_HEADER: SECRET}


class House:
    """Takes what the webhook hands over; `gate` holds it back, `fault` makes it fail."""

    def __init__(self) -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self.spoilt: list[bytes] = []
        self.began = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.fault: Exception | None = None
        self.accepted: asyncio.Queue[list[int]] = asyncio.Queue()

    async def accept(self, updates: list[dict[str, Any]]) -> None:
        self.batches.append(updates)
        self.began.set()
        await self.gate.wait()
        if self.fault:
            raise self.fault
        self.accepted.put_nowait([update["update_id"] for update in updates])

    async def spoiled(self, body: bytes) -> None:
        if self.fault:
            raise self.fault
        self.spoilt.append(body)


@asynccontextmanager
async def client_of(house: House) -> AsyncIterator[Client]:
    app = webhook_app("/telegram", SECRET, house.accept, house.spoiled)
    async with TestClient(TestServer(app)) as client:
        yield client


async def post(client: Client, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    async with client.post(
        "/telegram", data=io.BytesIO(body), headers=KNOWN if headers is None else headers
    ) as answer:
        return answer.status, await answer.text()


def update(number: int) -> bytes:
    return json.dumps({"update_id": number}).encode()


async def test_an_update_is_acknowledged_when_it_was_accepted_not_before() -> None:
    house = House()
    house.gate.clear()
    async with client_of(house) as client:
        answer = asyncio.create_task(post(client, update(1)))
        await house.began.wait()
        assert not answer.done()
        house.gate.set()
        assert await answer == (200, "")
    assert house.batches == [[{"update_id": 1}]]


async def test_what_was_not_accepted_is_not_acknowledged(caplog: pytest.LogCaptureFixture) -> None:
    """Telegram then delivers it again. The log names the kind of fault, not its words: they may quote people."""
    house = House()
    house.fault = OSError("disk full while storing Siti's words")
    async with client_of(house) as client:
        with caplog.at_level(logging.DEBUG):
            assert await post(client, update(1)) == (503, "")
        house.fault = None
        assert await post(client, update(1)) == (200, "")
    assert [record.__dict__.get("error") for record in caplog.records if record.name == "bot.webhook"] == [
        "OSError"
    ]
    assert "Siti" not in caplog.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {SECRET_HEADER: ""},
        {SECRET_HEADER: SECRET[:-1]},
        {SECRET_HEADER: SECRET + "x"},
        {SECRET_HEADER: "rahasía"},
    ],
    ids=["none", "empty", "shorter", "longer", "not ASCII"],
)
async def test_without_the_secret_nothing_is_read_or_told(headers: dict[str, str]) -> None:
    house = House()
    async with client_of(house) as client:
        assert await post(client, update(1), headers) == (401, "")
    assert (house.batches, house.spoilt) == ([], [])


@pytest.mark.parametrize("secret", ["", "with space", "a" * 257, "pipe|", "é"])
def test_a_secret_that_telegram_would_not_take_is_refused(secret: str) -> None:
    house = House()
    with pytest.raises(ValueError, match="secret"):
        webhook_app("/telegram", secret, house.accept, house.spoiled)


UNREADABLE = [b"", b"not JSON", b"[1]", b"{}", b'{"update_id": "7"}', b"\xff\xfe", b"[" * 100_000]


@pytest.mark.parametrize("body", UNREADABLE, ids=[repr(body[:20]) for body in UNREADABLE])
async def test_an_unreadable_body_is_kept_whole_and_acknowledged(body: bytes) -> None:
    """Refused, it would come again for 24 hours and hold up its chat."""
    house = House()
    async with client_of(house) as client:
        assert await post(client, body) == (200, "")
    assert (house.batches, house.spoilt) == ([], [body])


async def test_an_unreadable_body_that_cannot_be_kept_is_not_acknowledged() -> None:
    house = House()
    house.fault = OSError("disk full")
    async with client_of(house) as client:
        assert await post(client, b"not JSON") == (503, "")


async def test_an_odd_update_is_handed_over_raw() -> None:
    house = House()
    odd = {"update_id": 1, "message": {"forward_origin": {"type": "hidden_user"}}, "of_tomorrow": [1]}
    async with client_of(house) as client:
        assert await post(client, json.dumps(odd).encode()) == (200, "")
    assert house.batches == [[odd]]


@pytest.mark.parametrize(("size", "status"), [(BODY_BYTES, 200), (BODY_BYTES + 1, 413)])
async def test_a_body_is_bounded(size: int, status: int) -> None:
    house = House()
    body = update(1) + b" " * (size - len(update(1)))
    async with client_of(house) as client:
        assert (await post(client, body))[0] == status
    assert len(house.batches) == (1 if status == 200 else 0)


async def test_a_body_without_a_length_is_bounded_too() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * (BODY_BYTES // 2)

    house = House()
    async with (
        client_of(house) as client,
        client.post("/telegram", data=endless(), headers=KNOWN) as answer,
    ):
        assert answer.status == 413
    assert (house.batches, house.spoilt) == ([], [])


async def test_updates_that_wait_together_are_handed_over_together_in_order() -> None:
    """While one batch is accepted the next gathers, at most 32: one transaction serves them."""
    house = House()
    house.gate.clear()
    batches = Batches(house.accept)
    async with asyncio.TaskGroup() as posts:
        posts.create_task(batches.add({"update_id": 0}))
        await house.began.wait()
        for number in range(1, BATCH + 4):
            posts.create_task(batches.add({"update_id": number}))
        house.gate.set()
    numbers = [[one["update_id"] for one in batch] for batch in house.batches]
    assert numbers == [[0], list(range(1, BATCH + 1)), [BATCH + 1, BATCH + 2, BATCH + 3]]


async def test_a_post_given_up_does_not_hold_back_the_others() -> None:
    house = House()
    house.gate.clear()
    batches = Batches(house.accept)
    given_up, kept = [asyncio.create_task(batches.add({"update_id": number})) for number in (1, 2)]
    await house.began.wait()
    given_up.cancel()
    house.gate.set()
    await kept
    assert given_up.cancelled()


async def test_a_failed_batch_fails_each_of_its_posts_and_only_those() -> None:
    house = House()
    house.gate.clear()
    house.fault = OSError("disk full")
    async with client_of(house) as client:
        first = asyncio.create_task(post(client, update(0)))
        await house.began.wait()
        others = [asyncio.create_task(post(client, update(number))) for number in (1, 2)]
        house.gate.set()
        assert [status for status, _ in await asyncio.gather(first, *others)] == [503, 503, 503]
        house.fault = None
        assert await post(client, update(3)) == (200, "")


async def test_another_path_or_verb_is_not_served() -> None:
    house = House()
    async with client_of(house) as client:
        async with client.post("/other", data=update(1), headers=KNOWN) as answer:
            assert answer.status == 404
        async with client.get("/telegram", headers=KNOWN) as answer:
            assert answer.status == 405


async def test_telegram_delivers_again_what_was_not_accepted_and_once_what_was() -> None:
    """Against the simulator: its first delivery meets a fault of the house, a later one is accepted."""
    house = House()
    house.fault = OSError("disk full")
    app = webhook_app("/telegram", SECRET, house.accept, house.spoiled)
    token = "123456789:" + "A" * 35
    async with Simulator(tokens=[token], seed=1) as sim, TestServer(app) as server:
        transport = open_transport("ptb", token, sim.url)
        siti = sim.add_person("Siti").id
        address = {"url": str(server.make_url("/telegram")), "secret_token": SECRET}
        await transport.call("setWebhook", {**address, "allowed_updates": ALLOWED_UPDATES})
        sim.say(siti, "jalan rusak")
        await house.began.wait()
        house.fault = None
        again = await house.accepted.get()
        later = sim.say(siti, "di Sekampung").update_ids
        assert await house.accepted.get() == later
        await transport.close()
    assert [batch[0]["update_id"] for batch in house.batches] == [*again, *again, *later]
