"""Writing and reading: what a person types reaches the bot, what the bot says is seen and heard."""

import pytest
from playwright.async_api import expect

from tests.page.bot import keys
from tests.page.conftest import DEDI, WATI, Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_enter_sends_and_shift_enter_begins_a_new_line(desk: Desk) -> None:
    await desk.box("Bu Wati").press_sequentially("Jalan rusak")
    await desk.box("Bu Wati").press("Shift+Enter")
    await desk.box("Bu Wati").press_sequentially("di Sukadana")
    await desk.box("Bu Wati").press("Enter")
    message = (await desk.bot.hear())["message"]
    assert message["text"] == "Jalan rusak\ndi Sukadana"
    assert message["from"]["id"] == WATI
    await expect(desk.box("Bu Wati")).to_have_value("")


async def test_texts_arrive_in_the_order_in_which_they_were_sent(desk: Desk) -> None:
    for word in ("satu", "dua", "tiga"):
        await desk.box("Bu Wati").fill(word)
        await desk.box("Bu Wati").press("Enter")
    heard = [(await desk.bot.hear())["message"]["text"] for _ in range(3)]
    assert heard == ["satu", "dua", "tiga"]


async def test_a_very_long_text_is_split_as_telegrams_apps_split_it(desk: Desk) -> None:
    text = " ".join(["jalan"] * 900)
    await desk.box("Bu Wati").fill(text)
    await desk.box("Bu Wati").press("Enter")
    first, second = [(await desk.bot.hear())["message"]["text"] for _ in range(2)]
    assert len(first) <= 4096
    assert f"{first} {second}" == text


async def test_an_answer_appears_at_once_with_its_speaker_and_the_time_in_wib(desk: Desk) -> None:
    await desk.bot.say(WATI, "Terima kasih.")
    message = desk.log("Bu Wati").get_by_role("article").last
    await expect(message).to_contain_text("Bot berkata: Terima kasih.")
    await expect(message.locator("time")).to_contain_text("09.00")
    await expect(desk.log("Bu Wati")).to_contain_text("Selasa, 10 Februari 2026")


async def test_each_phone_shows_its_own_chat_only(desk: Desk) -> None:
    await desk.bot.say(WATI, "Untuk Wati")
    await desk.bot.say(DEDI, "Untuk Dedi")
    await expect(desk.log("Mas Dedi")).to_contain_text("Untuk Dedi")
    await expect(desk.log("Mas Dedi")).not_to_contain_text("Untuk Wati")


async def test_entities_become_elements_with_offsets_counted_in_utf16(desk: Desk) -> None:
    await desk.bot.say(
        WATI,
        "😀 Kata <b>tebal <i>miring</i></b> dan <a href='https://example.org/'>tautan</a>",
        parse_mode="HTML",
    )
    message = desk.log("Bu Wati").get_by_role("article").last
    await expect(message.locator("strong")).to_have_text("tebal miring")
    await expect(message.locator("strong em")).to_have_text("miring")
    await expect(message.get_by_role("link", name="tautan")).to_have_attribute("rel", "noopener noreferrer")


async def test_an_edit_changes_the_message_in_place_and_says_so(desk: Desk) -> None:
    number = await desk.bot.say(WATI, "Nomor lama", reply_markup=keys(["Lihat"]))
    message = desk.log("Bu Wati").get_by_role("article").last
    await expect(message).to_contain_text("Nomor lama")
    await desk.bot.call("editMessageText", chat_id=WATI, message_id=number, text="Nomor baru")
    await expect(message).to_contain_text("Nomor baru")
    await expect(message).to_contain_text("diubah")
    await expect(desk.log("Bu Wati").get_by_role("article")).to_have_count(1)


async def test_buttons_that_go_away_do_not_make_the_text_a_new_announcement(desk: Desk) -> None:
    """A live region speaks of every node that is added: the words of the message must stay the same nodes."""
    number = await desk.bot.say(WATI, "Pilih satu.", reply_markup=keys(["Ya"]))
    words = await desk.log("Bu Wati").locator(".words").element_handle()
    await desk.bot.call("editMessageReplyMarkup", chat_id=WATI, message_id=number)
    await expect(desk.log("Bu Wati").get_by_role("button", name="Ya")).to_have_count(0)
    assert words is not None
    assert await words.evaluate("node => node.isConnected")


async def test_history_is_silent_and_news_is_polite(desk: Desk) -> None:
    await desk.bot.say(WATI, "Halo")
    await expect(desk.log("Bu Wati")).to_have_attribute("aria-live", "polite")
    await desk.page.reload()
    await expect(desk.log("Bu Wati")).to_contain_text("Halo")
    await expect(desk.log("Bu Wati")).to_have_attribute("aria-live", "polite")


async def test_a_deleted_message_disappears(desk: Desk) -> None:
    number = await desk.bot.say(WATI, "Rahasia")
    await expect(desk.log("Bu Wati")).to_contain_text("Rahasia")
    await desk.bot.call("deleteMessage", chat_id=WATI, message_id=number)
    await expect(desk.log("Bu Wati")).not_to_contain_text("Rahasia")


async def test_typing_is_shown_until_the_message_comes(desk: Desk) -> None:
    await desk.bot.call("sendChatAction", chat_id=WATI, action="typing")
    await expect(desk.phone("Bu Wati").locator(".peer-state")).to_have_text("sedang mengetik…")
    await desk.bot.say(WATI, "Sudah")
    await expect(desk.phone("Bu Wati").locator(".peer-state")).to_have_text("bot")


async def test_a_person_replies_edits_and_forwards_by_the_menu_of_a_message(desk: Desk) -> None:
    number = await desk.bot.say(WATI, "Di mana?")
    phone = desk.phone("Bu Wati")
    await phone.get_by_role("button", name="Pilihan pesan").last.click()
    await phone.get_by_role("button", name="Balas").click()
    await desk.box("Bu Wati").fill("Di Sukadana")
    await desk.box("Bu Wati").press("Enter")
    reply = (await desk.bot.hear())["message"]
    assert reply["reply_to_message"]["message_id"] == number
    await expect(desk.log("Bu Wati")).to_contain_text("Membalas: Di mana?")
    await phone.get_by_role("button", name="Pilihan pesan").last.click()
    await phone.get_by_role("button", name="Ubah pesan ini").click()
    await desk.box("Bu Wati").fill("Di Way Jepara")
    await desk.box("Bu Wati").press("Enter")
    assert (await desk.bot.hear())["edited_message"]["text"] == "Di Way Jepara"
    await phone.get_by_role("button", name="Pilihan pesan").last.click()
    await phone.get_by_role("button", name="Teruskan ke bot").click()
    await phone.get_by_label("Pengirim semula").select_option("hidden_user")
    await phone.get_by_role("button", name="Teruskan", exact=True).click()
    forwarded = (await desk.bot.hear())["message"]
    assert forwarded["forward_origin"]["type"] == "hidden_user"
    await expect(desk.log("Bu Wati")).to_contain_text("Diteruskan dari")


async def test_protected_content_says_so_and_offers_no_forwarding(desk: Desk) -> None:
    await desk.bot.say(WATI, "Kode Anda", protect_content=True)
    message = desk.log("Bu Wati").get_by_role("article").last
    await expect(message).to_contain_text("Dilindungi")
    await desk.phone("Bu Wati").get_by_role("button", name="Pilihan pesan").last.click()
    await expect(desk.phone("Bu Wati").get_by_role("button", name="Balas")).to_be_visible()
    await expect(desk.phone("Bu Wati").get_by_role("button", name="Teruskan ke bot")).to_have_count(0)
