"""How the bot introduces itself on Telegram: commands, descriptions and menu button, by language (issue 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import structlog

from bot.transport import Transport, TransportError
from conversations.effects import Line
from conversations.texts import Texts

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


def commands(texts: Texts, locale: str) -> list[dict[str, str]]:
    """The command list: the first spelling of each global word that begins with a slash, and what it does."""
    return [
        {
            "command": _command(texts, name, locale),
            "description": texts.line(Line(f"command.{name}"), locale),
        }
        for name in COMMANDS
    ]


def _command(texts: Texts, name: str, locale: str) -> str:
    spellings = texts.line(Line(f"word.{name}"), locale).split("|")
    return next(word[1:] for word in spellings if word.startswith("/"))
