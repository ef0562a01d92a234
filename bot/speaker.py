"""The speaker: pieces of a message become one voice note, human recordings first, a synthetic voice for the rest.

At most 45 seconds: a longer message is cut behind a sentence, and says that the rest stands in the text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from bot.espeak import WORDS_A_MINUTE, Voiceless
from bot.media_catalogue import MediaCatalogue
from conversations.aloud import pronounced
from conversations.effects import Line
from conversations.spoken import Piece, sentences, spoken, spoken_seconds
from conversations.texts import Texts

if TYPE_CHECKING:  # PyAV takes its time and memory: it is loaded when something is first spoken
    from bot.speech import Sound, VoiceNote

LONGEST: Final = 45.0
"""Seconds of a voice note: what somebody still listens to (ux B2)."""

PAUSE: Final = 0.45
"""Seconds of silence between two recordings."""

SYNTHETIC: Final = frozenset({"id", "id@mudah"})
"""The locales that the synthetic voice speaks; there is no voice for the others, only recordings."""

REST: Final = "voice.rest"
"""What is said where a message was cut."""

FORM: Final = f"1:{WORDS_A_MINUTE}"
"""Changes when the same pieces would sound otherwise: what was remembered before is not sent again."""

_log = structlog.get_logger(__name__)


class Voice(Protocol):
    """What speaks: bot.espeak.Espeak."""

    def speak(self, text: str) -> bytes:
        """A WAV file of the text. Raises Voiceless."""
        ...


@dataclass(frozen=True, slots=True)
class Unit:
    """What is said in one go: a recording, or a sentence for the synthetic voice. About `seconds` long."""

    seconds: float
    sentence: str = ""
    recording: Path | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Makes voice notes. Without a voice only what has been recorded is said."""

    texts: Texts
    catalogue: MediaCatalogue
    voice: Voice | None

    def speaks(self, locale: str) -> bool:
        """Whether the synthetic voice speaks this locale here."""
        return self.voice is not None and locale in SYNTHETIC

    def note(self, pieces: Sequence[Piece], locale: str) -> VoiceNote | None:
        """The voice note of a message, None when it cannot be spoken as a whole: then the text stands alone.

        Runs in a thread: it takes a tenth of a second and a process.
        """
        from bot.speech import Unhearable, encode  # noqa: PLC0415 - see the top

        try:
            units = self._units(pieces, locale)
            if units is None:
                return None
            note = encode(self._spoken(units, locale))
        except (Voiceless, Unhearable, OSError) as error:
            _log.warning("not spoken", error=type(error).__name__)
            return None
        return note

    def digest(self, pieces: Sequence[Piece], locale: str) -> str:
        """What the same voice note is known by, "" for one that is made for one person and not remembered."""
        if not all(piece.ours for piece in pieces):
            return ""
        said = hashlib.sha256(f"{FORM}:{locale}".encode())
        for piece in pieces:
            path = self._recording(piece, locale)
            content = path.read_bytes() if path is not None else piece.text.encode()
            said.update(hashlib.sha256(content).digest() + (b"r" if path is not None else b"s"))
        return said.hexdigest()

    def _recording(self, piece: Piece, locale: str) -> Path | None:
        return self.catalogue.recording(locale, piece.name, piece.text)

    def _units(self, pieces: Sequence[Piece], locale: str) -> list[Unit] | None:
        """The pieces as units, None when one of them can be neither played nor spoken."""
        units: list[Unit] = []
        opening = ""
        for number, piece in enumerate(pieces):
            whole = self._whole(pieces, number, locale)
            path = self._recording(piece, locale) if whole else None
            if path is not None:
                units.append(_recorded(path))
            elif not self.speaks(locale):
                return None
            elif piece.opens:
                opening = piece.text + " "
            else:
                units += _sentences(opening + piece.text)
                opening = ""
        return units or None

    def _whole(self, pieces: Sequence[Piece], number: int, locale: str) -> bool:
        """Whether a piece may be played: of a sentence in two pieces both are recorded, or neither is."""
        first = number - 1 if number and pieces[number - 1].opens else number
        both = pieces[first : first + 2] if pieces[first].opens else pieces[first : first + 1]
        return all(self._recording(piece, locale) is not None for piece in both)

    def _spoken(self, units: list[Unit], locale: str) -> Sound:
        kept = _fitting(units, LONGEST)
        while True:
            cut = len(kept) < len(units)
            sound = self._sound([*kept, *self._rest(locale)] if cut else kept)
            if sound.seconds <= LONGEST or len(kept) <= 1:
                return _bounded(sound)
            kept = kept[:-1]

    def _rest(self, locale: str) -> list[Unit]:
        text = self.texts.line(Line(REST), locale)
        path = self.catalogue.recording(locale, REST, text)
        if path is not None:
            return [_recorded(path)]
        return _sentences(text) if self.speaks(locale) else []

    def _sound(self, units: Sequence[Unit]) -> Sound:
        """Neighbouring sentences are spoken together, as one speaks."""
        from bot.speech import from_file, from_wav, join, silence  # noqa: PLC0415 - see the top

        sounds: list[Sound] = []
        for unit in _runs(units):
            sound = from_file(unit.recording) if unit.recording else from_wav(self._speak(unit.sentence))
            sounds += [silence(PAUSE), sound] if sounds else [sound]
        return join(sounds)

    def _speak(self, text: str) -> bytes:
        if self.voice is None:
            raise Voiceless("there is no voice")
        return self.voice.speak(pronounced(text))


def _recorded(path: Path) -> Unit:
    from bot.speech import from_file  # noqa: PLC0415 - see the top

    return Unit(from_file(path).seconds + PAUSE, recording=path)


def _sentences(text: str) -> list[Unit]:
    return [Unit(spoken_seconds(sentence), sentence=sentence) for sentence in sentences(spoken(text))]


def _fitting(units: list[Unit], limit: float) -> list[Unit]:
    """As many units as fit, at least one."""
    total, kept = 0.0, list[Unit]()
    for unit in units:
        total += unit.seconds
        if total > limit and kept:
            break
        kept.append(unit)
    return kept


def _runs(units: Sequence[Unit]) -> list[Unit]:
    """Units with neighbouring sentences put together."""
    runs: list[Unit] = []
    for unit in units:
        if runs and not runs[-1].recording and not unit.recording:
            runs[-1] = replace(runs[-1], sentence=f"{runs[-1].sentence}\n{unit.sentence}")
        else:
            runs.append(unit)
    return runs


def _bounded(sound: Sound) -> Sound:
    """One sentence alone may be longer than a voice note: it ends when the time is over."""
    from bot.speech import RATE, WIDTH, Sound  # noqa: PLC0415 - see the top

    most = WIDTH * round(LONGEST * RATE)
    return sound if len(sound.samples) <= most else Sound(sound.samples[:most])
