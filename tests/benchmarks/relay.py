"""Facilitators forward thirty voices each while residents talk, on the whole program with its worker and the simulator.

What is measured: how long after the quiet window the one reply of a batch comes, how long residents wait for theirs
meanwhile, and that every voice was fetched by the worker: no download stands in a turn.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import Any, Final

from cryptography.fernet import Fernet

from bot.house import furnish
from bot.settings import Settings, load
from conversations.flows.relay_batch import GATHERING
from simulator.media import Elsewhere
from simulator.people import Message
from simulator.server import Simulator
from simulator.uploads import VOICE_MIME, Uploaded
from storage.actor import Staff
from storage.invitations import Offer, invite
from storage.rules import Scene
from tests.benchmarks.crowd import percentiles
from tests.benchmarks.home import prepare
from tests.benchmarks.load import UNPACED, free_port
from tests.benchmarks.processes import program, settings_file
from tests.page.playing import recording

TOKEN: Final = "424242424:" + "A" * 35  # the simulator takes only well-formed ones
VOICES: Final = 30
ORIGINS: Final = ("user", "hidden_user", "chat", "channel")
QUIET: Final = GATHERING.total_seconds()
WITHIN: Final = 60.0
"""Seconds that a reply is waited for."""

APART: Final = 1.3
"""Seconds between two facilitators, so that their windows do not end together."""

BETWEEN: Final = 0.03
"""Seconds between two voices that were marked and forwarded together."""

AFTER: Final = 20.0
"""Seconds for which residents go on talking once the batches were answered, and files are fetched."""


@dataclass(frozen=True, slots=True)
class Batches:
    """What was measured; milliseconds. `late` is beyond the quiet window."""

    facilitators: int
    late: list[float]
    resident: list[float]
    turns: int
    files: int


@dataclass(slots=True)
class Phones:
    """The phones in the simulator, and when the bot's last message came to each."""

    simulator: Simulator
    heard: dict[int, float] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Note each message of the bot as it arrives, until cancelled."""
        async for note in self.simulator.world.events.follow(0):
            if note["type"] == "message" and note.get("outgoing"):
                self.heard[note["chat"]] = time.monotonic()
                self._changed.set()

    async def reply(self, person: int, since: float) -> float:
        """When the person next hears something. Raises TimeoutError."""
        async with asyncio.timeout(WITHIN + QUIET):
            while self.heard.get(person, 0.0) < since:
                self._changed.clear()
                await self._changed.wait()
        return self.heard[person]

    async def write(self, person: int, text: str) -> float:
        """Write, and wait for the answer; how long it took, seconds."""
        since = time.monotonic()
        self.simulator.say(person, text)
        return await self.reply(person, since) - since

    async def press(self, person: int, value: str) -> None:
        """Press the newest button with this value in its payload once it is there, and wait for the answer."""
        async with asyncio.timeout(WITHIN):
            while (found := _button(self._messages(person), value)) is None:
                self._changed.clear()
                await self._changed.wait()
        message, payload = found
        since = time.monotonic()
        self.simulator.press(person, message, payload)
        await self.reply(person, since)

    def _messages(self, person: int) -> Iterable[Message]:
        return reversed(self.simulator.world.history(self.simulator.chat_of(person)).values())


def batches(folder: Path, facilitators: int, residents: int) -> Batches:
    """Let so many forward their voices at the same time, before so many residents who talk."""
    folder.mkdir()
    return asyncio.run(_batches(folder, facilitators, residents))


async def _batches(folder: Path, facilitators: int, residents: int) -> Batches:
    async with Simulator(tokens=[TOKEN], seed=1) as simulator:
        settings = _installed(folder, simulator.url)
        links = _links(settings, folder, facilitators)
        phones = Phones(simulator)
        listening = asyncio.create_task(phones.listen())
        with _bot(folder):
            await simulator.until(simulator.polling, WITHIN)
            found = await _measured(phones, links, residents)
        listening.cancel()
    return replace(found, files=_files(folder))


async def _measured(phones: Phones, links: list[str], residents: int) -> Batches:
    holders = await asyncio.gather(*(_facilitator(phones, link) for link in links))
    waits: list[float] = []
    talking = [asyncio.create_task(_talk(phones, waits)) for _ in range(residents)]
    voice = recording(2)
    relays = (_relay(phones, holder, voice, APART * place) for place, holder in enumerate(holders))
    late = await asyncio.gather(*relays)
    await asyncio.sleep(AFTER)
    for task in talking:
        task.cancel()
    return Batches(len(links), percentiles(list(late)), percentiles(waits), len(waits), 0)


async def _facilitator(phones: Phones, link: str) -> int:
    """Somebody who has accepted an invitation and opened a batch."""
    person = phones.simulator.add_person("Yuni", language_code="id").id
    await phones.write(person, f"/start u{link}")
    await phones.press(person, "yes")
    await phones.write(person, "/titip")
    return person


async def _relay(phones: Phones, person: int, voice: bytes, wait: float) -> float:
    """After a while forward the voices; seconds from the end of the quiet window to the one reply."""
    await asyncio.sleep(wait)
    for number in range(VOICES):
        elsewhere = Elsewhere(ORIGINS[number % len(ORIGINS)], f"Warga {number}")
        upload = Uploaded("suara.oga", VOICE_MIME, voice + f"{person}/{number}".encode(), 2)
        phones.simulator.forward(person, elsewhere, upload=upload)
        await asyncio.sleep(BETWEEN)
    last = time.monotonic()
    return await phones.reply(person, last) - last - QUIET


async def _talk(phones: Phones, waits: list[float]) -> None:
    """A resident who asks for one thing and another, a second apart."""
    person = phones.simulator.add_person("Wati", language_code="id").id
    await phones.write(person, "/start")
    while True:
        for words in ("jadwal", "privasi", "bantuan", "menu"):
            await asyncio.sleep(1)
            waits.append(await phones.write(person, words))


def _button(messages: Iterable[Message], value: str) -> tuple[int, str] | None:
    for message in messages:
        rows = message.wire.get("reply_markup", {}).get("inline_keyboard", [])
        for button in (button for row in rows for button in row):
            if value in button["callback_data"].split(":"):
                return message.id, button["callback_data"]
    return None


def _installed(folder: Path, url: str) -> Settings:
    values: Mapping[str, object] = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "DATABASE_URL": f"sqlite:///{folder}/suara.sqlite",
        "DATA_KEYS": Fernet.generate_key().decode(),
        "MEDIA_DIR": folder / "media",
        "BACKUP_DIR": folder / "backup",
        "LISTEN": f"127.0.0.1:{free_port()}",
        "SEND_RATE": UNPACED,
        "QUIET_HOURS": "none",
        "REGION": "18.07",
    }
    return load(settings_file(folder, values), needs=["TELEGRAM_TOKEN", "DATA_KEYS"])


def _links(settings: Settings, folder: Path, count: int) -> list[str]:
    """The tokens of so many invitations to the whole kabupaten."""
    engine = prepare(settings.database_url.get_secret_value(), settings, folder)
    offer = Offer(role="facilitator", scope=(settings.region,))
    with engine.begin() as connection:
        rules = furnish(connection, settings).rules
        scene = Scene(connection, Staff("bench", "bappeda"), datetime.now(UTC), rules)
        tokens = [invite(scene, offer, SystemRandom()).token for _ in range(count)]
    engine.dispose()
    return tokens


@contextmanager
def _bot(folder: Path) -> Iterator[Any]:
    command = ("-m", "bot", "--settings", str(folder / "settings.env"), "run")
    with program(command, folder / "bot.log") as process:
        yield process


def _files(folder: Path) -> int:
    return sum(1 for path in (folder / "media").rglob("*") if path.is_file())
