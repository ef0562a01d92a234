"""A message as it is heard: files, text, emoji by name, then the buttons."""

from __future__ import annotations

import emoji
import pytest

from conversations.heard import Shown, heard, heard_seconds, named_emoji, read_emoji


def test_the_names_of_emoji_are_those_of_screen_readers() -> None:
    """CLDR names in Indonesian, as the package `emoji` has them; every sign of the list is one emoji."""
    for sign, name in read_emoji().items():
        assert emoji.is_emoji(sign)
        assert emoji.demojize(sign, language="id", delimiters=("", "")).replace("_", " ") == name


def test_buttons_are_heard_after_the_text_and_the_fixed_keys_last() -> None:
    shown = Shown(
        text="Apakah Anda setuju?\n\n1. Ya, saya setuju\n2. Tidak",
        buttons=("Ya, saya setuju", "Tidak"),
        keys=("Kembali", "Menu"),
    )
    assert heard(shown).split("\n") == [
        "Apakah Anda setuju?",
        "1, Ya, saya setuju.",
        "2, Tidak.",
        "Tombol: Ya, saya setuju.",
        "Tombol: Tidak.",
        "Papan tombol: Kembali, Menu.",
    ]


def test_a_voice_note_is_told_by_its_length_before_its_words() -> None:
    assert heard(Shown(file="Pesan suara, 9 detik", text="Bu Siti: setuju")) == (
        "Pesan suara, 9 detik.\nBu Siti: setuju."
    )


def test_numbers_are_heard_digit_by_digit() -> None:
    assert heard(Shown(text="Nomor usulan: 482-913-8")) == "Nomor usulan: 4 8 2, 9 1 3, 8."


@pytest.mark.parametrize("text", ["Terima kasih. 🙏", "Terima kasih.🙏", "Terima kasih. 🙏\ufe0f"])
def test_an_emoji_is_heard_by_its_name(text: str) -> None:
    assert named_emoji(text) == "Terima kasih. melipat tangan"


def test_more_words_take_longer() -> None:
    short, long = Shown(text="Halo."), Shown(text="Halo. Ini layanan usulan warga kabupaten.")
    assert 0 < heard_seconds(short) < heard_seconds(long)
