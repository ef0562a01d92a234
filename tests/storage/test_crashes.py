"""Whoever dies at any statement of a turn or of a send loses nothing and doubles nothing unmarked, on both engines."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select

from storage.ledger import CHAT, ERRAND, OUTBOX, ChatRow, ErrandRow, Ledger, OutboxRow
from storage.outbox import Outbox, Room, Settled
from tests.databases import NOON, open_test_engine
from tests.storage.crashes import deaths

ROOM = Room(slots=9, paced=9, bulk=9)


def test_an_update_is_processed_exactly_once_whenever_its_process_dies(database_url: str) -> None:
    engine = open_test_engine(database_url)
    for number in deaths(database_url, _turn):
        _turn(engine, number)  # Telegram delivers it again
        with engine.begin() as connection:
            replies = connection.scalars(select(OUTBOX.c.params).where(OUTBOX.c.chat_id == number)).all()
            errands = connection.scalars(select(ERRAND.c.kind).where(ERRAND.c.chat_id == number)).all()
            state = connection.scalar(select(CHAT.c.state).where(CHAT.c.id == number))
        assert (replies, errands, state) == ([f"reply {number}"], ["keep"], f"state {number}")
    assert number > 6, "the child died at each statement of the turn"
    engine.dispose()


def test_a_message_is_sent_once_or_twice_and_marked_whenever_its_process_dies(
    database_url: str, tmp_path: Path
) -> None:
    engine = open_test_engine(database_url)
    calls = tmp_path / "calls"

    def send(engine: Engine, _number: int) -> None:
        with engine.begin() as connection:
            rows = Outbox(connection).claim(NOON, ROOM)
        for row in rows:
            with calls.open("a") as file:
                file.write(row.params)
        with engine.begin() as connection:
            Outbox(connection).settle([Settled(row=row, state="sent", at=NOON, message_id=1) for row in rows])

    _put(engine, 1)
    for number in deaths(database_url, send):
        with engine.begin() as connection:
            Outbox(connection).recover(NOON)
        send(engine, number)
        with engine.begin() as connection:
            row = connection.execute(select(OUTBOX).where(OUTBOX.c.chat_id == number)).one()
        made = calls.read_text()
        calls.unlink()
        assert row.state == "sent"
        assert made == "x" or (made == "xx" and row.doubtful), f"died at statement {number}"
        _put(engine, number + 1)
    assert number > 4, "the child died at each statement of the send"
    engine.dispose()


def _turn(engine: Engine, number: int) -> None:
    with engine.begin() as connection:
        ledger = Ledger(connection)
        if not ledger.admit([("bot:1", str(number))], NOON):
            return
        ledger.load_chats([number], NOON)
        ledger.save_chats([ChatRow(id=number, state=f"state {number}", seen_at=NOON)])
        reply = OutboxRow(chat_id=number, due_at=NOON, method="sendMessage", params=f"reply {number}")
        ledger.enqueue([reply], NOON)
        ledger.add_errands([ErrandRow(kind="keep", due_at=NOON, chat_id=number)], NOON)


def _put(engine: Engine, chat: int) -> None:
    with engine.begin() as connection:
        Ledger(connection).enqueue([OutboxRow(chat_id=chat, due_at=NOON, method="m", params="x")], NOON)
