"""Handing over: all of one facilitator's people are represented by another, with every report that is still open.

By a one-time code that the first gives to the second, or by the staff when the first cannot or may not any more.
The one who receives them must be invited for all their places.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from storage import audit, guesses, history, mandates, notices, questions, ticket, transcripts
from storage.actor import Facilitator, RefusalError, resident
from storage.history import Entry
from storage.invitations import INVITATION, covers, require_staff
from storage.lifecycle import State
from storage.mandates import LOCKED, RELAY
from storage.notices import NOTICES, Message
from storage.rules import Scene
from storage.submissions import ASPIRATION

LIFE: Final = timedelta(hours=24)
RECEIVED: Final = "handover.received"
PURPOSE: Final = "handover"
"""What a code of this kind is bound to, where a claim code is bound to its ticket."""

AnyRow = Any
"""A row of a mandate, of an offer, or of a relay and its aspiration."""


def offer(scene: Scene, random: Random) -> str:
    """A code by which another facilitator takes over all of this one's people within 24 hours; an older one is dead.

    RefusalError: not_yours, no_mandate, no_people.
    """
    mine = mandates.require(scene.connection, resident(scene.actor).chat_id, "facilitator")
    if not mandates.people(scene.connection, mine.id):
        raise RefusalError("no_people", "There is nobody to hand over.")
    scene.connection.execute(_CALL_OFF, {"b_mandate": mine.id, "b_at": scene.at})
    code = ticket.draw_code(random)
    row = {
        "digest": scene.rules.secrets.digest(PURPOSE, code),
        "role": mine.role,
        "scope": [],
        "forum": mine.forum,
        "from_mandate": mine.id,
        "created_at": scene.at,
        "expires_at": scene.at + LIFE,
    }
    scene.connection.execute(insert(INVITATION).values(row))
    return code


def accept(scene: Scene, code: str) -> int:
    """Take over the people of whoever gave this code; returns how many.

    The code is spent by one conditional UPDATE, and only when the mandate covers all their places. RefusalError:
    not_yours, no_mandate, slowed, unknown, uncovered (names the places), not_forum.
    """
    chat_id = resident(scene.actor).chat_id
    mine = mandates.require(scene.connection, chat_id, "facilitator")
    guesser = scene.rules.secrets.pseudonym(guesses.SCOPE, chat_id)
    guesses.require_patience(scene.connection, guesser, scene.at)
    found = _offered(scene, code)
    if found is None or found.from_mandate == mine.id:
        guesses.note(scene.connection, guesser, scene.at)
        raise RefusalError("unknown", "There is no handing over with this code.")
    people = _movable(scene, found.from_mandate, mine)
    if scene.connection.execute(_SPEND, {"b_id": found.id, "b_at": scene.at}).rowcount == 0:
        raise RefusalError("unknown", "This code was used meanwhile.")
    speaking = replace(scene, actor=Facilitator(mine.id))
    _move(speaking, people, mandates.by_id(scene.connection, found.from_mandate), mine)
    return len(people)


def hand_over(scene: Scene, giver: int, taker: int) -> int:
    """The staff gives the people of one mandate, in force or not, to another that is; returns how many.

    RefusalError: not_yours, unknown, no_people, no_mandate, uncovered, not_forum.
    """
    staff = require_staff(scene)
    old, new = mandates.by_id(scene.connection, giver), mandates.by_id(scene.connection, taker)
    if giver == taker:
        raise RefusalError("unknown", "Name two different mandates.")
    if new.ended_at is not None or new.chat_id is None or new.role != "facilitator":
        raise RefusalError("no_mandate", f"Mandate {taker} is not that of a facilitator now.")
    people = _movable(scene, giver, new)
    if not people:
        raise RefusalError("no_people", f"Mandate {giver} represents nobody.")
    _move(scene, people, old, new)
    audit.record(scene, staff, "handover", mandates.subject(giver), mandates.subject(taker))
    told = Message(chat_id=new.chat_id, key=RECEIVED, params={"people": len(people)})
    notices.tell(scene.connection, told, scene.at)
    return len(people)


def _offered(scene: Scene, code: str) -> AnyRow | None:
    rows = scene.connection.execute(_OFFERED, {"at": scene.at}).all()
    return next((row for row in rows if scene.rules.secrets.matches(PURPOSE, code, row.digest)), None)


def _movable(scene: Scene, giver: int, taker: AnyRow) -> list[AnyRow]:
    """The people of a mandate, locked. Refuses when the other one does not cover them all."""
    people = list(scene.connection.execute(_PEOPLE, {"mandate": giver}).all())
    outside = sorted({row.region for row in people if not covers(taker.scope, row.region)})
    if outside:
        names = "; ".join(scene.rules.regions.place(kode) or kode for kode in outside)
        raise RefusalError("uncovered", f"Mandate {taker.id} does not cover: {names}.", about=names)
    if any(row.maturity == "forum" for row in people) and not taker.forum:
        raise RefusalError("not_forum", f"Mandate {taker.id} is not for a Forum Anak.")
    return people


def _move(scene: Scene, people: list[AnyRow], old: AnyRow, new: AnyRow) -> None:
    """Each person, with what waits to be told about them; their history says who moved them.

    Words that were written down and not yet read out are the new one's to read out.
    """
    connection, ids = scene.connection, [row.aspiration_id for row in people]
    connection.execute(
        update(RELAY).where(RELAY.c.id.in_([row.relay_id for row in people])).values(mandate_id=new.id)
    )
    theirs = (NOTICES.c.aspiration_id.in_(ids), NOTICES.c.chat_id == old.chat_id)
    notices.take_back(connection, *theirs)
    waiting = update(NOTICES).where(*theirs, NOTICES.c.state == "waiting")
    connection.execute(waiting.values(chat_id=new.chat_id))
    for row in people:
        transcripts.offer_anew(scene, row.aspiration_id)
        questions.ask_anew(scene, row.aspiration_id)
        state = State(row.stage, row.decision)
        history.add(
            connection, Entry(row.aspiration_id, scene.at, scene.actor, "handed_over", old=state, new=state)
        )


_ALIVE: Final = (INVITATION.c.used_at.is_(None), INVITATION.c.revoked_at.is_(None))
_OFFERED: Final = (
    select(INVITATION)
    .join(mandates.MANDATE, mandates.MANDATE.c.id == INVITATION.c.from_mandate)
    .where(
        INVITATION.c.expires_at > bindparam("at"),
        mandates.MANDATE.c.ended_at.is_(None),
        *_ALIVE,
    )
)
_SPEND: Final = (
    update(INVITATION).where(INVITATION.c.id == bindparam("b_id"), *_ALIVE).values(used_at=bindparam("b_at"))
)
_CALL_OFF: Final = (
    update(INVITATION)
    .where(INVITATION.c.from_mandate == bindparam("b_mandate"), *_ALIVE)
    .values(revoked_at=bindparam("b_at"))
)
_PEOPLE: Final = (
    select(
        RELAY.c.id.label("relay_id"),
        RELAY.c.aspiration_id,
        RELAY.c.maturity,
        ASPIRATION.c.region,
        ASPIRATION.c.stage,
        ASPIRATION.c.decision,
    )
    .join(ASPIRATION, ASPIRATION.c.id == RELAY.c.aspiration_id)
    .where(
        RELAY.c.mandate_id == bindparam("mandate"),
        RELAY.c.claimed_at.is_(None),
        ASPIRATION.c.retracted_at.is_(None),
    )
    .order_by(RELAY.c.aspiration_id)
    .with_for_update(of=LOCKED)
)
