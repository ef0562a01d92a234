"""What is said of questions and replies: the lines of their letters, which previews show too, and of the card."""

from __future__ import annotations

from typing import Final

from conversations.asking import Utterance
from conversations.effects import Line, Listing
from conversations.flows.tasks import whole
from conversations.ticket import grouped
from conversations.times import duration

NEWEST: Final = 1500
EARLIER: Final = 200
"""Characters of what was said that a card shows: a message has 4,096 (Bot API)."""


def question_lines(ticket: str, words: str) -> tuple[Line, ...]:
    """What an author reads of a question."""
    return (Line("asking.question", {"ticket": grouped(ticket), "words": whole(words)}),)


def relayed_lines(ticket: str, words: str, name: str) -> tuple[Line, ...]:
    """What whoever speaks for them reads of it."""
    who = name or Line("asking.nameless")
    return (Line("asking.relayed", {"ticket": grouped(ticket), "words": whole(words), "name": who}),)


def safeguard_lines(words: str) -> tuple[Line, ...]:
    """What the person of an alert reads: nothing that tells of danger to whoever holds their phone."""
    return (Line("asking.safeguard", {"words": whole(words)}),)


def heard(kind: str, words: str, seconds: int = 0) -> Listing | Line:
    """What was said: the words, or which recording it is."""
    if words or kind == "text":
        return whole(words)
    return Line(f"part.{kind}", {"length": duration(seconds)})


def talk_lines(talk: tuple[Utterance, ...]) -> tuple[Line, ...]:
    """What was asked and said, as it stands on the card; of what came before the newest the beginning."""
    last = len(talk) - 1
    return tuple(_line(one, NEWEST if number == last else EARLIER) for number, one in enumerate(talk))


def _line(one: Utterance, most: int) -> Line:
    words = one.words if len(one.words) <= most else one.words[: most - 1].rstrip() + "…"
    match one.said:
        case "question":
            return Line("desk.card.question", {"date": one.at, "words": whole(words)})
        case "reply":
            said = heard(one.kind, words, one.seconds)
            return Line("desk.card.reply", {"date": one.at, "words": said})
        case "objection":
            return Line("desk.card.objection", {"date": one.at})
