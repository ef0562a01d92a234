"""The flood guard: a bucket of forty events that refills by one a second."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from conversations.chat import Pace
from conversations.pace import BURST, ONE_OF_MANY, pace
from tests.conversations.literal_facts import NOON

SECOND = timedelta(seconds=1)


def test_a_burst_passes_then_one_warning_then_silence() -> None:
    bucket, verdicts = None, []
    for _ in range(BURST + 3):
        verdict, bucket = pace(bucket, NOON)
        verdicts.append(verdict)
    assert verdicts == ["pass"] * BURST + ["warn", "drop", "drop"]


def test_dropped_events_are_counted_until_the_guard_forgives() -> None:
    _, bucket = pace(Pace(left=0, at=NOON, warned=True, dropped=7), NOON)
    assert bucket.dropped == 8
    verdict, bucket = pace(bucket, NOON + SECOND)
    assert (verdict, bucket.warned, bucket.dropped) == ("pass", True, 8)


def test_a_second_flood_soon_after_is_not_warned_of_again() -> None:
    _, bucket = pace(Pace(left=0, at=NOON, warned=True), NOON + 5 * SECOND)
    for _ in range(4):
        _, bucket = pace(bucket, NOON + 5 * SECOND)
    assert pace(bucket, NOON + 5 * SECOND)[0] == "drop"


def test_half_a_bucket_forgives() -> None:
    _, bucket = pace(Pace(left=0, at=NOON, warned=True, dropped=3), NOON + SECOND * BURST / 2)
    assert (bucket.warned, bucket.dropped) == (False, 0)


def test_a_clock_that_goes_back_refills_nothing() -> None:
    _, bucket = pace(Pace(left=0, at=NOON, warned=True), NOON - timedelta(hours=1))
    assert bucket.left == 0
    assert pace(bucket, NOON)[0] == "drop"


@given(st.lists(st.integers(0, 90), max_size=200))
def test_the_bucket_never_holds_more_than_a_burst_nor_less_than_nothing(gaps: list[int]) -> None:
    at, bucket = NOON, None
    for gap in gaps:
        at += timedelta(seconds=gap)
        _, bucket = pace(bucket, at)
        assert 0 <= bucket.left <= BURST


@given(st.integers(1, 400))
def test_one_event_a_second_always_passes(count: int) -> None:
    bucket = None
    for number in range(count):
        verdict, bucket = pace(bucket, NOON + number * SECOND)
        assert verdict == "pass"


def test_sixty_items_that_a_facilitator_forwards_pass_at_once() -> None:
    bucket, verdicts = None, []
    for _ in range(60):
        verdict, bucket = pace(bucket, NOON, ONE_OF_MANY)
        verdicts.append(verdict)
    assert set(verdicts) == {"pass"}
