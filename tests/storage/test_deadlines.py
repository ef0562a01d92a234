"""Deadlines: the promised day is the one that counts, and who of the staff is reminded, each once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from conversations.desk import Card, Decide, Filter, TakeCard, UndoDecisions, VerdictDraft
from storage import chasing, desk, views
from storage.actor import Resident
from storage.aspirations import ASPIRATION, withdraw
from storage.chasing import PASSED
from storage.deadlines import due, last_day
from storage.letters import letter
from storage.lifecycle import State
from storage.notices import NOTICES
from tests.storage.test_desk import card, counts, does
from tests.storage.world import ANI, BUDI, NOW, RULES, SITI, World

VILLAGE, SUKADANA, KABUPATEN = "18.07.01.2001", "18.07.01", "18.07"
DINA = 7_000_000_004


def morning(month: int, day: int) -> datetime:
    """07.30 WIB."""
    return datetime(2026, month, day, 0, 30, tzinfo=UTC)


def reminded(world: World, at: datetime) -> dict[int, list[str]]:
    """Who is told now, and of which numbers."""
    before = world.count(NOTICES)
    with world.begin() as connection:
        chasing.remind(connection, RULES, at)
    told = world.rows(NOTICES, key=PASSED)[before:]
    return {row["chat_id"]: [one["ticket"] for one in row["params"]["late"]] for row in told}


def test_a_new_one_is_due_on_the_day_that_its_author_was_promised(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    row = sqlite_world.aspiration(ticket)
    assert last_day(RULES, row["due_at"]) == RULES.calendar.planning(NOW).answer_by == date(2026, 2, 26)
    with sqlite_world.begin() as connection:
        (view,) = views.mine(connection, SITI, RULES)
    assert view.answer_by == date(2026, 2, 26)
    assert row["due_at"] == datetime(2026, 2, 26, 17, tzinfo=UTC), "midnight in Lampung"


def test_a_decision_moves_it_and_an_end_takes_it_away(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    sqlite_world.decide(ticket, "musrenbang_desa", "forwarded")
    (params,) = [row["params"] for row in sqlite_world.rows(NOTICES)]
    assert last_day(RULES, sqlite_world.aspiration(ticket)["due_at"]).isoformat() == params["answer_by"]
    sqlite_world.decide(ticket, "village_plan", "not_accommodated", reason="budget_limited")
    assert sqlite_world.aspiration(ticket)["due_at"] is None
    other = sqlite_world.submit(SITI, 2).ticket
    with sqlite_world.scene(Resident(SITI)) as scene:
        withdraw(scene, other)
    assert sqlite_world.aspiration(other)["due_at"] is None


def test_what_is_completed_is_due_to_be_asked_about() -> None:
    assert due(RULES, State("finished", "accommodated"), NOW) == NOW + timedelta(days=28)
    assert due(RULES, State("finished", "not_accommodated"), NOW) is None
    assert due(RULES, State("complaint", "forwarded"), NOW) is None


def test_the_desk_shows_the_day_and_counts_what_is_late_at_any_stage(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    sqlite_world.mandate(BUDI, VILLAGE, role="village")
    sqlite_world.decide(ticket, "checked", "forwarded")
    seen = card(sqlite_world, BUDI, ticket)
    assert isinstance(seen, Card)
    assert (seen.deadline, seen.row.overdue) == (date(2026, 3, 12), False)
    assert "overdue" not in counts(sqlite_world, BUDI, timedelta(days=29))
    assert counts(sqlite_world, BUDI, timedelta(days=31))["overdue"] == 1
    with sqlite_world.begin() as connection:
        facts = desk.DatabaseDeskFacts(connection, BUDI, RULES)
        (row,) = facts.cards(Filter(queue="overdue"), NOW + timedelta(days=31))
    assert row.overdue


def test_an_undone_decision_brings_its_deadline_back(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    sqlite_world.mandate(BUDI, VILLAGE, role="village")
    first = sqlite_world.aspiration(ticket)["due_at"]
    draft = VerdictDraft(tickets=(ticket,), stage="musrenbang_desa", decision="forwarded")
    made = does(sqlite_world, BUDI, Decide(verdict=draft), timedelta(hours=1))
    assert sqlite_world.aspiration(ticket)["due_at"] != first
    does(sqlite_world, BUDI, UndoDecisions(events=made.events), timedelta(hours=1, minutes=1))
    assert sqlite_world.aspiration(ticket)["due_at"] == first


def test_first_whoever_works_on_it_then_those_above_each_once(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(DINA, "18.07.01.2002", role="village")
    world.mandate(ANI, SUKADANA, role="kecamatan")
    world.mandate(SITI, KABUPATEN, role="bappeda")
    assert reminded(world, morning(2, 26)) == {}, "the day itself is not over"
    assert reminded(world, morning(2, 27)) == {BUDI: [ticket]}
    assert reminded(world, morning(2, 27)) == {}
    assert reminded(world, morning(3, 3)) == {}
    assert reminded(world, morning(3, 4)) == {ANI: [ticket]}
    assert reminded(world, morning(3, 10)) == {SITI: [ticket]}
    assert reminded(world, morning(6, 10)) == {}
    ups = [row["params"]["up"] for row in world.rows(NOTICES, key=PASSED)]
    assert ups == [False, True, True]


def test_not_on_a_holiday_and_late_all_at_once_in_one_message(sqlite_world: World) -> None:
    tickets = [sqlite_world.submit(SITI, serial).ticket for serial in range(1, 13)]
    sqlite_world.mandate(BUDI, VILLAGE, role="village")
    assert reminded(sqlite_world, morning(2, 28)) == {}, "a Saturday"
    assert reminded(sqlite_world, morning(3, 2)) == {BUDI: tickets[:10]}
    (row,) = sqlite_world.rows(NOTICES, key=PASSED)
    assert row["params"]["more"] == 2
    told = letter(PASSED, row["params"])
    assert (told.step, told.lines[0].key) == ("deadline", "deadline.passed")


def test_whoever_took_the_card_is_in_charge_and_an_empty_rank_is_passed_over(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    sqlite_world.mandate(ANI, SUKADANA, role="kecamatan")
    sqlite_world.mandate(BUDI, KABUPATEN, role="bappeda")
    assert does(sqlite_world, BUDI, TakeCard(ticket=ticket))
    assert reminded(sqlite_world, morning(2, 27)) == {BUDI: [ticket]}, "not those of the kecamatan"
    other = sqlite_world.submit(SITI, 2).ticket
    assert reminded(sqlite_world, morning(3, 2)) == {ANI: [other]}, "there is nobody in the village"
    assert reminded(sqlite_world, morning(3, 4)) == {BUDI: [other]}, "above the first there is nobody"


def test_abuse_and_what_has_ended_is_nobodys_to_be_chased_for(sqlite_world: World) -> None:
    sqlite_world.submit(SITI)
    sqlite_world.mandate(BUDI, VILLAGE, role="village")
    with sqlite_world.begin() as connection:
        connection.execute(ASPIRATION.update().values(closed_at=NOW))
    assert reminded(sqlite_world, morning(2, 27)) == {}


@pytest.mark.parametrize(
    ("stage", "role"),
    [
        ("received", "village"),
        ("checked", "village"),
        ("musrenbang_kecamatan", "kecamatan"),
        ("forum_pd", "agency"),
        ("musrenbang_inklusi", "bappeda"),
        ("gone from the file", "bappeda"),
    ],
)
def test_each_stage_is_the_task_of_a_role(stage: str, role: str) -> None:
    assert chasing.in_charge(stage, RULES) == role
