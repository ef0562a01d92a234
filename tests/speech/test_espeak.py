"""The voice speaks in a process of its own, and whatever goes wrong there is one kind of fault."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from bot import espeak
from bot.espeak import Espeak, Voiceless, find_voice
from bot.speech import from_wav
from tests.speech.tones import tone

PROGRAM = f"#!{sys.executable}\n"


def program(folder: Path, body: str) -> Path:
    path = folder / "espeak-ng"
    path.write_text(PROGRAM + body)
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return path


def library() -> Espeak:
    return Espeak((sys.executable, "-m", "bot.espeak"))


def test_the_library_of_the_wheel_speaks_indonesian() -> None:
    """A longer text takes longer, and it is not silence."""
    short, long = (from_wav(library().speak(text)) for text in ("Halo.", "Halo. Ini layanan usulan warga."))
    assert 0.3 < short.seconds < 2 < long.seconds < 6
    assert any(long.samples)


def test_debians_program_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for Indonesian, slowly, in UTF-8, from standard input to standard output."""
    path = program(tmp_path, "import sys; sys.stdout.write(repr(sys.argv[1:]) + sys.stdin.read())")
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = find_voice()
    assert voice is not None
    assert voice.command[0] == str(path)
    assert voice.speak("Ya") == b"['-v', 'id', '-s', '125', '-b', '1', '--stdin', '--stdout']Ya"


def test_without_the_program_the_library_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes with Suara's own packages."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_voice() == library()


def test_without_either_there_is_no_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No error: text alone is sent."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(espeak, "LOADER", "no_such_package")
    assert find_voice() is None


@pytest.mark.parametrize("body", ["import sys; sys.exit(3)", "import os; os.abort()"])
def test_a_program_that_fails_is_voiceless(tmp_path: Path, body: str) -> None:
    """Whether it leaves with an error or dies."""
    with pytest.raises(Voiceless):
        Espeak((str(program(tmp_path, body)),)).speak("Halo")


def test_a_program_that_is_not_there_is_voiceless(tmp_path: Path) -> None:
    """It was removed while the bot ran."""
    with pytest.raises(Voiceless):
        Espeak((str(tmp_path / "espeak-ng"),)).speak("Halo")


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a voice for ever."""
    monkeypatch.setattr(espeak, "PATIENCE", 0.2)
    with pytest.raises(Voiceless):
        Espeak((str(program(tmp_path, "import threading; threading.Event().wait()")),)).speak("Halo")


def test_no_more_than_so_much_is_given_to_it(tmp_path: Path) -> None:
    """Bounded on the way in: what comes out is then bounded too."""
    voice = Espeak((str(program(tmp_path, "import sys; sys.stdout.write(str(len(sys.stdin.read())))")),))
    assert voice.speak("a" * 100_000) == str(espeak.LONGEST).encode()


def test_what_is_no_text_is_spoken_all_the_same() -> None:
    """A lone surrogate cannot be written as UTF-8; the rest is said."""
    assert from_wav(library().speak("Halo \ud800 warga")).seconds > 0.5


def test_the_fake_voice_hums_for_as_long_as_it_says() -> None:
    """Tests lean on it."""
    assert from_wav(tone(1.5)).seconds == pytest.approx(1.5, abs=0.001)
