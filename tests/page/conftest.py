"""A simulator, a bot and a headless Chromium for the tests of the chat page. One loop for each module."""

import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

from simulator.clock import FrozenClock
from simulator.server import Simulator
from tests.absent import missing, pytest_sessionfinish
from tests.page.bot import BOT, TOKEN, Bot, Json

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser is slow to start: the page is looked at in `make check`, not in `make test`."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


__all__ = ["pytest_sessionfinish"]

PEOPLE: list[Json] = json.loads((Path(__file__).parents[2] / "simulator" / "people.json").read_text())
WATI, DEDI, KARSO = (PEOPLE[index]["id"] for index in (0, 1, 4))
MORNING = datetime(2026, 2, 10, 2, 0, tzinfo=UTC).timestamp()  # a Tuesday, 09.00 WIB
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a camera and a microphone of the browser's own
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]

expect.set_options(timeout=10_000)


@dataclass(frozen=True)
class Desk:
    """The open page with what stands behind it."""

    page: Page
    bot: Bot
    sim: Simulator
    problems: list[str]

    def phone(self, name: str) -> Locator:
        """One person's phone."""
        return self.page.get_by_role("region", name=f"HP {name}", exact=True)

    def box(self, name: str) -> Locator:
        """The text box of that phone."""
        return self.phone(name).get_by_role("textbox", name=f"Tulis pesan sebagai {name}")

    def log(self, name: str) -> Locator:
        """The messages of that phone."""
        return self.phone(name).get_by_role("log")


def chromium() -> str:
    """Where Debian's chromium is; without it the test does not run (tests/absent.py)."""
    return shutil.which("chromium") or missing("chromium")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def sim() -> AsyncIterator[Simulator]:
    """A simulator whose people have all started the bot once, so that it may write to them."""
    async with Simulator(tokens=[TOKEN], clock=FrozenClock(at=MORNING)) as running:
        for person in PEOPLE:
            running.world.put_person(replace(running.add_person(**person), started=frozenset({BOT})))
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def bot(sim: Simulator) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield Bot(session, sim.url)


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser, sim: Simulator, bot: Bot) -> AsyncIterator[Desk]:
    """The page at a first visit (Bu Wati and Mas Dedi open); at the end it must have complained of nothing."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, locale="id-ID")
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.extend(complaint(message)))
    await page.goto(sim.url)
    await expect(page.locator("#connection")).to_have_text("Tersambung")
    yield Desk(page, bot, sim, problems)
    await context.close()
    assert problems == []


def complaint(message: ConsoleMessage) -> list[str]:
    """What the browser's console says against the page: errors, among them broken content rules (CSP)."""
    return [message.text] if message.type in {"error", "warning"} else []


@pytest.fixture
def morning() -> float:
    """The virtual time at which each test starts, in epoch seconds."""
    return MORNING
