"""One chat played against the core alone: `turn()`, a model world, the clock in hand, no bot and no database.

Between every two turns the chat goes through JSON, as it does between two updates in life.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from conversations import events
from conversations.chat import Chat, Media, Origin, PartKind
from conversations.effects import Acknowledge, AnyEffect, Button, Line, Say
from conversations.events import AnyEvent
from conversations.flows import suara_flows
from conversations.interpreter import Interpreter
from conversations.table import Flows
from conversations.texts import RenderedMessage
from tests.conversations.literal_facts import NOON, real_texts, real_words
from tests.conversations.model_world import ModelWorld

MOST_ROUNDS: Final = 4
"""As in the bot's turn: what an effect gives back is fed to the next round."""

FLOWS: Final = suara_flows()
CHAT: Final = 42


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as it lies in the chat."""

    number: int
    say: Say
    locale: str

    @property
    def message(self) -> RenderedMessage:
        """It in words."""
        return real_texts().say(self.say.lines, self.say.buttons, self.locale)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its lines."""
        return tuple(line.key for line in self.say.lines)

    def line(self, key: str) -> Line:
        """The line of that key."""
        return next(line for line in self.say.lines if line.key == key)

    def button(self, wanted: str) -> Button:
        """The button whose label or value is `wanted`."""
        labels = dict(zip((b.label for b in self.message.buttons), self.say.buttons, strict=True))
        values = {button.payload.split(":")[1]: button for button in self.say.buttons}
        return labels.get(wanted) or values[wanted]


_READ: Final[dict[int, Interpreter]] = {}


def interpreting(flows: Flows) -> Interpreter:
    """The interpreter of a table: one for all talks, as in a running bot, for it keeps what it has read."""
    if id(flows) not in _READ:
        _READ[id(flows)] = Interpreter(flows, real_words())
    return _READ[id(flows)]


@dataclass(slots=True)
class Talk:
    """A chat, its world, and every message that lies in it."""

    world: ModelWorld = field(default_factory=ModelWorld)
    chat: Chat = field(default_factory=lambda: Chat(id=CHAT))
    at: datetime = NOON
    number: int = 1
    shown: list[Shown] = field(default_factory=list)
    flows: Flows = FLOWS
    acknowledged: list[str] = field(default_factory=list)

    def copy(self) -> Talk:
        """The same chat in a world of its own."""
        return replace(
            self, world=self.world.copy(), shown=list(self.shown), acknowledged=list(self.acknowledged)
        )

    # What a person does

    def types(self, *texts: str) -> list[Shown]:
        """Type messages one after another, a second apart; what the last was answered with."""
        said: list[Shown] = []
        for text in texts:
            said = self.happens(events.Typed(at=self.at, message=self.next_number(), text=text))
        return said

    def replies(self, to: int, text: str) -> list[Shown]:
        """Write a text as a Telegram reply to a message."""
        return self.happens(events.Typed(at=self.at, message=self.next_number(), text=text, reply_to=to))

    def presses(self, wanted: str, on: Shown | None = None) -> list[Shown]:
        """Press a button by label or value, on the last message that has any."""
        message = on or self.last_with_buttons
        return self.presses_payload(message.button(wanted).payload, message.number)

    def presses_payload(self, payload: str, message: int) -> list[Shown]:
        """Press anything at all, forged or not."""
        query = f"q{self.next_number()}"
        return self.happens(events.Pressed(at=self.at, message=message, payload=payload, query=query))

    def starts(self, payload: str = "", language: str = "") -> list[Shown]:
        """/start."""
        return self.happens(
            events.Started(at=self.at, message=self.next_number(), payload=payload, language=language)
        )

    def speaks(
        self, seconds: int = 7, size: int = 20_000, kind: Literal["voice", "audio"] = "voice"
    ) -> list[Shown]:
        """Send a voice note."""
        return self.happens(
            events.Spoke(at=self.at, message=self.next_number(), kind=kind, media=self.file(seconds, size))
        )

    def films(self, seconds: int = 40, size: int = 20_000) -> list[Shown]:
        """Send a round video note, as somebody who signs does."""
        message, media = self.next_number(), self.file(seconds, size)
        return self.happens(events.Filmed(at=self.at, message=message, kind="video_note", media=media))

    def pictures(self, caption: str = "", album: str = "", size: int = 90_000) -> list[Shown]:
        """Send a photo."""
        message, media = self.next_number(), self.file(0, size)
        return self.happens(
            events.Pictured(at=self.at, message=message, media=media, caption=caption, album=album)
        )

    def forwards(
        self,
        origin: Origin = "user",
        kind: PartKind | Literal["other"] = "voice",
        *,
        seconds: int = 7,
        text: str = "",
        file: Media | None = None,
        size: int = 20_000,
    ) -> list[Shown]:
        """Forward what somebody else sent; `file` again when it is the same as before."""
        message = self.next_number()
        media = None if kind in {"text", "other"} else file or self.file(seconds, size)
        return self.happens(
            events.Forwarded(at=self.at, message=message, origin=origin, kind=kind, text=text, media=media)
        )

    def locates(self, latitude: float = -5.1, longitude: float = 105.5) -> list[Shown]:
        """Share a position."""
        return self.happens(
            events.Located(at=self.at, message=self.next_number(), latitude=latitude, longitude=longitude)
        )

    def edits(self, message: int, text: str) -> list[Shown]:
        """Change an earlier message of the person."""
        return self.happens(events.Edited(at=self.at, message=message, text=text))

    def puzzles(self, what: events.Puzzle = "sticker") -> list[Shown]:
        """Send what no step reads."""
        return self.happens(events.Puzzled(at=self.at, message=self.next_number(), what=what))

    def waits(self, span: timedelta) -> None:
        """Let time pass."""
        self.at += span

    def is_quiet(self) -> list[Shown]:
        """As many quiet seconds pass as the question waits for (two, mostly), and the clock says so."""
        self.at = max(self.at + timedelta(seconds=2), self.chat.quiet_at or self.at)
        return self.happens(events.Quieted(at=self.at))

    # What follows

    def happens(self, event: AnyEvent) -> list[Shown]:
        """Process one event with all that its effects give back; what the bot says to it."""
        said: list[Shown] = []
        interpreter = interpreting(self.flows)
        for _ in range(MOST_ROUNDS):
            chat, effects = interpreter.turn(self.chat, event, self.world.facts())
            self.chat = round_trip(chat)
            outcomes = [self._perform(effect, said) for effect in effects]
            outcome = next((o for o in outcomes if o is not None), None)
            if outcome is None:
                break
            event = outcome
        else:
            raise AssertionError(f"{self.chat.step}: more than {MOST_ROUNDS} rounds")
        self.shown.extend(said)
        self.at += timedelta(seconds=1)
        return said

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        return self.shown[-1]

    @property
    def last_with_buttons(self) -> Shown:
        """The newest message of the bot that has buttons."""
        return next(message for message in reversed(self.shown) if message.say.buttons)

    @property
    def place(self) -> tuple[int, int] | None:
        """What "Langkah n dari N" says in the newest message."""
        found = [line.params for line in self.last.say.lines if line.key == "progress"]
        return (found[0]["n"], found[0]["total"]) if found and found[0] else None  # type: ignore[return-value]

    def file(self, seconds: int, size: int) -> Media:
        """A file as Telegram names it, unlike every other."""
        return Media(file_id=f"f{self.number}", unique_id=f"u{self.number}", seconds=seconds, bytes=size)

    def _perform(self, effect: AnyEffect, said: list[Shown]) -> events.AnyOutcome | None:
        if isinstance(effect, Say):
            said.append(Shown(self.next_number(), effect, self.chat.locale))
            return None
        if isinstance(effect, Acknowledge):
            self.acknowledged.append(effect.query)
            return None
        return self.world.perform(effect, self.at)

    def next_number(self) -> int:
        """The number of the next message in the chat, whoever sends it."""
        self.number += 1
        return self.number


def typed(text: str, message: int = 1) -> events.Typed:
    """A text message at noon."""
    return events.Typed(at=NOON, message=message, text=text)


def round_trip(chat: Chat) -> Chat:
    """The chat as it comes back from storage; it must be what was stored."""
    stored = msgspec.json.encode(chat)
    read = msgspec.json.decode(stored, type=Chat)
    assert read == chat, "the chat does not survive being stored"
    return read


def agreed_talk(**world: object) -> Talk:
    """Somebody who has agreed to both purposes, answered for their groups, and stands at the menu."""
    known = ModelWorld(agreed={"service", "broadcast"}, **world)  # type: ignore[arg-type]
    known.profile = replace(known.profile, groups_answered=True, needs_answered=True)
    talk = Talk(known)
    talk.starts()
    return talk


At = Callable[..., Talk]
"""How one comes to a question."""

NEED: Final = "jalan rusak di depan sekolah"


def at_need(**world: object) -> Talk:
    """At the first question of the intake."""
    talk = agreed_talk(**world)
    talk.types("1")
    assert talk.chat.step == "intake.need"
    return talk


def at_village(**world: object) -> Talk:
    """At the second question, the need told and confirmed."""
    talk = at_need(**world)
    talk.types(NEED)
    talk.is_quiet()
    talk.types("1")
    return talk


def at_landmark(**world: object) -> Talk:
    """At the question for a landmark."""
    talk = at_village(**world)
    talk.types("Rajabasa")
    assert talk.chat.step == "intake.landmark"
    return talk


def at_field() -> Talk:
    """At the question for the field."""
    talk = at_landmark()
    talk.types("depan SD Negeri 1")
    return talk


def at_audience() -> Talk:
    """At the question for whom it is."""
    talk = at_field()
    talk.types("1")
    return talk


def at_visibility() -> Talk:
    """At the question who may see it."""
    talk = at_audience()
    talk.presses("everyone")
    return talk


def at_summary() -> Talk:
    """Everything answered."""
    talk = at_visibility()
    talk.types("1")
    assert talk.chat.step == "intake.summary"
    return talk


def sent() -> Talk:
    """An aspiration just sent."""
    talk = at_summary()
    talk.types("1")
    return talk
