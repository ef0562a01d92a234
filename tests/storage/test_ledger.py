"""The turn's own statements, on both engines: admitted once, locked in order, stored together."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import Connection, Engine, event, select

from storage.engine import BUSY_MS
from storage.ledger import CHAT, ERRAND, INBOX, OUTBOX, ChatRow, ErrandRow, Ledger, OutboxRow
from storage.tables import BESIDE
from tests.databases import NOON

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def test_an_update_is_admitted_once(engine: Engine) -> None:
    keys = [("bot:1", "7"), ("bot:1", "8")]
    with engine.begin() as connection:
        assert Ledger(connection).admit(keys, NOON) == set(keys)
    with engine.begin() as connection:
        assert Ledger(connection).admit([*keys, ("bot:1", "9")], NOON) == {("bot:1", "9")}


def test_the_same_update_twice_in_a_batch_is_admitted_once(engine: Engine) -> None:
    with engine.begin() as connection:
        assert Ledger(connection).admit([("bot:1", "7"), ("bot:1", "7")], NOON) == {("bot:1", "7")}


def test_the_same_number_of_another_bot_is_another_update(engine: Engine) -> None:
    """Telegram's update ids overlap between bots."""
    with engine.begin() as connection:
        Ledger(connection).admit([("bot:1", "7")], NOON)
        assert Ledger(connection).admit([("bot:2", "7")], NOON) == {("bot:2", "7")}


def test_a_rolled_back_update_is_new_again(engine: Engine) -> None:
    with engine.connect() as connection:
        Ledger(connection).admit([("bot:1", "7")], NOON)
        connection.rollback()
        assert Ledger(connection).admit([("bot:1", "7")], NOON) == {("bot:1", "7")}


def test_many_updates_at_once_keep_their_keys_apart(engine: Engine) -> None:
    keys = [("bot:1", str(number)) for number in range(1500)]
    with engine.begin() as connection:
        assert Ledger(connection).admit(keys, NOON) == set(keys)


def test_a_quarantined_update_is_kept_whole_and_not_admitted_again(engine: Engine) -> None:
    with engine.begin() as connection:
        ledger = Ledger(connection)
        assert ledger.quarantine(("bot:1", "7"), b'{"odd": 1}', "ValueError", NOON)
        assert not ledger.quarantine(("bot:1", "7"), b"{}", "KeyError", NOON)
        assert ledger.admit([("bot:1", "7")], NOON) == set()
        row = connection.execute(select(INBOX)).one()
    assert (row.state, row.content, row.error) == ("quarantined", b'{"odd": 1}', "ValueError")


def test_a_chat_is_created_empty_and_comes_back_as_it_was_left(engine: Engine) -> None:
    with engine.begin() as connection:
        ledger = Ledger(connection)
        assert ledger.load_chats([5, -9], NOON) == {-9: "", 5: ""}
        ledger.save_chats([ChatRow(id=5, state='{"step":"need"}', seen_at=NOON)])
        assert ledger.load_chats([5, -9, 6], NOON + SECOND) == {-9: "", 5: '{"step":"need"}', 6: ""}
        assert connection.scalar(select(CHAT.c.created_at).where(CHAT.c.id == 5)) == NOON


def test_nothing_to_do_does_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        ledger = Ledger(connection)
        assert ledger.admit([], NOON) == set()
        assert ledger.load_chats([], NOON) == {}
        ledger.save_chats([])
        ledger.enqueue([], NOON)
        ledger.add_errands([], NOON)
        ledger.mark_reminded([], NOON)


def test_a_turn_says_whether_a_chat_is_reachable_or_leaves_it(engine: Engine) -> None:
    with engine.begin() as connection:
        ledger = Ledger(connection)
        ledger.load_chats([5], NOON)
        for said, then in ((None, True), (False, False), (None, False), (True, True)):
            ledger.save_chats([ChatRow(id=5, state="{}", seen_at=NOON, reachable=said)])
            assert connection.scalar(select(CHAT.c.reachable)) is then


def test_calls_lie_in_the_outbox_in_the_order_of_the_turn(engine: Engine) -> None:
    with engine.begin() as connection:
        rows = [_call(text) for text in ("one", "two", "three")]
        Ledger(connection).enqueue(rows, NOON)
        assert list(connection.scalars(select(OUTBOX.c.params).order_by(OUTBOX.c.id))) == [
            "one",
            "two",
            "three",
        ]


def test_what_is_beside_the_lanes_belongs_to_no_chat(engine: Engine) -> None:
    """So that an answer to a press neither waits for its chat's messages nor holds them up."""
    with engine.begin() as connection:
        Ledger(connection).enqueue(
            [OutboxRow(chat_id=5, due_at=NOON, method="x", params="{}", lane=BESIDE)], NOON
        )
        assert connection.scalar(select(OUTBOX.c.chat_id)) is None


def test_errands_are_stored_with_their_parameters(engine: Engine) -> None:
    with engine.begin() as connection:
        Ledger(connection).add_errands(
            [ErrandRow(kind="keep", due_at=NOON, params={"a": [1, None]}, chat_id=5)], NOON
        )
        row = connection.execute(select(ERRAND)).one()
    assert (row.kind, row.params, row.chat_id, row.state) == ("keep", {"a": [1, None]}, 5, "waiting")


def test_the_clock_finds_what_is_due_and_no_more(engine: Engine) -> None:
    with engine.begin() as connection:
        ledger = Ledger(connection)
        ledger.load_chats(range(1, 6), NOON)
        times = {1: NOON, 2: NOON - SECOND, 3: NOON + SECOND}
        ledger.save_chats([_left(chat, quiet_at=at, held_at=at, draft_at=at) for chat, at in times.items()])
        assert (
            ledger.due_quiet(NOON, 10) == ledger.due_held(NOON, 10) == ledger.due_drafts(NOON, 10) == [2, 1]
        )
        assert ledger.due_quiet(NOON, 1) == [2]


def test_a_draft_is_reminded_of_once_and_the_next_one_again(engine: Engine) -> None:
    with engine.begin() as connection:
        ledger = Ledger(connection)
        ledger.load_chats([5], NOON)
        ledger.save_chats([_left(5, draft_at=NOON)])
        ledger.mark_reminded([5], NOON + DAY)
        assert ledger.due_drafts(NOON + DAY, 10) == []
        ledger.save_chats([_left(5, draft_at=NOON + DAY)])
        assert ledger.due_drafts(NOON + 2 * DAY, 10) == [], "still the same draft"
        ledger.save_chats([_left(5)])
        ledger.save_chats([_left(5, draft_at=NOON + 2 * DAY)])
        assert ledger.due_drafts(NOON + 3 * DAY, 10) == [5], "a new draft"


def test_whoever_cannot_be_reached_is_not_reminded(engine: Engine) -> None:
    with engine.begin() as connection:
        ledger = Ledger(connection)
        ledger.load_chats([5], NOON)
        ledger.save_chats([_left(5, draft_at=NOON, reachable=False)])
        assert ledger.due_drafts(NOON + DAY, 10) == []


def test_two_processes_take_turns_on_a_chat(engine: Engine) -> None:
    """Whoever comes second sees what the first one left, on both engines."""
    with engine.begin() as connection:
        Ledger(connection).load_chats([5], NOON)
    began, seen = threading.Event(), list[dict[int, str]]()

    def second() -> None:
        began.set()
        with engine.begin() as connection:
            seen.append(Ledger(connection).load_chats([5], NOON))

    other = threading.Thread(target=second)
    with engine.begin() as connection:
        Ledger(connection).load_chats([5], NOON)
        other.start()
        began.wait()
        assert seen == []
        Ledger(connection).save_chats([ChatRow(id=5, state="left by the first", seen_at=NOON)])
    other.join(BUSY_MS / 1000)
    assert seen == [{5: "left by the first"}]


def test_processes_that_want_the_same_chats_in_other_orders_never_deadlock(postgres_engine: Engine) -> None:
    faults: list[BaseException] = []

    def work(ids: list[int]) -> None:
        try:
            for number in range(20):
                with postgres_engine.begin() as connection:
                    Ledger(connection).load_chats([*ids, 100 + number], NOON)
                    Ledger(connection).save_chats([ChatRow(id=id_, state="{}", seen_at=NOON) for id_ in ids])
        except Exception as fault:  # noqa: BLE001 - carried over to the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(ids,)) for ids in ([1, 2, 3], [3, 2, 1], [2, 3, 1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_chats_are_locked_in_the_order_of_their_ids(postgres_engine: Engine) -> None:
    """However PostgreSQL finds them: the plan may change with the size of the table."""
    statements: list[str] = []
    event.listen(postgres_engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with postgres_engine.begin() as connection:
        Ledger(connection).load_chats([2, 1], NOON)
    assert statements[-1].endswith("ORDER BY chat.id FOR UPDATE")


def test_the_clocks_questions_use_their_indexes(sqlite_engine: Engine) -> None:
    """A hundred thousand chats at rest must not be read at every tick."""
    with sqlite_engine.begin() as connection:
        plans = [_plan(connection, column) for column in ("quiet_at", "held_at")]
    assert ["USING INDEX ix_chat_quiet" in plans[0], "USING INDEX ix_chat_held" in plans[1]] == [
        True,
        True,
    ], plans


def _plan(connection: Connection, column: str) -> str:
    due = select(CHAT).where(CHAT.c[column].is_not(None), CHAT.c[column] <= NOON).order_by(CHAT.c[column])
    words = str(due.compile(connection, compile_kwargs={"literal_binds": True}))
    return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}").all())


def _left(chat: int, **given: object) -> ChatRow:
    return ChatRow(id=chat, **{"state": "{}", "seen_at": NOON, **given})  # type: ignore[arg-type]


def _call(params: str) -> OutboxRow:
    return OutboxRow(chat_id=5, due_at=NOON, method="sendMessage", params=params)
