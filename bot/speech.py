"""Sound: what a voice or a recording says, joined, and written as Telegram's voice notes are (OGG/Opus, mono).

Samples are 16 bits, mono, 48,000 a second, as Opus has them; everything else is resampled on its way in.
"""

from __future__ import annotations

import wave
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Final

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

RATE: Final = 48_000
WIDTH: Final = 2
"""Bytes of a sample."""

BITS_A_SECOND: Final = 24_000
"""45 s are 135 kB; from 1 MB on Telegram shows a file instead of a voice note (python-telegram-bot, VOICE_NOTE_FILE_SIZE)."""

LARGEST: Final = 1_000_000
"""Bytes of a voice note."""

FRAME: Final = 960
"""Samples that Opus takes at once: 20 ms."""


class Unhearable(Exception):  # noqa: N818 - errors are named by what happened
    """A file holds no sound that can be decoded; the message says why."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples, 16 bits, mono, RATE a second."""

    samples: bytes = b""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / WIDTH / RATE


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """A voice note: an OGG file with Opus, and how long it is in seconds."""

    content: bytes
    seconds: float

    @property
    def duration(self) -> int:
        """Whole seconds, as sendVoice takes them: at least one."""
        return max(1, round(self.seconds))


def silence(seconds: float) -> Sound:
    """Nothing to hear for so long."""
    return Sound(bytes(WIDTH * round(seconds * RATE)))


def join(sounds: Iterable[Sound]) -> Sound:
    """One after the other."""
    return Sound(b"".join(sound.samples for sound in sounds))


def from_wav(content: bytes) -> Sound:
    """The sound of a WAV file of 16 bits, mono. Raises Unhearable.

    A program that writes to a pipe cannot know the length that stands at the start of the file: what follows counts.
    """
    try:
        with wave.open(BytesIO(content)) as file:
            if file.getsampwidth() != WIDTH or file.getnchannels() != 1:
                raise Unhearable("not 16 bits mono")
            rate, samples = file.getframerate(), file.readframes(len(content) // WIDTH)
    except (wave.Error, EOFError) as error:
        raise Unhearable(f"no WAV file ({error})") from None
    samples = samples[: len(samples) // WIDTH * WIDTH]
    return Sound(_resampled([_frame(samples, rate)])) if samples else Sound()


def from_file(file: Path | IO[bytes]) -> Sound:
    """The sound of any file that can be decoded. Raises Unhearable, and OSError for one that cannot be read."""
    try:
        with av.open(str(file) if isinstance(file, Path) else file, "r") as container:
            if not container.streams.audio:
                raise Unhearable("no sound in it")
            return Sound(_resampled(container.decode(audio=0)))
    except OSError:
        raise
    except av.error.FFmpegError as error:
        raise Unhearable(f"cannot be decoded ({type(error).__name__})") from None


def encode(sound: Sound) -> VoiceNote:
    """The sound as a voice note."""
    file = BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, options={"application": "voip"})
        stream.layout, stream.format, stream.bit_rate = "mono", "s16", BITS_A_SECOND
        for at in range(0, len(sound.samples), WIDTH * FRAME):
            frame = _frame(sound.samples[at : at + WIDTH * FRAME], RATE)
            frame.pts = at // WIDTH
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return VoiceNote(file.getvalue(), sound.seconds)


def _resampled(frames: Iterable[AudioFrame]) -> bytes:
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    samples = bytearray()
    for frame in (*frames, None):
        for out in resampler.resample(frame):
            samples += bytes(out.planes[0])[: WIDTH * out.samples]
    return bytes(samples)


def _frame(samples: bytes, rate: int) -> AudioFrame:
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples) // WIDTH)
    frame.rate = rate
    frame.planes[0].update(samples.ljust(frame.planes[0].buffer_size, b"\0"))
    return frame
