"""Machine drafts through the real faster-whisper, with random numbers for a model: plumbing, never accuracy."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot.refusal import Refusal
from bot.stt import FILES, Whisper, open_transcriber, problems
from tests import recordings
from tests.stt.tiny_model import build

MOST_BYTES = 2 * 1024 * 1024


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model."""
    return build(tmp_path_factory.mktemp("stt") / "model")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection or asks for an address fails the test."""

    def refuse(*_given: Any, **_more: Any) -> NoReturn:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("kind", ["voice", "audio", "video"])
def test_sound_goes_in_and_text_comes_out(model: Path, tmp_path: Path, kind: str) -> None:
    data = {
        "voice": recordings.voice_note(3),
        "audio": recordings.audio_file("mp3", 3),
        "video": recordings.film(3, "tone"),
    }
    sound = tmp_path / "recording"
    sound.write_bytes(data[kind])
    transcriber = open_transcriber(model)
    assert transcriber is not None
    assert isinstance(transcriber.transcribe(sound), str)
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_the_model_is_read_once(model: Path, tmp_path: Path) -> None:
    sound = tmp_path / "recording"
    sound.write_bytes(recordings.voice_note(2))
    whisper = Whisper(model)
    assert whisper.transcribe(sound) == whisper.transcribe(sound)
    loaded = whisper._loaded
    whisper.transcribe(sound)
    assert whisper._loaded is loaded


def test_what_is_no_sound_is_an_error_and_no_text(model: Path, tmp_path: Path) -> None:
    sound = tmp_path / "recording"
    sound.write_bytes(b"no sound at all")
    with pytest.raises(Exception, match="Invalid data"):
        Whisper(model).transcribe(sound)


@pytest.mark.parametrize("name", FILES)
def test_a_model_that_is_not_whole_is_refused_before_anything_is_asked_of_the_network(
    model: Path, tmp_path: Path, name: str
) -> None:
    part = tmp_path / "part"
    part.mkdir()
    for file in FILES:
        if file != name:
            (part / file).write_bytes((model / file).read_bytes())
    assert len(problems(part)) == 1
    with pytest.raises(Refusal) as refusal:
        open_transcriber(part)
    assert name in refusal.value.sentences[0]


def test_a_whole_model_has_no_problems(model: Path) -> None:
    assert problems(model) == []
    assert sum(path.stat().st_size for path in model.iterdir()) < MOST_BYTES
