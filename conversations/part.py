"""What an answer is made of: messages with their words, files and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PartKind = Literal["text", "voice", "audio", "video", "video_note", "photo"]
Origin = Literal["", "user", "hidden_user", "chat", "channel"]
"""From whom a message was forwarded, as far as Telegram tells (Bot API, MessageOrigin); "" for the sender's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file as Telegram names it: fetched by `file_id`, recognised by `unique_id` (Bot API, File)."""

    file_id: str
    unique_id: str
    seconds: int = 0
    bytes: int = 0
    mime: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message of an answer: its own words (or caption, or transcript later) and its file, if any."""

    kind: PartKind
    message: int
    text: str = ""
    media: Media | None = None
    album: str = ""
    origin: Origin = ""
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A shared position, degrees WGS 84."""

    latitude: float
    longitude: float
