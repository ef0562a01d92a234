"""A broadcast that is due, and people by the thousand who want it: for the bench, and for killing its sender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, Table, insert, select

from simulator.server import Simulator
from storage.broadcast_segments import RECIPIENT
from storage.broadcast_words import BROADCAST
from storage.engine import reading
from storage.ledger import CHAT
from storage.mandates import MANDATE
from storage.residents import CONSENT, RESIDENT

WORDS: Final = "Musrenbang Inklusi hari Selasa pukul 09.00 di Aula Bappeda. Aula punya jalur kursi roda."


def arrive(telegram: Simulator, many: int) -> list[int]:
    """So many people who have opened the bot's chat before; their ids."""
    bot = telegram.bot_id()
    people = [telegram.add_person(f"Warga {number}") for number in range(many)]
    for person in people:
        telegram.world.put_person(replace(person, started=frozenset({bot})))
    return [person.id for person in people]


def announce(engine: Engine, officer: int, chats: Sequence[int], at: datetime) -> int:
    """A broadcast by an officer of Bappeda that is due now, for these people, who agreed to it; its number."""
    with engine.begin() as connection:

        def put(table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
            return list(connection.scalars(insert(table).returning(table.c[first(table)]), list(rows)))

        put(
            CHAT, [{"id": id_, "state": "", "reachable": True, "created_at": at} for id_ in (officer, *chats)]
        )
        flags = {"groups_answered": False, "notices": True, "broadcasts": True, "locale": "id"}
        people = put(RESIDENT, [{"chat_id": chat, "created_at": at, **flags} for chat in chats])
        given = {"granted": True, "version": "1", "locale": "id", "form": "button", "at": at}
        for purpose in ("service", "broadcast"):
            put(CONSENT, [{"resident_id": person, "purpose": purpose, **given} for person in people])
        held = {"role": "bappeda", "scope": ["18.07"], "forum": False, "conduct": "1", "begun_at": at}
        (mandate,) = put(MANDATE, [{"chat_id": officer, **held}])
        (number,) = put(BROADCAST, [_broadcast(mandate, at)])
    return number


def first(table: Table) -> str:
    """The name of its key."""
    return table.primary_key.columns[0].name


def outcome(engine: Engine) -> dict[int, str]:
    """Each recipient's state."""
    with reading(engine) as connection:
        rows = connection.execute(RECIPIENT.select()).all()
    return {row.chat_id: row.state for row in rows}


def is_over(engine: Engine) -> bool:
    """Whether a broadcast has ended; asked without holding up whoever writes."""
    with reading(engine) as connection:
        return connection.scalar(select(BROADCAST.c.done_at)) is not None


def _broadcast(mandate: int, at: datetime) -> dict[str, Any]:
    return {
        "mandate_id": mandate,
        "approved_by": mandate,
        "state": "scheduled",
        "topic": "schedule",
        "words": WORDS,
        "segment": {},
        "census": {},
        "voice_seconds": 0,
        "made_to": 0,
        "revision": 0,
        "mending": False,
        "created_at": at,
        **dict.fromkeys(("easy", "picture", "alternative", "voice", "progress_told", "corrected"), ""),
    }
