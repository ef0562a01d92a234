"""The voice behind the text: who gets one, in which order, when it is dropped, and what is remembered of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import delete, select, update

from bot.app import Home
from bot.chats import read_chat, write_chat
from bot.clips import Clips
from bot.media_catalogue import MediaCatalogue
from bot.rehearsal import StoppedClock
from bot.speaker import Speaker, Voice
from bot.speaking import after_sending
from bot.transport import Transport
from bot.turn import Arrival
from bot.utterance import Utterance
from bot.worker import Worker
from conversations.chat import Chat, Mode
from conversations.events import Typed
from conversations.spoken import Piece
from storage.ledger import CHAT, ERRAND, OUTBOX, Ledger
from storage.outbox import Claimed, Notice, Outbox, Room, Settled, Settlement
from storage.spoken import SPEAK, SPOKEN
from storage.tables import NOTICE
from tests.databases import NOON
from tests.speech.tones import MuteVoice, ToneVoice

SITI = 7_000_000_001
LISTENING = Mode(spoken=True)
ALL = Room(slots=99, paced=99, bulk=99)


@pytest.fixture
def voiced(home: Home) -> Home:
    """The bot with a voice that hums."""
    return with_voice(home, ToneVoice())


def with_voice(home: Home, voice: Voice | None) -> Home:
    speaker = Speaker(home.furnished.texts, MediaCatalogue(), voice)
    return replace(home, speaking=replace(home.speaking, speaker=speaker, bot="1"))


def say(home: Home, *texts: str, mode: Mode = LISTENING, at: datetime = NOON) -> None:
    """Siti writes, in a chat of this mode."""
    cast("StoppedClock", home.clock).at = at
    with home.engine.begin() as connection:
        ledger = Ledger(connection)
        state = ledger.load_chats([SITI], at)[SITI]
        chat = replace(read_chat(state, Chat(id=SITI)), mode=mode)
        connection.execute(update(CHAT).where(CHAT.c.id == SITI).values(state=write_chat(chat)))
    arrivals = [Arrival(("test", f"{at}:{text}"), SITI, "private", Typed(at=at, text=text)) for text in texts]
    with home.engine.begin() as connection:
        home.turner.process(connection, arrivals, at)


async def work(home: Home) -> None:
    """What a worker does."""
    worker = Worker(home, cast("Transport", None), lambda: None)
    while await worker.work():
        pass


def send(home: Home, file_id: str = "", state: Settlement = "sent") -> Sequence[Claimed]:
    """Everything is sent, or settled otherwise; Telegram gives voice notes this file_id."""
    sent: list[Claimed] = []
    while True:
        with home.engine.begin() as connection:
            rows = Outbox(connection).claim(home.clock.now(), ALL)
            settled = [
                Settled(row=row, state=state, at=NOON, file_id=file_id if row.files else "") for row in rows
            ]
            Outbox(connection).settle(settled)
            after_sending(home.letters, connection, settled)
        if not rows:
            return sent
        sent += rows


def errands(home: Home) -> list[Any]:
    with home.engine.begin() as connection:
        return list(connection.execute(select(ERRAND).where(ERRAND.c.kind == SPEAK)))


def remembered(home: Home) -> list[Any]:
    with home.engine.begin() as connection:
        return list(connection.execute(select(SPOKEN)))


def methods(rows: Sequence[Claimed]) -> list[str]:
    return [row.method for row in rows]


def test_nobody_is_spoken_to_unasked(voiced: Home) -> None:
    """A screen reader speaks already, and data costs money."""
    say(voiced, "menu", mode=Mode())
    assert errands(voiced) == []


async def test_the_voice_comes_behind_its_text(voiced: Home) -> None:
    """In the same lane, with its length and its file."""
    say(voiced, "menu")
    await work(voiced)
    rows = send(voiced)
    assert methods(rows) == ["sendMessage", "sendVoice"]
    assert json.loads(rows[1].params)["duration"] > 1
    assert rows[1].lane == rows[0].lane
    assert voiced.outgoing.read(rows[1].files or "")["voice"].content.startswith(b"OggS")


async def test_what_was_said_is_not_kept_in_the_errand(voiced: Home) -> None:
    """It may hold what somebody wrote."""
    say(voiced, "menu")
    await work(voiced)
    assert [(row.state, row.params) for row in errands(voiced)] == [("done", {})]


async def test_what_telegram_has_is_sent_by_its_name(voiced: Home) -> None:
    """Made and uploaded once for this bot; then only its file_id goes out, and another bot makes its own."""
    for turn in range(2):
        say(voiced, "menu", at=NOON + timedelta(seconds=turn))
        await work(voiced)
        rows = send(voiced, "voice-1")
    params = json.loads(rows[-1].params)
    assert rows[-1].files is None
    assert params["voice"] == "voice-1"
    assert [row.seconds for row in remembered(voiced)] == [params["duration"]]
    other = replace(voiced, speaking=replace(voiced.speaking, bot="2"))
    say(other, "menu", at=NOON + timedelta(seconds=3))
    await work(other)
    assert send(other)[-1].files is not None


async def test_what_telegram_has_forgotten_is_made_anew(voiced: Home) -> None:
    """A file_id that is refused is not sent again and again."""
    say(voiced, "menu")
    await work(voiced)
    send(voiced, "voice-1")
    say(voiced, "menu", at=NOON + timedelta(seconds=1))
    await work(voiced)
    rows = send(voiced, state="refused")
    assert (rows[-1].files, remembered(voiced)) == (None, [])
    say(voiced, "menu", at=NOON + timedelta(seconds=2))
    await work(voiced)
    assert send(voiced)[-1].files is not None


async def test_what_somebody_said_is_made_anew_each_time(voiced: Home) -> None:
    """Somebody's own words leave no trace, not even a digest."""
    own = Utterance((Piece(name="summary", text="Usulan Siti: jalan rusak.", ours=False),), "id")
    with voiced.engine.begin() as connection:
        Ledger(connection).load_chats([SITI], NOON)
        Ledger(connection).add_errands([own.errand(SITI, NOON)], NOON)
    await work(voiced)
    assert methods(send(voiced, "voice-1")) == ["sendVoice"]
    assert remembered(voiced) == []


async def test_an_old_question_is_not_spoken_after_a_new_one(voiced: Home) -> None:
    """The person went on before the worker came to it."""
    say(voiced, "menu")
    say(voiced, "bantuan", at=NOON + timedelta(seconds=2))
    await work(voiced)
    assert methods(send(voiced)) == ["sendMessage", "sendMessage", "sendVoice"]
    assert [row.state for row in errands(voiced)] == ["done", "done"]


async def test_nor_when_the_person_goes_on_while_it_is_made(voiced: Home) -> None:
    """Looked at again before it is sent."""

    class Interrupted(ToneVoice):
        def speak(self, text: str) -> bytes:
            say(voiced, "menu", mode=Mode(), at=NOON + timedelta(seconds=1))
            return super().speak(text)

    say(voiced, "menu")
    await work(with_voice(voiced, Interrupted()))
    assert methods(send(voiced)) == ["sendMessage", "sendMessage"]


@pytest.mark.parametrize("voice", [None, MuteVoice()])
async def test_without_a_voice_there_is_the_text(home: Home, voice: Voice | None) -> None:
    """The errand is done, and nobody is told of anything."""
    silent = with_voice(home, voice)
    say(silent, "menu")
    await work(silent)
    assert methods(send(silent)) == ["sendMessage"]
    assert [row.state for row in errands(silent)] == ["done"]


async def test_nothing_is_said_to_somebody_who_was_erased_meanwhile(voiced: Home) -> None:
    """Neither a call nor a file is left."""

    class Erased(ToneVoice):
        def speak(self, text: str) -> bytes:
            with voiced.engine.begin() as connection:
                connection.execute(delete(ERRAND))
                connection.execute(delete(OUTBOX))
                connection.execute(delete(CHAT))
            return super().speak(text)

    say(voiced, "menu")
    await work(with_voice(voiced, Erased()))
    assert send(voiced) == []
    outgoing = voiced.settings.media_dir / ".outgoing"
    assert not outgoing.exists() or not list(outgoing.iterdir())


def notice(home: Home, mode: Mode) -> Notice:
    params = {
        "ticket": "4829138",
        "old_stage": "received",
        "old_decision": "waiting",
        "new_stage": "checked",
        "new_decision": "waiting",
        "reason": "",
        "old_reason": "",
        "office": "",
        "note": "",
        "answer_by": "",
        "advice": home.furnished.rules.lifecycle.advice("waiting", ""),
    }
    state = write_chat(Chat(id=SITI, mode=mode))
    return Notice(
        id=1, key="notice.changed", params=params, aspiration_id=1, event_id=1, chat_id=SITI, chat=state
    )


def sent_notice(home: Home, mode: Mode) -> Settled:
    row = Claimed(
        id=1, chat_id=SITI, lane=NOTICE, method="", params="", files=None,
        notice=notice(home, mode), attempts=1, doubtful=False, at=NOON,
    )  # fmt: skip
    return Settled(row=row, state="sent", at=NOON)


@pytest.mark.parametrize(
    ("mode", "spoken"), [(LISTENING, 1), (Mode(), 0), (Mode(spoken=True, discreet=True), 0)]
)
def test_a_notice_is_said_once_it_was_sent(voiced: Home, mode: Mode, spoken: int) -> None:
    """To who listens, and never aloud where others may hear it."""
    with voiced.engine.begin() as connection:
        after_sending(voiced.letters, connection, [sent_notice(voiced, mode)])
    assert len(errands(voiced)) == spoken


def test_a_notice_that_cannot_be_said_is_settled_all_the_same(voiced: Home) -> None:
    """Its text went out; nothing behind it may keep the sender from writing that down."""
    sent = sent_notice(voiced, LISTENING)
    assert sent.row.notice is not None
    odd = replace(sent, row=replace(sent.row, notice=replace(sent.row.notice, key="nobody.plans.this")))
    with voiced.engine.begin() as connection:
        after_sending(voiced.letters, connection, [odd])
    assert errands(voiced) == []


async def test_a_notice_is_said_even_when_its_reader_went_on(voiced: Home) -> None:
    """It is the answer to nothing, and waits behind replies."""
    with voiced.engine.begin() as connection:
        after_sending(voiced.letters, connection, [sent_notice(voiced, LISTENING)])
    say(voiced, "menu", mode=Mode(), at=NOON + timedelta(minutes=1))
    await work(voiced)
    rows = send(voiced)
    assert [(row.method, row.lane) for row in rows][-1] == ("sendVoice", NOTICE)


def filmed(home: Home, tmp_path: Path) -> Home:
    """The same bot with a clip for the menu."""
    (tmp_path / "menu.mp4").write_bytes(b"film")
    clips = Clips({("id", "menu"): tmp_path / "menu.mp4"}, "1")
    return replace(home, turner=replace(home.turner, clips=clips))


def test_a_clip_goes_before_its_text(voiced: Home, tmp_path: Path) -> None:
    """Uploaded once, then sent by its file_id; whoever listens needs none."""
    home = filmed(voiced, tmp_path)
    say(home, "menu", mode=Mode())
    rows = send(home, "film-1")
    assert methods(rows) == ["sendVideo", "sendMessage"]
    assert json.loads(rows[0].files or "")["video"]["path"] == str(tmp_path / "menu.mp4")
    say(home, "menu", mode=Mode(), at=NOON + timedelta(seconds=1))
    first = send(home)[0]
    assert (first.files, json.loads(first.params)["video"]) == (None, "film-1")
    say(home, "menu", at=NOON + timedelta(seconds=2))
    assert methods(send(home)) == ["sendMessage"]


def test_a_clip_that_is_gone_is_not_missed(voiced: Home, tmp_path: Path) -> None:
    """Somebody took the file away while the bot ran."""
    home = filmed(voiced, tmp_path)
    (tmp_path / "menu.mp4").unlink()
    say(home, "menu", mode=Mode())
    assert methods(send(home)) == ["sendMessage"]
