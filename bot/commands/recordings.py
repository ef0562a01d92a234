"""`suara recordings`: what people have recorded, what is missing, what is stale."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.commands.faults import open_database, told
from bot.house import furnish
from bot.media_catalogue import SHIPPED, Slot, open_catalogue, write_marks
from bot.refusal import Refusal
from bot.settings import load
from bot.speaker import LONGEST
from bot.speech import Unhearable, from_file
from storage.engine import reading


def recordings(file: Path, locale: str, *, mark: bool = False, missing: bool = False) -> None:
    """Print what there is; with `mark` note that the files say the texts of today. Raises Refusal when some are stale."""
    settings = load(file)
    with told():
        engine = open_database(settings)
        with reading(engine) as connection:
            texts = furnish(connection, settings).texts
        engine.dispose()
    catalogue = open_catalogue(settings.recordings_dir, SHIPPED)
    slots = [slot for slot in catalogue.slots(texts) if locale in {"", slot.locale}]
    if mark:
        if unfit := [words for slot in slots if (words := _unfit(slot))]:
            raise Refusal(*unfit)
        count = write_marks(catalogue.shelves[0], slots)
        sys.stdout.write(f"{count} recordings are marked as saying the texts of today.\n")
        return
    sys.stdout.write("".join(f"{line}\n" for line in (*summary(slots), *details(slots, missing=missing))))
    if stale := [slot for slot in slots if slot.state == "stale"]:
        raise Refusal(
            f"{len(stale)} recordings are stale and are not played: record them anew, then `suara recordings --mark`."
        )


def summary(slots: Sequence[Slot]) -> list[str]:
    """One line for the recordings of each locale, and one for its clips."""
    counts = Counter((slot.locale, slot.clip, slot.state) for slot in slots)
    kinds = dict.fromkeys((slot.locale, slot.clip) for slot in slots)
    return [
        f"{locale:10} {'clips in sign language' if clip else 'texts':24}"
        + ", ".join(
            f"{counts[locale, clip, state]} {state}" for state in ("recorded", "stale", "unmarked", "missing")
        )
        for locale, clip in kinds
    ]


def details(slots: Sequence[Slot], *, missing: bool) -> list[str]:
    """What wants doing: stale and unmarked files, and, when asked for, what to record and under which name."""
    wanted = {"stale", "unmarked"} | ({"missing"} if missing else set())
    return [
        f"{slot.state:10} {slot.name:50} {_in_one_line(slot.text)}" for slot in slots if slot.state in wanted
    ]


def _unfit(slot: Slot) -> str:
    """Why a recording cannot be played, "" when it can, or is a clip, which nobody here looks into."""
    if slot.path is None or slot.clip or slot.state == "recorded":
        return ""
    try:
        seconds = from_file(slot.path).seconds
    except (Unhearable, OSError) as fault:
        return f"{slot.path} is no recording: {fault}."
    return f"{slot.path} takes {seconds:.0f} seconds, at most {LONGEST:.0f}." if seconds > LONGEST else ""


def _in_one_line(text: str) -> str:
    return " / ".join(line for line in text.split("\n") if line)
