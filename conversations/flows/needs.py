"""What somebody needs at meetings: asked once after the first receipt, before any label; changeable at any time.

The list follows what meetings can prepare (ux: needs before labels). Stored encrypted, apart from the person.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from conversations.effects import AnyEffect, SetNeeds
from conversations.events import Typed
from conversations.flows.intake_answers import DECLINED
from conversations.flows.settings import has_consented
from conversations.flows.summary import needs_listing
from conversations.table import Act, Ask, Branch, Flow, Option, Params, Reading, Seen, Tell, option

NEEDS: Final = (
    "sign_interpreter",
    "captions",
    "ramp",
    "companion",
    "audio",
    "easy_read",
    "transport",
    "child_care",
    "other",
)
"""In the order in which they are asked; "other" last, in one's own words. Texts: `need.<name>`."""

OTHER: Final = "other"
IN_WORDS: Final = "other:"
"""How one's own words stand among what was picked."""

LONGEST_OTHER: Final = 300
"""Code points of one's own words."""


def needs_known(seen: Seen) -> Reading[Literal["known", "unknown"]]:
    """Whether the person has said what they need before; nobody is asked twice."""
    return Reading("known" if seen.facts.profile().needs_answered else "unknown", seen.chat)


def offer_needs(_seen: Seen) -> tuple[Option, ...]:
    """All of them."""
    return tuple(option(name, f"need.{name}", "toggled") for name in NEEDS)


def picked_needs(seen: Seen) -> Params:
    """What is picked so far."""
    return {"picked": needs_listing(seen.chat.picked)}


def stored_needs(seen: Seen) -> Params:
    """What was said before."""
    profile = seen.facts.profile()
    return {"needs": needs_listing(profile.needs, profile.other_need)}


def what_is_picked(seen: Seen) -> Reading[Literal["other", "some", "none"]]:
    """Whether something is picked, and whether it wants the person's own words."""
    picked = seen.chat.picked
    if not picked:
        return Reading("none", seen.chat)
    return Reading("other" if OTHER in picked else "some", seen.chat)


def read_other(seen: Seen) -> Reading[Literal["told"]] | None:
    """What else is needed, in the person's own words."""
    if not isinstance(seen.event, Typed) or not any(char.isalnum() for char in seen.event.text):
        return None
    words = " ".join(seen.event.text.split())[:LONGEST_OTHER]
    return Reading("told", replace(seen.chat, picked=(*seen.chat.picked, f"{IN_WORDS}{words}")))


def set_needs(seen: Seen) -> AnyEffect:
    """Remember what was picked."""
    picked = seen.chat.picked
    told = next((value.removeprefix(IN_WORDS) for value in picked if value.startswith(IN_WORDS)), "")
    return SetNeeds(needs=tuple(name for name in NEEDS if name in picked), other=told)


def need_nothing(_seen: Seen) -> AnyEffect:
    """To need nothing is an answer."""
    return SetNeeds(needs=())


def decline_needs(_seen: Seen) -> AnyEffect:
    """Not wanting to answer is one too."""
    return SetNeeds(needs=(), declined=True)


def what_is_left(seen: Seen) -> Reading[Literal["groups", "nothing"]]:
    """After the needs come the groups, for whom they were never asked; not in the middle of something else."""
    asked = seen.facts.profile().groups_answered or seen.chat.interrupted is not None
    return Reading("nothing" if asked else "groups", seen.chat)


STORED: Final = {"saved": "needs.done", "refused": "data.needs_consent"}

NEEDS_FLOW = Flow(
    name="needs",
    steps=(
        Branch(
            name="needs", on=has_consented, edges={"given": "needs.known", "missing": "data.needs_consent"}
        ),
        Branch(name="needs.known", on=needs_known, edges={"known": "needs.shown", "unknown": "needs.ask"}),
        Tell(name="needs.shown", says="needs.shown", params=stored_needs, then="needs.ask"),
        Ask(
            name="needs.ask",
            says="needs.ask",
            options=(
                option("yes", "needs.ask.yes"),
                option("none", "needs.ask.none"),
                option(DECLINED, "group.declined"),
            ),
            edges={"yes": "needs.choose", "none": "needs.none", DECLINED: "needs.decline"},
        ),
        Ask(
            name="needs.choose",
            says="needs.choose",
            offers=offer_needs,
            leads=("toggled",),
            options=(option("none", "needs.ask.none"),),
            several=True,
            hint="hint.choices",
            page=5,
            edges={"toggled": "needs.more", "none": "needs.none"},
        ),
        Ask(
            name="needs.more",
            says="needs.more",
            params=picked_needs,
            offers=offer_needs,
            leads=("toggled",),
            options=(option("done", "group.done"),),
            several=True,
            hint="hint.choices",
            page=5,
            edges={"toggled": "needs.more", "done": "needs.check"},
        ),
        Branch(
            name="needs.check",
            on=what_is_picked,
            edges={"other": "needs.other", "some": "needs.set", "none": "needs.choose"},
        ),
        Ask(
            name="needs.other",
            says="needs.other",
            several=True,  # what was picked stays picked
            options=(option("skip", "needs.other.skip"),),
            readers=(read_other,),
            edges={"told": "needs.set", "skip": "needs.set"},
            hint="hint.needs_other",
            easier="hint.needs_other",
        ),
        Act(name="needs.set", does=set_needs, performs=SetNeeds, edges=STORED),
        Act(name="needs.none", does=need_nothing, performs=SetNeeds, edges=STORED),
        Act(name="needs.decline", does=decline_needs, performs=SetNeeds, edges=STORED),
        Tell(name="needs.done", says="needs.done", then="needs.onward"),
        Branch(
            name="needs.onward", on=what_is_left, edges={"groups": "groups", "nothing": "discreet.farewell"}
        ),
    ),
)
