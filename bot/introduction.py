"""How the bot introduces itself on Telegram: commands, descriptions and menu button, by language (issue 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from bot.replies import as_json
from bot.transport import Transport, TransportError
from conversations.effects import Line
from conversations.facts import Role
from conversations.texts import Texts
from conversations.words import GlobalWord
from storage.ledger import Ledger, OutboxRow
from storage.mandates import all_holders, roles_of
from storage.tables import NOTICE

COMMANDS: Final = (
    "new",
    "mine",
    "schedule",
    "help",
    "menu",
    "back",
    "repeat",
    "data",
    "settings",
    "needs",
    "discreet",
    "forget",
    "language",
    "spoken",
    "privacy",
    "cancel",
    "stop",
    "erase",
)
"""In the order in which Telegram lists them."""

OF_ROLE: Final[Mapping[Role, tuple[GlobalWord, ...]]] = {
    "facilitator": ("relay", "people", "tasks"),
    "transcriber": ("tasks",),
    "interpreter": ("tasks",),
    "safeguard": (),
    "village": ("desk", "meetings", "broadcasts", "figures"),
    "kecamatan": ("desk", "meetings", "broadcasts", "figures"),
    "agency": ("desk", "meetings", "broadcasts", "figures"),
    "bappeda": ("desk", "meetings", "broadcasts", "figures"),
    "administrator": ("broadcasts", "figures"),
}
"""What somebody with a mandate sees before all that, in their own chat alone."""

LANGUAGES: Final = {"": "id", "en": "en"}
"""Telegram's language codes (two letters, "" for everybody else) and the locale that speaks to them."""

PRIVATE: Final = {"type": "all_private_chats"}
_log = structlog.get_logger(__name__)


async def introduce(transport: Transport, texts: Texts) -> None:
    """Set commands, descriptions and menu button. What Telegram refuses is logged; it comes right at the next start."""
    for method, params in introduction(texts):
        try:
            await transport.call(method, params)
        except TransportError as error:
            _log.warning("introduction not set", method=method, error=type(error).__name__)
            return


def introduction(texts: Texts) -> Iterator[tuple[str, dict[str, Any]]]:
    """The calls that introduce the bot."""
    for code, locale in LANGUAGES.items():
        language = {"language_code": code} if code else {}
        yield "setMyCommands", {"commands": commands(texts, locale), "scope": PRIVATE, **language}
        yield "setMyDescription", {"description": texts.line(Line("bot.description"), locale), **language}
        yield (
            "setMyShortDescription",
            {"short_description": texts.line(Line("bot.short"), locale), **language},
        )
    yield "setChatMenuButton", {"menu_button": {"type": "commands"}}


def introduce_role(connection: Connection, texts: Texts, chat_id: int | None, at: datetime) -> None:
    """Let a chat see the commands of its mandates of this moment, or those of everybody once the last has ended.

    The calls lie in the outbox of the same transaction. They wait behind no reply and hold up none.
    """
    if chat_id is not None:
        _enqueue(connection, role_calls(texts, chat_id, roles_of(connection, chat_id)), at)


def introduce_roles(connection: Connection, texts: Texts, at: datetime) -> int:
    """The same for everybody who has a mandate: a new version may have new commands. Returns how many they are."""
    held = all_holders(connection)
    for chat_id, roles in held.items():
        _enqueue(connection, role_calls(texts, chat_id, roles), at)
    return len(held)


def role_calls(texts: Texts, chat_id: int, roles: Iterable[Role]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The calls by which one chat gets the commands of its roles; without a role it is like all others again."""
    own = tuple(dict.fromkeys(word for role in roles for word in OF_ROLE[role]))
    for code, locale in LANGUAGES.items():
        language = {"language_code": code} if code else {}
        place = {"scope": {"type": "chat", "chat_id": chat_id}, **language}
        if own:
            yield "setMyCommands", {"commands": commands(texts, locale, (*own, *COMMANDS)), **place}
        else:
            yield "deleteMyCommands", place


def _enqueue(connection: Connection, calls: Iterable[tuple[str, dict[str, Any]]], at: datetime) -> None:
    rows = [
        OutboxRow(
            chat_id=params["scope"]["chat_id"], due_at=at, method=method, params=as_json(params), lane=NOTICE
        )
        for method, params in calls
    ]
    Ledger(connection).enqueue(rows, at)


def commands(texts: Texts, locale: str, words: Iterable[str] = COMMANDS) -> list[dict[str, str]]:
    """The command list: the first spelling of each global word that begins with a slash, and what it does."""
    return [
        {
            "command": _command(texts, name, locale),
            "description": texts.line(Line(f"command.{name}"), locale),
        }
        for name in words
    ]


def _command(texts: Texts, name: str, locale: str) -> str:
    spellings = texts.line(Line(f"word.{name}"), locale).split("|")
    return next(word[1:] for word in spellings if word.startswith("/"))
