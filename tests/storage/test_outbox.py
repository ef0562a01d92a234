"""The sender's side of the outbox, on both engines: who goes first, and what is left of whom."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, event, insert, select, update

from storage.ledger import CHAT, OUTBOX, ChatRow, Ledger, OutboxRow, table
from storage.outbox import Claimed, InDoubt, Outbox, Room, Settled
from storage.tables import (
    BESIDE,
    BROADCAST,
    NOTICE,
    REPLY,
    AspirationEventRecord,
    AspirationRecord,
    NoticeRecord,
    Record,
    RegionRecord,
)
from tests.databases import NOON

SECOND = timedelta(seconds=1)
WIDE = Room(slots=99, paced=99, bulk=99)


def test_the_first_in_goes_first_and_one_at_a_time(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, (5, REPLY, "one"), (5, REPLY, "two"))
        (one,) = _claim(connection)
        assert (one.params, one.attempts, one.at) == ("one", 1, NOON)
        assert _claim(connection) == [], "the chat has a call in flight"
        _settle(connection, one)
        assert _words(_claim(connection)) == ["two"]


def test_many_chats_are_claimed_at_once(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, *((chat, REPLY, f"to {chat}") for chat in range(1, 31)))
        assert len(_claim(connection)) == 30


def test_a_reply_overtakes_notices_and_broadcasts(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(
            connection,
            (5, BROADCAST, "broadcast"),
            (5, NOTICE, "notice"),
            (5, REPLY, "reply"),
            (6, NOTICE, "other"),
        )
        order = []
        while claimed := _claim(connection):
            order.append(_words(claimed))
            _settle(connection, *claimed)
    assert order == [["reply", "other"], ["notice"], ["broadcast"]]


def test_one_that_waits_for_its_retry_holds_up_its_lane_but_no_other_chat(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, (5, REPLY, "one"), (5, REPLY, "two"), (6, REPLY, "other"))
        one, other = _claim(connection)
        _settle(connection, one, state="waiting", due_at=NOON + SECOND)
        _settle(connection, other)
        assert _claim(connection) == []
        assert _words(_claim(connection, NOON + SECOND)) == ["one"]


def test_one_that_is_not_yet_due_holds_up_nobody(engine: Engine) -> None:
    """A broadcast for tomorrow must not keep today's."""
    with engine.begin() as connection:
        _put(connection, (5, BROADCAST, "tomorrow"), due_at=NOON + timedelta(days=1))
        _put(connection, (5, BROADCAST, "today"))
        assert _words(_claim(connection)) == ["today"]


def test_a_press_is_answered_beside_everything(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, (5, REPLY, "reply"), (5, BESIDE, "press"), (5, BESIDE, "another press"))
        room = Room(slots=9, paced=0, bulk=0, paused=[5])
        assert _words(_claim(connection, room=room)) == ["press", "another press"]
        assert _words(_claim(connection)) == ["reply"]


def test_room_is_given_to_presses_then_replies_then_the_others(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, *((chat, BROADCAST, "b") for chat in range(1, 4)))
        _put(connection, *((chat, NOTICE, "n") for chat in range(4, 7)))
        _put(connection, *((chat, REPLY, "r") for chat in range(7, 10)))
        _put(connection, *((None, BESIDE, "p") for _ in range(3)))
        assert _words(_claim(connection, room=Room(slots=4, paced=9, bulk=9))) == ["p", "p", "p", "r"]
        assert _words(_claim(connection, room=Room(slots=9, paced=3, bulk=2))) == ["r", "r", "n"]
        assert _words(_claim(connection, room=Room(slots=9, paced=9, bulk=1))) == ["n"]
        assert _words(_claim(connection, room=Room(slots=0, paced=9, bulk=9))) == []


def test_a_paused_chat_waits_and_the_others_go_on(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, (5, REPLY, "paused"), (6, REPLY, "other"))
        room = Room(slots=9, paced=9, bulk=9, paused=[5])
        assert _words(_claim(connection, room=room)) == ["other"]


def test_a_row_is_sent_once_with_the_number_of_its_message_and_its_text_is_forgotten(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, (5, REPLY, "words of somebody"))
        (row,) = _claim(connection)
        _settle(connection, row, message_id=77)
        left = connection.execute(select(OUTBOX)).one()
        assert (left.state, left.message_id, left.params, left.done_at) == ("sent", 77, "", NOON)
        assert _claim(connection, NOON + timedelta(days=1)) == []


def test_a_refused_row_keeps_the_servers_words_and_its_own(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, (5, REPLY, "words"))
        (row,) = _claim(connection)
        _settle(connection, row, state="refused", error="400 Bad Request: can't parse entities")
        left = connection.execute(select(OUTBOX)).one()
    assert (left.state, left.params, left.error) == (
        "refused",
        "words",
        "400 Bad Request: can't parse entities",
    )


def test_a_blocked_chat_is_closed_with_all_that_waits_for_it(engine: Engine) -> None:
    with engine.begin() as connection:
        Ledger(connection).load_chats([5, 6], NOON)
        _put(connection, (5, REPLY, "one"), (5, REPLY, "two"), (5, BROADCAST, "three"), (6, REPLY, "other"))
        one, other = _claim(connection)
        _settle(connection, one, state="blocked")
        _settle(connection, other)
        assert _states(connection) == ["blocked", "blocked", "blocked", "sent"]
        assert dict(connection.execute(select(CHAT.c.id, CHAT.c.reachable)).all()) == {5: False, 6: True}


def test_whoever_wrote_after_the_call_began_is_open_and_answered(engine: Engine) -> None:
    """Unblocking and writing may overtake the answer to an older call."""
    later = NOON + SECOND
    with engine.begin() as connection:
        Ledger(connection).load_chats([5], NOON)
        _put(connection, (5, REPLY, "old"))
        (old,) = _claim(connection)
        Ledger(connection).save_chats([ChatRow(id=5, state="{}", seen_at=later, reachable=True)])
        _put(connection, (5, REPLY, "welcome back"), due_at=later)
        _settle(connection, old, state="blocked")
        assert connection.scalar(select(CHAT.c.reachable)) is True
        assert _words(_claim(connection, later)) == ["welcome back"]


def test_what_comes_later_for_an_unreachable_chat_is_blocked_unless_it_is_a_reply(engine: Engine) -> None:
    with engine.begin() as connection:
        Ledger(connection).load_chats([5, 6], NOON)
        connection.execute(update(CHAT).where(CHAT.c.id == 5).values(reachable=False))
        _put(connection, *((5, NOTICE, f"n{number}") for number in range(5)), (6, NOTICE, "other"))
        assert _words(_claim(connection, room=Room(slots=2, paced=2, bulk=2))) == ["other"]
        assert _states(connection) == ["blocked"] * 5 + ["calling"]
        _put(connection, (5, REPLY, "they just wrote"))
        assert _words(_claim(connection)) == ["they just wrote"]


def test_a_notice_comes_with_its_key_and_the_chat_of_this_moment(engine: Engine) -> None:
    with engine.begin() as connection:
        notice = _notice(connection)
        Ledger(connection).load_chats([5], NOON)
        Ledger(connection).save_chats([ChatRow(id=5, state='{"locale":"id@mudah"}', seen_at=NOON)])
        Ledger(connection).enqueue([OutboxRow(chat_id=5, due_at=NOON, lane=NOTICE, notice_id=notice)], NOON)
        (row,) = _claim(connection)
    assert row.notice is not None
    assert (row.notice.key, row.notice.params) == ("notice.decided", {"stage": "musrenbang_desa"})
    assert row.notice.chat == '{"locale":"id@mudah"}'


def test_a_notice_is_queued_once(engine: Engine) -> None:
    with engine.connect() as connection:
        row = OutboxRow(chat_id=5, due_at=NOON, lane=NOTICE, notice_id=_notice(connection))
        Ledger(connection).enqueue([row], NOON)
        with pytest.raises(Exception, match=r"(?i)unique"):
            Ledger(connection).enqueue([row], NOON)
        connection.rollback()


def test_after_a_crash_exactly_the_calls_in_flight_are_in_doubt(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(
            connection,
            (5, REPLY, "one"),
            (5, REPLY, "two"),
            (6, BROADCAST, "broadcast"),
            (7, NOTICE, "notice"),
        )
        _claim(connection)
        assert Outbox(connection).recover(NOON) == InDoubt(repeated=2, unknown=1)
        assert _states(connection) == ["waiting", "waiting", "unknown", "waiting"]
        repeated = _claim(connection)
        assert [(row.params, row.doubtful) for row in repeated] == [("one", True), ("notice", True)]


def test_a_call_is_repeated_at_most_once(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, (5, REPLY, "one"))
        _claim(connection)
        Outbox(connection).recover(NOON)
        _claim(connection)
        assert Outbox(connection).recover(NOON) == InDoubt(repeated=0, unknown=1)
        left = connection.execute(select(OUTBOX)).one()
        assert (left.state, left.doubtful) == ("unknown", True)


def test_the_mark_of_doubt_stays_when_the_repetition_succeeds(engine: Engine) -> None:
    with engine.begin() as connection:
        _put(connection, (5, REPLY, "one"))
        _claim(connection)
        Outbox(connection).recover(NOON)
        _settle(connection, *_claim(connection))
        left = connection.execute(select(OUTBOX)).one()
        assert (left.state, left.doubtful) == ("sent", True)


def test_two_senders_never_get_the_same_row(postgres_engine: Engine) -> None:
    """The second one waits for the first, and then finds nothing."""
    with postgres_engine.begin() as connection:
        _put(connection, *((chat, REPLY, "x") for chat in range(1, 9)))
    second: list[Claimed] = []

    def claim() -> None:
        with postgres_engine.begin() as connection:
            second.extend(_claim(connection))

    other = threading.Thread(target=claim)
    with postgres_engine.begin() as connection:
        first = _claim(connection, room=Room(slots=4, paced=4, bulk=0))
        other.start()
        _wait_until_somebody_waits(postgres_engine)
    other.join()
    assert len(first) == 4
    assert {row.id for row in first} & {row.id for row in second} == set()


def test_a_claim_reads_only_what_is_open_however_much_was_sent(sqlite_engine: Engine) -> None:
    plan = _plan_of_claim(sqlite_engine)
    assert plan.count("USING INDEX ix_outbox_due (lane=? AND due_at<?)") == 4, plan
    assert plan.count("USING INDEX ix_outbox_open (chat_id=?)") == 3, plan
    assert "SCAN o" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan


def test_a_claim_uses_the_partial_indexes_on_postgresql_too(postgres_engine: Engine) -> None:
    with postgres_engine.begin() as connection:
        sent = {"lane": 0, "method": "m", "params": "", "state": "sent", "due_at": NOON, "attempts": 1}
        rest = {"doubtful": False, "error": "", "created_at": NOON, "done_at": NOON}
        connection.execute(insert(OUTBOX), [{"chat_id": n, **sent, **rest} for n in range(3000)])
        _put(
            connection, *((chat, lane, "x") for chat in range(1, 200) for lane in (REPLY, NOTICE, BROADCAST))
        )
    with postgres_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE outbox")
    plan = _plan_of_claim(postgres_engine)
    assert "Seq Scan on outbox" not in plan, plan
    assert "ix_outbox_due" in plan, plan
    assert "ix_outbox_open" in plan, plan


def _plan_of_claim(engine: Engine) -> str:
    caught: list[tuple[str, object]] = []

    def catch(_connection: object, _cursor: object, statement: str, given: object, *_rest: object) -> None:
        caught.append((statement, given))

    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        event.listen(engine, "before_cursor_execute", catch)
        _claim(connection, NOON - SECOND)
        event.remove(engine, "before_cursor_execute", catch)
        statement, given = next(each for each in caught if "UNION ALL" in each[0])
        return str(connection.exec_driver_sql(f"{explain} {statement}", given).all())  # type: ignore[arg-type]


def _wait_until_somebody_waits(engine: Engine) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with engine.connect() as connection:
        while not connection.exec_driver_sql(waiting).scalar():
            connection.rollback()


def _put(connection: Connection, *calls: tuple[int | None, int, str], due_at: datetime = NOON) -> None:
    rows = [
        OutboxRow(chat_id=chat, lane=lane, method="sendMessage", params=words, due_at=due_at)
        for chat, lane, words in calls
    ]
    Ledger(connection).enqueue(rows, due_at if due_at < NOON + timedelta(hours=1) else NOON)


def _claim(connection: Connection, now: datetime = NOON, room: Room = WIDE) -> list[Claimed]:
    return Outbox(connection).claim(now, room)


def _settle(connection: Connection, *rows: Claimed, **given: object) -> None:
    results = [Settled(row=row, **{"state": "sent", "at": NOON, **given}) for row in rows]  # type: ignore[arg-type]
    Outbox(connection).settle(results)


def _words(rows: Sequence[Claimed]) -> list[str]:
    return [row.params for row in rows]


def _states(connection: Connection) -> list[str]:
    return list(connection.scalars(select(OUTBOX.c.state).order_by(OUTBOX.c.id)))


def _notice(connection: Connection) -> int:
    connection.execute(
        insert(table(RegionRecord)),
        {"kode": "18", "name": "Lampung", "kind": "provinsi", "folded": "lampung", "other_names": []},
    )
    blank = dict.fromkeys(("landmark", "decision", "reason", "office", "recovery_digest", "redacted"), "")
    told = {"ticket": "100001", "plan_year": 2027, "region": "18", "field": "road", "visibility": "public"}
    whole = {**blank, **told, "stage": "received", "locale": "id", "submitted_at": NOON}
    aspiration = _key(connection, AspirationRecord, whole)
    nothing = dict.fromkeys(
        ("actor_ref", "old_stage", "new_stage", "old_decision", "new_decision", "reason", "note", "office"),
        "",
    )
    decided = {"aspiration_id": aspiration, "at": NOON, "actor_kind": "staff", "verb": "decide", **nothing}
    happened = _key(connection, AspirationEventRecord, decided)
    waiting = {"aspiration_id": aspiration, "event_id": happened, "chat_id": 5, "key": "notice.decided"}
    params = {"stage": "musrenbang_desa"}
    return _key(connection, NoticeRecord, {**waiting, "params": params, "due_at": NOON, "state": "queued"})


def _key(connection: Connection, record: type[Record], values: dict[str, object]) -> int:
    inserted = connection.execute(insert(table(record)), values).inserted_primary_key
    assert inserted is not None
    return int(inserted[0])
