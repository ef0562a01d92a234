"""Recordings that tests make with the real encoders: a tone, noise, silence, with pictures or without."""

from __future__ import annotations

import io
from array import array
from functools import cache
from math import pi, sin
from random import Random
from typing import Any, Final, Literal

import av

Sound = Literal["tone", "noise", "silence", "click"]
RATE: Final = 48_000
"""Samples a second."""

FULL: Final = 32_767
"""The loudest sample of 16 bits: 0 dBFS."""

FRAME: Final = 960
SIDE: Final = 64
"""Pixels; every side of the pictures."""

PICTURES: Final = 5
"""Pictures a second."""


@cache
def voice_note(seconds: float, sound: Sound = "tone", level: float = -20.0) -> bytes:
    """OGG with Opus, as Telegram's voice notes are. `level` in dBFS (of a sine's peak)."""
    return _encoded("ogg", "libopus", seconds, sound, level)


@cache
def audio_file(form: Literal["mp3", "m4a", "wav"], seconds: float, sound: Sound = "tone") -> bytes:
    """An audio file, as somebody may send from another app."""
    container, codec = {
        "mp3": ("mp3", "libmp3lame"),
        "m4a": ("ipod", "aac"),
        "wav": ("wav", "pcm_s16le"),
    }[form]
    return _encoded(container, codec, seconds, sound, -20.0)


@cache
def film(seconds: float, sound: Sound | None = None) -> bytes:
    """An MP4 with pictures that move, and with sound if one is named."""
    return _encoded("mp4", "aac" if sound else "", seconds, sound or "silence", -20.0, pictures=True)


def _encoded(
    container: str, codec: str, seconds: float, sound: Sound, level: float, *, pictures: bool = False
) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format=container) as sink:
        seen = sink.add_stream("libx264", rate=PICTURES) if pictures else None
        heard = sink.add_stream(codec, rate=RATE, layout="mono") if codec else None
        if seen is not None:
            seen.width = seen.height = SIDE
            seen.pix_fmt = "yuv420p"
            _film(sink, seen, seconds)
        if heard is not None:
            _speak(sink, heard, _samples(seconds, sound, level))
    return target.getvalue()


def _film(sink: Any, stream: Any, seconds: float) -> None:
    for number in range(max(1, round(seconds * PICTURES))):
        frame = av.VideoFrame(SIDE, SIDE, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([(number * 3) % 256]) * plane.buffer_size)
        frame.pts = number
        sink.mux(stream.encode(frame))
    sink.mux(stream.encode(None))


def _speak(sink: Any, stream: Any, samples: array[int]) -> None:
    resampler = av.AudioResampler(
        format=stream.codec_context.format, layout="mono", rate=RATE, frame_size=stream.frame_size or FRAME
    )
    for at in range(0, len(samples), FRAME):
        piece = samples[at : at + FRAME]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(piece))
        frame.planes[0].update(piece.tobytes())
        frame.sample_rate, frame.pts = RATE, at
        for made in resampler.resample(frame):
            sink.mux(stream.encode(made))
    for made in resampler.resample(None):
        sink.mux(stream.encode(made))
    sink.mux(stream.encode(None))


def _samples(seconds: float, sound: Sound, level: float) -> array[int]:
    count, loudest = round(seconds * RATE), FULL * 10 ** (level / 20)
    match sound:
        case "silence":
            return array("h", bytes(2 * count))
        case "click":
            return array("h", [round(loudest)] * 200 + [0] * (count - 200))
        case "tone":
            second = array("h", (round(loudest * sin(2 * pi * 440 * n / RATE)) for n in range(RATE)))
        case "noise":
            random = Random(1)  # noqa: S311
            second = array("h", (round(random.uniform(-loudest, loudest)) for _ in range(RATE)))
    return (second * (count // RATE + 1))[:count]
