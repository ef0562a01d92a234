"""The desk: whose phones are open, unread messages, the virtual clock, faults and the journal, reconnects."""

from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from simulator.server import Simulator
from tests.page.bot import TOKEN, Bot
from tests.page.conftest import DEDI, KARSO, PEOPLE, WATI, Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_everybody_is_listed_with_a_respectful_line(desk: Desk) -> None:
    for person in PEOPLE:
        await expect(desk.page.locator(f".who[data-person='{person['id']}']")).to_contain_text(
            person["about"]
        )


async def test_the_ids_of_the_people_do_not_fit_into_32_bits() -> None:
    assert all(person["id"] >= 5_000_000_000 for person in PEOPLE)


async def test_the_page_remembers_which_phones_are_open(desk: Desk) -> None:
    await desk.page.get_by_role("button", name="Mbah Karso").click()
    await expect(desk.phone("Mbah Karso").get_by_role("heading", name="HP Mbah Karso")).to_be_focused()
    await desk.phone("Mas Dedi").get_by_role("button", name="Simpan HP Mas Dedi").click()
    await desk.page.reload()
    await expect(desk.phone("Mbah Karso")).to_be_visible()
    await expect(desk.phone("Bu Wati")).to_be_visible()
    await expect(desk.phone("Mas Dedi")).to_have_count(0)


async def test_a_phone_put_away_counts_what_the_bot_wrote(desk: Desk) -> None:
    await desk.bot.say(KARSO, "Satu")
    await desk.bot.say(KARSO, "Dua")
    who = desk.page.locator(f".who[data-person='{KARSO}']")
    await expect(who).to_contain_text("2 pesan baru")
    await who.click()
    await expect(who).not_to_contain_text("pesan baru")


async def test_somebody_new_gets_a_phone_of_their_own(desk: Desk) -> None:
    await desk.page.get_by_text("Tambah orang").click()
    await desk.page.get_by_label("Nama", exact=True).fill("Siti")
    await desk.page.get_by_role("button", name="Tambah", exact=True).click()
    await desk.box("Siti").fill("Halo")
    await desk.box("Siti").press("Enter")
    assert (await desk.bot.hear())["message"]["from"]["first_name"] == "Siti"


async def test_a_link_is_offered_on_its_phone_once(desk: Desk) -> None:
    desk.sim.add_person("Bu", last_name="Wati", id=WATI, link="u-undangan", link_label="Buka undangan")
    await expect(desk.page.locator(f".who[data-person='{WATI}']")).to_contain_text("ada tautan")
    await desk.phone("Bu Wati").get_by_role("button", name="Buka undangan").click()
    assert (await desk.bot.hear())["message"]["text"] == "/start u-undangan"
    await expect(desk.phone("Bu Wati").get_by_role("button", name="Buka undangan")).to_have_count(0)
    await expect(desk.page.locator(f".who[data-person='{WATI}']")).not_to_contain_text("ada tautan")


async def test_a_whole_deep_link_can_be_pasted(desk: Desk) -> None:
    phone = desk.phone("Bu Wati")
    await phone.get_by_role("button", name="Pengaturan HP Bu Wati").click()
    await phone.get_by_label("Tautan khusus").fill("https://t.me/suara_bot?start=k4829137-12345678903")
    await phone.get_by_role("button", name="Kirim /start").click()
    assert (await desk.bot.hear())["message"]["text"] == "/start k4829137-12345678903"


async def test_a_deleted_account_stays_on_the_desk_and_can_come_back(desk: Desk) -> None:
    phone = desk.phone("Bu Wati")
    await phone.get_by_role("button", name="Pengaturan HP Bu Wati").click()
    await phone.get_by_role("button", name="Hapus akun Telegram orang ini").click()
    who = desk.page.locator(f".who[data-person='{WATI}']")
    await expect(who).to_contain_text("akun dihapus")
    await phone.get_by_role("button", name="Pengaturan HP Bu Wati").click()
    await phone.get_by_role("button", name="Pulihkan akun Telegram orang ini").click()
    await expect(who).to_contain_text("terbuka")


async def test_a_reset_takes_away_the_phones_of_those_who_are_gone(desk: Desk) -> None:
    desk.sim.reset()
    await expect(desk.page.get_by_text("Belum ada HP yang terbuka.")).to_be_visible()
    desk.problems.clear()  # a chat that was being read at that moment was rightly refused


@pytest.mark.parametrize(("button", "day", "hour"), [
    ("1 menit", "Selasa, 10 Februari 2026", "09.01 WIB"),
    ("15 menit", "Selasa, 10 Februari 2026", "09.15 WIB"),
    ("1 jam", "Selasa, 10 Februari 2026", "10.00 WIB"),
    ("1 hari", "Rabu, 11 Februari 2026", "09.00 WIB"),
    ("28 hari", "Selasa, 10 Maret 2026", "09.00 WIB"),
])  # fmt: skip
async def test_the_clock_moves_on_by_what_its_button_says(
    desk: Desk, button: str, day: str, hour: str
) -> None:
    clock = desk.page.get_by_role("region", name="Jam simulator")
    await clock.get_by_role("button", name=f"Majukan jam {button}", exact=True).click()
    await expect(clock.get_by_role("status")).to_have_text(f"Sekarang {day}, pukul {hour}.")
    await desk.bot.say(WATI, "Pukul berapa?")
    await expect(desk.log("Bu Wati").get_by_role("article").last.locator("time")).to_contain_text(hour[:5])


async def test_any_span_can_be_typed(desk: Desk, morning: float) -> None:
    clock = desk.page.get_by_role("region", name="Jam simulator")
    await clock.get_by_text("Waktu lain").click()
    await clock.get_by_label("Maju", exact=True).fill("3")
    await clock.get_by_label("Satuan").select_option("hari")
    await clock.get_by_role("button", name="Majukan", exact=True).click()
    await expect(clock).to_contain_text("Jumat, 13 Februari 2026")
    assert desk.sim.clock.now() == morning + 3 * 86400


async def test_a_fault_set_on_the_page_strikes_and_is_listed_and_journaled(desk: Desk) -> None:
    await desk.page.get_by_role("button", name="Gangguan dan catatan").click()
    faults = desk.page.get_by_role("region", name="Gangguan", exact=True)
    await faults.get_by_label("Jenis").select_option("429")
    await faults.get_by_label("Metode").select_option("sendMessage")
    await faults.get_by_label("Untuk").select_option("Bu Wati")
    await faults.get_by_role("button", name="Pasang gangguan").click()
    await expect(faults.get_by_role("listitem").first).to_contain_text("sendMessage · Bu Wati · 1 kali lagi")
    await desk.bot.say(DEDI, "Tidak kena")
    with pytest.raises(AssertionError, match="Too Many Requests: retry after 3"):
        await desk.bot.say(WATI, "Kena")
    journal = desk.page.get_by_role("region", name="Tabel catatan")
    await expect(journal.get_by_role("row", name="gangguan: 429")).to_contain_text("Bu Wati")
    await expect(journal.get_by_role("row", name="berhasil").filter(has_text="Mas Dedi")).to_be_visible()


async def test_all_faults_are_cleared_with_one_button(desk: Desk) -> None:
    desk.sim.fault(kind="500", method="sendMessage")
    await desk.page.get_by_role("button", name="Gangguan dan catatan").click()
    await desk.page.get_by_role("button", name="Hapus semua gangguan").click()
    await expect(desk.page.get_by_text("Semua gangguan dihapus.")).to_be_visible()
    await desk.bot.say(WATI, "Sampai")


async def test_the_page_finds_its_way_back_after_the_simulator_restarted(
    browser: Browser, tmp_path: Path
) -> None:
    """Its events are numbered anew then; what was written meanwhile must be read, and what follows be live."""
    page = await browser.new_page()
    log = page.get_by_role("log")
    async with Simulator(tokens=[TOKEN], state=tmp_path) as first:
        port = int(first.url.rsplit(":", 1)[1])
        first.add_person(**PEOPLE[0])
        await page.goto(first.url)
        for number in range(5):
            first.say(WATI, f"Pesan {number}")
        await expect(log).to_contain_text("Pesan 4")
    await expect(page.locator("#connection")).to_have_text("Terputus. Mencoba lagi…")
    async with (
        Simulator(tokens=[TOKEN], state=tmp_path, listen=("127.0.0.1", port)) as second,
        aiohttp.ClientSession() as session,
    ):
        second.say(WATI, "Selagi terputus")
        await expect(log).to_contain_text("Selagi terputus")
        await Bot(session, second.url).say(WATI, "Sudah tersambung")
        await expect(log).to_contain_text("Sudah tersambung")
        await page.close()
