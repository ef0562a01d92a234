"""The hands of the people in the simulator: a gesture of a dialogue becomes an act on a phone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from bot.gestures import (
    Adds,
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
from bot.phones import GARBLED, SMALL_FILE, SOMEBODY_ELSE
from simulator.media import Elsewhere
from simulator.queues import Update, UpdateQueue
from simulator.server import Simulator
from simulator.uploads import VOICE_MIME, Uploaded
from simulator.wire import Json
from tests import recordings

LONGEST_RECORDED: Final = 120
"""Seconds: none that is longer is played here; all of more than five minutes are refused by their length alone."""

OPUS: Final = b"OggS" + b"\0" * 24 + b"OpusHead"
"""How a voice note begins; what follows is never played here."""

MIME: Final = {
    "voice": VOICE_MIME,
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "photo": "image/jpeg",
}


@dataclass(slots=True)
class Hands:
    """What people do on their phones, all of which speak `language`."""

    simulator: Simulator
    language: str
    _written: dict[tuple[int, str], int] = field(default_factory=dict)
    _recordings: dict[Forwards, int] = field(default_factory=dict)
    _last: Update | None = None

    @property
    def _queue(self) -> UpdateQueue:
        return self.simulator.world.queues[self.simulator.bot_id()]

    def nothing_waits(self) -> bool:
        """Whether the bot has confirmed every update and waits for the next."""
        return not self._queue.waiting and not self._queue.replays and self.simulator.polling()

    def arrive(self, name: str) -> int:
        """Somebody new; their id."""
        return self.simulator.add_person(name, language_code=self.language).id

    def gather(self, title: str, person: int) -> int:
        """A group in which the bot may read everything; its id."""
        return self.simulator.add_group(title, [person], admin=True).id

    def join(self, group: int, person: int) -> None:
        """Somebody is in the group from now on."""
        found = self.simulator.group(group)
        if person not in found.members:
            self.simulator.world.put_group(replace(found, members=(*found.members, person)))

    def press(self, person: int, message: int, payload: str) -> None:
        """Press the button with this payload."""
        self.simulator.press(person, message, payload)
        self._remember()

    def reply(self, person: int, message: int, text: str) -> None:
        """Answer a message of the bot."""
        self.simulator.say(person, text, reply_to=message)
        self._remember()

    def do(self, person: int, group: int, gesture: Gesture) -> None:
        """Do what the gesture says."""
        match gesture:
            case Repeats():
                self._repeat()
                return
            case Adds():
                pass  # the group began with the bot in it
            case Writes(text, times):
                for _ in range(times):
                    self._write(person, group, text)
            case Garbles():
                self.simulator.inject({"message": {**GARBLED, "chat": {"id": person, "type": "private"}}})
            case Forges(payload):
                self.simulator.inject({"callback_query": self._forged(person, payload)})
            case Edits(old, new):
                number = self._written[person, new] = self._written[person, old]
                self.simulator.edit(person, number, new)
            case Leaves(blocked):
                (self.simulator.block if blocked else self.simulator.unblock)(person)
            case Presses() | Replies():
                raise TypeError("a press or a reply needs the message of the bot")
            case _:
                self._send(person, gesture)
        self._remember()

    def _write(self, person: int, group: int, text: str) -> None:
        if group:
            self.simulator.group_say(group, person, text)
        else:
            self._written[person, text] = self.simulator.say(person, text).message_id or 0

    def _send(self, person: int, gesture: Sends | Forwards | Locates | Shares | Puzzles) -> None:
        match gesture:
            case Sends():
                self.simulator.media(person, gesture.kind, upload(gesture))
                if gesture.flaw == "gone":
                    self.simulator.world.files._files.popitem()
            case Forwards():
                self._forward(person, gesture)
            case Locates(latitude, longitude):
                self.simulator.location(person, latitude, longitude)
            case Shares(own):
                owner = person if own else SOMEBODY_ELSE
                self.simulator.contact(person, phone_number="0812", first_name="Warga", user_id=owner)
            case Puzzles("sticker"):
                self.simulator.sticker(person)
            case Puzzles("poll"):
                self.simulator.poll(person, "Setuju?", ["Ya", "Tidak"])
            case Puzzles("document"):
                file = Uploaded("surat.pdf", "application/pdf", b"%PDF-1.7")
                self.simulator.media(person, "document", file)
            case _:
                assert_never(gesture)  # type: ignore[arg-type]

    def _forged(self, person: int, payload: str) -> Json:
        """A press of an app that sends what it likes: the simulator's own apps send only what a button says."""
        chat = self.simulator.chat_of(person)
        message = {"message_id": chat.last_id, "date": 0, "chat": {"id": person, "type": "private"}}
        who = self.simulator.person(person).user()
        return {"id": "1", "from": who, "message": message, "chat_instance": chat.instance, "data": payload}

    def _forward(self, person: int, gesture: Forwards) -> None:
        first = replace(gesture, again=False)
        elsewhere = Elsewhere(gesture.origin, gesture.name, gesture.sent.kind if gesture.sent else "voice")
        if elsewhere.name is None:
            elsewhere = replace(elsewhere, origin="hidden_nameless")
        if gesture.again:
            self.simulator.forward(person, elsewhere, of=self._recordings[first])
        elif gesture.sent is None:
            self.simulator.forward(person, elsewhere, of=gesture.text)
        else:
            done = self.simulator.forward(person, elsewhere, upload=upload(gesture.sent))
            self._recordings[first] = done.message_id or 0

    def _remember(self) -> None:
        if self._queue.waiting:
            self._last = self._queue.waiting[-1]

    def _repeat(self) -> None:
        """Telegram hands out an update once more although it was confirmed."""
        if self._last is None:
            raise AssertionError("nothing has happened that could come again")
        self._queue.replays.append(self._last)
        self._queue.on_put(self._last)


def recorded(gesture: Sends) -> bytes:
    """A real recording of that length, b"" where none is needed."""
    fetched = not gesture.size and 0 < gesture.seconds <= LONGEST_RECORDED
    if not fetched or gesture.flaw == "unreadable":
        return b""
    seconds = 0.3 if gesture.flaw == "too_short" else gesture.seconds
    sound: recordings.Sound = "silence" if gesture.flaw == "silent" else "tone"
    match gesture.kind:
        case "voice":
            return recordings.voice_note(seconds, sound)
        case "audio":
            return recordings.audio_file("mp3", seconds, sound)
        case "video" | "video_note":
            return recordings.film(seconds)
        case "photo":
            return b""


def upload(gesture: Sends) -> Uploaded:
    """A file that is what it is said to be; one that nobody will fetch, or that is broken, only looks like it."""
    data = recorded(gesture) or (OPUS if gesture.kind == "voice" else b"").ljust(
        gesture.size or SMALL_FILE, b"\0"
    )
    return Uploaded(
        name=f"kiriman.{gesture.kind}",
        mime_type=MIME[gesture.kind],
        data=data,
        duration=gesture.seconds,
        caption=gesture.caption or None,
        group=gesture.album or None,
    )
