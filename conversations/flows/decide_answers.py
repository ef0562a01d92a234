"""What the answers of a decision mean, and what may be chosen in it (issue 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat
from conversations.desk import Decide, Deciding, DecisionsMade, DecisionsUndone, Preview, Told, UndoDecisions
from conversations.desk import VerdictDraft as Draft
from conversations.effects import AnyEffect, Line, Listing, Quoted
from conversations.flows.desk_answers import read_remark
from conversations.flows.desk_words import cards_of, desk_of, row_label, with_desk
from conversations.flows.people import PEOPLE
from conversations.flows.status import STATUS
from conversations.table import Option, Params, Reading, Seen, Tell, option
from conversations.ticket import grouped

MOST_AT_ONCE: Final = 30
"""Cards that may be picked for one verdict; storage.desk_verdicts refuses more."""

SPOKEN: Final = "id"
"""The language that is said aloud, in all its locales."""

WITHOUT: Final = "none"
"""No sentence of the officer's own."""

CLOSING: Final = {
    step.name: Line(step.says)
    for flow in (STATUS, PEOPLE)
    for step in flow.steps
    if isinstance(step, Tell) and step.apart
}
"""What stands below a letter, before its buttons."""


# Several cards at once


def offer_picks(seen: Seen) -> tuple[Option, ...]:
    """The first cards of the list, those that are picked named so."""
    return tuple(
        Option(row.ticket, _mark(row_label(row), picked=row.ticket in seen.chat.picked), "toggled")
        for row in cards_of(seen)[:MOST_AT_ONCE]
    )


def _mark(label: Line, *, picked: bool) -> Line:
    return Line("desk.pick.on", {"card": label}) if picked else label


def pick_params(seen: Seen) -> Params:
    """How many are picked, of how many."""
    return {"n": len(seen.chat.picked), "total": min(len(cards_of(seen)), MOST_AT_ONCE)}


def pick_all(seen: Seen) -> Reading[Literal["picked"]]:
    """All of them; once more: none."""
    every = tuple(row.ticket for row in cards_of(seen)[:MOST_AT_ONCE])
    picked = () if set(every) <= set(seen.chat.picked) else every
    return Reading("picked", replace(seen.chat, picked=picked))


def pick_done(seen: Seen) -> Reading[Literal["some", "none"]]:
    """A verdict for what is picked begins; no single card is in focus."""
    if not seen.chat.picked:
        return Reading("none", seen.chat)
    chat = replace(seen.chat, focus="", picked=())
    return Reading("some", with_verdict(chat, Draft(tickets=seen.chat.picked)))


def begin(seen: Seen) -> Reading[Literal["begun"]]:
    """A verdict for the card in focus alone begins."""
    return Reading("begun", with_verdict(seen.chat, Draft(tickets=(seen.chat.focus,))))


def came_from(seen: Seen) -> Reading[Literal["one", "several"]]:
    """Where one goes back to: the card, or the list of those that were picked from."""
    return Reading("one" if seen.chat.focus else "several", seen.chat)


# The verdict


def verdict_of(chat: Chat) -> Draft:
    """The decision that is being made."""
    return desk_of(chat).verdict or Draft(tickets=(chat.focus,) if chat.focus else ())


def with_verdict(chat: Chat, verdict: Draft) -> Chat:
    """The chat with another."""
    return with_desk(chat, replace(desk_of(chat), verdict=verdict))


def deciding(seen: Seen) -> Deciding:
    """What may be decided for it."""
    return seen.facts.desk.deciding(verdict_of(seen.chat))


def keep_stage(chat: Chat, value: str) -> Chat:
    """Where it is decided; what was said of another stage is forgotten."""
    return with_verdict(chat, Draft(tickets=verdict_of(chat).tickets, stage=value))


def keep_decision(chat: Chat, value: str) -> Chat:
    """What is decided."""
    return with_verdict(chat, replace(verdict_of(chat), decision=value, reason="", note="", template=""))


def keep_reason(chat: Chat, value: str) -> Chat:
    """Why not."""
    return with_verdict(chat, replace(verdict_of(chat), reason=value))


def keep_template(chat: Chat, value: str) -> Chat:
    """A ready sentence, or none."""
    name = "" if value == WITHOUT else value
    return with_verdict(chat, replace(verdict_of(chat), note="", template=name))


def read_sentence(seen: Seen) -> Reading[Literal["written", "long"]] | None:
    """A sentence for the resident in own words."""
    read = read_remark(seen)
    if read is None or read.outcome == "long":
        return read
    verdict = replace(verdict_of(seen.chat), note=read.chat.picked[0], template="")
    return Reading("written", with_verdict(seen.chat, verdict))


def is_negative(seen: Seen) -> Reading[Literal["no", "yes"]]:
    """Whether a reason is owed."""
    negative = verdict_of(seen.chat).decision in deciding(seen).negative
    return Reading("no" if negative else "yes", seen.chat)


def offer_stages(seen: Seen) -> tuple[Option, ...]:
    """Where it may be decided."""
    return tuple(Option(stage, Line(f"stage.{stage}"), "stage") for stage, _ in deciding(seen).choices)


def offer_decisions(seen: Seen) -> tuple[Option, ...]:
    """What may be decided there."""
    found = dict(deciding(seen).choices).get(verdict_of(seen.chat).stage, ())
    return tuple(Option(name, Line(f"decision.{name}"), "decision") for name in found)


def offer_reasons(seen: Seen) -> tuple[Option, ...]:
    """The reasons of a "no"."""
    return tuple(Option(name, Line(f"reason.{name}"), "reason") for name in deciding(seen).reasons)


def offer_sentences(seen: Seen) -> tuple[Option, ...]:
    """The ready sentences in the officer's language and, where one may do without, none."""
    verdict, may = verdict_of(seen.chat), deciding(seen)
    ready = tuple(
        Option(one.name, Line("decide.template", {"words": one.to(seen.chat.locale)}), "template")
        for one in may.sentences
    )
    spare = bool(verdict.note or verdict.template) and verdict.decision not in may.negative
    return (*ready, option(WITHOUT, "decide.without", "template")) if spare else ready


def sentence_params(seen: Seen) -> Params:
    """What it says now, to be changed: the words can be copied."""
    verdict = verdict_of(seen.chat)
    ready = {one.name: one.to(seen.chat.locale) for one in deciding(seen).sentences}
    words = verdict.note or ready.get(verdict.template, "")
    return {"now": Line("decide.sentence.now", {"words": words}) if words else Listing(())}


# What comes of it


def preview_of(seen: Seen) -> Preview:
    """What the verdict would do now."""
    return seen.facts.desk.preview(replace(verdict_of(seen.chat), seen=()), seen.event.at)


def any_left(seen: Seen) -> Reading[Literal["some", "none", "taken"]]:
    """Whether anything would be decided; how it stands now is kept, for the decision to be about that."""
    found = preview_of(seen)
    if not found.decided:
        return Reading("taken" if found.taken else "none", seen.chat)
    return Reading("some", with_verdict(seen.chat, replace(verdict_of(seen.chat), seen=found.seen)))


def preview_params(seen: Seen) -> Params:
    """How many, and the very messages that residents will get, each kind and language once."""
    return {"lines": Listing(tuple(_preview(seen, preview_of(seen), heard=False)))}


def heard_params(seen: Seen) -> Params:
    """The same as it is said to whoever listens."""
    return {"lines": Listing(tuple(_preview(seen, preview_of(seen), heard=True)))}


def offer_sending(seen: Seen) -> tuple[Option, ...]:
    """What one may do with it; to be heard only where somebody may listen to it."""
    heard = any(one.locale.startswith(SPOKEN) for one in preview_of(seen).told)
    return (
        option("send", "decide.send"),
        option("words", "decide.words"),
        *((option("heard", "decide.heard"),) if heard else ()),
        option("change", "decide.change"),
    )


def _preview(seen: Seen, preview: Preview, *, heard: bool) -> Iterator[Line]:
    if len(verdict_of(seen.chat).tickets) > 1:
        yield Line("decide.preview.count", {"n": preview.decided})
    if preview.refused:
        numbers = Listing(tuple(grouped(ticket) for ticket in preview.refused), joined=True)
        yield Line("decide.preview.refused", {"n": len(preview.refused), "tickets": numbers})
    if preview.untold:
        yield Line("decide.preview.untold", {"n": preview.untold})
    told = [one for one in preview.told if not heard or one.locale.startswith(SPOKEN)]
    for one in told:
        if len(told) > 1 or one.locale != seen.chat.locale:
            about: Params = {"n": one.people, "language": Line(f"language.{one.locale}")}
            yield Line("decide.preview.reader", about)
        yield Line("decide.preview.letter", {"letter": _letter(one, heard=heard)})


def _letter(told: Told, *, heard: bool) -> Quoted:
    closing = (CLOSING[told.step],) if told.step in CLOSING else ()
    return Quoted((*told.lines, *closing), told.locale, heard=heard)


def decide(seen: Seen) -> AnyEffect:
    """Record the verdict."""
    return Decide(verdict=verdict_of(seen.chat))


def keep_undo(seen: Seen) -> Chat:
    """The decision is made; what takes it back is kept. Refused, it is still being written."""
    if not isinstance(seen.event, DecisionsMade):
        return seen.chat
    made = seen.event
    desk = replace(desk_of(seen.chat), verdict=None, undo=made.events, refused=made.refused)
    return with_desk(seen.chat, desk)


def done_params(seen: Seen) -> Params:
    """For how many, where it was not one card."""
    desk = desk_of(seen.chat)
    counted = {"n": len(desk.undo), "refused": desk.refused}
    return {"many": Listing(()) if seen.chat.focus else Line("decide.done.many", counted)}


def offer_done(seen: Seen) -> tuple[Option, ...]:
    """To take it back, and where to go on."""
    return (
        *((option("undo", "decide.undo"),) if desk_of(seen.chat).undo else ()),
        option("next", "desk.to_list"),
        *((option("card", "desk.to_card"),) if seen.chat.focus else ()),
    )


def undo(seen: Seen) -> AnyEffect:
    """Take it back."""
    return UndoDecisions(events=desk_of(seen.chat).undo)


def forget_undo(seen: Seen) -> Chat:
    """It can be taken back only once."""
    return with_desk(seen.chat, replace(desk_of(seen.chat), undo=(), refused=0))


def undone_params(seen: Seen) -> Params:
    """How many, where it was not one card."""
    event = seen.event
    if seen.chat.focus or not isinstance(event, DecisionsUndone):
        return {"many": Listing(())}
    return {"many": Line("decide.undone.many", {"n": event.undone, "kept": event.kept})}
