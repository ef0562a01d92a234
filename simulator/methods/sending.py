"""The methods that put a new message into a chat."""

from typing import Any

from simulator.calls import Call
from simulator.content import message_text
from simulator.errors import bad_request
from simulator.markup import check_place, inline_only, reply_markup
from simulator.methods.targets import check_writable, known_chat, named_message, writable_chat
from simulator.people import Chat, Message
from simulator.wire import Json

ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
        "record_audio",
        "upload_audio",
    ]
)
ACTION_SHOWN = 5.0  # seconds


def send_message(call: Call) -> Json:
    """SendMessage."""
    content = message_text(call).wire("text", "entities")
    return deliver(call, content)


def deliver(call: Call, content: Json) -> Json:
    """Sends checked content to the chat that the call names; the Message object."""
    markup = reply_markup(call)
    chat = known_chat(call)
    check_place(markup, chat)
    reply = replied(call, chat)
    check_writable(call.world, chat)
    wire = post(call, chat, reply | content | inline_only(markup)).wire
    show_keyboard(call, chat, markup)
    return wire


def post(call: Call, chat: Chat, content: Json) -> Message:
    """Appends the bot's message with the marks that every send method may ask for."""
    marks: Json = {}
    if call.params:
        if call.flag("protect_content"):
            marks["has_protected_content"] = True
        if call.text("message_effect_id") and chat.type == "private":
            marks["effect_id"] = call.text("message_effect_id")
    return call.world.add(chat, call.bot.user(), content | marks, outgoing=True)


def show_keyboard(call: Call, chat: Chat, markup: Json | None) -> None:
    """What a reply keyboard, its removal or force_reply does to the person's app."""
    if markup is None or "inline_keyboard" in markup:
        return
    chat.keyboard = None if markup.get("remove_keyboard") else markup
    chat.keyboard_of = chat.last_id
    call.world.save_chat(chat)
    call.world.events.publish("keyboard", chat.id, bot=chat.bot)


def replied(call: Call, chat: Chat) -> Json:
    """The reply_to_message field of the new message, empty when it is no reply."""
    message_id, forgiving = _reply_parameters(call)
    if message_id == 0:
        return {}
    found = call.world.find(chat, message_id)
    if found is None and not forgiving:
        raise bad_request("message to be replied not found")
    return {} if found is None else {"reply_to_message": shallow(found.wire)}


def shallow(wire: Json) -> Json:
    """A message as it is quoted in a reply: without a reply of its own."""
    return {name: value for name, value in wire.items() if name != "reply_to_message"}


def _reply_parameters(call: Call) -> tuple[int, bool]:
    given: Any = call.json("reply_parameters", "can't parse reply parameters JSON object")
    if given is None:
        return call.integer("reply_to_message_id"), call.flag("allow_sending_without_reply")
    if not isinstance(given, dict):
        raise bad_request("object expected as reply parameters")
    one = Call(call.world, call.bot, call.method, given)
    return one.integer("message_id"), one.flag("allow_sending_without_reply")


def send_chat_action(call: Call) -> bool:
    """sendChatAction: the person sees it for five seconds or until a message comes."""
    action = call.text("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = writable_chat(call)
    chat.action, chat.action_until = action, call.world.clock.now() + ACTION_SHOWN
    call.world.events.publish("action", chat.id, bot=chat.bot, action=action)
    return True


def set_message_reaction(call: Call) -> bool:
    """setMessageReaction: a bot may set one emoji."""
    chat = writable_chat(call)
    message = named_message(call, chat, "react")
    reactions = call.json("reaction", "can't parse reaction types JSON object") or []
    if not isinstance(reactions, list) or len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    call.world.events.publish("reaction", chat.id, bot=chat.bot, message_id=message.id, reaction=reactions)
    return True


METHODS = {
    "sendmessage": send_message,
    "sendchataction": send_chat_action,
    "setmessagereaction": set_message_reaction,
}
