"""Speech: what a voice note of each prompt costs, made for the first time, and sent again by its file_id."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from bot.app import Home
from bot.espeak import Espeak, find_voice
from bot.speaker import Voice
from bot.speaking import Speaking
from bot.speech import VoiceNote
from bot.utterance import Utterance
from conversations.effects import Button, Line, Say
from conversations.flows import suara_flows
from conversations.spoken import Piece, pieces_of
from conversations.table import Ask
from storage import spoken
from storage.errands import Errand, Errands
from storage.ledger import Ledger
from tests.benchmarks.home import BenchClock, furnished_home
from tests.benchmarks.report import Report
from tests.benchmarks.sections import Size

LISTENER: Final = 1
FILE: Final = spoken.Remembered("file", 9)


@dataclass(slots=True)
class TimedVoice:
    """A voice with a clock beside it."""

    voice: Voice
    spent: float = 0.0

    def speak(self, text: str) -> bytes:
        """As the voice, timed."""
        began = time.perf_counter()
        try:
            return self.voice.speak(text)
        finally:
            self.spent += time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Made:
    """A voice note made for the first time: milliseconds, and those of the voice's own process among them."""

    note: VoiceNote
    whole: float
    voice: float


def speech(report: Report, size: Size, folder: Path) -> None:
    """Every prompt of the conversation that is the same for everybody, in Indonesian."""
    del size  # there are some fifty prompts, and each is said once
    place = folder / "speech"
    place.mkdir()
    report.heading("Speech: each prompt as a voice note")
    voice = find_voice()
    if voice is None:
        report.words("No espeak-ng on this machine: not measured.")
        return
    with furnished_home(f"sqlite:///{place}/suara.sqlite", place, BenchClock()) as home:
        said = prompts(home)
        made = [_make(home, voice, pieces) for pieces in said]
        known = [_again(home, pieces) for pieces in said]
    report.words(
        f"{len(said)} prompts with their options, {_name(voice)}, milliseconds on the wall: made by the voice and"
        " encoded in a worker's thread, never in a turn; and, once Telegram has it, from the errand to the outbox."
    )
    report.table(("what", "median", "p95"), _rows(made, known))


def prompts(home: Home) -> list[tuple[Piece, ...]]:
    """The questions that can be asked without knowing anybody, with their fixed options."""
    texts = home.furnished.texts
    found: list[tuple[Piece, ...]] = []
    for step in suara_flows().steps.values():
        if not isinstance(step, Ask):
            continue
        buttons = tuple(
            Button(label=one.label, payload="", number=n) for n, one in enumerate(step.options, start=1)
        )
        try:
            found.append(pieces_of(Say(lines=(Line(step.says),), buttons=buttons), texts, "id"))
        except KeyError:  # it is asked with names or numbers
            continue
    return found


def _make(home: Home, voice: Voice, pieces: Sequence[Piece]) -> Made:
    timed = TimedVoice(voice)
    speaker = replace(home.speaking.speaker, voice=timed)
    began = time.perf_counter()
    note = speaker.note(pieces, "id")
    whole = time.perf_counter() - began
    if note is None:
        raise AssertionError("a prompt was not spoken")
    return Made(note, 1000 * whole, 1000 * timed.spent)


def _again(home: Home, pieces: tuple[Piece, ...]) -> float:
    """Milliseconds of the transaction that sends what Telegram has."""
    speaking, at = home.speaking, home.clock.now()
    errand = _asked(home, speaking, Utterance(pieces, "id"))
    began = time.perf_counter()
    with home.engine.begin() as connection:
        if speaking.begin(connection, errand, at):
            raise AssertionError("a prompt was not remembered")
    return 1000 * (time.perf_counter() - began)


def _asked(home: Home, speaking: Speaking, said: Utterance) -> Errand:
    at = home.clock.now()
    known_by = spoken.key(speaking.bot, speaking.speaker.digest(said.pieces, said.locale))
    with home.engine.begin() as connection:
        Ledger(connection).load_chats([LISTENER], at)
        spoken.remember(connection, known_by, FILE, at)
        Ledger(connection).add_errands([said.errand(LISTENER, at)], at)
        (errand,) = Errands(connection).claim(at, 1)
    return errand


def _rows(made: Sequence[Made], known: Sequence[float]) -> list[tuple[str, float, float]]:
    figures: tuple[tuple[str, Callable[[Made], float]], ...] = (
        ("made and encoded, ms", lambda one: one.whole),
        ("of these the voice, a process of its own, ms", lambda one: one.voice),
        ("length of the voice note, s", lambda one: one.note.seconds),
        ("size, kB", lambda one: len(one.note.content) / 1000),
    )
    rows = [(name, *_spread([figure(one) for one in made])) for name, figure in figures]
    return [*rows, ("sent again by its file_id, ms", *_spread(known))]


def _spread(values: Sequence[float]) -> tuple[float, float]:
    return median(values), quantiles(values, n=20)[-1]


def _name(voice: Espeak) -> str:
    return (
        "the program espeak-ng"
        if voice.command[0].endswith("espeak-ng")
        else "the library of espeakng-loader"
    )
