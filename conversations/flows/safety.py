"""Mode rahasia for a phone that others hold too: messages that tell nothing, and messages deleted.

What waits is only said to be there; its button says it whole. Deleting has the limits of the Bot API: 48 hours.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat
from conversations.effects import AnyEffect, ForgetMessages, Line, OpenLetter
from conversations.readers import hold_words, read_number
from conversations.table import RETURN, Act, Ask, Branch, Flow, Option, Params, Reading, Seen, Tell, option
from conversations.walk import KNOCK

LETTER: Final = "letter"
"""The message of which a discreet chat is told first; its ref is the number of the notice."""


def offer_mode(seen: Seen) -> tuple[Option, ...]:
    """To switch it on, or off."""
    on = seen.chat.mode.discreet
    return (option("off", "discreet.off") if on else option("on", "discreet.on"),)


def keep_mode(chat: Chat, value: str) -> Chat:
    """The chat is discreet from now on, or no longer."""
    return replace(chat, mode=replace(chat.mode, discreet=value == "on"))


def mode_params(seen: Seen) -> Params:
    """Whether it is on."""
    return {"state": Line("discreet.state.on" if seen.chat.mode.discreet else "discreet.state.off")}


def leave_quietly(seen: Seen) -> Reading[Literal["discreet", "open"]]:
    """At the end of an aspiration the messages of a discreet chat may be deleted, unless something waits still."""
    discreet = seen.chat.mode.discreet and seen.chat.interrupted is None and seen.chat.draft is None
    return Reading("discreet" if discreet else "open", seen.chat)


def forget_messages(_seen: Seen) -> AnyEffect:
    """Delete what can be deleted."""
    return ForgetMessages()


def open_letter(seen: Seen) -> AnyEffect:
    """Say the whole of it."""
    return OpenLetter(number=int(seen.chat.focus or 0))


SAFETY = Flow(
    name="safety",
    steps=(
        Ask(
            name="discreet",
            says="discreet",
            params=mode_params,
            offers=offer_mode,
            leads=("on", "off"),
            options=(option("forget", "discreet.forget"), option("back", "discreet.back")),
            keep=keep_mode,
            edges={"on": "discreet.on", "off": "discreet.off", "forget": "forget", "back": RETURN},
        ),
        Tell(name="discreet.on", says="discreet.on.done", then=RETURN),
        Tell(name="discreet.off", says="discreet.off.done", then=RETURN),
        Branch(name="discreet.farewell", on=leave_quietly, edges={"discreet": "forget", "open": RETURN}),
        Ask(
            name="forget",
            says="forget",
            options=(option("yes", "forget.yes"), option("no", "forget.no")),
            edges={"yes": "forget.do", "no": RETURN},
        ),
        Act(name="forget.do", does=forget_messages, performs=ForgetMessages, edges={"saved": "forget.done"}),
        Ask(
            name="forget.done",
            says="forget.done",
            options=(option("open", "forget.done.open"),),
            readers=(read_number, hold_words),
            edges={
                "open": RETURN,
                "known": "status.show",
                "unknown": "status.unknown",
                "mistyped": "status.mistyped",
                "slowed": "status.slowed",
                "held": "arrival.watch",
            },
        ),
        Tell(
            name=LETTER,
            says="letter.waiting",
            then=RETURN,
            apart=True,
            options=(option("open", "letter.open"),),
            edges={"open": "letter.open"},
        ),
        Act(
            name="letter.open",
            does=open_letter,
            performs=OpenLetter,
            edges={"saved": RETURN, "refused": "letter.gone"},
        ),
        Tell(name="letter.gone", says="letter.gone", then=RETURN),
        Tell(
            name=KNOCK,
            says="letter.waiting",
            then=RETURN,
            apart=True,
            options=(option("open", "letter.open"),),
            edges={"open": RETURN},
        ),
    ),
)
