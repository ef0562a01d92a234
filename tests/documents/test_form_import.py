"""Typed forms: good rows become aspirations once, rows with a fault are told in Indonesian and leave nothing."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from bot.app import Home
from bot.form_orders import Importing
from bot.import_report import ImportReport
from bot.paper import bring_in
from bot.refusal import Refusal
from conversations.ticket import is_valid
from storage import relays
from storage.actor import RefusalError
from storage.history import HISTORY
from storage.mandates import MANDATE, RELAY
from storage.media import PART
from storage.submissions import ASPIRATION, AUDIENCE
from tests.databases import NOON
from tests.documents.conftest import Typist, typed


def bring(home: Home, mandate: int, file: Path, **more: Any) -> str:
    """Import a file, into a report beside it."""
    report = more.pop("report", file.with_name("hasil.xlsx"))
    return bring_in(home, Importing(file=file, mandate=mandate, report=report, **more))


def faults(home: Home, mandate: int, file: Path) -> list[str]:
    """What is told of the rows that were not imported."""
    with pytest.raises(Refusal) as refusal:
        bring(home, mandate, file)
    return list(refusal.value.sentences[1:])


def rows(home: Home, table: Any) -> list[dict[str, Any]]:
    with home.engine.connect() as connection:
        found = connection.execute(select(table)).mappings()
        return [{str(name): value for name, value in row.items()} for row in found]


def test_a_good_form_becomes_an_aspiration_of_the_person(home: Home, mandate: int, typist: Typist) -> None:
    said = bring(home, mandate, typist(typed()))
    assert said.startswith("1 formulir baru, 0 sudah masuk sebelumnya, 0 belum bisa masuk.")
    (aspiration,) = rows(home, ASPIRATION)
    assert (aspiration["chat_id"], aspiration["resident_id"]) == (None, None)
    assert (aspiration["region"], aspiration["field"]) == ("18.07.01.2002", "road")
    assert aspiration["visibility"] == "private"
    (relay,) = rows(home, RELAY)
    assert (relay["name"], relay["relation"], relay["maturity"]) == ("Ibu Marni", "family", "adult")
    assert (relay["told_by"], relay["contact"]) == ("phone", "0812 3456 7890")
    assert (relay["mandate_id"], relay["form_number"]) == (mandate, "01000015")
    assert relay["consent_form"] == "witnessed"
    assert relay["witnessed"] == "Formulir kertas 0100-0015, tanda tangan, 20-02-2026, saksi Pak Slamet"
    assert {row["grp"] for row in rows(home, AUDIENCE)} == {"children", "disability"}
    parts = {(part["role"], part["text"]) for part in rows(home, PART)}
    assert parts == {("need", "Jalan ke sekolah rusak"), ("summary", "Jalan ke sekolah rusak")}
    assert [(row["actor_kind"], row["verb"]) for row in rows(home, HISTORY)] == [("facilitator", "submitted")]


def test_importing_twice_changes_nothing_and_keeps_the_first_report(
    home: Home, mandate: int, typist: Typist, tmp_path: Path
) -> None:
    file = typist(typed(1), typed(2, need="Air bersih kurang"))
    bring(home, mandate, file)
    before = [rows(home, table) for table in (ASPIRATION, RELAY, PART, HISTORY)]
    again = bring(home, mandate, file, report=tmp_path / "lagi.xlsx")
    assert again == "0 formulir baru, 2 sudah masuk sebelumnya, 0 belum bisa masuk."
    assert [rows(home, table) for table in (ASPIRATION, RELAY, PART, HISTORY)] == before
    assert not (tmp_path / "lagi.xlsx").exists()
    assert (tmp_path / "hasil.xlsx").exists()


def test_a_report_is_never_written_over(home: Home, mandate: int, typist: Typist, tmp_path: Path) -> None:
    """It may hold the only copy of claim codes."""
    from bot.paper import import_forms  # noqa: PLC0415 - beside the rule it proves

    (tmp_path / "hasil.xlsx").write_text("codes")
    order = Importing(file=typist(typed()), mandate=mandate, report=tmp_path / "hasil.xlsx")
    with pytest.raises(Refusal, match="is there already"):
        import_forms(home.settings, order)
    assert (tmp_path / "hasil.xlsx").read_text() == "codes"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_report_hands_over_ticket_and_working_claim_code_to_nobody_else(
    home: Home, mandate: int, typist: Typist, tmp_path: Path, kind: str
) -> None:
    report = tmp_path / f"hasil.{kind}"
    bring(home, mandate, typist(typed(need="+1 jembatan")), report=report)
    assert report.stat().st_mode & 0o777 == 0o600
    number, ticket, code, summary, _ = _report(report)[1]
    assert number == "0100-0015"
    assert summary.removeprefix("'") == "+1 jembatan"
    (relay,) = rows(home, RELAY)
    digits = (ticket.replace("-", ""), code.replace("-", ""))
    assert all(map(is_valid, digits))
    assert home.furnished.rules.secrets.matches(*digits, relay["claim_digest"])


def _report(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        return list(csv.reader(StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=";"))
    page = load_workbook(path).worksheets[0]
    assert all(cell.data_type == "s" for line in page.iter_rows() for cell in line)
    return [[str(cell.value or "") for cell in line] for line in page.iter_rows()]


def test_a_bad_row_leaves_nothing_and_the_good_ones_come_in(home: Home, mandate: int, typist: Typist) -> None:
    file = typist(typed(1), typed(2, village="Pakuan Ajji"), typed(3, need="Jembatan putus"))
    assert faults(home, mandate, file) == [
        "Baris 3: desa 'Pakuan Ajji' tidak ditemukan. Maksudnya Pakuan Aji?"
    ]
    assert {row["form_number"] for row in rows(home, RELAY)} == {"01000015", "01000031"}


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "empty": ({"need": None}, "kolom 'Usulan' masih kosong."),
    "number": (
        {"number": "0100-0016"},
        "nomor formulir '0100-0016' belum cocok. Lihat lagi angkanya di kertas.",
    ),
    "choice": ({"relation": "Kelurga"}, "kolom 'Hubungan' berisi 'Kelurga'. Maksudnya Keluarga?"),
    "choice far": (
        {"consent": "xyz"},
        "kolom 'Setuju' berisi 'xyz'. Pilihannya: Tanda tangan, Cap jempol.",
    ),
    "several": ({"audience": "1 99"}, "kolom 'Untuk siapa' berisi '99'."),
    "guardian": (
        {"maturity": "Anak, wali setuju"},
        "kolom 'Nama wali' masih kosong. Anak perlu izin wali.",
    ),
    "forum": (
        {"maturity": "Anak, lewat Forum Anak"},
        "usulan lewat Forum Anak: kosongkan kolom 'Nama' dan 'Kontak'.",
    ),
    "phone": ({"contact": "nanti"}, "kolom 'Kontak' perlu nomor HP, misalnya 0812 3456 7890."),
    "organisation": (
        {"told_by": "Organisasi", "contact": None},
        "kolom 'Kontak' perlu nama organisasi.",
    ),
    "date": ({"date": "kemarin"}, "tanggal 'kemarin' belum cocok. Contoh: 10/2/2026."),
    "future": ({"date": "10/2/2027"}, "tanggal 10-02-2027 belum terjadi, atau terlalu lama."),
    "village": ({"village": "Atlantis"}, "desa 'Atlantis' tidak ditemukan."),
    "scope": (
        {"village": "Labuhan Maringgai, kec. Labuhan Maringgai"},
        "desa Labuhan Maringgai di luar wilayah mandat ini.",
    ),
    "formula": ({"need": "=1+1"}, "kolom 'Usulan' berisi rumus. Ketik isinya saja."),
    "long": ({"name": "x" * 81}, "kolom 'Nama' berisi 81 huruf, paling banyak 80."),
    "decimal": (
        {"audience": 1.4},
        "kolom 'Untuk siapa' berubah menjadi angka 1.4. Tulis nomor dengan spasi, misalnya: 1 4.",
    ),
    "turned into a date": (
        {"audience": datetime(2026, 4, 1)},  # noqa: DTZ001
        "kolom 'Untuk siapa' berubah menjadi tanggal atau jam. Ubah kolom menjadi teks, lalu ketik lagi.",
    ),
    "truth": ({"name": True}, "kolom 'Nama' berisi TRUE. Ketik isinya saja."),
}


@pytest.mark.parametrize("what", BAD)
def test_each_fault_is_told_with_its_row_and_nothing_is_stored(
    home: Home, mandate: int, typist: Typist, what: str
) -> None:
    changes, sentence = BAD[what]
    told = faults(home, mandate, typist(typed(**changes)))
    assert any(each.startswith(f"Baris 2: {sentence}") for each in told), told
    assert rows(home, ASPIRATION) == []


def test_all_faults_of_a_row_are_told_at_once(home: Home, mandate: int, typist: Typist) -> None:
    told = faults(home, mandate, typist(typed(village="Atlantis", witness=None, date="kapan")))
    assert len(told) == 3


def test_a_village_in_several_kecamatan_asks_for_the_kecamatan(
    home: Home, mandate: int, typist: Typist
) -> None:
    file = typist(typed(1, village="Mekar Jaya"), typed(2, village="Mekar Jaya", kecamatan="Jabung"))
    several, outside = faults(home, mandate, file)
    assert several.endswith("beberapa kecamatan: Bandar Sribhawono, Jabung. Isi kolom 'Kecamatan'.")
    assert outside == "Baris 3: desa Mekar Jaya di luar wilayah mandat ini."


def test_the_same_number_twice_in_a_file_takes_neither(home: Home, mandate: int, typist: Typist) -> None:
    told = faults(home, mandate, typist(typed(1), typed(1, need="Air bersih")))
    assert [each.split(":")[0] for each in told] == ["Baris 2", "Baris 3"]
    assert rows(home, ASPIRATION) == []


def test_a_twin_with_a_fault_of_its_own_is_a_twin_all_the_same(
    home: Home, mandate: int, typist: Typist
) -> None:
    told = faults(home, mandate, typist(typed(1), typed(1, need="")))
    twins = [each.split(":")[0] for each in told if "ada di beberapa baris" in each]
    assert twins == ["Baris 2", "Baris 3"]
    assert rows(home, ASPIRATION) == []


def test_a_number_used_for_other_words_is_told(
    home: Home, mandate: int, typist: Typist, tmp_path: Path
) -> None:
    """Otherwise the second person's words would be lost as "known"."""
    bring(home, mandate, typist(typed(1)))
    file = typist(typed(1, need="Air bersih kurang"), name="lain.xlsx")
    with pytest.raises(Refusal) as refusal:
        bring(home, mandate, file, report=tmp_path / "lagi.xlsx")
    assert refusal.value.sentences[1] == "Baris 2: nomor 0100-0015 sudah dipakai untuk usulan lain."


def test_a_dry_run_says_the_same_and_stores_nothing(
    home: Home, mandate: int, typist: Typist, tmp_path: Path
) -> None:
    said = bring(home, mandate, typist(typed(1), typed(2)), dry_run=True)
    assert said.startswith("Percobaan, tidak ada yang disimpan: 2 formulir baru")
    assert (rows(home, ASPIRATION), rows(home, RELAY)) == ([], [])
    assert not (tmp_path / "hasil.xlsx").exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"role": "transcriber"}, "not_yours"), ({"ended_at": NOON}, "ended"), (None, "unknown")],
)
def test_only_a_facilitators_mandate_in_force_may_import(
    home: Home, mandate: int, typist: Typist, change: dict[str, Any] | None, reason: str
) -> None:
    if change:
        with home.engine.begin() as connection:
            connection.execute(update(MANDATE).values(change))
    with pytest.raises(RefusalError) as refusal:
        bring(home, mandate if change else 999, typist(typed()))
    assert refusal.value.reason == reason
    assert rows(home, ASPIRATION) == []


def test_a_child_of_a_forum_keeps_no_name_and_needs_a_mandate_for_it(
    home: Home, mandate: int, typist: Typist, tmp_path: Path
) -> None:
    child = typed(maturity=3, name=None, contact=None, told_by="Fasilitator")
    assert faults(home, mandate, typist(child)) == ["Baris 2: mandat ini bukan untuk Forum Anak."]
    with home.engine.begin() as connection:
        connection.execute(update(MANDATE).values(forum=True))
    file = typist(child)
    bring(home, mandate, file)
    again = bring(home, mandate, file, report=tmp_path / "lagi.xlsx")
    assert again.startswith("0 formulir baru, 1 sudah masuk")
    (relay,) = rows(home, RELAY)
    assert (relay["name"], relay["contact"], relay["witnessed"]) == (None, None, None)


def test_a_guardian_is_named_in_what_proves_the_consent(home: Home, mandate: int, typist: Typist) -> None:
    bring(home, mandate, typist(typed(maturity="2 Anak, wali setuju", guardian="Bu Rini", consent=2)))
    (relay,) = rows(home, RELAY)
    assert relay["witnessed"].endswith("cap jempol, 20-02-2026, saksi Pak Slamet, wali Bu Rini")


def test_when_a_portion_cannot_be_committed_the_report_names_only_what_was(
    home: Home, mandate: int, typist: Typist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.form_import.LOT", 1)
    store = relays.store
    calls: list[int] = []

    def second_fails(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("disk full")
        return store(*args)

    monkeypatch.setattr(relays, "store", second_fails)
    with pytest.raises(OSError, match="disk full"):
        bring(home, mandate, typist(typed(1), typed(2)))
    assert len(rows(home, RELAY)) == 1
    assert [line[0] for line in _report(tmp_path / "hasil.xlsx")[1:]] == ["0100-0015"]
    assert list(tmp_path.glob("*.sementara.csv")) == []


def test_codes_are_on_disk_for_their_owner_alone_before_they_are_committed(
    home: Home, mandate: int, typist: Typist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut between commit and report they can still be handed over."""
    monkeypatch.setattr(ImportReport, "finish", lambda *_: None)
    bring(home, mandate, typist(typed()))
    passing = tmp_path / "hasil.xlsx.sementara.csv"
    assert passing.stat().st_mode & 0o777 == 0o600
    (relay,) = rows(home, RELAY)
    ticket, code = (field.replace("-", "") for field in _report(passing)[1][1:3])
    assert home.furnished.rules.secrets.matches(ticket, code, relay["claim_digest"])


def test_a_form_for_everybody_is_for_everybody_alone(home: Home, mandate: int, typist: Typist) -> None:
    bring(home, mandate, typist(typed(audience="8, 1")))
    assert [row["grp"] for row in rows(home, AUDIENCE)] == ["everyone"]


def test_phone_numbers_that_lost_their_nought_get_it_back(home: Home, mandate: int, typist: Typist) -> None:
    bring(home, mandate, typist(typed(contact=81234567890)))
    assert rows(home, RELAY)[0]["contact"] == "081234567890"


@pytest.mark.parametrize(
    "day", ["20/2/2026", "20-02-2026", "2026-02-20", "20 Februari 2026", "20 feb 2026", "20.2.2026"]
)
def test_dates_are_read_as_people_write_them(home: Home, mandate: int, typist: Typist, day: str) -> None:
    bring(home, mandate, typist(typed(date=day)))
    assert "20-02-2026" in rows(home, RELAY)[0]["witnessed"]


def test_nothing_is_in_the_report_of_a_home_without_results(home: Home, mandate: int, typist: Typist) -> None:
    said = bring(replace(home), mandate, typist())
    assert said == "0 formulir baru, 0 sudah masuk sebelumnya, 0 belum bisa masuk."
