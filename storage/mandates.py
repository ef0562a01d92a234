"""Mandates: a role in regions, held by a chat until it is ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from conversations.facts import InvitationView, MandateView, Role
from storage import audit, invitations
from storage.actor import Officer, RefusalError, resident
from storage.broadcast_tables import BroadcastRecord
from storage.desk_tables import DeskCardRecord
from storage.invitations import require_staff
from storage.ledger import table
from storage.notices import NOTICES, Message, take_back, tell
from storage.relay_tables import MandateRecord, RelayRecord
from storage.rules import Rules, Scene
from storage.submissions import ASPIRATION

MANDATE: Final = table(MandateRecord)
RELAY: Final = table(RelayRecord)
CARD: Final = table(DeskCardRecord)
BROADCAST: Final = table(BroadcastRecord)
UNBEGUN: Final = ("draft", "approval", "scheduled")
"""States of a broadcast of which nobody has been told yet."""

LOCKED: Final = (ASPIRATION, RELAY)
"""What is locked of somebody who is spoken for, in this order everywhere, so that two turns cannot wait for each other.

Both: PostgreSQL looks again only at the rows that it locks, and would not see that they were claimed meanwhile.
"""

ENDED: Final = "mandate.ended"
"""The message to somebody whose mandate was revoked."""

AnyRow = Any
"""A row of `mandate`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A mandate as the staff sees it: no chat. `people` are those represented now, `cards` those taken at the desk."""

    id: int
    role: str
    scope: tuple[str, ...]
    forum: bool
    label: str
    begun_at: datetime
    ended_at: datetime | None
    flagged_at: datetime | None
    people: int
    agencies: tuple[str, ...] = ()
    cards: int = 0


def accept(scene: Scene, token: str, conduct: str) -> int:
    """Spend an invitation: the acting chat gets its mandate, whose id is returned.

    Whoever has this role already gets the new places besides. RefusalError: not_yours, unknown.
    """
    chat_id = resident(scene.actor).chat_id
    offer = invitations.spend(scene.connection, token, scene.at)
    if offer is None:
        raise RefusalError("unknown", "This link is not, or no longer, an invitation.")
    given = {
        "scope": offer.scope,
        "forum": offer.forum,
        "label": offer.note,
        "conduct": conduct,
        "agencies": offer.agencies,
    }
    mandate = _give(scene, chat_id, offer.role, given)
    accepting = Officer(mandate, chat_id, offer.role, tuple(offer.scope), tuple(offer.agencies or ()))
    audit.record(scene, accepting, "accept", invitations.subject(offer.id), offer.role)
    return mandate


def _give(scene: Scene, chat_id: int, role: str, given: dict[str, Any]) -> int:
    held = in_force(scene.connection, chat_id, role)
    if held is not None:
        _change(scene.connection, held.id, **_widened(held, given))
        return int(held.id)
    row = given | {"chat_id": chat_id, "role": role, "begun_at": scene.at}
    return int(scene.connection.execute(insert(MANDATE).values(row).returning(MANDATE.c.id)).scalar_one())


def subject(mandate: int) -> str:
    """A mandate as the audit names it."""
    return f"mandate:{mandate}"


def in_force(connection: Connection, chat_id: int, role: str) -> AnyRow | None:
    """The mandate of a role that a chat holds now."""
    return connection.execute(_HELD, {"chat": chat_id, "role": role}).one_or_none()


def roles_of(connection: Connection, chat_id: int) -> tuple[Role, ...]:
    """The roles that a chat holds now, oldest first."""
    rows = connection.execute(_OF_CHAT.order_by(MANDATE.c.id), {"chat": chat_id}).all()
    return tuple(row.role for row in rows)


def all_holders(connection: Connection) -> dict[int, list[Role]]:
    """The roles that are held now, by chat."""
    held: dict[int, list[Role]] = {}
    for row in connection.execute(_ALL_HELD):
        held.setdefault(row.chat_id, []).append(row.role)
    return held


def require(connection: Connection, chat_id: int, role: Role) -> AnyRow:
    """The same; RefusalError("no_mandate") when there is none."""
    held = in_force(connection, chat_id, role)
    if held is None:
        raise RefusalError("no_mandate", "There is no mandate of this role in force.")
    return held


def by_id(connection: Connection, mandate: int) -> AnyRow:
    """A mandate by number, ended or not. RefusalError: unknown."""
    row = connection.execute(select(MANDATE).where(MANDATE.c.id == mandate)).one_or_none()
    if row is None:
        raise RefusalError("unknown", f"There is no mandate {mandate}.")
    return row


def revoke(scene: Scene, mandate: int) -> int:
    """End a mandate, tell its holder, and return how many people are left without somebody who speaks for them.

    What waited to be told to its holder about these people is called off: a later facilitator finds it open. The
    cards that its holder had taken at the desk go back.
    RefusalError: not_yours, unknown, ended.
    """
    staff = require_staff(scene)
    row = by_id(scene.connection, mandate)
    if scene.connection.execute(_END, {"b_id": mandate, "b_at": scene.at}).rowcount == 0:
        raise RefusalError("ended", f"Mandate {mandate} has ended already.")
    audit.record(scene, staff, "revoke", subject(mandate), row.role)
    hand_back(scene.connection, mandate)
    call_off(scene.connection, [mandate])
    spoken_for = select(RELAY.c.aspiration_id).where(RELAY.c.mandate_id == mandate)
    mine = (NOTICES.c.chat_id == row.chat_id, NOTICES.c.aspiration_id.in_(spoken_for))
    take_back(scene.connection, *mine)
    scene.connection.execute(
        update(NOTICES).where(*mine, NOTICES.c.state == "waiting").values(state="cancelled")
    )
    if row.chat_id is not None:
        tell(scene.connection, Message(chat_id=row.chat_id, key=ENDED, params={"role": row.role}), scene.at)
    return people(scene.connection, mandate)


def hand_back(connection: Connection, mandate: int) -> int:
    """Give back all cards that a mandate has taken at the desk; returns how many."""
    given = update(CARD).where(CARD.c.mandate_id == mandate).values(mandate_id=None, taken_at=None)
    return connection.execute(given).rowcount


def call_off(connection: Connection, mandates: Collection[int]) -> None:
    """End the broadcasts of these mandates that have not begun: nobody is left who could take them back."""
    theirs = (BROADCAST.c.mandate_id.in_(mandates), BROADCAST.c.state.in_(UNBEGUN))
    connection.execute(update(BROADCAST).where(*theirs).values(state="stopped"))


def cards(connection: Connection, mandate: int) -> int:
    """How many cards of the desk a mandate has taken."""
    mine = select(func.count()).select_from(CARD).where(CARD.c.mandate_id == mandate)
    return int(connection.scalar(mine) or 0)


def people(connection: Connection, mandate: int) -> int:
    """How many a mandate represents: relayed, neither claimed nor taken back."""
    return int(connection.scalar(_PEOPLE, {"id": mandate}) or 0)


def listing(connection: Connection) -> list[Held]:
    """The mandates in force, and the ended ones by which people are still represented; oldest first."""
    counted = {row.mandate_id: row.people for row in connection.execute(_COUNTED)}
    taken = {row.mandate_id: row.cards for row in connection.execute(_TAKEN)}
    rows = connection.execute(select(MANDATE).order_by(MANDATE.c.id)).all()
    return [
        _as_held(row, counted.get(row.id, 0), taken.get(row.id, 0))
        for row in rows
        if row.ended_at is None or row.id in counted
    ]


def flag(connection: Connection, mandate: int, at: datetime) -> None:
    """Mark a mandate for the staff to look at; the first mark stays."""
    unmarked = (MANDATE.c.id == mandate, MANDATE.c.flagged_at.is_(None))
    connection.execute(update(MANDATE).where(*unmarked).values(flagged_at=at))


def view(connection: Connection, chat_id: int, rules: Rules, kabupaten: str) -> dict[str, MandateView]:
    """What a chat may do, by role."""
    rows = connection.execute(_OF_CHAT, {"chat": chat_id}).all()
    return {
        row.role: MandateView(
            id=row.id,
            role=row.role,
            scope=tuple(row.scope),
            places=places(row.scope, rules, kabupaten),
            forum=row.forum,
            agencies=tuple(row.agencies or ()),
        )
        for row in rows
    }


def invitation(
    connection: Connection, token: str, at: datetime, rules: Rules, kabupaten: str
) -> InvitationView | None:
    """What a link offers, as long as it can be accepted."""
    row = invitations.find(connection, token, at)
    return row and InvitationView(
        role=row.role,
        places=places(row.scope, rules, kabupaten),
        expires_at=row.expires_at,
        forum=row.forum,
        agencies=tuple(row.agencies or ()),
    )


def places(scope: Sequence[str], rules: Rules, kabupaten: str) -> tuple[str, ...]:
    """The names of a scope; `kabupaten` is that of the whole."""
    names = {rules.regions.kabupaten: kabupaten}
    return tuple(names.get(kode) or rules.regions.place(kode) or kode for kode in scope)


def _widened(held: AnyRow, given: dict[str, Any]) -> dict[str, Any]:
    scope = invitations.narrowed([*held.scope, *given["scope"]])
    label = given["label"] or held.label
    agencies = sorted({*(held.agencies or ()), *(given["agencies"] or ())}) or None
    forum = held.forum or given["forum"]
    return given | {"scope": scope, "forum": forum, "label": label, "agencies": agencies}


def _change(connection: Connection, mandate: int, **values: object) -> None:
    connection.execute(update(MANDATE).where(MANDATE.c.id == mandate).values(values))


def _as_held(row: AnyRow, represented: int, taken: int) -> Held:
    return Held(
        id=row.id,
        role=row.role,
        scope=tuple(row.scope),
        forum=row.forum,
        label=row.label or "",
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        flagged_at=row.flagged_at,
        people=represented,
        agencies=tuple(row.agencies or ()),
        cards=taken,
    )


_IN_FORCE: Final = MANDATE.c.ended_at.is_(None)
_OF_CHAT: Final = select(MANDATE).where(MANDATE.c.chat_id == bindparam("chat"), _IN_FORCE)
_ALL_HELD: Final = (
    select(MANDATE.c.chat_id, MANDATE.c.role)
    .where(_IN_FORCE, MANDATE.c.chat_id.is_not(None))
    .order_by(MANDATE.c.id)
)
_HELD: Final = _OF_CHAT.where(MANDATE.c.role == bindparam("role"))
_END: Final = (
    update(MANDATE).where(MANDATE.c.id == bindparam("b_id"), _IN_FORCE).values(ended_at=bindparam("b_at"))
)
_REPRESENTED: Final = (
    select(RELAY.c.mandate_id, func.count().label("people"))
    .join(ASPIRATION, ASPIRATION.c.id == RELAY.c.aspiration_id)
    .where(RELAY.c.claimed_at.is_(None), ASPIRATION.c.retracted_at.is_(None))
)
_TAKEN: Final = (
    select(CARD.c.mandate_id, func.count().label("cards"))
    .where(CARD.c.mandate_id.is_not(None))
    .group_by(CARD.c.mandate_id)
)
_COUNTED: Final = _REPRESENTED.group_by(RELAY.c.mandate_id)
_PEOPLE: Final = (
    select(func.count())
    .select_from(RELAY.join(ASPIRATION, ASPIRATION.c.id == RELAY.c.aspiration_id))
    .where(
        RELAY.c.mandate_id == bindparam("id"),
        RELAY.c.claimed_at.is_(None),
        ASPIRATION.c.retracted_at.is_(None),
    )
)
