"""A simulator whose time moves by hand, two clients, and a bare HTTP caller."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from simulator.clock import FrozenClock
from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.clients import CLIENTS, Client

TOKEN = "100200300:" + "a" * 35
OTHER = "100200301:" + "b" * 35

Caller = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    """Two bots, frozen time, nothing kept."""
    async with Simulator(tokens=[TOKEN, OTHER], clock=FrozenClock(), seed=7) as simulator:
        yield simulator


@pytest.fixture
def wati(sim: Simulator) -> Person:
    """A person who has started the first bot; the update of it is confirmed."""
    person = sim.add_person("Wati", language_code="id")
    sim.start(person.id)
    sim.world.queues[sim.bot_id()].clear()
    return sim.person(person.id)


@pytest.fixture(params=CLIENTS)
async def client(request: pytest.FixtureRequest, sim: Simulator) -> AsyncIterator[Client]:
    """The first bot through aiogram, and again through python-telegram-bot."""
    made = CLIENTS[request.param](TOKEN, sim.url)
    yield made
    await made.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A bare HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(sim: Simulator, http: aiohttp.ClientSession) -> Caller:
    """Calls a method of the first bot with a form; the HTTP status and the body."""

    async def post(method: str, token: str = TOKEN, **params: Any) -> tuple[int, dict[str, Any]]:
        form = {name: str(value) for name, value in params.items()}
        async with http.post(f"{sim.url}/bot{token}/{method}", data=form) as answer:
            return answer.status, await answer.json()

    return post
