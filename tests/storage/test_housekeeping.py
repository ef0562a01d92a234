"""Rows that have served their time go; what still waits, or may still be asked for, stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from storage.aspirations import ASPIRATION
from storage.errands import Errands
from storage.housekeeping import DAILY, prune
from storage.ledger import CHAT, ERRAND, INBOX, OUTBOX, ChatRow, ErrandRow, Ledger, OutboxRow
from storage.notices import NOTICES, cancel, release
from storage.outbox import Outbox, Room, Settled
from storage.residents import RESIDENT
from storage.traces import INVITATION
from tests.storage.relayed import SPOKEN, mandate, put
from tests.storage.world import ANI, BUDI, DELIVERY, NOW, SITI, World

ROOM = Room(slots=9, paced=9, bulk=9)


def keys(world: World) -> list[str]:
    return [row["id"] for row in world.rows(INBOX) if row["source"] != DAILY]


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
    prune_after(world, 29.9)
    assert keys(world) == ["2"]
    prune_after(world, 30.1)
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


def test_a_stranger_who_does_not_come_back_is_forgotten_after_thirty_days(world: World) -> None:
    """Whoever consented, is waited for with a message, or came back meanwhile is no such stranger."""
    for chat in (SITI, BUDI, ANI, 4, 5):
        world.open_chat(chat)
    world.consent(BUDI)
    with world.begin() as connection:
        ledger = Ledger(connection)
        ledger.enqueue([OutboxRow(chat_id=ANI, due_at=NOW, method="sendMessage", params="{}")], NOW)
        ledger.save_chats([ChatRow(id=4, state="{}", seen_at=NOW + timedelta(days=5))])
    world.submit(5)
    with world.begin() as connection:
        connection.execute(update(ASPIRATION).values(resident_id=None))
        connection.execute(RESIDENT.delete().where(RESIDENT.c.chat_id == 5))
    assert [prune_after(world, days) for days in (29, 31)] == [0, 1]
    assert [row["id"] for row in world.rows(CHAT)] == sorted({4, 5, BUDI, ANI})


def test_what_a_notice_told_is_forgotten_thirty_days_after(world: World) -> None:
    """One whose call is still to be made keeps its words: they are rendered at sending."""
    for chat in (SITI, BUDI, ANI):
        world.decide(world.submit(chat).ticket, "checked", "forwarded", urgent=chat != BUDI)
    (slip,) = (row["id"] for row in world.rows(ASPIRATION, chat_id=BUDI))
    with world.begin() as connection:
        release(connection, DELIVERY, NOW)
        cancel(connection, slip)
        outbox = Outbox(connection)
        first = outbox.claim(NOW, Room(slots=1, paced=1, bulk=1))
        outbox.settle([Settled(row=row, state="sent", at=NOW) for row in first])
    prune_after(world, 29.9)
    assert all(row["params"] for row in world.rows(NOTICES))
    prune_after(world, 31)
    assert {row["chat_id"]: bool(row["params"]) for row in world.rows(NOTICES)} == {
        SITI: False,
        BUDI: False,
        ANI: True,
    }
    assert prune_after(world, 32) == 0


def test_who_holds_a_mandate_is_no_stranger_until_it_is_over(world: World) -> None:
    """A facilitator may never have said anything for themselves, nor consented to it."""
    for chat in (SITI, BUDI):
        world.open_chat(chat)
    mandate(world, SITI)
    mandate(world, BUDI, ended_at=NOW)
    prune_after(world, 31)
    assert [row["id"] for row in world.rows(CHAT)] == [SITI]


def test_invitations_are_forgotten_thirty_days_after_they_are_over(world: World) -> None:
    """Their note may say who was invited."""
    common = {"role": "facilitator", "scope": [], "forum": False, "note": "Bu Rini", "created_at": NOW}
    far = NOW + timedelta(days=60)
    put(world, INVITATION, digest="open", expires_at=far, **common)
    put(world, INVITATION, digest="used", expires_at=far, used_at=NOW, **common)
    put(world, INVITATION, digest="revoked", expires_at=far, revoked_at=NOW, **common)
    put(world, INVITATION, digest="over", expires_at=NOW, **common)
    assert [prune_after(world, days) for days in (29, 31)] == [0, 3]
    assert [row["digest"] for row in world.rows(INVITATION)] == ["open"]


def test_what_was_said_aloud_is_said_anew_after_thirty_days(world: World) -> None:
    put(world, SPOKEN, digest="a receipt", file_id="at Telegram", seconds=3, at=NOW)
    assert [prune_after(world, days) for days in (29, 31)] == [0, 1]
