"""The demo played by hand: its page in a real browser, residents who write and press, staff who decide beside it."""

import asyncio
import io
import math
import re
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from playwright.async_api import Locator, Page, expect

ROOT = Path(__file__).parents[2]
RATE = 48_000  # samples per second
TICKET = re.compile(r"Nomor usulan: ([\d-]+)")


@dataclass(frozen=True, slots=True)
class Resident:
    """One person of the demo, by the name on their phone."""

    page: Page
    name: str

    @property
    def phone(self) -> Locator:
        """Their phone."""
        return self.page.get_by_role("region", name=f"HP {self.name}", exact=True)

    @property
    def log(self) -> Locator:
        """What was said in their chat."""
        return self.phone.get_by_role("log")

    async def open(self) -> None:
        """Take the phone out and start the bot."""
        if not await self.phone.is_visible():
            await self.page.get_by_role("button", name=self.name).first.click()
        await self.phone.get_by_role("button", name="Mulai", exact=True).click()

    async def press(self, label: str) -> None:
        """Press the newest button with this label, as soon as it is there."""
        await self.log.get_by_role("button", name=label, exact=True).last.click()

    async def write(self, text: str) -> None:
        """Write a message."""
        box = self.phone.get_by_role("textbox", name=f"Tulis pesan sebagai {self.name}")
        await box.fill(text)
        await box.press("Enter")

    async def hear(self, words: str) -> None:
        """Wait until the bot's newest message holds these words."""
        await expect(self.log.get_by_role("article").last).to_contain_text(words)

    async def consent(self) -> None:
        """From the menu to the first question."""
        await self.press("Buat usulan baru")
        await self.press("Ya, saya setuju")
        await self.press("Tidak usah")
        await self.hear("Langkah 1 dari 7")

    async def go_on(self, village: str, landmark: str = "") -> None:
        """From the need, once it has been read back, to the question after the landmark."""
        await self.press("Sudah, lanjut")
        await self.hear("Langkah 2 dari 7")
        await self.write(village)
        await self.hear("Di mana tepatnya?")
        await (self.write(landmark) if landmark else self.press("Lewati"))

    async def send(self, field: str) -> str:
        """From the field to the receipt; its number."""
        for answer in (field, "Untuk semua warga", "Publik", "Ya, kirim sekarang"):
            await self.press(answer)
        receipt = self.log.get_by_role("article").filter(has_text=TICKET).last
        found = TICKET.search(await receipt.inner_text())
        assert found is not None
        return found[1]

    async def accept(self, label: str = "Saya setuju") -> None:
        """Open the invitation that lies on the phone, and agree."""
        if not await self.phone.is_visible():
            await self.page.get_by_role("button", name=self.name).first.click()
        await self.phone.get_by_role("button", name="Buka undangan", exact=True).click()
        await self.press(label)

    async def forward(self, files: Sequence[Path]) -> None:
        """Forward recordings that lie on this computer, as if they came from one person and place after the other."""
        await self.phone.get_by_role("button", name="Lampirkan").click()
        await self.phone.get_by_role("button", name="Terusan orang lain", exact=True).click()
        sheet = self.phone.get_by_role("dialog", name="Terusan orang lain")
        await sheet.get_by_label("Pengirim semula").select_option("in_turn")
        await sheet.get_by_label("Berkas suara, foto atau video").set_input_files(list(files))
        await sheet.get_by_role("button", name="Teruskan", exact=True).click()
        await expect(sheet).to_be_hidden()

    async def upload_voice(self, file: Path) -> None:
        """Send a recording that lies on this computer as a voice note."""
        await self.phone.get_by_role("button", name="Lampirkan").click()
        await self.phone.get_by_role("button", name="Suara dari berkas", exact=True).click()
        sheet = self.phone.get_by_role("dialog", name="Suara dari berkas")
        await sheet.get_by_label("Berkas", exact=True).set_input_files(file)
        await sheet.get_by_role("button", name="Kirim", exact=True).click()


async def decide(settings: Path, number: str, *more: str) -> str:
    """`suara decide` as staff would run it, in a process beside the bot; what it said."""
    words = ("-m", "bot", "--settings", str(settings), "decide", number, *more)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


def recording(seconds: int) -> bytes:
    """A tone as OGG/Opus: what a phone would send as a voice note."""
    target = io.BytesIO()
    with av.open(target, "w", format="ogg") as sink:
        stream = sink.add_stream("libopus", rate=RATE, layout="mono")
        for second in range(seconds):
            sink.mux(stream.encode(_tone(second)))
        sink.mux(stream.encode(None))
    return target.getvalue()


def _tone(second: int) -> AudioFrame:
    wave = (int(8000 * math.sin(2 * math.pi * 220 * at / RATE)) for at in range(RATE))
    frame = AudioFrame(format="s16", layout="mono", samples=RATE)
    frame.planes[0].update(struct.pack(f"<{RATE}h", *wave))
    frame.sample_rate = RATE
    frame.pts = second * RATE
    return frame
