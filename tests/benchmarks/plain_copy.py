"""The words of the plain bots: as long as what Suara says on the journey, so that as many bytes travel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Options = Mapping[str, str]

HELLO: Final = """\
Halo. Ini layanan usulan warga Kabupaten Lampung Timur. Yang menjawab di sini mesin. Petugas membaca usulan Anda.

Sampaikan kebutuhan desa Anda. Usulan Anda kami bawa ke Musrenbang. Musrenbang adalah rapat warga untuk \
merencanakan pembangunan.

Mau kalimat yang lebih mudah? Ketik bahasa."""

KEYBOARD: Final = (("Kembali", "Ulangi"), ("Bantuan", "Menu"))

MENU: Final = """\
Menu utama. Anda boleh langsung menulis usulan di sini. Suara juga boleh.

Apa yang ingin Anda lakukan?"""
MENU_OPTIONS: Final = {
    "new": "Buat usulan baru",
    "mine": "Lihat usulan saya",
    "schedule": "Lihat jadwal rapat",
    "settings": "Buka pengaturan",
    "data": "Lihat data saya",
    "help": "Minta bantuan",
}

CONSENT: Final = """\
Sebelum mulai, kami minta izin.

Kami menyimpan usulan, nama desa, dan akun Telegram Anda. Petugas Bappeda membaca usulan Anda. Warga lain tidak \
melihat nama Anda. Kami mengirim kabar tentang usulan itu.

Anda boleh menghapus data kapan saja. Apakah Anda setuju?"""
CONSENT_OPTIONS: Final = {
    "yes": "Ya, saya setuju",
    "no": "Tidak setuju",
    "explain": "Jelaskan lagi",
    "record": "Jawab dengan rekaman",
    "child": "Saya masih anak",
}

BROADCASTS: Final = """\
Terima kasih. Satu lagi, jawabannya bebas.

Bolehkah kami mengirim undangan rapat dan kabar umum?"""
BROADCASTS_OPTIONS: Final = {"yes": "Ya, kirim saja", "no": "Tidak usah"}

NEED: Final = """\
Langkah 1 dari 7

Apa yang perlu kita bangun atau perbaiki? Tulis, atau kirim suara. Foto dan video bahasa isyarat juga boleh.

Contoh: jalan ke sekolah rusak."""

MORE: Final = """\
Langkah 1 dari 7

Kami terima 1 pesan:
“{need}”

Sudah lengkap? Kalau belum, tulis atau kirim lagi."""
MORE_OPTIONS: Final = {"done": "Sudah, lanjut", "again": "Ulang dari awal"}

VILLAGE: Final = """\
Langkah 2 dari 7

Di desa mana? Tulis namanya saja."""
VILLAGE_OPTIONS: Final = {"list": "Pilih dari daftar"}
VILLAGE_UNKNOWN: Final = "Desa itu belum kami temukan. Tulis namanya sekali lagi."
VILLAGES: Final = {
    "braja harjosari": ("Braja Harjosari", "Braja Selebah"),
    "labuhan ratu": ("Labuhan Ratu", "Labuhan Ratu"),
    "sukadana": ("Sukadana", "Sukadana"),
}

LANDMARK: Final = """\
Langkah 3 dari 7

Di mana tepatnya? Tulis patokan, kirim suara, atau kirim lokasi.

Contoh: depan SD Negeri 1. Pertanyaan ini boleh Anda lewati."""
LANDMARK_OPTIONS: Final = {"skip": "Lewati"}

FIELD: Final = """\
Langkah 4 dari 7

Usulan ini tentang apa? Pilih yang paling dekat.

Masih ada pilihan lain. Ketik lagi untuk melihatnya."""
FIELD_OPTIONS: Final = {
    "school": "Sekolah dan belajar",
    "road": "Jalan dan jembatan",
    "women_children": "Perempuan dan anak",
    "environment": "Sampah, banjir, bencana",
    "water": "Air bersih dan WC",
    "housing": "Rumah layak huni",
    "more": "Lihat pilihan lain",
}

AUDIENCE: Final = """\
Langkah 5 dari 7

Usulan ini untuk siapa? Boleh pilih lebih dari satu.

Kami ingin tahu siapa yang belum terdengar. Hanya petugas tertentu yang melihat jawaban ini."""
GROUPS: Final = {
    "children": "Anak",
    "elderly": "Lansia",
    "indigenous": "Masyarakat adat",
    "disability": "Penyandang disabilitas",
    "women": "Perempuan",
    "women_heads": "Perempuan kepala keluarga",
    "other": "Lainnya",
    "declined": "Tidak ingin menjawab",
}
AUDIENCE_OPTIONS: Final = {"everyone": "Untuk semua warga", **GROUPS}

VISIBILITY: Final = """\
Langkah 6 dari 7

Siapa yang boleh melihat usulan ini?

Publik: semua orang membaca usulan, hanya petugas Bappeda melihat nama Anda.

Rahasia: hanya petugas yang membaca usulan dan melihat nama Anda.

Anonim: petugas membaca usulan, tak seorang pun melihat nama Anda."""
VISIBILITY_OPTIONS: Final = {"public": "Publik", "private": "Rahasia", "anonymous": "Anonim"}

SUMMARY: Final = """\
Langkah 7 dari 7

Ini usulan Anda:
“{need}”

Tempat: desa {village}, Kecamatan {kecamatan}
Patokan: belum ada
Tentang: {field}
Untuk: {audience}
Yang boleh melihat: {visibility}

Sudah betul?"""
SUMMARY_OPTIONS: Final = {"send": "Ya, kirim sekarang", "edit": "Ubah jawaban", "drop": "Hapus usulan ini"}

RECEIPT: Final = """\
Terima kasih. Usulan Anda sudah kami terima.

Nomor usulan: {ticket}

Masa usulan sedang tutup. Usulan ini menunggu sampai Minggu, 1 November 2026. Lalu kami memeriksanya untuk rencana \
tahun 2028. Kami kabari paling lambat Jumat, 13 November 2026.

Kalau perlu bantuan, hubungi Petugas Bappeda."""
RECEIPT_OPTIONS: Final = {"retract": "Tarik kembali", "show": "Lihat usulan"}

RECOVERY: Final = """\
Simpan kode cadangan ini: {code}

Kode ini berguna kalau akun Telegram Anda hilang. Anda bisa membuka usulan dari akun lain.

Kami hanya menampilkannya sekali. Jangan berikan kepada orang lain."""

NEEDS: Final = """\
Satu hal tentang rapat warga. Sebagian warga perlu bantuan. Misalnya juru bahasa isyarat, atau jalan kursi roda.

Hanya petugas rapat yang melihat jawaban Anda. Apakah Anda perlu bantuan saat rapat?"""
NEEDS_OPTIONS: Final = {
    "yes": "Ya, pilih bantuan",
    "none": "Tidak perlu bantuan",
    "declined": "Tidak ingin menjawab",
}


def numbered(text: str, options: Options) -> str:
    """The text with its options below, numbered."""
    lines = "\n".join(f"{number}. {label}" for number, label in enumerate(options.values(), 1))
    return f"{text}\n\nKetik angka pilihan, atau tekan tombol:\n{lines}"
