"""For everybody: keyboard, screen reader, large type, high contrast, little motion (WCAG 2.2)."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.page.bot import keys
from tests.page.conftest import WATI, Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

AUDIT = (Path(__file__).parent / "audit.js").read_text()


async def audit(page: Page, check: str) -> list[Any]:
    """What the function `check` of audit.js finds wrong in the page as it now is."""
    found = await page.evaluate(f"() => {{ {AUDIT}; return {check}(); }}")
    return list(found)


async def furnish(desk: Desk) -> None:
    """A desk with something of everything on it: bubbles, buttons, keyboards, an open sheet, the tools."""
    await desk.bot.call("setMyCommands", commands=[{"command": "status", "description": "Lihat usulan"}])
    text = 'Halo <b>Bu</b> <a href="https://example.org">tautan</a> /status\n<blockquote>kutipan</blockquote>'
    number = await desk.bot.say(
        WATI, text, parse_mode="HTML", reply_markup=keys(["Usulan baru"], ["Bantuan", "Menu"])
    )
    await desk.bot.say(WATI, "Papan", reply_markup={"keyboard": [["Kembali", "Ulangi"]]})
    desk.sim.say(WATI, "Jalan rusak", reply_to=number)
    await expect(desk.log("Bu Wati")).to_contain_text("Jalan rusak")
    await desk.page.get_by_role("button", name="Gangguan dan catatan").click()
    await expect(desk.page.get_by_role("region", name="Tabel catatan")).to_contain_text("sendMessage")
    await desk.phone("Mas Dedi").get_by_role("button", name="Lampirkan").click()
    await desk.phone("Mas Dedi").get_by_role("button", name="Jajak pendapat").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_has_a_contrast_of_at_least_4_5(desk: Desk, scheme: str) -> None:
    await desk.page.emulate_media(
        color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
    )
    await furnish(desk)
    assert await audit(desk.page, "faintTexts") == []


async def test_the_contrast_check_sees_a_faint_text(desk: Desk) -> None:
    await desk.page.evaluate("() => { document.querySelector('h1').style.color = '#b5aa9c'; }")
    assert any("Meja HP" in str(found) for found in await audit(desk.page, "faintTexts"))


async def test_every_control_has_a_name_and_every_id_is_used_once(desk: Desk) -> None:
    await furnish(desk)
    assert await audit(desk.page, "namelessControls") == []
    assert await audit(desk.page, "doubleIds") == []


async def test_the_name_check_sees_a_nameless_button(desk: Desk) -> None:
    await desk.page.evaluate("() => document.querySelector('main').append(document.createElement('button'))")
    assert len(await audit(desk.page, "namelessControls")) == 1


async def test_pointer_targets_are_at_least_24_pixels(desk: Desk) -> None:
    await furnish(desk)
    assert await audit(desk.page, "smallTargets") == []


async def test_page_language_landmarks_and_headings(desk: Desk) -> None:
    assert await desk.page.locator("html").get_attribute("lang") == "id"
    for role, name in (("main", "HP yang terbuka"), ("complementary", "Jam dan orang")):
        await expect(desk.page.get_by_role(role, name=name)).to_be_visible()  # type: ignore[arg-type]
    await expect(desk.page.get_by_role("heading", level=1)).to_have_count(1)
    await expect(desk.phone("Bu Wati").get_by_role("heading", level=2, name="HP Bu Wati")).to_be_visible()
    await expect(desk.log("Bu Wati")).to_have_accessible_name("Obrolan Bu Wati dengan bot")


async def test_each_message_says_who_speaks(desk: Desk) -> None:
    await desk.bot.say(WATI, "Selamat pagi")
    desk.sim.say(WATI, "Pagi")
    messages = desk.log("Bu Wati").get_by_role("article")
    await expect(messages.nth(0)).to_contain_text("Bot berkata: Selamat pagi")
    await expect(messages.nth(1)).to_contain_text("Anda berkata: Pagi")


async def test_the_first_tab_stop_skips_to_the_phones(desk: Desk) -> None:
    await desk.page.keyboard.press("Tab")
    await expect(desk.page.get_by_role("link", name="Langsung ke HP")).to_be_focused()
    await expect(desk.page.get_by_role("link", name="Langsung ke HP")).to_be_in_viewport()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("main")).to_be_focused()


async def test_a_whole_exchange_by_keyboard_alone(desk: Desk) -> None:
    """From the owner's heading: settings, put away, jump link, log, … text box; then a press on the bot's button."""
    await desk.phone("Bu Wati").get_by_role("heading").focus()
    for _ in range(3):
        await desk.page.keyboard.press("Tab")
    await expect(desk.phone("Bu Wati").get_by_role("button", name="Langsung ke kotak tulis")).to_be_focused()
    await desk.page.keyboard.press("Enter")
    await expect(desk.box("Bu Wati")).to_be_focused()
    await desk.page.keyboard.type("Halo")
    await desk.page.keyboard.press("Enter")
    assert (await desk.bot.hear())["message"]["text"] == "Halo"
    await desk.bot.say(WATI, "Pilih", reply_markup=keys(["Usulan baru"]))
    button = desk.log("Bu Wati").get_by_role("button", name="Usulan baru")
    await expect(button).to_be_visible()
    while not await button.evaluate("node => node === document.activeElement"):
        assert await desk.phone("Bu Wati").evaluate("phone => phone.contains(document.activeElement)")
        await desk.page.keyboard.press("Shift+Tab")
    await desk.page.keyboard.press("Space")
    assert (await desk.bot.hear())["callback_query"]["data"] == "Usulan baru"


async def test_the_menus_of_many_messages_are_one_tab_stop_with_arrows(desk: Desk) -> None:
    for number in range(4):
        await desk.bot.say(WATI, f"Pesan {number}")
    dots = desk.log("Bu Wati").get_by_role("button", name="Pilihan pesan")
    await expect(dots).to_have_count(4)
    assert await dots.evaluate_all("all => all.filter((one) => one.tabIndex === 0).length") == 1
    await dots.last.focus()
    await desk.page.keyboard.press("ArrowUp")
    await expect(dots.nth(2)).to_be_focused()
    assert await dots.evaluate_all("all => all.filter((one) => one.tabIndex === 0).length") == 1


async def test_a_sheet_takes_the_focus_and_escape_gives_it_back(desk: Desk) -> None:
    clip = desk.phone("Bu Wati").get_by_role("button", name="Lampirkan")
    await clip.press("Enter")
    await expect(desk.phone("Bu Wati").get_by_role("button", name="Rekam suara")).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(clip).to_be_focused()


async def test_focus_can_be_seen_on_every_kind_of_control(desk: Desk) -> None:
    await furnish(desk)
    assert await audit(desk.page, "unseenFocus") == []


@pytest.mark.parametrize("width", [320, 640, 1024])
async def test_nothing_is_cut_off_sideways_on_narrow_or_enlarged_screens(desk: Desk, width: int) -> None:
    """640 is a 1280 pixel window at 200 %, 320 the same at 400 % (WCAG 1.4.10)."""
    await desk.page.set_viewport_size({"width": width, "height": 800})
    await furnish(desk)
    assert await audit(desk.page, "sidewaysOverflow") == []


async def test_nothing_moves_for_those_who_want_no_motion(desk: Desk) -> None:
    await desk.page.emulate_media(reduced_motion="reduce")
    await furnish(desk)
    await desk.log("Bu Wati").get_by_role("button", name="Usulan baru").click()
    await desk.bot.call("sendChatAction", chat_id=WATI, action="typing")
    await expect(desk.phone("Bu Wati").locator(".peer-state")).to_have_text("sedang mengetik…")
    assert await desk.page.evaluate("() => document.getAnimations().length") == 0


async def test_every_person_to_play_is_described_with_respectful_words() -> None:
    forbidden = {
        "cacat",
        "penderita",
        "bisu",
        "buta",
        "normal",
        "jompo",
        "janda",
        "wanita",
        "menderita",
        "terbelakang",
    }
    people = json.loads((Path(__file__).parents[2] / "simulator" / "people.json").read_text())
    said = {word.strip(".,").lower() for person in people for word in person["about"].split()}
    assert not said & forbidden
