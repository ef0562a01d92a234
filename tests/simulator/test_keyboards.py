"""Inline buttons, reply keyboards, presses and their answers."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest

from simulator.errors import Refused
from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.clients import Client
from tests.simulator.conftest import TOKEN, Caller

TOO_OLD = "query is too old and response timeout expired or query id is invalid"


def inline(*buttons: dict[str, Any]) -> str:
    return json.dumps({"inline_keyboard": [list(buttons)]})


async def pressed(sim: Simulator, client: Client, person: Person) -> Any:
    """A callback query as the library reads it."""
    sent = await client.send_message(
        person.id, "Pilih", reply_markup=client.inline([[{"text": "Ya", "callback_data": "jawab:ya"}]])
    )
    sim.press(person.id, sent.message_id, (0, 0))
    [update] = await client.get_updates(timeout=0)
    return update.callback_query


async def test_a_tap_and_its_answer(sim: Simulator, client: Client, wati: Person) -> None:
    """A tap tells id, person, message, chat_instance and data; the button spins until it is answered."""
    query = await pressed(sim, client, wati)
    assert (query.data, query.from_user.id, query.message.text) == ("jawab:ya", wati.id, "Pilih")
    assert query.id
    assert query.chat_instance
    assert sim.chat(wati.id)["waiting"] == [{"message_id": query.message.message_id, "data": "jawab:ya"}]
    assert await client.answer_callback_query(query.id, text="Tersimpan", show_alert=True)
    assert sim.chat(wati.id)["waiting"] == []
    [note] = [one for one in sim.world.events.after(0) if one["type"] == "answer"]
    assert (note["text"], note["alert"], note["chat"]) == ("Tersimpan", True, wati.id)


async def test_unanswerable_queries(sim: Simulator, client: Client, wati: Person) -> None:
    """An unknown id, one answered already, and one older than 150 s of virtual time are refused alike."""
    query = await pressed(sim, client, wati)
    assert await client.refused(client.answer_callback_query("12345")) == TOO_OLD
    assert await client.refused(client.answer_callback_query("nonsense")) == TOO_OLD
    await client.answer_callback_query(query.id)
    assert await client.refused(client.answer_callback_query(query.id)) == TOO_OLD
    late = sim.press(wati.id, query.message.message_id, "jawab:ya").seen["callback_query_id"]
    sim.advance(151)
    assert await client.refused(client.answer_callback_query(late)) == TOO_OLD


async def test_second_answers_can_be_allowed(sim: Simulator, client: Client, wati: Person) -> None:
    """Whether the real server refuses a second answer is not known; the simulator can allow it."""
    sim.world.limits.change({"answer_once": False})
    query = await pressed(sim, client, wati)
    assert await client.answer_callback_query(query.id)
    assert await client.answer_callback_query(query.id)


async def test_double_tap_makes_two_queries(sim: Simulator, wati: Person, call: Caller) -> None:
    """Two taps on one button are two queries with ids of their own."""
    _, sent = await call(
        "sendMessage", chat_id=wati.id, text="a", reply_markup=inline({"text": "a", "callback_data": "b"})
    )
    for _ in range(2):
        sim.press(wati.id, sent["result"]["message_id"], "b")
    _, body = await call("getUpdates")
    first, second = [update["callback_query"] for update in body["result"]]
    assert first["id"] != second["id"]
    assert first["chat_instance"] == second["chat_instance"]


async def test_tap_on_a_deleted_message(sim: Simulator, client: Client, wati: Person, call: Caller) -> None:
    """The query of a deleted message carries an inaccessible one: its id, and 0 for a date."""
    sent = await client.send_message(
        wati.id, "a", reply_markup=client.inline([[{"text": "a", "callback_data": "b"}]])
    )
    await client.delete_message(wati.id, sent.message_id)
    sim.press(wati.id, sent.message_id, "b")
    [update] = await client.get_updates(timeout=0)
    assert update.callback_query.message.message_id == sent.message_id
    _, body = await call("getUpdates")
    told = body["result"][0]["callback_query"]["message"]
    assert (told.keys(), told["date"]) == ({"chat", "message_id", "date"}, 0)


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "a", "callback_data": "ж" * 32}, None),
        ({"text": "a", "callback_data": "ж" * 32 + "a"}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a", "callback_data": ""},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "callback_data": "b", "style": "pink"},
            "can't parse inline keyboard button: invalid button style specified",
        ),
    ],
)
async def test_button_data(call: Caller, wati: Person, button: dict[str, str], words: str | None) -> None:
    """64 bytes of data pass, 65 do not, whatever the alphabet; an empty one is no callback button."""
    status, body = await call("sendMessage", chat_id=wati.id, text="a", reply_markup=inline(button))
    assert (status, body.get("description")) == (
        (200, None) if words is None else (400, f"Bad Request: {words}")
    )


async def test_unseen_buttons_are_dropped(call: Caller, wati: Person) -> None:
    """More than 12 buttons in a row and nameless ones vanish without an error, as at Telegram."""
    many = [{"text": str(number), "callback_data": "x"} for number in range(14)]
    markup = json.dumps({"inline_keyboard": [many, [{"text": "", "callback_data": "x"}]]})
    _, body = await call("sendMessage", chat_id=wati.id, text="a", reply_markup=markup)
    assert [len(row) for row in body["result"]["reply_markup"]["inline_keyboard"]] == [12]


async def test_reply_keyboards_live_in_the_app(sim: Simulator, wati: Person, call: Caller) -> None:
    """A reply keyboard is shown and obeyed by the app, removed on request, and never echoed in the message."""
    markup = '{"keyboard":[["Menu",{"text":"Bantuan"}]],"one_time_keyboard":true}'
    _, sent = await call("sendMessage", chat_id=wati.id, text="a", reply_markup=markup)
    assert "reply_markup" not in sent["result"]
    assert sim.chat(wati.id)["reply_keyboard"]["keyboard"] == [[{"text": "Menu"}, {"text": "Bantuan"}]]
    sim.key(wati.id, "Menu")
    assert sim.chat(wati.id)["messages"][-1]["text"] == "Menu"
    assert sim.chat(wati.id)["reply_keyboard"] is None
    await call("sendMessage", chat_id=wati.id, text="a", reply_markup='{"force_reply":true}')
    assert sim.chat(wati.id)["reply_keyboard"] == {"force_reply": True}
    await call("sendMessage", chat_id=wati.id, text="a", reply_markup='{"remove_keyboard":true}')
    assert sim.chat(wati.id)["reply_keyboard"] is None
    with pytest.raises(Refused):
        sim.key(wati.id, "Menu")


async def test_contact_and_location_keys(sim: Simulator, client: Client, wati: Person, call: Caller) -> None:
    """Keys that ask for the number or the place send them, the contact as a reply with its owner's id."""
    markup = (
        '{"keyboard":[[{"text":"Nomor","request_contact":true},{"text":"Tempat","request_location":true}]]}'
    )
    _, sent = await call("sendMessage", chat_id=wati.id, text="a", reply_markup=markup)
    sim.key(wati.id, "Nomor")
    sim.key(wati.id, "Tempat")
    sim.contact(wati.id, phone_number="62800", first_name="Orang lain")
    mine, place, other = [update.message for update in await client.get_updates(timeout=0)]
    assert (mine.contact.user_id, mine.reply_to_message.message_id) == (wati.id, sent["result"]["message_id"])
    assert place.location.latitude
    assert other.contact.user_id is None


async def test_buttons_without_a_callback(sim: Simulator, wati: Person, call: Caller) -> None:
    """Url and copy_text make no update; a web_app is opened with init data that the token verifies."""
    buttons = (
        {"text": "a", "url": "https://a.id"},
        {"text": "b", "copy_text": {"text": "482-913-7"}},
        {"text": "c", "web_app": {"url": "https://a.id/app"}},
    )
    _, sent = await call("sendMessage", chat_id=wati.id, text="a", reply_markup=inline(*buttons))
    number = sent["result"]["message_id"]
    address, copied, app = [sim.press(wati.id, number, (0, column)) for column in range(3)]
    assert (address.seen, copied.seen) == ({"url": "https://a.id"}, {"copied": "482-913-7"})
    assert [done.update_ids for done in (address, copied, app)] == [[], [], []]
    fields = dict(parse_qsl(unquote(app.seen["url"].partition("#tgWebAppData=")[2])))
    signature = fields.pop("hash")
    secret = hmac.new(b"WebAppData", TOKEN.encode(), hashlib.sha256).digest()
    check = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    assert hmac.new(secret, check.encode(), hashlib.sha256).hexdigest() == signature


async def test_marks_of_a_message(wati: Person, call: Caller) -> None:
    """protect_content, effect and a button's style and copy_text are echoed as Telegram does."""
    markup = inline(
        {"text": "a", "callback_data": "b", "style": "primary"}, {"text": "c", "copy_text": {"text": "d"}}
    )
    _, body = await call(
        "sendMessage",
        chat_id=wati.id,
        text="a",
        protect_content="True",
        message_effect_id="5",
        reply_markup=markup,
    )
    result = body["result"]
    assert (result["has_protected_content"], result["effect_id"]) == (True, "5")
    assert result["reply_markup"] == json.loads(markup)


async def test_contact_keys_only_in_private_chats(sim: Simulator, wati: Person, call: Caller) -> None:
    """A key that asks for the phone number is refused in a group."""
    group = sim.add_group("RT 3", [wati.id])
    markup = '{"keyboard":[[{"text":"Nomor","request_contact":true}]]}'
    _, body = await call("sendMessage", chat_id=group.id, text="a", reply_markup=markup)
    assert body["description"] == "Bad Request: phone number can be requested in private chats only"


async def test_chat_action(sim: Simulator, client: Client, wati: Person) -> None:
    """SendChatAction shows for five seconds, or until a message comes."""
    await client.send_chat_action(wati.id, "typing")
    assert sim.chat(wati.id)["typing"] is True
    sim.advance(5)
    assert sim.chat(wati.id)["typing"] is False
    await client.send_chat_action(wati.id, "typing")
    await client.send_message(wati.id, "Halo")
    assert sim.chat(wati.id)["typing"] is False
