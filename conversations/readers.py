"""Readers of answers: each understands one kind of answer and names what it understood.

The `Literal` in a reader's return type is its contract: the checker compares it with the step's edges.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal

from conversations.chat import Chat, Draft, Held, Media, Part, Pin, Village
from conversations.effects import AnyEffect, KeepMedia
from conversations.events import Edited, Filmed, Located, Pictured, Spoke, Typed
from conversations.table import Reading, Seen
from conversations.ticket import CODE_LENGTH, digits_of, is_valid, read_ticket

MOST_PARTS: Final = 20
MOST_WORDS: Final = 20_000
"""Code points of typed words that one answer may hold."""

SHORTEST_RECORDING: Final = 1
LONGEST_RECORDING: Final = 300
"""Seconds of a voice note or video (issue 3 names the same bounds)."""

BIGGEST_FILE: Final = 20 * 1024 * 1024
"""Bytes that a bot may download (Bot API, getFile)."""

LONGEST_NAME: Final = 60
MOST_GUESSES: Final = 5
GUESSING_SPAN: Final = timedelta(hours=1)
FEWEST_WORDS: Final = 3
_KECAMATAN_WORD: Final = re.compile(r"^\s*(?:di\s+)?(?:kecamatan|kec)\b[.\s]*", re.IGNORECASE)

MediaFault = Literal["too_short", "too_long", "too_big"]
Kept = Reading[Literal["part", "full", "too_short", "too_long", "too_big"]]


def part_of(seen: Seen) -> Part | None:
    """The event as one part of an answer in words, sound or pictures; emoji alone are no words."""
    match seen.event:
        case Typed() as typed if any(char.isalnum() for char in typed.text):
            return Part(kind="text", message=typed.message, text=typed.text.strip())
        case Spoke() as spoke:
            return Part(kind=spoke.kind, message=spoke.message, text=spoke.caption, media=spoke.media)
        case Filmed() as film:
            return Part(
                kind=film.kind, message=film.message, text=film.caption, media=film.media, album=film.album
            )
        case Pictured() as photo:
            return Part(
                kind="photo", message=photo.message, text=photo.caption, media=photo.media, album=photo.album
            )
        case _:
            return None


def media_fault(media: Media | None, *, photo: bool = False) -> MediaFault | None:
    """What is wrong with a recording, as far as Telegram's own figures tell."""
    if media is None:
        return None
    if media.bytes > BIGGEST_FILE:
        return "too_big"
    if photo:
        return None
    if media.seconds < SHORTEST_RECORDING:
        return "too_short"
    return "too_long" if media.seconds > LONGEST_RECORDING else None


def read_part(seen: Seen) -> Kept | None:
    """One more message of the need: kept in the draft, its file fetched."""
    return _kept(seen, seen.chat.draft.parts if seen.chat.draft else ())


def read_need(seen: Seen) -> Kept | None:
    """The first message of the need: it takes the place of what was said before."""
    return _kept(seen, ())


def _kept(seen: Seen, before: tuple[Part, ...]) -> Kept | None:
    part = part_of(seen)
    if part is None or seen.chat.draft is None:
        return None
    fault = media_fault(part.media, photo=part.kind == "photo")
    if fault is not None:
        return Reading(fault, seen.chat)
    if not _fits(before, part):
        return Reading("full", seen.chat)
    return Reading("part", seen.chat.with_draft(parts=(*before, part)), kept_media((part,)))


def _fits(before: tuple[Part, ...], part: Part) -> bool:
    words = sum(len(other.text) for other in (*before, part))
    return len(before) < MOST_PARTS and words <= MOST_WORDS


def kept_media(parts: tuple[Part, ...]) -> tuple[AnyEffect, ...]:
    """The effects that fetch the files of these parts."""
    return tuple(KeepMedia(media=part.media, kind=part.kind) for part in parts if part.media)


def hold_words(seen: Seen) -> Reading[Literal["held"]] | None:
    """A need that comes before it was asked for: held, and offered as the answer later (issue 2).

    A greeting, a stray word or a code is no need: at least three words are, or a recording or picture. The 24 hours that
    it may be held count from the first message: who keeps writing must not keep it for ever.
    """
    part = part_of(seen)
    if part is None or media_fault(part.media, photo=part.kind == "photo") is not None:
        return None
    if part.media is None and not _says_something(part.text):
        return None
    before = seen.chat.held.parts if seen.chat.held else ()
    if not _fits(before, part):
        return None
    since = seen.chat.held.at if seen.chat.held else seen.event.at
    held = Held(parts=(*before, part), at=since)
    return Reading("held", replace(seen.chat, held=held))


def _says_something(text: str) -> bool:
    """Whether there are enough words; a code in groups of digits has none."""
    return len(text.split()) >= FEWEST_WORDS and any(char.isalpha() for char in text)


def read_village(seen: Seen) -> Reading[Literal["found", "several", "close", "kecamatan"]] | None:
    """A typed village name: one village, the same name in several kecamatan, or names near to it.

    Who types the name of a kecamatan instead chooses among its villages.
    """
    if not isinstance(seen.event, Typed):
        return None
    found = seen.facts.find_villages(seen.event.text)
    if len(found.exact) == 1:
        return Reading("found", seen.chat.with_draft(village=found.exact[0], candidates=(), listed=""))
    kecamatan = _kecamatan_named(seen, seen.event.text)
    if not found.exact and kecamatan:
        return Reading("kecamatan", seen.chat.with_draft(candidates=(), listed=kecamatan))
    candidates = found.exact or found.close
    if not candidates:
        return None
    chat = seen.chat.with_draft(candidates=candidates, listed="")
    return Reading("several" if one_name(candidates) else "close", chat)


def _kecamatan_named(seen: Seen, text: str) -> str:
    """The code of the kecamatan of this name, "" when there is none."""
    said = _letters(_KECAMATAN_WORD.sub("", text))
    return next((k.kode for k in seen.facts.kecamatan() if _letters(k.name) == said), "")


def one_name(villages: tuple[Village, ...]) -> bool:
    """Whether only the kecamatan tells these villages apart; "Mekar Sari" and "Mekarsari" sound the same."""
    return len(villages) > 1 and len({_letters(village.name) for village in villages}) == 1


def read_kecamatan(seen: Seen) -> Reading[Literal["picked"]] | None:
    """The kecamatan that tells villages of one name apart, or a word of its name that is enough for it; asked for
    it, people type it, though it may be the name of another village too.
    """
    draft = seen.chat.draft
    if draft is None or not isinstance(seen.event, Typed):
        return None
    said = _letters(_KECAMATAN_WORD.sub("", seen.event.text))
    meant = [v for v in draft.candidates if _letters(v.kecamatan) == said]
    meant = meant or [v for v in draft.candidates if said in map(_letters, v.kecamatan.split())]
    return Reading("picked", seen.chat.with_draft(village=meant[0])) if len(meant) == 1 else None


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def read_landmark(seen: Seen) -> Reading[Literal["given", "too_short", "too_long", "too_big"]] | None:
    """A landmark in words or by voice, or a pin; it takes the place of the one before."""
    if isinstance(seen.event, Located):
        pin = Pin(latitude=seen.event.latitude, longitude=seen.event.longitude)
        return Reading("given", seen.chat.with_draft(pin=pin, landmark=None, landmark_skipped=False))
    part = part_of(seen)
    if part is None or part.kind == "photo":
        return None
    fault = media_fault(part.media)
    if fault is not None:
        return Reading(fault, seen.chat)
    part = replace(part, text=part.text[:500])
    chat = seen.chat.with_draft(landmark=part, pin=None, landmark_skipped=False)
    return Reading("given", chat, kept_media((part,)))


def read_number(seen: Seen) -> Reading[Literal["known", "unknown", "mistyped", "slowed"]] | None:
    """A ticket: a private one of somebody else and an unused one are answered alike (issue 2)."""
    ticket = read_ticket(seen.event.text) if isinstance(seen.event, Typed) else None
    if ticket is None:
        return None
    verdict, digits = ticket
    recent = recent_guesses(seen)
    if len(recent) >= MOST_GUESSES:
        return Reading("slowed", replace(seen.chat, guesses=recent))
    if verdict == "mistyped":
        return Reading("mistyped", seen.chat)
    if seen.facts.aspiration(digits) is None:
        return Reading("unknown", replace(seen.chat, guesses=(*recent, seen.event.at)))
    return Reading("known", replace(seen.chat, focus=digits))


def recent_guesses(seen: Seen) -> tuple[datetime, ...]:
    """When this chat asked for numbers that it may not see, within the last hour."""
    return tuple(at for at in seen.chat.guesses if seen.event.at - at < GUESSING_SPAN)


def read_own_number(seen: Seen) -> Reading[Literal["number", "mistyped"]] | None:
    """The ticket of an aspiration to be recovered; whether it exists is told only together with its code."""
    ticket = read_ticket(seen.event.text) if isinstance(seen.event, Typed) else None
    if ticket is None:
        return None
    verdict, digits = ticket
    if verdict == "mistyped":
        return Reading("mistyped", seen.chat)
    return Reading("number", replace(seen.chat, focus=digits))


def read_code(seen: Seen) -> Reading[Literal["code", "mistyped"]] | None:
    """A recovery code: ten digits and a check digit."""
    digits = digits_of(seen.event.text) if isinstance(seen.event, Typed) else ""
    if not digits:
        return None
    if len(digits) != CODE_LENGTH or not is_valid(digits):
        return Reading("mistyped", seen.chat)
    return Reading("code", replace(seen.chat, picked=(digits,)))


def read_name(seen: Seen) -> Reading[Literal["named", "too_long"]] | None:
    """How somebody wants to be called."""
    if not isinstance(seen.event, Typed) or not seen.event.text.strip():
        return None
    name = " ".join(seen.event.text.split())
    if len(name) > LONGEST_NAME:
        return Reading("too_long", seen.chat)
    return Reading("named", replace(seen.chat, picked=(name,)))


def rewrite(chat: Chat, event: Edited) -> Chat | None:
    """The chat with an edited message's new words; None when that message gave no answer of the draft.

    Words cannot be edited away: an answer may have become empty only by a fault, and would count for nothing.
    """
    if not event.text.strip() and not _is_caption(chat, event.message):
        return None
    if chat.held and any(part.message == event.message for part in chat.held.parts):
        return replace(chat, held=replace(chat.held, parts=_reworded(chat.held.parts, event)))
    if chat.batch and any(item.message == event.message for item in chat.batch.items):
        chat = replace(chat, batch=replace(chat.batch, items=_reworded(chat.batch.items, event)))
        return _rewrite_draft(chat, event) or chat
    return _rewrite_draft(chat, event)


def _rewrite_draft(chat: Chat, event: Edited) -> Chat | None:
    draft = chat.draft
    if draft is None:
        return None
    if any(part.message == event.message for part in draft.parts):
        return chat.with_draft(parts=_reworded(draft.parts, event))
    if draft.landmark is not None and draft.landmark.message == event.message:
        return chat.with_draft(landmark=replace(draft.landmark, text=event.text[:500]))
    return None


def _is_caption(chat: Chat, message: int) -> bool:
    parts = (
        *(chat.held.parts if chat.held else ()),
        *(chat.draft.parts if chat.draft else ()),
        *(chat.batch.items if chat.batch else ()),
    )
    return any(part.message == message and part.media is not None for part in parts)


def _reworded(parts: tuple[Part, ...], event: Edited) -> tuple[Part, ...]:
    others = sum(len(part.text) for part in parts if part.message != event.message)
    text = event.text[: max(0, MOST_WORDS - others)]
    return tuple(replace(part, text=text) if part.message == event.message else part for part in parts)


def new_draft(chat: Chat, seen: Seen, parts: tuple[Part, ...] = ()) -> Chat:
    """The chat with a fresh draft; its serial is the ref of its buttons and the key of its submission."""
    serial = chat.drafts + 1
    draft = Draft(serial=serial, begun_at=seen.event.at, parts=parts)
    return replace(chat, draft=draft, drafts=serial, held=None, trail=(), interrupted=None)
