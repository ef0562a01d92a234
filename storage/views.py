"""Aspirations as residents may see them: their own whole, another's public one without words of persons.

A private or anonymous one of somebody else does not exist for them, exactly like an unused number; nor does one
that tells of danger (conversations.danger), whatever was chosen for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from conversations.facts import AspirationView, Change, Unheard
from conversations.followup import Done
from storage import deadlines, followup, history, voices
from storage.aspirations import ASPIRATION, AnyRow
from storage.desk_tables import DeskCardRecord
from storage.ledger import table
from storage.lifecycle import State
from storage.media import PART
from storage.rules import Rules
from storage.unheard import HEARD, KINDS, TRANSCRIPT

LONGEST_SUMMARY: Final = 300  # characters
CARD: Final = table(DeskCardRecord)
DANGER: Final = "danger"
MOST: Final = 100  # aspirations in one list


def mine(connection: Connection, chat_id: int, rules: Rules) -> tuple[AspirationView, ...]:
    """The aspirations of a chat's person, newest first, without history; at most 100."""
    rows = connection.execute(_MINE, {"chat": chat_id, "most": MOST}).all()
    said = said_in(connection, [row.id for row in rows])
    return tuple(_view(row, said[row.id], rules) for row in rows)


def aspiration(connection: Connection, chat_id: int, ticket: str, rules: Rules) -> AspirationView | None:
    """An aspiration with its history by ticket: one's own, or else the newest public one."""
    found = connection.execute(_BY_TICKET, {"ticket": ticket, "chat": chat_id}).all()
    rows = [row for row in found if row.chat_id == chat_id or row.flagged != DANGER]
    own = [row for row in rows if row.chat_id == chat_id]
    row = next(iter(own or rows), None)
    if row is None:
        return None
    if not own and connection.execute(_HELD, {"id": row.id}).first() is not None:
        return None
    lead, support = voices.standing(connection, row.id, publicly=True)
    if own:
        changes = history.changes(connection, row.id, notes=True)
        view = _view(row, said_in(connection, [row.id])[row.id], rules, changes)
        done = _confirmed(connection, [row]).get(row.id, "")
        return replace(view, confirmed=done, lead=lead, support=support)
    changes = history.changes(connection, row.id, notes=False)
    return replace(_public(row, rules, changes), support=support)


def relayed(
    connection: Connection, rows: Sequence[AnyRow], rules: Rules, *, whole: bool
) -> tuple[AspirationView, ...]:
    """Aspirations as whoever spoke for their authors may see them; with history when `whole`."""
    said = said_in(connection, [row.id for row in rows])
    changes = {row.id: history.changes(connection, row.id, notes=True) for row in rows if whole}
    done = _confirmed(connection, rows) if whole else {}
    views = ((row, _view(row, said[row.id], rules, changes.get(row.id, ()))) for row in rows)
    return tuple(replace(view, mine=False, confirmed=done.get(row.id, "")) for row, view in views)


def _confirmed(connection: Connection, rows: Sequence[AnyRow]) -> dict[int, Done]:
    """What people say of those that have ended."""
    return followup.answers(connection, [row.id for row in rows if row.closed_at is not None])


def _view(row: AnyRow, said: Sequence[Any], rules: Rules, changes: tuple[Change, ...] = ()) -> AspirationView:
    return AspirationView(
        ticket=row.ticket,
        mine=True,
        at=row.submitted_at,
        village=rules.village(row.region),
        field=row.field,
        visibility=row.visibility,
        stage=row.stage,
        decision=row.decision,
        summary=_shortened(summary_of(said)),
        voices=sum(part.media_id is not None for part in said),
        history=changes,
        open=rules.lifecycle.is_open(State(row.stage, row.decision)),
        unheard=_unheard(said),
        answer_by=_answer_by(row, rules),
    )


def _answer_by(row: AnyRow, rules: Rules) -> date | None:
    waits = row.due_at is not None and row.closed_at is None
    return deadlines.last_day(rules, row.due_at) if waits else None


def summary_of(said: Sequence[Any]) -> str:
    """The one line of whoever spoke for the author, or else the author's own words: typed, or written down and confirmed."""
    lines = [part.text for part in said if part.role == "summary"]
    return "\n".join(lines or [words for part in said for words in (part.text, part.heard) if words])


def _unheard(said: Sequence[Any]) -> Unheard:
    """What still waits for somebody who listens, or who reads sign language."""
    kinds = {part.kind for part in said if part.kind in KINDS and not part.heard}
    return "voice" if kinds & set(HEARD) else "video" if kinds else ""


def _public(row: AnyRow, rules: Rules, changes: tuple[Change, ...]) -> AspirationView:
    """What the public sees: the words only as the staff has redacted them, so no part is even looked at."""
    return replace(
        _view(row, (), rules, changes), mine=False, answer_by=None, summary=_shortened(row.redacted)
    )


def said_in(connection: Connection, aspirations: Sequence[int]) -> dict[int, list[Any]]:
    said: dict[int, list[Any]] = defaultdict(list)
    if aspirations:
        for part in connection.execute(_SAID, {"ids": list(aspirations)}):
            said[part.aspiration_id].append(part)
    return said


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1].rstrip() + "…"


_MINE: Final = (
    select(ASPIRATION)
    .where(ASPIRATION.c.chat_id == bindparam("chat"), ASPIRATION.c.retracted_at.is_(None))
    .order_by(ASPIRATION.c.id.desc())
    .limit(bindparam("most"))
)
_HELD: Final = select(CARD.c.aspiration_id).where(
    CARD.c.aspiration_id == bindparam("id"), CARD.c.held_at.is_not(None)
)
_BY_TICKET: Final = (
    select(ASPIRATION)
    .where(
        ASPIRATION.c.ticket == bindparam("ticket"),
        ASPIRATION.c.retracted_at.is_(None),
        (ASPIRATION.c.chat_id == bindparam("chat")) | (ASPIRATION.c.visibility == "public"),
    )
    .order_by(ASPIRATION.c.id.desc())
)
_SAID: Final = (
    select(
        *(PART.c[name] for name in ("aspiration_id", "text", "media_id", "role", "kind")),
        TRANSCRIPT.c.words.label("heard"),
    )
    .outerjoin(TRANSCRIPT, (TRANSCRIPT.c.part_id == PART.c.id) & (TRANSCRIPT.c.state == "confirmed"))
    .where(PART.c.aspiration_id.in_(bindparam("ids", expanding=True)), PART.c.role.in_(("need", "summary")))
    .order_by(PART.c.aspiration_id, PART.c.position)
)
