"""The methods that change or remove messages."""

from simulator.calls import Call
from simulator.content import caption, message_text
from simulator.entities import Formatted
from simulator.errors import ApiError, bad_request
from simulator.markup import inline_markup, inline_only
from simulator.methods.targets import named_message, writable_chat
from simulator.people import Chat, Message
from simulator.wire import Json

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
DELETABLE = 48 * 3600  # seconds for which a message can be deleted for everyone
MOST_DELETED = 100
CAPTIONED = ("voice", "audio", "photo", "video", "document", "animation")


def edit_message_text(call: Call) -> Json:
    """EditMessageText."""
    text = message_text(call)
    chat, message = _editable(call)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    return _change(call, chat, message, _replaced(message, text, "text", "entities"))


def edit_message_caption(call: Call) -> Json:
    """EditMessageCaption."""
    text = caption(call)
    chat, message = _editable(call)
    if not any(kind in message.wire for kind in CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    return _change(call, chat, message, _replaced(message, text, "caption", "caption_entities"))


def edit_message_reply_markup(call: Call) -> Json:
    """EditMessageReplyMarkup."""
    chat, message = _editable(call)
    return _change(call, chat, message, dict(message.wire))


def _editable(call: Call) -> tuple[Chat, Message]:
    if call.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = writable_chat(call)
    message = named_message(call, chat, "edit")
    if not message.outgoing:
        raise bad_request("message can't be edited")
    return chat, message


def _replaced(message: Message, text: Formatted, name: str, entities_name: str) -> Json:
    wire = {key: value for key, value in message.wire.items() if key not in {name, entities_name}}
    return wire | (text.wire(name, entities_name) if text.text else {})


def _change(call: Call, chat: Chat, message: Message, wire: Json) -> Json:
    wire = {key: value for key, value in wire.items() if key not in {"reply_markup", "edit_date"}}
    wire |= inline_only(inline_markup(call))
    if wire == {key: value for key, value in message.wire.items() if key != "edit_date"}:
        raise bad_request(SAME)
    message.wire = wire | {"edit_date": call.world.clock.stamp()}
    call.world.save_message(chat, message)
    call.world.events.publish("edited", chat.id, bot=chat.bot, message_id=message.id)
    return {key: value for key, value in message.wire.items() if key != "reply_to_message"}


def delete_message(call: Call) -> bool:
    """deleteMessage: its own and, in a private chat, the person's, for 48 hours."""
    chat = writable_chat(call)
    message = named_message(call, chat, "delete")
    if not _deletable(call, chat, message):
        raise bad_request("message can't be deleted for everyone")
    call.world.delete(chat, message)
    return True


def delete_messages(call: Call) -> bool:
    """deleteMessages: those that exist and may be deleted; the others are skipped."""
    ids = call.listed("message_ids", "can't parse message identifiers JSON object")
    if len(ids) > MOST_DELETED:
        raise ApiError(400, "Bad Request: too many message identifiers specified")
    if not ids:
        raise bad_request("message identifiers are not specified")
    chat = writable_chat(call)
    for message_id in ids:
        found = call.world.find(chat, message_id) if isinstance(message_id, int) else None
        if found is not None and _deletable(call, chat, found):
            call.world.delete(chat, found)
    return True


def _deletable(call: Call, chat: Chat, message: Message) -> bool:
    young = call.world.clock.now() - message.wire["date"] < DELETABLE
    return young and (message.outgoing or chat.type == "private")


METHODS = {
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
}
