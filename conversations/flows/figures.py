"""Figures for the staff (`/rekap`): which chart of which region is to be sent (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, get_args

from conversations.chat import Chat
from conversations.effects import AnyEffect, Line
from conversations.facts import Role
from conversations.figure import Choice, Cut, DrawFigures
from conversations.flows.arrival import DESK_ROLES, house_params
from conversations.table import RETURN, Act, Ask, Flow, Option, Params, Seen, Tell, option
from conversations.work import Work

VIEWERS: Final[tuple[Role, ...]] = (*DESK_ROLES, "administrator")
"""Who of the staff sees figures."""

CUTS: Final[tuple[Cut, ...]] = get_args(Cut)


def may_see(seen: Seen) -> bool:
    """Whether this chat sees figures of anywhere."""
    return any(seen.facts.mandate(role) is not None for role in VIEWERS)


def choice_of(chat: Chat) -> Choice:
    """What is being chosen."""
    return (chat.work and chat.work.choice) or Choice()


def region_of(seen: Seen) -> str:
    """The region that is looked at: the one chosen, if it still may be, or the widest; "" where there is none."""
    codes = [kode for kode, _ in seen.facts.figures.places()]
    chosen = choice_of(seen.chat).region
    return chosen if chosen in codes else next(iter(codes), "")


def place_params(seen: Seen) -> Params:
    """Its name."""
    return {"place": _name(dict(seen.facts.figures.places()).get(region_of(seen), ""))}


def _name(name: str) -> Line | str:
    return name or Line("rekap.kabupaten")


def offer_views(seen: Seen) -> tuple[Option, ...]:
    """The charts of one cut, the inclusion view, and other regions where there are any."""
    cuts = seen.facts.figures.cuts(region_of(seen))
    return (
        option("cut", "rekap.to_cuts"),
        *((option("inclusion", "rekap.inclusion"),) if "inclusion" in cuts else ()),
        *((option("where", "rekap.to_where"),) if len(seen.facts.figures.places()) > 1 else ()),
    )


def offer_cuts(seen: Seen) -> tuple[Option, ...]:
    """By what the figures of the region can be divided."""
    cuts = seen.facts.figures.cuts(region_of(seen))
    return tuple(option(cut, f"rekap.cut.{cut}", "chosen") for cut in cuts if cut != "inclusion")


def offer_places(seen: Seen) -> tuple[Option, ...]:
    """The regions, the widest first."""
    return tuple(
        Option(kode, Line("rekap.place", {"place": _name(name)}), "placed") for kode, name in _all(seen)
    )


def _all(seen: Seen) -> tuple[tuple[str, str], ...]:
    return seen.facts.figures.places()


def keep_cut(chat: Chat, value: str) -> Chat:
    """Divide by this."""
    return with_choice(chat, replace(choice_of(chat), cut=value)) if value in CUTS else chat


def keep_place(chat: Chat, value: str) -> Chat:
    """Look at this region."""
    return with_choice(chat, replace(choice_of(chat), region=value))


def with_choice(chat: Chat, choice: Choice) -> Chat:
    """The chat with that."""
    return replace(chat, work=replace(chat.work or Work(), choice=choice))


def draw(seen: Seen) -> AnyEffect:
    """Ask for the chart."""
    return DrawFigures(cut=choice_of(seen.chat).cut or "kecamatan", region=region_of(seen))


FIGURES: Final = Flow(
    name="rekap",
    guard=may_see,
    otherwise="rekap.stranger",
    steps=(
        Ask(
            name="rekap",
            says="rekap",
            params=place_params,
            offers=offer_views,
            leads=("cut", "inclusion", "where"),
            options=(option("files", "rekap.files"), option("back", "rekap.back")),
            keep=keep_cut,
            edges={
                "cut": "rekap.cut",
                "inclusion": "rekap.draw",
                "where": "rekap.where",
                "files": "files",
                "back": RETURN,
            },
        ),
        Ask(
            name="rekap.cut",
            says="rekap.cut",
            params=place_params,
            offers=offer_cuts,
            leads=("chosen",),
            options=(option("rekap", "rekap.to_rekap"),),
            keep=keep_cut,
            edges={"chosen": "rekap.draw", "rekap": "rekap"},
        ),
        Ask(
            name="rekap.where",
            says="rekap.where",
            offers=offer_places,
            leads=("placed",),
            keep=keep_place,
            page=6,
            edges={"placed": "rekap"},
        ),
        Act(
            name="rekap.draw",
            does=draw,
            performs=DrawFigures,
            edges={"saved": "rekap.making", "refused": "rekap.refused"},
        ),
        Tell(name="rekap.making", says="rekap.making", then="rekap"),
        Tell(name="rekap.refused", says="rekap.refused", then="rekap"),
    ),
)

NO_VIEWER: Final = Flow(
    name="rekap_stranger",
    steps=(Tell(name="rekap.stranger", says="rekap.stranger", params=house_params, then=RETURN),),
)
"""Where the guard leads: whoever sees no figures is told whom to ask."""
