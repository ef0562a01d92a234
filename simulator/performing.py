"""POST /sim/chats/{person}/{act}: the JSON or form of an act becomes a call of the simulator's hand for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator.acts import Done
from simulator.errors import Refused
from simulator.media import Elsewhere
from simulator.uploads import VOICE_MIME, Uploaded, to_voice
from simulator.wire import Json

if TYPE_CHECKING:
    from simulator.server import Simulator

MEDIA = frozenset({"voice", "audio", "video", "video_note", "photo", "document"})
HANDS = {"text": "say"}
PLAIN: dict[str, tuple[str, ...]] = {
    "start": ("payload",),
    "follow": (),
    "text": ("text", "reply_to"),
    "press": ("message_id",),
    "key": ("text",),
    "sticker": (),
    "poll": ("question", "options"),
    "location": ("latitude", "longitude", "reply_to"),
    "contact": ("phone_number", "first_name", "user_id", "reply_to"),
    "edit": ("message_id", "text"),
    "delete": ("message_id",),
    "block": (),
    "unblock": (),
    "deactivate": ("deactivated",),
    "language": ("language_code",),
}
NUMBERS = frozenset({"message_id", "reply_to", "user_id"})
DEGREES = frozenset({"latitude", "longitude"})
WITHOUT_BOT = frozenset({"deactivate", "language"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks for: whose act, its fields, its file, the bot's id (None: the first)."""

    person: int
    act: str
    fields: Json
    upload: Uploaded | None = None
    bot: int | None = None


async def perform(sim: "Simulator", wish: Wish) -> Done:
    """Does the act; Refused when it is unknown, impossible or lacks something."""
    if wish.act in MEDIA:
        upload = await _sounding(_file(wish), voice=wish.act == "voice")
        return sim.media(wish.person, wish.act, upload, wish.bot)
    if wish.act == "forward":
        return await _forward(sim, wish)
    if wish.act not in PLAIN:
        known = ", ".join(sorted({*PLAIN, *MEDIA, "forward"}))
        raise Refused(f"'{wish.act}' is nothing that a person can do; there are {known}.")
    hand: Callable[..., Done] = getattr(sim, HANDS.get(wish.act, wish.act))
    fields = _fields(wish)
    return (
        hand(wish.person, **fields) if wish.act in WITHOUT_BOT else hand(wish.person, bot=wish.bot, **fields)
    )


def _fields(wish: Wish) -> Json:
    given = wish.fields
    fields = {name: read(name, given[name]) for name in PLAIN[wish.act] if given.get(name) is not None}
    match wish.act:
        case "press":
            fields["at"] = given["data"] if "data" in given else (int(given["row"]), int(given["column"]))
        case "language":
            fields.setdefault("language_code", None)
        case "poll":
            fields = {"question": "Setuju?", "options": ["Ya", "Tidak"]} | fields
        case _:
            pass
    return fields


def read(name: str, value: object) -> object:
    """A field as its hand wants it: forms tell numbers as text. ValueError when it is none."""
    if name in NUMBERS:
        return int(str(value))
    return float(str(value)) if name in DEGREES else value


def _file(wish: Wish) -> Uploaded:
    if wish.upload is None:
        raise Refused(f"'{wish.act}' needs a multipart form with a 'file'.")
    seconds = wish.fields.get("duration")
    return replace(
        wish.upload,
        duration=None if seconds in {None, ""} else round(float(str(seconds))),
        caption=wish.fields.get("caption"),
        group=wish.fields.get("group") or None,
    )


async def _sounding(upload: Uploaded, *, voice: bool) -> Uploaded:
    """A voice upload as OGG/Opus, converted beside the event loop."""
    if not voice:
        return upload
    return replace(upload, mime_type=VOICE_MIME, data=await asyncio.to_thread(to_voice, upload.data))


async def _forward(sim: "Simulator", wish: Wish) -> Done:
    of = wish.fields.get("of")
    source = int(str(of)) if str(of).isdigit() else wish.fields.get("text", of)
    kind = str(wish.fields.get("kind") or "voice")
    upload = None if wish.upload is None else await _sounding(_file(wish), voice=kind == "voice")
    elsewhere = Elsewhere(str(wish.fields.get("origin", "user")), wish.fields.get("name") or None, kind)
    return sim.forward(wish.person, elsewhere, source, upload, wish.bot)
