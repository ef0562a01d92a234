"""Chats as stored: JSON with a version, so that what was written before a change can still be read."""

from __future__ import annotations

from typing import Final

import msgspec

from conversations.chat import CHAT_VERSION, Chat

_READER: Final = msgspec.json.Decoder(Chat)
_WRITER: Final = msgspec.json.Encoder()


class UnknownVersion(Exception):  # noqa: N818 - errors are named by what happened
    """A chat was stored by a newer program than this one."""


def read_chat(state: str, stranger: Chat) -> Chat:
    """The stored chat, or `stranger` for an empty state. Raises UnknownVersion, and msgspec.DecodeError."""
    if not state:
        return stranger
    chat = _READER.decode(state)
    if chat.version > CHAT_VERSION:
        raise UnknownVersion(f"a chat of version {chat.version}; this program knows up to {CHAT_VERSION}")
    return chat


def write_chat(chat: Chat) -> str:
    """The chat as JSON."""
    return _WRITER.encode(chat).decode()
