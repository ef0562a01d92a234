"""Status: my aspirations, one by its number, its whole history, taking it back, and recovering a lost one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat
from conversations.effects import (
    AnyEffect,
    Line,
    Listing,
    RecoverAspiration,
    RetractAspiration,
    WithdrawAspiration,
)
from conversations.events import Recovered, Refused
from conversations.facts import AspirationView, Change
from conversations.flows.arrival import HUMAN, house_params
from conversations.flows.summary import said
from conversations.readers import MOST_GUESSES, read_code, read_number, read_own_number, recent_guesses
from conversations.table import (
    MENU,
    RETURN,
    Act,
    Ask,
    Branch,
    Flow,
    Option,
    Params,
    Reading,
    Seen,
    Tell,
    option,
)
from conversations.ticket import grouped

CLAIM: Final = re.compile(r"k(?P<ticket>[0-9]{7}|[0-9]{9})-(?P<code>[0-9]{11})")
"""A ticket with its code, as a link gives them and as the chat keeps them."""

LOOKUP_EDGES = {
    "known": "status.show",
    "unknown": "status.unknown",
    "mistyped": "status.mistyped",
    "slowed": "status.slowed",
}
SEEN_EDGES = {"mine": "status.history", "closed": "status.closed", "public": "status.public"}


def any_mine(seen: Seen) -> Reading[Literal["some", "none"]]:
    """Whether this person has sent anything."""
    return Reading("some" if seen.facts.mine() else "none", seen.chat)


def offer_mine(seen: Seen) -> tuple[Option, ...]:
    """The person's aspirations, newest first, each by number, field and stage."""
    return tuple(
        Option(view.ticket, Line("status.option", _headline(view)), "picked") for view in seen.facts.mine()
    )


def _headline(view: AspirationView) -> Params:
    return {
        "ticket": grouped(view.ticket),
        "field": Line(f"field.{view.field}"),
        "stage": Line(f"stage.{view.stage}"),
    }


def keep_focus(chat: Chat, value: str) -> Chat:
    """Look at this one."""
    return replace(chat, focus=value)


def visible(seen: Seen) -> Reading[Literal["mine", "closed", "public", "unknown"]]:
    """Whether the aspiration in focus is one's own (open or closed), somebody's public one, or none to be seen.

    The ticket may come from a forged button, hence a press on an unknown one is a guess like a typed one.
    """
    view = seen.facts.aspiration(seen.chat.focus)
    if view is not None and view.mine:
        return Reading("mine" if view.open else "closed", seen.chat)
    recent = recent_guesses(seen)
    if view is not None:
        return Reading("public" if len(recent) < MOST_GUESSES else "unknown", seen.chat)
    guesses = (*recent, seen.event.at)[-MOST_GUESSES:]
    return Reading("unknown", replace(seen.chat, guesses=guesses))


def history_params(seen: Seen) -> Params:
    """What was sent, how far it has come, and everything that happened to it, in plain words."""
    view = seen.facts.aspiration(seen.chat.focus)
    if view is None:
        return {}
    return {
        **_headline(view),
        "village": view.village.name,
        "kecamatan": view.village.kecamatan,
        "visibility": Line(f"visibility.{view.visibility}"),
        "decision": Line(f"decision.{view.decision}"),
        "summary": Listing((said(view), *_support(view))) if view.support else said(view),
        "history": Listing((*_history(view), *_confirmed(view), *_promise(seen, view), *_lead(view))),
        "contact": seen.facts.house.contact_name,
        "phone": seen.facts.house.contact_phone,
    }


def _history(view: AspirationView) -> Iterator[Line]:
    return (line for change in view.history for line in _change(change))


def _promise(seen: Seen, view: AspirationView) -> tuple[Line, ...]:
    """By when its people hear again, or that this day is over: what they were promised, not a new promise."""
    if view.answer_by is None:
        return ()
    today = seen.event.at.astimezone(seen.facts.house.timezone).date()
    due: Params = {"date": view.answer_by}
    return (Line("notice.answer_by", due) if today <= view.answer_by else Line("status.late", due),)


def _confirmed(view: AspirationView) -> tuple[Line, ...]:
    """What its people say of it, beside the official status."""
    return (Line(f"followup.said.{view.confirmed}"),) if view.confirmed else ()


def _support(view: AspirationView) -> tuple[Line, ...]:
    """How many others support it."""
    return (Line("status.support", {"n": view.support}),)


def _lead(view: AspirationView) -> tuple[Line, ...]:
    """The one that it supports, or is told with."""
    return (Line("status.lead", {"ticket": grouped(view.lead)}),) if view.lead else ()


def _change(change: Change) -> tuple[Line, ...]:
    said: Params = {"stage": Line(f"stage.{change.stage}"), "decision": Line(f"decision.{change.decision}")}
    lines = [Line("history.change", {"at": change.at, **said})]
    if change.office:
        lines.append(Line("history.office", {"office": change.office}))
    if change.reason:
        lines.append(Line("history.reason", {"reason": Line(f"reason.{change.reason}")}))
        lines.append(Line("history.next", {"next": Line(f"next.{change.reason}")}))
    if change.note:
        lines.append(Line("history.note", {"note": change.note}))
    return tuple(lines)


def ticket_params(seen: Seen) -> Params:
    """The ticket in focus, in groups, and a person to ask."""
    ticket = seen.event.ticket if isinstance(seen.event, Recovered) else seen.chat.focus
    return {**house_params(seen), "ticket": grouped(ticket)}


def may_withdraw(seen: Seen) -> Reading[Literal["open", "closed", "unknown"]]:
    """Only one's own open aspiration can be withdrawn; asked again when pressed."""
    view = seen.facts.aspiration(seen.chat.focus)
    if view is None or not view.mine:
        return Reading("unknown", seen.chat)
    return Reading("open" if view.open else "closed", seen.chat)


def retract(seen: Seen) -> AnyEffect:
    """Take back what was just sent."""
    return RetractAspiration(ticket=seen.chat.focus)


def withdraw(seen: Seen) -> AnyEffect:
    """End one's own aspiration."""
    return WithdrawAspiration(ticket=seen.chat.focus)


def recover(seen: Seen) -> AnyEffect:
    """Take over an aspiration with the code of its receipt, typed now or kept while consent was asked."""
    kept = CLAIM.fullmatch(seen.chat.link)
    if kept and not seen.chat.picked:
        return RecoverAspiration(ticket=kept["ticket"], code=kept["code"])
    return RecoverAspiration(ticket=seen.chat.focus, code="".join(seen.chat.picked))


def code_kept(seen: Seen) -> Reading[Literal["kept", "missing"]]:
    """Whether the code was typed before consent, so that it need not be typed again."""
    return Reading("kept" if CLAIM.fullmatch(seen.chat.link) else "missing", seen.chat)


def spoken_for(seen: Seen) -> Reading[Literal["relayed", "own"]]:
    """Whether a facilitator read the aspiration until now: the person is told that this has ended."""
    relayed = isinstance(seen.event, Recovered) and seen.event.relayed
    return Reading("relayed" if relayed else "own", seen.chat)


def take_recovered(seen: Seen) -> Chat:
    """Look at the recovered aspiration; a new account must agree first, and its code waits in the sealed chat."""
    chat = replace(seen.chat, picked=(), link="", consent_for="")
    if isinstance(seen.event, Recovered):
        return replace(chat, focus=seen.event.ticket)
    if isinstance(seen.event, Refused) and seen.event.reason == "no_consent":
        code = "".join(seen.chat.picked)
        link = f"k{chat.focus}-{code}" if code else seen.chat.link
        return replace(chat, link=link, consent_for="recover")
    return chat


STATUS = Flow(
    name="status",
    steps=(
        Branch(name="status", on=any_mine, edges={"some": "status.mine", "none": "status.none"}),
        Ask(
            name="status.mine",
            says="status.mine",
            offers=offer_mine,
            leads=("picked",),
            options=(option("number", "status.by_number"), option("recover", "status.recover")),
            keep=keep_focus,
            page=6,
            readers=(read_number,),
            edges={
                **LOOKUP_EDGES,
                "picked": "status.show",
                "number": "status.number",
                "recover": "recover",
            },
        ),
        Tell(name="status.none", says="status.none", then="status.number"),
        Ask(
            name="status.number",
            says="status.number",
            options=(option("recover", "status.recover"), option("menu", "status.to_menu")),
            readers=(read_number,),
            edges={**LOOKUP_EDGES, "recover": "recover", "menu": MENU, "human": "human"},
            hint="hint.number",
            easier="easier.number",
            rescue=(HUMAN,),
        ),
        Tell(name="status.unknown", says="status.unknown", params=house_params, then="status.number"),
        Tell(name="status.mistyped", says="status.mistyped", then="status.number"),
        Tell(name="status.slowed", says="status.slowed", then=MENU),
        Branch(
            name="status.open",
            on=visible,
            edges={**SEEN_EDGES, "unknown": "status.gone"},
        ),
        Branch(
            name="status.show",
            on=visible,
            edges={**SEEN_EDGES, "unknown": "status.unknown"},
        ),
        Tell(name="status.gone", says="status.gone", params=house_params, then=RETURN),
        Tell(
            name="status.history",
            says="status.history",
            params=history_params,
            then=RETURN,
            apart=True,
            options=(option("withdraw", "status.withdraw"),),
            edges={"withdraw": "withdraw"},
        ),
        Tell(name="status.closed", says="status.history", params=history_params, then=RETURN, apart=True),
        Tell(name="status.public", says="status.public", params=history_params, then=RETURN),
        Tell(
            name="notice",
            says="notice.buttons",
            then=RETURN,
            apart=True,
            options=(option("show", "notice.show"), option("reply", "notice.reply")),
            edges={"show": "status.open", "reply": "reply.open"},
            reply="reply.say",
        ),
        Branch(
            name="withdraw",
            on=may_withdraw,
            edges={"open": "withdraw.ask", "closed": "withdraw.closed", "unknown": "status.gone"},
        ),
        Ask(
            name="withdraw.ask",
            says="withdraw.ask",
            params=ticket_params,
            ref="focus",
            options=(option("yes", "withdraw.yes"), option("no", "withdraw.no")),
            edges={"yes": "withdraw.do", "no": RETURN},
        ),
        Act(
            name="withdraw.do",
            does=withdraw,
            performs=WithdrawAspiration,
            edges={"saved": "withdraw.done", "refused": "withdraw.closed"},
        ),
        Tell(name="withdraw.done", says="withdraw.done", params=ticket_params, then=RETURN),
        Tell(name="withdraw.closed", says="withdraw.closed", params=ticket_params, then=RETURN),
        Act(
            name="retract",
            does=retract,
            performs=RetractAspiration,
            edges={"saved": "retract.done", "refused.late": "retract.late", "refused": "status.gone"},
        ),
        Tell(name="retract.done", says="retract.done", params=ticket_params, then=RETURN),
        Tell(name="retract.late", says="retract.late", params=ticket_params, then="withdraw"),
        Ask(
            name="recover",
            says="recover",
            options=(option("back", "recover.back"),),
            readers=(read_own_number,),
            edges={
                "number": "recover.code",
                "mistyped": "recover.misnumbered",
                "back": "status",
                "human": "human",
            },
            hint="hint.number",
            easier="easier.number",
            rescue=(HUMAN,),
        ),
        Tell(name="recover.misnumbered", says="status.mistyped", then="recover"),
        Ask(
            name="recover.code",
            says="recover.code",
            params=ticket_params,
            options=(option("back", "recover.back"),),
            readers=(read_code,),
            edges={"code": "recover.do", "mistyped": "recover.mistyped", "back": "recover", "human": "human"},
            hint="hint.code",
            easier="easier.code",
            rescue=(HUMAN,),
        ),
        Tell(name="recover.mistyped", says="recover.mistyped", then="recover.code"),
        Branch(name="recover.kept", on=code_kept, edges={"kept": "recover.do", "missing": "recover.code"}),
        Act(
            name="recover.do",
            does=recover,
            performs=RecoverAspiration,
            edges={
                "recovered": "recover.whose",
                "refused.slowed": "recover.slowed",
                "refused.no_consent": "recover.needs_consent",
                "refused.facilitator": "recover.own",
                "refused": "recover.unknown",
            },
            keep=take_recovered,
        ),
        Branch(name="recover.whose", on=spoken_for, edges={"relayed": "claim.done", "own": "recover.done"}),
        Tell(name="recover.done", says="recover.done", params=ticket_params, then="status.open"),
        Tell(name="recover.needs_consent", says="data.needs_consent", then="consent.ask"),
        Tell(name="recover.slowed", says="status.slowed", then=MENU),
        Tell(name="recover.own", says="refused.facilitator", then=MENU),
        Tell(name="recover.unknown", says="recover.unknown", params=house_params, then="recover"),
    ),
)
