"""Who has a role in the demo: on its first start they are invited as `suara invite` would, and find the link on their phone."""

from __future__ import annotations

from collections.abc import Mapping
from random import SystemRandom
from typing import Any, Final

import aiohttp
from sqlalchemy import func, select

from bot.app import following, opened
from bot.commands.faults import told
from bot.house import furnish
from bot.settings import Settings
from storage.actor import Staff
from storage.invitations import INVITATION, LONGEST_LIFE, Offer, invite
from storage.meeting_file import EXAMPLE, import_meetings, read_meetings
from storage.rules import Scene

KABUPATEN: Final = "18.07"
SUKADANA: Final = "18.07.01"
"""Kecamatan Sukadana: the places of the demo's facilitator and of its camat."""

PREFIX: Final = "u"
"""What the payload of an invitation's deep link begins with."""

LABEL: Final = "Buka undangan"
GUESTS: Final[Mapping[int, Offer]] = {
    5000000108: Offer(role="facilitator", scope=(SUKADANA,), life=LONGEST_LIFE, note="Fasilitator Yuni"),
    5000000111: Offer(role="transcriber", scope=(KABUPATEN,), life=LONGEST_LIFE, note="Pak Budi"),
    5000000112: Offer(role="interpreter", scope=(KABUPATEN,), life=LONGEST_LIFE, note="Mbak Citra"),
    5000000113: Offer(role="safeguard", scope=(KABUPATEN,), life=LONGEST_LIFE, note="Ibu Ratna"),
    5000000114: Offer(role="kecamatan", scope=(SUKADANA,), life=LONGEST_LIFE, note="Pak Camat Hadi"),
    5000000115: Offer(role="bappeda", scope=(KABUPATEN,), life=LONGEST_LIFE, note="Bu Intan"),
}
"""The people of simulator/people.json who are invited, by their number there."""

WHO: Final = (
    "On the page: Bu Wati, Mas Dedi and others are residents. Yuni is a facilitator in Sukadana, Pak Budi writes down\n"
    "recordings, Mbak Citra interprets sign language, Ibu Ratna is told of danger. Pak Camat Hadi reads and decides for\n"
    "Sukadana, Bu Intan at Bappeda for the whole kabupaten: each finds “Buka undangan” on the phone."
)


async def invite_guests(settings: Settings, address: str) -> int:
    """Invite everybody once in a demo's life; how many were invited now. Raises Refusal.

    The links are handed out before the invitations are committed: what fails in between is made anew next time.
    """
    with told(), opened(settings) as engine:
        async with following(settings) as clock:
            with engine.begin() as connection:
                if connection.scalar(select(func.count()).select_from(INVITATION)):
                    return 0
                rules = furnish(connection, settings).rules
                scene = Scene(connection, Staff("demo", "bappeda"), clock.now(), rules)
                import_meetings(scene, read_meetings(EXAMPLE, rules))
                links = {person: _link(scene, offer) for person, offer in GUESTS.items()}
                await hand_out(address, links)
                return len(links)


async def hand_out(address: str, links: Mapping[int, str]) -> None:
    """Let the simulator offer each person their deep link."""
    async with aiohttp.ClientSession(address, raise_for_status=True) as http:
        async with http.get("/sim/people") as answer:
            people: list[dict[str, Any]] = await answer.json()
        for person in people:
            if person["id"] in links:
                link = {"link": links[person["id"]], "link_label": LABEL}
                async with http.post("/sim/people", json=_named(person) | link):
                    pass


def _link(scene: Scene, offer: Offer) -> str:
    return PREFIX + invite(scene, offer, SystemRandom()).token


def _named(person: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("id", "first_name", "last_name", "language_code", "about", "avatar")
    return {name: person[name] for name in kept if person.get(name) is not None}
