"""Changing keys: afterwards everything reads without the old one, whatever the bot did meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.types import TypeDecorator

from storage import columns, rotation
from storage.actor import Resident
from storage.columns import KEYRING, BadKeys, Unreadable, keyring
from storage.dossier import compile_dossier
from storage.export_tables import FileExportRecord
from storage.ledger import CHAT, ChatRow, Ledger, table
from storage.media import MediaStore
from storage.residents import RESIDENT, set_name
from storage.rotation import ENCRYPTED, Keys, Progress, Rotated, Rotation, column_name, encrypted_columns
from storage.ticket import Secrets
from tests.databases import KEY
from tests.storage.relayed import mandate, unclaimed
from tests.storage.test_erasure import CANARY, live
from tests.storage.world import BUDI, NOW, RULES, SITI, World

NEW = Fernet.generate_key().decode()
BOTH = [NEW, KEY]


@contextmanager
def under(engine: Engine, keys: list[str]) -> Iterator[None]:
    """The database as a process with these keys opens it."""
    before = getattr(engine.dialect, KEYRING)
    setattr(engine.dialect, KEYRING, keyring(keys))
    try:
        yield
    finally:
        setattr(engine.dialect, KEYRING, before)


def folder(tmp_path: Path, keys: list[str]) -> MediaStore:
    return MediaStore(tmp_path / "media", Keys.of(keys).ring)


def rotate(world: World, store: MediaStore, told: list[Progress] | None = None) -> Rotated:
    tell = (told if told is not None else []).append
    return Rotation(world.engine, store, Keys.of(BOTH), Secrets(BOTH), tell).run()


def lived(world: World, tmp_path: Path) -> str:
    """A life with a trace in every table, a sealed chat and files, under the old key; returns the ticket."""
    number = live(world, folder(tmp_path, [KEY]))
    with world.begin() as connection:
        state = json.dumps({"id": BUDI, "batch": {"items": [CANARY]}})
        Ledger(connection).load_chats([BUDI], NOW)
        Ledger(connection).save_chats([ChatRow(id=BUDI, state=state, seen_at=NOW, personal=True)])
        taken = {"at": NOW, "kind": "xlsx", "identified": True, "reason": "untuk survei"}
        connection.execute(insert(table(FileExportRecord)).values(**taken))
    return number


def test_every_type_that_encrypts_is_rotated() -> None:
    types = {
        kind
        for kind in vars(columns).values()
        if isinstance(kind, type)
        and issubclass(kind, TypeDecorator)
        and kind not in {TypeDecorator, columns.Utc}
    }
    assert types == set(ENCRYPTED)


def test_names_contacts_needs_written_words_and_chats_are_among_what_is_encrypted() -> None:
    wanted = {
        "resident.name",
        "resident.groups",
        "access.needs",
        "access.other",
        "relay.name",
        "relay.contact",
        "relay.groups",
        "relay.needs",
        "relay.witnessed",
        "report.answer",
        "transcript.words",
        "mandate.label",
        "invitation.note",
        "notice.params",
        "inbox.content",
        "chat.state",
    }
    assert wanted <= {column_name(column) for column in encrypted_columns()}


def test_after_a_rotation_the_old_key_is_needed_for_nothing(world: World, tmp_path: Path) -> None:
    lived(world, tmp_path)
    done = rotate(world, folder(tmp_path, BOTH))
    assert done.unreadable == 0
    by_place = {place.place: place.anew for place in done.places}
    assert {place for place, anew in by_place.items() if anew == 0} == set()
    with under(world.engine, [NEW]):
        with world.begin() as connection:
            dossier = compile_dossier(connection, Resident(SITI), RULES)
            state = Ledger(connection).load_chats([BUDI], NOW)[BUDI]
        assert dossier.tables["resident"][0]["name"] == f"{CANARY} Siti"
        assert dossier.tables["transcript"][0]["words"] == f"{CANARY} ditulis"
        assert CANARY in state
        store = folder(tmp_path, [NEW])
        assert all(CANARY.encode() in b"".join(store.read(sha256)) for sha256 in dossier.files)
    with pytest.raises(Unreadable):
        world.rows(RESIDENT)


def test_a_second_rotation_finds_nothing_to_do(world: World, tmp_path: Path) -> None:
    lived(world, tmp_path)
    first, second = (rotate(world, folder(tmp_path, BOTH)) for _ in range(2))
    assert [place.anew for place in second.places] == [0] * len(second.places)
    assert [place.before for place in second.places] == [place.anew for place in first.places]


def test_an_interrupted_rotation_goes_on_where_it_stopped(world: World, tmp_path: Path) -> None:
    lived(world, tmp_path)

    def cut(progress: Progress) -> None:
        if progress.place == "notice.params":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Rotation(world.engine, folder(tmp_path, BOTH), Keys.of(BOTH), Secrets(BOTH), cut).run()
    done = rotate(world, folder(tmp_path, BOTH))
    assert any(place.before for place in done.places)
    with under(world.engine, [NEW]):
        assert world.rows(RESIDENT)[0]["name"] == f"{CANARY} Siti"


def test_many_values_go_in_lots_and_each_is_told(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.rotation.LOT", 2)
    for chat in range(5):
        world.consent(chat + 1)
        with world.begin() as connection:
            set_name(connection, Resident(chat + 1), "Siti", "1")
    told: list[Progress] = []
    rotate(world, folder(tmp_path, BOTH), told)
    assert [step.anew for step in told if step.place == "resident.name"] == [2, 4, 5]


def test_what_the_bot_writes_meanwhile_is_left_to_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading a token and writing its successor somebody chooses another name."""
    world.consent(SITI)
    with world.begin() as connection:
        set_name(connection, Resident(SITI), "old name", "1")
    newer = Keys.of(BOTH).first.encrypt(b"new name").decode()
    read = rotation._Place.read

    def meanwhile(place: rotation._Place, connection: Connection, last: Any) -> Any:
        rows = read(place, connection, last)
        connection.execute(text("UPDATE resident SET name = :new"), {"new": newer})
        return rows

    monkeypatch.setattr(rotation._Place, "read", meanwhile)
    rotate(world, folder(tmp_path, BOTH))
    with under(world.engine, [NEW]):
        assert world.rows(RESIDENT)[0]["name"] == "new name"


def test_what_no_key_opens_is_counted_and_left(world: World, tmp_path: Path) -> None:
    foreign = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
    world.open_chat(SITI)
    with world.begin() as connection:
        connection.execute(text("UPDATE chat SET state = :state"), {"state": foreign})
    assert rotate(world, folder(tmp_path, BOTH)).unreadable == 1
    with world.begin() as connection:
        assert connection.execute(text("SELECT state FROM chat")).scalar_one() == foreign


def test_plain_chats_stay_plain(world: World, tmp_path: Path) -> None:
    world.open_chat(SITI, '{"id": 1}')
    rotate(world, folder(tmp_path, BOTH))
    assert world.rows(CHAT)[0]["state"] == '{"id": 1}'


def test_codes_that_die_with_the_old_key_are_counted(world: World, tmp_path: Path) -> None:
    """A recovery code and a claim code of before; those given out since are under the new key."""
    world.submit(SITI)
    unclaimed(world, mandate(world, BUDI), BUDI, CANARY)
    assert rotate(world, folder(tmp_path, BOTH)).codes == 3
    with world.begin() as connection:
        reissued = Secrets(BOTH).digest("4829137", "12345678901")
        connection.execute(text("UPDATE relay SET claim_digest = :digest"), {"digest": reissued})
    assert rotate(world, folder(tmp_path, BOTH)).codes == 2


def test_a_file_erased_meanwhile_does_not_come_back(world: World, tmp_path: Path) -> None:
    live(world, folder(tmp_path, [KEY]))

    class Slow(MediaStore):
        def reseal(self, sha256: str, newest: Fernet) -> bool:
            done = super().reseal(sha256, newest)
            with world.begin() as connection:
                connection.execute(text("UPDATE media SET sha256 = ''"))
            return done

    rotate(world, Slow(tmp_path / "media", Keys.of(BOTH).ring))
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_without_a_key_there_is_nothing_to_rotate_to() -> None:
    with pytest.raises(BadKeys):
        Keys.of([])
