"""What people do in a dialogue, as a closed union read from one line: text, or something in brackets.

[Ya, saya setuju]                 presses the newest button of this label
[Ya, saya setuju] lama            presses the oldest one
(suara 42 detik)                  sends a voice note; likewise audio, video, video bulat
(video 40 detik 25 MB) Jalan      with a size and a caption
(suara 5 detik sunyi)             on which nothing is heard; likewise "sekejap" (shorter than told), "rusak" (no
                                  recording at all), "hilang" (the server no longer has it)
(foto album A) Jembatan           a photo that belongs to an album
(lokasi -5.1 105.5)               a position
(mengubah) lama => baru           edits an earlier text
(membalas: Ada kabar) Masih rusak  answers the newest message of the bot with these words, as a Telegram reply
(meneruskan) Kabar dari grup      forwards what somebody else wrote
(meneruskan suara 9 detik dari Bu Siti)  forwards a recording or picture of somebody whose account is seen;
                                  "dari Bu Siti, tersembunyi": hidden; without "dari": hidden, nameless;
                                  "dari grup RT 3", "dari saluran Kabar Desa": by a group or a channel
(meneruskan lagi suara 9 detik dari Bu Siti)  the same recording once more, not another of that length
(kontak sendiri), (kontak orang lain), (stiker), (polling), (dokumen)
(menekan palsu step:value:ref)    presses what no button says: forged data under the newest message
(memblokir bot), (membuka blokir), (menambahkan bot)
(12 kali) tes                     writes the same so many times
(pesan rusak)                     an update that no program can read
(pesan yang sama datang lagi)     Telegram delivers the last update once more
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["voice", "audio", "video", "video_note", "photo"]
Odd = Literal["sticker", "poll", "document"]
Flaw = Literal["", "silent", "too_short", "unreadable", "gone"]
Origin = Literal["user", "hidden_user", "chat", "channel"]
"""The kinds of MessageOrigin in the Bot API; the name of a hidden user may be missing."""


@dataclass(frozen=True, slots=True)
class Writes:
    """A text message, or a command, so many times in a row."""

    text: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Presses:
    """A press on a button by its label: the newest one, the oldest, or once more the one pressed last."""

    label: str
    which: Literal["newest", "oldest", "same"] = "newest"


@dataclass(frozen=True, slots=True)
class Forges:
    """A press with data that somebody made up."""

    payload: str


@dataclass(frozen=True, slots=True)
class Sends:
    """A recording or picture; `seconds` of a recording, `album` when it belongs to one, `size` in bytes.

    `flaw` is what turns out to be wrong with it once it is fetched.
    """

    kind: Kind
    seconds: int = 0
    caption: str = ""
    album: str = ""
    size: int = 0
    flaw: Flaw = ""


@dataclass(frozen=True, slots=True)
class Forwards:
    """A text that somebody else wrote, or (`sent`) what they recorded; `again`: the very same recording as before."""

    text: str = ""
    sent: Sends | None = None
    origin: Origin = "hidden_user"
    name: str | None = "Warga"
    again: bool = False


@dataclass(frozen=True, slots=True)
class Edits:
    """An earlier text now says something else."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Replies:
    """A text as a Telegram reply to the newest message of the bot that has the words `to`."""

    text: str
    to: str


@dataclass(frozen=True, slots=True)
class Locates:
    """A position, degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Shares:
    """A contact, one's own or somebody else's."""

    own: bool


@dataclass(frozen=True, slots=True)
class Puzzles:
    """Something that no step reads."""

    what: Odd


@dataclass(frozen=True, slots=True)
class Leaves:
    """The bot is blocked, or let in again."""

    blocked: bool


@dataclass(frozen=True, slots=True)
class Adds:
    """The bot is added to the group."""


@dataclass(frozen=True, slots=True)
class Garbles:
    """A message arrives that is not of the form that the Bot API describes."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """The very same update is delivered once more."""


Content = Writes | Replies | Sends | Forwards | Locates | Shares | Puzzles
"""What becomes a new message."""

Gesture = Content | Presses | Forges | Edits | Leaves | Adds | Garbles | Repeats

_KINDS: Final[dict[str, Kind]] = {
    "suara": "voice",
    "audio": "audio",
    "video": "video",
    "video bulat": "video_note",
    "foto": "photo",
}
_FLAWS: Final[dict[str | None, Flaw]] = {
    None: "",
    "sunyi": "silent",
    "sekejap": "too_short",
    "rusak": "unreadable",
    "hilang": "gone",
}
_ODD: Final[dict[str, Odd]] = {"stiker": "sticker", "polling": "poll", "dokumen": "document"}
_SENDS: Final = re.compile(
    r"\((?P<kind>suara|audio|video bulat|video|foto)"
    r"(?: (?P<seconds>\d+) detik)?(?: (?P<megabytes>\d+) MB)?(?: (?P<flaw>sunyi|sekejap|rusak|hilang))?"
    r"(?: album (?P<album>\w+))?\)\s*(?P<caption>.*)",
    re.DOTALL,
)
_PRESS: Final = re.compile(r"\[(?P<label>[^\]]+)\](?P<which> lama| lagi)?")
_FORGED: Final = re.compile(r"\(menekan palsu (?P<payload>\S+)\)")
_PLACE: Final = re.compile(r"\(lokasi (?P<latitude>-?[\d.]+) (?P<longitude>-?[\d.]+)\)")
_EDIT: Final = re.compile(r"\(mengubah\) (?P<old>.+?) => (?P<new>.+)", re.DOTALL)
_REPLY: Final = re.compile(r"\(membalas: (?P<to>[^)]+)\) (?P<text>.+)", re.DOTALL)
_FORWARD: Final = re.compile(r"\(meneruskan\) (?P<text>.+)", re.DOTALL)
_RECORDING: Final = re.compile(
    r"\(meneruskan(?P<again> lagi)? (?P<kind>suara|audio|video bulat|video|foto)(?: (?P<seconds>\d+) detik)?"
    r"(?: dari (?:(?P<place>grup|saluran) )?(?P<name>[^,()]+)(?P<hidden>, tersembunyi)?)?\)\s*(?P<caption>.*)",
    re.DOTALL,
)
_WHICH: Final[dict[str | None, Literal["newest", "oldest", "same"]]] = {
    None: "newest",
    " lama": "oldest",
    " lagi": "same",
}
_TIMES: Final = re.compile(r"\((?P<times>\d+) kali\) (?P<text>.+)", re.DOTALL)
_FIXED: Final[dict[str, Gesture]] = {
    "(kontak sendiri)": Shares(own=True),
    "(kontak orang lain)": Shares(own=False),
    "(memblokir bot)": Leaves(blocked=True),
    "(membuka blokir)": Leaves(blocked=False),
    "(menambahkan bot)": Adds(),
    "(pesan rusak)": Garbles(),
    "(pesan yang sama datang lagi)": Repeats(),
    **{f"({word})": Puzzles(what) for word, what in _ODD.items()},
}


def read_gesture(what: str) -> Gesture:
    """What somebody does in one line of a dialogue; whatever has no form of its own is text."""
    if fixed := _FIXED.get(what):
        return fixed
    for form, make in _FORMS:
        if match := form.fullmatch(what):
            return make(match)
    return Writes(what)


def _sends(match: re.Match[str]) -> Gesture:
    return Sends(
        kind=_KINDS[match["kind"]],
        seconds=int(match["seconds"] or 0),
        caption=match["caption"],
        album=match["album"] or "",
        size=int(match["megabytes"] or 0) * 1024 * 1024,
        flaw=_FLAWS[match["flaw"]],
    )


def _forwards(match: re.Match[str]) -> Forwards:
    sent = Sends(kind=_KINDS[match["kind"]], seconds=int(match["seconds"] or 0), caption=match["caption"])
    return Forwards(sent=sent, origin=_origin(match), name=match["name"], again=match["again"] is not None)


def _origin(match: re.Match[str]) -> Origin:
    if match["place"]:
        return "chat" if match["place"] == "grup" else "channel"
    return "hidden_user" if match["hidden"] or not match["name"] else "user"


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Gesture]], ...]] = (
    (_SENDS, _sends),
    (_PRESS, lambda match: Presses(match["label"], _WHICH[match["which"]])),
    (_FORGED, lambda match: Forges(match["payload"])),
    (_PLACE, lambda match: Locates(float(match["latitude"]), float(match["longitude"]))),
    (_EDIT, lambda match: Edits(match["old"], match["new"])),
    (_REPLY, lambda match: Replies(match["text"], match["to"])),
    (_FORWARD, lambda match: Forwards(match["text"])),
    (_RECORDING, _forwards),
    (_TIMES, lambda match: Writes(match["text"], int(match["times"]))),
)
