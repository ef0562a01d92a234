"""What people type: global words, names of options, numbers in many forms.

Only a whole message counts: "bantuan sosial belum turun" is an answer, "Bantuan!" asks for help.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, get_args

from conversations.catalogues import Catalogues
from conversations.effects import Line
from conversations.texts import Texts

GlobalWord = Literal[
    "menu",
    "back",
    "repeat",
    "help",
    "cancel",
    "stop",
    "language",
    "spoken",
    "settings",
    "needs",
    "discreet",
    "forget",
    "privacy",
    "start",
    "new",
    "mine",
    "schedule",
    "data",
    "erase",
    "tasks",
    "relay",
    "people",
    "desk",
    "meetings",
    "broadcasts",
    "figures",
    "handover",
]
"""Words that beat every step; each has its spellings, separated by `|`, in the text `word.<name>`."""

GLOBAL_WORDS: Final[tuple[GlobalWord, ...]] = get_args(GlobalWord)

LONGEST_COMMAND: Final = 60
"""Characters: no message longer than this can be a global word or a number. Keeps long texts cheap."""

MOST_NUMBERS: Final = 30
"""Numbers in one message; a range such as "1-900" is no choice."""

LARGEST_NUMBER: Final = 999

_DIGITS: Final = {
    word: value
    for value, words in enumerate(
        (
            "nol kosong zero",
            "satu siji one",
            "dua loro two",
            "tiga telu three",
            "empat papat four",
            "lima limo five",
            "enam nem six",
            "tujuh pitu seven",
            "delapan lapan wolu eight",
            "sembilan songo nine",
            "sepuluh sedasa ten",
            "sebelas eleven",
            "duabelas twelve",
        )
    )
    for word in words.split()
}
"""Numbers as people write them in Indonesian, Javanese and English."""

_ORDINALS: Final = {
    "pertama": 1,
    "kesatu": 1,
    "kedua": 2,
    "ketiga": 3,
    "keempat": 4,
    "kelima": 5,
    "keenam": 6,
    "ketujuh": 7,
    "kedelapan": 8,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
}
_BESIDE_NUMBERS: Final = frozenset(
    (
        *("no", "nomor", "nomer", "nmr", "number", "angka", "pilihan", "pilih", "opsi", "option", "the"),
        *("yang", "yg", "ke", "saya", "mau", "ya", "aja", "saja"),
        *("dan", "and", "sama", "serta", "plus", "lan", "koma"),
    )
)
"""Words that may stand around numbers without changing what is chosen."""

_UNTIL: Final = frozenset({"-", "–", "sampai", "hingga", "sd", "s/d", "s.d", "to"})
_TOKEN: Final = re.compile(r"\d+|s\s*[/.]\s*d\b|[^\W\d_]+|[-–]")
_MARKS: Final = re.compile(r"[\W_]+")


class Words:
    """The words that a conversation understands, in the reader's locale first, then in every other."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._global = {
            locale: _global_words(texts.catalogues, locale) for locale in texts.catalogues.locales
        }

    def global_word(self, text: str, locale: str) -> GlobalWord | None:
        """The global word that the whole message is: "Kembali.", "/kembali@SuaraBot", "back"; None for others."""
        if len(text) > LONGEST_COMMAND:
            return None
        said = fold(_without_bot(text))
        own = self._global[self._texts.catalogues.known(locale)]
        return own.get(said) or next((known[said] for known in self._global.values() if said in known), None)

    def names(self, label: Line, locale: str) -> tuple[str, ...]:
        """A label and its synonyms, folded for comparison."""
        return tuple(fold(name) for name in self._texts.names(label, locale))

    def fold(self, text: str) -> str:
        """As the function `fold`."""
        return fold(text)

    def numbers(self, text: str) -> tuple[int, ...]:
        """As the function `numbers`."""
        return numbers(text)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Case, accents, punctuation, emoji and runs of space folded away: "  Ya, KIRIM! " -> "ya kirim"."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _MARKS.sub(" ", letters).strip()


def numbers(text: str) -> tuple[int, ...]:
    """The numbers that a whole message consists of: "2", "no 2", "dua", "1, 3 dan 5", "1-3"; () for other words."""
    if len(text) > LONGEST_COMMAND:
        return ()
    found: list[int] = []
    until = False
    for token in _tokens(text):
        if token in _UNTIL:
            until = bool(found)
        elif token in _BESIDE_NUMBERS:
            continue
        else:
            value = _value(token)
            if value is None or len(found) >= MOST_NUMBERS:
                return ()
            found.extend(_through(found[-1], value) if until else (value,))
            until = False
    return tuple(found[:MOST_NUMBERS])


def _tokens(text: str) -> Iterator[str]:
    """Words, digits and dashes, with "dua belas" and "dua puluh satu" put together."""
    raw = _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())
    place = 0
    while place < len(raw):
        value, length = _spelled(raw[place : place + 3])
        yield raw[place] if value is None else str(value)
        place += length


def _spelled(words: list[str]) -> tuple[int | None, int]:
    """The value of a number in several words, and how many words it takes; (None, 1) when it is none."""
    first = _DIGITS.get(words[0], 0)
    match words[1:]:
        case ["belas", *_] if 0 < first < 10:  # noqa: PLR2004  (a digit)
            return 10 + first, 2
        case ["puluh", unit] if 0 < first < 10 and 0 < _DIGITS.get(unit, 0) < 10:  # noqa: PLR2004
            return 10 * first + _DIGITS[unit], 3
        case ["puluh", *_] if 0 < first < 10:  # noqa: PLR2004
            return 10 * first, 2
        case _:
            return None, 1


def _value(token: str) -> int | None:
    if token.isdecimal():
        return int(token) if len(token) <= len(str(LARGEST_NUMBER)) else None
    return _DIGITS.get(token, _ORDINALS.get(token))


def _through(first: int, last: int) -> range:
    """What follows `first` in a range up to `last`; bounded, and only `last` when the range runs backwards."""
    return range(first + 1, min(last, first + MOST_NUMBERS) + 1) if last > first else range(last, last + 1)


def _without_bot(text: str) -> str:
    """Telegram adds the bot's name to a command in some clients: "/menu@SuaraBot"."""
    return re.sub(r"^(/\w+)@\w+", r"\1", text.strip())


def _global_words(catalogues: Catalogues, locale: str) -> dict[str, GlobalWord]:
    spellings: dict[str, GlobalWord] = {}
    for name in GLOBAL_WORDS:
        for spelling in catalogues.template(f"word.{name}", locale).forms[0].split("|"):
            spellings[fold(spelling)] = name
    return spellings
