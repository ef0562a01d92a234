"""What is heard on a recording, and what is wrong with one: decided by the sound itself, on real encoders' output."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.recordings import Fault, fault_of
from tests import recordings

PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/hostname\n"


def judged(folder: Path, data: bytes, kind: str = "voice", told: int = 0) -> Fault:
    """What is wrong with these bytes."""
    path = folder / "recording"
    path.write_bytes(data)
    return fault_of(path, kind, told)


@pytest.mark.parametrize("level", [-10, -20, -30, -40, -45])
def test_a_tone_as_loud_as_speech_is_heard(tmp_path: Path, level: int) -> None:
    """Far speech lies near -40 dBFS."""
    assert judged(tmp_path, recordings.voice_note(2, "tone", level)) == ""


@pytest.mark.parametrize("level", [-52, -60, -70])
def test_what_is_as_quiet_as_an_empty_room_is_silent(tmp_path: Path, level: int) -> None:
    assert judged(tmp_path, recordings.voice_note(2, "tone", level)) == "silent"


def test_noise_as_loud_as_speech_is_heard_and_hiss_is_not(tmp_path: Path) -> None:
    """Nobody can tell wind from a whisper: what is loud is kept, and a person listens to it."""
    assert judged(tmp_path, recordings.voice_note(2, "noise", -20)) == ""
    assert judged(tmp_path, recordings.voice_note(2, "noise", -50)) == "silent"


@pytest.mark.parametrize("sound", ["silence", "click"])
def test_silence_and_a_single_bump_are_no_voice(tmp_path: Path, sound: recordings.Sound) -> None:
    assert judged(tmp_path, recordings.voice_note(3, sound)) == "silent"


@pytest.mark.parametrize("form", ["mp3", "m4a", "wav"])
def test_audio_files_of_every_kind_are_listened_to(tmp_path: Path, form: str) -> None:
    """No codec is refused that can be decoded (ux.md B2)."""
    assert judged(tmp_path, recordings.audio_file(form, 2), "audio") == ""
    assert judged(tmp_path, recordings.audio_file(form, 2, "silence"), "audio") == "silent"


@pytest.mark.parametrize("kind", ["video", "video_note"])
@pytest.mark.parametrize("sound", [None, "silence", "tone"])
def test_a_video_needs_no_sound(tmp_path: Path, kind: str, sound: recordings.Sound | None) -> None:
    """It may be sign language."""
    assert judged(tmp_path, recordings.film(3, sound), kind, told=3) == ""


def test_a_film_sent_as_a_voice_is_heard_and_one_without_sound_cannot_be(tmp_path: Path) -> None:
    assert judged(tmp_path, recordings.film(3, "tone"), "audio") == ""
    assert judged(tmp_path, recordings.film(3), "audio") == "unreadable"


def test_a_sound_sent_as_a_video_cannot_be_seen(tmp_path: Path) -> None:
    assert judged(tmp_path, recordings.voice_note(3), "video") == "unreadable"


@pytest.mark.parametrize(
    ("seconds", "fault"), [(0.5, "too_short"), (0.9, ""), (1, ""), (300.9, ""), (303, "too_long")]
)
def test_a_recording_lasts_one_second_to_five_minutes(tmp_path: Path, seconds: float, fault: Fault) -> None:
    """Telegram tells whole seconds, so the last one may be begun; what counts is what is on it, not what was told."""
    assert judged(tmp_path, recordings.voice_note(seconds), told=1) == fault


def test_a_film_over_five_minutes_is_too_long(tmp_path: Path) -> None:
    assert judged(tmp_path, recordings.film(303), "video", told=200) == "too_long"


@pytest.mark.parametrize(
    "data",
    [b"", b"ini bukan suara\n" * 50, b"OggS" + b"\0" * 24 + b"OpusHead" + b"\0" * 900, PLAYLIST, CONCAT],
    ids=["empty", "text", "header alone", "playlist", "list of files"],
)
@pytest.mark.parametrize("kind", ["voice", "video"])
def test_a_file_that_is_not_what_it_says_cannot_be_read(tmp_path: Path, data: bytes, kind: str) -> None:
    """Nor does a playlist lead to any other file of this computer."""
    assert judged(tmp_path, data, kind) == "unreadable"


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_a_recording_that_was_cut_off_cannot_be_read(tmp_path: Path, share: float) -> None:
    """Most of its words are not there: better asked again than half understood."""
    whole = recordings.voice_note(10)
    assert judged(tmp_path, whole[: int(len(whole) * share)], told=10) == "unreadable"


def test_a_film_that_was_cut_off_cannot_be_read(tmp_path: Path) -> None:
    whole = recordings.film(10, "tone")
    assert judged(tmp_path, whole[: len(whole) // 2], "video", told=10) == "unreadable"


def test_a_recording_that_lacks_its_last_moment_is_taken(tmp_path: Path) -> None:
    whole = recordings.voice_note(10)
    assert judged(tmp_path, whole[: int(len(whole) * 0.9)], told=10) == ""
