"""Each fault of a call, and what becomes of its row, its chat and everybody else."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Engine

from bot.transport import (
    Answered,
    Blocked,
    ChatNotFound,
    Conflict,
    Deactivated,
    MigratedTo,
    Refused,
    RetryAfter,
    ServerFault,
    TooBig,
    Unauthorized,
    Unknown,
    Unreachable,
)
from bot.verdicts import LONGEST_DELAY, MOST_ATTEMPTS, MOST_ERROR, Backoff
from storage.tables import BROADCAST, NOTICE
from tests.sender.desk import Desk
from tests.sender.virtual import run


def wait(seconds: float) -> RetryAfter:
    """A 429."""
    return RetryAfter(429, f"Too Many Requests: retry after {seconds}", seconds)


FAULT = ServerFault(500, "Internal Server Error")
BLOCKED = Blocked(403, "Forbidden: bot was blocked by the user")


def test_a_chat_that_is_asked_to_wait_waits_as_long_and_keeps_its_order(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [wait(7)]
        desk.put(5, "one", "two")
        desk.put(6, "other")
        async with desk.sending():
            await asyncio.sleep(20)
        assert desk.telegram.texts() == ["one", "other", "one", "two"]
        assert desk.telegram.times("one")[1] == pytest.approx(7, abs=1.1)
        assert desk.telegram.times("one")[1] >= 7
        assert desk.states() == ["sent"] * 3

    run(story())


def test_many_429_are_borne_without_giving_up(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [wait(1) for _ in range(3 * MOST_ATTEMPTS)]
        desk.put(5, "one", "two")
        async with desk.sending():
            await asyncio.sleep(100)
        assert desk.states() == ["sent", "sent"]
        assert desk.telegram.texts()[-2:] == ["one", "two"]

    run(story())


def test_attempts_that_were_asked_to_wait_are_not_held_against_a_row(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [*(wait(1) for _ in range(2 * MOST_ATTEMPTS)), FAULT]
        desk.put(5, "one")
        async with desk.sending():
            await asyncio.sleep(100)
        assert desk.states() == ["sent"]

    run(story())


def test_a_row_that_was_asked_to_wait_keeps_its_place_over_a_restart(sqlite_engine: Engine) -> None:
    """The new sender knows nothing of the pause, only of the row's own time."""

    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [wait(30)]
        desk.put(5, "one", "two")
        async with desk.sending():
            await asyncio.sleep(1)
        async with desk.sending():
            await asyncio.sleep(60)
        assert desk.telegram.texts() == ["one", "one", "two"]

    run(story())


def test_two_chats_asked_to_wait_halt_everybody(sqlite_engine: Engine) -> None:
    """The Bot API does not say whether a 429 is for one chat or for all."""

    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"], desk.telegram.script["two"] = [wait(9)], [wait(9)]
        desk.put(5, "one")
        desk.put(6, "two")
        async with desk.sending() as sender:
            await asyncio.sleep(1)
            desk.put(7, "three")
            sender.wake()
            await asyncio.sleep(20)
        assert desk.telegram.times("three")[0] >= 9
        assert desk.states() == ["sent"] * 3

    run(story())


def test_a_server_fault_is_tried_again_with_growing_delays(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [FAULT, FAULT]
        desk.put(5, "one", "two")
        async with desk.sending():
            await asyncio.sleep(20)
        first, second, third = desk.telegram.times("one")
        assert second - first >= 1
        assert third - second >= 2
        assert desk.states() == ["sent", "sent"]
        assert desk.rows()[0].attempts == 3

    run(story())


def test_a_message_that_the_server_always_fails_at_is_given_up_with_its_words(sqlite_engine: Engine) -> None:
    """It would hold up its chat for ever."""

    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["poison"] = [FAULT] * MOST_ATTEMPTS
        desk.put(5, "poison", "after")
        async with desk.sending():
            await asyncio.sleep(200)
        assert [(row.state, row.error) for row in desk.rows()] == [
            ("refused", "500 Internal Server Error"),
            ("sent", ""),
        ]

    run(story())


def test_in_an_outage_presses_rest_too_and_are_answered_afterwards(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["None"] = [Unreachable("no connection")] * 5
        for number in range(4):
            desk.press(f"{number}")
        async with desk.sending():
            await asyncio.sleep(60)
        assert len(desk.telegram.calls) == 9
        assert desk.states() == ["sent"] * 4

    run(story())


@pytest.mark.parametrize("fault", [FAULT, Unreachable("no connection")])
def test_an_outage_loses_nothing_and_is_probed_by_one_call_at_a_time(
    sqlite_engine: Engine, fault: Exception
) -> None:
    """Twenty minutes in which every call fails: no row may be given up for what is not its fault."""

    async def story() -> None:
        desk = Desk(sqlite_engine)
        for chat in range(1, 41):
            desk.telegram.script[f"{chat}"] = [fault] * 1000
            desk.put(chat, f"{chat}")
        async with desk.sending():
            await asyncio.sleep(10)
            before = len(desk.telegram.calls)
            await asyncio.sleep(1200)
            assert len(desk.telegram.calls) - before < 1200 / LONGEST_DELAY + 10
            assert set(desk.states()) == {"waiting"}
            desk.telegram.script.clear()
            await asyncio.sleep(3 * LONGEST_DELAY)
        assert set(desk.states()) == {"sent"}

    run(story())


@pytest.mark.parametrize("lane", [0, NOTICE])
def test_an_unknown_outcome_is_repeated_once_and_marked(sqlite_engine: Engine, lane: int) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [Unknown("timeout")]
        desk.put(5, "one", lane=lane)
        async with desk.sending():
            await asyncio.sleep(5)
        assert len(desk.telegram.times("one")) == 2
        assert [(row.state, row.doubtful) for row in desk.rows()] == [("sent", True)]

    run(story())


def test_an_outcome_unknown_twice_stays_unknown_and_the_next_goes_on(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [Unknown("timeout"), Unknown("timeout")]
        desk.put(5, "one", "two")
        async with desk.sending():
            await asyncio.sleep(60)
        assert desk.telegram.texts() == ["one", "one", "two"]
        assert [(row.state, row.doubtful) for row in desk.rows()] == [("unknown", True), ("sent", False)]

    run(story())


def test_a_repetition_that_surely_failed_may_still_be_tried_again(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [Unknown("timeout"), wait(1), Unreachable("no connection")]
        desk.put(5, "one")
        async with desk.sending():
            await asyncio.sleep(30)
        assert [(row.state, row.doubtful) for row in desk.rows()] == [("sent", True)]

    run(story())


def test_a_broadcast_of_unknown_outcome_is_not_repeated(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["news"] = [Unknown("timeout")]
        desk.put(5, "news", lane=BROADCAST)
        async with desk.sending():
            await asyncio.sleep(5)
        assert desk.telegram.texts() == ["news"]
        assert desk.states() == ["unknown"]

    run(story())


@pytest.mark.parametrize(
    "fault",
    [
        BLOCKED,
        Deactivated(403, "Forbidden: user is deactivated"),
        ChatNotFound(400, "Bad Request: chat not found"),
    ],
)
def test_whoever_cannot_be_written_to_is_marked_and_spared_the_rest(
    sqlite_engine: Engine, fault: Answered
) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [fault]
        desk.put(5, "one", "two")
        desk.put(5, "news", lane=BROADCAST)
        desk.put(6, "other")
        async with desk.sending():
            await asyncio.sleep(5)
        assert desk.telegram.texts() == ["one", "other"]
        assert desk.states() == ["blocked", "blocked", "blocked", "sent"]
        assert desk.rows()[0].error == str(fault)
        assert (desk.reachable(5), desk.reachable(6)) == (False, True)

    run(story())


@pytest.mark.parametrize(
    "fault",
    [
        Refused(400, "Bad Request: message is too long"),
        TooBig(413, "Request Entity Too Large"),
        Conflict(409, "Conflict"),
    ],
)
def test_a_refused_message_keeps_the_servers_words_and_the_next_goes_on(
    sqlite_engine: Engine, fault: Answered
) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [fault]
        desk.put(5, "one", "two")
        async with desk.sending():
            await asyncio.sleep(5)
        assert [(row.state, row.error) for row in desk.rows()] == [("refused", str(fault)), ("sent", "")]

    run(story())


def test_of_endless_words_of_the_server_a_bounded_part_is_kept(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [Refused(400, "x" * 100_000)]
        desk.put(5, "one")
        async with desk.sending():
            await asyncio.sleep(5)
        assert len(desk.rows()[0].error) == MOST_ERROR

    run(story())


def test_a_group_that_became_a_supergroup_is_written_to_at_its_new_id(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [MigratedTo(400, "Bad Request: group chat was upgraded", -1009)]
        desk.put(-9, "one")
        async with desk.sending():
            await asyncio.sleep(5)
        assert [params["chat_id"] for _, _, params in desk.telegram.calls] == [-9, -1009]
        assert desk.states() == ["sent"]

    run(story())


def test_an_expired_press_is_no_error_and_is_not_tried_again(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
        desk.telegram.script["None"] = [Refused(400, old)]
        desk.press("77")
        async with desk.sending():
            await asyncio.sleep(5)
        assert len(desk.telegram.calls) == 1
        assert desk.states() == ["dropped"]

    run(story())


def test_a_wrong_token_ends_the_sender_and_loses_nothing(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [Unauthorized(401, "Unauthorized")]
        desk.put(5, "one", "two")
        with pytest.raises(Unauthorized):
            await desk.sender().run()
        assert desk.states() == ["waiting", "waiting"]
        async with desk.sending():
            await asyncio.sleep(5)
        assert desk.states() == ["sent", "sent"]

    run(story())


def test_a_fault_of_the_adapter_itself_counts_as_unknown(sqlite_engine: Engine) -> None:
    async def story() -> None:
        desk = Desk(sqlite_engine)
        desk.telegram.script["one"] = [KeyError("a fault in the adapter")]
        desk.put(5, "one")
        desk.put(6, "other")
        async with desk.sending():
            await asyncio.sleep(5)
        assert [(row.state, row.doubtful) for row in desk.rows()] == [("sent", True), ("sent", False)]

    run(story())


def test_delays_double_up_to_a_minute_and_chance_shortens_them_by_half_at_most() -> None:
    slow, quick = Backoff(lambda: 0.0), Backoff(lambda: 0.999)
    assert [slow.seconds(attempts) for attempts in (1, 2, 3, 6, 7, 50)] == [1, 2, 4, 32, 60, 60]
    assert quick.seconds(3) == pytest.approx(2, abs=0.01)
