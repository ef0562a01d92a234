"""Is a need more than a need? Words of violence and emergency, and complaints of a service, from a data file.

A list of words understands nothing: it errs on the side of the alarm, and each phrase that is known to mean
something else is named in the file. Pure, no model, about half a µs for each character.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from conversations.words import fold

DANGER_FILE: Final = Path(__file__).parent / "data" / "danger.toml"
Concern = Literal["", "danger", "complaint"]
_GAP: Final = r"(?: \w+){0,3}"
_PASSED: Final = "|"
"""Stands for words that were passed over, so that those around them do not become neighbours."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The words to look for, compiled. `planned` are topics with a word of planning before them."""

    harmless: re.Pattern[str]
    planned: re.Pattern[str]
    danger: re.Pattern[str]
    complaint: re.Pattern[str]

    def about(self, text: str) -> Concern:
        """What a text is about beside a need; danger goes before complaint."""
        said = fold(text)
        if not said:
            return ""
        if self.danger.search(said) and self.danger.search(self._unplanned(said)):
            return "danger"
        return "complaint" if self.complaint.search(said) else ""

    def _unplanned(self, said: str) -> str:
        return self.planned.sub(_PASSED, self.harmless.sub(_PASSED, said))


def concern(text: str) -> Concern:
    """What a text is about beside a need, by the words that Suara ships."""
    return _shipped().about(text)


@cache
def _shipped() -> Watch:
    return load_watch()


def load_watch(path: Path = DANGER_FILE) -> Watch:
    """Read the file of words. Raises KeyError, TOMLDecodeError or OSError for one that is not as it must be."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    danger, topics = table["danger"], table["danger"]["topics"]
    plan = rf"(?:{_any(danger['plans'])})(?: \w+){{0,3}}? (?:{_any(topics)})"
    return Watch(
        harmless=_pattern(_any(table["harmless"]["phrases"])),
        planned=_pattern(plan),
        danger=_pattern(_any((*danger["always"], *topics))),
        complaint=_pattern(_any(table["complaint"]["phrases"])),
    )


def _pattern(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternatives})\b")


def _any(phrases: Iterable[str]) -> str:
    """Longer phrases first, so that the whole of what is harmless is passed over."""
    return "|".join(_phrase(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def _phrase(phrase: str) -> str:
    words = phrase.split()
    parts = [_GAP if word == ".." else " " + _word(word) for word in words]
    return "".join(parts).removeprefix(" ")


def _word(word: str) -> str:
    return re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "")
