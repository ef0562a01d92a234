"""What both engines must do alike: each trap of the design's section 4 has its test here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, col, select

from storage.columns import BadKeys, Unreadable
from storage.engine import open_engine
from storage.ledger import INBOX, OUTBOX, Ledger, OutboxRow
from storage.tables import (
    AspirationEventRecord,
    AspirationRecord,
    ChatRecord,
    Record,
    RegionRecord,
    ResidentRecord,
)
from tests.databases import KEY, NOON

OTHER_KEY = "YW5vdGhlci1rZXktZm9yLXRlc3RzLW9ubHktMDAwMDI="
WIB = timezone(timedelta(hours=7))
BIG = 2**52 + 1
"""Telegram's ids have at most 52 significant bits (Bot API, User)."""


def test_ids_of_telegram_fit(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(ChatRecord(id=-BIG, created_at=NOON))
        session.add(ResidentRecord(chat_id=BIG, created_at=NOON))
        session.commit()
        assert session.exec(select(ChatRecord.id)).one() == -BIG
        assert session.exec(select(ResidentRecord.chat_id)).one() == BIG


def test_every_surrogate_key_counts_up_by_itself(engine: Engine) -> None:
    with Session(engine) as session:
        one, other = ResidentRecord(created_at=NOON), ResidentRecord(created_at=NOON)
        session.add_all([one, other])
        session.commit()
        assert one.id is not None
        assert other.id == one.id + 1


def test_every_number_from_telegram_has_64_bits_on_postgresql(postgres_engine: Engine) -> None:
    found = inspect(postgres_engine)
    narrow = [
        (table, column["name"])
        for table in found.get_table_names()
        for column in found.get_columns(table)
        if str(column["type"]) == "INTEGER" and column["name"].endswith("id")
    ]
    assert narrow == []


def test_a_moment_comes_back_aware_to_the_microsecond(engine: Engine) -> None:
    moment = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=WIB)
    with Session(engine) as session:
        session.add(ChatRecord(id=1, created_at=moment))
        session.commit()
        session.expire_all()
        found = session.get_one(ChatRecord, 1).created_at
    assert found == moment
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(ChatRecord(id=1, created_at=datetime(2026, 3, 2)))  # noqa: DTZ001 - that is the point
        with pytest.raises(StatementError, match="without a time zone"):
            session.flush()


def test_moments_of_different_zones_compare_as_moments(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(ChatRecord(id=1, created_at=NOON))
        session.commit()
        later = (NOON + timedelta(seconds=1)).astimezone(WIB)
        assert session.exec(select(ChatRecord.id).where(ChatRecord.created_at < later)).all() == [1]
        assert session.exec(select(ChatRecord.id).where(ChatRecord.created_at > later)).all() == []


def test_a_reference_to_nothing_is_refused(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(ResidentRecord(created_at=NOON, village_kode="99.99"))
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_draft_is_submitted_once(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(_region())
        session.flush()
        session.add(_aspiration("100001", "5:1"))
        session.commit()
        session.add(_aspiration("100002", "5:1"))
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_ticket_is_used_once_in_its_year(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(_region())
        session.flush()
        session.add(_aspiration("100001", "5:1"))
        session.add(_aspiration("100001", "5:2", plan_year=2028))
        session.commit()
        session.add(_aspiration("100001", "5:3"))
        with pytest.raises(IntegrityError):
            session.flush()


@pytest.mark.parametrize(
    "statement", ["UPDATE aspiration_event SET note = 'other'", "DELETE FROM aspiration_event"]
)
def test_history_can_only_be_added_to(engine: Engine, statement: str) -> None:
    with Session(engine) as session:
        session.add(_region())
        session.flush()
        session.add(aspiration := _aspiration("100001", "5:1"))
        session.flush()
        session.add(
            AspirationEventRecord(
                aspiration_id=aspiration.id or 0, at=NOON, actor_kind="staff", verb="decide"
            )
        )
        session.commit()
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()
        assert session.exec(select(AspirationEventRecord)).one().note == ""


def test_the_id_of_a_deleted_call_is_never_given_again(engine: Engine) -> None:
    """A call in flight may be settled after its row was erased; it must not settle another."""
    with engine.begin() as connection:
        ids = []
        for _ in range(2):
            Ledger(connection).enqueue(
                [OutboxRow(chat_id=1, due_at=NOON, method="sendMessage", params="{}")], NOON
            )
            ids.append(connection.scalar(select(OUTBOX.c.id)))
            connection.execute(OUTBOX.delete())
    assert ids[0] != ids[1]


def test_what_no_text_column_can_hold_travels_escaped_in_json(engine: Engine) -> None:
    """NUL is refused by PostgreSQL and cut off by some readers of SQLite; in JSON text it is six plain characters."""
    params = '{"text":"a\\u0000b"}'
    with engine.begin() as connection:
        Ledger(connection).enqueue(
            [OutboxRow(chat_id=1, due_at=NOON, method="sendMessage", params=params)], NOON
        )
        assert connection.scalar(select(OUTBOX.c.params)) == params


def test_personal_words_are_in_no_file(sqlite_engine: Engine, tmp_path: Path) -> None:
    with Session(sqlite_engine) as session:
        session.add(ResidentRecord(created_at=NOON, name="Canary Suhartini", groups=["canary"]))
        session.commit()
        Ledger(session.connection()).quarantine(("bot:1", "7"), b'{"text":"canary"}', "ValueError", NOON)
        session.commit()
        assert session.exec(select(ResidentRecord)).one().name == "Canary Suhartini"
    for file in tmp_path.glob("suara.db*"):
        assert b"anary" not in file.read_bytes(), file.name


def test_encrypted_values_come_back_as_they_were(engine: Engine) -> None:
    spoiled = b'\xff\xfe{"not": "utf-8"'
    with Session(engine) as session:
        session.add(ResidentRecord(created_at=NOON, name="Ibu Ni'mah ✓", groups=["women", "elderly"]))
        session.add(ResidentRecord(created_at=NOON))
        Ledger(session.connection()).quarantine(("bot:1", "7"), spoiled, "ValueError", NOON)
        session.commit()
        session.expire_all()
        one, other = session.exec(select(ResidentRecord).order_by(col(ResidentRecord.id))).all()
        assert (one.name, one.groups) == ("Ibu Ni'mah ✓", ["women", "elderly"])
        assert (other.name, other.groups) == (None, None)
        assert session.exec(select(INBOX.c.content)).one() == spoiled


def test_a_new_key_reads_what_the_old_one_wrote_and_a_stranger_does_not(database_url: str) -> None:
    _write_name(database_url, [KEY])
    assert _read_name(database_url, [OTHER_KEY, KEY]) == "Ibu Sari"
    with pytest.raises(Unreadable, match="DATA_KEYS"):
        _read_name(database_url, [OTHER_KEY])


def test_two_engines_of_one_process_keep_their_keys_apart(sqlite_url: str, postgres_url: str) -> None:
    for url, key in ((sqlite_url, KEY), (postgres_url, OTHER_KEY)):
        _write_name(url, [key])
    assert _read_name(sqlite_url, [KEY]) == _read_name(postgres_url, [OTHER_KEY]) == "Ibu Sari"


def test_without_a_key_nothing_personal_is_written(database_url: str) -> None:
    with pytest.raises(BadKeys, match="DATA_KEYS is empty"):
        _write_name(database_url, [])


def test_no_text_may_be_null() -> None:
    """One way to say that a text is not there ("") spares every reader the order and comparison of NULL."""
    personal = {"name", "groups", "content", "files", "contact", "label", "note", "answer"}
    personal |= {"needs", "other", "arranged", "witnessed"}
    links = {"parent", "village_kode", "draft_key", "form_number", "key"}
    nullable = {
        column.name
        for table in Record.metadata.tables.values()
        for column in table.columns
        if column.nullable and str(column.type) == "TEXT"
    }
    assert nullable <= personal | links


def _write_name(url: str, keys: list[str]) -> None:
    engine = open_engine(url, keys)
    try:
        with Session(engine) as session:
            session.add(ResidentRecord(created_at=NOON, name="Ibu Sari"))
            session.commit()
    finally:
        engine.dispose()


def _read_name(url: str, keys: list[str]) -> str | None:
    engine = open_engine(url, keys)
    try:
        with Session(engine) as session:
            return session.exec(select(ResidentRecord)).one().name
    finally:
        engine.dispose()


def _region() -> RegionRecord:
    return RegionRecord(kode="18.07.01.2001", name="Sukadana", kind="desa", folded="sukadana")


def _aspiration(ticket: str, draft: str, plan_year: int = 2027) -> AspirationRecord:
    return AspirationRecord(
        ticket=ticket,
        plan_year=plan_year,
        draft_key=draft,
        region="18.07.01.2001",
        field="road",
        visibility="public",
        stage="received",
        submitted_at=NOON,
    )
