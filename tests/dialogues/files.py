"""The dialogue files: which there are, what goes before one, and how it is compared with what was played."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.script import Entry, heading, read_script, write_script

FOLDER: Final = Path(__file__).parent
PERSONAS: Final = (
    "a7-01-wati",
    "a7-02-dedi",
    "a7-03-rahmat",
    "a7-04-rina",
    "a7-05-karso",
    "a7-06-lestari",
    "a7-07-dimas",
    "a7-08-yuni",
    "a7-09-sahnun",
    "a7-10-staf",
    "a7-11-penyerang",
)
"""Eleven people who use the service in their own ways; their dialogues are kept as heard too (heard/)."""

NAMES: Final = (
    # Arriving
    "perkenalan-dan-izin",
    "langsung-menulis",
    "tautan-poster",
    "grup",
    "tidak-setuju",
    "bahasa-mudah",
    "english",
    "ganti-bahasa",
    # One's aspiration, from the need to the receipt
    "usulan-dengan-tulisan",
    "usulan-dengan-suara",
    "usulan-dengan-tombol",
    "usulan-bahasa-isyarat",
    "usulan-dengan-foto",
    "usulan-anonim",
    "nomor-saja",
    "pesan-terpotong",
    "mengubah-pesan",
    "kata-perintah",
    "dua-orang",
    "mirip-sebelum-kirim",
    "di-luar-masa",
    # The village
    "desa-salah-ketik",
    "desa-bernama-sama",
    "desa-dari-daftar",
    "desa-diingat",
    "desa-tidak-dikenal",
    "kampung-lampung-tengah",
    "lombok-timur",
    # To and fro
    "kembali",
    "ubah-jawaban",
    "batal",
    "bantuan-di-tengah",
    "jeda-tiga-hari",
    # What nobody expects
    "rekaman-ditolak",
    "jawaban-tidak-dikenal",
    "kiriman-aneh",
    "pesan-rusak",
    "tombol-lama",
    "tekan-dua-kali",
    "terlalu-cepat",
    "blokir-bot",
    # What became of it
    "nomor-usulan",
    "setahun",
    "tidak-dilanjutkan",
    "tarik-kembali",
    "tarik-kembali-terlambat",
    "kode-cadangan",
    # Recordings: heard, written down, found to be none
    "suara-ditulis",
    "suara-ditulis-salah",
    "isyarat",
    "suara-sunyi",
    # Hearing it
    "dengar-suara",
    "dengar-kabar",
    # Speaking for others
    "undangan",
    "titip-satu-orang",
    "titip-beberapa-orang",
    "titip-tanpa-izin",
    "titip-anak",
    "warga-saya",
    "kode-ambil",
    "serah-terima",
    # Taking part, and being safe
    "kebutuhan",
    "mode-rahasia",
    "anak-wali",
    "bahaya",
    "pengaduan",
    # One's data
    "data-saya",
    "berhenti-pesan",
    "tarik-izin",
    "tarik-izin-di-tengah",
    "hapus-data",
    "hapus-data-di-tengah",
    # Eleven people, each with a whole story
    *PERSONAS,
    # The staff
    "petugas-undangan",
    "meja-satu-usulan",
    "meja-beberapa-usulan",
    "mirip-di-meja",
    "petugas-dinas",
    "tanya-warga",
    "tanya-fasilitator",
    "tanya-perlindungan",
    "tenggat-dan-selesai",
    # Meetings
    "rapat-warga",
    "rapat-petugas",
    "rapat-baru",
    "rekap-petugas",
    "siar-dua-petugas",
    "siar-terkirim",
    "rapat-berkas",
    "berkas-petugas",
    "musrenbang-setahun",
)
"""In the order in which one would read them; a missing file is an error, and so is one that nobody plays."""


def read(name: str) -> list[Entry]:
    """A dialogue. Raises FileNotFoundError and BadScript."""
    return read_script(_path(name).read_text(encoding="utf-8"))


def story(name: str) -> list[list[Entry]]:
    """A dialogue after those that it goes on from ("# sebelumnya: NAME"), the oldest first."""
    script = read(name)
    before = heading(script, "sebelumnya", "")
    return [*(story(before) if before else []), script]


def rewrite(name: str, played: Sequence[Entry]) -> None:
    """Keep what was played; the inputs are those of the file."""
    _path(name).write_text(write_script(played), encoding="utf-8")


def difference(name: str, played: Sequence[Entry]) -> str:
    """How the file differs from what was played, "" when it does not."""
    expected = _path(name).read_text(encoding="utf-8")
    lines = difflib.unified_diff(
        expected.splitlines(), write_script(played).splitlines(), f"{name}.txt", "played", lineterm="", n=6
    )
    return "\n".join(lines)


def _path(name: str) -> Path:
    return FOLDER / f"{name}.txt"
