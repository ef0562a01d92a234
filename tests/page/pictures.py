"""The screenshots of the README, taken from the running demo: `make pictures` (needs chromium).

Everything but the ticket's digits is the same each time: who speaks, what they say, and the day on the phones.
"""

import asyncio
import re
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.house.test_demo_run import Running, ask, running
from tests.page.conftest import CHROMIUM
from tests.page.playing import ROOT, Resident, decide, recording

PICTURES = ROOT / "docs" / "pictures"
LARGEST = 200_000  # bytes of one picture
MORNING = datetime(2026, 1, 13, 2, 0, tzinfo=UTC)  # the day after the demo begins, 09.00 WIB
BELOW_THE_HEADER = {"x": 0, "y": 84, "width": 1040, "height": 858}
QUIET = 21  # seconds until the bot answers a batch of forwarded voices
RELAY = (
    ("Kiriman mana dari orang ini?", "1-2"),
    ("Pilihan Anda: 1 dan 2", "selesai memilih"),
    ("dewasa atau anak?", "1"),
    ("Siapa nama orang ini?", "Bu Lestari"),
    ("Apa hubungan Anda", "2"),
    ("Langkah 5 dari 12", "tidak ingin menjawab"),
    ("Langkah 6 dari 12", "tidak perlu bantuan"),
    ("Langkah 7 dari 12", "Sukadana"),
    ("Langkah 8 dari 12", "Modal kecil untuk ibu-ibu penjual di pasar."),
    ("Langkah 9 dari 12", "1"),
)
"""What Yuni is asked about the first person, and answers."""

OFFICERS = {
    "Pak Camat Hadi": (
        ("/meja", "Usulan mana yang ingin Anda lihat?", ""),
        ("Semua usulan: 2", "Mana yang ingin Anda buka?", ""),
        ("2", "Tenggat kabar:", "desk"),
    ),
    "Bu Intan": (
        ("/rapat", "Rapat yang Anda kelola", ""),
        ("1", "Kode ruang:", "meeting"),
        ("/siar", "Mana yang ingin Anda buka?", ""),
        ("1", "Siaran tentang apa?", ""),
        ("1", "Tulis isi siaran.", ""),
        ("Musrenbang Inklusi: Selasa, 10 Februari 2026, pukul 09.00, di Aula Bappeda.", "kalimat mudah", ""),
        ("Ada rapat di Aula Bappeda. Anda boleh datang.", "Kirim satu gambar", ""),
        ("tanpa gambar", "Kirim rekaman suara", ""),
        ("tanpa suara", "Penerimanya sudah benar?", ""),
        ("1", "Siaran Anda akan sampai ke", ""),
        ("/siar", "Mana yang ingin Anda buka?", ""),
        ("2", "Penerima:", "broadcast"),
    ),
}
"""What officers write, what they then read, and the picture that is taken of it."""

NEED = "Jalan ke sekolah rusak. Kursi roda tidak bisa lewat kalau hujan."


async def take(where: Page | Locator, name: str, **how: Any) -> None:
    """Write one picture with nothing pointed at and nothing focused. `how`: Playwright's other options."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    page = where.page if isinstance(where, Locator) else where
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement.blur()")
    await where.screenshot(path=path, animations="disabled", caret="hide", **how)
    if (size := path.stat().st_size) > LARGEST:
        raise SystemExit(f"{path} has {size} bytes; at most {LARGEST} are wanted.")


async def put_keys_away(resident: Resident) -> None:
    """Fold the bot's keyboard, so that more of the chat is seen."""
    keys = resident.phone.get_by_role("button", name="Papan tombol", exact=True)
    if await keys.get_attribute("aria-expanded") == "true":
        await keys.click()


async def show(resident: Resident, words: str) -> None:
    """Bring the message with these words to the top of the phone."""
    await put_keys_away(resident)
    message = resident.log.get_by_role("article").filter(has_text=words).last
    await message.evaluate("bubble => { bubble.closest('.log').scrollTop = bubble.offsetTop - 12; }")


async def two_phones(page: Page) -> None:
    """Bu Wati reads her need back; Pak Rahmat beside her is asked for his consent."""
    wati, rahmat = Resident(page, "Bu Wati"), Resident(page, "Pak Rahmat")
    await wati.open()
    await page.get_by_role("button", name="Simpan HP Mas Dedi").click()
    await rahmat.open()
    await rahmat.press("Buat usulan baru")
    await rahmat.hear("Apakah Anda setuju?")
    await wati.consent()
    await wati.write(NEED)
    await wati.hear("Sudah lengkap?")
    await show(wati, NEED)
    await put_keys_away(rahmat)
    await page.evaluate("window.scrollTo(0, 0)")
    await take(page, "two-phones", clip=BELOW_THE_HEADER)


async def receipt_and_notice(page: Page, settings: Path) -> None:
    """Bu Wati's receipt, and what she is told when it has been decided."""
    wati = Resident(page, "Bu Wati")
    await page.get_by_role("button", name="Simpan HP Pak Rahmat").click()
    await wati.go_on("Sukadana", "Depan SD Negeri 1")
    number = await wati.send("Jalan dan jembatan")
    await wati.hear("Apakah Anda perlu bantuan saat rapat?")
    await show(wati, "Nomor usulan")
    await take(wati.phone, "receipt")
    said = (
        "--stage",
        "checked",
        "--decision",
        "forwarded",
        "--note",
        "Sudah kami lihat. Jalannya memang rusak.",
    )
    await decide(settings, number, *said, "--office", "Desa Sukadana", "--now")
    await show(wati, "Ada kabar tentang usulan Anda")
    await take(wati.phone, "notice")


async def easy_read(page: Page) -> None:
    """Rina's phone on a narrow screen, in easy Indonesian."""
    rina = Resident(page, "Rina")
    for name in ("Bu Wati", "Mas Dedi"):
        await page.get_by_role("button", name=f"Simpan HP {name}").click()
    await page.get_by_role("button", name="Orang dan jam").click()
    await rina.open()
    await page.get_by_role("button", name="Orang dan jam").click()
    await rina.write("bahasa mudah")
    await rina.press("Bahasa mudah")
    await rina.press("Buat usulan baru")
    await rina.hear("izin")
    await show(rina, "izin")
    await rina.phone.evaluate("phone => phone.scrollIntoView({ block: 'start' })")
    await take(page, "easy-read")


async def recordings(folder: Path) -> list[Path]:
    """Five voices of different length."""
    paths = [folder / f"suara-{number}.ogg" for number in range(2, 7)]
    for seconds, path in enumerate(paths, 2):
        path.write_bytes(await asyncio.to_thread(recording, seconds))
    return paths


async def facilitator(page: Page, demo: Running, folder: Path) -> tuple[str, str]:
    """Yuni relays the voices of several people; ticket and claim code of the first."""
    yuni = Resident(page, "Yuni")
    await page.get_by_role("button", name=yuni.name).first.click()
    await yuni.write("/titip")
    await yuni.hear("Kirim suara warga ke sini")
    await yuni.forward(await recordings(folder))
    await ask(demo.address, "/sim/clock", {"advance": QUIET})
    await yuni.hear("Satu orang atau beberapa orang?")
    await put_keys_away(yuni)
    await take(yuni.phone, "facilitator")
    await yuni.press("Beberapa orang")
    for words, answer in RELAY:
        await yuni.hear(words)
        await yuni.write(answer)
    await yuni.hear("Langkah 10 dari 12")
    await yuni.upload_voice(folder / "suara-2.ogg")
    await yuni.hear("Langkah 11 dari 12")
    await yuni.write("1")
    await yuni.hear("Sudah betul?")
    await yuni.press("Ya, kirim sekarang")
    card = yuni.log.get_by_role("article").filter(has_text="Kode Anda:").filter(has=page.locator("img")).last
    await put_keys_away(yuni)
    await card.scroll_into_view_if_needed()
    await card.get_by_role("img").evaluate("image => image.decode()")
    await expect(yuni.log.locator("audio").last).to_have_attribute("aria-label", re.compile("^Pesan suara"))
    await card.evaluate("bubble => { bubble.closest('.log').scrollTop = bubble.offsetTop - 12; }")
    await take(yuni.phone, "card")
    words = await card.inner_text()
    return digits(words, "Nomor usulan: "), digits(words, "Kode Anda: ")


def digits(words: str, before: str) -> str:
    """The number that follows these words, without its dashes."""
    return words.partition(before)[2].split()[0].replace("-", "")


async def claim(page: Page, ticket: str, code: str) -> None:
    """Bu Lestari opens the link on the card with her own phone."""
    lestari = Resident(page, "Bu Lestari")
    await page.get_by_role("button", name="Simpan HP Yuni").click()
    await page.get_by_role("button", name=lestari.name).first.click()
    await lestari.phone.get_by_role("button", name=f"Pengaturan HP {lestari.name}").click()
    await lestari.phone.get_by_label("Tautan khusus").fill(f"https://t.me/suara?start=k{ticket}-{code}")
    await lestari.phone.get_by_role("button", name="Kirim /start").click()
    await lestari.press("Ya, saya setuju")
    await lestari.press("Tidak usah")
    await lestari.hear("Menu utama")
    await show(lestari, "sekarang terhubung dengan akun ini")
    await take(lestari.phone, "claim")


async def staff(browser: Browser, demo: Running) -> None:
    """What officers see, each on a page of their own: the card, a meeting, a broadcast."""
    for name, steps in OFFICERS.items():
        page = await browser.new_page(viewport={"width": 1040, "height": 950}, locale="id-ID")
        await page.goto(demo.address)
        officer = Resident(page, name)
        await page.get_by_role("button", name=name).first.click()
        for said, heard, picture in steps:
            await officer.write(said)
            await officer.hear(heard)
            if picture:
                await show(officer, heard)
                await take(officer.phone, picture)
        await page.close()


async def play(browser: Browser, demo: Running, folder: Path) -> None:
    """The short journey of the pictures."""
    early = await browser.new_page(locale="id-ID")
    await early.goto(demo.address)
    for name in ("Yuni", "Pak Camat Hadi", "Bu Intan"):
        await Resident(early, name).accept()
        await Resident(early, name).hear("Menu utama")
        await early.get_by_role("button", name=f"Simpan HP {name}").click()
    now = (await ask(demo.address, "/sim/clock"))["now"]
    await ask(demo.address, "/sim/clock", {"advance": max(0.0, MORNING.timestamp() - now)})
    wide = await browser.new_page(viewport={"width": 1040, "height": 950}, locale="id-ID")
    await wide.goto(demo.address)
    await two_phones(wide)
    await receipt_and_notice(wide, folder / "settings.env")
    desk = await browser.new_page(viewport={"width": 1040, "height": 950}, locale="id-ID")
    await desk.goto(demo.address)
    await claim(desk, *(await facilitator(desk, demo, folder)))
    await staff(browser, demo)
    narrow = await browser.new_page(viewport={"width": 390, "height": 960}, locale="id-ID")
    await narrow.goto(demo.address)
    await easy_read(narrow)


async def main() -> None:
    """Start the demo in a folder of its own, play, and leave the pictures in docs/pictures."""
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("The pictures need chromium; on Debian: apt install chromium")
    expect.set_options(timeout=30_000)
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder)) as demo, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM)
            await play(browser, demo, Path(folder))
            await browser.close()
    sys.stdout.write(f"The pictures are in {PICTURES}.\n")


if __name__ == "__main__":
    asyncio.run(main())
