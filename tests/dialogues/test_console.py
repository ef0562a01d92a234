"""`suara chat`: the same conversation in the console, its record a dialogue, and a clean end."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.console import NOT_THERE, NOT_UNDERSTOOD, WELCOME, Conversation, Keyboard, converse
from bot.refusal import Refusal
from bot.rehearsal import Rehearsal, StoppedClock
from bot.script import Act, Answer, Moment, inputs, read_script
from tests.databases import NOON
from tests.dialogues.conftest import MakeHome, settings_of
from tests.dialogues.player import play
from tests.dialogues.rehearsed import RehearsedStage

CONSENT = ("/start", "1", "ya", "tidak usah")
Talk = Callable[..., str]


@dataclass(frozen=True)
class Somebody(Keyboard):
    """A person at a terminal who writes these lines; `hasty` ones come within two seconds of the last."""

    source: io.StringIO
    hasty: tuple[str, ...] = ()
    shown: list[str] = field(default_factory=list)

    @property
    def person(self) -> bool:
        """Somebody sits there."""
        return True

    def line(self) -> str | None:
        """The next line."""
        return line.rstrip("\n") if (line := self.source.readline()) else None

    def goes_on(self, span: timedelta) -> bool:
        """Whether the next line comes soon."""
        assert span == timedelta(seconds=2)
        place = self.source.tell()
        soon = self.source.readline().rstrip("\n") in self.hasty
        self.source.seek(place)
        return soon


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Talk:
    """Converse through a pipe; what is shown."""

    def talking(*lines: str, save: Path | None = None, region: str = "18.07") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        converse(settings_of(tmp_path, region), save)
        return capsys.readouterr().out

    return talking


def test_a_pipe_is_answered_to_its_end(talk: Talk) -> None:
    """Two quiet seconds pass at once, and the conversation ends with the input."""
    said = talk(*CONSENT, "jalan rusak", "", "[Sudah, lanjut]")
    assert "“jalan rusak”" in said
    assert said.rstrip().endswith("[Pilih dari daftar]")
    assert WELCOME not in said


async def test_the_record_is_a_dialogue_that_plays_alike(
    talk: Talk, tmp_path: Path, make_home: MakeHome, sqlite_house: Engine
) -> None:
    """What --save writes can be played again, with the same outcome."""
    record = tmp_path / "percakapan.txt"
    talk(*CONSENT, "jalan rusak", "(suara 5 detik)", "1", "+ 1 jam", "Sukadana", save=record)
    script = read_script(record.read_text(encoding="utf-8"))
    zone = settings_of(tmp_path, "18.07").zone
    clock = StoppedClock(next(entry.at for entry in script if isinstance(entry, Moment)).replace(tzinfo=zone))
    stage = RehearsedStage(Rehearsal(make_home(sqlite_house, clock), clock, times=2))
    assert await play([script], stage, zone) == script
    assert [act.what for act in inputs(script) if isinstance(act, Act)][-1] == "Sukadana"


def test_what_a_person_writes_in_haste_is_one_answer(make_home: MakeHome, sqlite_house: Engine) -> None:
    """Only after two quiet seconds is an answer in several messages confirmed, with their count."""
    clock, screen = StoppedClock(NOON), io.StringIO()
    somebody = Somebody(
        io.StringIO("\n".join((*CONSENT, "jalan rusak", "jembatan putus"))), ("jembatan putus",)
    )
    Conversation(Rehearsal(make_home(sqlite_house, clock), clock), somebody, screen).run()
    said = screen.getvalue()
    assert said.startswith(WELCOME)
    assert "Kami terima 1 pesan" not in said
    assert "Kami terima 2 pesan" in said


def test_what_is_not_on_the_screen_is_told(talk: Talk) -> None:
    """A button that nobody sees, and a form that nobody knows, stop nothing."""
    said = talk("/start", "[Tidak ada]", "(mengubah) a => b", "+ sebentar", "bantuan")
    assert said.count(NOT_THERE) == 2
    assert NOT_UNDERSTOOD in said
    assert said.index(NOT_UNDERSTOOD) < said.index("0725-000-000")


def test_staff_decides_in_the_same_console(talk: Talk) -> None:
    """A command of the staff is answered like by the program, whatever is wrong with it."""
    said = talk(
        "Petugas: decide 482-913-8 --stage checked --decision forwarded",
        "Petugas: decide 482-913-8",
        "Petugas: decide 'x",
        "Petugas: erase everything",
    )
    told = [entry.text for entry in read_script(said) if isinstance(entry, Answer)]
    assert [text.partition(":")[0].partition(" ")[0] for text in told] == ["There", "Missing", "No", "Only"]


def test_ctrl_c_leaves_and_keeps_the_record(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make_home: MakeHome
) -> None:
    """The record is written however the conversation ends."""

    class Interrupted(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
            if line := super().readline():
                return line
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted("/start\n"))
    converse(settings_of(tmp_path, "18.07"), tmp_path / "percakapan.txt")
    assert "Warga: /start" in (tmp_path / "percakapan.txt").read_text(encoding="utf-8")


def test_no_file_is_overwritten(talk: Talk, tmp_path: Path) -> None:
    """A record that is there stays, and the person is told before the first word."""
    (tmp_path / "ada.txt").write_text("lama", encoding="utf-8")
    with pytest.raises(Refusal, match=r"ada\.txt is there already"):
        talk("/start", save=tmp_path / "ada.txt")
    assert (tmp_path / "ada.txt").read_text(encoding="utf-8") == "lama"


def test_a_place_that_cannot_be_written_is_named(talk: Talk, tmp_path: Path) -> None:
    """One sentence that names the thing."""
    with pytest.raises(Refusal, match="cannot be written"):
        talk("/start", save=tmp_path / "tidak" / "ada.txt")


def test_a_kabupaten_that_is_not_shipped_is_named(talk: Talk) -> None:
    """The console has only the regions that Suara ships."""
    with pytest.raises(Refusal, match=r"REGION 18\.71 is not among"):
        talk("/start", region="18.71")
