"""Voice notes are what Telegram shows as such: OGG/Opus, mono, under 1 MB, as long as they are said to be."""

from __future__ import annotations

import array
from io import BytesIO
from pathlib import Path

import pytest

from bot.speech import LARGEST, RATE, Sound, Unhearable, encode, from_file, from_wav, join, silence
from tests.speech.tones import tone, wav


def peak(sound: Sound) -> int:
    return max(abs(sample) for sample in array.array("h", sound.samples))


def test_a_voice_note_is_ogg_opus_with_one_channel() -> None:
    """The magic of the page, and OpusHead with its version and channel count (RFC 7845)."""
    content = encode(from_wav(tone(1))).content
    assert content[:4] == b"OggS"
    assert content[28:36] == b"OpusHead"
    assert content[37] == 1


@pytest.mark.parametrize("seconds", [0.02, 0.5, 3.333, 12.01])
def test_it_is_as_long_as_what_was_said(seconds: float) -> None:
    """Decoded again within 50 ms of the WAV file it was made from, and of what it says of itself."""
    note = encode(from_wav(tone(seconds)))
    heard = from_file(BytesIO(note.content)).seconds
    assert abs(heard - seconds) < 0.05
    assert abs(note.seconds - seconds) < 0.05


@pytest.mark.parametrize(("seconds", "whole"), [(0.2, 1), (1.4, 1), (8.87, 9), (44.6, 45)])
def test_the_duration_is_in_whole_seconds(seconds: float, whole: int) -> None:
    """As sendVoice takes it; never none."""
    assert encode(silence(seconds)).duration == whole


def test_the_longest_is_far_below_the_limit() -> None:
    """24 kbit/s: 45 seconds are some 150 kB, and Telegram shows a voice note up to 1 MB."""
    assert len(encode(from_wav(tone(45))).content) < LARGEST / 4


def test_nothing_is_clipped() -> None:
    """What was loud stays loud and whole; what was soft stays soft."""
    for loudness in (0.05, 0.7):
        heard = from_file(BytesIO(encode(from_wav(tone(1, loudness))).content))
        assert peak(heard) == pytest.approx(loudness * 32_767, rel=0.15)
        assert peak(heard) < 32_767


def test_sounds_are_joined_in_order() -> None:
    """One after the other, with nothing lost between."""
    sound = join([silence(0.5), from_wav(tone(1)), silence(0.25)])
    assert sound.seconds == pytest.approx(1.75, abs=0.001)
    assert not any(sound.samples[: RATE // 2])


def test_a_wav_file_from_a_pipe_is_as_long_as_what_came() -> None:
    """espeak-ng --stdout cannot know the length when it writes the head of the file."""
    content = bytearray(tone(1))
    content[4:8] = content[40:44] = (0x7FFFF000).to_bytes(4, "little")
    assert from_wav(bytes(content)).seconds == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all", wav(b"\0" * 400, channels=2)])
def test_what_is_no_wav_file_is_refused(content: bytes) -> None:
    """In words of our own, whatever a program puts out."""
    with pytest.raises(Unhearable):
        from_wav(content)


def test_what_cannot_be_decoded_is_refused(tmp_path: Path) -> None:
    """A text under the name of a recording; a file that is gone is the disk's fault."""
    (tmp_path / "menu.ogg").write_text("not a sound")
    with pytest.raises(Unhearable):
        from_file(tmp_path / "menu.ogg")
    with pytest.raises(FileNotFoundError):
        from_file(tmp_path / "gone.ogg")
