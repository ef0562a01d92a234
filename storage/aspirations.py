"""What residents do with their aspirations: submit, take back, withdraw, recover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update

from conversations.chat import Draft
from storage import (
    claims,
    guesses,
    history,
    likeness_index,
    media,
    notices,
    reports,
    residents,
    submissions,
    voices,
)
from storage.actor import RefusalError, resident
from storage.history import Entry
from storage.lifecycle import State
from storage.media import PART, RELAY
from storage.rules import Scene
from storage.submissions import ASPIRATION as ASPIRATION  # noqa: PLC0414  (the table of these verbs)
from storage.submissions import AUDIENCE as AUDIENCE  # noqa: PLC0414
from storage.submissions import AnyRow as AnyRow  # noqa: PLC0414
from storage.submissions import Submission

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
    if number := submissions.sent_before(scene.connection, key):
        return Receipt(number, "")
    person = residents.require(scene.connection, scene.actor, scene.rules.consent_version)
    village = submissions.complete(draft, scene.rules)
    owner = None if draft.visibility == "anonymous" else person.id
    whole = Submission(
        draft=draft, key=key, locale=locale, chat_id=chat_id, resident_id=owner, recoverable=True
    )
    stored = submissions.store(scene, whole, village, random)
    residents.set_village(scene.connection, person, village.kode)
    return Receipt(stored.ticket, stored.code)


def retract(scene: Scene, number: str) -> None:
    """Take an aspiration back within 15 minutes as if it had not been sent: a number without words remains.

    Once somebody has decided about it, it has been read and can only be withdrawn.

    RefusalError: not_yours, unknown, late.
    """
    scene, row = _own(scene, number)
    if scene.at - row.submitted_at > RETRACTABLE or _state(row) != scene.rules.lifecycle.start:
        raise RefusalError("late", "It was sent more than 15 minutes ago, or has been decided about.")
    files = media.used_by(scene.connection, row.id)
    strip(scene.connection, row.id)
    media.forget_unused(scene.connection, among=files)
    _change(scene, row.id, field="", redacted="", resident_id=None, retracted_at=scene.at, due_at=None)
    notices.cancel(scene.connection, row.id)
    _record(scene, row, "retracted", _state(row))


def withdraw(scene: Scene, number: str) -> None:
    """End one's own aspiration, or that of somebody one speaks for; its history stays.

    RefusalError: not_yours, unknown, closed.
    """
    scene, row = _own(scene, number)
    if row.withdrawn_at is not None:
        return
    if not scene.rules.lifecycle.is_open(_state(row)):
        raise RefusalError("closed", "It has ended already.")
    new = State(row.stage, scene.rules.lifecycle.withdrawn)
    ended = {"withdrawn_at": scene.at, "closed_at": scene.at, "due_at": None}
    _change(scene, row.id, decision=new.decision, reason="", office="", **ended)
    voices.leave(scene.connection, row.id)
    notices.cancel(scene.connection, row.id)
    reports.end(scene.connection, row.id, scene.at)
    _record(scene, row, "withdrawn", new)


def recover(scene: Scene, number: str, code: str) -> bool:
    """Move an aspiration to this chat by ticket and code, and spend the code; returns whether it was relayed.

    The code is the author's recovery code, or the claim code of somebody who spoke through a facilitator. An unknown
    ticket and a wrong code are refused alike. RefusalError: not_yours, no_consent, slowed, unknown, facilitator.
    """
    chat_id, secrets = resident(scene.actor).chat_id, scene.rules.secrets
    person = residents.require(scene.connection, scene.actor, scene.rules.consent_version)
    guesser = secrets.pseudonym(guesses.SCOPE, chat_id)
    guesses.require_patience(scene.connection, guesser, scene.at)
    rows = scene.connection.execute(_RECOVERABLE, {"ticket": number}).all()
    found = [row for row in rows if secrets.matches(number, code, row.recovery_digest)]
    if not found and claims.claim(scene, person, number, code):
        return True
    if not found:
        guesses.note(scene.connection, guesser, scene.at)
        raise RefusalError("unknown", "There is no aspiration with this number and code.")
    owner = None if found[0].visibility == "anonymous" else person.id
    _change(scene, found[0].id, chat_id=chat_id, resident_id=owner, draft_key=None, recovery_digest="")
    notices.redirect(scene.connection, found[0].id, chat_id)
    _record(scene, found[0], "recovered", _state(found[0]))
    return False


def strip(connection: Connection, aspiration: int) -> None:
    """Delete the words, places, groups and code of an aspiration, and who spoke for its author, and how.

    Others that were told with it go on without it.

    With them go tasks, transcripts and reports (foreign keys); files are swept when nothing names them.
    """
    values = {"landmark": "", "latitude": None, "longitude": None, "recovery_digest": ""}
    connection.execute(update(ASPIRATION).where(ASPIRATION.c.id == aspiration).values(values))
    connection.execute(delete(PART).where(PART.c.aspiration_id == aspiration))
    connection.execute(delete(AUDIENCE).where(AUDIENCE.c.aspiration_id == aspiration))
    connection.execute(delete(RELAY).where(RELAY.c.aspiration_id == aspiration))
    voices.leave(connection, aspiration)
    likeness_index.forget(connection, aspiration)


def _own(scene: Scene, number: str) -> tuple[Scene, AnyRow]:
    """The newest aspiration of this number that belongs to the acting chat, locked, or to one it speaks for.

    With it the scene in the name of whoever acts: the author, or the facilitator by the mandate.
    """
    owned = {"ticket": number, "chat": resident(scene.actor).chat_id}
    row = scene.connection.execute(_OWN, owned).first()
    return claims.speaking(scene, number) if row is None else (scene, row)


def _change(scene: Scene, aspiration: int, **values: object) -> None:
    scene.connection.execute(update(ASPIRATION).where(ASPIRATION.c.id == aspiration).values(values))


def _record(scene: Scene, row: AnyRow, verb: history.Verb, new: State) -> None:
    history.add(scene.connection, Entry(row.id, scene.at, scene.actor, verb, old=_state(row), new=new))


def _state(row: AnyRow) -> State:
    return State(row.stage, row.decision)


_KNOWN: Final = (ASPIRATION.c.ticket == bindparam("ticket"), ASPIRATION.c.retracted_at.is_(None))
_OWN: Final = (
    select(ASPIRATION)
    .where(*_KNOWN, ASPIRATION.c.chat_id == bindparam("chat"))
    .order_by(ASPIRATION.c.id.desc())
    .limit(1)
    .with_for_update()
)
_RECOVERABLE: Final = select(ASPIRATION).where(*_KNOWN, ASPIRATION.c.recovery_digest != "").with_for_update()
