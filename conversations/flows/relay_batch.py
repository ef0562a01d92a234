"""What a facilitator sends for others: gathered item by item, counted, chosen for each person, set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal

from conversations.chat import Batch, Chat, Draft, Part, PartKind, Relayed
from conversations.effects import Line, Listing
from conversations.events import Forwarded
from conversations.readers import MOST_WORDS, kept_media, media_fault, part_of
from conversations.table import Option, Params, Reading, Seen, option
from conversations.times import duration

GATHERING: Final = timedelta(seconds=20)
"""Forwarded voices arrive one by one (Bot API): after so long without one, all have come (issue 3)."""

MOST_ITEMS: Final = 60
FIRST_WORDS: Final = 24
"""Code points of an item's words that its label shows."""

FAULTS: Final = ("too_short", "too_long", "too_big", "full", "other")
"""Why an item is not kept; texts: `relay.fault.<why>`."""

COUNTED: Final[dict[str, tuple[PartKind, ...]]] = {
    "voice": ("voice", "audio"),
    "video": ("video", "video_note"),
    "photo": ("photo",),
    "text": ("text",),
}
"""What items are counted as; texts: `relay.count.<name>`."""


def unfinished_batch(chat: Chat) -> Batch | None:
    """The batch that still holds something, if any."""
    return chat.batch if chat.batch is not None and chat.batch.items else None


def begin(seen: Seen) -> Reading[Literal["own_draft", "waiting", "fresh"]]:
    """One's own draft is settled first; what waits from before is offered; else a batch is opened."""
    chat = seen.chat
    if chat.draft is not None and chat.draft.relay is None:
        return Reading("own_draft", chat)
    if unfinished_batch(chat) or chat.draft is not None:
        return Reading("waiting", chat)
    return Reading("fresh", _opened(chat))


def _opened(chat: Chat) -> Chat:
    return replace(chat, batch=Batch(serial=chat.drafts + 1), drafts=chat.drafts + 1)


# Gathering


def read_item(seen: Seen) -> Reading[Literal["item"]] | None:
    """One more item, or why it is none: nothing is said before all have come. Its file is fetched at once."""
    batch = seen.chat.batch
    if batch is None:
        return None
    part = item_of(seen)
    if part is None and not isinstance(seen.event, Forwarded):
        return None
    known = batch if seen.chat.quiet_at is not None else replace(batch, refused=())
    fault = "other" if part is None else _fault(known, part)
    if part is None or fault:
        return Reading("item", replace(seen.chat, batch=replace(known, refused=(*known.refused, fault))))
    if part.media is not None and _came_before(seen, known, part.media.unique_id):
        return Reading("item", replace(seen.chat, batch=replace(known, doubled=known.doubled + 1)))
    chat = replace(seen.chat, batch=replace(known, items=(*known.items, part)))
    return Reading("item", chat, kept_media((part,)))


def read_sent_item(seen: Seen) -> Reading[Literal["item"]] | None:
    """As `read_item`, where typed words answer the question that was asked."""
    part = item_of(seen)
    if isinstance(seen.event, Forwarded) or (part is not None and part.kind != "text"):
        return read_item(seen)
    return None


def read_forwarded(seen: Seen) -> Reading[Literal["forwarded"]] | None:
    """At the menu: a facilitator who forwards what others said has begun to relay, and need not say so."""
    free = seen.chat.draft is None and isinstance(seen.event, Forwarded)
    if not free or seen.facts.mandate("facilitator") is None:
        return None
    chat = seen.chat if unfinished_batch(seen.chat) else _opened(seen.chat)
    reading = read_item(replace(seen, chat=chat))
    return Reading("forwarded", reading.chat, reading.effects) if reading is not None else None


def item_of(seen: Seen) -> Part | None:
    """The event as an item: recorded, typed, photographed, or forwarded from anywhere."""
    event = seen.event
    if not isinstance(event, Forwarded):
        return part_of(seen)
    if event.kind == "other" or (event.media is None and not any(char.isalnum() for char in event.text)):
        return None
    return Part(
        kind=event.kind,
        message=event.message,
        text=event.text.strip(),
        media=event.media,
        origin=event.origin,
        sender=event.sender,
    )


def _fault(batch: Batch, part: Part) -> str:
    words = sum(len(item.text) for item in (*batch.items, part))
    if len(batch.items) >= MOST_ITEMS or words > MOST_WORDS:
        return "full"
    return media_fault(part.media, photo=part.kind == "photo") or ""


def _came_before(seen: Seen, batch: Batch, unique_id: str) -> bool:
    here = any(item.media is not None and item.media.unique_id == unique_id for item in batch.items)
    return here or seen.facts.relayed(unique_id)


# Counting


def gathered_params(seen: Seen) -> Params:
    """What has come so far, what came twice, what could not be kept, and what is asked."""
    batch = seen.chat.batch or Batch(serial=0)
    return {"told": Listing(tuple(_told(batch))), "ask": _asked(batch)}


def _asked(batch: Batch) -> Line:
    match len(batch.items):
        case 0:
            return Line("relay.ask.send")
        case 1:
            return Line("relay.ask.single")
        case _:
            return Line("relay.ask.which")


def _told(batch: Batch) -> Iterator[Line]:
    if batch.items:
        yield Line("relay.received", {"items": counted(batch.items)})
    else:
        yield Line("relay.received.none")
    if batch.doubled:
        yield Line("relay.doubled", {"count": batch.doubled})
    for why, count in Counter(batch.refused).items():
        yield Line(f"relay.fault.{why}", {"count": count})


def counted(items: tuple[Part, ...]) -> Listing:
    """Items by what they are: "7 suara (2 menit 14 detik), 1 foto, dan 2 tulisan"."""
    return Listing(tuple(_counted(items)), joined=True)


def _counted(items: tuple[Part, ...]) -> Iterator[Line]:
    for name, kinds in COUNTED.items():
        these = [item for item in items if item.kind in kinds]
        seconds = sum(item.media.seconds for item in these if item.media)
        if these:
            yield Line(f"relay.count.{name}", {"count": len(these), "length": duration(seconds)})


def given_kinds(kinds: tuple[PartKind, ...]) -> Listing:
    """What was sent for people, without lengths: "5 suara dan 1 foto"."""
    counts = {name: sum(kind in those for kind in kinds) for name, those in COUNTED.items()}
    lines = (Line(f"relay.given.{name}", {"count": count}) for name, count in counts.items() if count)
    return Listing(tuple(lines), joined=True)


def waiting_params(seen: Seen) -> Params:
    """What lies in the batch."""
    return {"items": counted(seen.chat.batch.items if seen.chat.batch else ())}


def offer_count(seen: Seen) -> tuple[Option, ...]:
    """One person or several; of a single item there is nothing to share out."""
    match len(seen.chat.batch.items) if seen.chat.batch else 0:
        case 0:
            return ()
        case 1:
            return (option("one", "relay.single"),)
        case _:
            return (option("one", "relay.one"), option("several", "relay.several"))


# One person after the other


def begin_person(seen: Seen) -> Reading[Literal["begun"]]:
    """Open the draft of the next person; what is theirs is picked next."""
    return Reading("begun", _person(seen, Relayed()))


def begin_alone(seen: Seen) -> Reading[Literal["begun"]]:
    """Open the draft of the person who said all of it."""
    chat = _person(seen, Relayed(alone=True))
    return Reading("begun", chat.with_draft(parts=chat.batch.items if chat.batch else ()))


def _person(seen: Seen, relay: Relayed) -> Chat:
    serial = seen.chat.drafts + 1
    draft = Draft(serial=serial, begun_at=seen.event.at, relay=relay, visibility="private")
    return replace(seen.chat, draft=draft, drafts=serial, trail=(), interrupted=None)


def offer_items(seen: Seen) -> tuple[Option, ...]:
    """Every item by kind, length, origin and first words; those that look alike are numbered."""
    items = seen.chat.batch.items if seen.chat.batch else ()
    looks = [_look(item) for item in items]
    total = Counter(looks)
    so_far: Counter[tuple[object, ...]] = Counter()
    options = []
    for item, look in zip(items, looks, strict=True):
        so_far[look] += 1
        label = _item_label(item, so_far[look] if total[look] > 1 else 0)
        options.append(Option(str(item.message), label, "toggled"))
    return tuple(options)


def _look(item: Part) -> tuple[object, ...]:
    return (
        item.kind,
        item.media.seconds if item.media else 0,
        bool(item.origin),
        item.sender,
        _first_words(item),
    )


def _first_words(item: Part) -> str:
    text = " ".join(item.text.split())
    return text if len(text) <= FIRST_WORDS else f"{text[:FIRST_WORDS]}…"


def _item_label(item: Part, nth: int) -> Line:
    words = _first_words(item)
    details = (
        *([_forwarded(item)] if item.origin else []),
        *([Line("part.text", {"text": words})] if words else []),
        *([Line("relay.item.nth", {"n": nth})] if nth else []),
    )
    what = {"length": duration(item.media.seconds if item.media else 0)}
    if not details:
        return Line(f"relay.kind.{item.kind}", what)
    return Line("relay.item", {"what": Line(f"relay.kind.{item.kind}", what), "details": _comma(details)})


def _forwarded(item: Part) -> Line:
    """From whom, when Telegram tells: so one knows whose voice it is without listening to all of them again."""
    return Line("relay.item.from", {"sender": item.sender}) if item.sender else Line("relay.item.forwarded")


def _comma(details: tuple[Line, ...]) -> Line:
    """Details one after the other; a label is one line."""
    said = details[-1]
    for detail in reversed(details[:-1]):
        said = Line("relay.item.details", {"first": detail, "rest": said})
    return said


def picked_items(seen: Seen) -> Params:
    """What is picked so far: by the numbers in the list, and counted."""
    items, picked = seen.chat.batch.items if seen.chat.batch else (), _picked(seen)
    if not picked:
        return {"picked": Line("group.none_yet")}
    numbers = Listing(tuple(str(n) for n, item in enumerate(items, 1) if item in picked), joined=True)
    return {"picked": Line("relay.picked", {"numbers": numbers, "items": counted(picked)})}


def _picked(seen: Seen) -> tuple[Part, ...]:
    items = seen.chat.batch.items if seen.chat.batch else ()
    return tuple(item for item in items if str(item.message) in seen.chat.picked)


def take_items(seen: Seen) -> Reading[Literal["some", "none"]]:
    """What was picked is what this person said."""
    items = _picked(seen)
    if not items:
        return Reading("none", seen.chat)
    return Reading("some", seen.chat.with_draft(parts=items))


def take_all_items(seen: Seen) -> Reading[Literal["some", "none"]]:
    """All that is left is what this person said."""
    items = seen.chat.batch.items if seen.chat.batch else ()
    return Reading("some" if items else "none", seen.chat.with_draft(parts=items))


# What is left


def without_person(chat: Chat, *, sent: bool) -> Chat:
    """The chat without the person's draft and without what they said; `sent` that it was sent for them."""
    parts = chat.draft.parts if chat.draft else ()
    gone = {part.message for part in parts}
    batch = chat.batch
    if batch is not None:
        kinds = tuple(part.kind for part in parts) if sent else ()
        batch = replace(
            batch,
            items=tuple(item for item in batch.items if item.message not in gone),
            people=batch.people + sent,
            doubled=0,
            refused=(),
            given=(*batch.given, *kinds),
        )
    return replace(chat, draft=None, batch=batch, trail=())


def anything_left(seen: Seen) -> Reading[Literal["left", "done"]]:
    """Whether items remain that nobody has been named for."""
    return Reading("left" if unfinished_batch(seen.chat) else "done", seen.chat)


def set_aside(seen: Seen) -> Reading[Literal["set_aside"]]:
    """What is left is not sent, by explicit choice; neither is a person's draft."""
    batch = seen.chat.batch and replace(seen.chat.batch, items=())
    return Reading("set_aside", replace(seen.chat, batch=batch, draft=None, trail=()))


def drop_person(seen: Seen) -> Reading[Literal["dropped"]]:
    """The answers about this person are forgotten; what they said stays in the batch."""
    return Reading("dropped", replace(seen.chat, draft=None, trail=()))


def refuse_person(seen: Seen) -> Reading[Literal["refused"]]:
    """Who does not agree is not sent, and what they said is forgotten."""
    return Reading("refused", without_person(seen.chat, sent=False))


def done_params(seen: Seen) -> Params:
    """For how many people what was sent."""
    batch = seen.chat.batch or Batch(serial=0)
    if not batch.people:
        return {"result": Line("relay.done.none")}
    told: Params = {"count": batch.people, "items": given_kinds(batch.given)}
    return {"result": Line("relay.done.some", told)}


def close(seen: Seen) -> Reading[Literal["closed"]]:
    """The batch is done with."""
    return Reading("closed", replace(seen.chat, batch=None))
