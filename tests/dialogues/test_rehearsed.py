"""Every dialogue on the turn in the real database, on both engines, each update delivered twice."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.phones import Phones
from bot.rehearsal import Rehearsal, StoppedClock
from bot.script import heading
from bot.setting_readers import zone_of
from tests.dialogues import files
from tests.dialogues.conftest import MakeHome
from tests.dialogues.player import begin, play
from tests.dialogues.rehearsed import RehearsedStage


@pytest.mark.parametrize("name", files.NAMES)
async def test_dialogue(name: str, house: Engine, make_home: MakeHome, rewriting: bool) -> None:
    """The bot answers as the file says, though everything reaches it twice."""
    story = files.story(name)
    region = heading(story[-1], "kabupaten", "18.07")
    zone = ZoneInfo(zone_of(region))
    clock = StoppedClock(begin(story[0], zone))
    phones = Phones(heading(story[-1], "bahasa", "id"))
    stage = RehearsedStage(Rehearsal(make_home(house, clock, region), clock, 2, phones))
    played = await play(story, stage, zone)
    if rewriting and house.dialect.name == "sqlite":  # the other engine and the wire are compared with it
        files.rewrite(name, played)
    elif changed := files.difference(name, played):
        pytest.fail(changed, pytrace=False)
