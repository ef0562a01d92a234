"""Voices for tests: a tone as long as a text would take, without espeak-ng."""

from __future__ import annotations

import math
import struct
import wave
from dataclasses import dataclass, field
from io import BytesIO

from bot.espeak import Voiceless
from conversations.spoken import spoken_seconds

RATE = 22_050
"""Samples a second, as espeak-ng gives them."""


@dataclass
class ToneVoice:
    """A voice that hums, and remembers what it was asked to say."""

    said: list[str] = field(default_factory=list)

    def speak(self, text: str) -> bytes:
        """A WAV file as long as the text takes."""
        self.said.append(text)
        return tone(spoken_seconds(text))


class MuteVoice:
    """A voice that never speaks."""

    def speak(self, text: str) -> bytes:
        """Raises Voiceless."""
        raise Voiceless("mute")


def tone(seconds: float, loudness: float = 0.5, rate: int = RATE) -> bytes:
    """A WAV file of some 220 Hz, of one wave over and over: tests wait for no arithmetic."""
    length = rate // 220
    wave_ = [round(loudness * 32_767 * math.sin(2 * math.pi * at / length)) for at in range(length)]
    count = round(seconds * rate)
    samples = struct.pack(f"<{length}h", *wave_) * (count // length + 1)
    return wav(samples[: 2 * count], rate)


def wav(samples: bytes, rate: int = RATE, channels: int = 1) -> bytes:
    """A WAV file of these samples."""
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return file.getvalue()
