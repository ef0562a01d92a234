"""What became of a broadcast for each of its recipients: where they live, never who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, get_args

from sqlalchemy import Connection, bindparam, select

from conversations.broadcast import LeftOut
from storage.broadcast_control import steerer
from storage.broadcast_sending import RECIPIENT
from storage.broadcast_words import BROADCAST
from storage.residents import RESIDENT
from storage.rules import Rules

REASONS: Final = (*get_args(LeftOut), "ended", "mandate")
"""Why somebody is left out; "ended": the broadcast was stopped before their turn; "mandate": theirs ended before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One recipient: `code` of REASONS, or else Telegram's `words` for what it refused."""

    place: str
    locale: str
    state: str
    code: str
    words: str
    at: datetime


def outcomes(connection: Connection, chat_id: int, number: int, rules: Rules) -> list[Outcome] | None:
    """Each recipient's outcome, for whoever may steer the broadcast now; None for all others.

    They stand in no order of their chats, and without anything that leads to them. Of a segment by groups no village
    is told: that could point to a person.
    """
    row = connection.execute(select(BROADCAST).where(BROADCAST.c.id == number)).one_or_none()
    if row is None or steerer(connection, chat_id, row, rules) is None:
        return None
    coarse = bool(row.segment.get("groups"))
    found = connection.execute(_OUTCOMES, {"broadcast": number}).all()
    told = [_outcome(one, rules, coarse=coarse) for one in found]
    return sorted(told, key=lambda one: (one.place, one.state, one.at))


def _outcome(row: Any, rules: Rules, *, coarse: bool) -> Outcome:
    code = row.reason if row.reason in REASONS else ""
    return Outcome(
        place=_place(row.village_kode or "", rules, coarse=coarse),
        locale=row.locale or "",
        state=row.state,
        code=code,
        words="" if code else row.reason,
        at=row.at,
    )


def _place(kode: str, rules: Rules, *, coarse: bool) -> str:
    village = rules.regions.village(kode)
    if village is None:
        return ""
    return village.kecamatan if coarse else f"{village.name}, {village.kecamatan}"


_OUTCOMES: Final = (
    select(
        *(RECIPIENT.c[name] for name in ("state", "reason", "at")),
        *(RESIDENT.c[name] for name in ("village_kode", "locale")),
    )
    .outerjoin(RESIDENT, RESIDENT.c.chat_id == RECIPIENT.c.chat_id)
    .where(RECIPIENT.c.broadcast_id == bindparam("broadcast"))
)
