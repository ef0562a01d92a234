"""What an errand leaves: nothing for somebody erased meanwhile, and no file that has been sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import delete, select

from bot.app import Home
from bot.files import Outgoing, discard_files
from bot.transport import Refused, Transport, Upload
from bot.worker import Worker
from storage.errands import Errands
from storage.ledger import CHAT, ERRAND, OUTBOX, ErrandRow, Ledger
from storage.performer import EXPORT_DATA, FETCH_MEDIA
from tests.databases import KEY, NOON

SITI = 7_000_000_001


@pytest.mark.parametrize("kind", [EXPORT_DATA, FETCH_MEDIA])
async def test_an_errand_that_ends_after_its_person_was_erased_writes_nothing(home: Home, kind: str) -> None:
    with home.engine.begin() as connection:
        params = {"unique_id": "u", "file_id": "f"}
        Ledger(connection).add_errands([ErrandRow(kind=kind, due_at=NOON, params=params, chat_id=SITI)], NOON)
        (errand,) = Errands(connection).claim(NOON, 1)
        connection.execute(delete(ERRAND))
    worker = Worker(home, cast("Transport", None), lambda: None)
    if kind == FETCH_MEDIA:
        await worker._give_up(errand, Refused(400, "gone"))
    else:
        await worker._do(errand)
    await home.database.close()
    assert [rows(home, table) for table in (CHAT, OUTBOX)] == [[], []]


def rows(home: Home, table: Any) -> list[Any]:
    with home.engine.begin() as connection:
        return list(connection.execute(select(table)))


def test_a_file_to_be_sent_has_a_whole_path_and_goes_when_it_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kept original stays, whatever names it."""
    monkeypatch.chdir(tmp_path)
    outgoing = Outgoing(Path("media"), MultiFernet([Fernet(KEY)]))
    path = outgoing.put("all about Siti")
    assert b"Siti" not in path.read_bytes()
    kept = tmp_path / "kept"
    kept.write_text("a voice")
    assert path.is_absolute()
    sent = outgoing.read(json.dumps({"a": {"path": str(path), "filename": "a"}}))
    assert sent == {"a": Upload(b"all about Siti", "a")}
    files = json.dumps({"a": {"path": str(path), "filename": "a"}, "b": {"path": str(kept), "filename": "b"}})
    for _ in range(2):
        discard_files(files)
        assert (path.exists(), kept.exists()) == (False, True)
