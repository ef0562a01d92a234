"""Who speaks for others, and what else people are trusted with: invited, listed, revoked, handed over at the keyboard.

What is printed names places and labels, never chats.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Any, Final

from sqlalchemy import Engine

from bot import qr
from bot.app import following, opened
from bot.commands.faults import told
from bot.house import Furnished, furnish
from bot.introduction import introduce_role
from bot.invitation import Wish
from bot.refusal import Refusal
from bot.roles import connect
from bot.settings import Settings
from bot.transport import Transport, TransportError, Unauthorized
from storage import handover, invitations, mandates
from storage.actor import Staff
from storage.engine import reading
from storage.invitations import Invited, Offer
from storage.mandates import Held
from storage.permissions import STAFF
from storage.rules import Scene

NOBODY: Final = "Nobody has a role yet, and no invitation is open: see `suara invite --help`."
NO_STAFF: Final = "Nobody of the staff is here yet, and no invitation is open: see `suara invite --help`."
PREFIX: Final = "u"
"""What the payload of an invitation's deep link begins with; a claim's begins with k."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The database, what is true of this installation, and the time: what these commands work on."""

    engine: Engine
    furnished: Furnished
    now: datetime

    def day(self, moment: datetime) -> str:
        """A date in the time zone of the kabupaten."""
        return f"{moment.astimezone(self.furnished.house.timezone):%Y-%m-%d}"


def invite(settings: Settings, wish: Wish) -> str:
    """Make an invitation; its link and QR code as text. Raises Refusal."""
    with told(), opened(settings) as engine:
        desk, username = asyncio.run(_named_desk(settings, engine))
        link, explained = issue(desk, wish, username, SystemRandom())
    picture = _draw(wish.png, link) if wish.png else ""
    return f"{qr.terminal(link)}{link}\n{explained}\n{picture}"


def issue(desk: Desk, wish: Wish, username: str, random: Random) -> tuple[str, str]:
    """Make an invitation: its link to the bot of that name, and what to do with it. RefusalError as the verb's."""
    invited = _issue(desk, wish, random)
    return f"https://t.me/{username}?start={PREFIX}{invited.token}", _explained(invited, wish, desk)


def listing(settings: Settings, roles: Sequence[str] = invitations.ROLES, nobody: str = NOBODY) -> str:
    """Mandates and open invitations of these roles, one on each line. Raises Refusal."""
    with told(), opened(settings) as engine:
        return listed(asyncio.run(_desk(settings, engine)), roles, nobody)


def listed(desk: Desk, roles: Sequence[str], nobody: str) -> str:
    """Mandates and open invitations of these roles, or that there are none."""
    with reading(desk.engine) as connection:
        held = mandates.listing(connection)
        open_ones = invitations.waiting(connection, desk.now)
    lines = [
        *(_held(each, desk) for each in held if each.role in roles),
        *(_waiting(row, desk) for row in open_ones if row.role in roles),
    ]
    return "\n".join(lines or [nobody])


def staff(settings: Settings) -> str:
    """The same of the staff alone. Raises Refusal."""
    return listing(settings, STAFF, NO_STAFF)


def revoke(settings: Settings, number: int, *, invitation: bool) -> str:
    """End a mandate or make an invitation dead, and say what that leaves. Raises Refusal."""
    with told(), opened(settings) as engine:
        return end(asyncio.run(_desk(settings, engine)), number, invitation=invitation)


def end(desk: Desk, number: int, *, invitation: bool) -> str:
    """The same, at a desk. RefusalError as the verbs'."""
    with desk.engine.begin() as connection:
        scene = _scene(desk, connection)
        if invitation:
            invitations.revoke(scene, number)
            return f"Invitation {number} is dead: its link gives nothing any more."
        cards = mandates.cards(connection, number)
        left = mandates.revoke(scene, number)
        row = mandates.by_id(connection, number)
        introduce_role(connection, desk.furnished.texts, row.chat_id, desk.now)
    after = _given_back(cards) if row.role in STAFF else _left(left, number)
    return f"Mandate {number} has ended; its holder is told. {after}"


def give(settings: Settings, giver: int, taker: int) -> str:
    """Let one facilitator's people be represented by another. Raises Refusal."""
    with told(), opened(settings) as engine:
        desk = asyncio.run(_desk(settings, engine))
        with desk.engine.begin() as connection:
            moved = handover.hand_over(_scene(desk, connection), giver, taker)
    return f"{_people(moved)} now represented by mandate {taker}, whose holder is told."


async def _desk(settings: Settings, engine: Engine) -> Desk:
    async with following(settings) as clock:
        with reading(engine) as connection:
            return Desk(engine, furnish(connection, settings), clock.now())


async def _named_desk(settings: Settings, engine: Engine) -> tuple[Desk, str]:
    """With the bot's name, which only Telegram knows."""
    transport = connect(settings)
    try:
        return await _desk(settings, engine), await _username(transport)
    finally:
        await transport.close()


async def _username(transport: Transport) -> str:
    try:
        return str((await transport.call("getMe", {}))["username"])
    except Unauthorized:
        raise Refusal("TELEGRAM_TOKEN is refused: copy it again from @BotFather.") from None
    except TransportError as error:
        words = f"TELEGRAM_API_URL does not answer ({type(error).__name__}): the link needs the bot's name."
        raise Refusal(words) from None


def _issue(desk: Desk, wish: Wish, random: Random) -> Invited:
    offer = Offer(
        role=wish.role,
        scope=wish.regions,
        forum=wish.forum,
        life=timedelta(days=wish.days),
        note=wish.note,
        agencies=wish.agencies,
    )
    with desk.engine.begin() as connection:
        return invitations.invite(_scene(desk, connection), offer, random)


def _scene(desk: Desk, connection: Any) -> Scene:
    return Scene(connection, Staff("cli", "bappeda"), desk.now, desk.furnished.rules)


def _draw(path: Path, link: str) -> str:
    try:
        path.write_bytes(qr.png(link))
    except OSError as fault:  # the invitation stands: its link is shown once, so it has to be shown now
        return f"{path} could not be written ({fault.strerror}): use the code above.\n"
    return f"The QR code is in {path}.\n"


def _explained(invited: Invited, wish: Wish, desk: Desk) -> str:
    until = desk.day(invited.expires_at)
    return (
        f"Invitation {invited.id}: {wish.role}, once, until {until}. Whoever opens this link first gets the role,\n"
        f"so give it to one person only. `suara revoke {invited.id} --invitation` makes it dead."
    )


def _held(held: Held, desk: Desk) -> str:
    marks = [
        *(["Forum Anak"] if held.forum else []),
        *([f"ended {desk.day(held.ended_at)}"] if held.ended_at else []),
        *(["LOOK: many near-identical items"] if held.flagged_at else []),
    ]
    represents = [f"speaks for {held.people}"] if held.role == "facilitator" else []
    told_of = [_role(held), _places(held.scope, desk), held.label or "-", f"since {desk.day(held.begun_at)}"]
    working = [_cards(held.cards) + " open"] if held.role in STAFF else []
    return f"{held.id}: " + "; ".join([*told_of, *represents, *working, *marks])


def _role(held: Any) -> str:
    """With the bidang urusan of an agency; of a mandate or an invitation."""
    return " ".join([held.role, *(held.agencies or ())])


def _waiting(row: Any, desk: Desk) -> str:
    until = desk.day(row.expires_at)
    return f"invitation {row.id}: {_role(row)}; {_places(row.scope, desk)}; {row.note or '-'}; until {until}"


def _places(scope: Sequence[str], desk: Desk) -> str:
    return " + ".join(mandates.places(scope, desk.furnished.rules, desk.furnished.house.kabupaten))


def _left(people: int, mandate: int) -> str:
    if not people:
        return "Nobody is left without a facilitator."
    return f"{_people(people)} left without a facilitator: `suara handover --from {mandate} --to ID` gives them another."


def _given_back(cards: int) -> str:
    if not cards:
        return "No open card was left."
    return f"{_cards(cards)} {'goes' if cards == 1 else 'go'} back to the desk."


def _cards(number: int) -> str:
    return "1 card" if number == 1 else f"{number} cards"


def _people(number: int) -> str:
    return "1 person is" if number == 1 else f"{number} people are"
