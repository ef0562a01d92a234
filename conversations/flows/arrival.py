"""Arrival: the greeting, the menu, help, privacy, and coming back to a draft."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat
from conversations.events import Started
from conversations.facts import Role
from conversations.flows.relay_batch import read_forwarded
from conversations.flows.watching import AT_ARRIVAL
from conversations.readers import hold_words, read_number
from conversations.table import MENU, RETURN, Ask, Branch, Flow, Option, Params, Reading, Seen, Tell, option

_LINK: Final = re.compile(r"d[0-9]{10}")
"""The payload of a village's poster: d1807012001 for 18.07.01.2001."""

DESK_ROLES: Final[tuple[Role, ...]] = ("village", "kecamatan", "agency", "bappeda")
"""Who of the staff has a desk."""

_GIVING: Final = re.compile(r"u[A-Za-z0-9_-]{32}|k(?:[0-9]{7}|[0-9]{9})-[0-9]{11}")
"""Links that give something: an invitation by its token, an aspiration by its ticket and claim code."""


def house_params(seen: Seen) -> Params:
    """Who stands behind this service, and whom one can ask."""
    house = seen.facts.house
    return {
        "kabupaten": house.kabupaten,
        "contact": house.contact_name,
        "phone": house.contact_phone,
        "hotline": house.hotline,
    }


def arrive(seen: Seen) -> Reading[Literal["first", "again", "unfinished", "link"]]:
    """Whether somebody is new, comes again, or has left a draft; the payload may name a village, or give something."""
    chat = replace(seen.chat, link="")
    payload = seen.event.payload if isinstance(seen.event, Started) else ""
    if _GIVING.fullmatch(payload):
        return Reading("link", replace(chat, link=payload))
    if _LINK.fullmatch(payload):
        chat = replace(chat, origin=_kode(payload[1:]))
    if chat.draft is not None:
        return Reading("unfinished", chat)
    return Reading("first" if chat.step == "" else "again", chat)


def _kode(digits: str) -> str:
    """1807012001, as it stands in a poster's link, is the village 18.07.01.2001."""
    return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}"


def offer_menu(seen: Seen) -> tuple[Option, ...]:
    """At most six: the draft that waits or a new one; whoever has a mandate finds its work first, and help on the keys."""
    held = _work(seen)
    return (
        *held,
        option("resume", "menu.resume") if seen.chat.draft is not None else option("new", "menu.new"),
        option("mine", "menu.mine"),
        option("schedule", "menu.schedule"),
        option("settings", "menu.settings"),
        option("data", "menu.data"),
        *(() if held else (option("help", "menu.help"),)),
    )


def _work(seen: Seen) -> tuple[Option, ...]:
    if any(seen.facts.mandate(role) is not None for role in DESK_ROLES):
        return (option("desk", "menu.desk"),)
    if seen.facts.mandate("administrator") is not None:
        return (option("staff", "menu.staff"),)
    if seen.facts.mandate("facilitator") is not None:
        return (option("relaying", "menu.relaying"),)
    tasked = seen.facts.mandate("transcriber") or seen.facts.mandate("interpreter")
    return (option("tasks", "menu.tasks"),) if tasked is not None else ()


def drop_draft(chat: Chat, value: str) -> Chat:
    """Forget the draft when that was chosen."""
    if value not in {"new", "drop"}:
        return chat
    return replace(chat, draft=None, trail=(), interrupted=None)


def greeted(seen: Seen) -> Reading[Literal["agreed", "known", "stranger"]]:
    """Whether somebody who begins with the need has agreed before, or has at least been told who answers here."""
    if seen.chat.draft is None and seen.facts.consented("service"):
        return Reading("agreed", seen.chat)
    return Reading("known" if seen.chat.step else "stranger", seen.chat)


ARRIVAL = Flow(
    name="arrival",
    steps=(
        Branch(
            name="arrival",
            on=arrive,
            edges={
                "first": "arrival.hello",
                "again": "arrival.hello",
                "unfinished": "arrival.unfinished",
                "link": "link",
            },
        ),
        Tell(
            name="arrival.hello",
            says="arrival.hello",
            params=house_params,
            then=MENU,
            apart=True,
            keyboard=True,
        ),
        Ask(
            name="arrival.unfinished",
            says="arrival.unfinished",
            ref="draft",
            options=(
                option("resume", "arrival.unfinished.resume"),
                option("new", "arrival.unfinished.new"),
                option("drop", "arrival.unfinished.drop"),
            ),
            keep=drop_draft,
            edges={"resume": "intake.resume", "new": "consent", "drop": "arrival.dropped"},
        ),
        Tell(name="arrival.dropped", says="arrival.dropped", then=MENU),
        Ask(
            name=MENU,
            says="menu",
            offers=offer_menu,
            leads=(
                "desk",
                "staff",
                "relaying",
                "tasks",
                "resume",
                "new",
                "mine",
                "schedule",
                "settings",
                "data",
                "help",
            ),
            readers=(read_number, hold_words, read_forwarded),
            edges={
                "desk": "desk",
                "staff": "staff",
                "relaying": "relaying",
                "forwarded": "relay.gather",
                "tasks": "tasks",
                "resume": "intake.resume",
                "new": "consent.new",
                "mine": "status",
                "schedule": "schedule",
                "settings": "settings",
                "data": "data",
                "help": "help",
                "known": "status.show",
                "unknown": "status.unknown",
                "mistyped": "status.mistyped",
                "slowed": "status.slowed",
                "held": "arrival.watch",
            },
            hint="hint.menu",
            easier="easier.menu",
        ),
        *AT_ARRIVAL,
        Branch(
            name="arrival.heard",
            on=greeted,
            edges={"agreed": "intake.begin", "known": "arrival.held", "stranger": "arrival.heard.hello"},
        ),
        Tell(
            name="arrival.heard.hello",
            says="arrival.hello",
            params=house_params,
            then="arrival.held",
            apart=True,
            keyboard=True,
        ),
        Tell(name="arrival.held", says="arrival.held", params=house_params, then="consent"),
        Tell(name="help", says="help", params=house_params, then=RETURN),
        Tell(name="human", says="human", params=house_params, then=RETURN),
        Tell(name="privacy", says="privacy", params=house_params, then=RETURN),
    ),
)

GLOBALS = {
    "menu": MENU,
    "start": "arrival",
    "help": "help",
    "cancel": "cancel",
    "stop": "stop",
    "language": "language",
    "spoken": "spoken",
    "settings": "settings",
    "needs": "needs",
    "discreet": "discreet",
    "forget": "forget",
    "privacy": "privacy",
    "new": "consent.new",
    "mine": "status",
    "schedule": "schedule",
    "data": "data",
    "erase": "erase",
    "relay": "relay",
    "people": "people",
    "handover": "handover",
    "tasks": "tasks",
    "desk": "desk",
    "meetings": "rapat",
    "broadcasts": "siar",
    "figures": "rekap",
}
"""Where global words and commands lead; "repeat" and "back" are the interpreter's own."""

HUMAN = option("human", "rescue.human")
"""The way to a person, offered after three failures."""
