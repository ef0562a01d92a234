"""Words of danger alarm, plans and figures of speech do not; complaints are told apart from needs.

The tables are what residents write, as far as we can think of it; whoever protects people should add to them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.danger import concern, load_watch

DANGER = (
    "Saya dipukul suami saya setiap malam",
    "anak tetangga sering dipukuli bapaknya",
    "Suami sering memukul saya dan anak",
    "ada KDRT di rumah sebelah",
    "saya korban kekerasan, tolong",
    "adik saya diperkosa",
    "anak saya dicabuli guru ngaji",
    "pelecehan terhadap anak perempuan di dusun kami",
    "Saya dilecehkan di kantor desa",
    "saya diancam akan dibunuh mantan suami",
    "Tolong, saya diancam!",
    "saya mau bunuh diri",
    "lebih baik mati daripada begini",
    "saya sudah tidak mau hidup lagi",
    "rumah tetangga terbakar, tolong",
    "ada kebakaran di pasar sekarang",
    "kami terjebak banjir di atap",
    "kakak saya dipasung di belakang rumah",
    "anak saya diculik",
    "saya dipaksa menikah oleh paman",
    "ada anak tenggelam di irigasi",
    "DIPUKULI terus sama bapak...",
    "saya digebukin suami",
    "my husband beats me",
    "Jalan rusak. Satu lagi: istri saya diancam orang.",
)

CALM = (
    "Jalan di depan sekolah rusak parah",
    "rumah rawan bahaya banjir",
    "jalan membunuh waktu karena macet",
    "Perlu penyuluhan kekerasan dalam rumah tangga untuk ibu-ibu PKK",
    "Kami minta pencegahan kekerasan terhadap anak di sekolah",
    "program pencegahan bunuh diri untuk remaja",
    "perlindungan anak dari pelecehan",
    "rumah aman untuk korban KDRT",
    "pelatihan satgas anti kekerasan",
    "sosialisasi UU KDRT di desa",
    "mobil pemadam kebakaran untuk kecamatan",
    "pos pemadam kebakaran jauh dari desa",
    "rumah warga rawan kebakaran karena kabel tua",
    "kalau ada kebakaran, air tidak cukup",
    "jembatan darurat sudah lapuk",
    "pintu gawat darurat puskesmas sempit",
    "bantuan dipukul rata, tidak melihat jumlah anak",
    "rapat mulai pukul 09.00",
    "desa kami terancam longsor",
    "kampung diancam abrasi",
    "sering mati lampu, kami ingin mati lampu tidak terjadi lagi",
    "uji kekerasan beton jalan",
    "obat untuk membunuh nyamuk",
    "lapangan bola, bola sering ditendang ke rumah warga",
    "banyak jalan berlubang, anak sering jatuh",
    "sawah kami tenggelam waktu banjir",
    "jalur evakuasi untuk keadaan darurat",
    "lampu jalan supaya aman dari begal",
    "sekolah bebas kekerasan",
    "ibu hamil perlu tempat periksa",
    "",
    "😀",
)

COMPLAINTS = (
    "Petugas desa minta uang untuk surat",
    "bansos belum cair tiga bulan",
    "Bantuan sosial belum turun",
    "BLT saya tidak cair-cair",
    "ada pungli di kantor kecamatan",
    "pungutan liar saat urus KTP",
    "petugas puskesmas sangat kasar",
    "KTP saya sudah setahun belum jadi",
    "dana desa dikorupsi",
    "bantuan beras dipotong",
)


@pytest.mark.parametrize("words", DANGER)
def test_danger_is_heard(words: str) -> None:
    assert concern(words) == "danger"


@pytest.mark.parametrize("words", CALM)
def test_what_only_sounds_like_danger_alarms_nobody(words: str) -> None:
    assert concern(words) == ""


@pytest.mark.parametrize("words", COMPLAINTS)
def test_a_complaint_is_told_apart(words: str) -> None:
    assert concern(words) == "complaint"


def test_danger_goes_before_complaint() -> None:
    assert concern("bansos belum cair dan saya dipukul suami") == "danger"


def test_a_plan_beside_a_deed_does_not_hide_the_deed() -> None:
    """Somebody may ask for help in the words of an office."""
    assert concern("Perlu penyuluhan kekerasan, karena saya sendiri dipukul suami") == "danger"


def test_a_word_is_whole_or_has_the_ending_that_the_file_allows(tmp_path: Path) -> None:
    file = tmp_path / "danger.toml"
    file.write_text(
        '[danger]\nalways = ["api*", "dua .. kata"]\ntopics = ["asap"]\nplans = ["rencana"]\n'
        '[harmless]\nphrases = ["kereta api"]\n[complaint]\nphrases = ["lama"]\n',
        encoding="utf-8",
    )
    watch = load_watch(file)
    assert watch.about("apinya besar") == "danger"
    assert watch.about("dua atau tiga kata") == "danger"
    assert watch.about("dua atau tiga atau empat kata") == ""
    assert watch.about("kereta api baru") == ""
    assert watch.about("rencana tentang asap") == ""
    assert watch.about("tetapi") == ""


def test_twenty_thousand_characters_are_read_to_their_end() -> None:
    assert concern("jalan rusak " * 1600 + "saya dipukul suami") == "danger"
