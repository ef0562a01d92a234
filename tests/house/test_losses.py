"""A recording is listened to before it is kept: what cannot be heard is told kindly, and what came is kept as it came."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select, update

from bot.app import Home
from bot.recordings import Fault
from bot.transport import Refused, TooBig, Transport
from bot.worker import TRIES, Worker
from conversations import effects
from conversations.chat import Media
from storage.ledger import CHAT, ERRAND, INBOX, OUTBOX
from storage.media import MEDIA
from tests import recordings
from tests.databases import NOON

SITI = 7_000_000_001
SILENCE = "Suara belum terdengar"


@dataclass
class Shelf:
    """A transport from which one file can be fetched; `gone` is the error instead. Anything else raises."""

    data: bytes
    gone: Exception | None = None

    async def download(self, _file_id: str, path: Path, *, limit: int) -> None:
        """Write the file."""
        assert limit == 20 * 1024 * 1024
        if self.gone is not None:
            raise self.gone
        await asyncio.to_thread(path.write_bytes, self.data)


def asked(home: Home, kind: str = "voice", seconds: int = 3) -> None:
    """Somebody sent a recording, and its file is to be fetched."""
    with home.engine.begin() as connection:
        media = Media(file_id="f", unique_id="u", seconds=seconds)
        home.turner.world.perform(connection, SITI, effects.KeepMedia(media=media, kind=kind), NOON)


async def works(home: Home, shelf: Shelf) -> None:
    """The worker does what is due, once more than there is."""
    worker = Worker(home, cast("Transport", shelf), lambda: None)
    assert await worker.work() == 1
    assert await worker.work() == 0
    await home.database.close()


def row(home: Home, table: Any) -> Any:
    with home.engine.begin() as connection:
        return connection.execute(select(table)).one()


def told(home: Home) -> list[str]:
    """What lies in the outbox."""
    with home.engine.begin() as connection:
        return list(connection.scalars(select(OUTBOX.c.params).order_by(OUTBOX.c.id)))


@pytest.mark.parametrize("sound", ["tone", "silence"])
async def test_the_original_is_kept_byte_for_byte_also_when_nothing_is_heard(
    home: Home, sound: recordings.Sound
) -> None:
    data = recordings.voice_note(3, sound)
    asked(home)
    await works(home, Shelf(data))
    kept = row(home, MEDIA)
    assert (kept.state, kept.bytes) == ("kept", len(data))
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert b"".join(home.store.read(kept.sha256)) == data


@pytest.mark.parametrize(
    ("data", "seconds", "fault"),
    [
        (recordings.voice_note(3), 3, ""),
        (recordings.voice_note(3, "silence"), 3, "silent"),
        (recordings.voice_note(0.4), 1, "too_short"),
        (recordings.voice_note(303), 200, "too_long"),
        (b"ini bukan suara\n" * 40, 3, "unreadable"),
        (recordings.voice_note(10)[:9000], 10, "unreadable"),
    ],
    ids=["heard", "silent", "short", "long", "text", "cut off"],
)
async def test_what_is_wrong_with_a_recording_is_noted_and_told_once(
    home: Home, data: bytes, seconds: int, fault: Fault
) -> None:
    asked(home, seconds=seconds)
    await works(home, Shelf(data))
    assert row(home, MEDIA).fault == fault
    assert len(told(home)) == bool(fault)
    with home.engine.begin() as connection:
        keys = connection.execute(select(INBOX.c.source, INBOX.c.id)).all()
    assert [tuple(key) for key in keys] == [("errand", "1")] * bool(fault)


async def test_what_is_no_recording_is_not_kept(home: Home) -> None:
    asked(home)
    await works(home, Shelf(b"#!/bin/sh\nrm -rf /\n"))
    found = row(home, MEDIA)
    assert (found.state, found.sha256) == ("lost", "")
    assert list(home.settings.media_dir.glob("*/*")) == []
    assert row(home, ERRAND).state == "failed"


@pytest.mark.parametrize("kind", ["video", "video_note"])
async def test_sign_language_needs_no_sound(home: Home, kind: str) -> None:
    asked(home, kind)
    await works(home, Shelf(recordings.film(3)))
    assert (row(home, MEDIA).state, row(home, MEDIA).fault) == ("kept", "")
    assert told(home) == []


async def test_a_photo_is_not_listened_to(home: Home) -> None:
    asked(home, "photo", 0)
    await works(home, Shelf(b"\xff\xd8 a picture"))
    assert (row(home, MEDIA).state, row(home, MEDIA).fault) == ("kept", "")


@pytest.mark.parametrize(
    ("error", "fault"), [(Refused(400, "gone"), "gone"), (TooBig(400, "big"), "too_big")]
)
async def test_a_recording_that_the_server_no_longer_has_is_told_of(
    home: Home, error: Exception, fault: str
) -> None:
    asked(home)
    await works(home, Shelf(b"", error))
    assert (row(home, MEDIA).state, row(home, MEDIA).fault) == ("lost", fault)
    assert len(told(home)) == 1


async def test_a_file_that_every_worker_has_died_of_is_left_alone(home: Home) -> None:
    """A decoder that crashes takes its process along: the lease runs out, and the next one would die of it for ever."""
    asked(home)
    with home.engine.begin() as connection:
        connection.execute(update(ERRAND).values(attempts=TRIES))
    await works(home, Shelf(b"", AssertionError("it was fetched once more")))
    assert (row(home, ERRAND).state, row(home, ERRAND).error) == ("failed", "fatal")
    assert (row(home, MEDIA).fault, len(told(home))) == ("unreadable", 1)


async def test_the_sender_of_a_silent_recording_is_told_what_to_do(home: Home) -> None:
    asked(home)
    await works(home, Shelf(recordings.voice_note(3, "silence")))
    (words,) = told(home)
    assert SILENCE in words
    assert row(home, CHAT).id == SITI
