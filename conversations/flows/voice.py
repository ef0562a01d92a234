"""Hearing: every message as a voice note too, for who asks for it. Never by itself: a screen reader speaks already."""

from __future__ import annotations

from dataclasses import replace

from conversations.chat import Chat
from conversations.table import RETURN, Ask, Flow, Tell, option


def keep_spoken(chat: Chat, value: str) -> Chat:
    """The chat is spoken with from now on, or written to alone."""
    return replace(chat, mode=replace(chat.mode, spoken=value == "on"))


VOICE = Flow(
    name="voice",
    steps=(
        Ask(
            name="spoken",
            says="voice.ask",
            options=(option("on", "voice.on"), option("off", "voice.off")),
            keep=keep_spoken,
            edges={"on": "spoken.on", "off": "spoken.off"},
        ),
        Tell(name="spoken.on", says="voice.is_on", then=RETURN),
        Tell(name="spoken.off", says="voice.is_off", then=RETURN),
    ),
)
