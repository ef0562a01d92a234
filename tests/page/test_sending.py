"""Everything but text: voice, pictures, video, files, places, contacts, stickers, polls, forwarded voices."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.page.conftest import WATI, Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def attach(desk: Desk, kind: str) -> Locator:
    """Opens one entry of the attachment menu of Bu Wati's phone."""
    phone = desk.phone("Bu Wati")
    await phone.get_by_role("button", name="Lampirkan").click()
    await phone.get_by_role("button", name=kind, exact=True).click()
    return phone.get_by_role("dialog", name=kind)


async def test_a_voice_recorded_in_the_browser_reaches_the_bot_as_ogg_opus(desk: Desk) -> None:
    phone = desk.phone("Bu Wati")
    await phone.get_by_role("button", name="Rekam pesan suara").click()
    await expect(phone.get_by_role("timer")).to_have_text("0:01")
    await phone.get_by_role("button", name="Berhenti dan kirim").click()
    voice = (await desk.bot.hear())["message"]["voice"]
    heard = await desk.bot.download(voice["file_id"])
    assert heard[:4] == b"OggS"
    assert heard[28:36] == b"OpusHead"
    assert voice["duration"] in {1, 2}
    assert voice["mime_type"] == "audio/ogg"
    await expect(desk.log("Bu Wati").locator("audio")).to_have_attribute(
        "aria-label", f"Pesan suara, {voice['duration']} detik"
    )


async def test_throwing_a_recording_away_sends_nothing_and_frees_the_microphone(desk: Desk) -> None:
    phone = desk.phone("Bu Wati")
    await phone.get_by_role("button", name="Rekam pesan suara").click()
    await expect(phone.get_by_role("button", name="Berhenti dan kirim")).to_be_enabled()
    await phone.get_by_role("button", name="Buang").click()
    await expect(phone.get_by_role("dialog")).to_be_hidden()
    await expect(desk.log("Bu Wati").get_by_role("article")).to_have_count(0)


async def test_a_sample_voice_needs_no_microphone(desk: Desk) -> None:
    sheet = await attach(desk, "Suara dari berkas")
    await sheet.get_by_role("button", name="Kirim suara contoh").click()
    assert (await desk.bot.hear())["message"]["voice"]["duration"] == 3


async def test_a_photo_goes_with_its_caption_and_is_described(desk: Desk, tmp_path: Path) -> None:
    for number in range(12):
        await desk.bot.say(WATI, f"Pesan {number}")
    sheet = await attach(desk, "Foto")
    await sheet.get_by_role("button", name="Kirim gambar contoh").click()
    message = (await desk.bot.hear())["message"]
    assert message["caption"] == "Jalan berlubang di depan sekolah"
    (tmp_path / "jalan.png").write_bytes(await desk.bot.download(message["photo"][-1]["file_id"]))
    sheet = await attach(desk, "Foto")
    await sheet.get_by_label("Berkas").set_input_files(tmp_path / "jalan.png")
    await sheet.get_by_label("Keterangan").fill("Jembatan")
    await sheet.get_by_role("button", name="Kirim", exact=True).click()
    assert (await desk.bot.hear())["message"]["caption"] == "Jembatan"
    await expect(desk.log("Bu Wati").get_by_role("img", name="Foto: Jembatan")).to_be_visible()
    box = await desk.log("Bu Wati").get_by_role("article").last.bounding_box()
    assert box is not None
    assert box["height"] > 80, "the picture takes its place among many messages"


async def test_a_caption_shows_its_entities(desk: Desk) -> None:
    sheet = await attach(desk, "Foto")
    await sheet.get_by_role("button", name="Kirim gambar contoh").click()
    photo = (await desk.bot.hear())["message"]["photo"][-1]["file_id"]
    caption = "Foto <b>Anda</b>"
    await desk.bot.call("sendPhoto", chat_id=WATI, photo=photo, caption=caption, parse_mode="HTML")
    await expect(desk.log("Bu Wati").locator("strong")).to_have_text("Anda")


async def test_several_photos_make_one_album(desk: Desk, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode())
    sheet = await attach(desk, "Album foto")
    await sheet.get_by_label("Beberapa foto").set_input_files([tmp_path / "a.png", tmp_path / "b.png"])
    await sheet.get_by_label("Keterangan").fill("Dua foto")
    await sheet.get_by_role("button", name="Kirim album").click()
    first, second = [(await desk.bot.hear())["message"] for _ in range(2)]
    assert first["media_group_id"] == second["media_group_id"]
    assert first["caption"] == "Dua foto"
    assert "caption" not in second


async def test_a_video_message_is_recorded_with_its_picture(desk: Desk) -> None:
    sheet = await attach(desk, "Rekam pesan video")
    await expect(sheet.get_by_label("Gambar dari kamera Anda")).to_be_visible()
    await expect(sheet.get_by_role("timer")).to_have_text("0:01")
    await sheet.get_by_role("button", name="Berhenti dan kirim").click()
    note = (await desk.bot.hear())["message"]["video_note"]
    assert note["duration"] >= 1


@pytest.mark.parametrize(
    ("entry", "field"), [("Video", "video"), ("Audio", "audio"), ("Dokumen", "document")]
)
async def test_a_file_arrives_as_what_it_was_sent_as(
    desk: Desk, tmp_path: Path, entry: str, field: str
) -> None:
    (tmp_path / "berkas.bin").write_bytes(b"isi berkas")
    sheet = await attach(desk, entry)
    await sheet.get_by_label("Berkas").set_input_files(tmp_path / "berkas.bin")
    await sheet.get_by_role("button", name="Kirim", exact=True).click()
    message = (await desk.bot.hear())["message"]
    assert await desk.bot.download(message[field]["file_id"]) == b"isi berkas"


async def test_a_place_is_chosen_from_a_list_or_typed(desk: Desk) -> None:
    sheet = await attach(desk, "Lokasi")
    await sheet.get_by_label("Lintang").fill("-5.1")
    await sheet.get_by_role("button", name="Kirim lokasi").click()
    location = (await desk.bot.hear())["message"]["location"]
    assert location["latitude"] == pytest.approx(-5.1)
    assert location["longitude"] == pytest.approx(105.544)
    await expect(desk.log("Bu Wati")).to_contain_text("lintang dan bujur -5,10000; 105,54400")


async def test_ones_own_contact_names_its_owner_and_somebody_elses_does_not(desk: Desk) -> None:
    sheet = await attach(desk, "Kontak saya")
    await sheet.get_by_role("button", name="Kirim kontak").click()
    assert (await desk.bot.hear())["message"]["contact"]["user_id"] == WATI
    sheet = await attach(desk, "Kontak orang lain")
    await sheet.get_by_role("button", name="Kirim kontak").click()
    assert (await desk.bot.hear())["message"]["contact"].get("user_id") != WATI


async def test_a_sticker_and_a_poll_arrive(desk: Desk) -> None:
    await attach(desk, "Stiker")
    assert "sticker" in (await desk.bot.hear())["message"]
    sheet = await attach(desk, "Jajak pendapat")
    await sheet.get_by_role("button", name="Kirim jajak pendapat").click()
    assert [option["text"] for option in (await desk.bot.hear())["message"]["poll"]["options"]] == [
        "Jalan",
        "Jembatan",
    ]


async def test_a_facilitator_forwards_the_voice_of_somebody_hidden(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "suara.ogg").write_bytes(b"OggS" + bytes(24) + b"OpusHead")
    sheet = await attach(desk, "Terusan orang lain")
    await sheet.get_by_label("Pengirim semula").select_option("hidden_nameless")
    await sheet.get_by_label("Berkas suara").set_input_files(tmp_path / "suara.ogg")
    await sheet.get_by_role("button", name="Teruskan", exact=True).click()
    message = (await desk.bot.hear())["message"]
    assert message["forward_origin"]["type"] == "hidden_user"
    assert "sender_user_name" not in message["forward_origin"]
    assert "voice" in message


async def test_a_facilitator_forwards_several_files_at_once_from_every_kind_of_origin(
    desk: Desk, tmp_path: Path
) -> None:
    names = [f"suara-{number}.ogg" for number in range(4)]
    for name in names:
        (tmp_path / name).write_bytes(b"OggS" + bytes(24) + b"OpusHead" + name.encode())
    sheet = await attach(desk, "Terusan orang lain")
    await sheet.get_by_label("Pengirim semula").select_option("in_turn")
    await sheet.get_by_label("Nama pengirim").fill("Bu Siti")
    await sheet.get_by_label("Berkas suara").set_input_files([tmp_path / name for name in names])
    await sheet.get_by_role("button", name="Teruskan", exact=True).click()
    heard = [(await desk.bot.hear())["message"] for _ in names]
    assert [one["forward_origin"]["type"] for one in heard] == ["user", "hidden_user", "hidden_user", "chat"]
    assert len({one["voice"]["file_unique_id"] for one in heard}) == len(names)
    await expect(desk.log("Bu Wati").locator("audio")).to_have_count(len(names))


async def test_three_sample_voices_of_three_people_need_no_microphone(desk: Desk) -> None:
    sheet = await attach(desk, "Terusan orang lain")
    await sheet.get_by_role("button", name="Teruskan 3 suara contoh").click()
    heard = [(await desk.bot.hear())["message"]["voice"]["duration"] for _ in range(3)]
    assert heard == [2, 3, 4]


async def test_a_refused_file_is_said_in_the_form_and_nothing_is_lost(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "kosong.txt").touch()
    sheet = await attach(desk, "Dokumen")
    await sheet.get_by_label("Berkas").set_input_files(tmp_path / "kosong.txt")
    await sheet.get_by_label("Keterangan").fill("Daftar warga")
    await sheet.get_by_role("button", name="Kirim", exact=True).click()
    await expect(sheet.get_by_role("alert")).to_contain_text("empty")
    await expect(sheet.get_by_label("Keterangan")).to_have_value("Daftar warga")
    desk.problems.clear()  # the browser reports the refused request (400) as an error
