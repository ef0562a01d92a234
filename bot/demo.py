"""The demo: a Telegram on this computer and the bot beside it, as two child processes that leave with it.

Everything lies in one folder, by default `var/demo`: the settings (with keys and a token made for it), the
database, the media, the simulator's state and the logs. Nothing of `.env` or of the environment is used.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
from cryptography.fernet import Fernet
from dotenv import dotenv_values

from bot.children import Process, child, free_port, held, stop_signal, until_answers, until_stopped
from bot.demo_guests import WHO, invite_guests
from bot.refusal import Refusal
from bot.settings import load, names

HOST: Final = "127.0.0.1"
"""The demo is for the person at this computer: nobody else can reach it."""

BEGINS: Final = "2026-01-12T09:00:00+07:00"
"""A Monday in the season of proposals, four weeks before the sessions of data/meetings_18_07.csv."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo lives: its folder, the port of the chat page, the port of the bot's health."""

    folder: Path
    page: int
    health: int

    @property
    def address(self) -> str:
        """The chat page; below it, the Bot API and the simulator's control API."""
        return f"http://{HOST}:{self.page}"

    @property
    def settings(self) -> Path:
        """The settings file of the demo, for `suara --settings`."""
        return self.folder / "settings.env"

    def log(self, name: str) -> Path:
        """Where a part of the demo writes what it says."""
        return self.folder / f"{name}.log"


async def play(folder: Path, port: int) -> None:
    """Run the demo until a signal asks to stop. Raises Refusal when it cannot start or a part of it ends."""
    with held(folder / "lock") as lock:
        demo = Demo(folder, free_port(port), free_port(0))
        lock.write_text(running(demo), encoding="utf-8")
        token = write_settings(demo)
        stop = stop_signal()
        async with _simulator(demo, token) as simulator, _bot(demo) as bot:
            _say(welcome(demo, port))
            await until_stopped(stop, simulator, bot)
            _say("Stopping …")
    _say(f"Stopped. The data stays in {folder}; delete that folder to begin anew.")


def welcome(demo: Demo, wanted: int) -> str:
    """What is said when all runs: one address, and how to go on."""
    moved = f"Port {wanted} is taken; the page is on {demo.page}.\n" if demo.page != wanted else ""
    return (
        f"{moved}Suara is ready: {demo.address}\n{WHO}\n"
        "There it is Monday, 12 January 2026, at first; the page moves the clock on.\n"
        f"To decide about an aspiration, in another terminal: .venv/bin/suara --settings {demo.settings} decide --help\n"
        "Ctrl-C stops it."
    )


def running(demo: Demo) -> str:
    """What a second start from the same folder is told."""
    return f"The demo in {demo.folder} runs already: open {demo.address}, or stop it first (Ctrl-C, or kill {os.getpid()})."


def write_settings(demo: Demo) -> str:
    """Write the settings of this start, with the keys and the token of the first one; return the token."""
    kept = dotenv_values(demo.settings) if demo.settings.exists() else {}
    token = (
        kept.get("TELEGRAM_TOKEN") or f"{10**9 + secrets.randbelow(10**9)}:{secrets.token_urlsafe(32)[:35]}"
    )
    values = {
        "TELEGRAM_TOKEN": token,
        "DATA_KEYS": kept.get("DATA_KEYS") or Fernet.generate_key().decode("ascii"),
        "TELEGRAM_API_URL": demo.address,
        "CLOCK_URL": f"{demo.address}/sim/clock",
        "DATABASE_URL": f"sqlite:///{demo.folder / 'suara.sqlite'}",
        "MEDIA_DIR": str(demo.folder / "media"),
        "BACKUP_DIR": str(demo.folder / "backup"),
        "LISTEN": f"{HOST}:{demo.health}",
        "REGION": "18.07",
        "CONTACT_NAME": "Ibu Sari di Bappeda",
        "CONTACT_PHONE": "0725-000-000",
        "HOTLINE": "112",
        "NOTICE_DELAY": "5",
        "QUIET_HOURS": "none",
    }
    _write_private(demo.settings, "".join(f"{name}={_quoted(value)}\n" for name, value in values.items()))
    return token


async def add_people(address: str) -> None:
    """Let the people of simulator/people.json live in the simulator; those who do already are left alone."""
    people = json.loads(
        importlib.resources.files("simulator").joinpath("people.json").read_text(encoding="utf-8")
    )
    async with aiohttp.ClientSession(address, raise_for_status=True) as http:
        async with http.get("/sim/people") as answer:
            there = {person["id"] for person in await answer.json()}
        for person in people:
            if person["id"] not in there:
                async with http.post("/sim/people", json=person):
                    pass


@asynccontextmanager
async def _simulator(demo: Demo, token: str) -> AsyncIterator[Process]:
    place = ("--listen", f"{HOST}:{demo.page}", "--state", str(demo.folder / "simulator"))
    told = (*place, "--token", token, "--begin", BEGINS)
    async with _part(demo, "simulator", "-m", "simulator", *told) as process:
        await until_answers(f"{demo.address}/sim/clock", process, demo.log("simulator"))
        await add_people(demo.address)
        yield process


@asynccontextmanager
async def _bot(demo: Demo) -> AsyncIterator[Process]:
    program = ("-m", "bot", "--settings", str(demo.settings))
    async with _part(demo, "migrate", *program, "migrate") as migration:
        if await migration.wait():
            raise Refusal(f"The demo's database could not be made ready: see {demo.log('migrate')}.")
    await invite_guests(load(demo.settings, needs=["DATA_KEYS"]), demo.address)
    async with _part(demo, "bot", *program, "run") as process:
        await until_answers(f"http://{HOST}:{demo.health}/health", process, demo.log("bot"))
        yield process


def _part(demo: Demo, name: str, *arguments: str) -> AbstractAsyncContextManager[Process]:
    return child(arguments, environment(), demo.log(name))


def environment() -> Mapping[str, str]:
    """Our environment without any setting: the demo uses its own file alone."""
    settings = set(names())
    return {name: value for name, value in os.environ.items() if name.upper() not in settings}


def _write_private(path: Path, text: str) -> None:
    """Write what only this user may read; whatever happens meanwhile, the old file or the new one is there whole."""
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


def _quoted(value: str) -> str:
    """As python-dotenv reads it back: in single quotes, those inside escaped."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
