"""POST /sim/chats/{person}/{act}: the JSON or form of an act becomes a call of the simulator's hand for it."""

import asyncio
from typing import TYPE_CHECKING

from simulator.acts import Done
from simulator.errors import Refused
from simulator.uploads import VOICE_MIME, Uploaded, to_voice
from simulator.wire import Json

if TYPE_CHECKING:
    from simulator.server import Simulator

MEDIA = frozenset({"voice", "audio", "video", "video_note", "photo", "document"})
PLAIN = {
    "start": ("payload",),
    "text": ("text", "reply_to"),
    "press": ("message_id", "row", "column", "data"),
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
NUMBERS = frozenset({"message_id", "row", "column", "reply_to", "duration", "user_id"})
DEGREES = frozenset({"latitude", "longitude"})
WITHOUT_BOT = frozenset({"deactivate", "language"})


async def perform(
    sim: "Simulator",
    person: int,
    act: str,
    wanted: Json,
    upload: Uploaded | None,
    bot: int | None,
) -> Done:
    """Does the act; Refused when it is unknown, impossible or lacks something."""
    if act in MEDIA:
        return await _media(sim, person, act, wanted, await _sounding(act, upload), bot)
    if act == "forward":
        return await _forward(sim, person, wanted, upload, bot)
    if act not in PLAIN:
        raise Refused(
            f"'{act}' is nothing that a person can do; there are {', '.join(sorted({*PLAIN, *MEDIA, 'forward'}))}."
        )
    known = {name: read(name, wanted[name]) for name in PLAIN[act] if wanted.get(name) is not None}
    if act == "language":
        known = {"language_code": wanted.get("language_code")}
    if act == "poll":
        known = {"question": "Setuju?", "options": ["Ya", "Tidak"]} | known
    hand = getattr(sim, "say" if act == "text" else act)
    done: Done = hand(person, **known) if act in WITHOUT_BOT else hand(person, **known, bot=bot)
    return done


def read(name: str, value: object) -> object:
    """A field as its hand wants it: forms tell numbers as text. ValueError when it is none."""
    if name in NUMBERS:
        return int(str(value))
    return float(str(value)) if name in DEGREES else value


async def _sounding(act: str, upload: Uploaded | None) -> Uploaded | None:
    """A voice upload as OGG/Opus, converted beside the event loop."""
    if upload is None or act != "voice":
        return upload
    return Uploaded("voice.ogg", VOICE_MIME, await asyncio.to_thread(to_voice, upload.data))


async def _media(
    sim: "Simulator", person: int, act: str, wanted: Json, upload: Uploaded | None, bot: int | None
) -> Done:
    if upload is None:
        raise Refused(f"'{act}' needs a multipart form with a 'file'.")
    duration = wanted.get("duration")
    return sim.media(
        person,
        act,
        upload,
        duration=None if duration in (None, "") else round(float(duration)),
        caption=wanted.get("caption"),
        group=wanted.get("group") or None,
        bot=bot,
    )


async def _forward(
    sim: "Simulator", person: int, wanted: Json, upload: Uploaded | None, bot: int | None
) -> Done:
    of = wanted.get("of")
    voice = await _sounding("voice", upload)
    source = of if isinstance(of, int) else wanted.get("text", of)
    return sim.forward(person, str(wanted.get("origin", "user")), source, voice, bot)
