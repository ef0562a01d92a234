"""People sending files and forwarding messages."""

from dataclasses import dataclass

from simulator.acts import Acts, Done
from simulator.content import LONGEST_CAPTION
from simulator.entities import cleaned, finished
from simulator.errors import Refused
from simulator.files import File, extension_of
from simulator.people import Chat
from simulator.uploads import VOICE_MIME, Uploaded, is_opus, measure
from simulator.wire import Json, clean, present

STICKER = (
    b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
)
CARRIED: tuple[str, ...] = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "voice",
    "audio",
    "video",
    "video_note",
)
CARRIED += ("photo", "document", "sticker", "location", "contact", "poll")
CHANNEL = {"id": -1_001_000_000_001, "title": "Kabar Desa", "username": "kabardesa", "type": "channel"}
GROUP = {"id": -1_001_000_000_002, "title": "Grup RT 3", "type": "supergroup"}
STRANGER = {"id": 6_900_000_001, "is_bot": False, "first_name": "Slamet"}
HIDDEN_NAME = "Warga Desa"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a forwarded message comes from.

    `origin`: user, hidden_user, hidden_nameless, chat (an anonymous administrator of a group) or channel;
    `name`: of that person, group or channel; `kind`: what an uploaded file is forwarded as.
    """

    origin: str
    name: str | None = None
    kind: str = "voice"


class MediaActs(Acts):
    """Files and forwards."""

    def media(self, person: int, kind: str, upload: Uploaded, bot: int | None = None) -> Done:
        """Sends a voice, audio, video, video_note, photo or document."""
        content = self.world.files.wire(self.bot_id(bot), self.kept(kind, upload))
        content |= {"media_group_id": upload.group} if upload.group else {}
        return self._send(person, bot, content | self._caption(upload.caption))

    def voice(self, person: int, data: bytes, duration: int | None = None, bot: int | None = None) -> Done:
        """Sends a voice note; `data` is OGG/Opus already (see uploads.to_voice)."""
        return self.media(person, "voice", Uploaded("voice.ogg", VOICE_MIME, data, duration), bot)

    def kept(self, kind: str, upload: Uploaded) -> File:
        """The upload as a file of this kind; Refused for an empty one or a voice that is not OGG/Opus."""
        if not upload.data:
            raise Refused("The file is empty.")
        if kind == "voice" and not is_opus(upload.data):
            raise Refused("A voice note is OGG with Opus.")
        mime = VOICE_MIME if kind == "voice" else upload.mime_type.partition(";")[0]
        name = upload.name if kind in {"audio", "document", "video"} else None
        file = self.world.files.add(kind, upload.data, mime, extension_of(mime, upload.name), name)
        self._measure(file, upload.data, upload.duration)
        return file

    def _measure(self, file: File, data: bytes, duration: int | None) -> None:
        if file.kind not in {"document", "sticker"}:
            found = measure(data)
            file.duration = found.duration if duration is None else duration
            file.width, file.height = found.width, found.height
        if file.kind in {"sticker", "photo"}:
            file.width, file.height = file.width or 512, file.height or 512
        self.world.files.save(file)

    @staticmethod
    def _caption(caption: str | None) -> Json:
        content = finished(cleaned(clean(caption or "")))
        if len(content.text) > LONGEST_CAPTION:
            raise Refused("A caption has at most 1024 characters.")
        return content.wire("caption", "caption_entities") if content.text else {}

    def sticker(self, person: int, bot: int | None = None) -> Done:
        """Sends the one sticker that everybody has."""
        return self.media(person, "sticker", Uploaded("thumb.webp", "image/webp", STICKER), bot)

    # Forwards

    def forward(
        self,
        person: int,
        elsewhere: Elsewhere | str,
        of: int | str | None = None,
        upload: Uploaded | None = None,
        bot: int | None = None,
    ) -> Done:
        """Forwards a message of this chat (`of` is its id), or from elsewhere a text or a file (`upload`).

        `elsewhere` is where it comes from, or just the kind of its origin. Refused for protected content.
        """
        elsewhere = Elsewhere(elsewhere) if isinstance(elsewhere, str) else elsewhere
        if upload is not None:
            content = self.world.files.wire(self.bot_id(bot), self.kept(elsewhere.kind, upload))
            content |= self._caption(upload.caption)
        elif isinstance(of, int):
            content = self._carried(self.world.chat(self.bot_id(bot), self.person(person).id), of)
        else:
            content = self._text(of or "")
        return self._send(person, bot, origin_of(elsewhere, self.world.clock.stamp() - 3600) | content)

    def _carried(self, chat: Chat, message_id: int) -> Json:
        wire = self._shown(chat, message_id).wire
        if wire.get("has_protected_content"):
            raise Refused("The bot has protected this message: it cannot be forwarded or saved.")
        return {name: wire[name] for name in CARRIED if name in wire}


def origin_of(elsewhere: Elsewhere, date: int) -> Json:
    """forward_origin (Bot API, MessageOrigin) and the older fields beside it; Refused for an unknown kind."""
    name = elsewhere.name
    sender = STRANGER | present(first_name=name)
    channel, group = CHANNEL | present(title=name), GROUP | present(title=name)
    hidden = name or HIDDEN_NAME
    parts: dict[str, tuple[Json, Json]] = {
        "user": ({"sender_user": sender}, {"forward_from": sender}),
        "hidden_user": ({"sender_user_name": hidden}, {"forward_sender_name": hidden}),
        "hidden_nameless": ({}, {}),
        "chat": ({"sender_chat": group}, {"forward_from_chat": group}),
        "channel": (
            {"chat": channel, "message_id": 17},
            {"forward_from_chat": channel, "forward_from_message_id": 17},
        ),
    }
    if elsewhere.origin not in parts:
        raise Refused(f"A forward's origin is one of {', '.join(parts)}.")
    told, legacy = parts[elsewhere.origin]
    kind = "hidden_user" if elsewhere.origin == "hidden_nameless" else elsewhere.origin
    return {"forward_origin": {"type": kind, **told, "date": date}, **legacy, "forward_date": date}
