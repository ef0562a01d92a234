"""What residents do with their aspirations: submit, take back, withdraw, recover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from conversations.chat import Draft, Part, Village
from storage import guesses, history, media, notices, residents, ticket
from storage.actor import RefusalError, resident
from storage.history import Entry
from storage.ledger import table
from storage.lifecycle import State
from storage.media import PART
from storage.rules import Rules, Scene
from storage.tables import AspirationAudienceRecord, AspirationRecord

ASPIRATION: Final = table(AspirationRecord)
AUDIENCE: Final = table(AspirationAudienceRecord)
AnyRow = Any
"""A row of `aspiration`, or some of its columns."""

RETRACTABLE: Final = timedelta(minutes=15)  # issue 2


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the resident keeps. `recovery_code` is "" when the draft had been submitted before: it is stored nowhere."""

    ticket: str
    recovery_code: str


def submit(scene: Scene, draft: Draft, locale: str, random: Random) -> Receipt:
    """Store a draft as an aspiration, once for each draft of a chat: again it gives the same ticket.

    RefusalError: not_yours, no_consent, empty, no_village, incomplete, retracted.
    """
    chat_id = resident(scene.actor).chat_id
    key = f"{chat_id}:{draft.serial}"
    if sent := scene.connection.execute(_SENT, {"key": key}).one_or_none():
        return _sent_before(sent)
    person = residents.require(scene.connection, scene.actor, scene.rules.consent_version)
    village = _complete(draft, scene.rules)
    plan_year = scene.rules.calendar.planning(scene.at).plan_year
    receipt = Receipt(_new_ticket(scene.connection, plan_year, random), ticket.draw_code(random))
    row = _told(draft, village) | {
        **_begun(scene, locale),
        "ticket": receipt.ticket,
        "plan_year": plan_year,
        "resident_id": None if draft.visibility == "anonymous" else person.id,
        "chat_id": chat_id,
        "draft_key": key,
        "recovery_digest": scene.rules.secrets.digest(receipt.ticket, receipt.recovery_code),
    }
    aspiration = int(scene.connection.execute(_INSERT, row).scalar_one())
    _add_contents(scene, aspiration, draft)
    start = scene.rules.lifecycle.start
    history.add(scene.connection, Entry(aspiration, scene.at, scene.actor, "submitted", old=start, new=start))
    residents.set_village(scene.connection, person, village.kode)
    return receipt


def retract(scene: Scene, number: str) -> None:
    """Take an aspiration back within 15 minutes as if it had not been sent: a number without words remains.

    Once somebody has decided about it, it has been read and can only be withdrawn.

    RefusalError: not_yours, unknown, late.
    """
    row = _own(scene, number)
    if scene.at - row.submitted_at > RETRACTABLE or _state(row) != scene.rules.lifecycle.start:
        raise RefusalError("late", "It was sent more than 15 minutes ago, or has been decided about.")
    files = media.used_by(scene.connection, row.id)
    strip(scene.connection, row.id)
    media.forget_unused(scene.connection, among=files)
    _change(scene, row.id, field="", redacted="", resident_id=None, retracted_at=scene.at)
    notices.cancel(scene.connection, row.id)
    _record(scene, row, "retracted", _state(row))


def withdraw(scene: Scene, number: str) -> None:
    """End one's own aspiration; its history stays. RefusalError: not_yours, unknown, closed."""
    row = _own(scene, number)
    if row.withdrawn_at is not None:
        return
    if not scene.rules.lifecycle.is_open(_state(row)):
        raise RefusalError("closed", "It has ended already.")
    new = State(row.stage, scene.rules.lifecycle.withdrawn)
    ended = {"withdrawn_at": scene.at, "closed_at": scene.at}
    _change(scene, row.id, decision=new.decision, reason="", office="", **ended)
    notices.cancel(scene.connection, row.id)
    _record(scene, row, "withdrawn", new)


def recover(scene: Scene, number: str, code: str) -> str:
    """Move an aspiration to this chat by ticket and code, and spend the code; returns the ticket.

    An unknown ticket and a wrong code are refused alike. RefusalError: not_yours, no_consent, slowed, unknown.
    """
    chat_id, secrets = resident(scene.actor).chat_id, scene.rules.secrets
    person = residents.require(scene.connection, scene.actor, scene.rules.consent_version)
    guesser = secrets.pseudonym(guesses.SCOPE, chat_id)
    guesses.require_patience(scene.connection, guesser, scene.at)
    rows = scene.connection.execute(_RECOVERABLE, {"ticket": number}).all()
    found = [row for row in rows if secrets.matches(number, code, row.recovery_digest)]
    if not found:
        guesses.note(scene.connection, guesser, scene.at)
        raise RefusalError("unknown", "There is no aspiration with this number and code.")
    owner = None if found[0].visibility == "anonymous" else person.id
    _change(scene, found[0].id, chat_id=chat_id, resident_id=owner, draft_key=None, recovery_digest="")
    notices.redirect(scene.connection, found[0].id, chat_id)
    _record(scene, found[0], "recovered", _state(found[0]))
    return number


def strip(connection: Connection, aspiration: int) -> None:
    """Delete the words, places, groups and code of an aspiration; its files are swept when nothing names them."""
    values = {"landmark": "", "latitude": None, "longitude": None, "recovery_digest": ""}
    connection.execute(update(ASPIRATION).where(ASPIRATION.c.id == aspiration).values(values))
    connection.execute(delete(PART).where(PART.c.aspiration_id == aspiration))
    connection.execute(delete(AUDIENCE).where(AUDIENCE.c.aspiration_id == aspiration))


def _sent_before(row: AnyRow) -> Receipt:
    if row.retracted_at is not None:
        raise RefusalError("retracted", "This draft was sent and taken back.")
    return Receipt(row.ticket, "")


def _complete(draft: Draft, rules: Rules) -> Village:
    """The village of a draft that has all it needs."""
    if not any(part.text.strip() or part.media for part in draft.parts):
        raise RefusalError("empty", "Nothing was said yet.")
    village = draft.village and rules.regions.village(draft.village.kode)
    if village is None:
        raise RefusalError("no_village", "The village is missing, or not of this kabupaten.")
    if not draft.field or not draft.visibility:
        raise RefusalError("incomplete", "The field, or who may see it, is missing.")
    return village


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

    return ticket.draw(random, _used(connection, plan_year), taken)


def _used(connection: Connection, plan_year: int) -> int:
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


def _add_contents(scene: Scene, aspiration: int, draft: Draft) -> None:
    rows = [{"aspiration_id": aspiration, **row, **_words(scene, part)} for row, part in _placed(draft)]
    scene.connection.execute(insert(PART), rows)
    if groups := sorted(set(draft.audience)):
        scene.connection.execute(
            insert(AUDIENCE), [{"aspiration_id": aspiration, "grp": group} for group in groups]
        )


def _placed(draft: Draft) -> Iterator[tuple[dict[str, Any], Part]]:
    for position, part in enumerate(draft.parts):
        yield {"role": "need", "position": position}, part
    if draft.landmark is not None and draft.landmark.media is not None:
        yield {"role": "landmark", "position": 0}, draft.landmark


def _words(scene: Scene, part: Part) -> dict[str, Any]:
    file = media.remember(scene.connection, part.media, part.kind, scene.at) if part.media else None
    return {"kind": part.kind, "text": part.text, "media_id": file}


def _own(scene: Scene, number: str) -> AnyRow:
    """The newest aspiration of this number that belongs to the acting chat, locked."""
    owned = {"ticket": number, "chat": resident(scene.actor).chat_id}
    row = scene.connection.execute(_OWN, owned).first()
    if row is None:
        raise RefusalError("unknown", "There is no aspiration of yours with this number.")
    return row


def _change(scene: Scene, aspiration: int, **values: object) -> None:
    scene.connection.execute(update(ASPIRATION).where(ASPIRATION.c.id == aspiration).values(values))


def _record(scene: Scene, row: AnyRow, verb: history.Verb, new: State) -> None:
    history.add(scene.connection, Entry(row.id, scene.at, scene.actor, verb, old=_state(row), new=new))


def _state(row: AnyRow) -> State:
    return State(row.stage, row.decision)


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
_KNOWN: Final = (ASPIRATION.c.ticket == bindparam("ticket"), ASPIRATION.c.retracted_at.is_(None))
_OWN: Final = (
    select(ASPIRATION)
    .where(*_KNOWN, ASPIRATION.c.chat_id == bindparam("chat"))
    .order_by(ASPIRATION.c.id.desc())
    .limit(1)
    .with_for_update()
)
_RECOVERABLE: Final = select(ASPIRATION).where(*_KNOWN, ASPIRATION.c.recovery_digest != "").with_for_update()
