"""What the chat page shows of a chat: the control API's reading side."""

from simulator.methods.pressing import ANSWERABLE
from simulator.methods.profile import client_commands, menu_button
from simulator.people import Chat, Message
from simulator.render import to_html
from simulator.wire import Json, present
from simulator.world import World

FILE_KINDS = ("voice", "audio", "video_note", "video", "photo", "document", "sticker")
KINDS = (*FILE_KINDS, "location", "contact", "poll")
BUTTON_FIELDS = {"callback_data": "data", "url": "url", "style": "style"}
SHOWN = 200  # messages


def chat_view(world: World, chat: Chat, limit: int = SHOWN) -> Json:
    """The last messages of a private chat and everything around them."""
    person, bot = world.people[chat.id], world.accounts[chat.bot]
    shown = list(world.history(chat).values())[-limit:]
    scopes = [f"chat:{chat.id}", "all_private_chats", "default"]
    return {
        "person": chat.id,
        "bot": {"id": bot.id, "name": bot.name, "username": bot.username},
        "messages": [message_view(world, message) for message in shown],
        "reply_keyboard": chat.keyboard,
        "commands": client_commands(bot.commands, scopes, person.language_code or ""),
        "menu_button": menu_button(bot.menus, chat.id),
        "blocked": bot.id in person.blocked,
        "started": bot.id in person.started,
        "typing": chat.action is not None and chat.action_until > world.clock.now(),
        "action": chat.action if chat.action_until > world.clock.now() else None,
        "waiting": waiting(world, chat),
    }


def waiting(world: World, chat: Chat) -> list[Json]:
    """The presses whose button still spins."""
    now = world.clock.now()
    presses = world.accounts[chat.bot].presses.values()
    return [
        {"message_id": press.message_id, "data": press.data}
        for press in presses
        if press.chat == chat.id and not press.answered and now - press.at <= ANSWERABLE
    ]


def message_view(world: World, message: Message) -> Json:
    """One message for the page."""
    wire = message.wire
    kind = next((kind for kind in KINDS if kind in wire), "text")
    view = {
        "message_id": message.id,
        "from": "bot" if message.outgoing else "person",
        "sender": wire["from"]["id"],
        "date": wire["date"],
        "kind": kind,
        "html": to_html(wire.get("text", ""), wire.get("entities", [])),
    }
    return view | present(
        edit_date=wire.get("edit_date"),
        text=wire.get("text"),
        entities=wire.get("entities"),
        caption=wire.get("caption"),
        caption_entities=wire.get("caption_entities"),
        caption_html=_caption(wire),
        file=file_view(world, wire[kind]) if kind in FILE_KINDS else None,
        details=wire[kind] if kind in {"location", "contact", "poll"} else None,
        inline_keyboard=_keyboard(wire),
        forward=wire.get("forward_origin"),
        reply_to=wire.get("reply_to_message", {}).get("message_id"),
        media_group_id=wire.get("media_group_id"),
        protected=wire.get("has_protected_content"),
        deleted=message.deleted or None,
    )


def _caption(wire: Json) -> str | None:
    return to_html(wire["caption"], wire.get("caption_entities", [])) if "caption" in wire else None


def _keyboard(wire: Json) -> list[list[Json]] | None:
    rows = wire.get("reply_markup", {}).get("inline_keyboard")
    return [[_button(button) for button in row] for row in rows] if rows else None


def _button(button: Json) -> Json:
    shown = {told: button[name] for name, told in BUTTON_FIELDS.items() if name in button}
    if "web_app" in button:
        shown["url"] = button["web_app"]["url"]
    if "copy_text" in button:
        shown["copy"] = button["copy_text"]["text"]
    return {"text": button["text"], **shown}


def file_view(world: World, wire: Json | list[Json]) -> Json | None:
    """A file for the page: where to load it from, and what it is."""
    told = wire[-1] if isinstance(wire, list) else wire
    file = world.files.unique(told["file_unique_id"])
    if file is None:
        return None
    return present(
        url=f"/sim/files/{file.unique_id}",
        duration=file.duration,
        mime_type=file.mime_type,
        size=file.size,
        name=file.name,
        width=file.width or None,
        height=file.height or None,
    )
