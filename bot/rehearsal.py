"""The bot without Telegram: what people do goes in, what they are told comes out, on one thread.

The turn, the jobs of the clock and the outbox are the real ones on a real database; only the wire is missing.
`suara chat` and the dialogues of the tests play on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

import msgspec

from bot.app import Home
from bot.gestures import (
    Edits,
    Forwards,
    Gesture,
    Leaves,
    Locates,
    Presses,
    Puzzles,
    Repeats,
    Sends,
    Shares,
    Writes,
)
from bot.jobs import OFTEN, SELDOM, discard, erase
from bot.turn import read_arrival
from storage.outbox import Claimed, Outbox, Room, Settled

EVERYTHING: Final = Room(slots=1000, paced=1000, bulk=1000)
SOURCE: Final = "bot:1"


class NoSuchButton(Exception):  # noqa: N818 - errors are named by what happened
    """Somebody presses a button that no message has."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the bot: its number in the chat, its text, and its buttons as label and payload."""

    chat_id: int
    message: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class StoppedClock:
    """A clock that moves only when it is told to."""

    at: datetime

    def now(self) -> datetime:
        """The moment that was set."""
        return self.at


@dataclass(slots=True)
class Rehearsal:
    """Plays people and the clock against a bot. Every update is delivered `times` times, as Telegram may."""

    home: Home
    clock: StoppedClock
    times: int = 1
    told: list[Told] = field(default_factory=list)
    _updates: int = 0
    _messages: dict[int, int] = field(default_factory=dict)
    _written: dict[tuple[int, str], int] = field(default_factory=dict)
    _last: dict[str, Any] = field(default_factory=dict)

    def act(self, chat_id: int, gesture: Gesture) -> list[Told]:
        """Do something, and return what the bot tells whom."""
        update = self._last if isinstance(gesture, Repeats) else self._update(chat_id, gesture)
        self._last = update
        for _ in range(self.times):
            self._deliver(update)
        return self.collect()

    def wait(self, span: timedelta) -> list[Told]:
        """Let time pass, doing what falls due at each second of the first minute and then at its end."""
        end = self.clock.at + span
        heard: list[Told] = []
        for moment in _moments(self.clock.at, end):
            self.clock.at = moment
            heard += self.tick()
        return heard

    def tick(self) -> list[Told]:
        """Do what is due now."""
        for job in (*OFTEN, *SELDOM):
            with self.home.engine.begin() as connection:
                job(self.home, connection, self.clock.at)
        with self.home.engine.begin() as connection:
            erased = erase(self.home, connection, self.clock.at)
        discard(self.home, erased)
        return self.collect()

    def collect(self) -> list[Told]:
        """Send what lies in the outbox, in order, and return the messages."""
        heard: list[Told] = []
        while rows := self._claim():
            heard += [told for row in rows if (told := self._send(row)) is not None]
        self.told += heard
        return heard

    def _claim(self) -> list[Claimed]:
        with self.home.engine.begin() as connection:
            outbox = Outbox(connection)
            rows = outbox.claim(self.clock.at, EVERYTHING)
            outbox.settle([Settled(row=row, state="sent", at=self.clock.at) for row in rows])
        return rows

    def _send(self, row: Claimed) -> Told | None:
        method, params = (
            self.home.letters.render(row.notice)
            if row.notice
            else (row.method, msgspec.json.decode(row.params))
        )
        if row.chat_id is None or not method.startswith("send"):
            return None
        markup = params.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = tuple((button["text"], button["callback_data"]) for line in markup for button in line)
        text = params.get("text") or f"({method}) {params.get('caption', '')}".rstrip()
        return Told(row.chat_id, self._number(row.chat_id), text, buttons)

    def _deliver(self, update: Mapping[str, Any]) -> None:
        arrival = read_arrival(update, SOURCE, self.clock.at)
        if arrival is not None:
            with self.home.engine.begin() as connection:
                self.home.turner.process(connection, [arrival], self.clock.at)

    def _number(self, chat_id: int) -> int:
        self._messages[chat_id] = self._messages.get(chat_id, 0) + 1
        return self._messages[chat_id]

    # Updates as Telegram would make them

    def _update(self, chat_id: int, gesture: Gesture) -> dict[str, Any]:
        self._updates += 1
        number = {"update_id": self._updates}
        match gesture:
            case Presses():
                return number | {"callback_query": self._press(chat_id, gesture)}
            case Edits(old, new):
                message = self._base(chat_id) | {"message_id": self._written[chat_id, old], "text": new}
                return number | {"edited_message": message}
            case Leaves(blocked):
                member = {"status": "kicked" if blocked else "member"}
                return number | {"my_chat_member": self._base(chat_id) | {"new_chat_member": member}}
            case Repeats():
                raise TypeError("nothing new happens")
            case _:
                message = self._base(chat_id) | {"message_id": self._number(chat_id)}
                return number | {"message": message | self._content(chat_id, gesture)}

    def _base(self, chat_id: int) -> dict[str, Any]:
        return {
            "chat": {"id": chat_id, "type": "private"},
            "from": {"id": chat_id, "language_code": "id"},
            "date": int(self.clock.at.timestamp()),
        }

    def _press(self, chat_id: int, gesture: Presses) -> dict[str, Any]:
        found = [
            (told.message, payload)
            for told in self.told
            if told.chat_id == chat_id
            for label, payload in told.buttons
            if label == gesture.label
        ]
        if not found:
            raise NoSuchButton(f"no message has the button [{gesture.label}]")
        message, payload = found[0] if gesture.old else found[-1]
        chat = {"id": chat_id, "type": "private"}
        return {
            "id": str(self._updates),
            "from": {"id": chat_id},
            "message": {"message_id": message, "chat": chat},
            "data": payload,
        }

    def _content(
        self,
        chat_id: int,
        gesture: Writes | Sends | Forwards | Locates | Shares | Puzzles,
    ) -> dict[str, Any]:
        match gesture:
            case Writes(text):
                self._written[chat_id, text] = self._messages[chat_id]
                return {"text": text}
            case Sends():
                return self._media(gesture)
            case Forwards(text):
                origin = {"type": "hidden_user", "date": 0, "sender_user_name": "Seseorang"}
                return {"text": text, "forward_origin": origin}
            case Locates(latitude, longitude):
                return {"location": {"latitude": latitude, "longitude": longitude}}
            case Shares(own):
                return {"contact": {"phone_number": "0812", "user_id": chat_id if own else 1}}
            case Puzzles(what):
                return {what: {"file_id": what, "file_unique_id": what}}
            case _:
                assert_never(gesture)

    def _media(self, gesture: Sends) -> dict[str, Any]:
        file = {
            "file_id": f"file-{self._updates}",
            "file_unique_id": f"unique-{self._updates}",
            "file_size": gesture.size or 10_000,
            "duration": gesture.seconds,
        }
        content: Any = [file] if gesture.kind == "photo" else file
        album = {"media_group_id": gesture.album} if gesture.album else {}
        caption = {"caption": gesture.caption} if gesture.caption else {}
        return {gesture.kind: content, **album, **caption}


def _moments(start: datetime, end: datetime) -> Iterator[datetime]:
    """Each second of the first minute, and then the end: what is due in between happens late, as after an outage."""
    moment = start
    while moment + timedelta(seconds=1) <= end and moment - start < timedelta(minutes=1):
        moment += timedelta(seconds=1)
        yield moment
    if moment < end:
        yield end
