"""Files that people send: what came from the browser, and what Telegram's app makes of it (PyAV)."""

import io
from dataclasses import dataclass
from typing import cast

import av
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from simulator.errors import Refused

OPUS_RATE = 48_000  # samples per second, the only clock of Opus
BIT_RATE = 24_000  # bits per second, ample for speech
VOICE_MIME = "audio/ogg"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """One file with the name and MIME type that the browser told, and how it is to be sent.

    `duration` in seconds (None: measure it); `group` is the album that it belongs to.
    """

    name: str
    mime_type: str
    data: bytes
    duration: int | None = None
    caption: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Measures:
    """What a player would show: whole seconds, pixels."""

    duration: int = 0
    width: int = 0
    height: int = 0


def is_opus(data: bytes) -> bool:
    """Whether these bytes are OGG with Opus, which is what Telegram keeps as a voice note."""
    return data[:4] == b"OggS" and b"OpusHead" in data[:256]


def sound_type(data: bytes) -> str | None:
    """The MIME type of what sendVoice shows as a voice note: OGG/Opus, MP3 or M4A; None for anything else."""
    if is_opus(data):
        return VOICE_MIME
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and data[1:2] >= b"\xe0"):
        return "audio/mpeg"
    return "audio/mp4" if data[4:8] == b"ftyp" else None


def reading(data: bytes) -> InputContainer:
    """The bytes opened by FFmpeg; av.error.FFmpegError when it does not know them."""
    return cast("InputContainer", av.open(io.BytesIO(data)))


def to_voice(data: bytes) -> bytes:
    """OGG/Opus, mono. OGG/Opus stays byte-identical; anything else that has sound is converted, else Refused."""
    if is_opus(data):
        return data
    try:
        return _converted(data)
    except (av.error.FFmpegError, IndexError, ValueError):
        raise Refused("This is not a recording that can be read as sound.") from None


def _converted(data: bytes) -> bytes:
    target = io.BytesIO()
    with reading(data) as source, av.open(target, "w", format="ogg") as sink:
        stream = sink.add_stream("libopus", rate=OPUS_RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        resampler = AudioResampler(format="s16", layout="mono", rate=OPUS_RATE)
        for frame in source.decode(source.streams.audio[0]):
            for piece in resampler.resample(frame):
                sink.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            sink.mux(stream.encode(piece))
        sink.mux(stream.encode(None))
    return target.getvalue()


def measure(data: bytes) -> Measures:
    """Duration and size of sound, film or picture; zeros for what cannot be read."""
    try:
        with reading(data) as source:
            picture = source.streams.video[0] if source.streams.video else None
            seconds = _seconds(source)
            width, height = (picture.width, picture.height) if picture else (0, 0)
            return Measures(seconds, width, height)
    except (av.error.FFmpegError, ValueError):
        return Measures()


def _seconds(source: "av.container.InputContainer") -> int:
    known = source.duration / av.time_base if source.duration else 0.0
    return max(round(known), 1) if known > 0 else 0
