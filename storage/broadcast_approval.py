"""Having a broadcast sent: at once, when it is due, or after a second person has approved it (issue 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from conversations.broadcast import Census
from storage import audit
from storage.actor import Officer, RefusalError, resident
from storage.broadcast_drafts import (
    broadcast_row,
    is_fresh,
    move,
    own_row,
    require_all,
    store_count,
    subject,
)
from storage.mandates import MANDATE
from storage.notices import Message, tell
from storage.permissions import STAFF, Place, may, require
from storage.rules import Rules, Scene

ASKED: Final = "siar.asked"
"""The message to those who may approve a broadcast."""

APPROVED: Final = "siar.approved_letter"
RETURNED: Final = "siar.returned_letter"
"""What its author is told of the answer."""

EXCERPT: Final = 120
"""Characters of a broadcast in a message about it."""

BEGUN: Final = ("sending", "paused")
AnyRow = Any
"""A row of `broadcast`."""


def submit(scene: Scene, number: int) -> None:
    """Have one's own draft sent, after approval if it is for many.

    RefusalError: not_allowed, unknown, over, uncounted, nobody, no_approver.
    """
    row = own_row(scene, number, ("draft",))
    officer = require_all(scene, "broadcast", tuple(row.segment["regions"]))
    if not is_fresh(row.census, scene.at):
        raise RefusalError("uncounted", "Its recipients are still to be counted.")
    if not row.census["recipients"]:
        raise RefusalError("nobody", "It is for nobody.")
    if not needs_approval(row.census["recipients"], scene.rules):
        _schedule(scene, row)
        audit.record(scene, officer, "broadcast", subject(number), "submitted")
        return
    _ask(scene, row)
    audit.record(scene, officer, "broadcast", subject(number), "asked")


def approve(scene: Scene, number: int, *, granted: bool) -> None:
    """Approve somebody else's broadcast, or give it back. RefusalError: not_allowed, unknown, over, ended."""
    row = broadcast_row(scene.connection, number)
    if row is None:
        raise RefusalError("unknown", f"There is no broadcast {number}.")
    officer = _second(scene, row)
    if row.state != "approval":
        raise RefusalError("over", f"Broadcast {number} is {row.state}.")
    if row.author is None:
        raise RefusalError("ended", "The mandate of its author has ended.")
    if granted:
        _schedule(scene, row, officer)
    else:
        move(scene.connection, number, ("approval",), state="draft")
    letter = Message(chat_id=row.author, key=APPROVED if granted else RETURNED, params=_about(row))
    tell(scene.connection, letter, scene.at)
    audit.record(scene, officer, "approve", subject(number), "granted" if granted else "returned")


def may_approve(connection: Connection, chat: int, row: AnyRow) -> bool:
    """Whether a broadcast waits for this chat."""
    if row.state != "approval" or row.author == chat:
        return False
    return chat in approvers(connection, tuple(row.segment["regions"]))


def approvers(connection: Connection, regions: tuple[str, ...]) -> tuple[int, ...]:
    """The chats that may approve a broadcast to all of these regions."""
    rows = connection.execute(_HELD, {"roles": list(STAFF)}).all()
    held = (
        Officer(row.id, row.chat_id, row.role, tuple(row.scope), tuple(row.agencies or ())) for row in rows
    )
    able = (one.chat_id for one in held if all(may(one, "approve", Place(region)) for region in regions))
    return tuple(dict.fromkeys(able))


def needs_approval(recipients: int, rules: Rules) -> bool:
    """Whether so many are more than one person may write to alone (APPROVE_ABOVE)."""
    return recipients > rules.approve_above


def hold_back(connection: Connection, of: AnyRow, counted: Census, rules: Rules, at: datetime) -> None:
    """A broadcast that was for few when it was submitted, and has come to be for many, goes to approval after all.

    Its author hears how many they are. Where nobody else may approve it, it is a draft again. `of` and `counted` are
    what was read before its first recipients are made.
    """
    row = broadcast_row(connection, of.id)
    if row is None or not is_alone(row) or not needs_approval(counted.recipients, rules):
        return
    store_count(connection, row.id, of, counted, at)
    others = [one for one in approvers(connection, tuple(row.segment["regions"])) if one != row.author]
    state = "stopped" if row.author is None else "approval" if others else "draft"
    move(connection, row.id, BEGUN, state=state, started_at=None, paused_at=None)
    if state == "approval":
        _tell_approvers(connection, row, counted.recipients, others, at)


def is_alone(row: AnyRow) -> bool:
    """Whether a broadcast has begun that nobody has approved, and none of its recipients is made."""
    return row.state in BEGUN and row.approved_by is None and not row.made_to and row.made_at is None


def _second(scene: Scene, row: AnyRow) -> Officer:
    """Another person than the author: another chat. RefusalError("not_allowed")."""
    chat = resident(scene.actor).chat_id
    officers = [
        require(scene.connection, chat, "approve", Place(region)) for region in row.segment["regions"]
    ]
    if row.author == chat or not officers:
        raise RefusalError("not_allowed", "Somebody else has to approve it.")
    return officers[0]


def _schedule(scene: Scene, row: AnyRow, by: Officer | None = None) -> None:
    """What was due while it waited for approval goes now."""
    due = scene.at if row.due_at is None else max(row.due_at, scene.at)
    approval = {"approved_by": by.mandate, "approved_at": scene.at} if by else {}
    move(scene.connection, row.id, (row.state,), state="scheduled", due_at=due, **approval)


def _ask(scene: Scene, row: AnyRow) -> None:
    others = [
        chat for chat in approvers(scene.connection, tuple(row.segment["regions"])) if chat != row.author
    ]
    if not others:
        raise RefusalError("no_approver", "Nobody else may approve it.")
    move(scene.connection, row.id, ("draft",), state="approval")
    _tell_approvers(scene.connection, row, row.census["recipients"], others, scene.at)


def _tell_approvers(
    connection: Connection, row: AnyRow, recipients: int, chats: Sequence[int], at: datetime
) -> None:
    params = _about(row) | {"recipients": recipients, "few": bool(row.segment.get("groups"))}
    for chat in chats:
        tell(connection, Message(chat_id=chat, key=ASKED, params=params), at)


def _about(row: AnyRow) -> dict[str, Any]:
    words = row.words if len(row.words) <= EXCERPT else f"{row.words[:EXCERPT]}…"
    return {"broadcast": row.id, "words": words}


_HELD: Final = (
    select(MANDATE)
    .where(
        MANDATE.c.role.in_(bindparam("roles", expanding=True)),
        MANDATE.c.ended_at.is_(None),
        MANDATE.c.chat_id.is_not(None),
    )
    .order_by(MANDATE.c.id)
)
