"""Rows that have served their time go; what still waits, or may still be asked for, stays."""

from __future__ import annotations

from datetime import timedelta

from storage.errands import Errands
from storage.housekeeping import prune
from storage.ledger import ERRAND, INBOX, OUTBOX, ErrandRow, Ledger, OutboxRow
from storage.outbox import Outbox, Room, Settled
from tests.storage.world import NOW, SITI, World

ROOM = Room(slots=9, paced=9, bulk=9)


def keys(world: World) -> list[str]:
    return [row["id"] for row in world.rows(INBOX)]


def prune_after(world: World, days: float) -> int:
    with world.begin() as connection:
        return prune(connection, NOW + timedelta(days=days))


def test_processed_updates_are_forgotten_after_a_week_quarantined_ones_after_thirty_days(
    world: World,
) -> None:
    with world.begin() as connection:
        Ledger(connection).admit([("bot:1", "1")], NOW)
        Ledger(connection).quarantine(("bot:1", "2"), b"{}", "ValueError", NOW)
    assert [prune_after(world, days) for days in (6.9, 7.1)] == [0, 1]
    assert keys(world) == ["2"]
    assert [prune_after(world, days) for days in (29.9, 30.1)] == [0, 1]
    assert keys(world) == []


def test_calls_are_forgotten_thirty_days_after_they_were_made(world: World) -> None:
    with world.begin() as connection:
        call = OutboxRow(chat_id=SITI, due_at=NOW, method="sendMessage", params="{}")
        Ledger(connection).enqueue([call, call], NOW)
        outbox = Outbox(connection)
        outbox.settle([Settled(row=row, state="sent", at=NOW) for row in outbox.claim(NOW, ROOM)])
    assert [prune_after(world, days) for days in (29.9, 30.1)] == [0, 1]
    assert [row["state"] for row in world.rows(OUTBOX)] == ["waiting"]


def test_errands_are_forgotten_thirty_days_after_they_were_done(world: World) -> None:
    """Each names a chat and a file: kept for ever they would be a diary of who sent what."""
    with world.begin() as connection:
        errand = ErrandRow(kind="fetch_media", due_at=NOW, chat_id=SITI)
        Ledger(connection).add_errands([errand, errand], NOW)
        first = Errands(connection).claim(NOW, 1)[0]
        Errands(connection).finish(first.id, NOW)
    assert [prune_after(world, days) for days in (29.9, 30.1)] == [0, 1]
    assert [row["state"] for row in world.rows(ERRAND)] == ["waiting"]
