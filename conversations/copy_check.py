"""Is the copy plain? Measurable rules of easy language, run over every text of every locale.

Each fault begins with the number of its rule: L01 words in a sentence, L02 ideas in it, L04 length, L05 syllables,
L06 affixes, L07 words of offices, L08 abbreviations, L09 double negatives, L10 passives, L11 and L12 signs,
L13 emoji, L14 labels, L17 directions for eyes only (WCAG 1.3.3), L19 links and long numbers, L21 blame, L22 words
that hurt, F14 several questions. Sources: W3C COGA "Making content usable", "Mudah dibaca" of CBM Indonesia,
GOV.UK style. The thresholds for Indonesian are our own and want calibrating with readers: they judge a text,
not whether anybody understands it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conversations.catalogues import Catalogues

WORDS_FILE: Final = Path(__file__).parent / "data" / "plain_words.toml"
NOT_SAID: Final = ("also.", "word.", "command.", "bot.")
"""Families that are typed by people or stand outside the chat."""

NAMES: Final = ("stage.", "decision.")
"""Names of where an aspiration stands: "Diterima" is what everybody calls it, passive or not."""

LONGEST_LABEL: Final = 25
MOST_LABEL_WORDS: Final = 4
VAGUE_LABELS: Final = frozenset({"ya", "tidak", "ok", "oke", "klik di sini", "yes", "no", "di sini"})
ENOUGH_WORDS: Final = 8
"""Averages over fewer words say nothing."""

_SENTENCE: Final = re.compile(r"(?<=[.?!:])\s+|\n+")
_WORD: Final = re.compile(r"\{\w+\}|[^\W\d_]+(?:-[^\W\d_]+)*|\d[\d.,-]*")
_VOWELS: Final = re.compile(r"(?:ai|au|oi|[aeiou])")
_JOINING: Final = frozenset("dan atau tetapi yang sehingga karena serta jadi".split())  # noqa: SIM905
_NEGATIVE: Final = frozenset("tidak bukan jangan belum tanpa kecuali selain".split())  # noqa: SIM905
_CONFIXED: Final = re.compile(r"^(?:me|di|pe|ber|ke)\w{3,}(?:kan|an|i)$")
_PASSIVE: Final = re.compile(r"^di[a-z]{4,}$")
_NOT_PASSIVE: Final = frozenset("dini dinas disabilitas diri dingin dinding disini diskusi".split())  # noqa: SIM905
_EMOJI: Final = re.compile("[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff]")
_LINK: Final = re.compile(r"https?://|t\.me/|www\.|\d{5,}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one locale allows: the most of each in a sentence, a text, or on average."""

    words: int
    joining: int
    characters: int
    syllables: float
    confixed: float
    passive: int


LIMITS: Final = {
    "id": Limits(words=12, joining=2, characters=350, syllables=2.6, confixed=0.25, passive=1),
    "id@mudah": Limits(words=8, joining=1, characters=220, syllables=2.3, confixed=0.10, passive=0),
}
ENGLISH: Final = Limits(words=20, joining=99, characters=400, syllables=9, confixed=1, passive=99)
EASY: Final = "id@mudah"


@dataclass(frozen=True, slots=True)
class PlainWords:
    """What the copy may not say, with what to say instead, and the abbreviations that it may use."""

    instead: Mapping[str, str]
    abbreviations: frozenset[str]
    pattern: re.Pattern[str]


def read_plain_words(path: Path = WORDS_FILE) -> PlainWords:
    """Read the list of words."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    abbreviations = frozenset(table.pop("abbreviations")["allowed"])
    instead = {word: better for group in table.values() for word, better in group.items()}
    longest_first = sorted(instead, key=len, reverse=True)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE)
    return PlainWords(instead, abbreviations, pattern)


def copy_problems(catalogues: Catalogues, labels: Collection[str], words: PlainWords) -> list[str]:
    """One sentence for each text that breaks a rule. `labels` are the keys that stand on buttons."""
    return [
        f"{locale}: {key}: {fault}"
        for locale in catalogues.locales
        for key, template in catalogues.by_locale[locale].templates.items()
        if not key.startswith(NOT_SAID)
        for form in template.forms
        for fault in (*faults(form, locale, words), *(label_faults(form) if key in labels else ()))
        if not (key.startswith(NAMES) and fault.startswith("L10"))
    ]


def faults(text: str, locale: str, words: PlainWords) -> Iterator[str]:
    """What is wrong with one text of a locale."""
    limits = LIMITS.get(locale, ENGLISH)
    yield from _sentences(text, limits)
    yield from _whole(text, limits)
    yield from _average(text, limits)
    yield from _signs(text)
    yield from _easy(text) if locale == EASY else ()
    yield from _words(text, words)


def label_faults(text: str) -> Iterator[str]:
    """What is wrong with the label of a button."""
    if "{" in text:
        return
    if len(text) > LONGEST_LABEL or len(text.split()) > MOST_LABEL_WORDS:
        yield f"L14 a label of {len(text)} characters, at most {LONGEST_LABEL} in {MOST_LABEL_WORDS} words"
    if text.casefold() in VAGUE_LABELS:
        yield "L14 a label that does not say what it does"


def _sentences(text: str, limits: Limits) -> Iterator[str]:
    for sentence in filter(None, _SENTENCE.split(text)):
        words = [word.casefold() for word in _WORD.findall(sentence)]
        if len(words) > limits.words:
            yield f"L01 {len(words)} words in “{sentence}”, at most {limits.words}"
        if sum(word in _JOINING for word in words) > limits.joining:
            yield f"L02 more than {limits.joining} linking words in “{sentence}”"
        if sum(word in _NEGATIVE for word in words) > 1:
            yield f"L09 two negatives in “{sentence}”"


def _whole(text: str, limits: Limits) -> Iterator[str]:
    if len(text) > limits.characters:
        yield f"L04 {len(text)} characters, at most {limits.characters}"
    passive = [word for word in _lower(text) if _PASSIVE.match(word) and word not in _NOT_PASSIVE]
    if len(passive) > limits.passive:
        yield f"L10 passive {', '.join(passive)}, at most {limits.passive}"
    if text.count("?") > 1 and limits.passive:
        yield "F14 more than one question"


def _average(text: str, limits: Limits) -> Iterator[str]:
    words = [word for word in _lower(text) if word[0].isalpha()]
    if len(words) < ENOUGH_WORDS:
        return
    mean = sum(max(1, len(_VOWELS.findall(word))) for word in words) / len(words)
    if mean > limits.syllables:
        yield f"L05 {mean:.2f} syllables a word, at most {limits.syllables}"
    share = sum(bool(_CONFIXED.match(word)) for word in words) / len(words)
    if share > limits.confixed:
        yield f"L06 {share:.0%} of the words carry prefix and suffix, at most {limits.confixed:.0%}"


def _signs(text: str) -> Iterator[str]:
    if _EMOJI.findall(text)[1:] or _EMOJI.match(text):
        yield "L13 more than one emoji, or one at the start"
    if _LINK.search(text):
        yield "L19 a bare link or a long number"
    if unicodedata.normalize("NFKC", text) != text.replace("…", "..."):
        yield "L12 letters that a screen reader spells"


def _easy(text: str) -> Iterator[str]:
    if re.search(r"%|&|\b(?:dll|dsb|dst)\b|\w/\w", text):
        yield "L11 a percentage, an abbreviation or a slash"


def _words(text: str, words: PlainWords) -> Iterator[str]:
    for word in words.pattern.findall(text):
        yield f"L07/L17/L21/L22 “{word}”: {words.instead[word.casefold()]}"
    for word in re.findall(r"\b[A-Z][A-Z0-9]+\b", text):
        if word not in words.abbreviations:
            yield f"L08 the abbreviation {word}"


def _lower(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text) if not word.startswith("{")]
