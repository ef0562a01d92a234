"""`suara recordings` on an installation: what is there, marking it, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.commands.migrate import migrate
from bot.commands.recordings import recordings
from bot.refusal import Refusal
from bot.settings import names
from bot.speech import encode, from_wav
from tests.speech.tones import tone

FILE = Path(".env")


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An installation that nobody has recorded anything for."""
    for name in names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    FILE.write_text(f"DATA_KEYS={Fernet.generate_key().decode()}\n")
    migrate(FILE)
    capsys.readouterr()


def record(seconds: float, name: str = "id/menu.ogg") -> None:
    path = Path("var/recordings") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(from_wav(tone(seconds))).content)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_nothing_is_recorded_and_that_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """Honestly so: every slot is missing."""
    recordings(FILE, "id")
    first, clips = told(capsys).splitlines()
    assert "0 recorded, 0 stale, 0 unmarked" in first
    assert "4 missing" in clips


def test_a_recording_counts_once_it_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    """Until then it is only a file."""
    record(3)
    recordings(FILE, "")
    assert "unmarked   id/menu.ogg" in told(capsys)
    recordings(FILE, "", mark=True)
    recordings(FILE, "id")
    assert "1 recorded, 0 stale, 0 unmarked" in told(capsys)


def test_a_stale_recording_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With exit code 1, so that a script can watch for it."""
    record(3)
    Path("var/recordings/manifest.toml").write_text('"id/menu.ogg" = "of another text"\n')
    with pytest.raises(Refusal, match="1 recordings are stale"):
        recordings(FILE, "")
    assert "stale      id/menu.ogg" in told(capsys)


def test_what_cannot_be_played_is_not_marked() -> None:
    """A text under the name of a sound, or a speech of two minutes."""
    record(46)
    with pytest.raises(Refusal, match="46 seconds"):
        recordings(FILE, "", mark=True)
    Path("var/recordings/id/menu.ogg").write_text("no sound")
    with pytest.raises(Refusal, match="no recording"):
        recordings(FILE, "", mark=True)
    assert not Path("var/recordings/manifest.toml").exists()
