"""From a raw update to an event: only the fields that are used are read, and each of them is checked.

An update that does not fit raises Malformed, and is kept in quarantine by whoever called; it never stops
the updates beside it (aiogram#1840: one undecodable update silenced a bot for 24 hours).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

import msgspec

from conversations import events
from conversations.chat import ChatKind, Media, PartKind
from conversations.events import Incoming, Puzzle

TEXT_LIMIT: Final = 4096
"""Code points of a text message (Bot API); more can only come from a forged webhook call."""

LONGEST_SENDER: Final = 30
"""Characters kept of the name of a forwarded message's sender: it stands on a button."""

NORTH_POLE: Final = 90.0
DATE_LINE: Final = 180.0
"""Degrees of WGS 84 at most, either way."""

_FORWARDS: Final[dict[str, Literal["user", "hidden_user", "chat", "channel"]]] = {
    "user": "user",
    "hidden_user": "hidden_user",
    "chat": "chat",
    "channel": "channel",
}


class Malformed(Exception):  # noqa: N818 - errors are named by what happened
    """An update that is not of the form that the Bot API describes."""


class _User(msgspec.Struct):
    id: int
    language_code: str = ""


class _Chat(msgspec.Struct):
    id: int
    type: str


class _File(msgspec.Struct):
    file_id: str
    file_unique_id: str
    duration: int = 0
    file_size: int = 0
    mime_type: str = ""


class _Location(msgspec.Struct):
    latitude: float
    longitude: float


class _Contact(msgspec.Struct):
    phone_number: str = ""
    user_id: int = 0


class _Sender(msgspec.Struct):
    first_name: str = ""
    last_name: str = ""
    title: str = ""


class _Origin(msgspec.Struct):
    type: str
    sender_user: _Sender | None = None
    sender_user_name: str = ""
    sender_chat: _Sender | None = None
    chat: _Sender | None = None


class _Reply(msgspec.Struct):
    message_id: int


class _Message(msgspec.Struct, rename={"sender": "from"}):
    message_id: int
    chat: _Chat
    date: int
    sender: _User | None = None
    edit_date: int = 0
    text: str = ""
    caption: str = ""
    media_group_id: str = ""
    voice: _File | None = None
    audio: _File | None = None
    video: _File | None = None
    video_note: _File | None = None
    photo: list[_File] = []
    location: _Location | None = None
    contact: _Contact | None = None
    forward_origin: _Origin | None = None
    reply_to_message: _Reply | None = None
    sticker: Any = None
    poll: Any = None
    dice: Any = None
    document: Any = None
    animation: Any = None
    game: Any = None


class _CallbackMessage(msgspec.Struct):
    message_id: int
    chat: _Chat


class _Callback(msgspec.Struct, rename={"sender": "from"}):
    id: str
    sender: _User
    message: _CallbackMessage | None = None
    data: str = ""


class _Member(msgspec.Struct):
    status: str


class _MyMember(msgspec.Struct):
    chat: _Chat
    date: int
    new_chat_member: _Member


class _Update(msgspec.Struct):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Callback | None = None
    my_chat_member: _MyMember | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """An event and the chat in which it happened."""

    chat_id: int
    kind: ChatKind
    event: Incoming


def decode(update: Any, at: datetime) -> Decoded | None:
    """The event in a raw update that came at `at`; None when it concerns no chat. Raises Malformed."""
    try:
        read = msgspec.convert(update, _Update)
    except (msgspec.ValidationError, RecursionError, OverflowError, UnicodeEncodeError) as error:
        raise Malformed(str(error)) from None
    if read.message is not None:
        return _in_chat(read.message.chat, _message(read.message, at))
    if read.edited_message is not None:
        return _reworded(read.edited_message, at)
    if read.callback_query is not None:
        return _callback(read.callback_query, at)
    if read.my_chat_member is not None:
        return _in_chat(read.my_chat_member.chat, _member(read.my_chat_member, at))
    return None


def _reworded(message: _Message, at: datetime) -> Decoded | None:
    """An edit of words. A live location is edited every few seconds, and nobody wants an answer to each."""
    if not message.text and not message.caption:
        return None
    return _in_chat(message.chat, _edited(message, at))


def clean(text: str) -> str:
    """Text without NUL and lone surrogates, which no database stores, and bounded."""
    if text.isascii() and "\0" not in text:
        return text[:TEXT_LIMIT]
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:TEXT_LIMIT]


def chat_in(update: Any) -> int | None:
    """The private chat of an update that could not be decoded, as far as it can be made out."""
    for name in ("message", "edited_message"):
        match update:
            case {**fields} if isinstance(message := fields.get(name), dict):
                match message.get("chat"):
                    case {"id": int(chat_id), "type": "private"}:
                        return chat_id
    return None


def _in_chat(chat: _Chat, event: Incoming) -> Decoded | None:
    if chat.type == "channel":
        return None
    return Decoded(chat.id, "private" if chat.type == "private" else "group", event)


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (OverflowError, ValueError, OSError):
        return None


def _language(user: _User | None) -> str:
    return user.language_code.partition("-")[0].casefold() if user else ""


def _media(file: _File) -> Media:
    return Media(
        file_id=file.file_id,
        unique_id=file.file_unique_id,
        seconds=max(0, file.duration),
        bytes=max(0, file.file_size),
        mime=clean(file.mime_type)[:100],
    )


def _message(message: _Message, at: datetime) -> Incoming:
    if message.forward_origin is not None:
        return _forwarded(message, message.forward_origin, at)
    sent_at, number = _moment(message.date), message.message_id
    if message.text:
        return _typed(message, at)
    caption, album, reply_to = clean(message.caption), message.media_group_id, _reply_to(message)
    if message.voice or message.audio:
        file, kind = _recording(message)
        return events.Spoke(
            at=at,
            sent_at=sent_at,
            message=number,
            kind=kind,
            media=_media(file),
            caption=caption,
            reply_to=reply_to,
        )
    if film := message.video or message.video_note:
        return events.Filmed(
            at=at,
            sent_at=sent_at,
            message=number,
            kind="video" if message.video else "video_note",
            media=_media(film),
            caption=caption,
            album=album,
            reply_to=reply_to,
        )
    if message.photo:
        best = max(message.photo, key=lambda size: size.file_size)
        return events.Pictured(
            at=at,
            sent_at=sent_at,
            message=number,
            media=_media(best),
            caption=caption,
            album=album,
            reply_to=reply_to,
        )
    return _other(message, at)


def _recording(message: _Message) -> tuple[_File, Literal["voice", "audio"]]:
    if message.voice is not None:
        return message.voice, "voice"
    if message.audio is not None:
        return message.audio, "audio"
    raise Malformed("a recording without a file")


def _typed(message: _Message, at: datetime) -> Incoming:
    text = clean(message.text)
    language = _language(message.sender)
    command, _, payload = text.partition(" ")
    if command.partition("@")[0].casefold() == "/start":
        return events.Started(
            at=at,
            sent_at=_moment(message.date),
            message=message.message_id,
            payload=payload[:64],
            language=language,
        )
    return events.Typed(
        at=at,
        sent_at=_moment(message.date),
        message=message.message_id,
        text=text,
        reply_to=_reply_to(message),
        language=language,
    )


def _reply_to(message: _Message) -> int:
    return message.reply_to_message.message_id if message.reply_to_message else 0


def _forwarded(message: _Message, origin: _Origin, at: datetime) -> Incoming:
    kinds: tuple[tuple[PartKind, _File | None], ...] = (
        ("voice", message.voice),
        ("audio", message.audio),
        ("video", message.video),
        ("video_note", message.video_note),
        ("photo", message.photo[-1] if message.photo else None),
    )
    bare: PartKind | Literal["other"] = "text" if message.text else "other"
    present = [(kind, file) for kind, file in kinds if file is not None]
    kind, file = present[0] if present else (bare, None)
    return events.Forwarded(
        at=at,
        sent_at=_moment(message.date),
        message=message.message_id,
        origin=_FORWARDS.get(origin.type, "hidden_user"),
        sender=_sender(origin),
        kind=kind,
        text=clean(message.text or message.caption),
        media=_media(file) if file else None,
    )


def _sender(origin: _Origin) -> str:
    """The name that Telegram gives with a forwarded message, bounded; "" when it gives none (Bot API, MessageOrigin)."""
    named = origin.sender_user or origin.sender_chat or origin.chat or _Sender()
    name = origin.sender_user_name or named.title or f"{named.first_name} {named.last_name}"
    return " ".join(clean(name).split())[:LONGEST_SENDER]


def _other(message: _Message, at: datetime) -> Incoming:
    sent_at, number = _moment(message.date), message.message_id
    if message.location is not None:
        latitude, longitude = _degrees(message.location)
        return events.Located(at=at, sent_at=sent_at, message=number, latitude=latitude, longitude=longitude)
    if message.contact is not None:
        own = message.sender is not None and message.contact.user_id == message.sender.id
        return events.SharedContact(
            at=at, sent_at=sent_at, message=number, own=own, phone=clean(message.contact.phone_number)[:32]
        )
    what: Puzzle = "service"
    for name in get_args(Puzzle):
        if getattr(message, name, None) is not None:
            what = name
            break
    return events.Puzzled(at=at, sent_at=sent_at, message=number, what=what)


def _degrees(place: _Location) -> tuple[float, float]:
    """Latitude and longitude on this Earth; stored JSON would turn NaN into null, and no chat reads that again."""
    if not (abs(place.latitude) <= NORTH_POLE and abs(place.longitude) <= DATE_LINE):  # False for NaN too
        raise Malformed("a location that is nowhere")
    return place.latitude, place.longitude


def _edited(message: _Message, at: datetime) -> Incoming:
    return events.Edited(
        at=at,
        sent_at=_moment(message.edit_date or message.date),
        message=message.message_id,
        text=clean(message.text or message.caption),
    )


def _callback(callback: _Callback, at: datetime) -> Decoded | None:
    chat = callback.message.chat if callback.message else _Chat(id=callback.sender.id, type="private")
    number = callback.message.message_id if callback.message else 0
    pressed = events.Pressed(
        at=at, message=number, payload=clean(callback.data)[:64], query=clean(callback.id)[:64]
    )
    return _in_chat(chat, pressed)


def _member(member: _MyMember, at: datetime) -> Incoming:
    sent_at = _moment(member.date)
    if member.chat.type != "private":
        return events.Puzzled(at=at, sent_at=sent_at, what="service")
    if member.new_chat_member.status == "kicked":
        return events.Blocked(at=at, sent_at=sent_at)
    return events.Unblocked(at=at, sent_at=sent_at)
