"""The doctor listens: a voice that is missing or mute is worth a look, a manifest that cannot be read is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import doctor_voice
from bot.doctor_voice import about_voice
from bot.media_catalogue import MANIFEST
from tests.speech.tones import MuteVoice, ToneVoice


@pytest.mark.parametrize(
    ("voice", "state"), [(ToneVoice(), "ok"), (MuteVoice(), "attention"), (None, "attention")]
)
def test_whether_there_is_a_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: object, state: str
) -> None:
    """It is tried, not only looked for; without one the bot runs all the same."""
    monkeypatch.setattr(doctor_voice, "find_voice", lambda: voice)
    assert about_voice(tmp_path).state == state


def test_a_manifest_that_cannot_be_read_keeps_the_bot_from_starting(tmp_path: Path) -> None:
    """So it is wrong, and named."""
    (tmp_path / MANIFEST).write_text("= nothing")
    found = about_voice(tmp_path)
    assert (found.state, MANIFEST in found.words) == ("wrong", True)
