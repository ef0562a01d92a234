"""Claiming: somebody who spoke through a facilitator takes over the aspiration from a phone of their own, once.

Ten digits and a check digit, other than the ticket, kept as an HMAC that is bound to it. Five wrong tries kill a
code (the facilitator issues a new one); five an hour are all that one chat has (storage.guesses).
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from storage import history, notices, questions, relays, reports, ticket, transcripts
from storage.actor import Facilitator, RefusalError, resident
from storage.history import Entry
from storage.lifecycle import State
from storage.mandates import LOCKED, MANDATE, RELAY
from storage.notices import NOTICES
from storage.residents import Consenting
from storage.rules import Scene
from storage.submissions import ASPIRATION

MOST_TRIES: Final = 5
AnyRow = Any
"""A row of an aspiration and of its relay."""


def claim(scene: Scene, person: Consenting, number: str, code: str) -> bool:
    """Take over an aspiration by ticket and claim code; False when they do not belong together, and that is counted.

    Spending the code is one conditional UPDATE: of two who try at once, one gets it. RefusalError: facilitator.
    """
    rows = scene.connection.execute(_CLAIMABLE, {"ticket": number}).all()
    found = [row for row in rows if scene.rules.secrets.matches(number, code, row.claim_digest)]
    if not found:
        _count(scene, rows)
        return False
    row, chat_id = found[0], resident(scene.actor).chat_id
    if row.facilitator == chat_id:
        raise RefusalError("facilitator", "Whoever speaks for somebody cannot take over for them.")
    spent = {"b_id": row.relay_id, "b_digest": row.claim_digest, "b_at": scene.at}
    if scene.connection.execute(_SPEND, spent).rowcount == 0:
        return False
    owner = None if row.visibility == "anonymous" else person.id
    mine = {"chat_id": chat_id, "resident_id": owner, "draft_key": None}
    scene.connection.execute(update(ASPIRATION).where(ASPIRATION.c.id == row.id).values(mine))
    _hand_over_notices(scene, row, chat_id)
    state = State(row.stage, row.decision)
    history.add(scene.connection, Entry(row.id, scene.at, scene.actor, "claimed", old=state, new=state))
    return True


def issue(scene: Scene, number: str, random: Random) -> str:
    """A new claim code for one of the facilitator's people, shown once; the old one is dead.

    RefusalError: not_yours, unknown.
    """
    row = _mine(scene, number)
    code = ticket.draw_code(random)
    _set(scene, row, claim_digest=scene.rules.secrets.digest(number, code), claim_tries=0)
    return code


def revoke(scene: Scene, number: str) -> None:
    """No code claims this aspiration until a new one is issued. RefusalError: not_yours, unknown."""
    _set(scene, _mine(scene, number), claim_digest="", claim_tries=0)


def speaking(scene: Scene, number: str) -> tuple[Scene, AnyRow]:
    """One of the facilitator's people, locked, and the scene in the mandate's name. RefusalError: unknown."""
    row = relays.spoken_for(scene.connection, resident(scene.actor).chat_id, number, lock=True)
    if row is None:
        raise RefusalError("unknown", "There is no aspiration of yours with this number.")
    return replace(scene, actor=Facilitator(row.mandate_id)), row


def _mine(scene: Scene, number: str) -> AnyRow:
    return speaking(scene, number)[1]


def _set(scene: Scene, row: AnyRow, **values: object) -> None:
    scene.connection.execute(update(RELAY).where(RELAY.c.id == row.relay_id).values(values))


def _count(scene: Scene, rows: Any) -> None:
    """A wrong try at the codes of this number."""
    ids = [row.relay_id for row in rows]
    tried = update(RELAY).where(RELAY.c.id.in_(ids)).values(claim_tries=RELAY.c.claim_tries + 1)
    if ids:
        scene.connection.execute(tried)


def _hand_over_notices(scene: Scene, row: AnyRow, chat_id: int) -> None:
    """What the facilitator was still to pass on, the author is told directly; whatever else waits goes along.

    What the facilitator was told of it is emptied: a letter that a discreet chat has not opened yet stays closed.
    """
    mine = (NOTICES.c.aspiration_id == row.id, NOTICES.c.chat_id == row.facilitator)
    notices.take_back(scene.connection, *mine)
    notices.readdress(scene.connection, row.id, reports.TO_TELL, notices.CHANGED, chat_id)
    transcripts.offer_anew(scene, row.id)
    questions.ask_anew(scene, row.id)
    notices.redirect(scene.connection, row.id, chat_id)
    reports.end(scene.connection, row.id, scene.at)


_CLAIMABLE: Final = (
    select(
        ASPIRATION.c.id,
        ASPIRATION.c.visibility,
        ASPIRATION.c.stage,
        ASPIRATION.c.decision,
        RELAY.c.id.label("relay_id"),
        RELAY.c.claim_digest,
        MANDATE.c.chat_id.label("facilitator"),
    )
    .join(RELAY, RELAY.c.aspiration_id == ASPIRATION.c.id)
    .join(MANDATE, MANDATE.c.id == RELAY.c.mandate_id)
    .where(
        ASPIRATION.c.ticket == bindparam("ticket"),
        ASPIRATION.c.retracted_at.is_(None),
        RELAY.c.claimed_at.is_(None),
        RELAY.c.claim_digest != "",
        RELAY.c.claim_tries < MOST_TRIES,
    )
    .with_for_update(of=LOCKED)
)
_SPEND: Final = (
    update(RELAY)
    .where(
        RELAY.c.id == bindparam("b_id"),
        RELAY.c.claim_digest == bindparam("b_digest"),
        RELAY.c.claim_tries < MOST_TRIES,
        RELAY.c.claimed_at.is_(None),
    )
    .values(claimed_at=bindparam("b_at"), claim_digest="")
)
