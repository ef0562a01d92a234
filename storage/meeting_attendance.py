"""Who was at a meeting: by the code of the room, the code of the call, or a facilitator's list; counted once (issue 4)."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from conversations.meeting import CODE_DIGITS
from storage import residents
from storage.actor import RefusalError, resident
from storage.mandates import MANDATE, RELAY
from storage.meeting_views import ATTENDANCE, ends_at, meeting_row
from storage.rules import Scene
from storage.submissions import ASPIRATION
from storage.ticket import Secrets

OPENS: Final = timedelta(hours=2)
"""So long before a meeting one can say that one is there."""

LISTED: Final = timedelta(days=14)
"""So long after a meeting a facilitator may still say who was there."""

SCOPE: Final = "meeting"
"""Scope of the codes, and of the pseudonyms of those who were there (storage.ticket.Secrets)."""

Room = Literal["room", "online"]


def code(secrets: Secrets, number: int, way: Room) -> str:
    """The code of a meeting's room, or of its call: whoever knows it was there."""
    drawn = int(secrets.mark(SCOPE, f"code:{number}:{way}"), 16)
    return f"{drawn % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def attend(scene: Scene, number: int, said: str) -> None:
    """Somebody is there. RefusalError: unknown, over, too_early, wrong_code, no_consent."""
    row = _meeting(scene, number)
    if scene.at >= ends_at(row) + OPENS:
        raise RefusalError("over", "This meeting is over.")
    person = residents.require(scene.connection, scene.actor, scene.rules.consent_version)
    way = next((way for way in ("room", "online") if _is_code(scene, number, way, said)), None)
    if way is None:
        raise RefusalError("wrong_code", "This is not the code of this meeting.")
    _put(scene, number, f"resident:{person.id}", {"way": way, "resident_id": person.id, "relay_id": None})


def list_people(scene: Scene, number: int, tickets: Sequence[str]) -> None:
    """A facilitator says which of their people were there; somebody with several aspirations counts once.

    RefusalError: unknown, over, too_early, no_mandate.
    """
    row = _meeting(scene, number)
    if scene.at > ends_at(row) + LISTED:
        raise RefusalError("over", "It is too late for the list of this meeting.")
    asked = {"chat": resident(scene.actor).chat_id, "tickets": list(tickets)}
    found = scene.connection.execute(_THEIRS, asked).all()
    if not found:
        raise RefusalError("no_mandate", "These are nobody's people here.")
    for person in found:
        name = " ".join((person.name or "").casefold().split())
        who = f"named:{person.mandate_id}:{name}" if name else f"relay:{person.id}"
        _put(scene, number, who, {"way": "list", "resident_id": None, "relay_id": person.id})


def counted(connection: Connection, number: int) -> list[Any]:
    """Those who were there, each once."""
    return list(connection.execute(select(ATTENDANCE).where(ATTENDANCE.c.meeting_id == number)).all())


def _meeting(scene: Scene, number: int) -> Any:
    row = meeting_row(scene.connection, number)
    if row.cancelled_at is not None:
        raise RefusalError("over", "This meeting was cancelled.")
    if scene.at < row.starts_at - OPENS:
        raise RefusalError("too_early", "This meeting has not begun.")
    return row


def _is_code(scene: Scene, number: int, way: str, said: str) -> bool:
    known = code(scene.rules.secrets, number, "room" if way == "room" else "online")
    digits = "".join(char for char in said if char.isascii() and char.isdecimal())
    return hmac.compare_digest(known, digits)


def _put(scene: Scene, number: int, who: str, more: dict[str, Any]) -> None:
    """Once for each person: who comes by the room's code and stands on a list too was there once."""
    row = {"meeting_id": number, "who": scene.rules.secrets.mark(SCOPE, who), "at": scene.at, **more}
    add = sqlite_insert if scene.connection.dialect.name == "sqlite" else postgres_insert
    once = add(ATTENDANCE).values(row).on_conflict_do_nothing(index_elements=["meeting_id", "who"])
    scene.connection.execute(once)


_THEIRS: Final = (
    select(RELAY.c.id, RELAY.c.mandate_id, RELAY.c.name)
    .join(MANDATE, MANDATE.c.id == RELAY.c.mandate_id)
    .join(ASPIRATION, ASPIRATION.c.id == RELAY.c.aspiration_id)
    .where(
        MANDATE.c.chat_id == bindparam("chat"),
        MANDATE.c.role == "facilitator",
        MANDATE.c.ended_at.is_(None),
        RELAY.c.claimed_at.is_(None),
        ASPIRATION.c.ticket.in_(bindparam("tickets", expanding=True)),
    )
    .order_by(RELAY.c.id)
)
