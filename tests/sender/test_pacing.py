"""The pace: overall, to one person, to a group, and after "too many requests"."""

from __future__ import annotations

import pytest

from bot.pacing import UNPACED, WINDOW, Allowance, Outage, Pacing
from storage.tables import BESIDE, BROADCAST, REPLY

PERSON, OTHER, GROUP = 5, 6, -9


class Watch:
    """A stop watch that the test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    """The time."""
    return Watch()


def test_never_more_than_the_rate_in_any_second(watch: Watch) -> None:
    """Asked every hundredth of a second, as fast as allowed; a bucket of 30 would let 59 out in the first."""
    pacing, sent = Pacing(30, watch), list[float]()
    for _ in range(1000):
        for _ in range(pacing.allowance().paced):
            pacing.take(len(sent) + 1, REPLY)
            sent.append(watch.seconds)
        watch.seconds += 0.01
    worst = max(sum(start <= at < start + 1 for at in sent) for start in sent)
    assert worst == 30
    assert len(sent) >= 10 * 30 / 1.06


def test_a_person_gets_three_at_once_and_then_one_a_second(watch: Watch) -> None:
    pacing, sent = Pacing(30, watch), list[float]()
    for _ in range(500):
        if PERSON not in pacing.paused():
            pacing.take(PERSON, REPLY)
            sent.append(watch.seconds - 100)
        watch.seconds += 0.01
    assert [round(at, 1) for at in sent] == [0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0]


def test_after_a_rest_a_person_gets_three_at_once_again(watch: Watch) -> None:
    pacing = Pacing(30, watch)
    for _ in range(2):
        sent = 0
        while PERSON not in pacing.paused():
            pacing.take(PERSON, REPLY)
            sent += 1
        assert sent == 3
        watch.seconds += 10


def test_a_group_gets_twenty_in_any_minute(watch: Watch) -> None:
    pacing, sent = Pacing(30, watch), list[float]()
    for _ in range(3000):
        if GROUP not in pacing.paused():
            pacing.take(GROUP, REPLY)
            sent.append(watch.seconds)
        watch.seconds += 0.1
    assert max(sum(start <= at < start + 60 for at in sent) for start in sent) == 20
    assert len(sent) == 100


def test_one_chat_never_slows_another(watch: Watch) -> None:
    pacing = Pacing(30, watch)
    for _ in range(3):
        pacing.take(PERSON, REPLY)
    assert set(pacing.paused()) == {PERSON}


def test_a_sixth_of_the_rate_is_kept_for_replies(watch: Watch) -> None:
    """A broadcast goes out at 25 a second of 30, evenly: there is room for a reply at any moment."""
    pacing, sent = Pacing(30, watch), 0
    for _ in range(1000):
        for _ in range(pacing.allowance().bulk):
            sent += 1
            pacing.take(sent, BROADCAST)
        assert pacing.allowance().paced >= 1
        watch.seconds += 0.01
    assert 250 <= sent <= 255


def test_what_was_delayed_is_made_up_for_but_never_in_a_flood(watch: Watch) -> None:
    """After a second in which nothing could be sent it goes on at 27 a second, until all is made up for."""
    pacing, sent = Pacing(30, watch), list[float]()
    for tick in range(2000):
        for _ in range(pacing.allowance().bulk if not 200 <= tick < 300 else 0):
            pacing.take(len(sent) + 1, BROADCAST)
            sent.append(watch.seconds)
        watch.seconds += 0.01
    worst = max(sum(start <= at < start + 1 for at in sent) for start in sent)
    assert worst <= 30
    assert 495 <= len(sent) <= 505


def test_replies_take_from_what_is_kept_for_them_first(watch: Watch) -> None:
    """Notices and broadcasts have their share as long as there is room for both."""
    pacing = Pacing(30, watch)
    for chat in range(1, 5):
        pacing.take(chat, REPLY)
    assert pacing.allowance() == Allowance(paced=26, bulk=1)
    for chat in range(5, 30):
        pacing.take(chat, REPLY)
    assert pacing.allowance() == Allowance(paced=1, bulk=1)


def test_presses_are_outside_the_pace(watch: Watch) -> None:
    pacing = Pacing(1, watch)
    for _ in range(10):
        pacing.take(None, BESIDE)
    assert pacing.allowance().paced == 1


def test_a_refused_chat_rests_as_long_as_it_was_told_and_no_other(watch: Watch) -> None:
    pacing = Pacing(30, watch)
    pacing.refused(PERSON, 30.0)
    watch.seconds += 29.9
    assert set(pacing.paused()) == {PERSON}
    assert pacing.allowance().paced == 30
    watch.seconds += 0.2
    assert set(pacing.paused()) == set()


def test_a_shorter_refusal_does_not_end_a_longer_one(watch: Watch) -> None:
    pacing = Pacing(30, watch)
    pacing.refused(PERSON, 30.0)
    pacing.refused(PERSON, 1.0)
    watch.seconds += 2
    assert PERSON in pacing.paused()


def test_two_chats_refused_shortly_after_each_other_halt_all(watch: Watch) -> None:
    pacing = Pacing(30, watch)
    pacing.refused(PERSON, 7.0)
    watch.seconds += 1
    pacing.refused(OTHER, 7.0)
    assert pacing.allowance() == Allowance(0, 0)
    assert pacing.wait() == pytest.approx(7.0)
    watch.seconds += 7.01
    assert pacing.allowance().paced == 30


def test_one_chat_refused_again_and_again_halts_nobody_else(watch: Watch) -> None:
    pacing = Pacing(30, watch)
    for _ in range(5):
        pacing.refused(PERSON, 1.0)
    assert pacing.allowance().paced == 30


def test_two_chats_refused_long_after_each_other_halt_nobody_else(watch: Watch) -> None:
    pacing = Pacing(30, watch)
    pacing.refused(PERSON, 1.0)
    watch.seconds += 6
    pacing.refused(OTHER, 1.0)
    assert pacing.allowance().paced == 30


def test_switched_off_it_still_keeps_the_servers_pauses(watch: Watch) -> None:
    pacing = Pacing(0, watch)
    for _ in range(100):
        pacing.take(PERSON, REPLY)
    assert pacing.allowance() == Allowance(UNPACED, UNPACED)
    pacing.refused(PERSON, 5.0)
    assert set(pacing.paused()) == {PERSON}


def test_it_says_when_more_will_be_allowed(watch: Watch) -> None:
    pacing = Pacing(30, watch)
    assert pacing.wait() == 0
    for _ in range(4):
        pacing.take(PERSON, REPLY)
    assert pacing.wait() == pytest.approx(2.0), "the person's next"
    for chat in range(101, 127):
        pacing.take(chat, REPLY)
    assert pacing.wait() == pytest.approx(WINDOW), "the overall window"


def test_it_forgets_who_was_written_to_long_ago(watch: Watch) -> None:
    pacing = Pacing(30, watch)
    for chat in range(1, 1001):
        pacing.take(chat, REPLY)
        pacing.take(-chat, REPLY)
        pacing.refused(chat, 1.0)
    watch.seconds += 100
    pacing.paused()
    assert [pacing._people, pacing._groups, pacing._pauses] == [{}, {}, {}]


def test_a_rate_below_one_a_second_is_kept_too(watch: Watch) -> None:
    pacing = Pacing(0.5, watch)
    pacing.take(PERSON, REPLY)
    watch.seconds += 2
    assert pacing.allowance().paced == 0
    watch.seconds += 0.2
    assert pacing.allowance().paced == 1


def test_an_outage_is_certain_after_three_failures_without_an_answer(watch: Watch) -> None:
    outage = Outage(lambda wave: float(2**wave), watch)
    for _ in range(2):
        outage.failed(PERSON, unreachable=False)
        outage.failed(OTHER, unreachable=False)
        assert not outage
        outage.answered()
    for _ in range(2):
        outage.failed(PERSON, unreachable=False)
    outage.failed(OTHER, unreachable=False)
    assert outage
    assert outage.rest() == 2


def test_an_outage_rests_longer_after_each_probe_and_ends_with_an_answer(watch: Watch) -> None:
    outage = Outage(lambda wave: float(2**wave), watch)
    for _ in range(3):
        outage.failed(PERSON, unreachable=True)
    for rest in (2, 4, 8):
        assert outage.rest() == rest
        watch.seconds += rest
        assert outage
        outage.failed(PERSON, unreachable=True)
    outage.answered()
    assert not outage
    assert outage.rest() == 0


def test_calls_that_were_in_flight_together_lengthen_no_rest(watch: Watch) -> None:
    outage = Outage(lambda wave: float(2**wave), watch)
    for chat in range(16):
        outage.failed(chat, unreachable=True)
    assert outage.rest() == 2


def test_failing_at_one_chat_alone_is_no_outage(watch: Watch) -> None:
    """It may be its message; the row is then given up in the end, and its chat goes on."""
    outage = Outage(lambda wave: float(2**wave), watch)
    for _ in range(10):
        outage.failed(PERSON, unreachable=False)
    assert not outage
