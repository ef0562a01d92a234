"""Who lets aspirations be told together, and apart again: residents by supporting one, the staff by merging (issue 4).

Everybody is told of it, and of nobody's words. What was merged by mistake and parted before it was told is told to
nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select, update

from storage import audit, support_letters, voices
from storage.actor import Officer, RefusalError
from storage.desk_work import require
from storage.lifecycle import State
from storage.likeness_index import LIKENESS
from storage.rules import Scene
from storage.submissions import ASPIRATION
from storage.support_letters import MERGED, PARTED, SUPPORTED
from storage.views import CARD, DANGER

AnyRow = Any


def merge(scene: Scene, ticket: str, into: str) -> None:
    """Let an aspiration, and all that it leads, be told with another. RefusalError: not_allowed, closed."""
    rows = {one: require(scene, one, "merge") for one in sorted({ticket, into})}  # locked in one order
    (officer, row), (_, target) = rows[ticket], rows[into]
    lead = voices.lead_of(scene.connection, target.id)
    if voices.lead_of(scene.connection, row.id) == lead:
        raise RefusalError("not_allowed", "They are told together already.")
    if not (_is_open(scene, row) and _is_open(scene, target)):
        raise RefusalError("closed", "One of them has ended.")
    voices.join(scene.connection, row.id, lead, voices.JOINED, scene.at)
    _settle(scene, lead, row.id)
    due = scene.rules.delivery.due(scene.at)
    support_letters.tell(scene, row, MERGED, due)
    support_letters.tell(scene, target, SUPPORTED, due)
    _audited(scene, officer, "merge", row.id, lead)


def unmerge(scene: Scene, ticket: str) -> None:
    """Let an aspiration stand by itself again. RefusalError: not_allowed."""
    officer, row = require(scene, ticket, "merge")
    others = whole_of(scene.connection, row.id)
    if len(others) < 2:  # noqa: PLR2004 - itself
        raise RefusalError("not_allowed", "It stands by itself.")
    voices.leave(scene.connection, row.id)
    if not support_letters.call_off(scene, row.id, MERGED):
        support_letters.tell(scene, row, PARTED, scene.rules.delivery.due(scene.at))
    _audited(scene, officer, "unmerge", row.id, others[0].id)


def keep_apart(scene: Scene, ticket: str) -> None:
    """Take an aspiration out of the queue of those that may be the same. RefusalError: not_allowed."""
    officer, row = require(scene, ticket, "merge")
    mine = update(LIKENESS).where(LIKENESS.c.aspiration_id == row.id)
    scene.connection.execute(mine.values(like_id=None))
    _audited(scene, officer, "apart", row.id, row.id)


def support(scene: Scene, aspiration: int, ticket: str, *, beside: bool) -> None:
    """Let a resident's new aspiration support a public one of somebody else; nothing when there is none any more."""
    row = scene.connection.execute(_PUBLIC, {"ticket": ticket, "id": aspiration}).first()
    if row is None or not _is_open(scene, row):
        return
    kind, lead = voices.BESIDE if beside else voices.JOINED, voices.lead_of(scene.connection, row.id)
    if kind == voices.JOINED or voices.is_public(scene.connection, lead):
        voices.join(scene.connection, aspiration, lead, kind, scene.at)


def whole_of(connection: Connection, aspiration: int) -> Sequence[AnyRow]:
    """All that is decided together with an aspiration, itself among them, the lead first."""
    lead = voices.lead_of(connection, aspiration)
    return connection.execute(_WHOLE, {"lead": lead, "kind": voices.JOINED}).all()


def _is_open(scene: Scene, row: AnyRow) -> bool:
    return row.withdrawn_at is None and scene.rules.lifecycle.is_open(State(row.stage, row.decision))


def _settle(scene: Scene, lead: int, merged: int) -> None:
    """The lead is no duplicate of what it leads now."""
    mine = update(LIKENESS).where(LIKENESS.c.aspiration_id == lead, LIKENESS.c.like_id == merged)
    scene.connection.execute(mine.values(like_id=None))


def _audited(scene: Scene, officer: Officer, action: str, aspiration: int, other: int) -> None:
    for one in dict.fromkeys((aspiration, other)):
        audit.record(scene, officer, action, f"aspiration:{one}")


_WHOLE: Final = (
    select(ASPIRATION, CARD.c.agency)
    .join(LIKENESS, LIKENESS.c.aspiration_id == ASPIRATION.c.id)
    .outerjoin(CARD, CARD.c.aspiration_id == ASPIRATION.c.id)
    .where(
        or_(
            ASPIRATION.c.id == bindparam("lead"),
            (LIKENESS.c.lead_id == bindparam("lead")) & (LIKENESS.c.kind == bindparam("kind")),
        )
    )
    .order_by(ASPIRATION.c.id != bindparam("lead"), ASPIRATION.c.id)
)
_PUBLIC: Final = (
    select(ASPIRATION)
    .join(LIKENESS, LIKENESS.c.aspiration_id == ASPIRATION.c.id)
    .outerjoin(CARD, CARD.c.aspiration_id == ASPIRATION.c.id)
    .where(
        ASPIRATION.c.ticket == bindparam("ticket"),
        ASPIRATION.c.id != bindparam("id"),
        ASPIRATION.c.visibility == "public",
        ASPIRATION.c.flagged != DANGER,
        ASPIRATION.c.retracted_at.is_(None),
        ASPIRATION.c.erased_at.is_(None),
        CARD.c.held_at.is_(None),
    )
    .order_by(ASPIRATION.c.id.desc())
    .with_for_update(of=ASPIRATION)
)
