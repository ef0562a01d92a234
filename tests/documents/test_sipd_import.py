"""What comes back from SIPD: the difference is shown, applied once, told once; faults are named row by row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bot.app import Home
from bot.export_files import compose
from bot.refusal import Refusal
from bot.sipd import import_sipd
from conversations.figure import Choice
from storage import exports, voices
from storage.audit import AUDIT
from storage.datafile import DataFileError
from storage.engine import reading
from storage.lifecycle import State, load_lifecycle
from storage.notices import NOTICES
from storage.sipd import load_sipd
from storage.sipd_file import read_sipd
from storage.submissions import ASPIRATION
from tests.databases import NOON
from tests.storage.world import SITI, World

SAVED = "Diterapkan: "
Returned = Callable[..., Path]


@pytest.fixture
def world(home: Home) -> World:
    """What people do in the database of the bot."""
    return World(home.engine)


@pytest.fixture
def returned(tmp_path: Path) -> Returned:
    """A CSV that comes back from SIPD: a number, a status, and what else a row has."""

    def save(*rows: tuple[str, ...], name: str = "sipd.csv") -> Path:
        path = tmp_path / name
        heads = ("Nomor Suara", "Status", "Alasan", "Kode Alasan")
        path.write_text("\n".join(";".join(row) for row in (heads, *rows)), encoding="utf-8-sig")
        return path

    return save


def faults(home: Home, file: Path) -> list[str]:
    """What is told of faulty rows, without the summary."""
    with pytest.raises(Refusal) as refusal:
        import_sipd(home, file, applying=False)
    return [said for said in refusal.value.sentences if said.startswith("Baris ")]


def state(world: World, ticket: str) -> tuple[str, str]:
    """Where an aspiration stands."""
    row = world.aspiration(ticket)
    return row["stage"], row["decision"]


def test_the_difference_is_shown_first_and_nothing_is_stored(
    home: Home, world: World, returned: Returned
) -> None:
    moved, same = world.submit(SITI).ticket, world.submit(SITI, 2).ticket
    file = returned((moved, "Diteruskan ke Forum SKPD"), (same, "pengajuan  usulan"))
    said = import_sipd(home, file, applying=False).splitlines()
    assert said[0] == "Belum ada yang disimpan: 1 berubah, 1 tetap, 0 belum cocok."
    assert said[1].endswith("Diterima: Menunggu -> Dibahas antardinas: Menunggu")
    assert state(world, moved) == ("received", "waiting")


def test_it_is_applied_once_and_told_once(home: Home, world: World, returned: Returned) -> None:
    ticket = world.submit(SITI).ticket
    file = returned((ticket, "Validasi Mitra Bappeda", "catatan dalam"))
    assert import_sipd(home, file, applying=True).startswith(f"{SAVED}1 berubah")
    assert state(world, ticket) == ("bappeda_check", "waiting")
    (notice,) = world.rows(NOTICES)
    assert "catatan dalam" not in str(notice["params"])
    assert [row["action"] for row in world.rows(AUDIT)] == ["import"]
    world.decide(ticket, "forum_pd", "waiting")
    assert "sudah diterapkan" in import_sipd(home, file, applying=True)
    assert state(world, ticket) == ("forum_pd", "waiting")
    file.write_text(file.read_text(encoding="utf-8-sig") + "\n", encoding="utf-8")
    assert "(mundur)" in import_sipd(home, file, applying=False)


def test_what_was_refused_there_is_refused_here_with_its_reason(
    home: Home, world: World, returned: Returned
) -> None:
    ticket = world.submit(SITI).ticket
    file = returned(
        (ticket, "Diteruskan ke Musrenbang Kecamatan||Ditolak", "Pagu tahun ini tidak cukup.", "")
    )
    assert import_sipd(home, file, applying=True).startswith(f"{SAVED}1 berubah")
    row = world.aspiration(ticket)
    assert (row["stage"], row["decision"], row["reason"]) == (
        *("musrenbang_kecamatan", "rejected", "budget_limited"),
    )
    (notice,) = world.rows(NOTICES)
    assert "Pagu tahun ini tidak cukup." in str(notice["params"])


FAULTS = (
    (("482-913-0", "Pengajuan Usulan"), "salah ketik"),
    (("abc", "Pengajuan Usulan"), "bukan nomor usulan"),
    (("0000000", "Pengajuan Usulan"), "tidak ditemukan"),
    (("", "Pengajuan Usulan"), "bukan nomor usulan"),
    (("own", ""), "'Status' kosong"),
    (("own", "Disetujui"), "belum kami kenal"),
    (("own", "Dibatalkan"), "perlu satu kalimat"),
    (("own", "Dibatalkan", "Karena begitu."), "'Kode Alasan'"),
    (("own", "Dibatalkan", "Karena begitu.", "salah"), "'Kode Alasan'"),
    (("own", "Dibatalkan", "x" * 1001, "duplicate"), "paling banyak 1000"),
    (("own", "=1+1"), "rumus"),
)
"""A row ("own" is the number of an aspiration), and what is said of it."""


def test_each_fault_of_a_row_is_named_in_indonesian(home: Home, world: World, returned: Returned) -> None:
    rows = []
    for serial, ((number, *more), _) in enumerate(FAULTS, 1):
        rows.append((world.submit(SITI, serial).ticket if number == "own" else number, *more))
    told = faults(home, returned(*rows))
    assert len(told) == len(FAULTS)
    for row, (said, (_, fault)) in enumerate(zip(told, FAULTS, strict=True), 2):
        assert said.startswith(f"Baris {row}: ")
        assert fault in said


def test_a_number_that_comes_twice_and_one_that_was_withdrawn_are_faults(
    home: Home, world: World, returned: Returned
) -> None:
    ticket, gone = world.submit(SITI).ticket, world.submit(SITI, 2).ticket
    with world.begin() as connection:
        withdrawn = ASPIRATION.update().where(ASPIRATION.c.ticket == gone)
        connection.execute(withdrawn.values(decision="withdrawn"))
    rows = [(ticket, "Pengajuan Usulan"), (ticket, "Dibatalkan"), (gone, "Validasi Mitra Bappeda")]
    twice, over = faults(home, returned(*rows))
    assert "sudah ada di baris 2" in twice
    assert "ditarik oleh warganya" in over


def test_a_voice_that_is_decided_with_another_follows_that_ones_row(
    home: Home, world: World, returned: Returned
) -> None:
    lead, voice = world.submit(SITI).ticket, world.submit(SITI, 2).ticket
    mine, leading = (world.aspiration(ticket)["id"] for ticket in (voice, lead))
    with world.begin() as connection:
        voices.join(connection, mine, leading, voices.JOINED, NOON)
    file = returned((voice, "Diteruskan ke Forum SKPD"), (lead, "Validasi Mitra Bappeda"))
    assert import_sipd(home, file, applying=True).startswith(f"{SAVED}1 berubah, 1 tetap")
    assert state(world, voice) == state(world, lead) == ("bappeda_check", "waiting")
    assert len(world.rows(NOTICES)) == 2


def test_the_other_rows_of_a_faulty_file_are_applied(home: Home, world: World, returned: Returned) -> None:
    ticket = world.submit(SITI).ticket
    file = returned(("abc", "Pengajuan Usulan"), (ticket, "Validasi Mitra Bappeda"))
    with pytest.raises(Refusal) as refusal:
        import_sipd(home, file, applying=True)
    assert refusal.value.sentences[0] == f"{SAVED}1 berubah, 0 tetap, 1 belum cocok."
    assert state(world, ticket) == ("bappeda_check", "waiting")


def test_what_was_exported_comes_back_as_it_was(home: Home, world: World, tmp_path: Path) -> None:
    world.decide(world.submit(SITI).ticket, "rkpd", "accommodated_partly")
    world.submit(SITI, 2)
    asked = exports.of_region("", Choice(file="sipd"))
    with reading(home.engine) as connection:
        content = compose(home, connection, asked, NOON).content
    path = tmp_path / "sipd.xlsx"
    path.write_bytes(content)
    assert (
        import_sipd(home, path, applying=False)
        == "Belum ada yang disimpan: 0 berubah, 2 tetap, 0 belum cocok."
    )


def test_a_list_with_a_title_above_its_headings_and_numbers_as_numbers_is_read(
    home: Home, world: World, tmp_path: Path
) -> None:
    ticket = world.submit(SITI).ticket
    book = Workbook()
    page: Any = book.active
    rows: list[list[Any]] = [["Daftar usulan"], [], ["No", "status_usul_teks", "Nomor Suara"]]
    for row in (*rows, [1, "Validasi Mitra Bappeda", int(ticket)]):
        page.append(row)
    path = tmp_path / "sipd.xlsx"
    book.save(path)
    assert "Baris 4: " in import_sipd(home, path, applying=False)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.csv", b"Nomor;Status\n1;2\n", "tidak berisi kolom 'nomor suara'"),
        ("a.csv", b"\x00\x01", "bukan CSV"),
        ("a.xlsx", b"Nomor Suara;Status\n", "bukan berkas .xlsx"),
        ("gone.csv", None, "tidak bisa dibaca"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(
    tmp_path: Path, name: str, content: bytes | None, fault: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataFileError, match=fault):
        read_sipd(path, load_sipd())


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Dananya belum ada.", "budget_limited"),
        ("Usulan GANDA: sudah diusulkan.", "duplicate"),
        ("Bahasa Arab di sekolah, perdana.", ""),
        ("", ""),
    ],
)
def test_a_sentence_points_to_a_reason_by_whole_beginnings_of_words(sentence: str, reason: str) -> None:
    assert load_sipd().reason(sentence) == reason


def test_every_state_has_a_status_that_means_it() -> None:
    lifecycle, sipd = load_lifecycle(), load_sipd()
    states = [
        State(name, decision) for name, stage in lifecycle.stages.items() for decision in stage.decisions
    ]
    for one in states:
        assert sipd.read(sipd.status(one, lifecycle), State("", ""), lifecycle) == one
    assert sipd.read("Dibatalkan", State("rkpd", "waiting"), lifecycle) == State("rkpd", "not_accommodated")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('stage = "forum_pd"', 'stage = "nowhere"', "does not have"),
        ('tapd = ["rkpd"', 'tapd = ["nowhere"', "does not exist"),
        ("duplicate = [", "nothing = [", "does not exist"),
        ("refused_later", "refused_latest", "unknown entry"),
    ],
)
def test_a_faulty_list_of_statuses_is_refused(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = Path("storage/data/sipd.toml").read_text(encoding="utf-8")
    path = tmp_path / "sipd.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError, match=fault):
        load_sipd(path)
