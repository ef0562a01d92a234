"""Broadcasts on their way: the message that tells how far one is, steering it, changing what was sent (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from conversations.broadcast import LONGEST_WORDS
from conversations.chat import Chat
from conversations.effects import AnyEffect, Line, Listing
from conversations.events import Typed
from conversations.flows.arrival import HUMAN
from conversations.flows.meetings import number_of
from conversations.sending import CorrectBroadcast, Order, Progress, SteerBroadcast, WantTopic
from conversations.table import (
    RETURN,
    Act,
    Ask,
    Branch,
    Doer,
    Flow,
    Option,
    Params,
    Reading,
    Seen,
    Tell,
    option,
)

CARD: Final = "sending.card"
REFUSED: Final = {"refused": "sending.refused"}
PAUSE, RESUME, STOP = (
    option("pause", "sending.pause"),
    option("resume", "sending.resume"),
    option("stop", "sending.stop"),
)
SPREADSHEET, CORRECT, DELETE = (
    option("report", "sending.report"),
    option("correct", "sending.correct"),
    option("delete", "sending.delete"),
)
ASKED: Final = {"stop": "sending.stop.sure", "delete": "sending.delete.sure", "correct": "sending.words"}
"""Where one is asked first; all other orders are obeyed at once."""


# What one reads


def message_of(now: Progress, minutes: int) -> Line:
    """How far a broadcast is; the same in the message that changes and on its card."""
    return Line("sending.progress", {"number": now.id, "details": Listing(_details(now, minutes))})


def _details(now: Progress, minutes: int) -> tuple[Line, ...]:
    figures = (
        ("failed", now.failed),
        ("unknown", now.unknown),
        ("left_out", now.left_out),
        ("held", now.held),
    )
    return (
        *(
            (Line("sending.sent", {"sent": now.sent, "recipients": now.recipients}),)
            if now.recipients or now.made
            else ()
        ),
        *(Line(f"sending.count.{name}", {"n": n}) for name, n in figures if n),
        _state(now, minutes),
        *((Line("sending.mending"),) if now.mending else ()),
    )


def _state(now: Progress, minutes: int) -> Line:
    if now.taken_back:
        return Line("sending.state.taken_back")
    if now.state == "sending" and not now.made:
        return Line("sending.state.making")
    if now.resting:
        return Line("sending.state.resting")
    if now.state == "sending" and minutes:
        return Line("sending.state.estimated", {"minutes": minutes})
    return Line(f"sending.state.{now.state}")


def step_of(now: Progress) -> str:
    """The Tell whose buttons stand under the message that changes."""
    if now.state == "sending":
        return "sending.running"
    return "sending.paused" if now.state == "paused" else "sending.ended"


# What one chooses


def may_steer(seen: Seen) -> bool:
    """Whether this chat may steer broadcasts at all; each verb asks again for the broadcast itself."""
    return seen.facts.broadcasts.works()


def is_known(seen: Seen) -> Reading[Literal["known", "gone"]]:
    """Whether this chat may steer the broadcast in focus."""
    return Reading("known" if _progress(seen) is not None else "gone", seen.chat)


def card_params(seen: Seen) -> Params:
    """How far it is, without an estimate: that stands in the message that changes."""
    now = _progress(seen)
    return {"progress": message_of(now, 0) if now is not None else ""}


def offer_orders(seen: Seen) -> tuple[Option, ...]:
    """What may be done with it in its state."""
    now = _progress(seen)
    if now is None:
        return ()
    turn = (PAUSE, STOP) if now.state == "sending" else (RESUME, STOP) if now.state == "paused" else ()
    return (*turn, SPREADSHEET, *((CORRECT, DELETE) if now.mendable else ()))


def steering(order: Order) -> Doer:
    """Do this with the broadcast in focus."""

    def steer(seen: Seen) -> AnyEffect:
        return SteerBroadcast(broadcast=number_of(seen), order=order)

    return steer


def read_words(seen: Seen) -> Reading[Literal["words", "too_long"]] | None:
    """The words that are to stand there instead."""
    if not isinstance(seen.event, Typed) or not any(char.isalnum() for char in seen.event.text):
        return None
    words = seen.event.text.strip()
    if len(words) > LONGEST_WORDS:
        return Reading("too_long", seen.chat)
    return Reading("words", replace(seen.chat, picked=(words,)))


def words_params(seen: Seen) -> Params:
    """The new words, as they will stand there."""
    return {"words": _words(seen.chat)}


def correct(seen: Seen) -> AnyEffect:
    """Put them there."""
    return CorrectBroadcast(broadcast=number_of(seen), words=_words(seen.chat))


def limit_params(_seen: Seen) -> Params:
    """How long a broadcast may be."""
    return {"limit": LONGEST_WORDS}


def wanting(*, wanted: bool) -> Doer:
    """No more, or again, broadcasts of the kind of the one in focus."""

    def want(seen: Seen) -> AnyEffect:
        return WantTopic(broadcast=number_of(seen), wanted=wanted)

    return want


def topic_params(seen: Seen) -> Params:
    """The kind of the broadcast in focus."""
    topic = seen.facts.sending.topic(number_of(seen))
    return {"topic": Line(f"sending.topic.{topic}") if topic else ""}


def _progress(seen: Seen) -> Progress | None:
    return seen.facts.sending.progress(number_of(seen), seen.event.at)


def _words(chat: Chat) -> str:
    return chat.picked[0] if chat.picked else ""


# The tables


def _order(order: Order, done: str) -> tuple[Act, Tell]:
    name = f"sending.{order}"
    return (
        Act(
            name=name,
            does=steering(order),
            performs=SteerBroadcast,
            edges={"saved": done, "refused.late": "sending.late", **REFUSED},
        ),
        Tell(name=done, says=done, then="sending.look"),
    )


def _message(name: str, *orders: Option) -> Tell:
    """The buttons of the message that tells how far a broadcast is, in one of its states."""
    return Tell(
        name=name,
        says=name,
        apart=True,
        options=orders,
        edges={order.value: ASKED.get(order.value, order.label.key) for order in orders},
        then=RETURN,
    )


def _sure(order: str) -> Ask:
    name = f"sending.{order}.sure"
    return Ask(
        name=name,
        says=name,
        ref="focus",
        options=(option("yes", f"{name}.yes"), option("no", "sending.leave")),
        edges={"yes": f"sending.{order}", "no": "sending.look"},
    )


SENDING: Final = Flow(
    name="sending",
    guard=may_steer,
    otherwise="siar.stranger",
    steps=(
        _message("sending.running", PAUSE, STOP),
        _message("sending.paused", RESUME, STOP),
        _message("sending.ended", SPREADSHEET, CORRECT, DELETE),
        Branch(name="sending.look", on=is_known, edges={"known": CARD, "gone": "sending.refused"}),
        Ask(
            name=CARD,
            says=CARD,
            params=card_params,
            ref="focus",
            offers=offer_orders,
            leads=("pause", "resume", "stop", "report", "correct", "delete"),
            options=(option("back", "sending.back"),),
            edges={
                "pause": "sending.pause",
                "resume": "sending.resume",
                "stop": "sending.stop.sure",
                "report": "sending.report",
                "correct": "sending.words",
                "delete": "sending.delete.sure",
                "back": RETURN,
            },
        ),
        *_order("pause", "sending.is_paused"),
        *_order("resume", "sending.is_resumed"),
        _sure("stop"),
        *_order("stop", "sending.is_stopped"),
        *_order("report", "sending.is_reported"),
        _sure("delete"),
        *_order("delete", "sending.is_deleted"),
        Ask(
            name="sending.words",
            says="sending.words",
            params=limit_params,
            ref="focus",
            several=True,  # what is typed stays picked until it is confirmed
            options=(option("no", "sending.leave"),),
            readers=(read_words,),
            rescue=(HUMAN,),
            edges={
                "human": "human",
                "no": "sending.look",
                "words": "sending.words.sure",
                "too_long": "sending.words.long",
            },
            hint="sending.words.hint",
            easier="sending.words.hint",
        ),
        Tell(name="sending.words.long", says="sending.words.long", params=limit_params, then="sending.words"),
        Ask(
            name="sending.words.sure",
            says="sending.words.sure",
            params=words_params,
            ref="focus",
            several=True,
            options=(option("yes", "sending.words.yes"), option("no", "sending.leave")),
            edges={"yes": "sending.correct", "no": "sending.look"},
        ),
        Act(
            name="sending.correct",
            does=correct,
            performs=CorrectBroadcast,
            edges={
                "saved": "sending.is_corrected",
                "refused.late": "sending.late",
                "refused.second": "sending.second",
                **REFUSED,
            },
        ),
        Tell(name="sending.is_corrected", says="sending.is_corrected", then="sending.look"),
        Tell(name="sending.second", says="sending.second", then="sending.look"),
        Tell(name="sending.late", says="sending.late", then="sending.look"),
        Tell(name="sending.refused", says="sending.refused", then=RETURN),
    ),
)

TOLD: Final = Flow(
    name="broadcast",
    steps=(
        # Every broadcast carries this button.
        Tell(
            name="broadcast.told",
            says="broadcast.told",
            apart=True,
            options=(option("stop", "broadcast.stop"),),
            edges={"stop": "broadcast.stop"},
            then=RETURN,
        ),
        Act(
            name="broadcast.stop",
            does=wanting(wanted=False),
            performs=WantTopic,
            edges={"saved": "broadcast.stopped", "refused": "broadcast.unknown"},
        ),
        Tell(
            name="broadcast.stopped",
            says="broadcast.stopped",
            params=topic_params,
            apart=True,
            options=(option("again", "broadcast.again"),),
            edges={"again": "broadcast.again"},
            then=RETURN,
        ),
        Act(
            name="broadcast.again",
            does=wanting(wanted=True),
            performs=WantTopic,
            edges={"saved": "broadcast.resumed", "refused": "broadcast.unknown"},
        ),
        Tell(name="broadcast.resumed", says="broadcast.resumed", params=topic_params, then=RETURN),
        Tell(name="broadcast.unknown", says="broadcast.unknown", then=RETURN),
    ),
)
