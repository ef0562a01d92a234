"""What a shared phone shows after "Hapus percakapan": nothing of what was said, on either side."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.script import Entry, heading, read_script
from bot.setting_readers import zone_of
from tests.dialogues.conftest import MakeHome
from tests.dialogues.player import begin, play
from tests.dialogues.televised import Library, televised

pytestmark = pytest.mark.slow

STORY = """\
@ 2026-01-12 09:00

Rina: /start
Rina: jalan rusak di depan sekolah
Rina: (suara 5 detik)
Rina: /bersihkan
Rina: ya
+ 1 menit
"""


@pytest.mark.parametrize("library", ["aiogram", "ptb"])
async def test_the_phone_shows_only_that_it_is_done(
    library: Library, sqlite_house: Engine, make_home: MakeHome
) -> None:
    """Both sides' messages are gone (Bot API, deleteMessages); what remains tells nothing."""
    script: list[Entry] = read_script(STORY)
    zone = ZoneInfo(zone_of(heading(script, "kabupaten", "18.07")))
    start = begin(script, zone)
    async with televised(library, start, lambda clock: make_home(sqlite_house, clock), "id") as stage:
        await play([script], stage, zone)
        left = [
            message.wire.get("text", "")
            for messages in stage.simulator.world.messages.values()
            for message in messages.values()
            if not message.deleted
        ]
    assert [text.partition(".")[0] for text in left] == ["Selesai"]
