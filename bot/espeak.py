"""Speech by espeak-ng, always in a process of its own: it is GPL-3, Suara is not, and a fault in it stays there.

Debian's program `espeak-ng` where it is on PATH; otherwise the library of the wheel `espeakng-loader`, which this
module itself speaks through when it is run as a program (`python -m bot.espeak`): text comes in on standard input,
a WAV file goes out on standard output. Nothing of ours links to it.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import wave
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any, Final

VOICE: Final = "id"
WORDS_A_MINUTE: Final = 125
LONGEST: Final = 4_000
"""Characters that are spoken at once; ten times what a voice note holds."""

PATIENCE: Final = 20.0
"""Seconds that one text may take; a prompt takes a tenth of one."""

PROGRAM: Final = "espeak-ng"
LOADER: Final = "espeakng_loader"


class Voiceless(Exception):  # noqa: N818 - errors are named by what happened
    """There is no voice on this machine, or it did not speak; the message says which."""


@dataclass(frozen=True, slots=True)
class Espeak:
    """A voice: the command that reads text and writes a WAV file."""

    command: tuple[str, ...]

    def speak(self, text: str) -> bytes:
        """A WAV file of the text, 16 bits mono. Raises Voiceless."""
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command; the text goes in by standard input
                self.command,
                input=text[:LONGEST].encode("utf-8", "replace"),
                capture_output=True,
                timeout=PATIENCE,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Voiceless(f"espeak-ng did not speak ({type(error).__name__})") from None
        return done.stdout


def find_voice() -> Espeak | None:
    """The voice of this machine, None when there is none: then text alone is sent."""
    if path := shutil.which(PROGRAM):
        return Espeak((path, "-v", VOICE, "-s", str(WORDS_A_MINUTE), "-b", "1", "--stdin", "--stdout"))
    if find_spec(LOADER) is not None:
        return Espeak((sys.executable, "-m", "bot.espeak"))
    return None


# The program

SYNCHRONOUS: Final = 2
"""AUDIO_OUTPUT_SYNCHRONOUS: samples come by callback (speak_lib.h of espeak-ng)."""

DO_NOT_EXIT: Final = 0x8000
"""espeakINITIALIZE_DONT_EXIT: a fault is returned."""

RATE: Final = 1
"""espeakRATE, a parameter: words a minute."""

CHARACTERS: Final = 1
"""POS_CHARACTER: where speaking begins is counted in characters."""

UTF8: Final = 1
"""espeakCHARS_UTF8."""

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def main() -> None:
    """Read text, write a WAV file; leave with 1 when that cannot be done."""
    text = sys.stdin.buffer.read(4 * LONGEST)
    try:
        sys.stdout.buffer.write(synthesise(text))
    except (OSError, Voiceless) as error:
        sys.stderr.write(f"{type(error).__name__}\n")
        sys.exit(1)


def synthesise(text: bytes) -> bytes:
    """A WAV file of UTF-8 text, by the library of the wheel. Raises Voiceless, and OSError when it cannot be loaded."""
    loader = import_module(LOADER)  # only in the process that speaks
    library = ctypes.CDLL(loader.get_library_path())
    folder = str(loader.get_data_path()).encode()
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, folder, DO_NOT_EXIT)
    if rate <= 0 or library.espeak_SetVoiceByName(VOICE.encode()) != 0:
        raise Voiceless("the library cannot be set up")
    library.espeak_SetParameter(RATE, WORDS_A_MINUTE, 0)
    samples = bytearray()

    def hear(pointer: Any, count: int, _events: int | None) -> int:
        if pointer and count > 0:
            samples.extend(ctypes.string_at(pointer, 2 * count))
        return 0

    callback = _Callback(hear)  # held here while the library calls it
    library.espeak_SetSynthCallback(callback)
    buffer = ctypes.create_string_buffer(text)
    size = ctypes.c_size_t(len(buffer))
    if library.espeak_Synth(buffer, size, 0, CHARACTERS, 0, UTF8, None, None) != 0:
        raise Voiceless("the library cannot speak")
    library.espeak_Synchronize()
    return _wav(bytes(samples), rate)


def _wav(samples: bytes, rate: int) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return file.getvalue()


if __name__ == "__main__":
    main()
