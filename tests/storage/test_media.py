"""Originals: byte for byte, safe before their name is committed, gone when nobody uses them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from conversations.chat import Media
from storage.media import MEDIA, Kept, MediaStore, forget_unused, mark_kept, mark_lost, named, remember
from tests.storage.world import BUDI, NOW, RING, SITI, World, voice

VOICE = bytes(number * 7 % 251 for number in range(150_000))
NAME = hashlib.sha256(VOICE).hexdigest()


def pieces(content: bytes) -> Iterator[bytes]:
    return (content[at : at + 1000] for at in range(0, len(content), 1000))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media", RING)


def file(unique_id: str = "v1", file_id: str = "fetch-v1") -> Media:
    return Media(file_id=file_id, unique_id=unique_id, seconds=5, bytes=900, mime="audio/ogg")


def test_a_file_is_kept_byte_for_byte_under_the_name_of_its_contents(
    store: MediaStore, tmp_path: Path
) -> None:
    assert store.keep(pieces(VOICE)) == Kept(NAME, len(VOICE))
    assert store.path(NAME) == tmp_path / "media" / NAME[:2] / NAME[2:]
    assert b"".join(store.read(NAME)) == VOICE
    assert files(tmp_path) == [store.path(NAME)]


def test_the_same_contents_are_kept_once(store: MediaStore, tmp_path: Path) -> None:
    assert store.keep([VOICE]) == store.keep(pieces(VOICE))
    assert len(files(tmp_path)) == 1


def test_file_and_folder_are_on_disk_before_the_name_is_told(
    store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
    )
    store.keep([VOICE])
    place = store.path(NAME)
    assert "/.incoming/" in synced[0]
    assert synced[1:] == [str(place.parent), str(place.parent.parent)]


def test_a_file_that_breaks_off_leaves_nothing(store: MediaStore, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.keep(broken())
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["", "ab", "../../etc/passwd", NAME.upper(), NAME[:-1] + "/"])
def test_no_path_is_made_of_what_is_no_digest(store: MediaStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(name)


def test_discarding_removes_the_file_and_its_empty_folder(store: MediaStore, tmp_path: Path) -> None:
    store.keep([VOICE])
    store.discard([NAME, hashlib.sha256(b"never kept").hexdigest()])
    assert files(tmp_path) == []
    assert not store.path(NAME).parent.exists()


def test_the_sweep_spares_what_a_row_names_and_what_is_young(store: MediaStore, tmp_path: Path) -> None:
    names = {name: store.keep([name.encode()]).sha256 for name in ("named", "orphan", "young")}
    half = tmp_path / "media" / ".incoming" / "half"
    half.write_bytes(b"half")
    for path in (store.path(names["named"]), store.path(names["orphan"]), half):
        os.utime(path, (1000, 1000))
    assert store.sweep(lambda _: {names["named"]}, before=2000) == 2
    assert set(files(tmp_path)) == {store.path(names["named"]), store.path(names["young"])}


def test_the_sweep_of_a_folder_that_is_not_there_is_no_fault(store: MediaStore) -> None:
    assert store.sweep(lambda _: set(), before=2000) == 0


def test_a_file_seen_again_keeps_its_row_and_renews_its_handle(world: World) -> None:
    with world.begin() as connection:
        first = remember(connection, file(), "voice", NOW)
        assert remember(connection, file(file_id="newer"), "voice", NOW) == first
    (row,) = world.rows(MEDIA)
    assert (row["file_id"], row["state"], row["seconds"], row["mime"]) == ("newer", "waiting", 5, "audio/ogg")


def test_what_became_of_a_file_is_in_its_row(world: World) -> None:
    with world.begin() as connection:
        remember(connection, file(), "voice", NOW)
        assert mark_kept(connection, "erased", Kept(NAME, 150_000)) is False
        assert mark_kept(connection, "v1", Kept(NAME, 150_000)) is True
        assert mark_kept(connection, "erased", Kept(NAME, 150_000)) is True  # another row needs the file
        remember(connection, file("v2"), "voice", NOW)
        mark_lost(connection, "v2")
        assert named(connection, [NAME, "0" * 64]) == {NAME}
        assert named(connection, []) == set()
    assert [(row["state"], row["bytes"]) for row in world.rows(MEDIA)] == [("kept", 150_000), ("lost", 900)]


def test_a_file_that_nobody_uses_is_forgotten_and_a_used_one_is_not(world: World) -> None:
    world.open_chat(SITI, '{"draft":{"parts":[{"media":{"file_id":"x","unique_id":"drafted"}}]}}')
    world.submit(SITI, parts=(voice("sent"),))
    with world.begin() as connection:
        for unique_id, digit in (("drafted", "1"), ("unused", "2")):
            remember(connection, file(unique_id), "voice", NOW)
            mark_kept(connection, unique_id, Kept(digit * 64, 1))
        assert forget_unused(connection) == {"2" * 64}
    assert [row["unique_id"] for row in world.rows(MEDIA)] == ["sent", "drafted"]


@pytest.mark.parametrize("part", ["draft", "held"])
def test_a_file_in_a_draft_or_in_held_words_survives_with_its_chats_time(world: World, part: str) -> None:
    """A state without either time has neither: it is not even read (at each run of the hour, all states were)."""
    world.open_chat(SITI, json.dumps({part: {"parts": [{"media": {"unique_id": "kept"}}]}}))
    world.open_chat(BUDI, json.dumps({"picked": [{"unique_id": "gone"}]}))
    with world.begin() as connection:
        for unique_id in ("kept", "gone"):
            remember(connection, file(unique_id), "voice", NOW)
        forget_unused(connection)
    assert [row["unique_id"] for row in world.rows(MEDIA)] == ["kept"]


def test_a_file_that_another_row_names_stays_on_disk(world: World) -> None:
    world.submit(SITI, parts=(voice("sent"),))
    with world.begin() as connection:
        remember(connection, file("copy"), "voice", NOW)
        mark_kept(connection, "sent", Kept(NAME, 1))
        mark_kept(connection, "copy", Kept(NAME, 1))
        assert forget_unused(connection) == set()
    assert [row["unique_id"] for row in world.rows(MEDIA)] == ["sent"]


def test_rows_that_are_young_can_be_spared(world: World) -> None:
    with world.begin() as connection:
        remember(connection, file(), "voice", NOW)
        forget_unused(connection, before=NOW - timedelta(hours=1))
    assert world.count(MEDIA) == 1
