"""Keyboards: reply_markup is read and refused as the Bot API server does it (Client::get_reply_markup)."""

from typing import Any

from simulator.calls import Call
from simulator.errors import ApiError, bad_request
from simulator.people import Chat
from simulator.wire import Json

LONGEST_DATA = 64  # bytes of callback_data
WIDEST = 12  # buttons in a row that the server keeps
MOST = 300  # buttons in one keyboard that it keeps
BUTTON_KINDS: tuple[str, ...] = (
    "url",
    "callback_data",
    "web_app",
    "copy_text",
    "login_url",
    "switch_inline_query",
    "pay",
)
BUTTON_KINDS += ("switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game")
STYLES = frozenset({"primary", "success", "danger"})
PRIVATE_ONLY = {
    "request_contact": "phone number can be requested in private chats only",
    "request_location": "location can be requested in private chats only",
    "request_poll": "poll can be requested in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
    "web_app": "web app buttons can be used in private chats only",
}


def reply_markup(call: Call) -> Json | None:
    """The call's keyboard, cleaned of buttons that the server drops; None when it gave none."""
    wanted = call.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if wanted in (None, {}):
        return None
    if not isinstance(wanted, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in wanted:
        return {"inline_keyboard": inline_rows(wanted["inline_keyboard"])}
    if "keyboard" in wanted:
        return {**wanted, "keyboard": reply_rows(wanted["keyboard"])}
    return wanted if wanted.get("remove_keyboard") or wanted.get("force_reply") else None


def inline_markup(call: Call) -> Json | None:
    """The keyboard of an edit: only an inline one will do."""
    markup = reply_markup(call)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup if markup is not None and markup["inline_keyboard"] else None


def inline_rows(rows: Any) -> list[list[Json]]:
    """Rows of inline buttons; empty rows and nameless buttons are dropped as the server does."""
    checked = [[_inline_button(button) for button in row] for row in _grid(rows, "inline_keyboard")]
    return _kept(checked)


def reply_rows(rows: Any) -> list[list[Json]]:
    """Rows of reply buttons; a plain string is a button with that text."""
    checked = [[_reply_button(button) for button in row] for row in _grid(rows, "keyboard")]
    return _kept(checked)


def _grid(rows: Any, name: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" must be of type Array')
    if any(not isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" must be an Array of Arrays')
    return rows


def _kept(rows: list[list[Json]]) -> list[list[Json]]:
    left = MOST
    kept = []
    for row in rows:
        named = [button for button in row if button["text"]][: min(WIDEST, left)]
        left -= len(named)
        kept += [named] if named else []
    return kept


def _inline_button(button: Any) -> Json:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(prefix + "InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request(prefix + 'Can\'t find field "text"')
    kind = next((kind for kind in BUTTON_KINDS if _has(button, kind)), None)
    if kind is None:
        raise bad_request(prefix + "Text buttons are unallowed in the inline keyboard")
    value = button[kind]
    if kind == "callback_data" and len(str(value).encode()) > LONGEST_DATA:
        raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return {"text": text.strip(), kind: str(value) if kind == "callback_data" else value} | _looks(
        button, prefix
    )


def _has(button: Json, kind: str) -> bool:
    value = button.get(kind)
    return value is not None and (value not in ("", False) or kind.startswith("switch_inline"))


def _looks(button: Json, prefix: str) -> Json:
    looks = {name: button[name] for name in ("style", "icon_custom_emoji_id") if button.get(name)}
    if looks.get("style", "primary") not in STYLES:
        raise bad_request(prefix + "invalid button style specified")
    return looks


def _reply_button(button: Any) -> Json:
    prefix = "can't parse keyboard button: "
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        raise bad_request(prefix + "KeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(prefix + 'Can\'t find field "text"')
    return button | _looks(button, prefix)


def check_place(markup: Json | None, chat: Chat) -> None:
    """Some reply buttons work in private chats only."""
    if markup is None or chat.type == "private" or "keyboard" not in markup:
        return
    for row in markup["keyboard"]:
        for name, complaint in PRIVATE_ONLY.items():
            if any(button.get(name) for button in row):
                raise bad_request(complaint)


def inline_only(markup: Json | None) -> Json:
    """The part of a message's JSON that tells of its keyboard: inline ones alone are ever echoed."""
    shown = markup is not None and bool(markup.get("inline_keyboard"))
    return {"reply_markup": markup} if shown else {}
