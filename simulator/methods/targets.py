"""Where a call is aimed: the chat and the message that it names, or the server's refusal."""

import re
from typing import TYPE_CHECKING

from simulator.calls import Call
from simulator.errors import bad_request, forbidden
from simulator.people import Chat, Group, Message, Person

if TYPE_CHECKING:
    from simulator.world import World

NUMBER = re.compile(r"-?[0-9]{1,18}")


def known_chat(call: Call, name: str = "chat_id") -> Chat:
    """The chat of this call, whether or not the bot may write there; ApiError 400 when it is unknown."""
    raw = call.text(name)
    if not raw:
        raise bad_request(f"{name} is empty")
    if not NUMBER.fullmatch(raw):
        raise bad_request("chat not found")
    chat_id = int(raw)
    if chat_id in call.world.accounts:
        raise forbidden("the bot can't send messages to the bot")
    return _private(call, chat_id) if chat_id > 0 else _group(call, chat_id)


def _private(call: Call, chat_id: int) -> Chat:
    if chat_id not in call.world.people:
        raise bad_request("chat not found")
    return call.world.chat(call.bot.id, chat_id)


def _group(call: Call, chat_id: int) -> Chat:
    group = call.world.groups.get(chat_id)
    if group is None:
        raise bad_request("chat not found")
    return call.world.chat(call.bot.id, chat_id, group.type)


def writable_chat(call: Call) -> Chat:
    """The chat of this call when the bot may write there now; ApiError 403 in the server's words otherwise."""
    chat = known_chat(call)
    check_writable(call.world, chat)
    return chat


def check_writable(world: "World", chat: Chat) -> None:
    """Raises ApiError when the bot may not write into this chat."""
    if chat.type == "private":
        _check_person(world.people[chat.id], chat)
    else:
        _check_group(world.groups[chat.id], chat)


def _check_person(person: Person, chat: Chat) -> None:
    if person.deactivated:
        raise forbidden("user is deactivated")
    if chat.bot in person.blocked:
        raise forbidden("bot was blocked by the user")
    if chat.bot not in person.started:
        raise forbidden("bot can't initiate conversation with a user")


def _check_group(group: Group, chat: Chat) -> None:
    if group.migrated_to is not None:
        raise bad_request(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=group.migrated_to
        )
    if chat.bot in group.removed:
        raise forbidden(f"bot was kicked from the {group.type} chat")


def named_message(call: Call, chat: Chat, purpose: str, name: str = "message_id") -> Message:
    """The message that the call names; `purpose` completes the sentence "message to … not found"."""
    message_id = call.integer(name)
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    found = call.world.find(chat, message_id)
    if found is None:
        raise bad_request(f"message to {purpose} not found")
    return found
