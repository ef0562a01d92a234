"""The worker's side of the errands: slow work that a turn asked for, done outside it, by one or many processes.

Nothing here commits. A claim is a lease: whoever dies in the middle of an errand leaves it to the next, once the
lease has run out. An errand may thus be done twice; its outcome enters the inbox under its id, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, text, update

from storage.ledger import CHAT, ERRAND

LEASE: Final = timedelta(minutes=10)
"""How long one attempt may take: a file of 20 MB through a bad line, and time to spare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """An errand to do now; `attempts` counts this one, `asked_at` is when the turn asked for it."""

    id: int
    kind: str
    params: dict[str, Any]
    chat_id: int | None
    attempts: int
    asked_at: datetime


class Errands:
    """The worker's statements on one connection, inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, now: datetime, limit: int, lease: timedelta = LEASE) -> Sequence[Errand]:
        """Take errands that are due, the longest first; nobody else gets them before `lease` has passed."""
        taken = self._connection.execute(_CLAIM, {"b_now": now, "b_until": now + lease, "b_limit": limit})
        return sorted((Errand(**row) for row in taken.mappings()), key=lambda errand: errand.id)

    def finish(self, id_: int, at: datetime) -> bool:
        """It is done; False when its person was erased meanwhile, and nothing may be written for them any more."""
        return self._end(id_, state="done", at=at)

    def fail(self, id_: int, at: datetime, error: str) -> bool:
        """It cannot be done, for the reason `error`; False as for `finish`."""
        return self._end(id_, state="failed", at=at, error=error)

    def postpone(self, id_: int, due_at: datetime, error: str) -> None:
        """It is to be tried again from `due_at` on; `error` is why it did not work."""
        values = {"state": "waiting", "due_at": due_at, "error": error}
        self._connection.execute(update(ERRAND).where(ERRAND.c.id == id_).values(values))

    def forget(self, id_: int) -> None:
        """What it was asked to do is not kept: it held somebody's words."""
        self._connection.execute(update(ERRAND).where(ERRAND.c.id == id_).values(params={}))

    def _end(self, id_: int, *, state: str, at: datetime, error: str = "") -> bool:
        """The chat is locked first, as an erasure does: neither can wait for the other for ever."""
        self._connection.execute(_LOCK_CHAT, {"b_id": id_})
        values = {"state": state, "done_at": at, "error": error}
        return self._connection.execute(update(ERRAND).where(ERRAND.c.id == id_).values(values)).rowcount > 0


_LOCK_CHAT: Final = (
    select(CHAT.c.id)
    .where(CHAT.c.id == select(ERRAND.c.chat_id).where(ERRAND.c.id == bindparam("b_id")).scalar_subquery())
    .with_for_update()
)
_DUE: Final = (
    select(ERRAND.c.id)
    .where(text("state IN ('waiting', 'doing')"), ERRAND.c.due_at <= bindparam("b_now"))
    .order_by(ERRAND.c.due_at, ERRAND.c.id)
    .limit(bindparam("b_limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM: Final = (
    update(ERRAND)
    .where(ERRAND.c.id.in_(_DUE))
    .values(state="doing", due_at=bindparam("b_until"), attempts=ERRAND.c.attempts + 1)
    .returning(
        *(ERRAND.c[name] for name in ("id", "kind", "params", "chat_id", "attempts")),
        ERRAND.c.created_at.label("asked_at"),
    )
)
