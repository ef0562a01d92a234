"""People: who can be written to, blocking, deep links, edits, groups."""

import pytest

from simulator.errors import Refused
from simulator.people import Person
from simulator.server import Simulator
from tests.simulator.clients import Client
from tests.simulator.conftest import Caller

STRANGER = 123


async def test_blocking(sim: Simulator, client: Client, wati: Person) -> None:
    """Blocking tells my_chat_member kicked and makes every send a 403; unblocking reverses both."""
    sim.block(wati.id)
    [update] = await client.get_updates(timeout=0, allowed_updates=["message", "my_chat_member"])
    change = update.my_chat_member
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    assert await client.refused(client.send_message(wati.id, "a")) == "bot was blocked by the user"
    assert await client.refused(client.send_chat_action(wati.id, "typing")) == "bot was blocked by the user"
    sim.unblock(wati.id)
    back = (await client.get_updates(offset=update.update_id + 1, timeout=0))[0].my_chat_member
    assert (back.old_chat_member.status, back.new_chat_member.status) == ("kicked", "member")
    assert (await client.send_message(wati.id, "a")).text == "a"


async def test_who_cannot_be_written_to(sim: Simulator, client: Client, wati: Person) -> None:
    """Unknown chat, a person who never started the bot, a deleted account, another bot: each its own words."""
    new = sim.add_person("Baru")
    gone = sim.add_person("Pergi")
    sim.start(gone.id)
    sim.deactivate(gone.id)
    bot = max(sim.world.accounts)
    wanted = {
        STRANGER: "chat not found",
        "@wati": "chat not found",
        new.id: "bot can't initiate conversation with a user",
        gone.id: "user is deactivated",
        bot: "the bot can't send messages to the bot",
    }
    assert {chat: await client.refused(client.send_message(chat, "a")) for chat in wanted} == wanted


async def test_deep_link(sim: Simulator, client: Client) -> None:
    """A deep link sends "/start PAYLOAD" with the command marked, each time; a bad payload never leaves the app."""
    person = sim.add_person("Wati")
    sim.start(person.id, "desa-18_07")
    [update] = await client.get_updates(timeout=0)
    entity = update.message.entities[0]
    assert (update.message.text, entity.type, entity.offset, entity.length) == (
        "/start desa-18_07",
        "bot_command",
        0,
        6,
    )
    for payload in ("a b", "x" * 65):
        with pytest.raises(Refused):
            sim.start(person.id, payload)


async def test_a_link_is_offered_until_it_is_opened(sim: Simulator, client: Client, wati: Person) -> None:
    """A person's deep link is told to the page, opened once, and then gone; adding the person again keeps it."""
    sim.add_person("Wati", id=wati.id, link="u-undangan", link_label="Buka undangan")
    sim.add_person("Bu", last_name="Wati", id=wati.id)
    assert sim.person(wati.id).view() | {"first_name": "Bu"} == sim.person(wati.id).view()
    assert (sim.person(wati.id).link, sim.person(wati.id).link_label) == ("u-undangan", "Buka undangan")
    sim.follow(wati.id)
    [update] = await client.get_updates(timeout=0)
    assert update.message.text == "/start u-undangan"
    assert "link" not in sim.person(wati.id).view()
    with pytest.raises(Refused, match="no link"):
        sim.follow(wati.id)
    with pytest.raises(Refused, match="payload"):
        sim.add_person("Wati", id=wati.id, link="bukan tautan")


async def test_edit_by_a_person(sim: Simulator, client: Client, wati: Person) -> None:
    """An edit is told with edit_date, the same content again is not, and a deletion never is."""
    done = sim.say(wati.id, "Jalan rusak")
    assert done.message_id
    assert sim.edit(wati.id, done.message_id, "Jalan rusak").update_ids == []
    sim.advance(10)
    sim.edit(wati.id, done.message_id, "Jalan rusak parah")
    assert sim.delete(wati.id, done.message_id).update_ids == []
    first, second = await client.get_updates(timeout=0)
    assert (first.message.text, second.edited_message.text) == ("Jalan rusak", "Jalan rusak parah")
    assert second.edited_message.edit_date


async def test_language(sim: Simulator, wati: Person, call: Caller) -> None:
    """A changed language is told with the next message; none is absent, not null."""
    for code in ("en", None):
        sim.language(wati.id, code)
        sim.say(wati.id, "Halo")
    _, body = await call("getUpdates")
    first, second = [update["message"]["from"] for update in body["result"]]
    assert first["language_code"] == "en"
    assert "language_code" not in second


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4097])
def test_what_an_app_would_not_send(sim: Simulator, wati: Person, text: str) -> None:
    """Empty and over-long texts are refused by the app, without an update."""
    with pytest.raises(Refused):
        sim.say(wati.id, text)


def test_a_blocker_must_unblock_first(sim: Simulator, wati: Person) -> None:
    """Who has blocked the bot cannot write; Start unblocks."""
    sim.block(wati.id)
    with pytest.raises(Refused, match="unblock"):
        sim.say(wati.id, "Halo")
    assert len(sim.start(wati.id).update_ids) == 1
    assert sim.person(wati.id).blocked == frozenset()


async def test_groups_and_privacy(sim: Simulator, client: Client, wati: Person) -> None:
    """In a group a bot sees commands, mentions of it and replies to it; an administrator sees all."""
    group = sim.add_group("RT 3", [wati.id])
    [added, created] = await client.get_updates(timeout=0)
    assert added.my_chat_member.new_chat_member.status == "member"
    assert created.message.group_chat_created
    assert sim.group_say(group.id, wati.id, "Halo semua").update_ids == []
    seen = sim.group_say(
        group.id, wati.id, f"/bantuan@{sim.world.accounts[sim.bot_id()].username}"
    ).update_ids
    assert len(seen) == 1
    mine = await client.send_message(group.id, "Saya bekerja di chat pribadi.")
    assert len(sim.group_say(group.id, wati.id, "Baik", reply_to=mine.message_id).update_ids) == 1
    watched = sim.add_group("RT 4", [wati.id], admin=True)
    assert len(sim.group_say(watched.id, wati.id, "Halo semua").update_ids) == 2
    with pytest.raises(Refused):
        sim.group_say(group.id, STRANGER, "Halo")


async def test_kicked_from_a_group(sim: Simulator, client: Client, wati: Person) -> None:
    """A bot that was removed is told so by every send."""
    group = sim.add_group("RT 3", [wati.id])
    sim.kick(group.id, wati.id)
    assert await client.refused(client.send_message(group.id, "a")) == "bot was kicked from the group chat"


async def test_migration(sim: Simulator, wati: Person, call: Caller) -> None:
    """A group that becomes a supergroup tells both ids, and refuses sends with migrate_to_chat_id."""
    group = sim.add_group("RT 3", [wati.id])
    new = sim.migrate(group.id)
    status, body = await call("sendMessage", chat_id=group.id, text="a")
    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": new.id})
    assert body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    _, updates = await call("getUpdates")
    told = [update["message"] for update in updates["result"][-2:] if "message" in update]
    assert {"migrate_to_chat_id", "migrate_from_chat_id"} <= {name for wire in told for name in wire}


async def test_get_chat_and_member(sim: Simulator, client: Client, wati: Person) -> None:
    """GetChat and getChatMember are read by both libraries."""
    chat = await client.get_chat(wati.id)
    member = await client.get_chat_member(wati.id, wati.id)
    assert (chat.id, chat.type, chat.first_name, member.status) == (wati.id, "private", "Wati", "member")
    group = sim.add_group("RT 3", [wati.id], admin=True)
    assert (await client.get_chat(group.id)).title == "RT 3"
    assert (await client.get_chat_member(group.id, wati.id)).status == "creator"
    assert (await client.get_chat_member(group.id, sim.bot_id())).status == "administrator"


async def test_reaction(sim: Simulator, client: Client, wati: Person) -> None:
    """A bot may react with one emoji to a message that exists."""
    asked = sim.say(wati.id, "Halo").message_id
    assert await client.set_message_reaction(wati.id, asked)
    assert await client.refused(client.set_message_reaction(wati.id, 999)) == "message to react not found"
