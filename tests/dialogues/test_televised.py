"""Every dialogue on the whole bot over HTTP, through one client library or both; three of them on PostgreSQL too."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.script import heading
from bot.setting_readers import zone_of
from tests.dialogues import files
from tests.dialogues.conftest import MakeHome
from tests.dialogues.player import begin, play
from tests.dialogues.televised import Library, televised

pytestmark = [
    pytest.mark.slow,  # `make test` plays them at the first height; this one is part of `make check`
    pytest.mark.no_cover,  # every line of theirs is counted there
]

LIBRARIES: Final[tuple[Library, Library]] = ("aiogram", "ptb")
PLAYS: Final = [
    pytest.param(name, library, id=f"{name}-{library}")
    for number, name in enumerate(files.NAMES)
    for library in (LIBRARIES if name in files.PERSONAS else (LIBRARIES[number % 2],))
]
"""The stories of the eleven people through both libraries, the others through one in turn.

That both do the same with each call and update is what tests/transport asks.
"""

ON_POSTGRES = ("usulan-dengan-tulisan", "setahun", "hapus-data")


async def check(name: str, library: Library, house: Engine, make_home: MakeHome) -> None:
    """Play it; the text is the one that the rehearsal keeps up to date."""
    story = files.story(name)
    region = heading(story[-1], "kabupaten", "18.07")
    language = heading(story[-1], "bahasa", "id")
    zone = ZoneInfo(zone_of(region))
    start = begin(story[0], zone)
    async with televised(library, start, lambda clock: make_home(house, clock, region), language) as stage:
        played = await play(story, stage, zone)
    if changed := files.difference(name, played):
        pytest.fail(changed, pytrace=False)


@pytest.mark.parametrize(("name", "library"), PLAYS)
async def test_over_http(name: str, library: Library, sqlite_house: Engine, make_home: MakeHome) -> None:
    """The bot says over HTTP what it says in the rehearsal, whichever library carries it."""
    await check(name, library, sqlite_house, make_home)


@pytest.mark.parametrize("name", ON_POSTGRES)
async def test_over_http_on_postgres(name: str, postgres_house: Engine, make_home: MakeHome) -> None:
    """So it does on the other engine."""
    await check(name, "aiogram", postgres_house, make_home)
