"""What the list of one's people understands: whom it offers, what is to be told, and what is done for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from conversations.chat import Chat, Part
from conversations.effects import (
    AcceptHandover,
    AnyEffect,
    IssueClaimCode,
    Line,
    Listing,
    OfferHandover,
    ReportBack,
    RevokeClaimCode,
    WithdrawAspiration,
)
from conversations.events import CodeIssued, TakenOver
from conversations.facts import AspirationView, Change, PersonView
from conversations.flows.relay_answers import who
from conversations.flows.relay_batch import item_of
from conversations.flows.relay_sending import told_words
from conversations.flows.summary import said
from conversations.flows.tasks import whole
from conversations.readers import kept_media, media_fault
from conversations.table import Option, Params, Reading, Seen, option
from conversations.ticket import grouped


def any_people(seen: Seen) -> Reading[Literal["some", "none"]]:
    """Whether this facilitator speaks for anybody."""
    return Reading("some" if seen.facts.people() else "none", seen.chat)


def offer_people(seen: Seen) -> tuple[Option, ...]:
    """Each by name, ticket and stage; those who are still to be told something say so."""
    return tuple(Option(person.ticket, _headline(person), "picked") for person in seen.facts.people())


def _headline(person: PersonView) -> Line:
    return Line(
        "people.option.to_tell" if person.to_tell or person.asked else "people.option",
        {
            "name": who(person.name),
            "ticket": grouped(person.ticket),
            "stage": _standing(person.aspiration),
        },
    )


def _standing(view: AspirationView) -> Line:
    """How far it has come; of what has ended, how it ended."""
    return Line(f"stage.{view.stage}") if view.open else Line(f"decision.{view.decision}")


def people_params(seen: Seen) -> Params:
    """How many there are, and how many of them are to be told something."""
    people = seen.facts.people()
    waiting = sum(bool(person.to_tell or person.asked) for person in people)
    return {
        "count": len(people),
        "waiting": Line("people.waiting", {"count": waiting}) if waiting else Line("people.all_told"),
    }


def keep_focus(chat: Chat, value: str) -> Chat:
    """This one."""
    return replace(chat, focus=value)


def present(seen: Seen) -> PersonView | None:
    """The person in focus, if still this facilitator's: a payload may be forged, and people claim their own."""
    return seen.facts.person(seen.chat.focus) if seen.chat.focus else None


def there(seen: Seen) -> Reading[Literal["there", "gone"]]:
    """Whether the person in focus is (still) this facilitator's."""
    return Reading("gone" if present(seen) is None else "there", seen.chat)


def whence(seen: Seen) -> Reading[Literal["aside", "list"]]:
    """Back to the question that was interrupted, else to the list."""
    return Reading("list" if seen.chat.interrupted is None else "aside", seen.chat)


def still_open(seen: Seen) -> Reading[Literal["open", "closed", "gone"]]:
    """Whether the person's aspiration can be withdrawn."""
    person = present(seen)
    if person is None:
        return Reading("gone", seen.chat)
    return Reading("open" if person.aspiration.open else "closed", seen.chat)


def card_params(seen: Seen) -> Params:
    """Who it is, what was said, how far it has come, and what is to be told."""
    person = present(seen)
    if person is None:
        return {
            **dict.fromkeys(("who", "summary", "relation", "stage", "decision", "told", "news"), ""),
            "ticket": "",
        }
    view = person.aspiration
    return {
        "who": who(person.name),
        "ticket": grouped(person.ticket),
        "summary": said(view),
        "relation": Line(f"relay.relation.{person.relation}"),
        "stage": Line(f"stage.{view.stage}"),
        "decision": Line(f"decision.{view.decision}"),
        "told": told_words(person.told_by, person.contact),
        "news": Listing(tuple(_news(person))),
    }


def _news(person: PersonView) -> Iterator[Line]:
    if person.aspiration.confirmed:
        yield Line(f"followup.heard.{person.aspiration.confirmed}")
    yield from (Line("people.asked", {"words": whole(words)}) for words in person.asked)
    if not person.to_tell and person.asked:
        return
    if not person.to_tell:
        yield Line("people.nothing_new")
        return
    yield Line("people.to_tell", {"who": who(person.name)})
    for change in person.to_tell:
        yield from _change(change)


def _change(change: Change) -> Iterator[Line]:
    moved: Params = {"stage": Line(f"stage.{change.stage}"), "decision": Line(f"decision.{change.decision}")}
    yield Line("history.change", {"at": change.at, **moved})
    if change.reason:
        yield Line("history.reason", {"reason": Line(f"reason.{change.reason}")})
    if change.note:
        yield Line("history.note", {"note": change.note})


def offer_deeds(seen: Seen) -> tuple[Option, ...]:
    """What can be done for the person now."""
    person = present(seen)
    if person is None:
        return ()
    return (
        *([option("answer", "people.answer")] if person.asked else []),
        *([option("told", "people.told")] if person.to_tell else []),
        option("card", "people.card_again"),
        option("code", "people.new_code"),
        *([option("revoke", "people.revoke")] if person.claimable else []),
        *([option("withdraw", "people.withdraw")] if person.aspiration.open else []),
    )


def person_params(seen: Seen) -> Params:
    """The person in focus, and the ticket."""
    person = present(seen)
    return {"who": who(person.name if person else ""), "ticket": grouped(seen.chat.focus)}


# Telling


def read_reply(seen: Seen) -> Reading[Literal["replied", "too_short", "too_long", "too_big"]] | None:
    """What the person said to it: typed, recorded or forwarded."""
    part = item_of(seen)
    if part is None or part.kind == "photo":
        return None
    fault = media_fault(part.media)
    if fault is not None:
        return Reading(fault, seen.chat)
    return Reading("replied", seen.chat, kept_media((part,)))


def report_with_reply(seen: Seen) -> AnyEffect:
    """The person was told, and answered."""
    return ReportBack(ticket=seen.chat.focus, answer=_bounded(item_of(seen)))


def _bounded(part: Part | None) -> Part | None:
    return part and replace(part, text=part.text[:1000])


def report(seen: Seen) -> AnyEffect:
    """The person was told."""
    return ReportBack(ticket=seen.chat.focus)


# Codes, withdrawing, handing over


def issue(seen: Seen) -> AnyEffect:
    """A new code; the old one is dead."""
    return IssueClaimCode(ticket=seen.chat.focus)


def revoke(seen: Seen) -> AnyEffect:
    """No code any more."""
    return RevokeClaimCode(ticket=seen.chat.focus)


def withdraw(seen: Seen) -> AnyEffect:
    """End the aspiration, as the person wishes."""
    return WithdrawAspiration(ticket=seen.chat.focus)


def offer(_seen: Seen) -> AnyEffect:
    """A code for another facilitator."""
    return OfferHandover()


def code_params(seen: Seen) -> Params:
    """The code, in groups."""
    return {"code": grouped(seen.event.code) if isinstance(seen.event, CodeIssued) else ""}


def take_over(seen: Seen) -> AnyEffect:
    """Take over another facilitator's people."""
    return AcceptHandover(code="".join(seen.chat.picked))


def forget_code(seen: Seen) -> Chat:
    """A code is typed once."""
    return replace(seen.chat, picked=())


def taken_params(seen: Seen) -> Params:
    """How many people came."""
    return {"count": seen.event.people if isinstance(seen.event, TakenOver) else 0}
