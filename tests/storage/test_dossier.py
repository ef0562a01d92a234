"""All that is stored about a person, and nothing about anybody else: no table and no column is forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conversations.chat import Part
from storage.actor import Actor, RefusalError, Resident, System
from storage.dossier import Dossier, compile_dossier, labels
from storage.media import MediaStore
from storage.notices import Message, tell
from storage.tables import Record
from storage.traces import IMPERSONAL
from tests.storage.relayed import mandate, unclaimed
from tests.storage.test_erasure import CANARY, live
from tests.storage.world import ANI, BAPPEDA, BUDI, NOW, RING, RULES, SITI, World

WORDS = {"field.road": "Jalan", "visibility.private": "Rahasia"}
TABLES = {table.name: table for table in Record.metadata.sorted_tables}


def dossier(world: World, actor: Actor) -> Dossier:
    with world.begin() as connection:
        return compile_dossier(connection, actor, RULES)


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media", RING)


def test_every_table_is_in_the_dossier_or_has_a_reason_not_to_be() -> None:
    assert set(labels()["tables"]) | set(IMPERSONAL) == set(TABLES)
    assert set(labels()["tables"]) & set(IMPERSONAL) == set()


def test_every_column_has_a_label_or_is_left_out_on_purpose() -> None:
    columns = {column.name for name in labels()["tables"] for column in TABLES[name].c}
    known = {name for kind in ("labels", "hidden", "secret") for name in labels()[kind]}
    assert columns - known == set()
    assert known - columns == {"unsent"}
    shown, hidden, secret = (set(labels()[kind]) for kind in ("labels", "hidden", "secret"))
    assert shown & hidden == shown & secret == hidden & secret == set()


def test_it_holds_every_row_of_the_person(world: World, store: MediaStore) -> None:
    live(world, store)
    found = dossier(world, Resident(SITI))
    counts = {name: world.count(TABLES[name]) for name in labels()["tables"]}
    assert counts.pop("inbox") == 4
    assert {name: len(rows) for name, rows in found.tables.items() if name != "inbox"} == counts
    assert len(found.tables["inbox"]) == 4
    assert len(found.files) == 6


def test_it_holds_nothing_of_anybody_else(world: World, store: MediaStore) -> None:
    live(world, store)
    live(world, store, BUDI, "MERPATI")
    found = dossier(world, Resident(SITI))
    assert "MERPATI" not in found.as_json() + found.as_text(RULES, WORDS)
    assert str(BUDI) not in found.as_json()


def test_of_letters_about_others_it_says_only_what_kind_they_were_and_when(world: World) -> None:
    """Who protects or speaks for people is told their words and names; these are no data of theirs."""
    world.mandate(BUDI, "18.07.01", role="safeguard")
    world.submit(SITI, parts=(Part(kind="text", message=1, text=f"saya dipukul {CANARY}"),))
    number = unclaimed(world, mandate(world, BUDI, "kader"), ANI, CANARY)
    world.decide(number, "checked", "forwarded", urgent=True)
    about = {"transcript": 1, "ticket": number, "words": CANARY, "name": CANARY}
    with world.begin() as connection:
        tell(connection, Message(chat_id=BUDI, key="transcript.relayed", params=about), NOW)
        tell(connection, Message(chat_id=BUDI, key="report.overdue", params={"people": [about]}), NOW)
    found = dossier(world, Resident(BUDI))
    kinds = ["alert.raised", "report.changed", "transcript.relayed", "report.overdue"]
    assert [row["key"] for row in found.tables["notice"]] == kinds
    assert all(set(row) == {"key", "due_at"} for row in found.tables["notice"])
    assert CANARY not in found.as_json() + found.as_text(RULES, WORDS)


def test_the_own_words_that_one_was_asked_about_are_in_it(world: World) -> None:
    own = world.aspiration(world.submit(SITI).ticket)["id"]
    words = {"words": CANARY}
    asked = Message(chat_id=SITI, key="transcript.offered", params=words, aspiration_id=own)
    with world.begin() as connection:
        tell(connection, asked, NOW)
    assert CANARY in dossier(world, Resident(SITI)).as_json()


def test_the_json_has_the_words_and_no_secret(world: World, store: MediaStore) -> None:
    number = live(world, store)
    digest = world.aspiration(number)["recovery_digest"]
    read = json.loads(dossier(world, Resident(SITI)).as_json())
    assert read["resident"][0]["name"] == f"{CANARY} Siti"
    assert read["aspiration_part"][0]["text"] == f"{CANARY} rusak"
    assert read["aspiration"][0]["ticket"] == number
    assert CANARY in json.dumps(read["inbox"])
    assert read["access"][0]["needs"] == [CANARY]
    assert read["transcript"][0]["words"] == f"{CANARY} ditulis"
    assert digest not in json.dumps(read)
    assert "meja-1" not in json.dumps(read)


def test_the_text_is_readable_indonesian(world: World, store: MediaStore) -> None:
    number = live(world, store)
    text = dossier(world, Resident(SITI)).as_text(RULES, WORDS)
    for line in (
        "Tentang Anda",
        f"Nama: {CANARY} Siti",
        "Ingin kabar tentang usulan: ya",
        f"Nomor usulan: {number}",
        "Desa: Sukadana, Sukadana",
        "Bidang: Jalan",
        "Siapa yang boleh melihat: Rahasia",
        "Tahap: Diperiksa petugas desa",
        "Keputusan: Diteruskan",
        "Dikirim pada: Selasa, 10 Februari 2026 pukul 10.00",
        f"Isi: {CANARY} rusak",
        f"Yang sudah Anda tulis dan belum dikirim: {CANARY} draf",
        "Oleh: petugas",
    ):
        assert line in text.splitlines(), text
    assert "None" not in text
    assert "recovery" not in text


def test_of_a_stranger_there_is_nothing(world: World) -> None:
    found = dossier(world, Resident(SITI))
    assert found.as_text(RULES, {}) == "\n"
    assert json.loads(found.as_json()) == {name: [] for name in labels()["tables"]}


@pytest.mark.parametrize("actor", [BAPPEDA, System("clock")])
def test_nobody_reads_the_dossier_of_another(world: World, actor: Actor) -> None:
    with pytest.raises(RefusalError):
        dossier(world, actor)


def test_of_those_told_together_a_facilitator_s_dossier_names_nobody(world: World) -> None:
    """A letter about an aspiration that is not theirs, whatever kind it is of."""
    number = unclaimed(world, mandate(world, BUDI, "kader"), ANI, CANARY)
    about = {"ticket": number, "name": CANARY}
    merged = Message(
        chat_id=BUDI,
        key="likeness.told.merged",
        params=about,
        aspiration_id=world.aspiration(number)["id"],
    )
    with world.begin() as connection:
        tell(connection, merged, NOW)
    found = dossier(world, Resident(BUDI))
    assert [set(row) for row in found.tables["notice"]] == [{"key", "due_at"}]
    assert CANARY not in found.as_json() + found.as_text(RULES, WORDS)
