"""Whatever anybody writes is text: it never becomes markup, script, or a way out of the page."""

import pytest
from playwright.async_api import expect

from tests.page.conftest import WATI, Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

ATTACK = "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>"


async def test_markup_written_by_a_person_stays_text(desk: Desk) -> None:
    await desk.box("Bu Wati").fill(ATTACK)
    await desk.box("Bu Wati").press("Enter")
    await desk.bot.hear()
    await desk.bot.say(
        WATI, ATTACK, reply_markup={"inline_keyboard": [[{"text": ATTACK, "callback_data": "x"}]]}
    )
    await expect(desk.log("Bu Wati").get_by_role("article")).to_have_count(2)
    await expect(desk.log("Bu Wati").get_by_role("article").first).to_contain_text(ATTACK)
    await expect(desk.log("Bu Wati").get_by_role("button", name=ATTACK)).to_be_visible()
    assert await desk.log("Bu Wati").locator("img, script").count() == 0
    assert await desk.page.title() != "broken in"


async def test_markup_in_names_captions_commands_and_keyboards_stays_text(desk: Desk) -> None:
    await desk.bot.call("setMyCommands", commands=[{"command": "a", "description": ATTACK}])
    await desk.bot.say(
        WATI, "x", reply_markup={"keyboard": [[{"text": ATTACK}]], "input_field_placeholder": "<b>"}
    )
    await desk.page.get_by_text("Tambah orang").click()
    await desk.page.get_by_label("Nama", exact=True).fill(ATTACK[:60])
    await desk.page.get_by_role("button", name="Tambah", exact=True).click()
    await expect(desk.page.get_by_role("region", name=f"HP {ATTACK[:60]}")).to_be_visible()
    await desk.phone("Bu Wati").get_by_role("button", name="Daftar perintah").click()
    await expect(desk.phone("Bu Wati").get_by_role("dialog")).to_contain_text(ATTACK)
    assert await desk.page.locator("main img, main script").count() == 0


async def test_a_link_with_a_script_as_its_address_is_no_link(desk: Desk) -> None:
    entity = {"type": "text_link", "offset": 0, "length": 5, "url": "javascript:alert(1)"}
    await desk.page.evaluate(
        """async (entity) => {
            const { rich } = await import("/page/rich.js");
            document.querySelector("main").append(...rich("Tekan saya", [entity]));
        }""",
        entity,
    )
    await expect(desk.page.locator("main")).to_contain_text("Tekan saya")
    assert await desk.page.locator("main a").count() == 0


async def test_the_content_rules_allow_nothing_but_the_pages_own_files(desk: Desk) -> None:
    response = await desk.page.request.get(desk.sim.url)
    rules = dict(
        rule.strip().split(" ", 1)
        for rule in response.headers["content-security-policy"].split(";")
        if rule.strip()
    )
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["base-uri"] == rules["frame-ancestors"] == "'none'"
