"""What is said of a message when it is sent as a voice note too: its lines, then its options by number.

A message is said in pieces, each with the key of its text, because people may have recorded some of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from conversations.aloud import aloud
from conversations.effects import Line, Listing, Param, Quoted, Say
from conversations.texts import AMBIENT, Texts

CHOOSE: Final = "voice.choose"
"""The text "Ketik 1 untuk", which the label of the option follows."""

MOST_CHOICES: Final = 9
"""Options up to this number have a recording of their own to be introduced by; hardly a question has more."""

MOST_SECONDS: Final = {"id": 25.0, "id@mudah": 12.0}
MOST_WORDS: Final = 35
"""How long the voice of one text may be, by locale (ux L24: what one still remembers at its end)."""

SECONDS_A_SYLLABLE: Final = 0.234
SECONDS_A_STOP: Final = 0.46
SECONDS_A_COMMA: Final = 0.66
"""What a synthetic voice of 125 words a minute takes: fitted to espeak-ng 1.52 over 556 texts of the copy (standard
deviation 0.5 s). A comma is longer than a stop because the pause behind a text is no part of it.
"""

LONGEST_SENTENCE: Final = 30
"""Words that are spoken in one go, some 20 seconds."""

_VOWELS: Final = re.compile(r"[aeiou\u00e9]+|\d", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of what is said. `name` is the key under which it may have been recorded.

    `opens` when the next piece ends its sentence; `ours` when it holds no words or numbers of a person, so that
    it may be remembered.
    """

    name: str
    text: str
    opens: bool = False
    ours: bool = True


def pieces_of(say: Say, texts: Texts, locale: str) -> tuple[Piece, ...]:
    """A message as it is said: its lines, then "Ketik 1 untuk …" for each option with a number."""
    return (*_lines(say, texts, locale), *_options(say, texts, locale))


def _lines(say: Say, texts: Texts, locale: str) -> Iterator[Piece]:
    for line in say.lines:
        yield Piece(name=line.key, text=texts.line(line, locale), ours=is_ours(line))


def _options(say: Say, texts: Texts, locale: str) -> Iterator[Piece]:
    for button in say.buttons:
        if button.number:
            yield choice(button.number, texts, locale)
            yield Piece(
                name=button.label.key, text=texts.label(button.label, locale), ours=is_ours(button.label)
            )


def choice(number: int, texts: Texts, locale: str) -> Piece:
    """What comes before the label of an option: "Ketik 1 untuk"."""
    text = texts.line(Line(CHOOSE, {"n": str(number)}), locale)
    return Piece(name=f"{CHOOSE}.{number}", text=text, opens=True)


def is_ours(line: Param) -> bool:
    """Whether a line holds nothing that a person said or that is theirs alone: no words handed in, only keys and numbers."""
    match line:
        case Line(params=params):
            return all(name in AMBIENT or is_ours(value) for name, value in (params or {}).items())
        case Listing(lines=lines) | Quoted(lines=lines):
            return all(is_ours(value) for value in lines)
        case str():
            return False
        case _:
            return True


def spoken(text: str) -> str:
    """A text in Indonesian as a synthetic voice says it: no emoji, no commands, no links, numbers in words."""
    return aloud(text)


def sentences(text: str) -> list[str]:
    """The sentences of what `spoken` returned; what somebody has written without an end is parted all the same."""
    return [part for sentence in _SENTENCE.split(text) if sentence for part in _parted(sentence.split())]


def _parted(words: list[str]) -> list[str]:
    return [" ".join(words[at : at + LONGEST_SENTENCE]) for at in range(0, len(words), LONGEST_SENTENCE)]


def spoken_words(text: str) -> int:
    """How many words are heard of a text in Indonesian."""
    return len(spoken(text).split())


def spoken_seconds(text: str) -> float:
    """About how long a text in Indonesian takes to hear, in seconds: from its syllables and pauses, without a voice."""
    said = spoken(text)
    stops = sum(said.count(mark) for mark in ".?!:")
    pauses = stops * SECONDS_A_STOP + said.count(",") * SECONDS_A_COMMA
    return len(_VOWELS.findall(said)) * SECONDS_A_SYLLABLE + pauses
