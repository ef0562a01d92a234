"""The card of a broadcast and what may be done with it: preview, trial, sending, approval (issue 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

from conversations.broadcast import (
    ApproveBroadcast,
    BroadcastKept,
    BroadcastView,
    KeepBroadcast,
    RecallBroadcast,
    SubmitBroadcast,
    TestBroadcast,
)
from conversations.chat import Chat
from conversations.effects import AnyEffect, Line, Listing, Param, Quoted
from conversations.flows import broadcast_words as words
from conversations.flows.broadcast_drafting import with_draft
from conversations.spoken import spoken_seconds
from conversations.table import Option, Params, Reading, Seen, Teller, option
from conversations.times import moment

EXCERPT: Final = 80
"""Characters of a broadcast on a button; texts cut the rest."""

STEERED: Final = ("sending", "paused", "done", "stopped")
"""States in which it is on its way, or was."""

OF_DRAFT: Final = ("preview", "test", "edit", "whom", "when", "drop")
ACTS: Final = ("count", "send", *OF_DRAFT, "approve", "reject", "recall", "list")
"""What may be done with one; its state says which of it."""


def may_broadcast(seen: Seen) -> bool:
    """Whether this chat writes or approves broadcasts; each verb asks again for the broadcast's own regions."""
    return seen.facts.broadcasts.works()


def number_of(seen: Seen) -> int:
    """The broadcast that is being looked at, 0 for none."""
    return int(seen.chat.focus) if seen.chat.focus.isdecimal() else 0


def view_of(seen: Seen) -> BroadcastView | None:
    """It, as far as this chat may see it."""
    return seen.facts.broadcasts.broadcast(number_of(seen))


def keep_focus(chat: Chat, value: str) -> Chat:
    """This one."""
    return replace(chat, focus=value) if value.isdecimal() else chat


def offer_broadcasts(seen: Seen) -> tuple[Option, ...]:
    """A new one, then those that wait for this chat, then its own."""
    facts = seen.facts.broadcasts
    new = (option("new", "siar.new"),) if facts.regions() else ()
    return (*new, *(Option(str(one.id), _named(one), "picked") for one in facts.broadcasts()))


def _named(one: BroadcastView) -> Line:
    state, words_ = Line(f"siar.state.{one.state}"), one.draft.text[:EXCERPT]
    about: dict[str, Param] = {"state": state, "n": one.id, "words": words_}
    return Line("siar.to_approve", about) if one.may_approve else Line("siar.option", about)


def is_mine(seen: Seen) -> Reading[Literal["known", "steered", "gone"]]:
    """Whether this chat may still see it, and whether it is on its way."""
    view = view_of(seen)
    if view is None:
        return Reading("gone", seen.chat)
    return Reading("steered" if view.state in STEERED else "known", seen.chat)


def card_params(seen: Seen) -> Params:
    """All of a broadcast."""
    view = view_of(seen)
    if view is None:
        return dict.fromkeys(("state", "topic", "words", "about"), "")
    return words.card_params(seen, view)


def offer_acts(seen: Seen) -> tuple[Option, ...]:
    """What this chat may do with it now."""
    view = view_of(seen)
    names: tuple[str, ...] = ()
    if view is not None and view.may_approve:
        names = ("approve", "reject", "preview")
    elif view is not None and view.mine and view.state == "draft":
        names = ("count" if view.census is None else "send", *OF_DRAFT)
    elif view is not None and view.mine:
        names = ("preview", "recall", "drop") if view.state in {"approval", "scheduled"} else ("preview",)
    return tuple(Option(name, Line(f"siar.do.{name}"), name) for name in (*names, "list"))


def recount(seen: Seen) -> AnyEffect:
    """Keep it as it is, so that it is counted."""
    view = view_of(seen)
    return KeepBroadcast(draft=view.draft if view is not None else words.NEW)


def keep_number(seen: Seen) -> Chat:
    """It is kept: from now on its number is what is looked at."""
    if not isinstance(seen.event, BroadcastKept):
        return seen.chat
    return replace(with_draft(seen.chat, None), focus=str(seen.event.number))


def was_counted(seen: Seen) -> Reading[Literal["counted", "counting"]]:
    """Whether the last count still stands."""
    view = view_of(seen)
    return Reading("counted" if view is not None and view.census is not None else "counting", seen.chat)


# Preview and trial


def quoting(locale: str) -> Teller:
    """The very lines that somebody of this locale reads, and hears if they listen."""

    def tell(seen: Seen) -> Params:
        view = view_of(seen)
        if view is None:
            return {"read": "", "heard": "", "seconds": 0}
        lines = seen.facts.broadcasts.preview(view.id, locale)
        draft = view.draft
        said = (draft.easy or draft.text) if locale.endswith("@mudah") else draft.text
        return {
            "read": Quoted(lines, locale),
            "heard": Quoted(lines, locale, heard=True),
            "seconds": round(spoken_seconds(said)),
        }

    return tell


def reading(locale: str) -> Teller:
    """The same for a locale that is not said aloud."""

    def tell(seen: Seen) -> Params:
        view = view_of(seen)
        lines = seen.facts.broadcasts.preview(view.id, locale) if view is not None else ()
        return {"read": Quoted(lines, locale)}

    return tell


def try_out(seen: Seen) -> AnyEffect:
    """To oneself."""
    return TestBroadcast(broadcast=number_of(seen))


# Sending


def is_ready(seen: Seen) -> Reading[Literal["ready", "counting", "nobody", "gone"]]:
    """Whether it can be sent."""
    view = view_of(seen)
    if view is None or view.state != "draft":
        return Reading("gone", seen.chat)
    if view.census is None:
        return Reading("counting", seen.chat)
    return Reading("ready" if view.census.recipients else "nobody", seen.chat)


def sure_params(seen: Seen) -> Params:
    """To how many, when, and what speaks against that moment."""
    view = view_of(seen)
    if view is None or view.census is None:
        return {"about": ""}
    house, at = seen.facts.house, view.draft.at
    when = moment(at.astimezone(house.timezone), house.zone) if at else Line("siar.at_once")
    number = words.how_many(view.census.recipients, few=bool(view.draft.segment.groups))
    approval = (Line("siar.needs_approval"),) if view.needs_approval else ()
    facts = (Line("siar.recipients", {"n": number}), Line("siar.due", {"when": when}))
    return {"about": Listing((*facts, *words.cautions(seen, at or seen.event.at), *approval))}


def submit(seen: Seen) -> AnyEffect:
    """Have it sent."""
    return SubmitBroadcast(broadcast=number_of(seen))


def went_where(seen: Seen) -> Reading[Literal["approval", "scheduled"]]:
    """Whether a second person is asked first."""
    view = view_of(seen)
    return Reading("approval" if view is not None and view.state == "approval" else "scheduled", seen.chat)


def approving(*, granted: bool) -> Callable[[Seen], AnyEffect]:
    """Approve it, or give it back."""
    return lambda seen: ApproveBroadcast(broadcast=number_of(seen), granted=granted)


def recalling(*, drop: bool) -> Callable[[Seen], AnyEffect]:
    """Take it back before it goes, or drop it."""
    return lambda seen: RecallBroadcast(broadcast=number_of(seen), drop=drop)
