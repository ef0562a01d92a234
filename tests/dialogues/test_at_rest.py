"""Who is spoken for lies in no row in clear: while a facilitator tells of them, while it waits, and afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from bot.gestures import Gesture
from bot.phones import Phones
from bot.rehearsal import Rehearsal, StoppedClock
from bot.script import Answer, heading
from bot.setting_readers import zone_of
from storage.tables import Record
from tests.dialogues import files
from tests.dialogues.conftest import MakeHome
from tests.dialogues.player import begin, play
from tests.dialogues.rehearsed import RehearsedStage

SPOKEN_FOR = {"titip-satu-orang": "Ibu Siti", "warga-saya": "Ibu Siti"}
"""Dialogues, and who is named in them; their words, and the line that sums them up, do not name them."""


def rows(engine: Engine) -> str:
    """All rows of all tables as they are stored."""
    statements = [f"SELECT * FROM {table.name}" for table in Record.metadata.sorted_tables]  # noqa: S608
    with engine.begin() as connection:
        return "\n".join(repr(tuple(row)) for words in statements for row in connection.execute(text(words)))


@dataclass(slots=True)
class Watched(RehearsedStage):
    """A stage on which somebody looks into the database whenever somebody has done something."""

    engine: Engine | None = None
    name: str = ""
    looks: int = 0

    async def act(self, who: str, place: str, gesture: Gesture) -> list[Answer]:
        """As on any stage."""
        answers = await RehearsedStage.act(self, who, place, gesture)
        self._look()
        return answers

    async def wait(self, until: datetime) -> list[Answer]:
        """As on any stage."""
        answers = await RehearsedStage.wait(self, until)
        self._look()
        return answers

    def _look(self) -> None:
        assert self.engine is not None
        self.looks += 1
        found = [row for row in rows(self.engine).splitlines() if self.name in row]
        assert found == [], f"after {self.looks} looks"


@pytest.mark.parametrize("dialogue", SPOKEN_FOR)
async def test_nobody_who_is_spoken_for_is_named_in_any_row(
    dialogue: str, house: Engine, make_home: MakeHome
) -> None:
    story = files.story(dialogue)
    region = heading(story[-1], "kabupaten", "18.07")
    zone = ZoneInfo(zone_of(region))
    clock = StoppedClock(begin(story[0], zone))
    rehearsal = Rehearsal(make_home(house, clock, region), clock, 1, Phones("id"))
    stage = Watched(rehearsal, engine=house, name=SPOKEN_FOR[dialogue])
    played = await play(story, stage, zone)
    assert any(SPOKEN_FOR[dialogue] in str(line) for line in played)
    assert stage.looks > 20
