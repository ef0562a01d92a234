"""The form of dialogues: what is read is written back alike, and what has no form is refused by its line."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.gestures import (
    Adds,
    Edits,
    Forges,
    Forwards,
    Garbles,
    Gesture,
    Leaves,
    Locates,
    Presses,
    Puzzles,
    Repeats,
    Replies,
    Sends,
    Shares,
    Writes,
    read_gesture,
)
from bot.script import (
    Act,
    Answer,
    BadScript,
    Entry,
    Moment,
    Pass,
    Remark,
    folded,
    heading,
    inputs,
    read_script,
    write_script,
)
from tests.dialogues import files
from tests.dialogues.files import FOLDER

SCRIPT = """\
# Dua orang, satu grup.
@ 2026-01-12 09:00

Wati: /start
Bot: Halo.

     Ketik angka:
     1. Ya
     [Ya] [Tidak, terima kasih]
Bot ke Dedi: Ada kabar.
Wati di Grup RT 5: Halo
     semuanya
Bot: Hanya obrolan pribadi.
Petugas: decide 339-563-1 --stage checked
Bot ke Petugas: Missing parameter: decision
+ 15 menit
Bot 12 kali: Tunggu sebentar.
"""
ENTRIES: list[Entry] = [
    Remark("# Dua orang, satu grup."),
    Moment(datetime(2026, 1, 12, 9)),  # noqa: DTZ001 - local to the region
    Remark(""),
    Act("Wati", "/start"),
    Answer("Wati", "Halo.\n\nKetik angka:\n1. Ya", ("Ya", "Tidak, terima kasih")),
    Answer("Dedi", "Ada kabar."),
    Act("Wati", "Halo\nsemuanya", "Grup RT 5"),
    Answer("Grup RT 5", "Hanya obrolan pribadi."),
    Act("Petugas", "decide 339-563-1 --stage checked"),
    Answer("Petugas", "Missing parameter: decision"),
    Pass(timedelta(minutes=15), "+ 15 menit"),
    Answer("Grup RT 5", "Tunggu sebentar.", times=12),
]


def test_a_dialogue_is_read_entry_by_entry() -> None:
    assert read_script(SCRIPT) == ENTRIES


def test_what_was_read_is_written_alike() -> None:
    assert write_script(ENTRIES) == SCRIPT


@pytest.mark.parametrize("name", files.NAMES)
def test_every_file_is_in_the_form_that_rewriting_gives_it(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert write_script(read_script(text)) == text


def test_rewriting_keeps_what_people_do() -> None:
    """Outputs are rewritten, inputs never."""
    played = [
        *inputs(ENTRIES)[:4],
        Answer("Wati", "Sesuatu yang baru", ("Baru",)),
        *inputs(ENTRIES)[4:],
    ]
    assert inputs(read_script(write_script(played))) == inputs(ENTRIES)


def test_every_file_is_played_and_every_name_has_a_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(files.NAMES)


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        files.story("tidak-ada")


def test_a_dialogue_goes_on_from_others() -> None:
    before, between, last = files.story("tarik-kembali")
    assert [before, between] == [files.read("perkenalan-dan-izin"), files.read("usulan-dengan-tulisan")]
    assert last == files.read("tarik-kembali")


def test_a_stale_output_is_told_line_by_line() -> None:
    played = [
        Answer("Wati", "Apa ini?") if isinstance(entry, Answer) else entry for entry in files.read("grup")
    ]
    changes = files.difference("grup", played)
    assert "+Bot ke Wati: Apa ini?" in changes.splitlines()
    assert files.difference("grup", files.read("grup")) == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("halo semua", "neither"),
        ("@ besok", "not a time"),
        ("+ sebentar", "not a span"),
        ("+ 2 abad", "not a span"),
    ],
)
def test_a_line_without_a_form_is_refused_by_its_number(line: str, told: str) -> None:
    with pytest.raises(BadScript, match=f"line 2: {told}"):
        read_script(f"# Awal\n{line}\n")


def test_repetitions_are_counted() -> None:
    once, other = Answer("Wati", "Ya"), Answer("Dedi", "Ya")
    assert folded([once, once, other, once]) == [Answer("Wati", "Ya", times=2), other, once]


def test_a_heading_names_a_setting() -> None:
    script = read_script("# Kampung.\n# kabupaten: 18.02\n@ 2026-01-12 09:00\n")
    assert (heading(script, "kabupaten", "18.07"), heading(script, "bahasa", "id")) == ("18.02", "id")


@pytest.mark.parametrize(
    ("what", "gesture"),
    [
        ("jalan rusak", Writes("jalan rusak")),
        ("(41 kali) tes", Writes("tes", 41)),
        ("[Ya, kirim]", Presses("Ya, kirim")),
        ("[Ya] lama", Presses("Ya", "oldest")),
        ("[Ya] lagi", Presses("Ya", "same")),
        ("(suara 42 detik)", Sends("voice", seconds=42)),
        ("(suara)", Sends("voice")),
        ("(audio 3 detik)", Sends("audio", seconds=3)),
        ("(video bulat 40 detik)", Sends("video_note", seconds=40)),
        (
            "(video 9 detik 25 MB) Jalan",
            Sends("video", seconds=9, size=25 * 1024 * 1024, caption="Jalan"),
        ),
        ("(foto album A) Jembatan", Sends("photo", album="A", caption="Jembatan")),
        ("(lokasi -5.1 105.5)", Locates(-5.1, 105.5)),
        ("(mengubah) lama => baru", Edits("lama", "baru")),
        ("(membalas: Ada kabar) Masih rusak", Replies("Masih rusak", "Ada kabar")),
        ("(meneruskan) Kabar", Forwards("Kabar")),
        ("(meneruskan suara 9 detik)", Forwards(sent=Sends("voice", seconds=9), name=None)),
        (
            "(meneruskan suara 9 detik dari Bu Siti)",
            Forwards(sent=Sends("voice", seconds=9), origin="user", name="Bu Siti"),
        ),
        (
            "(meneruskan lagi video bulat 9 detik dari Bu Siti, tersembunyi)",
            Forwards(sent=Sends("video_note", seconds=9), name="Bu Siti", again=True),
        ),
        (
            "(meneruskan foto dari grup RT 3) Jalan",
            Forwards(sent=Sends("photo", caption="Jalan"), origin="chat", name="RT 3"),
        ),
        (
            "(meneruskan audio 5 detik dari saluran Kabar Desa)",
            Forwards(sent=Sends("audio", seconds=5), origin="channel", name="Kabar Desa"),
        ),
        ("(kontak sendiri)", Shares(own=True)),
        ("(kontak orang lain)", Shares(own=False)),
        ("(menekan palsu erase:yes:0)", Forges("erase:yes:0")),
        ("(stiker)", Puzzles("sticker")),
        ("(polling)", Puzzles("poll")),
        ("(dokumen)", Puzzles("document")),
        ("(memblokir bot)", Leaves(blocked=True)),
        ("(membuka blokir)", Leaves(blocked=False)),
        ("(menambahkan bot)", Adds()),
        ("(pesan rusak)", Garbles()),
        ("(pesan yang sama datang lagi)", Repeats()),
        ("(entah apa)", Writes("(entah apa)")),
    ],
)
def test_a_line_says_what_somebody_does(what: str, gesture: Gesture) -> None:
    assert read_gesture(what) == gesture
