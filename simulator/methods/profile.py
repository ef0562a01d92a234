"""The bot about itself: getMe, commands, menu button, name and descriptions, close and logOut."""

import re
from collections.abc import Callable
from typing import Any

from simulator.calls import Call
from simulator.errors import bad_request
from simulator.methods.targets import known_chat
from simulator.wire import Json

COMMAND = re.compile(r"[a-z0-9_]+")
MOST_COMMANDS = 100
LONGEST_COMMAND = 32
LONGEST_DESCRIPTION = 256
LANGUAGE = re.compile(r"[a-z]{2}")
SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})
LIMITS = {"name": 64, "description": 512, "short_description": 120}  # characters


def get_me(call: Call) -> Json:
    """GetMe."""
    return call.bot.me()


def finished(_: Call) -> bool:
    """Close and logOut: accepted; the simulator has no other server to move to."""
    return True


def scope_key(call: Call) -> str:
    """A readable name of the call's BotCommandScope and language: `scope|language`."""
    scope = call.json("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in SCOPES | CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind in CHAT_SCOPES and not scope.get("chat_id"):
        raise bad_request("can't parse BotCommandScope: chat_id is empty")
    place = [str(scope[name]) for name in ("chat_id", "user_id") if name in scope and kind in CHAT_SCOPES]
    return ":".join([str(kind), *place]) + "|" + _language(call)


def _language(call: Call) -> str:
    language = call.text("language_code")
    if language and not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def set_my_commands(call: Call) -> bool:
    """SetMyCommands."""
    given = call.listed("commands", "can't parse list of bot commands JSON object")
    commands = [_command(one) for one in given]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = scope_key(call)
    call.bot.commands.pop(key, None)
    if commands:
        call.bot.commands[key] = commands
    return _changed(call)


def _command(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    command = str(given.get("command", "")).removeprefix("/").lower()
    description = str(given.get("description", "")).strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > LONGEST_COMMAND:
        raise bad_request("command length must not exceed 32")
    if not COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > LONGEST_DESCRIPTION:
        raise bad_request("command description length must not exceed 256")
    return {"command": command, "description": description}


def get_my_commands(call: Call) -> list[Json]:
    """getMyCommands: exactly those of the scope and language, or none."""
    return call.bot.commands.get(scope_key(call), [])


def delete_my_commands(call: Call) -> bool:
    """DeleteMyCommands."""
    call.bot.commands.pop(scope_key(call), None)
    return _changed(call)


def _changed(call: Call) -> bool:
    call.world.save_account(call.bot)
    call.world.events.publish("commands", bot=call.bot.id)
    return True


def set_chat_menu_button(call: Call) -> bool:
    """setChatMenuButton, for one private chat or for all."""
    button = call.json("menu_button", "can't parse menu button JSON object") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse menu button: unsupported type specified")
    call.bot.menus[_menu_chat(call)] = button
    return _changed(call)


def get_chat_menu_button(call: Call) -> Json:
    """GetChatMenuButton."""
    return menu_button(call.bot.menus, _menu_chat(call))


def menu_button(menus: dict[int, Json], chat: int) -> Json:
    """The button that a chat shows: its own, else the one for all."""
    own = menus.get(chat, {"type": "default"})
    return own if own["type"] != "default" else menus.get(0, {"type": "commands"})


def _menu_chat(call: Call) -> int:
    return known_chat(call).id if call.text("chat_id") else 0


def _setter(name: str) -> Callable[[Call], bool]:
    def set_text(call: Call) -> bool:
        text = call.text(name).strip()
        if len(text) > LIMITS[name]:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        call.bot.texts[f"{name}|{_language(call)}"] = text
        if name == "name" and text and not call.text("language_code"):
            call.bot.name = text
        return _changed(call)

    return set_text


def _getter(name: str) -> Callable[[Call], Json]:
    def get_text(call: Call) -> Json:
        texts = call.bot.texts
        default = call.bot.name if name == "name" else ""
        return {name: texts.get(f"{name}|{_language(call)}") or texts.get(f"{name}|") or default}

    return get_text


def client_commands(commands: dict[str, list[Json]], scopes: list[str], language: str) -> list[Json]:
    """What an app shows: the narrowest scope first, then the person's language, then no language."""
    for scope in scopes:
        for wanted in (language, ""):
            if found := commands.get(f"{scope}|{wanted}"):
                return found
    return []


METHODS = {
    "getme": get_me,
    "close": finished,
    "logout": finished,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setchatmenubutton": set_chat_menu_button,
    "getchatmenubutton": get_chat_menu_button,
    "setmyname": _setter("name"),
    "getmyname": _getter("name"),
    "setmydescription": _setter("description"),
    "getmydescription": _getter("description"),
    "setmyshortdescription": _setter("short_description"),
    "getmyshortdescription": _getter("short_description"),
}
