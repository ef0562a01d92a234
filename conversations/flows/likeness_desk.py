"""At the desk: which aspirations are like the one on the card, to be merged with it, parted again, or kept apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat
from conversations.effects import AnyEffect, Line, Listing
from conversations.flows.desk_words import is_staff
from conversations.flows.likeness import described
from conversations.likeness import KeepApart, Likeness, Merge, Unmerge
from conversations.table import Act, Ask, Branch, Flow, Option, Params, Reading, Seen, Tell, option
from conversations.ticket import grouped

REFUSED: Final = "desk.refused"


def others(seen: Seen) -> tuple[Likeness, ...]:
    """Those that are told with the one in focus, and those that are like it."""
    return seen.facts.likeness.like_ticket(seen.chat.focus)


def any_others(seen: Seen) -> Reading[Literal["some", "none"]]:
    """Whether there is anything to see."""
    return Reading("some" if others(seen) else "none", seen.chat)


def list_params(seen: Seen) -> Params:
    """The one in focus, and the others with enough to judge."""
    return {
        "ticket": grouped(seen.chat.focus),
        "others": Listing(tuple(described(one) for one in others(seen))),
    }


def offer_others(seen: Seen) -> tuple[Option, ...]:
    """Merge one, or part one that is merged; it is no duplicate."""
    listed = tuple(_offered(one) for one in others(seen))
    apart = any(not one.joined for one in others(seen))
    return (*listed, *((option("apart", "likeness.apart"),) if apart else ()))


def _offered(one: Likeness) -> Option:
    about = {"ticket": grouped(one.ticket)}
    if one.joined:
        return Option(one.ticket, Line("likeness.unmerge", about), "unmerge")
    return Option(one.ticket, Line("likeness.merge", about), "merge")


def keep_other(chat: Chat, value: str) -> Chat:
    """That one."""
    return replace(chat, picked=(value,)) if value.isdecimal() else chat


def _other(seen: Seen) -> str:
    return seen.chat.picked[0] if seen.chat.picked else ""


def merge(seen: Seen) -> AnyEffect:
    """The other is told with the one in focus."""
    return Merge(ticket=_other(seen), into=seen.chat.focus)


def unmerge(seen: Seen) -> AnyEffect:
    """The other stands by itself again."""
    return Unmerge(ticket=_other(seen))


def keep_apart(seen: Seen) -> AnyEffect:
    """The one in focus is no duplicate."""
    return KeepApart(ticket=seen.chat.focus)


LIKENESS = Flow(
    name="likeness",
    guard=is_staff,
    otherwise="desk.not_yours",
    steps=(
        Branch(name="likeness", on=any_others, edges={"some": "likeness.list", "none": "desk.look"}),
        Ask(
            name="likeness.list",
            says="likeness.list",
            params=list_params,
            ref="focus",
            offers=offer_others,
            leads=("merge", "unmerge", "apart"),
            options=(option("back", "desk.to_card"),),
            keep=keep_other,
            page=6,
            edges={
                "merge": "likeness.merge",
                "unmerge": "likeness.unmerge",
                "apart": "likeness.apart",
                "back": "desk.look",
            },
        ),
        Act(
            name="likeness.merge",
            does=merge,
            performs=Merge,
            edges={"saved": "likeness.merged", "refused": REFUSED},
        ),
        Tell(name="likeness.merged", says="likeness.merged", then="likeness"),
        Act(
            name="likeness.unmerge",
            does=unmerge,
            performs=Unmerge,
            edges={"saved": "likeness.unmerged", "refused": REFUSED},
        ),
        Tell(name="likeness.unmerged", says="likeness.unmerged", then="likeness"),
        Act(
            name="likeness.apart",
            does=keep_apart,
            performs=KeepApart,
            edges={"saved": "likeness.kept", "refused": REFUSED},
        ),
        Tell(name="likeness.kept", says="likeness.kept", then="desk.look"),
    ),
)
