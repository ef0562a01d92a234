"""What the answers of a decision mean, and what may be chosen in it (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from conversations.chat import Chat
from conversations.desk import Decide, DecisionsMade, UndoDecisions, VerdictDraft
from conversations.effects import AnyEffect, Line, Listing
from conversations.flows.desk_answers import read_remark
from conversations.flows.desk_words import card_of, desk_of, with_desk
from conversations.table import Option, Params, Reading, Seen


def verdict_of(chat: Chat) -> VerdictDraft:
    """The decision that is being made."""
    return desk_of(chat).verdict or VerdictDraft(tickets=(chat.focus,))


def with_verdict(chat: Chat, verdict: VerdictDraft) -> Chat:
    """The chat with another."""
    return with_desk(chat, replace(desk_of(chat), verdict=verdict))


def read_sentence(seen: Seen) -> Reading[Literal["written", "long"]] | None:
    """The sentence for the resident."""
    read = read_remark(seen)
    if read is None or read.outcome == "long":
        return read
    verdict = replace(verdict_of(seen.chat), note=read.chat.picked[0])
    return Reading("written", with_verdict(seen.chat, verdict))


def keep_stage(chat: Chat, value: str) -> Chat:
    """Begin a verdict."""
    return with_verdict(chat, VerdictDraft(tickets=(chat.focus,), stage=value))


def keep_decision(chat: Chat, value: str) -> Chat:
    """What is decided."""
    return with_verdict(chat, replace(verdict_of(chat), decision=value, reason="", note=""))


def keep_reason(chat: Chat, value: str) -> Chat:
    """Why not."""
    return with_verdict(chat, replace(verdict_of(chat), reason=value))


def is_negative(seen: Seen) -> Reading[Literal["no", "yes"]]:
    """Whether a reason is owed."""
    card = card_of(seen)
    negative = card is not None and verdict_of(seen.chat).decision in card.negative
    return Reading("no" if negative else "yes", seen.chat)


def offer_stages(seen: Seen) -> tuple[Option, ...]:
    """Where it may be decided."""
    card = card_of(seen)
    return tuple(Option(stage, Line(f"stage.{stage}"), "stage") for stage, _ in card.choices) if card else ()


def offer_decisions(seen: Seen) -> tuple[Option, ...]:
    """What may be decided there."""
    card = card_of(seen)
    choices = dict(card.choices) if card else {}
    found = choices.get(verdict_of(seen.chat).stage, ())
    return tuple(Option(name, Line(f"decision.{name}"), "decision") for name in found)


def offer_reasons(seen: Seen) -> tuple[Option, ...]:
    """The reasons of a "no"."""
    card = card_of(seen)
    return tuple(Option(name, Line(f"reason.{name}"), "reason") for name in card.reasons) if card else ()


def preview_params(seen: Seen) -> Params:
    """The very lines that the resident will get."""
    return {"lines": Listing(seen.facts.desk.preview(verdict_of(seen.chat), seen.event.at))}


def keep_undo(seen: Seen) -> Chat:
    """The decision is made; what takes it back is kept."""
    made = seen.event.events if isinstance(seen.event, DecisionsMade) else ()
    return with_desk(seen.chat, replace(desk_of(seen.chat), verdict=None, undo=made))


def decide(seen: Seen) -> AnyEffect:
    """Record the verdict."""
    return Decide(verdict=verdict_of(seen.chat))


def undo(seen: Seen) -> AnyEffect:
    """Take it back."""
    return UndoDecisions(events=desk_of(seen.chat).undo)
