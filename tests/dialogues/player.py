"""Plays a dialogue on a stage: what people do goes in, what the bot says stands between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Final, Protocol, assert_never

from bot.gestures import Gesture, read_gesture
from bot.phones import Told
from bot.script import STAFF, Act, Answer, Entry, Moment, Pass, Remark, folded, inputs

OPEN_LINK: Final = "(membuka tautan)"
"""Somebody opens the newest deep link that was told to anybody: an invitation that a facilitator was given, say."""

_LINK: Final = re.compile(r"[?&]start=([\w-]{1,64})")


class Stage(Protocol):
    """A bot that people can play with."""

    @property
    def at(self) -> datetime:
        """The time on stage."""
        ...

    async def act(self, who: str, place: str, gesture: Gesture) -> list[Answer]:
        """Somebody does something; what the bot tells whom."""
        ...

    async def wait(self, until: datetime) -> list[Answer]:
        """Time passes, and what falls due is done."""
        ...

    def command(self, line: str) -> str:
        """A command of the staff; what the program prints."""
        ...


async def play(story: Sequence[Sequence[Entry]], stage: Stage, zone: tzinfo) -> list[Entry]:
    """The last of these dialogues as it goes on this stage: its inputs, each followed by its outputs."""
    played: list[Entry] = []
    link = ""
    for script in story:
        played = []
        for entry in inputs(script):
            answers = await _play(followed(entry, link), stage, zone)
            played += [entry, *answers]
            link = newest_link(answers) or link
    return played


def followed(entry: Entry, link: str) -> Entry:
    """Opening a link is /start with what the newest link carries."""
    if isinstance(entry, Act) and entry.what == OPEN_LINK:
        return replace(entry, what=f"/start {link}")
    return entry


def newest_link(answers: Sequence[Answer]) -> str:
    """The payload of the last deep link in what was told, "" when there is none."""
    found = [payload for answer in answers for payload in _LINK.findall(answer.text)]
    return found[-1] if found else ""


async def _play(entry: Entry, stage: Stage, zone: tzinfo) -> list[Answer]:
    match entry:
        case Remark() | Answer():
            return []
        case Moment(at):
            return _sorted(await stage.wait(at.replace(tzinfo=zone)), "")
        case Pass(span, _):
            return _sorted(await stage.wait(stage.at + span), "")
        case Act(who, what, _) if who == STAFF:
            return [Answer(STAFF, stage.command(what))]
        case Act(who, what, place):
            return _sorted(await stage.act(who, place, read_gesture(what)), entry.chat)
        case _:
            assert_never(entry)


def _sorted(answers: list[Answer], first: str) -> list[Answer]:
    """Whoever acted hears first, then the others by name: between chats there is no order."""
    return folded(sorted(answers, key=lambda answer: (answer.whom != first, answer.whom)))


def begin(script: Sequence[Entry], zone: tzinfo) -> datetime:
    """When a dialogue begins. Raises ValueError for one that does not say so."""
    for entry in script:
        if isinstance(entry, Moment):
            return entry.at.replace(tzinfo=zone)
    raise ValueError("a dialogue says when it begins: @ 2026-01-12 09:00")


@dataclass(slots=True)
class Cast:
    """Names and the chats they stand for."""

    _ids: dict[str, int] = field(default_factory=dict)

    def set(self, name: str, chat_id: int) -> None:
        """This name means this chat."""
        self._ids[name] = chat_id

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    def id_of(self, name: str) -> int:
        """The chat of a name."""
        return self._ids[name]

    def answers(self, told: Iterable[Told]) -> list[Answer]:
        """Messages as answers to names."""
        names = {chat: name for name, chat in self._ids.items()}
        return [
            Answer(names[one.chat_id], one.text, tuple(label for label, _ in one.buttons)) for one in told
        ]
