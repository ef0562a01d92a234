"""Updates as Telegram would make them from what people do: the phones of those who talk without Telegram."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, assert_never

from bot.gestures import (
    Adds,
    Content,
    Edits,
    Forges,
    Forwards,
    Garbles,
    Gesture,
    Leaves,
    Locates,
    Presses,
    Puzzles,
    Repeats,
    Replies,
    Sends,
    Shares,
    Writes,
)

Json = dict[str, Any]
Pressed = tuple["Told", str]
"""A message and the payload of one of its buttons."""

SMALL_FILE: Final = 10_000
"""Bytes of a file whose size nobody names."""

SOMEBODY_ELSE: Final = 1
"""The user whose contact is not the sender's own."""

A_GROUP: Final = -1_001_000_000_002
"""The group or channel that something is forwarded from."""

GARBLED: Final[Json] = {"message_id": 1, "date": "kemarin", "text": "?"}
"""A message whose date is no number; the chat is added, so that its owner can be told."""


class NoSuchMessage(Exception):  # noqa: N818 - errors are named by what happened
    """Somebody presses a button, edits a text or repeats an act that is not there."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the bot: its number in the chat, its text, and its buttons as label and payload."""

    chat_id: int
    message: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """Who acts, and in which group if not in the private chat (ids of Telegram)."""

    person: int
    group: int = 0

    @property
    def chat(self) -> Json:
        """The Chat object."""
        return {"id": self.group or self.person, "type": "group" if self.group else "private"}


@dataclass(slots=True)
class Phones:
    """Makes updates, and knows the messages that stand on each phone. `language` is that of the people's apps."""

    language: str = "id"
    told: list[Told] = field(default_factory=list)
    _updates: int = 0
    _messages: dict[int, int] = field(default_factory=dict)
    _written: dict[tuple[int, str], int] = field(default_factory=dict)
    _last: list[Json] = field(default_factory=list)
    _pressed: dict[int, Pressed] = field(default_factory=dict)
    _recordings: dict[Forwards, int] = field(default_factory=dict)

    def updates(self, spot: Spot, gesture: Gesture, at: datetime) -> list[Json]:
        """The updates that an act makes. Raises NoSuchMessage."""
        if isinstance(gesture, Repeats):
            if not self._last:
                raise NoSuchMessage("nothing has happened that could come again")
            return self._last[-1:]
        self._last = [
            {"update_id": self._number_of_update(), **made} for made in self._made(spot, gesture, at)
        ]
        return self._last

    def show(self, chat_id: int, text: str, buttons: tuple[tuple[str, str], ...]) -> Told:
        """A message of the bot appears."""
        told = Told(chat_id, self._next_message(chat_id), text, buttons)
        self.told.append(told)
        return told

    def _number_of_update(self) -> int:
        self._updates += 1
        return self._updates

    def _next_message(self, chat_id: int) -> int:
        self._messages[chat_id] = self._messages.get(chat_id, 0) + 1
        return self._messages[chat_id]

    def _made(self, spot: Spot, gesture: Gesture, at: datetime) -> Iterator[Json]:
        match gesture:
            case Writes(text, times):
                for _ in range(times):
                    yield {"message": self._message(spot, Writes(text), at)}
            case Presses():
                yield {"callback_query": self._press(spot, gesture)}
            case Forges(payload):
                yield {"callback_query": self._query(spot, payload, self._messages.get(spot.chat["id"], 1))}
            case Edits(old, new):
                number = self._message_of(spot, old)
                self._written[spot.chat["id"], new] = number
                edited = {"message_id": number, "text": new, "edit_date": int(at.timestamp())}
                yield {"edited_message": self._base(spot, at) | edited}
            case Leaves(blocked):
                yield self._membership(spot, "kicked" if blocked else "member", at)
            case Adds():
                yield self._membership(spot, "member", at)
                created = {"message_id": self._next_message(spot.chat["id"]), "group_chat_created": True}
                yield {"message": self._base(spot, at) | created}
            case Garbles():
                yield {"message": {**GARBLED, "chat": spot.chat}}
            case Repeats():
                return
            case _:
                yield {"message": self._message(spot, gesture, at)}

    def _base(self, spot: Spot, at: datetime) -> Json:
        sender = {"id": spot.person, "is_bot": False, "language_code": self.language}
        return {"chat": spot.chat, "from": sender, "date": int(at.timestamp())}

    def _membership(self, spot: Spot, status: str, at: datetime) -> Json:
        return {"my_chat_member": self._base(spot, at) | {"new_chat_member": {"status": status}}}

    def _message_of(self, spot: Spot, text: str) -> int:
        try:
            return self._written[spot.chat["id"], text]
        except KeyError:
            raise NoSuchMessage(f"nobody wrote: {text}") from None

    def _press(self, spot: Spot, gesture: Presses) -> Json:
        chat_id = spot.chat["id"]
        told, payload = found = button(self.told, chat_id, gesture, self._pressed.get(chat_id))
        self._pressed[chat_id] = found
        return self._query(spot, payload, told.message)

    def _query(self, spot: Spot, payload: str, number: int) -> Json:
        message = {"message_id": number, "chat": spot.chat}
        query = f"query-{self._updates}"
        return {"id": query, "from": {"id": spot.person}, "message": message, "data": payload}

    def _message(self, spot: Spot, gesture: Content, at: datetime) -> Json:
        number = self._next_message(spot.chat["id"])
        if isinstance(gesture, Writes):
            self._written[spot.chat["id"], gesture.text] = number
        return self._base(spot, at) | {"message_id": number} | self._content(spot, gesture)

    def _forwarded(self, gesture: Forwards) -> Json:
        if gesture.sent is None:
            return {"text": gesture.text}
        return _media(gesture.sent, self._file_number(gesture))

    def _file_number(self, gesture: Forwards) -> int:
        """What is forwarded again is the same file; NoSuchMessage when it was not forwarded before."""
        first = replace(gesture, again=False)
        if not gesture.again:
            self._recordings[first] = self._updates
        if first not in self._recordings:
            raise NoSuchMessage("this recording has not been forwarded before")
        return self._recordings[first]

    def _content(self, spot: Spot, gesture: Content) -> Json:
        match gesture:
            case Writes(text):
                return {"text": text}
            case Replies(text, to):
                number = told_with(self.told, spot.chat["id"], to).message
                return {"text": text, "reply_to_message": {"message_id": number}}
            case Sends():
                return _media(gesture, self._updates)
            case Forwards():
                return self._forwarded(gesture) | {"forward_origin": _origin(gesture)}
            case Locates(latitude, longitude):
                return {"location": {"latitude": latitude, "longitude": longitude}}
            case Shares(own):
                owner = spot.person if own else SOMEBODY_ELSE
                return {"contact": {"phone_number": "0812", "user_id": owner}}
            case Puzzles(what):
                return {what: {"file_id": what, "file_unique_id": what}}
            case _:
                assert_never(gesture)


def told_with(told: list[Told], chat_id: int, words: str) -> Told:
    """The newest message of the bot in a chat that has these words. Raises NoSuchMessage."""
    found = [one for one in told if one.chat_id == chat_id and words in one.text]
    if not found:
        raise NoSuchMessage(f"no message says: {words}")
    return found[-1]


def button(told: list[Told], chat_id: int, gesture: Presses, last: Pressed | None) -> Pressed:
    """The button that is meant, with its message. Raises NoSuchMessage."""
    shown = [message for message in told if message.chat_id == chat_id]
    found = [
        (message, payload)
        for message in shown
        for label, payload in message.buttons
        if label == gesture.label
    ]
    if not found:
        newest = [[label for label, _ in message.buttons] for message in shown[-1:]]
        raise NoSuchMessage(f"no message has the button [{gesture.label}]; the newest has {newest}")
    if gesture.which == "same" and last in found:
        return last
    return found[0] if gesture.which == "oldest" else found[-1]


def _origin(gesture: Forwards) -> Json:
    """MessageOrigin of the Bot API."""
    name = gesture.name
    match gesture.origin:
        case "user":
            return {"type": "user", "sender_user": {"id": SOMEBODY_ELSE, "first_name": name}}
        case "hidden_user":
            return {"type": "hidden_user", **({"sender_user_name": name} if name else {})}
        case "chat":
            return {"type": "chat", "sender_chat": {"id": A_GROUP, "title": name}}
        case "channel":
            return {"type": "channel", "chat": {"id": A_GROUP, "title": name}, "message_id": 1}
        case _:
            assert_never(gesture.origin)


def _media(gesture: Sends, number: int) -> Json:
    file: Json = {
        "file_id": f"{gesture.flaw or 'file'}-{number}",
        "file_unique_id": f"unique-{number}",
        "file_size": gesture.size or SMALL_FILE,
    }
    content: Any = [file] if gesture.kind == "photo" else file | {"duration": gesture.seconds}
    album = {"media_group_id": gesture.album} if gesture.album else {}
    caption = {"caption": gesture.caption} if gesture.caption else {}
    return {gesture.kind: content, **album, **caption}
