"""Written words of recordings: every version is kept, the recording too, and the speaker has the last word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Text, and_, bindparam, cast, exists, func, insert, or_, select, update

from conversations.chat import Part
from conversations.danger import concern
from conversations.effects import AnswerTranscript
from conversations.facts import TranscriptView
from conversations.flows.tasks import LONGEST_TRANSCRIPT
from storage import alerts, likeness_index, media, residents
from storage.actor import RefusalError, resident
from storage.ledger import INBOX, ErrandRow, Ledger
from storage.mandates import MANDATE, RELAY
from storage.media import MEDIA, PART
from storage.notices import NOTICES, Message, tell
from storage.rules import Scene
from storage.submissions import ASPIRATION
from storage.unheard import KINDS, TASK, TRANSCRIPT, open_for

OFFERED: Final = "transcript.offered"
"""The message that asks a speaker whether the words are right."""

READ_OUT: Final = "transcript.relayed"
"""The one that asks whoever speaks for somebody to read them out."""

DRAFT_WORDS: Final = "draft_words"
"""The errand in which a machine listens; its parameter: part."""

AnyRow = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Words to be added. `by` is the mandate of whoever wrote them, None for a machine or the speaker."""

    part: int
    source: Literal["machine", "person", "checked", "speaker"]
    words: str
    state: Literal["draft", "offered", "confirmed"]
    by: int | None = None


def add(scene: Scene, version: Version) -> int:
    """Add a version and return its id; what still waited of earlier ones is replaced, and kept."""
    waiting = (TRANSCRIPT.c.part_id == version.part, TRANSCRIPT.c.state.in_(("draft", "offered")))
    replaced = {"state": "replaced", "settled_at": scene.at}
    scene.connection.execute(update(TRANSCRIPT).where(*waiting).values(replaced))
    row = {
        "part_id": version.part,
        "source": version.source,
        "words": version.words,
        "state": version.state,
        "written_by": version.by,
        "at": scene.at,
        "settled_at": scene.at if version.state == "confirmed" else None,
    }
    added = int(scene.connection.execute(insert(TRANSCRIPT).returning(TRANSCRIPT.c.id), row).scalar_one())
    _heed(scene, version)
    return added


def _heed(scene: Scene, version: Version) -> None:
    """What nobody could read before may tell of danger: flagged for good, and told at once to those who protect."""
    about = concern(version.words)
    if not about:
        return
    of = ASPIRATION.c.id == select(PART.c.aspiration_id).where(PART.c.id == version.part).scalar_subquery()
    milder = ASPIRATION.c.flagged != "danger" if about == "danger" else ASPIRATION.c.flagged == ""
    changed = update(ASPIRATION).where(of, milder).values(flagged=about)
    whose = (ASPIRATION.c.id, ASPIRATION.c.region, ASPIRATION.c.chat_id)
    row = scene.connection.execute(changed.returning(*whose)).one_or_none()
    if row is not None and about == "danger":
        alerts.raise_alert(scene, version.words, row.region, alerts.Speaker(row.chat_id, row.id))


def offer(scene: Scene, number: int) -> None:
    """Ask the speaker whether the words are right; of somebody spoken for, the facilitator is asked to read them out.

    Whoever wants no messages is not asked: the words wait unconfirmed.
    """
    row = scene.connection.execute(_OFFERED, {"id": number}).one()
    to = row.chat_id or row.spoken_by
    if to is None or (row.chat_id and not residents.wants_notices(scene.connection, row.chat_id)):
        return
    params = {
        "transcript": number,
        "ticket": row.ticket,
        "words": row.words,
        "name": row.name or "",
    }
    key = READ_OUT if row.chat_id is None else OFFERED
    message = Message(chat_id=to, key=key, params=params, aspiration_id=row.aspiration_id)
    tell(scene.connection, message, scene.at)


def offer_anew(scene: Scene, aspiration: int) -> None:
    """Ask who can answer now (the author who has just claimed it, another facilitator) what nobody has answered yet."""
    unread = (NOTICES.c.aspiration_id == aspiration, NOTICES.c.key == READ_OUT, NOTICES.c.state == "waiting")
    scene.connection.execute(update(NOTICES).where(*unread).values(state="cancelled"))
    for number in scene.connection.scalars(_UNANSWERED, {"aspiration": aspiration}).all():
        offer(scene, number)


def view(connection: Connection, chat_id: int, number: int) -> TranscriptView | None:
    """Words that this chat was asked about and may still answer for, or has confirmed."""
    row = connection.execute(_ANSWERABLE, {"id": number, "chat": chat_id}).one_or_none()
    if row is None:
        return None
    return TranscriptView(id=row.id, ticket=row.ticket, words=row.words, confirmed=row.state == "confirmed")


def answer(scene: Scene, effect: AnswerTranscript) -> None:
    """The speaker's answer: right, or what is right instead. Answering once more is no fault, changing one's mind is late.

    RefusalError: not_yours, settled, empty, too_long.
    """
    whose = {"id": effect.transcript, "chat": resident(scene.actor).chat_id}
    row = scene.connection.execute(_ANSWERABLE, whose).one_or_none()
    if row is None or (row.state == "confirmed" and not effect.right):
        raise RefusalError("settled", "Nothing waits for an answer here.")
    if row.state == "confirmed":
        return
    likeness_index.mark(scene.connection, row.aspiration_id)
    if effect.right:
        _settle(scene, row, "confirmed")
        return
    correction = effect.correction
    if correction is None or not (correction.media or correction.text.strip()):
        raise RefusalError("empty", "It is not said what is right.")
    if correction.media is None:
        _reword(scene, row, correction.text.strip())
    else:
        _settle(scene, row, "refused")
        _record(scene, row, correction)


def drafted(connection: Connection, part: int, words: str, at: datetime) -> bool:
    """Keep a machine's draft as long as nobody has written anything; False when it is empty or comes too late."""
    if not words.strip():
        return False
    free = select(TASK.c.id).where(TASK.c.part_id == part, TASK.c.state.in_(("open", "taken")))
    written = select(TRANSCRIPT.c.id).where(TRANSCRIPT.c.part_id == part)
    if connection.execute(free).first() is None or connection.execute(written).first() is not None:
        return False
    row = {
        "part_id": part,
        "source": "machine",
        "words": words[:LONGEST_TRANSCRIPT],
        "state": "draft",
        "at": at,
    }
    connection.execute(insert(TRANSCRIPT), row)
    return True


def undrafted(connection: Connection, limit: int) -> Sequence[int]:
    """Recordings of which there are no words at all and whose file is kept, the longest waiting first: ids of parts."""
    return connection.scalars(_UNDRAFTED, {"limit": limit}).all()


def ask_drafts(connection: Connection, at: datetime, limit: int) -> int:
    """Let a machine listen to recordings that it was not asked about in the last week; returns how many."""
    parts = undrafted(connection, limit)
    ledger = Ledger(connection)
    fresh = ledger.admit([(DRAFT_WORDS, str(part)) for part in parts], at)
    asked = [
        ErrandRow(kind=DRAFT_WORDS, due_at=at, params={"part": part})
        for part in parts
        if (DRAFT_WORDS, str(part)) in fresh
    ]
    ledger.add_errands(asked, at)
    return len(asked)


def recording(connection: Connection, part: int) -> str | None:
    """The SHA-256 name of a recording's file; None when it is not kept, or gone."""
    return connection.scalar(_FILE, {"part": part})


def _reword(scene: Scene, row: AnyRow, words: str) -> None:
    if len(words) > LONGEST_TRANSCRIPT:
        raise RefusalError("too_long", f"More than {LONGEST_TRANSCRIPT} characters.")
    add(scene, Version(part=row.part_id, source="speaker", words=words, state="confirmed"))
    _end_tasks(scene, row.part_id)


def _record(scene: Scene, row: AnyRow, correction: Part) -> None:
    """The same said or signed once more: one more message of the aspiration, and a task of its own."""
    if correction.media is None or correction.kind not in KINDS:
        raise RefusalError("empty", "It is no recording.")
    last = scene.connection.scalar(_LAST, {"aspiration": row.aspiration_id})
    file = media.remember(scene.connection, correction.media, correction.kind, scene.at)
    part = {
        "aspiration_id": row.aspiration_id,
        "role": "need",
        "position": int(last or 0) + 1,
        "kind": correction.kind,
        "text": correction.text,
        "media_id": file,
        "origin": correction.origin,
    }
    scene.connection.execute(insert(PART), part)
    open_for(scene.connection, row.aspiration_id, row.region, scene.at)


def _settle(scene: Scene, row: AnyRow, state: str) -> None:
    waits = (TRANSCRIPT.c.id == row.id, TRANSCRIPT.c.state == "offered")
    values = {"state": state, "settled_at": scene.at}
    scene.connection.execute(update(TRANSCRIPT).where(*waits).values(values))
    _end_tasks(scene, row.part_id)


def _end_tasks(scene: Scene, part: int) -> None:
    waiting = (TASK.c.part_id == part, TASK.c.state.in_(("open", "taken")))
    ended = {"state": "ended", "done_at": scene.at}
    scene.connection.execute(update(TASK).where(*waiting).values(ended))


_WHOSE: Final = (
    select(
        TRANSCRIPT.c.id,
        TRANSCRIPT.c.part_id,
        TRANSCRIPT.c.words,
        TRANSCRIPT.c.state,
        PART.c.aspiration_id,
        ASPIRATION.c.ticket,
        ASPIRATION.c.region,
        ASPIRATION.c.chat_id,
        RELAY.c.name,
        MANDATE.c.chat_id.label("spoken_by"),
    )
    .join(PART, PART.c.id == TRANSCRIPT.c.part_id)
    .join(ASPIRATION, ASPIRATION.c.id == PART.c.aspiration_id)
    .outerjoin(RELAY, and_(RELAY.c.aspiration_id == ASPIRATION.c.id, RELAY.c.claimed_at.is_(None)))
    .outerjoin(MANDATE, and_(MANDATE.c.id == RELAY.c.mandate_id, MANDATE.c.ended_at.is_(None)))
    .where(TRANSCRIPT.c.id == bindparam("id"))
)
_OFFERED: Final = _WHOSE
_ANSWERABLE: Final = _WHOSE.where(
    TRANSCRIPT.c.state.in_(("offered", "confirmed")),
    or_(
        ASPIRATION.c.chat_id == bindparam("chat"),
        and_(ASPIRATION.c.chat_id.is_(None), MANDATE.c.chat_id == bindparam("chat")),
    ),
)
_UNANSWERED: Final = (
    select(TRANSCRIPT.c.id)
    .join(PART, PART.c.id == TRANSCRIPT.c.part_id)
    .where(PART.c.aspiration_id == bindparam("aspiration"), TRANSCRIPT.c.state == "offered")
    .order_by(TRANSCRIPT.c.id)
)
_LAST: Final = select(func.max(PART.c.position)).where(
    PART.c.aspiration_id == bindparam("aspiration"), PART.c.role == "need"
)
_UNDRAFTED: Final = (
    select(TASK.c.part_id)
    .join(PART, PART.c.id == TASK.c.part_id)
    .join(MEDIA, MEDIA.c.id == PART.c.media_id)
    .where(
        TASK.c.state == "open",
        TASK.c.kind == "transcribe",
        MEDIA.c.sha256 != "",
        ~exists().where(TRANSCRIPT.c.part_id == TASK.c.part_id),
        ~exists().where(INBOX.c.source == DRAFT_WORDS, INBOX.c.id == cast(TASK.c.part_id, Text)),
    )
    .order_by(TASK.c.created_at, TASK.c.id)
    .limit(bindparam("limit"))
)
_FILE: Final = (
    select(MEDIA.c.sha256)
    .join(PART, PART.c.media_id == MEDIA.c.id)
    .where(PART.c.id == bindparam("part"), MEDIA.c.sha256 != "")
)
