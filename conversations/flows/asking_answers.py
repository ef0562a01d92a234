"""What asking back understands: what officers, residents and safeguards say, and what is then asked of the world."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from conversations.asking import (
    AnswerQuestion,
    AskPerson,
    ObjectTo,
    QuestionView,
    ReplyTo,
    SettleReplies,
    WriteToPerson,
)
from conversations.effects import AnyEffect, Line, Listing
from conversations.flows.asking_words import question_lines, relayed_lines, safeguard_lines
from conversations.flows.desk_words import card_of
from conversations.flows.tasks import whole
from conversations.part import Part
from conversations.readers import kept_media, media_fault, part_of
from conversations.table import Params, Reading, Seen
from conversations.ticket import grouped


def _number(seen: Seen) -> int:
    return int(seen.chat.focus) if seen.chat.focus.isdecimal() else 0


def _typed(seen: Seen) -> str:
    return seen.chat.picked[0] if seen.chat.picked else ""


# The staff


def ask_preview(seen: Seen) -> Params:
    """The very lines that the resident will get, or whoever speaks for them; the name stays masked."""
    card, words = card_of(seen), _typed(seen)
    if card is not None and card.relayed:
        return {"lines": Listing(relayed_lines(seen.chat.focus, words, ""))}
    return {"lines": Listing(question_lines(seen.chat.focus, words))}


def ask(seen: Seen) -> AnyEffect:
    """Send the question."""
    return AskPerson(ticket=seen.chat.focus, words=_typed(seen))


def settle(seen: Seen) -> AnyEffect:
    """What was replied is read."""
    return SettleReplies(ticket=seen.chat.focus)


# Those who are asked


def _question(seen: Seen) -> QuestionView | None:
    return seen.facts.asking.question(_number(seen))


def still_asked(seen: Seen) -> Reading[Literal["asked", "gone"]]:
    """Whether this chat may answer the question in focus: a payload may be forged, and people claim their own."""
    return Reading("gone" if _question(seen) is None else "asked", seen.chat)


def find_question(seen: Seen) -> Reading[Literal["asked", "gone"]]:
    """The open question about the person in focus."""
    number = seen.facts.asking.open_question(seen.chat.focus)
    if not number:
        return Reading("gone", seen.chat)
    return Reading("asked", replace(seen.chat, focus=str(number)))


def question_params(seen: Seen) -> Params:
    """What was asked, and of whom."""
    view = _question(seen)
    if view is None:
        return {"about": "", "words": Listing(())}
    return {"about": _about(view), "words": whole(view.words)}


def _about(view: QuestionView) -> Line:
    if not view.ticket:
        return Line("question.about_you")
    if view.relayed:
        return Line("question.about_person", {"name": view.name or Line("asking.nameless")})
    return Line("question.about", {"ticket": grouped(view.ticket)})


Answer = Reading[Literal["said", "too_short", "too_long", "too_big"]]


def read_answer(seen: Seen) -> Answer | None:
    """An answer in words, by voice, as a picture or a film."""
    part = part_of(seen)
    if part is None:
        return None
    fault = media_fault(part.media, photo=part.kind == "photo")
    return Reading(fault, seen.chat) if fault else Reading("said", seen.chat, kept_media((part,)))


def _part(seen: Seen) -> Part:
    """What was just said; the step before has read it."""
    return part_of(seen) or Part(kind="text", message=seen.event.message)


def answer(seen: Seen) -> AnyEffect:
    """Answer the question in focus."""
    return AnswerQuestion(question=_number(seen), answer=_part(seen))


def may_reply(seen: Seen) -> Reading[Literal["theirs", "gone"]]:
    """Whether this chat may say something about the aspiration in focus."""
    return Reading("theirs" if seen.facts.asking.concerned(seen.chat.focus) else "gone", seen.chat)


def ticket_params(seen: Seen) -> Params:
    """Which aspiration it is."""
    return {"ticket": grouped(seen.chat.focus)}


def reply(seen: Seen) -> AnyEffect:
    """Say it to the staff."""
    return ReplyTo(ticket=seen.chat.focus, answer=_part(seen))


def may_object(seen: Seen) -> Reading[Literal["decided", "open"]]:
    """Whether there is a decision to which nobody has objected yet."""
    return Reading("decided" if seen.facts.asking.may_object(seen.chat.focus) else "open", seen.chat)


def object_to(seen: Seen) -> AnyEffect:
    """Ask to open it again."""
    return ObjectTo(ticket=seen.chat.focus)


# Those who protect people


def may_write(seen: Seen) -> Reading[Literal["alert", "gone"]]:
    """Whether this chat may write to the person of the alert in focus."""
    return Reading("alert" if seen.facts.asking.contact(_number(seen)) else "gone", seen.chat)


def write_preview(seen: Seen) -> Params:
    """The very lines that the person will get."""
    return {"lines": Listing(safeguard_lines(_typed(seen)))}


def write(seen: Seen) -> AnyEffect:
    """Write to them."""
    return WriteToPerson(contact=_number(seen), words=_typed(seen))
