"""The whole journey as it is shown to people: the demo as real processes, and a browser that somebody sits at."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet, MultiFernet
from playwright.async_api import Browser, Page, expect

from bot.settings import load
from storage.media import MediaStore
from tests.house.test_demo_run import Running, running, stop
from tests.page.playing import Resident, decide, recording

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where this demo lives."""
    return tmp_path / "demo"


@pytest_asyncio.fixture(loop_scope="module")
async def demo(browser: Browser, folder: Path) -> AsyncIterator[Running]:
    """The demo while the test lasts; without a browser it is not even started."""
    assert browser.is_connected()
    async with running(folder) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, demo: Running) -> AsyncIterator[Page]:
    """The demo's page, as somebody opens it."""
    context = await browser.new_context(locale="id-ID")
    opened = await context.new_page()
    await opened.goto(demo.address)
    yield opened
    await context.close()


async def test_a_resident_submits_hears_the_decision_and_another_is_kept_by_voice(
    demo: Running, page: Page, folder: Path
) -> None:
    wati = Resident(page, "Bu Wati")
    await wati.open()
    await wati.consent()
    await wati.write("Jalan ke sekolah rusak, kursi roda tidak bisa lewat")
    await wati.go_on("Sukadana")
    number = await wati.send("Jalan dan jembatan")

    refusal = ("--stage", "checked", "--decision", "rejected", "--reason", "budget_limited")
    said = await decide(folder / "settings.env", number, *refusal, "--note", "Dana habis.", "--now")
    assert number in said
    notice = wati.log.get_by_role("article").filter(has_text=f"usulan Anda, nomor {number}")
    await expect(notice).to_contain_text("Sekarang: Diperiksa petugas desa")
    await expect(notice).to_contain_text("Kata petugas: “Dana habis.”")
    await expect(notice).to_have_count(1)

    voice = recording(3)
    file = folder / "usulan.ogg"
    await asyncio.to_thread(file.write_bytes, voice)
    karso = Resident(page, "Mbah Karso")
    await karso.open()
    await karso.consent()
    await karso.upload_voice(file)
    await karso.hear("Suara, 3 detik")
    await karso.go_on("Sukadana")
    await karso.send("Air bersih dan WC")
    await karso.write("data saya")
    await karso.press("Unduh data saya")
    await expect(karso.log.get_by_role("link", name="json")).to_be_visible()  # errands are done in turn

    assert (await stop(demo, signal.SIGINT))[0] == 0
    store = MediaStore(folder / "media", ring_of(folder))
    [kept] = (folder / "media").glob("??/*")
    assert (
        b"".join(store.read(kept.parent.name + kept.name)) == voice
    )  # encrypted on the disk, byte for byte the same when opened
    assert voice not in kept.read_bytes()


def ring_of(folder: Path) -> MultiFernet:
    """The keys of the demo."""
    keys = load(folder / "settings.env", needs=["DATA_KEYS"]).data_keys
    return MultiFernet([Fernet(key.get_secret_value()) for key in keys])
