"""The sender at work, in virtual time: order, pace, and when it looks."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError

from bot.sender import Call
from bot.transport import Blocked, Refused, TransportError, Unauthorized, Upload
from storage.ledger import OUTBOX, Ledger, OutboxRow
from storage.outbox import Notice, Settled
from storage.tables import BROADCAST, NOTICE
from tests.sender.desk import Desk, after
from tests.sender.virtual import Telegram, monotonic, now, run
from tests.storage.test_outbox import _notice as put_notice


def test_a_reply_leaves_at_once_when_the_sender_is_woken(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        async with desk.sending() as sender:
            await asyncio.sleep(0.3)
            desk.put(5, "hello")
            sender.wake()
            await asyncio.sleep(0.1)
            assert desk.telegram.times("hello") == [pytest.approx(0.3)]
            assert desk.states() == ["sent"]

    run(story())


def test_without_being_woken_it_looks_every_second(sqlite_engine: Engine) -> None:
    """The row may come from another process: `suara decide`, say."""

    async def story() -> None:
        desk = Desk(sqlite_engine)
        async with desk.sending():
            await asyncio.sleep(0.3)
            desk.put(5, "hello")
            await asyncio.sleep(1)
        assert desk.telegram.times("hello") == [pytest.approx(1.0)]

    run(story())


def test_each_chat_gets_its_messages_in_order_and_all_chats_at_once(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine, telegram=Telegram(latency=0.1))
        for chat in range(1, 11):
            desk.put(chat, f"{chat} a", f"{chat} b", f"{chat} c")
        async with desk.sending():
            await asyncio.sleep(1)
        assert desk.telegram.most_at_once == 10
        for chat in range(1, 11):
            own = [text for text in desk.telegram.texts() if text.startswith(f"{chat} ")]
            assert own == [f"{chat} a", f"{chat} b", f"{chat} c"]

    run(story())


def test_never_more_calls_in_flight_than_allowed(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine, telegram=Telegram(latency=0.1), concurrency=4)
        for chat in range(1, 21):
            desk.put(chat, "hello")
        async with desk.sending():
            await asyncio.sleep(2)
        assert desk.telegram.most_at_once == 4
        assert desk.states() == ["sent"] * 20

    run(story())


def test_a_call_is_committed_as_calling_before_it_is_made(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine, telegram=Telegram(latency=0.1))
        desk.put(5, "one", "two")
        async with desk.sending():
            await asyncio.sleep(0.05)
            assert desk.states() == ["calling", "waiting"]

    run(story())


def test_a_reply_overtakes_waiting_broadcasts(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine, telegram=Telegram(latency=0.1), concurrency=1)
        for chat in range(1, 6):
            desk.put(chat, f"news {chat}", lane=BROADCAST)
        async with desk.sending():
            await asyncio.sleep(0.05)
            desk.put(9, "reply")
            await asyncio.sleep(1)
        assert desk.telegram.texts()[:3] == ["news 1", "reply", "news 2"]

    run(story())


def test_hundreds_of_replies_share_transactions(sqlite_engine: Engine) -> None:
    """Each transaction costs an fsync: there must be far fewer of them than replies."""

    async def story() -> None:
        desk = Desk(sqlite_engine, telegram=Telegram(latency=0.003))
        for chat in range(1, 301):
            desk.put(chat, "hello")
        async with desk.sending():
            await asyncio.sleep(0.9)
        assert desk.states() == ["sent"] * 300
        assert desk.database.transactions <= 300 / 10
        assert desk.telegram.calls[-1][0] < 0.3, "more than 1,000 replies a second, the database's time apart"

    run(story())


def test_the_pace_holds_overall_and_for_each_person(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine, rate=30)
        for chat in range(1, 41):
            desk.put(chat, *(f"{chat}" for _ in range(4)))
        async with desk.sending():
            await asyncio.sleep(20)
        times = [at for at, _, _ in desk.telegram.calls]
        assert len(times) == 160
        assert max(sum(start <= at < start + 1 for at in times) for start in times) <= 30
        assert times[-1] < 8, "six windows, and the fourth message of those who came last"
        for chat in range(1, 41):
            own = desk.telegram.times(str(chat))
            assert all(later - first >= 0.99 for first, later in zip(own, own[3:], strict=False))

    run(story())


def test_replies_leave_at_once_while_a_broadcast_runs(sqlite_engine: Engine) -> None:
    """Five residents a second are answered within a tenth of a second, although a thousand messages wait."""

    async def story() -> None:
        desk = Desk(sqlite_engine, rate=30)
        for chat in range(1001, 1201):
            desk.put(chat, *("news" for _ in range(5)), lane=BROADCAST)
        waits: dict[str, float] = {}
        async with desk.sending() as sender:
            for number in range(50):
                await asyncio.sleep(0.2)
                desk.put(number + 1, f"reply {number}")
                waits[f"reply {number}"] = -monotonic()
                sender.wake()
            await asyncio.sleep(1)
        for at, _, params in desk.telegram.calls:
            if params["text"] in waits:
                waits[params["text"]] += at
        assert max(waits.values()) < 0.1
        assert len(desk.telegram.times("news")) > 100, "the broadcast went on meanwhile"

    run(story())


def test_presses_are_answered_at_once_however_much_waits(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine, rate=1)
        for chat in range(1, 11):
            desk.put(chat, "hello")
        async with desk.sending():
            await asyncio.sleep(2.5)
            desk.press("77")
            await asyncio.sleep(1)
            pressed = [at for at, method, _ in desk.telegram.calls if method == "answerCallbackQuery"]
            assert pressed == [pytest.approx(3, abs=0.6)]
            await asyncio.sleep(10)

    run(story())


def test_a_notice_is_rendered_when_it_is_sent(sqlite_engine: Engine) -> None:
    def render(notice: Notice) -> Call:
        return "sendMessage", {"chat_id": notice.chat_id, "text": f"{notice.key} {notice.params['stage']}"}

    async def story() -> None:
        desk = Desk(sqlite_engine, render=render)
        with sqlite_engine.begin() as connection:
            row = OutboxRow(chat_id=5, due_at=after(3), lane=NOTICE, notice_id=put_notice(connection))
            Ledger(connection).enqueue([row], now())
        async with desk.sending():
            await asyncio.sleep(5)
        assert desk.telegram.texts() == ["notice.decided musrenbang_desa"]
        assert desk.telegram.calls[0][0] >= 3

    run(story())


def test_a_notice_that_cannot_be_rendered_stops_nobody_else(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        with sqlite_engine.begin() as connection:
            row = OutboxRow(chat_id=5, due_at=now(), lane=NOTICE, notice_id=put_notice(connection))
            Ledger(connection).enqueue([row], now())
        desk.put(6, "hello")
        async with desk.sending():
            await asyncio.sleep(1)
        assert [(row.state, row.error) for row in desk.rows()] == [
            ("refused", "cannot be made: AssertionError"),
            ("sent", ""),
        ]

    run(story())


def test_files_are_read_when_they_are_sent(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(
            sqlite_engine,
            read_files=lambda files: {files: Upload(b"content", "data.json")},
            discard_files=[].append,
        )
        desk.put(5, "your data", files="document")
        async with desk.sending():
            await desk.telegram.called.wait()
        assert desk.telegram.files == [{"document": Upload(b"content", "data.json")}]

    asyncio.run(story())  # in real time, for the file is read in a thread


@pytest.mark.parametrize(
    ("also", "file_id"), [({"voice": {"file_id": "v"}}, "v"), ({"video": {"file_id": "f"}}, "f"), ({}, "")]
)
def test_what_telegram_calls_an_upload_is_known_in_the_transaction_that_settles_it(
    sqlite_engine: Engine, also: dict[str, object], file_id: str
) -> None:
    """So that it is uploaded once; an ordinary message is followed by nothing."""
    heard: list[tuple[str, str]] = []

    def follow(connection: Connection, settled: Sequence[Settled]) -> None:
        states = connection.scalars(select(OUTBOX.c.state).order_by(OUTBOX.c.id)).all()
        heard.extend((states[0], result.file_id) for result in settled)

    async def story() -> None:
        desk = Desk(
            sqlite_engine,
            read_files=lambda files: {files: Upload(b"content", "suara.ogg")},
            discard_files=[].append,
            follow=follow,
        )
        desk.telegram.also = also
        desk.put(5, "a voice", files="voice")
        async with desk.sending():
            await desk.telegram.called.wait()

    asyncio.run(story())  # in real time, for the file is read in a thread
    assert heard == ([("sent", file_id)] if file_id else [])


@pytest.mark.parametrize(
    ("answer", "state", "discarded"),
    [
        (0.0, "sent", ["one"]),
        (Unauthorized(401, "no"), "waiting", []),
        (Refused(400, "no"), "refused", ["one"]),
        (Blocked(403, "no"), "blocked", ["one", "two"]),
    ],
)
def test_files_are_deleted_as_soon_as_no_call_will_need_them_any_more(
    sqlite_engine: Engine, answer: TransportError | float, state: str, discarded: list[str]
) -> None:
    """A dossier in clear text must not lie about for a day. Of a blocked chat what waits goes too."""
    gone: list[str] = []
    asyncio.run(_send_two(sqlite_engine, answer, gone, state))
    assert gone == discarded


async def _send_two(engine: Engine, answer: TransportError | float, gone: list[str], state: str) -> None:
    """In real time, for files are read in a thread; the second is not due while the sender runs."""
    desk = Desk(
        engine, read_files=lambda files: {files: Upload(b"content", "data.json")}, discard_files=gone.append
    )
    desk.put(5, "your data", files="one")
    desk.put(5, "your data too", files="two", due_at=after(60))
    desk.telegram.script["your data"] = [answer]
    sender = desk.sender()
    task = asyncio.create_task(sender.run())
    await desk.telegram.called.wait()
    await sender.stop(60)
    await asyncio.gather(task, return_exceptions=True)
    assert desk.states()[0] == state


def test_a_file_that_is_gone_is_told_and_stops_nobody_else(sqlite_engine: Engine) -> None:
    def gone(_files: str) -> dict[str, Upload]:
        raise FileNotFoundError

    async def story() -> None:
        desk = Desk(sqlite_engine, read_files=gone, discard_files=[].append)
        desk.put(5, "your data", files="document")
        desk.put(6, "hello")
        async with desk.sending():
            await desk.telegram.called.wait()
        assert [(row.state, row.error) for row in desk.rows()] == [
            ("refused", "a file cannot be read: FileNotFoundError"),
            ("sent", ""),
        ]

    asyncio.run(story())  # in real time, for the file is read in a thread


def test_a_stop_waits_for_calls_in_flight_and_begins_no_more(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine, telegram=Telegram(latency=5))
        desk.put(5, "one", "two")
        sender = desk.sender()
        task = asyncio.create_task(sender.run())
        await asyncio.sleep(1)
        await sender.stop(10)
        await task
        assert monotonic() == pytest.approx(5)
        assert desk.states() == ["sent", "waiting"]

    run(story())


def test_a_stop_is_bounded_and_what_it_cuts_off_is_in_doubt(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine, telegram=Telegram(latency=500))
        desk.put(5, "one")
        sender = desk.sender()
        task = asyncio.create_task(sender.run())
        await asyncio.sleep(1)
        await sender.stop(10)
        await task
        assert monotonic() == pytest.approx(11)
        assert desk.states() == ["calling"]
        desk.telegram.latency = 0
        async with desk.sending():
            await asyncio.sleep(1)
        assert [(row.state, row.doubtful) for row in desk.rows()] == [("sent", True)]

    run(story())


def test_a_database_that_is_busy_for_a_while_loses_no_result(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine, telegram=Telegram(latency=0.5))
        desk.put(5, "one", "two")
        async with desk.sending():
            await asyncio.sleep(0.2)
            desk.database.faults = [_busy(), _busy(), _busy()]
            await asyncio.sleep(30)
        assert desk.telegram.texts() == ["one", "two"]
        assert desk.states() == ["sent", "sent"]

    run(story())


def test_a_fault_in_the_program_is_raised(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.database.faults = [KeyError("a fault in the program")]
        with pytest.raises(KeyError):
            await desk.sender().run()

    run(story())


def test_a_fault_in_the_program_while_a_call_is_in_flight_is_raised_too(sqlite_engine: Engine) -> None:
    """Otherwise its row would lie there as `calling`, and nobody would know."""

    def spoiled(_files: str) -> dict[str, Upload]:
        raise KeyError("a fault in the program")

    async def story() -> None:
        desk = Desk(sqlite_engine, read_files=spoiled)
        desk.put(5, "your data", files="document")
        with pytest.raises(KeyError):
            await desk.sender().run()

    asyncio.run(story())  # in real time, for the file is read in a thread


def _busy() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("BEGIN IMMEDIATE", None, cause)
