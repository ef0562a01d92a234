"""Listens to a recording before it is kept: is it one, how long is it, and is anything to be heard on it?

What arrives may be anything (a text file named .ogg, a playlist that names other files), so only the forms that
phones make are opened, from the bytes alone, and never more of it than five minutes. The thresholds are ours: tones
and noise of known loudness calibrate them in tests/house/test_recordings.py, people do not yet.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import log10, sqrt
from operator import mul
from pathlib import Path
from typing import Any, Final, Literal

import av

from conversations.readers import LONGEST_RECORDING, SHORTEST_RECORDING

Fault = Literal["", "too_short", "too_long", "silent", "unreadable"]

HEARD: Final = frozenset({"voice", "audio"})
"""Kinds of files on which something must be heard; a video without sound may be sign language."""

SEEN: Final = frozenset({"video", "video_note"})

FORMS: Final = "ogg,mov,mp4,m4a,3gp,3g2,mj2,mp3,aac,flac,wav,amr,matroska,webm,avi,asf,caf,aiff"
"""What is opened. Not among them: playlists (hls, concat, dash), which make FFmpeg open other files and addresses."""

RATE: Final = 8_000
"""Samples a second that are looked at: speech lies below 4 kHz."""

WINDOW: Final = RATE // 10
"""Samples of a tenth of a second."""

QUIETEST: Final = -50.0
"""dBFS. A tenth of a second below it is silence: a quiet room through a phone lies near -60, far speech near -40."""

FEWEST_WINDOWS: Final = 3
"""So many tenths of a second must be louder; a bump of the table alone is no voice."""

FULL_SCALE: Final = 32_768
LONGEST: Final = LONGEST_RECORDING + 1.0
"""Seconds; Telegram counts whole ones, so five minutes and a bit are five minutes."""

ROUNDED: Final = 0.2
"""Seconds that a recording of one second may lack: phones stop a little early."""

MISSING: Final = 0.5
"""A recording of which less than this share of the told length is there has been cut off."""

MOST_PIXELS: Final = 4096 * 2304
"""Of one picture; a larger one would need hundreds of megabytes."""

MOST_CHANNELS: Final = 8
FIRST_PICTURES: Final = 3
"""So many pictures of a video are decoded; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recording holds: `seconds` decoded, and in how many tenths of a second something is to be heard."""

    seconds: float
    loud: int


def fault_of(path: Path, kind: str, told: int = 0) -> Fault:
    """What is wrong with the recording in a file, "" for nothing. `told` is its length as Telegram tells it, seconds.

    Takes about a second of CPU for five minutes of sound: call it outside the event loop.
    """
    if kind not in HEARD | SEEN:
        return ""
    try:
        heard = _watched(path) if kind in SEEN else _listened(path)
    except (av.error.FFmpegError, ValueError, LookupError, ArithmeticError):
        return "unreadable"
    if told >= 2 * SHORTEST_RECORDING and heard.seconds < told * MISSING:
        return "unreadable"
    if heard.seconds < SHORTEST_RECORDING - ROUNDED:
        return "too_short"
    if heard.seconds > LONGEST:
        return "too_long"
    return "silent" if kind in HEARD and heard.loud < FEWEST_WINDOWS else ""


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The container; from a Python file and without protocols, so that it can lead FFmpeg nowhere else."""
    options = {"format_whitelist": FORMS, "protocol_whitelist": "none"}
    with path.open("rb") as file, av.open(file, options=options, metadata_errors="ignore") as source:
        yield source


def _listened(path: Path) -> Heard:
    """Decode the sound, at most a little more than five minutes of it. IndexError when there is none."""
    with _opened(path) as source:
        sound = source.streams.audio[0]
        if not 0 < sound.codec_context.channels <= MOST_CHANNELS:
            raise ValueError("not the channels of a recording")
        samples, loud = 0, 0
        for window in _windows(_frames(source, sound)):
            samples += len(window)
            loud += loudness(window) > QUIETEST
            if samples > (LONGEST + 1) * RATE:
                break
    return Heard(samples / RATE, loud)


def _frames(source: Any, sound: Any) -> Iterator[bytes]:
    """The sound as 16-bit samples of one channel."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    for frame in source.decode(sound):
        for piece in resampler.resample(frame):
            yield bytes(piece.planes[0])[: piece.samples * 2]
    for piece in resampler.resample(None):
        yield bytes(piece.planes[0])[: piece.samples * 2]


def _windows(frames: Iterator[bytes]) -> Iterator[array[int]]:
    waiting = array("h")
    for frame in frames:
        waiting.frombytes(frame)
        while len(waiting) >= WINDOW:
            yield waiting[:WINDOW]
            del waiting[:WINDOW]
    if waiting:
        yield waiting


def loudness(samples: array[int]) -> float:
    """The root mean square of 16-bit samples in dBFS; silence is far below everything."""
    mean = sum(map(mul, samples, samples)) / len(samples)
    return 20 * log10(max(sqrt(mean), 0.01) / FULL_SCALE)


def _watched(path: Path) -> Heard:
    """Decode the first pictures and count the length of the others. IndexError when there are none."""
    with _opened(path) as source:
        pictures = source.streams.video[0]
        size = pictures.codec_context.width * pictures.codec_context.height
        if not 0 < size <= MOST_PIXELS:
            raise ValueError("not the size of a video")
        seconds, decoded = 0.0, 0
        for packet in source.demux(pictures):
            if decoded < FIRST_PICTURES:
                decoded += len(packet.decode())
            if packet.pts is not None and packet.time_base is not None:
                seconds = max(seconds, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            if seconds > LONGEST:
                break
    if not decoded:
        raise ValueError("no picture can be seen")
    return Heard(seconds, 0)
