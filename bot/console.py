"""`suara chat`: the conversation in the console, with no network, no token, and a database that is gone afterwards.

What is typed has the forms of a dialogue line (bot.script, bot.gestures): text, [a button], (suara 42 detik),
+ 1 hari, Petugas: decide … . The clock stands still while somebody thinks: two seconds pass with each line.
"""

from __future__ import annotations

import select
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom
from typing import Final, TextIO

from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.app import assemble
from bot.clock import SystemClock
from bot.commands.faults import open_database, told
from bot.gestures import read_gesture
from bot.phones import NoSuchMessage, Phones, Spot, Told
from bot.refusal import Refusal
from bot.rehearsal import QUIET, Rehearsal, StoppedClock, command
from bot.script import (
    STAFF,
    Act,
    Answer,
    BadScript,
    Entry,
    Moment,
    Pass,
    Remark,
    read_script,
    shown,
    write_script,
)
from bot.settings import Settings
from storage.region_file import import_regions
from storage.regions import load_regions
from storage.schema import migrate

WHO: Final = "Warga"
PERSON: Final = Spot(7_000_000_001)
WELCOME: Final = """\
Percakapan tanpa Telegram. Yang Anda tulis hilang setelah keluar.
Tulis pesan, atau salah satu dari ini:
[Nama tombol]         menekan tombol
(suara 42 detik)      mengirim rekaman, juga (foto) dan (video bulat 20 detik)
+ 1 hari              waktu berlalu
Petugas: decide …     perintah petugas
Keluar: Ctrl-D.
"""
UNKNOWN_REGION: Final = (
    "REGION {region} is not among the regions that Suara ships: `suara chat` knows 18.07, 18.02 and 52.03."
)
NOT_THERE: Final = "(Itu tidak ada di layar.)"
NOT_UNDERSTOOD: Final = "(Bentuknya belum kami kenal. Contoh: + 15 menit.)"
LONGEST_SILENCE: Final = timedelta(minutes=1)
"""Time that passed unheard is written into the dialogue at least so often, for the flood guard counts it."""


def converse(settings: Settings, save: Path | None) -> None:
    """Converse until the person leaves; `save` gets the conversation as a dialogue. Raises Refusal."""
    if save is not None and save.exists():
        raise Refusal(f"{save} is there already: give --save the name of a new file.")
    with told(), tempfile.TemporaryDirectory() as folder, _rehearsal(settings, Path(folder)) as rehearsal:
        conversation = Conversation(rehearsal, Keyboard(sys.stdin), sys.stdout, _opening(rehearsal))
        conversation.run()
    if save is not None:
        _save(conversation.entries, save)


@contextmanager
def _rehearsal(settings: Settings, folder: Path) -> Iterator[Rehearsal]:
    """A home of its own: a new database and a new key, the settings' region, people and texts."""
    own: dict[str, object] = {
        "database_url": SecretStr(f"sqlite:///{folder / 'suara.sqlite'}"),
        "media_dir": folder / "media",
        "data_keys": (SecretStr(Fernet.generate_key().decode("ascii")),),
    }
    settings = settings.model_copy(update=own)
    clock = StoppedClock(SystemClock().now().replace(second=0, microsecond=0))
    engine = open_database(settings)
    try:
        migrate(engine, folder, clock.at)
        with engine.begin() as connection:
            import_regions(connection)
            if not len(load_regions(connection, settings.region)):
                raise Refusal(UNKNOWN_REGION.format(region=settings.region))
        home = assemble(settings, engine, clock, SystemRandom())
        yield Rehearsal(home, clock, phones=Phones(settings.locale.partition("@")[0]))
    finally:
        engine.dispose()


def _opening(rehearsal: Rehearsal) -> list[Entry]:
    settings = rehearsal.home.settings
    at = rehearsal.clock.at.astimezone(settings.zone)
    return [
        Remark("# Percakapan di konsol (suara chat)."),
        Remark(f"# kabupaten: {settings.region}"),
        Moment(at.replace(tzinfo=None)),
        Remark(""),
    ]


def _save(entries: list[Entry], path: Path) -> None:
    try:
        path.write_text(write_script(entries), encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{path} cannot be written ({error.strerror}): choose another place.") from None


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Where lines come from: a person at a terminal, or a pipe."""

    source: TextIO

    @property
    def person(self) -> bool:
        """Whether somebody sits there."""
        return self.source.isatty()

    def line(self) -> str | None:
        """The next line without its end; None when the person leaves or the pipe ends."""
        if not self.person:
            return line.rstrip("\n") if (line := self.source.readline()) else None
        try:
            return input(f"{WHO}: ")
        except EOFError:
            return None

    def goes_on(self, span: timedelta) -> bool:
        """Whether a person writes another line within this time; a pipe is not waited for."""
        return self.person and bool(select.select([self.source], [], [], span.total_seconds())[0])


@dataclass(slots=True)
class Conversation:
    """One person's conversation, and its record as a dialogue."""

    rehearsal: Rehearsal
    keyboard: Keyboard
    screen: TextIO
    entries: list[Entry] = field(default_factory=list)
    _unsaid: timedelta = timedelta()

    def run(self) -> None:
        """Until there are no more lines."""
        if self.keyboard.person:
            self._say(WELCOME)
        with suppress(KeyboardInterrupt):
            while (line := self.keyboard.line()) is not None:
                if line.strip():
                    self._hear(line.strip())
        self._say("")

    def _hear(self, line: str) -> None:
        try:
            match read_script(line if _is_special(line) else f"{WHO}: {line}"):
                case [Pass() as span]:
                    self._pass(span)
                case [Act(who, _) as act] if who == STAFF:
                    self._command(act)
                case [Act() as act]:
                    self._act(act)
        except NoSuchMessage:
            self._say(NOT_THERE)
        except BadScript:
            self._say(NOT_UNDERSTOOD)

    def _act(self, act: Act) -> None:
        heard = self.rehearsal.act(PERSON, read_gesture(act.what))
        self.entries.append(act)
        self._show(_answers(heard))
        if heard or not self.keyboard.goes_on(QUIET):
            self._quiet()

    def _quiet(self) -> None:
        """Two quiet seconds."""
        heard = self.rehearsal.wait(self._now() + QUIET)
        self._unsaid += QUIET
        if heard or self._unsaid >= LONGEST_SILENCE:
            self._tell_time()
        self._show(_answers(heard))

    def _pass(self, span: Pass) -> None:
        self._tell_time()
        self.entries.append(span)
        self._show(_answers(self.rehearsal.wait(self._now() + span.span)))

    def _command(self, act: Act) -> None:
        self._tell_time()
        self.entries.append(act)
        self._show([Answer(STAFF, command(self.rehearsal.home, act.what))])

    def _tell_time(self) -> None:
        """Write down the seconds that have passed unheard."""
        if self._unsaid:
            seconds = self._unsaid // timedelta(seconds=1)
            self.entries.append(Pass(self._unsaid, f"+ {seconds} detik"))
            self._unsaid = timedelta()

    def _now(self) -> datetime:
        return self.rehearsal.clock.at

    def _show(self, answers: list[Answer]) -> None:
        self.entries += answers
        for answer in answers:
            self._say(shown(answer, WHO) + "\n")

    def _say(self, text: str) -> None:
        self.screen.write(text + "\n")
        self.screen.flush()


def _is_special(line: str) -> bool:
    """Whether a line passes time or is a command of the staff; all others are what the person does."""
    return line.startswith(("+ ", f"{STAFF}: "))


def _answers(told: list[Told]) -> list[Answer]:
    return [Answer(WHO, one.text, tuple(label for label, _ in one.buttons)) for one in told]
