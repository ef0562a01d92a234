"""A decision is told to its author exactly once: old to new, why, by which office, what one can do next."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.effects import Line
from storage.actor import Actor, RefusalError, Resident, Staff, System
from storage.aspirations import ASPIRATION, retract, withdraw
from storage.decisions import Decided, Target, Verdict, decide
from storage.history import HISTORY
from storage.ledger import OUTBOX
from storage.letters import letter
from storage.lifecycle import State
from storage.notices import NOTICES, Delivery, release
from storage.residents import set_messages
from storage.tables import NOTICE
from tests.storage.world import BAPPEDA, DELIVERY, NOW, SITI, World

WIB = ZoneInfo("Asia/Jakarta")


def refused(
    world: World, ticket: str, actor: Actor = BAPPEDA, year: int | None = None, **verdict: Any
) -> str:
    whole = Verdict(**{"stage": "checked", "decision": "forwarded", **verdict})
    with pytest.raises(RefusalError) as refusal, world.scene(actor) as scene:
        decide(scene, Target(ticket, year), whole, DELIVERY)
    assert str(refusal.value).endswith(".")
    return refusal.value.reason


def release_at(world: World, at: datetime) -> int:
    with world.begin() as connection:
        return release(connection, DELIVERY, at)


def waiting(world: World) -> list[dict[str, Any]]:
    return world.rows(NOTICES, state="waiting")


def test_a_decision_is_recorded_and_makes_one_notice(world: World) -> None:
    number = world.submit(SITI).ticket
    decided = world.decide(
        number,
        "musrenbang_desa",
        "rejected",
        reason="budget_limited",
        note="Tahun ini jalan.",
        office="Desa Sukadana",
    )
    row = world.aspiration(number)
    assert (row["stage"], row["decision"], row["reason"]) == ("musrenbang_desa", "rejected", "budget_limited")
    assert (row["office"], row["closed_at"]) == ("Desa Sukadana", NOW)
    (notice,) = world.rows(NOTICES)
    assert (notice["id"], notice["chat_id"], notice["state"]) == (decided.notice, SITI, "waiting")
    event = world.rows(HISTORY)[-1]
    assert (event["verb"], event["actor_kind"], event["actor_ref"]) == ("decided", "staff", "meja-1")
    assert (event["old_stage"], event["new_stage"], event["note"]) == (
        "received",
        "musrenbang_desa",
        "Tahun ini jalan.",
    )
    assert notice["event_id"] == event["id"]


def test_the_letter_tells_old_and_new_why_who_and_what_next(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(
        number, "checked", "returned", reason="location_unclear", note="Di mana?", office="Desa Sukadana"
    )
    notice = waiting(world)[0]
    assert letter(notice["key"], notice["params"]).lines == (
        Line("notice.changed", {"ticket": f"{number[:3]}-{number[3:6]}-{number[6]}"}),
        Line("notice.stage", {"old": Line("stage.received"), "new": Line("stage.checked")}),
        Line("notice.decision", {"old": Line("decision.waiting"), "new": Line("decision.returned")}),
        Line("notice.reason", {"reason": Line("reason.location_unclear")}),
        Line("notice.note", {"note": "Di mana?"}),
        Line("notice.office", {"office": "Desa Sukadana"}),
        Line("next.location_unclear"),
        Line("notice.answer_by", {"date": (NOW + timedelta(days=30)).date()}),
    )


def test_what_did_not_change_is_said_so_and_what_has_ended_promises_nothing(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "received", "rejected", reason="duplicate")
    keys = [line.key for line in letter("notice.changed", waiting(world)[0]["params"]).lines]
    assert keys == [
        "notice.changed",
        "notice.stage_same",
        "notice.decision",
        "notice.reason",
        "next.duplicate",
    ]


def test_an_unknown_notice_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="unknown notice"):
        letter("notice.weather", {})


def test_the_same_decision_twice_changes_nothing(world: World) -> None:
    number = world.submit(SITI).ticket
    first = world.decide(number, "checked", "forwarded", note="Baik.")
    again = world.decide(number, "checked", "forwarded", note="Baik.")
    assert (first.changed, again.changed, again.notice) == (True, False, None)
    assert (world.count(NOTICES), world.count(HISTORY)) == (1, 2)


def test_a_new_note_is_something_new_to_tell(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "forwarded", urgent=True)
    release_at(world, NOW)
    assert world.decide(number, "checked", "forwarded", note="Rapat hari Senin.").notice is not None


def test_a_change_meanwhile_replaces_what_waits_from_the_first_old_to_the_last_new(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "returned", reason="location_unclear")
    world.decide(number, "musrenbang_desa", "forwarded", at=NOW + timedelta(minutes=1))
    (notice,) = waiting(world)
    assert (notice["params"]["old_stage"], notice["params"]["old_decision"]) == ("received", "waiting")
    assert (notice["params"]["new_stage"], notice["params"]["reason"]) == ("musrenbang_desa", "")
    assert notice["due_at"] == NOW + timedelta(minutes=6)
    assert [row["state"] for row in world.rows(NOTICES)] == ["cancelled", "waiting"]


def test_what_is_undone_before_it_was_told_is_not_told(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "rejected", reason="duplicate")
    undone = world.decide(number, "received", "waiting")
    assert (undone.changed, undone.notice) == (True, None)
    assert waiting(world) == []
    assert release_at(world, NOW + timedelta(days=1)) == 0


def test_what_is_undone_after_it_was_told_is_told(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "forwarded")
    assert release_at(world, NOW + timedelta(minutes=5)) == 1
    assert world.decide(number, "received", "waiting").notice is not None


def test_what_is_due_goes_to_the_outbox_once(world: World) -> None:
    number = world.submit(SITI).ticket
    decided = world.decide(number, "checked", "forwarded")
    assert release_at(world, NOW + timedelta(minutes=4, seconds=59)) == 0
    assert [release_at(world, NOW + timedelta(minutes=5)) for _ in range(2)] == [1, 0]
    (row,) = world.rows(OUTBOX)
    assert (row["chat_id"], row["lane"], row["notice_id"]) == (SITI, NOTICE, decided.notice)
    assert (row["method"], row["params"]) == ("", "")
    assert [notice["state"] for notice in world.rows(NOTICES)] == ["queued"]


def test_now_means_without_delay_and_also_by_night(world: World) -> None:
    night = datetime(2026, 2, 10, 16, tzinfo=UTC)  # 23.00 WIB
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "forwarded", at=night, urgent=True)
    assert release_at(world, night) == 1


def test_what_became_due_by_night_waits_for_the_morning(world: World) -> None:
    """The clock stood still until the quiet hours had begun."""
    night, morning = datetime(2026, 2, 10, 13, tzinfo=UTC), datetime(2026, 2, 11, 0, tzinfo=UTC)
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "forwarded")
    assert release_at(world, night) == 0
    assert [notice["due_at"] for notice in waiting(world)] == [morning]
    assert release_at(world, morning) == 1


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("19.54", "19.59"),
        ("19.55", "07.00+"),
        ("23.00", "07.00+"),
        ("00.10", "07.00"),
        ("06.55", "07.00"),
        ("06.54", "07.00"),
    ],
)
def test_quiet_hours_are_those_of_the_region(at: str, due: str) -> None:
    start = datetime.combine(NOW.date(), time.fromisoformat(at.replace(".", ":")), WIB)
    day = NOW.date() + timedelta(days=due.endswith("+"))
    wanted = datetime.combine(day, time.fromisoformat(due.rstrip("+").replace(".", ":")), WIB)
    assert DELIVERY.due(start.astimezone(UTC)) == wanted
    assert DELIVERY.due(start, urgent=True) == start


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2025, 1, 1), max_value=datetime(2030, 1, 1)))  # noqa: DTZ001
def test_nothing_is_ever_due_by_night_nor_later_than_the_next_morning(at: datetime) -> None:
    due = DELIVERY.due(at)
    assert time(7) <= due.astimezone(WIB).time() < time(20)
    assert timedelta(minutes=5) <= due - at <= timedelta(hours=11, minutes=5)


def test_a_midday_rest_and_no_rest_at_all() -> None:
    noon = datetime(2026, 2, 10, 12, 30, tzinfo=WIB)
    rest = Delivery(delay=timedelta(0), quiet=(time(12), time(13)), zone=WIB)
    assert rest.due(noon) == noon.replace(hour=13, minute=0)
    never = Delivery(delay=timedelta(0), quiet=(time(0), time(0)), zone=WIB)
    assert never.due(noon.replace(hour=3)) == noon.replace(hour=3)


def test_who_said_stop_is_not_told_but_the_decision_stands(world: World) -> None:
    number = world.submit(SITI).ticket
    with world.begin() as connection:
        set_messages(connection, Resident(SITI), "notice", wanted=False)
    decided = world.decide(number, "checked", "forwarded")
    assert (decided.changed, decided.notice, world.count(NOTICES)) == (True, None, 0)


def test_the_author_of_an_anonymous_one_is_told_and_the_staff_learns_nothing(world: World) -> None:
    number = world.submit(SITI, visibility="anonymous").ticket
    decided = world.decide(number, "checked", "forwarded")
    assert [notice["chat_id"] for notice in waiting(world)] == [SITI]
    assert str(SITI) not in repr(decided)


@pytest.mark.parametrize("actor", [Resident(SITI), System("clock")])
def test_only_the_staff_decides(world: World, actor: Actor) -> None:
    assert refused(world, world.submit(SITI).ticket, actor) == "not_yours"


def test_a_role_decides_only_what_is_its_own(world: World) -> None:
    assert refused(world, world.submit(SITI).ticket, Staff("meja-2", "kecamatan")) == "not_your_stage"


def test_a_no_without_a_reason_is_refused_and_changes_nothing(world: World) -> None:
    number = world.submit(SITI).ticket
    assert refused(world, number, decision="rejected") == "reason_missing"
    assert world.aspiration(number)["decision"] == "waiting"
    assert (world.count(NOTICES), world.count(HISTORY)) == (0, 1)


def test_a_typing_error_is_told_from_an_unused_number(world: World) -> None:
    number = world.submit(SITI).ticket
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert refused(world, wrong) == "mistyped"
    assert refused(world, "0000000") == "unknown"
    assert refused(world, "jalan") == "not_a_number"
    assert refused(world, number, note="x" * 1001) == "too_long"


def test_the_number_may_be_typed_in_groups(world: World) -> None:
    number = world.submit(SITI).ticket
    decided: Decided = world.decide(f"{number[:3]}-{number[3:6]}-{number[6:]}", "checked", "forwarded")
    assert (decided.ticket, decided.old, decided.new) == (
        number,
        State("received", "waiting"),
        State("checked", "forwarded"),
    )


def test_what_was_taken_back_or_withdrawn_is_not_decided_about(world: World) -> None:
    first, second = world.submit(SITI).ticket, world.submit(SITI, serial=2).ticket
    with world.scene(Resident(SITI)) as scene:
        retract(scene, first)
    assert refused(world, first) == "unknown"
    with world.scene(Resident(SITI)) as scene:
        withdraw(scene, second)
    assert refused(world, second) == "withdrawn"


def test_a_number_of_two_years_needs_the_year(world: World) -> None:
    world.submit(SITI)
    number = world.submit(SITI, serial=2, at=NOW + timedelta(days=365)).ticket
    with world.begin() as connection:
        connection.execute(ASPIRATION.update().values(ticket=number))
    assert refused(world, number) == "ambiguous"
    with world.scene(BAPPEDA) as scene:
        decide(scene, Target(number, 2028), Verdict(stage="checked", decision="forwarded"), DELIVERY)
    assert {row["plan_year"]: row["stage"] for row in world.rows(ASPIRATION)} == {
        2027: "received",
        2028: "checked",
    }
    assert refused(world, number, year=2030) == "unknown"


def test_notices_are_stored_as_key_and_plain_words(world: World) -> None:
    world.decide(world.submit(SITI).ticket, "checked", "forwarded")
    notice = waiting(world)[0]
    assert notice["key"] == "notice.changed"
    assert json.loads(json.dumps(notice["params"])) == notice["params"]


def test_who_withdraws_consent_is_told_nothing_more(world: World) -> None:
    """Consent is to processing and to these messages; neither a new decision nor one that waits is told."""
    number = world.submit(SITI).ticket
    assert world.decide(number, "checked", "forwarded").notice is not None
    world.consent(SITI, granted=False)
    assert release_at(world, NOW + timedelta(days=1)) == 0
    assert waiting(world) == []
    assert world.decide(number, "musrenbang_desa", "forwarded").notice is None


def test_who_says_stop_is_not_told_what_was_decided_before(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "forwarded")
    with world.begin() as connection:
        set_messages(connection, Resident(SITI), "notice", wanted=False)
    assert release_at(world, NOW + timedelta(days=1)) == 0
    assert [row["state"] for row in world.rows(NOTICES)] == ["cancelled"]


def test_a_yes_to_an_older_text_is_still_a_yes_to_being_told(world: World) -> None:
    number = world.submit(SITI).ticket
    world.consent(SITI, version="0")
    assert world.decide(number, "checked", "forwarded").notice is not None
