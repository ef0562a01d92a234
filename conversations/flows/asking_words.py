"""What is said of questions and replies: the lines of their letters, which previews show too, and of the card."""

from __future__ import annotations

from conversations.asking import Utterance
from conversations.effects import Line, Listing
from conversations.flows.tasks import whole
from conversations.ticket import grouped
from conversations.times import duration


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
    """What was asked and said, as it stands on the card."""
    return tuple(_line(one) for one in talk)


def _line(one: Utterance) -> Line:
    match one.said:
        case "question":
            return Line("desk.card.question", {"date": one.at, "words": whole(one.words)})
        case "reply":
            said = heard(one.kind, one.words, one.seconds)
            return Line("desk.card.reply", {"date": one.at, "words": said})
        case "objection":
            return Line("desk.card.objection", {"date": one.at})
