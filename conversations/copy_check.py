"""Is the copy plain? Measurable rules of easy language, run over every text of every locale.

Each fault begins with the number of its rule: L01 words in a sentence, L02 ideas in it, L03 one sentence on a line,
L04 length, L05 syllables, L06 affixes, L07 words of offices, L08 abbreviations, L09 double negatives, L10 passives,
L11 and L12 signs, L13 emoji, L14 labels, L17 directions for eyes only (WCAG 1.3.3), L19 links and long numbers,
L20 dates and times, L21 blame, L22 words that hurt, L24 how long it takes to hear, F14 several questions. What
needs more than one text is judged elsewhere: L14 to L16 and L21 at the table (question_check), L18 and L20 at what
is sent (message_check), L23 at the placeholders (catalogue_check). Sources: W3C COGA "Making content usable",
"Mudah dibaca" of CBM Indonesia, GOV.UK style. The thresholds for Indonesian are our own and want calibrating with
readers: they judge a text, not whether anybody understands it.
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
from conversations.heard import read_emoji
from conversations.spoken import MOST_SECONDS, MOST_WORDS, spoken_seconds, spoken_words

WORDS_FILE: Final = Path(__file__).parent / "data" / "plain_words.toml"
NOT_SAID: Final = ("also.", "word.", "command.", "bot.")
"""Families that are typed by people or stand outside the chat."""

RULES_OF: Final = {"jargon": "L07", "hurtful": "L22", "blame": "L21", "sensory": "L17"}
"""The rule that each group of the list of words belongs to."""

LONGEST_LABEL: Final = 24
MOST_BLOCK_WORDS: Final = 50
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
_MARKUP: Final = re.compile(r"</?[a-z]+>|(?<!\w)([_*~])\S.*?\1(?!\w)|[-=_*]{4,}|[\u2500-\u25ff]")
_DAYS: Final = "Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu"
_MONTHS: Final = "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
_DATE: Final = re.compile(
    rf"(?P<day>(?:{_DAYS}), )?\d{{1,2}} (?:{_MONTHS})\b|\b\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}\b"
)
_TIME: Final = re.compile(
    r"\b\d{1,2}[.:]\d{2}\b(?P<whole> (?:dini hari|pagi|siang|sore|malam) WI(?:B|TA|T)\b)?"
)


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
    """What the copy may not say, with its rule and what to say instead; the abbreviations and emoji that it may use."""

    instead: Mapping[str, tuple[str, str]]
    abbreviations: frozenset[str]
    emoji: frozenset[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One text that breaks a rule: where it stands, and what is wrong with it."""

    locale: str
    key: str
    fault: str

    @property
    def rule(self) -> str:
        """The number of the rule."""
        return self.fault.partition(" ")[0]

    def __str__(self) -> str:
        """As a person reads it."""
        return f"{self.locale}: {self.key}: {self.fault}"


def read_plain_words(path: Path = WORDS_FILE) -> PlainWords:
    """Read the list of words."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    abbreviations = frozenset(table.pop("abbreviations")["allowed"])
    emoji = frozenset(read_emoji())
    instead = {
        word: (rule, better) for group, rule in RULES_OF.items() for word, better in table[group].items()
    }
    longest_first = sorted(instead, key=len, reverse=True)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE)
    return PlainWords(instead, abbreviations, emoji, pattern)


def copy_problems(catalogues: Catalogues, labels: Collection[str], words: PlainWords) -> list[Problem]:
    """Each text that breaks a rule. `labels` are the keys that stand on buttons."""
    return [
        Problem(locale, key, fault)
        for locale in catalogues.locales
        for key, template in catalogues.by_locale[locale].templates.items()
        if not key.startswith(NOT_SAID)
        for form in template.forms
        for fault in (*faults(form, locale, words), *(label_faults(form) if key in labels else ()))
    ]


def faults(text: str, locale: str, words: PlainWords) -> Iterator[str]:
    """What is wrong with one text of a locale."""
    limits = LIMITS.get(locale, ENGLISH)
    yield from _sentences(text, limits)
    yield from _whole(text, limits)
    yield from _average(text, limits)
    yield from _signs(text, words)
    yield from _easy(text) if locale == EASY else ()
    yield from _words(text, words)
    if locale in LIMITS:
        yield from date_faults(text)
        yield from _heard(text, locale)


def label_faults(text: str) -> Iterator[str]:
    """What is wrong with the label of a button."""
    if "{" in text:
        return
    if len(text) > LONGEST_LABEL or len(text.split()) > MOST_LABEL_WORDS:
        yield f"L14 a label of {len(text)} characters, at most {LONGEST_LABEL} in {MOST_LABEL_WORDS} words"
    if text.casefold() in VAGUE_LABELS:
        yield "L14 a label that does not say what it does"
    if _EMOJI.search(text):
        yield "L13 an emoji on a button"


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
    if (longest := max(len(_WORD.findall(block)) for block in text.split("\n\n"))) > MOST_BLOCK_WORDS:
        yield f"L04 {longest} words without a blank line, at most {MOST_BLOCK_WORDS}"
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


def _signs(text: str, words: PlainWords) -> Iterator[str]:
    found = _EMOJI.findall(text)
    if found[1:] or (found and (text == found[0] or not text.endswith(found[0]))):
        yield "L13 an emoji that does not stand alone at the end"
    yield from (f"L13 the emoji {emoji} is not on the list" for emoji in found if emoji not in words.emoji)
    if _MARKUP.search(text):
        yield "L12 markup, or lines that are drawn"
    if _LINK.search(text):
        yield "L19 a bare link or a long number"
    if unicodedata.normalize("NFKC", text) != text.replace("…", "..."):
        yield "L12 letters that a screen reader spells"


def date_faults(text: str) -> Iterator[str]:
    """Weekday and month in words, the time with its part of the day and zone (COGA: familiar metrics)."""
    for found in _DATE.finditer(text):
        if not found["day"]:
            yield f"L20 the date {found[0]} without its weekday, or without words"
    for found in _TIME.finditer(text):
        if not found["whole"]:
            yield f"L20 the time {found[0]} without pagi, siang, sore or malam and its zone"


def _heard(text: str, locale: str) -> Iterator[str]:
    if (seconds := spoken_seconds(text)) > MOST_SECONDS[locale]:
        yield f"L24 {seconds:.0f} seconds to hear, at most {MOST_SECONDS[locale]:.0f}"
    if (count := spoken_words(text)) > MOST_WORDS:
        yield f"L24 {count} words to hear, at most {MOST_WORDS}"


def _easy(text: str) -> Iterator[str]:
    if any(end in text for end in (". ", "? ", "! ")):
        yield "L03 two sentences on one line"
    if re.search(r"%|&|\b(?:dll|dsb|dst)\b|\w/\w", text):
        yield "L11 a percentage, an abbreviation or a slash"


def _words(text: str, words: PlainWords) -> Iterator[str]:
    for word in words.pattern.findall(text):
        rule, better = words.instead[word.casefold()]
        yield f"{rule} “{word}”: {better}"
    for word in re.findall(r"\b[A-Z][A-Z0-9]+\b", text):
        if word not in words.abbreviations:
            yield f"L08 the abbreviation {word}"


def _lower(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text) if not word.startswith("{")]
