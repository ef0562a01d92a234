"""What one resident does, from /start to a sent aspiration, as raw updates in the Bot API's own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

QUIET_SECONDS: Final = 2.0
"""Suara waits so long after the need before it answers, in case more comes; the plain bots answer at once."""

NEED: Final = (
    "Jalan di depan sekolah rusak parah, anak-anak sering jatuh waktu hujan. Tolong diperbaiki, Pak."
)
VILLAGE: Final = "Braja Harjosari"


@dataclass(frozen=True, slots=True)
class Type:
    """The resident writes `text`; the bot answers with `replies` messages."""

    name: str
    text: str
    replies: int = 1


@dataclass(frozen=True, slots=True)
class Press:
    """The resident presses the button whose payload carries `value`, or the first one when it is ""."""

    name: str
    value: str
    replies: int = 1


Move = Type | Press

JOURNEY: Final[tuple[Move, ...]] = (
    Type("start", "/start", replies=2),
    Press("new", "new"),
    Press("consent", "yes"),
    Press("no broadcasts", "no"),
    Type("need", NEED),
    Press("done", "done"),
    Type("village", VILLAGE),
    Press("no landmark", "skip"),
    Press("field", ""),
    Press("for everyone", "everyone"),
    Press("private", "private"),  # of public ones that are alike others would be shown first
    Press("send", "send", replies=3),
)
"""Twelve turns and fifteen messages; the bot's quiet two seconds lie between "need" and "done"."""

LATE: Final = "need"
"""The move whose reply Suara delays on purpose."""


@dataclass(slots=True)
class Resident:
    """One chat on its journey. `payloads` are the buttons of the last message that had any."""

    id: int
    turn: int = 0
    heard: int = 0
    messages: int = 0
    payloads: list[str] = field(default_factory=list)
    shown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def move(self) -> Move:
        """What comes next, or is being answered."""
        return JOURNEY[self.turn]

    @property
    def ended(self) -> bool:
        """Whether the whole journey was answered."""
        return self.turn == len(JOURNEY)

    def update(self, update_id: int, date: int) -> dict[str, Any]:
        """The next move as an update. LookupError when the bot offered no such button."""
        move = self.move
        match move:
            case Type(text=text):
                self.messages += 1
                return {"update_id": update_id, "message": self._message(text, date)}
            case Press():
                return {"update_id": update_id, "callback_query": self._press(move, update_id)}

    def hear(self, text: str, markup: Mapping[str, Any] | None, date: int) -> int:
        """Read a message of the bot and return its message id. The turn is over when all its replies were heard."""
        self.messages += 1
        self.heard += 1
        if markup and "inline_keyboard" in markup:
            self.payloads = payloads_in(markup)
            self.shown = self._shown(text, markup, date)
        if self.heard == self.move.replies:
            self.turn, self.heard = self.turn + 1, 0
        return self.messages

    def _person(self) -> dict[str, Any]:
        return {"id": self.id, "first_name": "Warga", "username": f"warga{self.id}"}

    def _message(self, text: str, date: int) -> dict[str, Any]:
        commands = [{"offset": 0, "length": len(text), "type": "bot_command"}] if text[0] == "/" else []
        return {
            "message_id": self.messages,
            "from": {**self._person(), "is_bot": False, "language_code": "id"},
            "chat": {**self._person(), "type": "private"},
            "date": date,
            "text": text,
            **({"entities": commands} if commands else {}),
        }

    def _press(self, move: Press, update_id: int) -> dict[str, Any]:
        return {
            "id": str(4_382_000_000_000_000_000 + update_id),
            "from": {**self._person(), "is_bot": False, "language_code": "id"},
            "message": self.shown,
            "chat_instance": "-3785923847561",
            "data": chosen(self.payloads, move.value),
        }

    def _shown(self, text: str, markup: Mapping[str, Any], date: int) -> dict[str, Any]:
        return {
            "message_id": self.messages,
            "from": {"id": 4242, "is_bot": True, "first_name": "Suara", "username": "suara_bot"},
            "chat": {**self._person(), "type": "private"},
            "date": date,
            "text": text,
            "reply_markup": markup,
        }


def payloads_in(markup: Mapping[str, Any]) -> list[str]:
    """The payloads of an inline keyboard, in order."""
    return [button["callback_data"] for row in markup["inline_keyboard"] for button in row]


def chosen(payloads: Sequence[str], value: str) -> str:
    """The payload that carries the value between colons; LookupError when there is none."""
    for payload in payloads:
        if not value or value in payload.split(":"):
            return payload
    raise LookupError(f"no button carries {value!r}: {payloads}")
