"""The bot without Telegram: what people do goes in, what they are told comes out, on one thread.

The turn, the jobs of the clock, the errands and the outbox are the real ones on a real database; only the wire
is missing. `suara chat` and the dialogues of the tests play on it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, get_args

import msgspec
import typer.main
from sqlalchemy import Connection
from typer.exceptions import TyperException

from bot import broadcast_count, broadcasting, export_files, figures, meeting_files
from bot.app import Home
from bot.calling import call, summary
from bot.cards import compose, deliver, make
from bot.cli import app
from bot.commands.faults import told
from bot.decision import Decision
from bot.decoding import Malformed
from bot.export import export
from bot.gestures import Gesture
from bot.invitation import Wish
from bot.jobs import OFTEN, SELDOM, discard, erase
from bot.losses import Reason, lose
from bot.mandating import NO_STAFF, Desk, end, issue, listed
from bot.phones import Phones, Spot, Told
from bot.refusal import Refusal
from bot.ruling import rule
from bot.sipd import import_sipd
from bot.speaking import after_sending
from bot.turn import Arrival, read_arrival, unreadable
from storage.actor import Staff
from storage.broadcast_drafts import COUNT
from storage.cards import MAKE_CARD
from storage.errands import Errand, Errands
from storage.exports import MAKE_FILE
from storage.figure_orders import DRAW_FIGURES
from storage.messages import FORGET, deletable, delete
from storage.outbox import Claimed, Outbox, Room, Settled
from storage.performer import EXPORT_DATA, FETCH_MEDIA
from storage.permissions import STAFF
from storage.rules import Scene
from storage.spoken import SPEAK

RECORDINGS: Final = {
    "sendVoice": "suara",
    "sendAudio": "audio",
    "sendVideo": "video",
    "sendVideoNote": "video bulat",
}
"""Calls that send a recording, and what it is called in a dialogue."""

EVERYTHING: Final = Room(slots=1000, paced=1000, bulk=1000)
SOURCE: Final = "bot:1"
USERNAME: Final = "suara_bot"
"""Of the bot that is rehearsed."""

QUIET: Final = timedelta(seconds=2)
LOT: Final = 100


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
    phones: Phones = field(default_factory=Phones)

    def act(self, spot: Spot, gesture: Gesture) -> list[Told]:
        """Do something, and return what the bot tells whom. Raises phones.NoSuchMessage."""
        heard: list[Told] = []
        for update in self.phones.updates(spot, gesture, self.clock.at):
            for _ in range(self.times):
                self._deliver(update)
            self._do_errands()
            heard += self.collect()
        return heard

    def wait(self, until: datetime) -> list[Told]:
        """Let time pass, and do what has fallen due; what falls due in between is done late, as after an outage."""
        heard: list[Told] = []
        for moment in moments(self.clock.at, until):
            self.clock.at = moment
            heard += self.tick()
        return heard

    def tick(self) -> list[Told]:
        """Do what is due now."""
        at = self.clock.at
        with self.home.engine.begin() as connection:
            erased = erase(self.home, connection, at)
        if erased.persons:
            discard(self.home, erased)
        for job in (*OFTEN, *SELDOM):
            with self.home.engine.begin() as connection:
                job(self.home, connection, at)
        self._do_errands()
        return self.collect()

    def collect(self) -> list[Told]:
        """Send what lies in the outbox, in order, and return the messages."""
        heard: list[Told] = []
        while sent := self._call():
            heard += [told for _, told in sent if told is not None]
            if any(row.notice for row, _ in sent):  # it may be said aloud now that it was sent
                self._do_errands()
        return heard

    def _call(self) -> list[tuple[Claimed, Told | None]]:
        """What is due, each with what it became on a phone."""
        with self.home.engine.begin() as connection:
            outbox = Outbox(connection)
            sent = [(row, self._send(row)) for row in outbox.claim(self.clock.at, EVERYTHING)]
            settled = [
                Settled(row=row, state="sent", at=self.clock.at, message_id=told.message if told else None)
                for row, told in sent
            ]
            outbox.settle(settled)
            after_sending(self.home.letters, connection, settled)
        return sent

    def _send(self, row: Claimed) -> Told | None:
        method, params = (
            self.home.letters.render(row.notice)
            if row.notice
            else (row.method, msgspec.json.decode(row.params))
        )
        if row.chat_id is None or not method.startswith("send"):
            return None
        if method in RECORDINGS:
            return self.phones.show(row.chat_id, shown_recording(method, params["duration"]), ())
        known = method == "sendPhoto"  # a picture that Telegram has already is named by its file_id
        mark = shown_file(method, filename(row.files) if row.files else "") if row.files or known else ""
        return self.phones.show(row.chat_id, shown_text(params, mark), shown_buttons(params))

    def _deliver(self, update: Mapping[str, Any]) -> None:
        arrival = self._read(update)
        if arrival is None:
            return
        with self.home.engine.begin() as connection:
            if arrival.spoiled:
                self.home.turner.quarantine(connection, arrival, "unreadable", self.clock.at)
            else:
                self.home.turner.process(connection, [arrival], self.clock.at)

    def _read(self, update: Mapping[str, Any]) -> Arrival | None:
        try:
            return read_arrival(update, SOURCE, self.clock.at)
        except Malformed:
            return unreadable(update, SOURCE, self.clock.at)

    def _do_errands(self) -> None:
        """Send people their data, and say things aloud. Files are not fetched, but their flaws come to light."""
        while self._do_lot():
            pass

    def _do_lot(self) -> int:
        with self.home.engine.begin() as connection:
            errands = Errands(connection)
            lot = errands.claim(self.clock.at, LOT)
            for errand in lot:
                self._do(connection, errand)
                errands.finish(errand.id, self.clock.at)
        return len(lot)

    def _do(self, connection: Connection, errand: Errand) -> None:
        if errand.kind == EXPORT_DATA:
            export(self.home, connection, errand, self.clock.at)
        elif errand.kind == FETCH_MEDIA and (flaw := flaw_of(errand.params["file_id"])):
            lose(self.home.turner, connection, errand, flaw, self.clock.at)
        elif errand.kind == FORGET:
            numbers = deletable(connection, errand, self.clock.at)
            delete(connection, errand, numbers, self.clock.at)
        elif errand.kind == MAKE_CARD:
            card = compose(self.home, connection, errand, USERNAME, self.clock.at)
            made = make(self.home, card) if card is not None else None
            deliver(self.home, connection, errand, made, self.clock.at)
        elif errand.kind == SPEAK and self.home.speaking.begin(connection, errand, self.clock.at):
            note = self.home.speaking.make(errand)
            self.home.speaking.deliver(connection, errand, note, self.clock.at)
        else:
            self._make(connection, errand)

    def _make(self, connection: Connection, errand: Errand) -> None:
        """Files, figures, counts, recipients."""
        if errand.kind == DRAW_FIGURES:
            drawn = figures.make(self.home, connection, errand, self.clock.at)
            figures.deliver(self.home, connection, errand, drawn, self.clock.at)
        elif errand.kind == MAKE_FILE:
            made_file = export_files.make(self.home, connection, errand, self.clock.at)
            export_files.deliver(self.home, connection, errand, made_file, self.clock.at)
        elif errand.kind == COUNT:
            counted = broadcast_count.count(self.home, connection, errand)
            broadcast_count.keep(connection, counted, self.clock.at)
        elif errand.kind in broadcasting.KINDS:
            recounted = broadcasting.recount(self.home, connection, errand)
            broadcasting.work(self.home, connection, errand, self.clock.at, recounted)
        elif errand.kind in meeting_files.KINDS:
            meeting_files.make(self.home, connection, errand, self.clock.at)


def moments(start: datetime, end: datetime) -> Iterator[datetime]:
    """When it is looked what has fallen due while time passes: after two quiet seconds, and at the end."""
    if start + QUIET < end:
        yield start + QUIET
    yield end


def shown_text(params: Mapping[str, Any], file: str = "") -> str:
    """The text of a message as it is written into a dialogue: after its file, before the keys below the chat."""
    text = str(params.get("text") or params.get("caption") or "")
    keys = shown_keys(params.get("reply_markup", {}).get("keyboard", []))
    return "\n".join(filter(None, [file, text, keys]))


def shown_file(method: str, name: str) -> str:
    """A picture or document, by the call that sends it, as it is written into a dialogue."""
    return "(foto)" if method == "sendPhoto" else f"(dokumen {name})"


def shown_recording(method: str, seconds: int) -> str:
    """A voice note or video, by the call that sends it, as it is written into a dialogue."""
    return f"({RECORDINGS[method]} {seconds} detik)"


def flaw_of(file_id: str) -> Reason | None:
    """What is wrong with a file that somebody sent in a rehearsal (bot.phones)."""
    flaw = file_id.partition("-")[0]
    return next((reason for reason in get_args(Reason) if reason == flaw), None)


def shown_keys(rows: Iterable[Iterable[Mapping[str, Any]]]) -> str:
    """The keys that stand below the chat from now on."""
    labels = [key["text"] for row in rows for key in row]
    return f"(tombol tetap: {', '.join(labels)})" if labels else ""


def shown_buttons(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The buttons under a message: label and payload."""
    rows = params.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple((button["text"], button["callback_data"]) for row in rows for button in row)


def filename(files: str) -> str:
    """The name of the file that an outbox row sends."""
    return ", ".join(part["filename"] for part in msgspec.json.decode(files).values())


def command(home: Home, line: str) -> str:
    """What the program answers to a command of the staff: `decide NUMBER --stage …`, `invite --role …`.

    Read by the command line's own parser, done by the command's own body.
    """
    verbs = typer.main.get_command(app)
    name = next((known for known in REHEARSED if f"{line} ".startswith(f"{known} ")), "")
    if not name:
        return f"Only {' and '.join(REHEARSED)} can be rehearsed."
    verb: Any = verbs
    for word in name.split():
        verb = verb.commands[word]
    try:
        given = verb.make_context(name, shlex.split(line[len(name) :])).params
        with told():
            return REHEARSED[name](home, given)
    except (TyperException, ValueError) as wrong:
        return str(wrong)
    except Refusal as refusal:
        return " ".join(refusal.sentences)


def _decide(home: Home, given: Mapping[str, Any]) -> str:
    return rule(home, Decision(**given))


def _invite(home: Home, given: Mapping[str, Any]) -> str:
    """Without its QR code, which is for phones. A rehearsal is nobody's real service: its links may be guessed."""
    shared = {name: given[name] for name in ("role", "forum", "days", "note")}
    wish = Wish(regions=tuple(given["region"]), agencies=tuple(given["agency"] or ()), png=None, **shared)
    desk = _desk(home)
    seed = f"{desk.now.timestamp()} {wish}{''.join(wish.agencies)}"
    return "\n".join(issue(desk, wish, USERNAME, Random(seed)))  # noqa: S311 - see above


def _revoke(home: Home, given: Mapping[str, Any]) -> str:
    return end(_desk(home), given["number"], invitation=given["invitation"])


def _staff(home: Home, given: Mapping[str, Any]) -> str:
    del given  # it has no options
    return listed(_desk(home), STAFF, NO_STAFF)


def _desk(home: Home) -> Desk:
    return Desk(home.engine, home.furnished, home.clock.now())


def _import_meetings(home: Home, given: Mapping[str, Any]) -> str:
    with home.engine.begin() as connection:
        scene = Scene(connection, Staff("suara", "bappeda"), home.clock.now(), home.furnished.rules)
        return summary(call(scene, given["file"]))


def _import_sipd(home: Home, given: Mapping[str, Any]) -> str:
    return import_sipd(home, given["file"], applying=given["apply"])


REHEARSED: Final[Mapping[str, Callable[[Home, Mapping[str, Any]], str]]] = {
    "decide": _decide,
    "invite": _invite,
    "import meetings": _import_meetings,
    "import sipd": _import_sipd,
    "revoke": _revoke,
    "staff": _staff,
}
"""Commands that can be given without Telegram and without a terminal."""
