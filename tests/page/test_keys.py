"""Buttons: below messages, below the text box, in the command list, and what the bot answers to a press."""

import pytest
from playwright.async_api import expect

from tests.page.bot import keys
from tests.page.conftest import WATI, Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_press_waits_until_the_bot_answers_and_a_toast_is_shown(desk: Desk) -> None:
    await desk.bot.say(WATI, "Setuju?", reply_markup=keys(["Ya", "Tidak"]))
    button = desk.log("Bu Wati").get_by_role("button", name="Ya")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await expect(button).to_contain_text("menunggu jawaban bot")
    query = (await desk.bot.hear())["callback_query"]
    assert query["data"] == "Ya"
    await desk.bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Dicatat")
    await expect(desk.phone("Bu Wati").get_by_role("status")).to_have_text("Dicatat")
    await expect(button).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_is_a_dialog_that_takes_the_focus_and_gives_it_back(desk: Desk) -> None:
    await desk.bot.say(WATI, "Tekan", reply_markup=keys(["Info"]))
    await desk.log("Bu Wati").get_by_role("button", name="Info").click()
    query = (await desk.bot.hear())["callback_query"]
    await desk.bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Penting", show_alert=True)
    dialog = desk.phone("Bu Wati").get_by_role("alertdialog", name="Pesan dari bot")
    await expect(dialog).to_contain_text("Penting")
    await expect(dialog.get_by_role("button", name="Oke")).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(desk.log("Bu Wati").get_by_role("button", name="Info")).to_be_focused()


async def test_a_button_can_be_pressed_twice_and_an_old_one_still(desk: Desk) -> None:
    await desk.bot.say(WATI, "Lama", reply_markup=keys(["Kirim"]))
    await desk.bot.say(WATI, "Baru")
    button = desk.log("Bu Wati").get_by_role("button", name="Kirim")
    await button.dblclick()
    first, second = [(await desk.bot.hear())["callback_query"] for _ in range(2)]
    assert first["id"] != second["id"]
    assert first["message"]["text"] == second["message"]["text"] == "Lama"


async def test_focus_is_not_lost_when_the_pressed_buttons_go_away(desk: Desk) -> None:
    number = await desk.bot.say(WATI, "Pilih", reply_markup=keys(["Ini"]))
    await desk.log("Bu Wati").get_by_role("button", name="Ini").press("Enter")
    await desk.bot.hear()
    await desk.bot.call("editMessageReplyMarkup", chat_id=WATI, message_id=number)
    await expect(desk.log("Bu Wati").get_by_role("article")).to_be_focused()


async def test_the_reply_keyboard_sends_its_label_and_can_be_hidden(desk: Desk) -> None:
    board = {
        "keyboard": [["Kembali", "Ulangi"], ["Bantuan", "Menu"]],
        "is_persistent": True,
        "input_field_placeholder": "Tulis nama desa",
    }
    await desk.bot.say(WATI, "Silakan", reply_markup=board)
    phone = desk.phone("Bu Wati")
    board_shown = phone.get_by_role("group", name="Papan tombol dari bot")
    await expect(desk.box("Bu Wati")).to_have_attribute("placeholder", "Tulis nama desa")
    await board_shown.get_by_role("button", name="Ulangi").click()
    assert (await desk.bot.hear())["message"]["text"] == "Ulangi"
    await phone.get_by_role("button", name="Papan tombol").click()
    await expect(board_shown).to_be_hidden()
    await desk.bot.say(WATI, "Tanpa papan", reply_markup={"remove_keyboard": True})
    await expect(phone.get_by_role("button", name="Papan tombol")).to_be_hidden()


async def test_a_contact_button_shares_the_persons_own_number(desk: Desk) -> None:
    await desk.bot.say(
        WATI, "Nomor?", reply_markup={"keyboard": [[{"text": "Bagikan nomor", "request_contact": True}]]}
    )
    await desk.phone("Bu Wati").get_by_role("button", name="Bagikan nomor").click()
    assert (await desk.bot.hear())["message"]["contact"]["user_id"] == WATI


async def test_the_command_list_is_the_bots_and_sends_the_command(desk: Desk) -> None:
    await desk.bot.call("setMyCommands", commands=[{"command": "status", "description": "Lihat usulan"}])
    await desk.phone("Bu Wati").get_by_role("button", name="Daftar perintah").click()
    await desk.phone("Bu Wati").get_by_role("button", name="/status Lihat usulan").click()
    message = (await desk.bot.hear())["message"]
    assert message["text"] == "/status"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 7}]


async def test_a_deep_link_starts_the_bot_with_its_payload(desk: Desk) -> None:
    phone = desk.phone("Bu Wati")
    await phone.get_by_role("button", name="Pengaturan HP Bu Wati").click()
    await phone.get_by_label("Tautan khusus").fill("poster_sukadana")
    await phone.get_by_role("button", name="Kirim /start").click()
    assert (await desk.bot.hear())["message"]["text"] == "/start poster_sukadana"


async def test_a_person_blocks_the_bot_and_lets_it_in_again(desk: Desk) -> None:
    phone = desk.phone("Bu Wati")
    await phone.get_by_role("button", name="Mulai").click()
    assert (await desk.bot.hear())["message"]["text"] == "/start"
    await phone.get_by_role("button", name="Pengaturan HP Bu Wati").click()
    await phone.get_by_role("button", name="Blokir bot").click()
    assert (await desk.bot.hear())["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await expect(desk.box("Bu Wati")).to_be_hidden()
    await phone.get_by_role("button", name="Buka blokir").click()
    assert (await desk.bot.hear())["my_chat_member"]["new_chat_member"]["status"] == "member"
    await expect(desk.box("Bu Wati")).to_be_visible()
