"""The copy is measurably plain; each rule fires on a text that breaks it and on nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest

from conversations.catalogue_check import problems as catalogue_problems
from conversations.catalogues import read_catalogues
from conversations.checker import text_keys
from conversations.classifier import field_texts
from conversations.copy_check import Problem, copy_problems, faults, label_faults, read_plain_words
from conversations.copy_exceptions import CopyException, read_exceptions, unexcused
from conversations.families import families
from conversations.flows import suara_flows
from conversations.heard import Shown
from conversations.message_check import message_faults
from conversations.question_check import (
    answer_faults,
    error_faults,
    keyboard_faults,
    question_problems,
)
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
    "L03": ("id@mudah", "Tulis di sini. Atau kirim suara."),
    "L04": ("id", "Ini baik.\n" * 40),
    "L04 block": ("id", "Ini. " * 51),
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
    "L12 markup": ("id", "Ini <b>penting</b>."),
    "L12 drawn": ("id", "Usulan\n-----\nJalan"),
    "L13": ("id", "🙏 Terima kasih."),
    "L13 two": ("id", "Terima kasih. 🙏🙏"),
    "L13 middle": ("id", "Terima 🙏 kasih."),
    "L13 unlisted": ("id", "Sudah ✅"),
    "L17": ("id", "Tekan tombol hijau."),
    "L19": ("id", "Buka https://contoh.id"),
    "L19 number": ("id", "Kode 4829137"),
    "L20": ("id", "Rapat 10 Februari 2026."),
    "L20 digits": ("id", "Rapat 10/02/2026."),
    "L20 time": ("id", "Rapat pukul 09.00."),
    "L21": ("id", "Nomor itu salah."),
    "L22": ("id", "Untuk penderita cacat."),
    "L24": ("id", "Satu dua tiga. " * 13),
    "L24 easy": ("id@mudah", "Kami menunggu usulan Anda.\n" * 6),
    "F14": ("id", "Mau lanjut? Atau batal?"),
}


@pytest.mark.parametrize("rule", BAD)
def test_each_rule_fires(rule: str) -> None:
    locale, text = BAD[rule]
    assert rule.partition(" ")[0] in {fault.partition(" ")[0] for fault in faults(text, locale, PLAIN)}


ELSEWHERE: Mapping[str, Callable[[], Iterable[str]]] = {
    "L14": lambda: keyboard_faults(["Ya, kirim", "ya kirim"]),
    "L14 long": lambda: label_faults("Kirim usulan ini sekarang juga"),
    "L13 on a button": lambda: label_faults("Kirim 🙏"),
    "L15": lambda: keyboard_faults([f"Pilih {number}" for number in "abcdefg"]),
    "L15 sent": lambda: message_faults(Shown(text="Pilih.", buttons=tuple("abcdefghij"))),
    "L16": lambda: answer_faults("Di mana?", buttons=False),
    "L16 sent": lambda: message_faults(Shown(text="Di mana?")),
    "L18": lambda: message_faults(Shown(file="Foto")),
    "L18 voice": lambda: message_faults(Shown(file="Pesan suara, 9 detik")),
    "L20 sent": lambda: message_faults(Shown(text="Kami kabari 10 Februari 2026.")),
    "L21 happened": lambda: error_faults("Tulis di sini. Contoh: jalan.", again=False),
    "L21 do": lambda: error_faults("Kami belum mengerti. Contoh: jalan.", again=False),
    "L21 example": lambda: error_faults("Kami belum mengerti. Tulis lagi.", again=True),
    "L23": lambda: (problem.partition("a: ")[2] for problem in other_placeholders()),
}
"""Rules that need more than one text: the table, a whole message, another locale."""


@pytest.mark.parametrize("rule", ELSEWHERE)
def test_each_rule_of_questions_and_messages_fires(rule: str) -> None:
    assert rule.partition(" ")[0] in {fault.partition(" ")[0] for fault in ELSEWHERE[rule]()}


def other_placeholders() -> list[str]:
    """What the check says of a translation that asks for another name."""
    return catalogue_problems(catalogues(id={"a": "Halo {nama}"}, en={"a": "Hello {name}"}), {"a"}, {})


def test_every_rule_is_proved_by_a_text_that_breaks_it() -> None:
    rules = {f"L{number:02}" for number in range(1, 25)}
    assert rules <= {name.partition(" ")[0] for name in (*BAD, *ELSEWHERE)}


@pytest.mark.parametrize(
    ("shown", "before"),
    [
        (Shown(text="Di mana? Tulis di sini."), ""),
        (Shown(text="Anda setuju?", buttons=("Ya, setuju",)), ""),
        (Shown(file="Foto", text="Kartu usulan Bu Siti."), ""),
        (Shown(file="Pesan suara, 9 detik"), "Kartu usulan Bu Siti."),
        (Shown(text="Kabar paling lambat Selasa, 10 Februari 2026, pukul 09.00 pagi WIB."), ""),
        (Shown(text="Isi: “rapat 10/02/2026, mengapa batal?”"), ""),
    ],
)
def test_good_messages_pass(shown: Shown, before: str) -> None:
    assert list(message_faults(shown, before)) == []


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
    assert [str(problem).split(" ")[:3] for problem in found] == [["id:", "a:", "L07"], ["id:", "b:", "L14"]]


def labels() -> set[str]:
    """The keys that stand on buttons: options of the table and the families that are offered."""
    steps = [step for step in suara_flows().steps.values() if isinstance(step, Ask | Tell)]
    fixed = {choice.label.key for step in steps for choice in step.options}
    offered = {f"{family}.{m}" for family in ("field", "messages") for m in families(SHIPPED)[family]}
    return fixed | offered


def test_the_copy_of_the_project_is_plain() -> None:
    """Every text and question of every locale, but for what the list of exceptions justifies; none of those is stale."""
    found = [
        *copy_problems(CATALOGUES, labels(), PLAIN),
        *question_problems(suara_flows(), CATALOGUES),
    ]
    assert list(dict.fromkeys(unexcused(found, read_exceptions()))) == []


def test_an_exception_excuses_its_rule_and_keys_alone() -> None:
    broken = [Problem("id", "stage.a", "L10 passive"), Problem("id", "stage.a", "L01 long")]
    excused = (CopyException("L10", ("stage.*",), "Names."),)
    assert unexcused(broken, excused) == ["id: stage.a: L01 long"]


def test_an_exception_that_excuses_nothing_or_gives_no_reason_is_a_fault() -> None:
    idle = (CopyException("L10", ("stage.*", "gone"), ""),)
    assert unexcused([Problem("id", "stage.a", "L10 passive")], idle) == [
        "copy_exceptions.toml: L10 for gone excuses nothing",
        "copy_exceptions.toml: L10 gives no reason",
    ]


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
