"""Editing, deleting and replying."""

from typing import Any

from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.clients import Client
from tests.simulator.conftest import Caller

ROWS = [[{"text": "Ya", "callback_data": "ya"}]]
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


async def edit(client: Client, person: Person, message_id: int, text: str, **more: Any) -> Any:
    return await client.edit_message_text(text, chat_id=person.id, message_id=message_id, **more)


async def test_equal_edit_is_refused(client: Client, wati: Person) -> None:
    """The same text and keyboard again: "message is not modified"; an absent id: "message to edit not found"."""
    sent = await client.send_message(wati.id, "Halo", reply_markup=client.inline(ROWS))
    again = edit(client, wati, sent.message_id, "Halo", reply_markup=client.inline(ROWS))
    assert await client.refused(again) == SAME
    assert await client.refused(edit(client, wati, 999, "Halo")) == "message to edit not found"


async def test_edit_without_markup_removes_the_keyboard(sim: Simulator, client: Client, wati: Person) -> None:
    """Editing the text alone takes the inline keyboard away; the chat shows the edit in place."""
    sent = await client.send_message(wati.id, "Halo", reply_markup=client.inline(ROWS))
    edited = await edit(client, wati, sent.message_id, "Halo lagi")
    assert (edited.text, edited.reply_markup, edited.message_id) == ("Halo lagi", None, sent.message_id)
    shown = sim.chat(wati.id)["messages"][-1]
    assert (shown["text"], "inline_keyboard" in shown, shown["edit_date"]) == (
        "Halo lagi",
        False,
        sim.clock.stamp(),
    )


async def test_markup_alone_can_be_edited(client: Client, wati: Person) -> None:
    """EditMessageReplyMarkup changes the keyboard and nothing else."""
    sent = await client.send_message(wati.id, "Halo", reply_markup=client.inline(ROWS))
    edited = await client.edit_message_reply_markup(chat_id=wati.id, message_id=sent.message_id)
    assert (edited.text, edited.reply_markup) == ("Halo", None)


async def test_what_cannot_be_edited(sim: Simulator, wati: Person, call: Caller) -> None:
    """A person's message, a reply keyboard on an edit, an edit without an id: each in the server's words."""
    theirs = sim.say(wati.id, "Halo").message_id
    _, sent = await call("sendMessage", chat_id=wati.id, text="Halo")
    mine = sent["result"]["message_id"]
    keyboard = '{"keyboard":[["a"]]}'
    asked: list[dict[str, Any]] = [{"message_id": theirs}, {"message_id": mine, "reply_markup": keyboard}, {}]
    answers = [await call("editMessageText", chat_id=wati.id, text="b", **one) for one in asked]
    assert [body["description"] for _, body in answers] == [
        "Bad Request: message can't be edited",
        "Bad Request: inline keyboard expected",
        "Bad Request: message identifier is not specified",
    ]


async def test_reply_to_a_missing_message(client: Client, wati: Person) -> None:
    """A reply to nothing is refused, unless the bot allows it to be sent without."""
    refusal = await client.refused(client.send_message(wati.id, "a", reply_to_message_id=999))
    assert refusal == "message to be replied not found"
    sent = await client.send_message(wati.id, "a", reply_to_message_id=999, allow_sending_without_reply=True)
    assert sent.reply_to_message is None


async def test_reply_is_quoted(sim: Simulator, wati: Person, call: Caller) -> None:
    """reply_parameters quotes the message; an edit's answer leaves the quote out."""
    asked = sim.say(wati.id, "Berapa?").message_id
    _, sent = await call(
        "sendMessage", chat_id=wati.id, text="3", reply_parameters=f'{{"message_id":{asked}}}'
    )
    assert sent["result"]["reply_to_message"]["text"] == "Berapa?"
    _, edited = await call(
        "editMessageText", chat_id=wati.id, message_id=sent["result"]["message_id"], text="4"
    )
    assert "reply_to_message" not in edited["result"]


async def test_delete_twice_and_too_late(sim: Simulator, client: Client, wati: Person) -> None:
    """A second delete finds nothing; after 48 hours a message cannot be deleted for everyone."""
    first = await client.send_message(wati.id, "a")
    late = await client.send_message(wati.id, "b")
    assert await client.delete_message(wati.id, first.message_id)
    assert (
        await client.refused(client.delete_message(wati.id, first.message_id))
        == "message to delete not found"
    )
    sim.advance(48 * 3600)
    refusal = await client.refused(client.delete_message(wati.id, late.message_id))
    assert refusal == "message can't be deleted for everyone"


async def test_delete_messages_skips_missing_ids(sim: Simulator, client: Client, wati: Person) -> None:
    """DeleteMessages deletes those that are there, the person's too, and ignores the rest."""
    mine = await client.send_message(wati.id, "a")
    theirs = sim.say(wati.id, "b").message_id
    assert await client.delete_messages(wati.id, [mine.message_id, theirs, 999])
    assert [one["deleted"] for one in sim.chat(wati.id)["messages"][-2:]] == [True, True]
