"""Minutes of a meeting: what was agreed, deferred and rejected, by priority (issue 4)."""

from __future__ import annotations

from typing import Final, get_args

from sqlalchemy import Connection, func, insert, select

from conversations.meeting import Minute, MinuteVerdict, WriteMinute
from storage import audit
from storage.actor import RefusalError, resident
from storage.ledger import ErrandRow, Ledger
from storage.meeting_staff import require_meeting
from storage.meeting_views import MINUTE, meeting_row
from storage.rules import Scene

MAKE_MINUTES: Final = "meeting_minutes"
"""The errand that sends the minutes; its parameter: meeting."""

LONGEST_ITEM: Final = 500
MOST_ITEMS: Final = 500
VERDICTS: Final[tuple[MinuteVerdict, ...]] = get_args(MinuteVerdict)


def write(scene: Scene, effect: WriteMinute) -> None:
    """Add an item after those of its kind. RefusalError: not_allowed, unknown, empty, too_many."""
    officer = require_meeting(scene, meeting_row(scene.connection, effect.meeting))
    words = " ".join(effect.words.split())[:LONGEST_ITEM]
    if not words or effect.verdict not in VERDICTS:
        raise RefusalError("empty", "An item has words.")
    of_kind = (MINUTE.c.meeting_id == effect.meeting, MINUTE.c.verdict == effect.verdict)
    before = int(scene.connection.scalar(select(func.count()).select_from(MINUTE).where(*of_kind)) or 0)
    if before >= MOST_ITEMS:
        raise RefusalError("too_many", f"Minutes have at most {MOST_ITEMS} items of a kind.")
    item = {"verdict": effect.verdict, "position": before + 1, "words": words}
    scene.connection.execute(insert(MINUTE).values(meeting_id=effect.meeting, at=scene.at, **item))
    audit.record(scene, officer, "meeting", f"meeting:{effect.meeting}", "minute")


def send(scene: Scene, number: int) -> None:
    """Send the minutes as text and as a spreadsheet. RefusalError: not_allowed, unknown."""
    officer = require_meeting(scene, meeting_row(scene.connection, number))
    chat = resident(scene.actor).chat_id
    errand = ErrandRow(kind=MAKE_MINUTES, due_at=scene.at, params={"meeting": number}, chat_id=chat)
    Ledger(scene.connection).add_errands([errand], scene.at)
    audit.record(scene, officer, "meeting", f"meeting:{number}", "minutes_sent")


def minutes(connection: Connection, number: int) -> tuple[Minute, ...]:
    """The items of a meeting: agreed, deferred, rejected, each by priority."""
    found = connection.execute(select(MINUTE).where(MINUTE.c.meeting_id == number)).all()
    items = [Minute(verdict=row.verdict, position=row.position, words=row.words) for row in found]
    return tuple(sorted(items, key=lambda item: (VERDICTS.index(item.verdict), item.position)))
