"""Dialogues as text: chats in Indonesian that a civil servant can read and review.

    # What the dialogue shows, in one or more lines
    # kabupaten: 18.02            another kabupaten than 18.07
    @ 2026-01-12 09:00            the clock of the region is set
    + 15 menit                    time passes
    Wati: /start                  somebody writes (all forms: bot.gestures)
    Wati: [Ya, saya setuju]       somebody presses the newest button of that label
    Wati: (suara 42 detik)        somebody sends something that is not text
    Wati di Grup RT 5: Halo       somebody writes in a group
    Petugas: decide …             a command of the program, without the word suara
    Bot: Halo.                    what whoever spoke last is told; further lines are indented
         [Ya] [Tidak]             buttons
    Bot ke Dedi: …                what somebody else is told
    Bot 12 kali: …                the same, twelve times over

Inputs and outputs stand together; only outputs are ever rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

STAFF: Final = "Petugas"
BOT: Final = "Bot"
INDENT: Final = "     "
_UNITS: Final = {
    "detik": timedelta(seconds=1),
    "menit": timedelta(minutes=1),
    "jam": timedelta(hours=1),
    "hari": timedelta(days=1),
}
_SPOKEN: Final = re.compile(
    r"(?P<who>[A-Z][\w ]*?)(?: (?P<times>\d+) kali)?(?: (?:ke|di) (?P<whom>[A-Z][\w ]*))?: ?(?P<what>.*)"
)
_BUTTONS: Final = re.compile(r"\[[^\[\]]+\](?: \[[^\[\]]+\])*")
_BUTTON: Final = re.compile(r"\[([^\[\]]+)\]")
_HEADING: Final = re.compile(r"# (?P<name>[a-z]+): (?P<value>\S+)")


class BadScript(Exception):  # noqa: N818 - errors are named by what happened
    """A line that is none of the forms above; the message names its number."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment or an empty line, kept as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The clock is set to this local time."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Pass:
    """Time passes; `text` is how it was written."""

    span: timedelta
    text: str


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does something, in a private chat or in the group `place`; continued lines are joined by newlines."""

    who: str
    what: str
    place: str = ""

    @property
    def chat(self) -> str:
        """The chat in which it happens: that of the person, or the group."""
        return self.place or self.who


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot tells somebody, with its buttons, so many times in a row."""

    whom: str
    text: str
    buttons: tuple[str, ...] = ()
    times: int = 1


Entry = Remark | Moment | Pass | Act | Answer


def read_script(text: str) -> list[Entry]:
    """The entries of a dialogue. Raises BadScript."""
    entries: list[Entry] = []
    speaker = ""
    for number, lines in _blocks(text):
        entry = _entry(lines, speaker, number)
        entries.append(entry)
        speaker = _speaker(entry, speaker)
    return entries


def write_script(entries: Sequence[Entry]) -> str:
    """A dialogue as text."""
    speaker = ""
    lines: list[str] = []
    for entry in entries:
        lines.extend(_lines(entry, speaker))
        speaker = _speaker(entry, speaker)
    return "\n".join(lines).rstrip("\n") + "\n"


def shown(entry: Entry, speaker: str) -> str:
    """One entry as text, in a dialogue in which `speaker` spoke last."""
    return "\n".join(_lines(entry, speaker))


def heading(entries: Sequence[Entry], name: str, default: str) -> str:
    """The value of a remark such as "# kabupaten: 18.02"."""
    found = [_HEADING.fullmatch(entry.text) for entry in entries if isinstance(entry, Remark)]
    return next((match["value"] for match in found if match and match["name"] == name), default)


def inputs(entries: Sequence[Entry]) -> list[Entry]:
    """What people do and when, without what the bot says."""
    return [entry for entry in entries if not isinstance(entry, Answer)]


def folded(answers: Sequence[Answer]) -> list[Answer]:
    """Answers with those that repeat the one before them counted instead of repeated."""
    kept: list[Answer] = []
    for answer in answers:
        last = kept[-1] if kept else None
        if last is not None and replace(last, times=1) == answer:
            kept[-1] = replace(last, times=last.times + 1)
        else:
            kept.append(answer)
    return kept


def _speaker(entry: Entry, speaker: str) -> str:
    return entry.chat if isinstance(entry, Act) and entry.who != STAFF else speaker


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines with the indented ones that continue them; an empty line inside an indented block belongs to it."""
    block: list[str] = []
    first = 0
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        later = next((other for other in lines[number:] if other.strip()), "")
        goes_on = line.startswith(INDENT) or (not line.strip() and later.startswith(INDENT))
        if block and goes_on:
            block.append(line[len(INDENT) :])
            continue
        if block:
            yield first, block
        block, first = [line], number
    if block:
        yield first, block


def _entry(lines: list[str], speaker: str, number: int) -> Entry:
    head = lines[0]
    if not head.strip() or head.startswith("#"):
        return Remark(head)
    if head.startswith("@"):
        return _moment(head, number)
    if head.startswith("+"):
        return _pass(head, number)
    spoken = _SPOKEN.fullmatch(head)
    if spoken is None:
        raise BadScript(f"line {number}: neither a remark, a time, nor somebody who speaks: {head}")
    text = [spoken["what"], *lines[1:]]
    if spoken["who"] == BOT:
        return _answer(spoken["whom"] or speaker, int(spoken["times"] or 1), text)
    return Act(spoken["who"], "\n".join(text).strip(), spoken["whom"] or "")


def _moment(line: str, number: int) -> Moment:
    try:
        return Moment(datetime.fromisoformat(line[1:].strip()))
    except ValueError:
        raise BadScript(f"line {number}: not a time like @ 2026-01-12 09:00") from None


def _pass(line: str, number: int) -> Pass:
    match line[1:].split():
        case [count, unit] if count.isdecimal() and unit in _UNITS:
            return Pass(int(count) * _UNITS[unit], line)
        case _:
            raise BadScript(f"line {number}: not a span like + 15 menit")


def _answer(whom: str, times: int, lines: list[str]) -> Answer:
    last = lines[-1] if len(lines) > 1 and _BUTTONS.fullmatch(lines[-1]) else ""
    text = lines[:-1] if last else lines
    return Answer(whom, "\n".join(text).rstrip("\n"), tuple(_BUTTON.findall(last)), times)


def _lines(entry: Entry, speaker: str) -> list[str]:
    match entry:
        case Remark():
            return [entry.text]
        case Moment():
            return [f"@ {entry.at:%Y-%m-%d %H:%M}"]
        case Pass():
            return [entry.text]
        case Act():
            return _indented(
                f"{entry.who} di {entry.place}: " if entry.place else f"{entry.who}: ", entry.what
            )
        case Answer():
            buttons = [INDENT + " ".join(f"[{label}]" for label in entry.buttons)] if entry.buttons else []
            return [*_indented(_head(entry, speaker), entry.text), *buttons]
        case _:
            assert_never(entry)


def _head(answer: Answer, speaker: str) -> str:
    times = f" {answer.times} kali" if answer.times > 1 else ""
    whom = "" if answer.whom == speaker else f" ke {answer.whom}"
    return f"{BOT}{times}{whom}: "


def _indented(head: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [f"{head}{first}", *(f"{INDENT}{line}".rstrip() for line in rest)]
