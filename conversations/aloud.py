"""Indonesian as a synthetic voice reads it right: amounts, times, dates, telephone numbers, codes, short forms.

A voice says "er-pe", "titik", "garis miring" and "empat ratus delapan puluh dua ribu" for what people write as Rp,
13.47, 10/02/2026 and 482913 (measured with espeak-ng 1.52). What is left is words, small numbers and marks of
sentences: no emoji, no commands, no links. Applied twice it changes nothing more.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

WORDS_FILE: Final = Path(__file__).parent / "data" / "spoken_words.toml"
LONGEST: Final = 8_000
"""Characters that are looked at; no message is longer (Bot API, sendMessage)."""

MOST_PASSES: Final = 6
LARGEST: Final = 10**15
"""Numbers from here on are said digit by digit."""

LEAP_YEAR: Final = 2000
_MONTHS: Final = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
)
_UNITS: Final = "nol satu dua tiga empat lima enam tujuh delapan sembilan".split()  # noqa: SIM905
_SCALES: Final = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"))
_SPOKEN_MARKS: Final = frozenset(".,?!:'- \n")
_KEPT: Final = frozenset("LMN")
"""Unicode's general categories of letters, the marks upon them, and numbers."""

Match = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Match], str]]


@dataclass(frozen=True, slots=True)
class SpokenWords:
    """How things are written and how they are said, by where they stand (see the data file)."""

    words: Mapping[str, str]
    dotted: Mapping[str, str]
    before_number: Mapping[str, str]
    units: Mapping[str, str]
    months: Mapping[str, str]
    signs: Mapping[str, str]
    pronounced: Mapping[str, str]


def read_spoken_words(path: Path = WORDS_FILE) -> SpokenWords:
    """Read the list of words."""
    return SpokenWords(**tomllib.loads(path.read_text(encoding="utf-8")))


def aloud(text: str) -> str:
    """A text as it is to be said, one line for each line that says something, each a sentence."""
    text = text[:LONGEST]
    for _ in range(MOST_PASSES):
        said = _once(text)
        if said == text:
            break
        text = said
    return text


def pronounced(text: str) -> str:
    """What the voice itself is given: words that it says wrong, as it says them right."""
    return _PRONOUNCED.sub(lambda match: _WORDS.pronounced[match[0].casefold()], text)


def in_words(number: int) -> str:
    """A whole number as it is said: 1500000 -> "satu juta lima ratus ribu"."""
    for scale, name in _SCALES:
        if number >= scale:
            many, rest = divmod(number, scale)
            head = "seribu" if (many, scale) == (1, 1000) else f"{in_words(many)} {name}"
            return f"{head} {in_words(rest)}" if rest else head
    return _below_thousand(number)


def digits(number: str, group: int = 0) -> str:
    """A number digit by digit, in groups of so many (0: one group): "4 8 2, 9 1 3". Zero is a word: a voice says "0 8" as 80."""
    size = group or len(number)
    groups = (number[at : at + size] for at in range(0, len(number), size))
    return ", ".join(" ".join("nol" if digit == "0" else digit for digit in one) for one in groups)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if hundreds:
        head = "seratus" if hundreds == 1 else f"{_UNITS[hundreds]} ratus"
        return f"{head} {_below_thousand(rest)}" if rest else head
    if number < 10:  # noqa: PLR2004 - a digit
        return _UNITS[number]
    if number < 20:  # noqa: PLR2004 - sepuluh, sebelas, … belas
        return {10: "sepuluh", 11: "sebelas"}.get(number, f"{_UNITS[number - 10]} belas")
    tens, unit = divmod(number, 10)
    return f"{_UNITS[tens]} puluh" + (f" {_UNITS[unit]}" if unit else "")


def _once(text: str) -> str:
    text = "".join(map(_seen, unicodedata.normalize("NFKC", text)))
    for pattern, say in _RULES:
        text = pattern.sub(say, text)
    lines = (_sentence(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _seen(char: str) -> str:
    """The character itself, or a space for what cannot be said such as emoji."""
    if char == "\N{FRACTION SLASH}":
        return "/"
    kind = unicodedata.category(char)
    if kind in {"Me", "Cf", "Cs"} or char == "\N{VARIATION SELECTOR-16}":
        return ""
    if kind[0] == "Z" or kind == "Cc":
        return "\n" if char in "\n\r" else " "
    return char if kind[0] in _KEPT or char.isascii() or char in _SIGNS else " "


def _sentence(line: str) -> str:
    """A line with single spaces, marks where they belong, and an end."""
    line = "".join(
        char if char.isalnum() or char in _SPOKEN_MARKS or _is_mark(char) else " " for char in line
    )
    line = re.sub(r"(?<!\w)['-]+|['-]+(?!\w)", " ", line)
    line = re.sub(r"\s+", " ", line)
    line = re.sub(r"(?:\s*([.,?!:]))+", r"\1", line).lstrip(" .,?!:").rstrip(" ,:")
    if not any(char.isalnum() for char in line):
        return ""
    return line if line[-1] in ".?!" else line + "."


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


# What stands in a text, and how it is said


def _nothing(_match: Match) -> str:
    return " "


def _rt_rw(match: Match) -> str:
    return f"RT {in_words(int(match[1]))}, RW {in_words(int(match[2]))}"


def _rt(match: Match) -> str:
    return f"{match[1].upper()} {in_words(int(match[2]))}"


def _day(day: str, month: str, year: str = "") -> str:
    """A date in words; as it was when there is no such day."""
    full = f"20{year}" if len(year) == 2 else year  # noqa: PLR2004 - 26 is 2026
    try:
        date(int(full or LEAP_YEAR), int(month), int(day))
    except ValueError:
        return ""
    return f"{int(day)} {_MONTHS[int(month) - 1]} {full}".rstrip()


def _iso_date(match: Match) -> str:
    return _day(match[3], match[2], match[1]) or match[0]


def _date(match: Match) -> str:
    return _day(match[1], match[3], match[4]) or match[0]


def _day_of_month(match: Match) -> str:
    return _day(match[1], match[2]) or match[0]


def _rupiah(match: Match) -> str:
    whole, fraction, scale = match[1].replace(".", ""), (match[2] or "").strip("-"), match[3] or ""
    amount = _amount(whole)
    if fraction.strip("0"):
        amount += f" koma {digits(fraction)}"
    scales = {"rb": " ribu", "jt": " juta", "m": " miliar", "milyar": " miliar"}
    return f"{amount}{scales.get(scale.lower(), f' {scale}' if scale else '')} rupiah"


def _amount(whole: str) -> str:
    return in_words(int(whole)) if int(whole) < LARGEST else digits(whole, 3)


def _thousands(match: Match) -> str:
    fraction = f" koma {digits(match[2])}" if match[2] else ""
    return _amount(match[1].replace(".", "")) + fraction


def _clock(match: Match) -> str:
    hour, minute, part, zone = int(match[1]), int(match[2]), match[3] or "", match[4] or ""
    said = f"pukul {hour}" + (f" lewat {minute} menit" if minute else "")
    part = part or _part(hour)
    named = f" {_WORDS.words[zone.casefold()]}" if zone else ""
    return said + (f" {part}" if part else "") + named


def _part(hour: int) -> str:
    """What makes clear that "pukul 9" is the morning; from noon on the number says so."""
    return "dini hari" if hour < 4 else "pagi" if hour < 11 else "siang" if hour == 11 else ""  # noqa: PLR2004


def _grouped_code(match: Match) -> str:
    return ", ".join(digits(group) for group in re.findall(r"\d+", match[0]))


def _phone(match: Match) -> str:
    plus, number = ("plus ", match[0][1:]) if match[0].startswith("+") else ("", match[0])
    parts = re.findall(r"\d+", number)
    return plus + (digits(parts[0], 4) if len(parts) == 1 else ", ".join(map(digits, parts)))


def _long_number(match: Match) -> str:
    number = match[0]
    if number.endswith("000") and number[0] != "0" and int(number) < LARGEST:
        return in_words(int(number))
    return digits(number, 3)


def _like(said: str, written: str) -> str:
    return said[0].upper() + said[1:] if written[0].isupper() else said


def _from(words: Mapping[str, str]) -> Callable[[Match], str]:
    return lambda match: _like(words[match[1].casefold()], match[1])


def _any(words: Mapping[str, str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _rule(pattern: str, say: Callable[[Match], str] | str) -> Rule:
    fixed = say if callable(say) else (lambda match: match.expand(say))
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE), fixed


_WORDS: Final = read_spoken_words()
_SIGNS: Final = frozenset("–—•").union(_WORDS.signs)
_PRONOUNCED: Final = re.compile(rf"\b(?:{_any(_WORDS.pronounced)})\b", re.IGNORECASE)
_TIME: Final = (
    r"(?<![\d.,:])(?:(?:pukul|jam|pkl\.?)\s*)?(?<![\d.,:])([01]?\d|2[0-3])[.:]([0-5]\d)(?!\d|[.,:]\d)"
)
_WHOLE: Final = r"\d{1,3}(?:\.\d{3})+|\d+"
_RULES: Final[tuple[Rule, ...]] = (
    _rule(r"https?://\S*|www\.\S*|\bt\.me/\S*|(?<!\S)[^\s@]+@[^\s@]+\.\S*|(?<!\w)@[a-z]\w{4,}", _nothing),
    _rule(r"(?<![\w/])/[a-z]\w*", _nothing),
    _rule(r"^ *[-–—•*]\s+", ""),
    _rule(r"^ *(\d{1,2})\.\s+(?=\S)", r"\1, "),
    _rule(r"\bRT\s*/\s*RW\s*[.:]?\s*(\d{1,3})\s*/\s*(\d{1,3})\b", _rt_rw),
    _rule(r"\bRT\.?\s*(\d{1,3})\s*(?:/\s*RW|/|,?\s*RW)\.?\s*(\d{1,3})\b", _rt_rw),
    _rule(r"\b(RT|RW)\.?\s*(\d{1,3})\b", _rt),
    _rule(r"\b((?:19|20)\d\d)\s*[-–/]\s*((?:19|20)\d\d)\b(?!-)", r"\1 sampai \2"),
    _rule(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b", _iso_date),
    _rule(r"(?<![\d.,/-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)\b", _date),
    _rule(r"(?<![\d.,/-])(\d{1,2})(/)(\d{1,2})/(\d\d)(?![\d/])", _date),
    _rule(r"(?<![\d.,/-])(\d{1,2})/(0[1-9]|1[0-2])(?![\d/.,])", _day_of_month),
    _rule(
        rf"\b(?:Rp|IDR)\.?\s*({_WHOLE})(?:,(\d+|-+))?(?:\s*(ribu|rb|juta|jt|miliar|milyar|triliun|(?-i:M))\b)?",
        _rupiah,
    ),
    _rule(r"(\d[.:]\d\d)\s*[-–]\s*(?=\d{1,2}[.:]\d\d)", r"\1 sampai "),
    _rule(_TIME + r"(?:\s*(pagi|siang|sore|malam|dini hari)\b)?(?:\s*(WIB|WITA|WIT)\b)?", _clock),
    _rule(r"(?<![\w.])(?:\+62|0\d{1,4})(?:[ .-]?\d{3,5}){2,4}(?!\d)", _phone),
    _rule(
        r"(?<![\w-])\d{1,4}(?:-\d{1,4}){2,5}(?![\w-])|(?<![\w.,-])\d{3} \d{3} \d{1,3}(?![\w-])", _grouped_code
    ),
    _rule(
        r"\b(hubungi|telepon|telp\.?|nomor|hotline)\s+(\d{3,4})\b(?![.,]\d)",
        lambda m: f"{m[1]} {digits(m[2])}",
    ),
    _rule(rf"(?<=[\d/])\s*({_any(_WORDS.units)})\b(?!')", lambda m: f" {_WORDS.units[m[1].casefold()]}"),
    _rule(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+)(?:,(\d+))?(?!\d|[.,]\d)", _thousands),
    _rule(r"(\d)\s*/\s*(?=\d)", r"\1 per "),
    _rule(r"(?<![\w.,])\d+(?:\.\d+){2,}(?!\d|[.,]\d)", _grouped_code),
    _rule(r"(?<![\d.,])(?:\d{5,}|0\d+)(?!\d|[.,]\d)", _long_number),
    _rule(r"(?<![\d.,])(\d+),(\d+)(?![\d.,]*\d)", lambda m: f"{m[1]} koma {digits(m[2])}"),
    _rule(r"(?<!\d)\d{5,}(?!\d)", _long_number),
    _rule(r"(?<![\w-])(\d{1,4})\s*[-–]\s*(\d{1,4})(?![\w-])", r"\1 sampai \2"),
    _rule(rf"(?<=\d)\s+({_any(_WORDS.months)})\b\.?", lambda m: f" {_WORDS.months[m[1].casefold()]}"),
    _rule(
        rf"\b({_any(_WORDS.before_number)})\b\.?\s*(?=\d)",
        lambda m: _like(_WORDS.before_number[m[1].casefold()], m[1]) + " ",
    ),
    _rule(
        rf"\b({_any(_WORDS.dotted)})\.(?=\s*\w)", lambda m: _like(_WORDS.dotted[m[1].casefold()], m[1]) + " "
    ),
    _rule(rf"\b({_any(_WORDS.words)})\b(?!')", _from(_WORDS.words)),
    _rule(r"\b([^\W\d_]{3,})2\b", r"\1-\1"),
    _rule(r"(?<=\d)(?=[^\W\d_])", " "),
    _rule(r"\bdan\s*/\s*atau\b", "atau"),
    _rule(r"\bs\s*/\s*d\b\.?", "sampai dengan"),
    _rule(r"\brupiah\s*/\s*", "rupiah per "),
    _rule(r"(?<=\w)\s*/\s*(?=\w)", " atau "),
    _rule(r"[()\[\]{};]|\s[-–—]+\s", ", "),
    _rule(r"[–—]", "-"),
    _rule(r"\.{2,}", "."),
    _rule(f"({_any(_WORDS.signs)})", lambda m: f" {_WORDS.signs[m[1]]} "),
)
"""In this order: what is longer and surer goes first."""
