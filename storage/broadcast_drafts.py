"""Writing a broadcast: kept, counted out of the turn, tried on oneself, taken back (issue 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final, get_args

from sqlalchemy import Connection, bindparam, delete, insert, select, text, union_all, update

from conversations.broadcast import (
    LONGEST_ALTERNATIVE,
    LONGEST_WORDS,
    BroadcastDraft,
    Census,
    Segment,
    SegmentRole,
    Topic,
)
from conversations.flows.intake_answers import GROUPS
from conversations.flows.settings import LOCALES
from storage import audit
from storage.actor import Officer, RefusalError, resident
from storage.broadcast_segments import BROADCAST, as_stored, read_segment
from storage.broadcast_sending import extras_of
from storage.broadcast_words import SENT
from storage.invitations import covers
from storage.ledger import OUTBOX, ErrandRow, Ledger
from storage.mandates import MANDATE, UNBEGUN
from storage.meeting_staff import require_meeting
from storage.meeting_views import meeting_row
from storage.notices import NOTICES, Message, tell
from storage.permissions import Action, Place, allowed, officers, require
from storage.rules import Scene

COUNT: Final = "count_broadcast"
"""The errand that counts whom a broadcast reaches; its parameter: broadcast."""

COUNTED: Final = "siar.counted"
"""The message that says how many they are."""

FRESH: Final = timedelta(days=1)
"""A count that is older says nothing any more."""

AFTER_WORDS: Final = timedelta(seconds=5)
"""Picture and voice follow the words, which the clock hands to the outbox."""

MOST_REGIONS: Final = 60
WRITABLE: Final = ("draft",)
AnyRow = Any
"""A row of `broadcast`."""


def keep(scene: Scene, draft: BroadcastDraft) -> int:
    """Keep a broadcast and have it counted; returns its number. RefusalError: not_allowed, unknown, over, incomplete."""
    segment = _bounded(scene, draft.segment)
    officer = _writer(scene, segment)
    values = _checked(scene, draft, segment)
    if draft.id:
        row = own_row(scene, draft.id, WRITABLE)
        same = (row.segment, row.topic) == (values["segment"], values["topic"])
        number = draft.id
        stands = same and is_fresh(row.census, scene.at)
        move(scene.connection, number, WRITABLE, **values, census=row.census if stands else {})
    else:
        stands, number = False, _add(scene, officer, values)
    if not stands:
        _errand(scene, number)
    audit.record(scene, officer, "broadcast", subject(number), "kept")
    return number


def try_out(scene: Scene, number: int) -> None:
    """Send it to its author, marked, with its picture and voice. RefusalError: not_allowed, unknown."""
    row = own_row(scene, number)
    officer = _writer(scene, read_segment(row.segment))
    chat = resident(scene.actor).chat_id
    params = {"broadcast": number, "topic": row.topic, "trial": True}
    tell(scene.connection, Message(chat_id=chat, key=SENT, params=params, urgent=True), scene.at)
    Ledger(scene.connection).enqueue(extras_of(row, chat, scene.at + AFTER_WORDS), scene.at)
    audit.record(scene, officer, "broadcast", subject(number), "tried")


def recall(scene: Scene, number: int, *, drop: bool) -> None:
    """Take one's own broadcast back before it is sent: a draft again, or gone. RefusalError: not_allowed, unknown."""
    row = own_row(scene, number, UNBEGUN)
    officer = _writer(scene, read_segment(row.segment))
    move(scene.connection, number, UNBEGUN, state="draft", approved_by=None, approved_at=None)
    if drop:
        _call_off_trials(scene.connection, resident(scene.actor).chat_id, number)
        scene.connection.execute(delete(BROADCAST).where(BROADCAST.c.id == number))
    audit.record(scene, officer, "broadcast", subject(number), "dropped" if drop else "recalled")


def store_count(connection: Connection, number: int, of: AnyRow, counted: Census, at: datetime) -> None:
    """Keep what was counted and tell the author, unless the segment was changed meanwhile (`of` is what was read)."""
    row = connection.execute(_WITH_AUTHOR.where(BROADCAST.c.id == number)).one_or_none()
    if row is None or (row.segment, row.topic) != (of.segment, of.topic):
        return
    stored = as_stored(counted) | {"at": at.isoformat()}
    _put(connection, number, census=stored)
    if row.author is not None:
        params = {"broadcast": number, **stored, "few": bool(row.segment.get("groups"))}
        tell(connection, Message(chat_id=row.author, key=COUNTED, params=params, urgent=True), at)


def is_fresh(stored: dict[str, Any], at: datetime) -> bool:
    """Whether a count still stands."""
    return bool(stored) and at - datetime.fromisoformat(stored["at"]) <= FRESH


def broadcast_row(connection: Connection, number: int) -> AnyRow | None:
    """A broadcast with the chat of its author (None: erased, or the mandate has ended)."""
    return connection.execute(_WITH_AUTHOR.where(BROADCAST.c.id == number)).one_or_none()


def own_row(scene: Scene, number: int, states: tuple[str, ...] = ()) -> AnyRow:
    """A broadcast of the acting chat in one of these states. RefusalError: unknown, over."""
    row = broadcast_row(scene.connection, number)
    if row is None or row.author != resident(scene.actor).chat_id:
        raise RefusalError("unknown", f"There is no broadcast {number} of this chat.")
    if states and row.state not in states:
        raise RefusalError("over", f"Broadcast {number} is {row.state}.")
    return row


def move(connection: Connection, number: int, states: tuple[str, ...], **values: object) -> None:
    """Change a broadcast that is still in one of these states. RefusalError("over") when somebody was quicker."""
    still = (BROADCAST.c.id == number, BROADCAST.c.state.in_(states))
    if connection.execute(update(BROADCAST).where(*still).values(values)).rowcount == 0:
        raise RefusalError("over", f"Broadcast {number} has gone on.")


def place_of(held: Sequence[Officer], region: str) -> Place:
    """A region as the holders of these mandates may act there: an agency's in its field."""
    return Place(region, next((one.agencies[0] for one in held if one.agencies), ""))


def require_all(scene: Scene, action: Action, regions: tuple[str, ...]) -> Officer:
    """The officer as whom this chat may do this in all of these regions. RefusalError: not_allowed."""
    chat = resident(scene.actor).chat_id
    if not regions or len(regions) > MOST_REGIONS:
        raise RefusalError("not_allowed", "There is no region to act in.")
    held = officers(scene.connection, chat)
    found = [require(scene.connection, chat, action, place_of(held, one)) for one in regions]
    return found[0]


def subject(number: int) -> str:
    """A broadcast as the audit names it."""
    return f"broadcast:{number}"


def _bounded(scene: Scene, segment: Segment) -> Segment:
    """Without regions it is for all that the writer may write to: the kabupaten, or the scope of the mandates."""
    if segment.regions:
        return segment
    chat, whole = resident(scene.actor).chat_id, scene.rules.regions.kabupaten
    held = officers(scene.connection, chat)
    if allowed(held, "broadcast", place_of(held, whole)) is not None:
        return _with_regions(segment, (whole,))
    return _with_regions(segment, tuple(dict.fromkeys(kode for one in held for kode in one.scope)))


def _with_regions(segment: Segment, regions: tuple[str, ...]) -> Segment:
    return Segment(**(asdict(segment) | {"regions": regions}))


def _writer(scene: Scene, segment: Segment) -> Officer:
    if not all(covers([scene.rules.regions.kabupaten], kode) for kode in segment.regions):
        raise RefusalError("not_allowed", "This region is not ours.")
    if segment.meeting:
        require_meeting(scene, meeting_row(scene.connection, segment.meeting))
    return require_all(scene, "broadcast", segment.regions)


def _checked(scene: Scene, draft: BroadcastDraft, segment: Segment) -> dict[str, Any]:
    """The columns of a sound draft. RefusalError("incomplete") names what is missing or wrong."""
    if wrong := _wrong(scene, draft, segment):
        raise RefusalError("incomplete", f"Missing or wrong: {wrong}.", wrong)
    return {
        "topic": draft.topic,
        "words": draft.text.strip(),
        "easy": draft.easy.strip(),
        "picture": draft.picture.file_id if draft.picture else "",
        "alternative": " ".join(draft.alternative.split()) if draft.picture else "",
        "voice": draft.voice.file_id if draft.voice else "",
        "voice_seconds": draft.voice.seconds if draft.voice else 0,
        "segment": {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(segment).items()},
        "due_at": draft.at,
    }


def _wrong(scene: Scene, draft: BroadcastDraft, segment: Segment) -> str:
    tests = {
        "topic": draft.topic in get_args(Topic),
        "text": 0 < len(draft.text.strip()) <= LONGEST_WORDS,
        "easy": len(draft.easy) <= LONGEST_WORDS,
        "alternative": not draft.picture or 0 < len(draft.alternative.strip()) <= LONGEST_ALTERNATIVE,
        "groups": set(segment.groups) <= set(GROUPS),
        "roles": set(segment.roles) <= set(get_args(SegmentRole)),
        "locales": set(segment.locales) <= set(LOCALES),
        "stages": set(segment.stages) <= set(scene.rules.lifecycle.stages),
        "at": draft.at is None or (draft.at.tzinfo is not None and draft.at > scene.at),
    }
    return next((name for name, sound in tests.items() if not sound), "")


def _add(scene: Scene, officer: Officer, values: dict[str, Any]) -> int:
    new = {
        "mandate_id": officer.mandate,
        "state": "draft",
        "census": {},
        "created_at": scene.at,
        "made_to": 0,
    }
    unsent = {"progress_told": "", "corrected": "", "revision": 0, "mending": False}
    made = insert(BROADCAST).values(values | new | unsent)
    return int(scene.connection.execute(made.returning(BROADCAST.c.id)).scalar_one())


def _errand(scene: Scene, number: int) -> None:
    chat = resident(scene.actor).chat_id
    errand = ErrandRow(kind=COUNT, due_at=scene.at, params={"broadcast": number}, chat_id=chat)
    Ledger(scene.connection).add_errands([errand], scene.at)


def _call_off_trials(connection: Connection, chat: int, number: int) -> None:
    """Trials that are still on their way have nothing to say any more."""
    rows = connection.execute(_TRIALS, {"chat": chat}).all()
    trials = [row.id for row in rows if row.params["broadcast"] == number]
    unsent = (OUTBOX.c.notice_id.in_(trials), _LYING)
    connection.execute(delete(OUTBOX).where(*unsent))
    connection.execute(update(NOTICES).where(NOTICES.c.id.in_(trials)).values(state="cancelled"))


def _put(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(BROADCAST).where(BROADCAST.c.id == number).values(values))


_LYING: Final = text("outbox.state = 'waiting'")
_THEIRS: Final = (NOTICES.c.chat_id == bindparam("chat"), NOTICES.c.key == SENT)
_TRIALS: Final = union_all(  # each by its partial index: many notices are kept that were told long ago
    select(NOTICES.c.id, NOTICES.c.params).where(text("notice.state = 'waiting'"), *_THEIRS),
    select(NOTICES.c.id, NOTICES.c.params)
    .join(OUTBOX, OUTBOX.c.notice_id == NOTICES.c.id)
    .where(_LYING, OUTBOX.c.chat_id == bindparam("chat"), *_THEIRS),
)
_WITH_AUTHOR: Final = select(BROADCAST, MANDATE.c.chat_id.label("author")).outerjoin(
    MANDATE, (MANDATE.c.id == BROADCAST.c.mandate_id) & MANDATE.c.ended_at.is_(None)
)
