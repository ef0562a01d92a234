"""What is heard: Indonesian as a voice reads it right, and a message as it is said."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.aloud import LARGEST, LONGEST, aloud, digits, in_words, pronounced
from conversations.spoken import sentences, spoken, spoken_seconds, spoken_words

GOLDEN = {
    # Money
    "Rp 1.500.000": "satu juta lima ratus ribu rupiah.",
    "Rp1.500.000,00": "satu juta lima ratus ribu rupiah.",
    "Rp. 25.000,-": "dua puluh lima ribu rupiah.",
    "Rp 1,5 juta": "satu koma 5 juta rupiah.",
    "Rp500rb per bulan": "lima ratus ribu rupiah per bulan.",
    "Rp 2 M": "dua miliar rupiah.",
    "Rp 10.000/kg": "sepuluh ribu rupiah per kilogram.",
    # Times
    "13.47": "pukul 13 lewat 47 menit.",
    "09.00 WIB": "pukul 9 pagi waktu Indonesia barat.",
    "pukul 09.00 pagi WIB": "pukul 9 pagi waktu Indonesia barat.",
    "Pukul 19.30 malam WITA.": "pukul 19 lewat 30 menit malam waktu Indonesia tengah.",
    "jam 08.00-12.00": "pukul 8 pagi sampai pukul 12.",
    "00.30 WIT": "pukul 0 lewat 30 menit dini hari waktu Indonesia timur.",
    # Dates
    "10/02/2026": "10 Februari 2026.",
    "10-2-2026": "10 Februari 2026.",
    "2026-02-10": "10 Februari 2026.",
    "10/02/26": "10 Februari 2026.",
    "10/02": "10 Februari.",
    "31/02/2026": "31 per nol 2 per 2026.",
    "10 Feb 2026": "10 Februari 2026.",
    "Selasa, 10 Februari 2026": "Selasa, 10 Februari 2026.",
    "RKPD 2026-2027": "RKPD 2026 sampai 2027.",
    # Telephone numbers
    "0812-3456-7890": "nol 8 1 2, 3 4 5 6, 7 8 9 nol.",
    "0812 3456 7890": "nol 8 1 2, 3 4 5 6, 7 8 9 nol.",
    "081234567890": "nol 8 1 2, 3 4 5 6, 7 8 9 nol.",
    "+62 812 3456 7890": "plus 6 2, 8 1 2, 3 4 5 6, 7 8 9 nol.",
    "Hubungi 112.": "Hubungi 1 1 2.",
    # Places
    "RT 03/RW 02": "RT tiga, RW dua.",
    "RT.3 RW.2": "RT tiga, RW dua.",
    "RT/RW 003/002": "RT tiga, RW dua.",
    "RT 12": "RT dua belas.",
    "Kec. Sukadana, Kab. Lampung Timur": "Kecamatan Sukadana, Kabupaten Lampung Timur.",
    "Jl. Merdeka No. 12": "Jalan Merdeka Nomor 12.",
    "18.07.01.2001": "1 8, nol 7, nol 1, 2 nol nol 1.",
    # Numbers of aspirations, codes
    "482-913-8": "4 8 2, 9 1 3, 8.",
    "482 913 8": "4 8 2, 9 1 3, 8.",
    "123-456-789-01": "1 2 3, 4 5 6, 7 8 9, nol 1.",
    "482913": "4 8 2, 9 1 3.",
    # Amounts
    "15000 orang": "lima belas ribu orang.",
    "1.250 orang": "seribu dua ratus lima puluh orang.",
    "75%": "75 persen.",
    "12,5 %": "12 koma 5 persen.",
    "3 km": "3 kilometer.",
    "2m2": "2 meter persegi.",
    "5-10 orang": "5 sampai 10 orang.",
    "1/2": "1 per 2.",
    # Short forms
    "jln rusak dgn lubang yg dalam utk anak2": "jalan rusak dengan lubang yang dalam untuk anak-anak.",
    "Yg perlu: air dll.": "Yang perlu: air dan lain-lain.",
    "Bpk. Budi": "Bapak Budi.",
    "KTP/KK": "KTP atau KK.",
    "siang dan/atau malam": "siang atau malam.",
    # What is not said
    "✅ Terima kasih 🙏🏽": "Terima kasih.",
    "1️⃣ Lanjut": "1 Lanjut.",
    "Ketik /batal atau tekan tombol": "Ketik atau tekan tombol.",
    "Lihat https://t.me/suara?start=x sekarang": "Lihat sekarang.",
    "Tanya @suarabot": "Tanya.",
    "🙂": "",
    # Sentences
    "Halo.\n\nPunya usulan?\n- Tulis\n- Suara": "Halo.\nPunya usulan?\nTulis.\nSuara.",
    "Usulan Anda… “jalan”": "Usulan Anda. jalan.",
    "Ketik 1 untuk Ya, saya setuju": "Ketik 1 untuk Ya, saya setuju.",
}


@pytest.mark.parametrize(("written", "said"), GOLDEN.items())
def test_as_people_say_it(written: str, said: str) -> None:
    """The table of ux B1, grown: what a voice would misread is said as people say it."""
    assert aloud(written) == said


@pytest.mark.parametrize(
    ("number", "said"),
    {
        0: "nol",
        11: "sebelas",
        15: "lima belas",
        20: "dua puluh",
        100: "seratus",
        106: "seratus enam",
        1000: "seribu",
        2026: "dua ribu dua puluh enam",
        1_001_000: "satu juta seribu",
        10**12: "satu triliun",
    }.items(),
)
def test_numbers_in_words(number: int, said: str) -> None:
    """Seratus and seribu, not satu ratus and satu ribu."""
    assert in_words(number) == said


def test_a_zero_is_a_word() -> None:
    """espeak-ng reads "0 8" as eighty."""
    assert digits("0800") == "nol 8 nol nol"


def test_the_voice_is_given_figures_for_words_that_it_says_wrong() -> None:
    """It says "enam" and "empat" with the wrong e, 6 and 4 right."""
    assert pronounced("Enam belas, empat; keenam") == "6 belas, 4; keenam"


WRITTEN = st.text(
    st.one_of(st.sampled_from(" 0123456789.,:/-+%()RTWpkmgabN\n✅₂½’–"), st.characters()), max_size=60
) | st.lists(
    st.sampled_from([*GOLDEN, "Rp", "pukul", "RT", "WIB", "no", "0", "12", "-", "/", ".", ",", " "]),
    max_size=6,
).map("".join)


@given(WRITTEN)
def test_said_twice_it_is_the_same(text: str) -> None:
    """What is fit to be said needs nothing more done to it."""
    assert aloud(aloud(text)) == aloud(text)


@given(WRITTEN)
def test_nothing_is_said_that_nobody_can_say(text: str) -> None:
    """No emoji, no command, no link, no sign, no number of five figures, and not much longer than it was written."""
    said = aloud(text)
    assert not re.search(r"[/@#%*_<>=\\|]|\d{5}", said)
    assert all(char == "\n" or unicodedata.category(char)[0] in "LMNPZ" for char in said)
    assert len(said) <= 40 * len(text)


@given(st.integers(min_value=0, max_value=LARGEST - 1))
def test_every_amount_has_words(number: int) -> None:
    """In words alone, without figures, and short enough to be said."""
    assert re.fullmatch(r"[a-z ]+", in_words(number))
    assert len(in_words(number)) < 250


def test_sentences_are_what_a_voice_can_stop_after() -> None:
    """At a full stop, a question mark, an exclamation mark, and at the end of a line."""
    assert sentences(spoken("Halo. Ini layanan\nApa usulan Anda? Tulis!")) == [
        "Halo.",
        "Ini layanan.",
        "Apa usulan Anda?",
        "Tulis!",
    ]


def test_how_long_it_is() -> None:
    """Words are counted as they are heard; a longer text takes longer."""
    assert spoken_words("Rp 1.500.000 ✅") == 6
    assert spoken_seconds("Halo.") < spoken_seconds("Halo. Ini layanan usulan warga.") < 5


@pytest.mark.parametrize(
    "text", ["a@", "\n", "1.", "9", "0000 ", "/a", "RT ", "12-", " - ", "a", "(", "Rp 1.000 "], ids=repr
)
def test_the_longest_text_of_anything_is_said(text: str) -> None:
    """A pattern that looks back again and again would never come to the end of these (one did)."""
    said = aloud(text * (LONGEST // len(text)))
    assert len(said) <= 40 * LONGEST
