"""The receipt to hand over, for somebody without a phone: a picture to print, the same as words, the same spoken.

The picture carries nothing that its caption does not say: the QR code holds the number and the claim code.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from bot.app import Home
from bot.card_picture import draw
from bot.chats import read_chat
from bot.replies import as_json
from bot.transport import Transport
from conversations.chat import Chat
from conversations.effects import Line
from conversations.facts import PersonView
from conversations.spoken import Piece
from conversations.ticket import grouped
from storage import people
from storage.cards import CardOrder, ordered
from storage.errands import Errand, Errands
from storage.ledger import Ledger, OutboxRow

if TYPE_CHECKING:  # it loads PyAV
    from bot.speech import VoiceNote

FOR_EYES: Final = "card.claim"
"""How to find the bot on Telegram: a name that nobody can write down by ear, and a square to scan."""

LONGEST_CAPTION: Final = 1024
"""Characters under a picture (Bot API, sendPhoto)."""


@dataclass(frozen=True, slots=True)
class Card:
    """A receipt in words: its lines with their keys, from top to bottom, and the link of its QR code ("" for none)."""

    locale: str
    lines: tuple[tuple[str, str], ...]
    link: str = ""

    @property
    def caption(self) -> str:
        """All of it as text."""
        return "\n".join(words for _, words in self.lines)[:LONGEST_CAPTION]


@dataclass(frozen=True, slots=True)
class MadeCard:
    """A card as it is sent; `note` is None where nobody can speak it."""

    card: Card
    picture: bytes
    note: VoiceNote | None


class Cards:
    """Makes cards; how the bot is called is asked once, and is part of every link."""

    def __init__(self, home: Home, transport: Transport) -> None:
        self._home = home
        self._transport = transport
        self._username = ""

    async def make(self, errand: Errand) -> None:
        """Draw, speak and send the receipt that an errand asks for. Raises TransportError and OSError."""
        home, at = self._home, self._home.clock.now()
        username = await self._name()
        card = await home.database.run(lambda connection: compose(home, connection, errand, username, at))
        made = await asyncio.to_thread(make, home, card) if card is not None else None
        await home.database.run(lambda connection: deliver(home, connection, errand, made, at))

    async def _name(self) -> str:
        if not self._username:
            self._username = (await self._transport.call("getMe", {}))["username"]
        return self._username


def compose(home: Home, connection: Connection, errand: Errand, username: str, at: datetime) -> Card | None:
    """The receipt that an errand asks for; None when its person is no longer this facilitator's."""
    asked = ordered(connection, errand)
    if asked is None or errand.chat_id is None:
        return None
    person = people.person(connection, errand.chat_id, asked.ticket, home.furnished.rules)
    if person is None:
        return None
    state = Ledger(connection).load_chats([errand.chat_id], at)[errand.chat_id]
    locale = read_chat(state, Chat(id=errand.chat_id)).locale
    lines = tuple(
        (line.key, home.furnished.texts.line(line, locale))
        for line in _lines(home, person, asked, username, at)
    )
    return Card(locale, lines, claim_link(username, asked) if asked.claim_code else "")


def claim_link(username: str, asked: CardOrder) -> str:
    """The deep link that claims an aspiration (Bot API, "Deep linking"): digits and one dash."""
    return f"https://t.me/{username}?start=k{asked.ticket}-{asked.claim_code}"


def make(home: Home, card: Card) -> MadeCard:
    """Draw it and speak it, but for what is only for the eye. Runs in a thread: a tenth of a second, and a process."""
    pieces = [Piece(name=key, text=words, ours=False) for key, words in card.lines if key != FOR_EYES]
    return MadeCard(card, draw(card.lines, card.link), home.speaking.speaker.note(pieces, card.locale))


def deliver(home: Home, connection: Connection, errand: Errand, made: MadeCard | None, at: datetime) -> None:
    """Put picture and voice into the outbox, unless the facilitator was erased meanwhile. Raises OSError."""
    errands = Errands(connection)
    errands.forget(errand.id)
    if not errands.finish(errand.id, at) or made is None or errand.chat_id is None:
        return
    Ledger(connection).enqueue([_row(home, errand.chat_id, part, at) for part in _parts(made)], at)


def _lines(home: Home, person: PersonView, asked: CardOrder, username: str, at: datetime) -> list[Line]:
    aspiration = person.aspiration
    planning = home.furnished.rules.calendar.planning(aspiration.at)
    today = at.astimezone(home.furnished.house.timezone).date()
    soon = today <= planning.answer_by
    place = {"village": aspiration.village.name, "kecamatan": aspiration.village.kecamatan}
    return [
        Line("card.ticket", {"ticket": grouped(asked.ticket)}),
        *([Line("card.code", {"code": grouped(asked.claim_code)})] if asked.claim_code else []),
        Line("card.said", {"summary": aspiration.summary}),
        Line("card.place", place),
        Line("card.next", {"date": planning.answer_by}) if soon else Line("card.later"),
        Line("card.ask"),
        *([_how_to_claim(username)] if asked.claim_code else []),
    ]


def _how_to_claim(username: str) -> Line:
    """By hand too: not every phone reads a QR code, and not everybody holds it over a card."""
    return Line("card.claim", {"bot": f"@{username}", "option": Line("status.recover")})


@dataclass(frozen=True, slots=True)
class _Part:
    """A file to send: as what, under which name, with which further parameters."""

    kind: str
    content: bytes
    name: str
    params: Mapping[str, object]


def _parts(made: MadeCard) -> list[_Part]:
    picture = _Part("photo", made.picture, "kartu.png", {"caption": made.card.caption})
    if made.note is None:
        return [picture]
    return [picture, _Part("voice", made.note.content, "kartu.ogg", {"duration": made.note.duration})]


def _row(home: Home, chat_id: int, part: _Part, at: datetime) -> OutboxRow:
    path = home.outgoing.put(part.content)
    return OutboxRow(
        chat_id=chat_id,
        due_at=at,
        method=f"send{part.kind.capitalize()}",
        params=as_json({"chat_id": chat_id, **part.params}),
        files=json.dumps({part.kind: {"path": str(path), "filename": part.name}}),
    )
