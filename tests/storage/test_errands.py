"""Errands: taken by one worker at a time, left to the next when that one dies."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from storage.errands import LEASE, Errands
from storage.ledger import ERRAND, ErrandRow, Ledger
from tests.databases import NOON

SECOND = timedelta(seconds=1)


def test_an_errand_is_taken_once_and_done(engine: Engine) -> None:
    _ask(engine, "keep_media", params={"unique_id": "u"}, chat_id=2**40)
    with engine.begin() as connection:
        (errand,) = Errands(connection).claim(NOON, 10)
        assert (errand.kind, errand.params, errand.chat_id) == ("keep_media", {"unique_id": "u"}, 2**40)
        assert (errand.attempts, errand.asked_at) == (1, NOON)
        assert Errands(connection).claim(NOON, 10) == []
        Errands(connection).finish(errand.id, NOON)
        assert Errands(connection).claim(NOON + 2 * LEASE, 10) == []


def test_an_errand_whose_worker_died_is_taken_again_after_its_lease(engine: Engine) -> None:
    _ask(engine, "keep_media")
    with engine.begin() as connection:
        Errands(connection).claim(NOON, 10)
        assert Errands(connection).claim(NOON + LEASE - SECOND, 10) == []
        (errand,) = Errands(connection).claim(NOON + LEASE, 10)
        assert errand.attempts == 2


def test_the_longest_due_go_first_and_none_before_its_time(engine: Engine) -> None:
    _ask(engine, "late", due_at=NOON + SECOND)
    _ask(engine, "second", due_at=NOON)
    _ask(engine, "first", due_at=NOON - SECOND)
    with engine.begin() as connection:
        assert [errand.kind for errand in Errands(connection).claim(NOON, 1)] == ["first"]
        assert [errand.kind for errand in Errands(connection).claim(NOON, 5)] == ["second"]


def test_a_postponed_errand_waits_and_a_failed_one_says_why(engine: Engine) -> None:
    _ask(engine, "keep_media")
    with engine.begin() as connection:
        (errand,) = Errands(connection).claim(NOON, 1)
        Errands(connection).postpone(errand.id, NOON + SECOND, "Unreachable")
        assert Errands(connection).claim(NOON, 1) == []
        (errand,) = Errands(connection).claim(NOON + SECOND, 1)
        Errands(connection).fail(errand.id, NOON, "gone")
        assert connection.execute(ERRAND.select()).one().error == "gone"
        assert Errands(connection).claim(NOON + 2 * LEASE, 1) == []


def test_whether_an_errand_is_still_there_is_said_when_it_ends(engine: Engine) -> None:
    """Its person may have been erased while it was being done: then nothing may be written for them."""
    for kind in ("a", "b", "gone"):
        _ask(engine, kind, chat_id=5)
    with engine.begin() as connection:
        errands = Errands(connection)
        one, other, gone = errands.claim(NOON, 3)
        connection.execute(ERRAND.delete().where(ERRAND.c.id == gone.id))
        assert errands.finish(one.id, NOON)
        assert errands.fail(other.id, NOON, "gone")
        assert not errands.finish(gone.id, NOON)
        assert not errands.fail(gone.id, NOON, "gone")


def test_two_workers_never_get_the_same_errand(postgres_engine: Engine) -> None:
    for _ in range(4):
        _ask(postgres_engine, "keep_media")
    with postgres_engine.begin() as one, postgres_engine.begin() as other:
        first, second = Errands(one).claim(NOON, 2), Errands(other).claim(NOON, 4)
    assert {errand.id for errand in first} & {errand.id for errand in second} == set()
    assert len(first) + len(second) == 4


def _ask(engine: Engine, kind: str, **given: object) -> None:
    row = ErrandRow(kind=kind, **{"due_at": NOON, **given})  # type: ignore[arg-type]
    with engine.begin() as connection:
        Ledger(connection).add_errands([row], NOON)
