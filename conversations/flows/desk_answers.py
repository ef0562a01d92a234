"""What the answers at the desk mean: which queue, which card, and what is asked of the world with it (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat
from conversations.desk import (
    Filter,
    HoldCard,
    NoteCard,
    RedactCard,
    ReleaseCard,
    RevealAuthor,
    RouteCard,
    SendRecordings,
    TakeCard,
)
from conversations.effects import AnyEffect
from conversations.events import Typed
from conversations.flows.desk_words import card_of, desk_of, with_desk
from conversations.table import Reading, Seen

LONGEST_REMARK: Final = 1000  # characters of what is typed for a card


def keep_queue(chat: Chat, value: str) -> Chat:
    """Look at a queue."""
    return with_desk(chat, replace(desk_of(chat), filter=Filter(queue=value)))  # type: ignore[arg-type]


def keep_card(chat: Chat, value: str) -> Chat:
    """Look at a card."""
    return replace(chat, focus=value) if value.isdecimal() else chat


def look(seen: Seen) -> Reading[Literal["found", "gone"]]:
    """Whether the card can be read here, still."""
    return Reading("gone" if card_of(seen) is None else "found", seen.chat)


def read_remark(seen: Seen) -> Reading[Literal["written", "long"]] | None:
    """What is typed for a card."""
    if not isinstance(seen.event, Typed) or not any(char.isalnum() for char in seen.event.text):
        return None
    words = seen.event.text.strip()
    if len(words) > LONGEST_REMARK:
        return Reading("long", seen.chat)
    return Reading("written", replace(seen.chat, picked=(words,)))


def read_place(seen: Seen) -> Reading[Literal["village", "unknown"]] | None:
    """The village that it is about after all, by its name."""
    if not isinstance(seen.event, Typed):
        return None
    found = seen.facts.find_villages(seen.event.text)
    if len(found.exact) == 1:
        return Reading("village", replace(seen.chat, picked=(found.exact[0].kode,)))
    return Reading("unknown", seen.chat)


def keep_picked(chat: Chat, value: str) -> Chat:
    """The agency that it goes to."""
    return replace(chat, picked=(value,))


def _typed(seen: Seen) -> str:
    return seen.chat.picked[0] if seen.chat.picked else ""


def take(seen: Seen) -> AnyEffect:
    """Take the card in focus."""
    return TakeCard(ticket=seen.chat.focus)


def release(seen: Seen) -> AnyEffect:
    """Give it back."""
    return ReleaseCard(ticket=seen.chat.focus)


def listen(seen: Seen) -> AnyEffect:
    """Have its recordings sent."""
    return SendRecordings(ticket=seen.chat.focus)


def note(seen: Seen) -> AnyEffect:
    """Keep the note."""
    return NoteCard(ticket=seen.chat.focus, words=_typed(seen))


def redact(seen: Seen) -> AnyEffect:
    """Show others these words."""
    return RedactCard(ticket=seen.chat.focus, words=_typed(seen))


def route(seen: Seen) -> AnyEffect:
    """Send it on: the code of a village has three dots, that of an agency one."""
    where = _typed(seen)
    if where.count(".") > 1:
        return RouteCard(ticket=seen.chat.focus, village=where)
    return RouteCard(ticket=seen.chat.focus, agency=where)


def hold(seen: Seen) -> AnyEffect:
    """Hold it back."""
    return HoldCard(ticket=seen.chat.focus, held=True)


def show(seen: Seen) -> AnyEffect:
    """Show it again."""
    return HoldCard(ticket=seen.chat.focus, held=False)


def reveal(seen: Seen) -> AnyEffect:
    """Ask who it was."""
    return RevealAuthor(ticket=seen.chat.focus, reason=_typed(seen))
