"""Recordings of people: which there may be, which are current, and what is never played."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.commands.recordings import details, summary
from bot.media_catalogue import (
    CLIP_KEYS,
    MANIFEST,
    SHIPPED,
    BadManifest,
    MediaCatalogue,
    Slot,
    open_catalogue,
    read_shelf,
    write_marks,
)
from tests.conversations.literal_facts import real_texts

TEXTS = real_texts()
MENU = TEXTS.catalogues.template("menu", "id").forms[0]


def stale(slots: Iterable[Slot]) -> list[str]:
    return [slot.name for slot in slots if slot.state in {"stale", "unmarked"}]


def put(folder: Path, name: str, text: str | None) -> None:
    """A file, with the digest of a text in the manifest if one is given."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sound")
    if text is not None:
        with (folder / MANIFEST).open("a", encoding="utf-8") as manifest:
            manifest.write(f'"{name}" = "{hashlib.sha256(text.encode()).hexdigest()}"\n')


def test_what_suara_ships_is_current() -> None:
    """The check of `make check`: a text that changes makes its shipped recording stale. Today there is none at all."""
    slots = list(open_catalogue(SHIPPED).slots(TEXTS))
    assert stale(slots) == []
    assert not [slot for slot in slots if slot.state == "recorded"]


def test_a_changed_text_makes_its_recording_stale(tmp_path: Path) -> None:
    """The check fires, and the recording is not played."""
    put(tmp_path, "id/menu.ogg", "What the menu said last year.")
    catalogue = open_catalogue(tmp_path)
    assert stale(catalogue.slots(TEXTS)) == ["id/menu.ogg"]
    assert catalogue.recording("id", "menu", MENU) is None


def test_a_recording_of_this_text_is_played(tmp_path: Path) -> None:
    """By locale, key and the text itself."""
    put(tmp_path, "id/menu.mp3", MENU)
    catalogue = open_catalogue(tmp_path)
    assert catalogue.recording("id", "menu", MENU) == tmp_path / "id/menu.mp3"
    assert catalogue.recording("id@mudah", "menu", MENU) is None
    assert stale(catalogue.slots(TEXTS)) == []


def test_a_file_that_nobody_marked_is_not_played(tmp_path: Path) -> None:
    """Nobody knows which words of which day it says."""
    put(tmp_path, "id/menu.ogg", None)
    catalogue = open_catalogue(tmp_path)
    assert catalogue.recording("id", "menu", MENU) is None
    assert stale(catalogue.slots(TEXTS)) == ["id/menu.ogg"]


def test_the_operators_folder_goes_first(tmp_path: Path) -> None:
    """A kabupaten's own voice wins over what Suara ships; one of theirs that is stale gives way to it."""
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    put(shipped, "id/menu.ogg", MENU)
    catalogue = open_catalogue(own, shipped)
    assert catalogue.recording("id", "menu", MENU) == shipped / "id/menu.ogg"
    put(own, "id/menu.ogg", MENU)
    assert open_catalogue(own, shipped).recording("id", "menu", MENU) == own / "id/menu.ogg"
    (own / MANIFEST).unlink()
    put(own, "id/menu.ogg", "old words")
    assert open_catalogue(own, shipped).recording("id", "menu", MENU) == shipped / "id/menu.ogg"


def test_only_what_is_always_the_same_has_a_slot() -> None:
    """A question has one; what holds a name, a number or a date has none, nor what is never said."""
    slots = {slot.key for slot in MediaCatalogue().slots(TEXTS) if not slot.clip and slot.locale == "id"}
    assert {"menu", "consent.ask", "voice.choose.1", "voice.choose.9", "menu.new"} <= slots
    assert not {"receipt", "progress", "word.menu", "also.menu.new", "command.new", "time.morning"} & slots


def test_the_key_steps_have_slots_for_clips() -> None:
    """Arriving, consent, the need and the receipt, in every language; all of them empty."""
    slots = [slot for slot in open_catalogue(SHIPPED).slots(TEXTS) if slot.clip]
    assert {slot.key for slot in slots} == set(CLIP_KEYS)
    assert {slot.state for slot in slots} == {"missing"}
    assert open_catalogue(SHIPPED).clips(TEXTS) == {}


def test_a_clip_is_shown_while_its_text_stands(tmp_path: Path) -> None:
    """By the text with its blanks, since a receipt reads differently for everybody."""
    template = TEXTS.catalogues.template("receipt", "id").forms[0]
    put(tmp_path, "id/receipt.mp4", template)
    put(tmp_path, "id/arrival.hello.mp4", "another greeting")
    assert open_catalogue(tmp_path).clips(TEXTS) == {("id", "receipt"): tmp_path / "id/receipt.mp4"}


def test_marking_says_which_text_a_file_speaks(tmp_path: Path) -> None:
    """What was unmarked or stale is current then; what was current stays, and twice changes nothing."""
    put(tmp_path, "id/menu.ogg", "old words")
    put(tmp_path, "id@mudah/menu.ogg", None)
    for count in (2, 0):
        catalogue = open_catalogue(tmp_path)
        assert write_marks(catalogue.shelves[0], catalogue.slots(TEXTS)) == count
    assert stale(open_catalogue(tmp_path).slots(TEXTS)) == []


@pytest.mark.parametrize("content", ["id/menu = ", '"id/menu.ogg" = 3', "\ufffd\0"])
def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    """In one sentence, when the program starts."""
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(BadManifest, match=MANIFEST):
        read_shelf(tmp_path)


def test_the_list_says_what_there_is_and_what_wants_doing(tmp_path: Path) -> None:
    """For whoever stands before the microphone: the name of the file and the words to say."""
    put(tmp_path, "id/menu.ogg", "old words")
    slots = list(open_catalogue(tmp_path).slots(TEXTS))
    assert len(summary(slots)) == 2 * len(TEXTS.catalogues.locales)
    assert "1 stale" in summary(slots)[0]
    assert [line.split()[:2] for line in details(slots, missing=False)] == [["stale", "id/menu.ogg"]]
    assert any("id/consent.ask.ogg" in line for line in details(slots, missing=True))
