"""Places: the official list, names as people type them, and files of other kabupaten."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from storage.datafile import DataFileError
from storage.region_file import SHIPPED, import_regions, read_regions
from storage.regions import MOST, REGION, RegionIndex, fold, kabupaten_name, load_regions

REGIONS = read_regions()
TIMUR = RegionIndex("18.07", REGIONS)
TENGAH = RegionIndex("18.02", REGIONS)
LOMBOK = RegionIndex("52.03", REGIONS)
VILLAGES = [region for region in REGIONS if region.kode.startswith("18.07.") and region.level == 3]


def exact(index: RegionIndex, text: str) -> list[str]:
    return [f"{village.name}, {village.kecamatan}" for village in index.find(text).exact]


def close(index: RegionIndex, text: str) -> list[str]:
    found = index.find(text)
    assert found.exact == ()
    return [f"{village.name}, {village.kecamatan}" for village in found.close]


def test_the_shipped_list_has_the_official_counts() -> None:
    counts = {
        kabupaten: [sum(r.kind == kind and r.kode.startswith(kabupaten) for r in REGIONS) for kind in KINDS]
        for kabupaten in ("18.07", "18.02", "52.03")
    }
    assert counts == {"18.07": [24, 264, 0], "18.02": [28, 301, 10], "52.03": [21, 239, 15]}


KINDS = ("kecamatan", "desa", "kelurahan")


@pytest.mark.parametrize(
    "typed",
    [
        "Sukadana",
        "  sukadana ",
        "SUKADANA",
        "desa Sukadana",
        "Ds. Sukadana",
        "kampung sukadana",
        "desa sukadana kecamatan sukadana",
        "Sukadana, Kec. Sukadana, Kab. Lampung Timur",
        "saya dari desa sukadana",
        "Sukadana Sukadana",
        "sukadana kec sukadna",
    ],
)
def test_a_name_is_found_however_it_is_wrapped(typed: str) -> None:
    assert exact(TIMUR, typed) == ["Sukadana, Sukadana"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("mekarsari kec pasir sakti", "Mekar Sari, Pasir Sakti"),
        ("Mekar Jaya Jabung", "Mekar Jaya, Jabung"),
        ("sumber rejo, batanghari", "Sumberejo, Batanghari"),
        ("labuhan ratu 4", "Labuhan Ratu IV, Labuhan Ratu"),
        ("putra aji dua", "Putra Aji II, Sukadana"),
    ],
)
def test_spaces_numbers_and_the_kecamatan_lead_to_one_village(typed: str, name: str) -> None:
    found = TIMUR.find(typed)
    assert f"{name}" in [f"{v.name}, {v.kecamatan}" for v in (found.exact or found.close)]
    assert len(found.exact or found.close) == 1


def test_a_name_that_two_kecamatan_have_is_offered_twice() -> None:
    assert exact(TIMUR, "mekar jaya") == ["Mekar Jaya, Jabung", "Mekar Jaya, Bandar Sribhawono"]
    assert len(exact(TENGAH, "Purwodadi")) == 2


@pytest.mark.parametrize(
    ("index", "typed", "name"),
    [
        (TENGAH, "Tanjung Kerajan", "Tanjung Krajan"),
        (TENGAH, "tulang kakan", "Tulung Kakan"),
        (TENGAH, "Negri Ratu", "Negeri Ratu"),
        (TENGAH, "sri kenanga", "Sri Kencono Baru"),
        (TENGAH, "Mranggi Jaya", "Meranggi Jaya"),
        (LOMBOK, "Lenek Pasiraman", "Lenek Pesiraman"),
    ],
)
def test_both_official_spellings_are_found(index: RegionIndex, typed: str, name: str) -> None:
    assert [village.name for village in index.find(typed).exact] == [name]


def test_a_kecamatan_has_both_spellings_too() -> None:
    for spelling in ("Way Pengubuan", "Way Pangubuan"):
        assert {v.kecamatan_kode for v in TENGAH.find(f"Candi Rejo kec. {spelling}").exact} == {"18.02.17"}


@given(st.sampled_from([v for v in VILLAGES if len(fold(v.name)) >= 5]), st.data())
def test_one_slip_of_the_finger_still_finds_the_village(village: object, data: st.DataObject) -> None:
    name = fold(village.name)  # type: ignore[attr-defined]
    at = data.draw(st.integers(0, len(name) - 2))
    letter = data.draw(st.sampled_from("aeinrts"))
    slips = [name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :]]
    slips.append(name[:at] + name[at + 1] + name[at] + name[at + 2 :])
    for slip in slips:
        found = TIMUR.find(slip)
        kodes = [v.kode for v in (*found.exact, *found.close)]
        assert village.kode in kodes or len(found.close) == MOST or found.exact, slip  # type: ignore[attr-defined]


def test_a_part_of_a_name_offers_all_that_have_it() -> None:
    assert close(TIMUR, "harjosari") == ["Braja Harjosari, Braja Selebah"]
    assert len(close(TIMUR, "braja")) == MOST


def test_a_village_inside_a_sentence_is_offered_not_assumed() -> None:
    assert close(TIMUR, "jalan rusak di braja yekti dekat pasar") == ["Braja Yekti, Braja Selebah"]


@pytest.mark.parametrize(
    "typed", ["", "x", "???", "jalan rusak di depan sekolah", "zzzzzzzz", "\x00", "1" * 5000]
)
def test_what_is_no_village_finds_none(typed: str) -> None:
    found = TIMUR.find(typed)
    assert (found.exact, found.close) == ((), ())


def test_an_unknown_kecamatan_offers_instead_of_assuming() -> None:
    found = TIMUR.find("Sukadana kecamatan Atlantis")
    assert found.exact == ()
    assert "18.07.01.2001" in [village.kode for village in found.close]


def test_lists_are_in_the_order_that_people_look_them_up() -> None:
    kecamatan = TIMUR.kecamatan()
    assert {k.kode for k in kecamatan} == {f"18.07.{number:02}" for number in range(1, 25)}
    assert [k.name for k in kecamatan] == sorted(k.name for k in kecamatan)
    names = [village.name for village in TIMUR.villages("18.07.01")]
    assert names == sorted(names, key=fold)
    assert len(names) == 20
    assert TIMUR.villages("18.02.01") == ()


def test_a_code_of_another_kabupaten_is_none() -> None:
    assert TIMUR.village("18.07.01.2001") is not None
    assert TIMUR.village("18.02.01.2001") is None
    assert TIMUR.village("") is None


def test_what_was_imported_is_found_in_the_database(engine: Engine) -> None:
    with engine.begin() as connection:
        assert import_regions(connection) == len(REGIONS)
        assert import_regions(connection) == len(REGIONS)
        index = load_regions(connection, "18.02")
        assert kabupaten_name(connection, "18.02") == "Kabupaten Lampung Tengah"
        assert kabupaten_name(connection, "99.99") == ""
    assert len(index) == 311
    assert [village.name for village in index.find("tulang kakan").exact] == ["Tulung Kakan"]


def test_a_file_of_one_kabupaten_finds_its_province_in_the_table(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "lain.csv"
    path.write_text(
        "﻿Kode;Nama;Jenis\n18.99;Kabupaten Contoh;kabupaten\n18.99.01;Sana;kecamatan\n", encoding="utf-8"
    )
    with engine.begin() as connection:
        import_regions(connection)
        assert import_regions(connection, path) == 2
        assert kabupaten_name(connection, "18.99") == "Kabupaten Contoh"


def test_importing_again_renames(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "baru.csv"
    path.write_text("kode,name,kind\n18,Lampung Baru,provinsi\n", encoding="utf-8")
    with engine.begin() as connection:
        import_regions(connection)
        import_regions(connection, path)
        assert kabupaten_name(connection, "18") == "Lampung Baru"


BAD = [
    ("kode,name\n18,Lampung\n", "baris 1: kolom kind tidak ada. Tulis: kode,name,kind,other_names."),
    (
        "kode,name,kind\n18.7,Timur,kabupaten\n",
        'baris 2: kode "18.7" tidak dikenal bentuknya. Contoh: 18.07.01.2001.',
    ),
    ("kode,name,kind\n18,Lampung,desa\n", 'baris 2: jenis "desa" tidak cocok untuk kode 18. Tulis provinsi.'),
    ("kode,name,kind\n18,,provinsi\n", "baris 2: nama untuk kode 18 kosong."),
    ("kode,name,kind\n18,A,provinsi\n\n18,B,provinsi\n", "baris 4: kode 18 sudah ada di baris 2."),
    (
        "kode,name,kind\n18.07,Timur,kabupaten\n",
        "baris 2: wilayah 18, induk dari 18.07, tidak ada di berkas ini.",
    ),
    ("kode,name,kind\n", "tidak ada satu pun wilayah di dalamnya."),
    ("", "baris 1: kolom kode, name, kind tidak ada."),
    ("kode,name,kind\n18\n", 'jenis "" tidak cocok untuk kode 18.'),
]


@pytest.mark.parametrize(("text", "sentence"), BAD)
def test_each_bad_line_is_told_and_nothing_is_loaded(
    engine: Engine, tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "wilayah.csv"
    path.write_text(
        "" if not text else text + ("17,Bengkulu,provinsi\n" if text.count("\n") > 1 else ""),
        encoding="utf-8",
    )
    with pytest.raises(DataFileError) as fault, engine.begin() as connection:
        import_regions(connection, path)
    assert any(sentence in told for told in fault.value.sentences), fault.value.sentences
    assert all(told.startswith("wilayah.csv") for told in fault.value.sentences)
    with engine.begin() as connection:
        assert connection.execute(select(REGION.c.kode)).all() == []


def test_many_faults_are_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "wilayah.csv"
    path.write_text("kode,name,kind\n" + "x,y,z\n" * 60, encoding="utf-8")
    with pytest.raises(DataFileError) as fault:
        read_regions(path)
    assert len(fault.value.sentences) == 51
    assert fault.value.sentences[-1].startswith("Dan ")


def test_a_missing_or_foreign_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="tidak bisa dibaca"):
        read_regions(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes("kode,name,kind\n18,Lampùng,provinsi".encode("latin-1"))
    with pytest.raises(DataFileError, match="bukan teks UTF-8"):
        read_regions(tmp_path / "latin.csv")


def test_the_shipped_file_names_its_sources() -> None:
    notes = SHIPPED.with_suffix(".md").read_text(encoding="utf-8")
    assert "300.2.2-2138" in notes
    assert "100.1.1-6117" in notes
