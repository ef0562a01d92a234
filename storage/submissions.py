"""How an aspiration is stored, whoever sends it: a resident for themself, or a facilitator for somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select

from conversations.chat import Draft, Part, Village
from storage import alerts, history, likeness_index, media, ticket, unheard
from storage.actor import RefusalError
from storage.history import Entry
from storage.ledger import table
from storage.media import PART
from storage.rules import Rules, Scene
from storage.tables import AspirationAudienceRecord, AspirationRecord

ASPIRATION: Final = table(AspirationRecord)
AUDIENCE: Final = table(AspirationAudienceRecord)
AnyRow = Any
"""A row of `aspiration`, or some of its columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A draft that is to be stored, once for each `key`.

    `chat_id` and `resident_id` are its author's, None for somebody who speaks through a facilitator. `summary` is
    the facilitator's one line. `recoverable`: its author gets a code to move it to another chat.
    """

    draft: Draft
    key: str
    locale: str
    chat_id: int | None = None
    resident_id: int | None = None
    summary: str = ""
    recoverable: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: its row, and what its author keeps. `code` is stored nowhere."""

    id: int
    ticket: str
    code: str


def sent_before(connection: Connection, key: str) -> str | None:
    """The ticket of a draft that was stored under this key. RefusalError: retracted."""
    row = connection.execute(_SENT, {"key": key}).one_or_none()
    if row is not None and row.retracted_at is not None:
        raise RefusalError("retracted", "This draft was sent and taken back.")
    return None if row is None else str(row.ticket)


def complete(draft: Draft, rules: Rules) -> Village:
    """The village of a draft that has all it needs. RefusalError: empty, no_village, incomplete."""
    if not any(part.text.strip() or part.media for part in draft.parts):
        raise RefusalError("empty", "Nothing was said yet.")
    return placed(draft, rules)


def placed(draft: Draft, rules: Rules) -> Village:
    """The village of a draft, without looking at its words. RefusalError: no_village, incomplete."""
    village = draft.village and rules.regions.village(draft.village.kode)
    if village is None:
        raise RefusalError("no_village", "The village is missing, or not of this kabupaten.")
    if not draft.field or not draft.visibility:
        raise RefusalError("incomplete", "The field, or who may see it, is missing.")
    return village


def store(scene: Scene, submission: Submission, village: Village, random: Random) -> Stored:
    """Store a draft that was found complete, and begin its history in the name of the scene's actor."""
    planning = scene.rules.calendar.planning(scene.at)
    plan_year = planning.plan_year
    number, code = _new_ticket(scene.connection, plan_year, random), ticket.draw_code(random)
    digest = scene.rules.secrets.digest(number, code) if submission.recoverable else ""
    row = _told(submission.draft, village) | {
        **_begun(scene, submission.locale),
        "ticket": number,
        "plan_year": plan_year,
        "resident_id": submission.resident_id,
        "chat_id": submission.chat_id,
        "due_at": scene.rules.calendar.end_of(planning.answer_by),
        "draft_key": submission.key,
        "recovery_digest": digest,
        "flagged": alerts.flag(submission.draft, submission.summary),
    }
    aspiration = int(scene.connection.execute(_INSERT, row).scalar_one())
    _add_contents(scene, aspiration, submission)
    said = f"{submission.summary}\n{submission.draft.words()}"
    found = likeness_index.Found(village.kode, said, row["visibility"])
    likeness_index.add(scene.connection, aspiration, found)
    if row["flagged"] == "danger" and not submission.draft.alerted:
        speaker = alerts.Speaker(submission.chat_id, aspiration)
        alerts.raise_alert(scene, submission.draft.words() or submission.summary, village.kode, speaker)
    if unheard.is_recorded(submission.draft):
        unheard.open_for(scene.connection, aspiration, village.kode, scene.at)
    start = scene.rules.lifecycle.start
    history.add(scene.connection, Entry(aspiration, scene.at, scene.actor, "submitted", old=start, new=start))
    return Stored(aspiration, number, code)


def _told(draft: Draft, village: Village) -> dict[str, Any]:
    return {
        "region": village.kode,
        "landmark": draft.landmark.text if draft.landmark else "",
        "latitude": draft.pin.latitude if draft.pin else None,
        "longitude": draft.pin.longitude if draft.pin else None,
        "field": draft.field,
        "visibility": draft.visibility,
    }


def _begun(scene: Scene, locale: str) -> dict[str, Any]:
    start = scene.rules.lifecycle.start
    state = {"stage": start.stage, "decision": start.decision, "reason": "", "office": "", "redacted": ""}
    return {**state, "locale": locale, "submitted_at": scene.at}


def _new_ticket(connection: Connection, plan_year: int, random: Random) -> str:
    def taken(number: str) -> bool:
        return connection.execute(_TAKEN, {"year": plan_year, "ticket": number}).first() is not None

    return ticket.draw(random, used(connection, plan_year), taken)


def used(connection: Connection, plan_year: int) -> int:
    """How many tickets of a year are used, or, where that decides as well, a bound that needs no counting."""
    first, last = connection.execute(_SPAN, {"year": plan_year}).one()
    span = last - first + 1 if first else 0
    if span < ticket.WIDEN_AT:
        return int(span)
    newest: str = connection.scalar(_NEWEST, {"id": last}) or ""
    if len(newest) > ticket.SHORT + 1:
        return ticket.WIDEN_AT
    counted: int = connection.scalar(_COUNT, {"year": plan_year}) or 0
    return counted


def _add_contents(scene: Scene, aspiration: int, submission: Submission) -> None:
    rows = [{"aspiration_id": aspiration, **row, **_words(scene, part)} for row, part in _parts(submission)]
    scene.connection.execute(insert(PART), rows)
    if groups := sorted(set(submission.draft.audience)):
        scene.connection.execute(
            insert(AUDIENCE), [{"aspiration_id": aspiration, "grp": group} for group in groups]
        )


def _parts(submission: Submission) -> Iterator[tuple[dict[str, Any], Part]]:
    draft = submission.draft
    for position, part in enumerate(draft.parts):
        yield {"role": "need", "position": position}, part
    if draft.landmark is not None and draft.landmark.media is not None:
        yield {"role": "landmark", "position": 0}, draft.landmark
    if submission.summary:
        yield {"role": "summary", "position": 0}, Part(kind="text", message=0, text=submission.summary)


def _words(scene: Scene, part: Part) -> dict[str, Any]:
    file = media.remember(scene.connection, part.media, part.kind, scene.at) if part.media else None
    return {"kind": part.kind, "text": part.text, "media_id": file, "origin": part.origin}


_SENT: Final = select(ASPIRATION.c.ticket, ASPIRATION.c.retracted_at).where(
    ASPIRATION.c.draft_key == bindparam("key")
)
_INSERT: Final = insert(ASPIRATION).returning(ASPIRATION.c.id)
_OF_YEAR: Final = ASPIRATION.c.plan_year == bindparam("year")
_SPAN: Final = select(
    select(func.min(ASPIRATION.c.id)).where(_OF_YEAR).scalar_subquery(),
    select(func.max(ASPIRATION.c.id)).where(_OF_YEAR).scalar_subquery(),
)
_NEWEST: Final = select(ASPIRATION.c.ticket).where(ASPIRATION.c.id == bindparam("id"))
_COUNT: Final = select(func.count()).select_from(ASPIRATION).where(_OF_YEAR)
_TAKEN: Final = select(ASPIRATION.c.id).where(_OF_YEAR, ASPIRATION.c.ticket == bindparam("ticket"))
