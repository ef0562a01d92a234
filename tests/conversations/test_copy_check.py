"""The copy is measurably plain; each rule fires on a text that breaks it and on nothing else."""

from __future__ import annotations

import pytest

from conversations.catalogues import read_catalogues
from conversations.checker import text_keys
from conversations.classifier import field_texts
from conversations.copy_check import copy_problems, faults, label_faults, read_plain_words
from conversations.families import families
from conversations.flows import suara_flows
from conversations.table import Ask, Tell
from storage.lifecycle import load_lifecycle
from tests.conversations.speaking import catalogues

PLAIN = read_plain_words()
SHIPPED = (field_texts(), load_lifecycle().entries)
CATALOGUES = read_catalogues(SHIPPED)

BAD = {
    "L01": ("id", "Anda boleh menulis usulan di sini atau mengirim suara atau foto dari rumah saja."),
    "L01 easy": ("id@mudah", "Anda boleh tulis usulan Anda di sini saja ya."),
    "L02": ("id", "Tulis dan kirim atau rekam karena boleh."),
    "L04": ("id", "Ini baik.\n" * 40),
    "L05": (
        "id",
        "Penyelenggaraan musyawarah perencanaan pembangunan berkelanjutan memerlukan keterlibatan masyarakat.",
    ),
    "L06": ("id", "Kami mengirimkan, membacakan, menuliskan, lalu memberikan itu ke sana nanti."),
    "L07": ("id", "Isi identitas Anda."),
    "L08": ("id", "Hubungi DPRD."),
    "L09": ("id", "Kami tidak bisa tanpa izin."),
    "L10": ("id", "Usulan ditulis lalu dikirim."),
    "L10 easy": ("id@mudah", "Usulan dikirim."),
    "L11": ("id@mudah", "Jalan, air dll."),
    "L12": ("id", "𝗛𝗮𝗹𝗼 warga."),
    "L13": ("id", "✅ Sudah."),
    "L19": ("id", "Buka https://contoh.id"),
    "L19 number": ("id", "Kode 4829137"),
    "L17": ("id", "Tekan tombol hijau."),
    "L21": ("id", "Nomor itu salah."),
    "L22": ("id", "Untuk penderita cacat."),
    "F14": ("id", "Mau lanjut? Atau batal?"),
}


@pytest.mark.parametrize("rule", BAD)
def test_each_rule_fires(rule: str) -> None:
    locale, text = BAD[rule]
    assert any(rule.split(maxsplit=1)[0] in fault for fault in faults(text, locale, PLAIN))


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Pembangunan jalan itu penting.", "id"),
        ("Hubungi petugas di kantor desa.", "id"),
        ("Nomor usulan: 482-913-8.", "id"),
        ("Rapat mulai dini hari.", "id"),
        ("Usulan dibahas di Musrenbang.", "id"),
        ("Tulis di sini.\nAtau kirim suara.", "id@mudah"),
        ("Terima kasih. 🙏", "id"),
    ],
)
def test_plain_words_pass(text: str, locale: str) -> None:
    assert list(faults(text, locale, PLAIN)) == []


@pytest.mark.parametrize("label", ["Ya", "OK", "Klik di sini", "Kirim usulan ini sekarang juga", "A" * 30])
def test_a_label_says_shortly_what_it_does(label: str) -> None:
    assert list(label_faults(label))


@pytest.mark.parametrize("label", ["Ya, kirim", "Tidak ingin menjawab", "{village} ({kecamatan})"])
def test_good_labels_pass(label: str) -> None:
    assert list(label_faults(label)) == []


def test_a_problem_names_locale_and_text_and_what_people_type_is_left_alone() -> None:
    ours = catalogues(id={"a": "Isi identitas.", "also.a": "cacat", "word.x": "gila", "b": "Ya"})
    found = copy_problems(ours, {"b"}, PLAIN)
    assert [fault.split(" ")[:2] for fault in found] == [["id:", "a:"], ["id:", "b:"]]


def labels() -> set[str]:
    """The keys that stand on buttons: options of the table and the families that are offered."""
    steps = [step for step in suara_flows().steps.values() if isinstance(step, Ask | Tell)]
    fixed = {choice.label.key for step in steps for choice in step.options}
    offered = {f"{family}.{m}" for family in ("field", "messages") for m in families(SHIPPED)[family]}
    return fixed | offered


def test_the_copy_of_the_project_is_plain() -> None:
    assert copy_problems(CATALOGUES, labels(), PLAIN) == []


@pytest.mark.parametrize("locale", ["id", "id@mudah", "en"])
def test_labels_of_one_keyboard_differ_in_every_locale(locale: str) -> None:
    for step in suara_flows().steps.values():
        if isinstance(step, Ask | Tell):
            said = [
                CATALOGUES.template(choice.label.key, locale).forms[0].casefold() for choice in step.options
            ]
            assert len(said) == len(set(said)), step.name


def test_the_table_names_texts_at_all() -> None:
    assert len(text_keys(suara_flows())) > 100
