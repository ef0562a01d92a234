"""What residents do with their aspirations, and what they may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from conversations.chat import Part
from conversations.ticket import read_ticket
from storage import ticket as tickets
from storage.actor import Actor, RefusalError, Resident, System
from storage.aspirations import ASPIRATION, AUDIENCE, recover, retract, submit, withdraw
from storage.history import HISTORY
from storage.media import MEDIA, PART
from storage.notices import NOTICES
from storage.residents import RESIDENT
from storage.submissions import used
from storage.views import aspiration, mine
from tests.storage.world import ANI, BAPPEDA, BUDI, NOW, RULES, SITI, World, draft, seeded, voice


def refused(world: World, actor: Actor, verb: object, *arguments: object, at: datetime = NOW) -> str:
    """The reason for which a verb refuses."""
    with pytest.raises(RefusalError) as refusal, world.scene(actor, at) as scene:
        verb(scene, *arguments)  # type: ignore[operator]
    return refusal.value.reason


def try_code(world: World, chat: int, ticket: str, code: str, at: datetime = NOW) -> str | bool:
    """Try a recovery code; the refusal is an outcome of the turn, so what it wrote is committed."""
    with world.scene(Resident(chat), at) as scene:
        try:
            return recover(scene, ticket, code)
        except RefusalError as refusal:
            return refusal.reason


def other(code: str) -> str:
    return tickets.draw_code(seeded(int(code[:5])))


def test_what_was_submitted_is_stored_whole(world: World) -> None:
    receipt = world.submit(SITI, parts=(Part(kind="text", message=1, text="Jalan rusak"), voice("v1")))
    row = world.aspiration(receipt.ticket)
    assert read_ticket(receipt.ticket) == ("valid", receipt.ticket)
    assert (row["region"], row["landmark"], row["field"]) == ("18.07.01.2001", "dekat balai desa", "road")
    assert (row["plan_year"], row["stage"], row["decision"]) == (2027, "received", "waiting")
    assert (row["latitude"], row["longitude"], row["submitted_at"]) == (-5.1, 105.5, NOW)
    parts = world.rows(PART, aspiration_id=row["id"])
    assert [(part["position"], part["kind"], part["text"]) for part in parts] == [
        (0, "text", "Jalan rusak"),
        (1, "voice", ""),
    ]
    assert [media["unique_id"] for media in world.rows(MEDIA, id=parts[1]["media_id"])] == ["v1"]
    assert {group["grp"] for group in world.rows(AUDIENCE)} == {"children", "disability"}
    assert [event["verb"] for event in world.rows(HISTORY)] == ["submitted"]


def test_a_spoken_landmark_is_a_part_of_its_own(world: World) -> None:
    receipt = world.submit(SITI, landmark=voice("near"))
    row = world.aspiration(receipt.ticket)
    assert [(p["role"], p["kind"]) for p in world.rows(PART, aspiration_id=row["id"])] == [
        ("need", "text"),
        ("landmark", "voice"),
    ]


def test_the_same_draft_twice_gives_the_same_ticket_and_one_row(world: World) -> None:
    first, second = world.submit(SITI), world.submit(SITI)
    assert second.ticket == first.ticket
    assert (bool(first.recovery_code), second.recovery_code) == (True, "")
    assert (world.count(ASPIRATION), world.count(HISTORY)) == (1, 1)


def test_the_same_serial_of_another_chat_is_another_draft(world: World) -> None:
    assert world.submit(SITI).ticket != world.submit(BUDI).ticket
    assert world.submit(SITI, serial=2).ticket != world.submit(SITI).ticket
    assert world.count(ASPIRATION) == 3


def test_the_village_is_remembered_for_the_next_time(world: World) -> None:
    world.submit(SITI, village=RULES.regions.village("18.07.03.2016"))
    assert world.rows(RESIDENT, chat_id=SITI)[0]["village_kode"] == "18.07.03.2016"


def test_of_an_anonymous_one_only_the_way_of_its_notices_is_kept(world: World) -> None:
    row = world.aspiration(world.submit(SITI, visibility="anonymous").ticket)
    assert (row["resident_id"], row["chat_id"]) == (None, SITI)
    named = world.aspiration(world.submit(BUDI).ticket)
    assert named["resident_id"] == world.rows(RESIDENT, chat_id=BUDI)[0]["id"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"parts": ()}, "empty"),
        ({"parts": (Part(kind="text", message=1, text="  "),)}, "empty"),
        ({"village": None}, "no_village"),
        ({"field": ""}, "incomplete"),
        ({"visibility": ""}, "incomplete"),
    ],
)
def test_a_draft_that_lacks_something_is_refused(world: World, changes: dict[str, Any], reason: str) -> None:
    world.consent(SITI)
    assert refused(world, Resident(SITI), submit, draft(**changes), "id", seeded()) == reason
    assert world.count(ASPIRATION) == 0


def test_a_village_of_another_kabupaten_is_refused(world: World) -> None:
    village = replace(draft().village, kode="52.03.01.2001")  # type: ignore[type-var]
    world.consent(SITI)
    assert refused(world, Resident(SITI), submit, draft(village=village), "id", seeded()) == "no_village"


@pytest.mark.parametrize("answers", [[], [True, False], ["older"]])
def test_nothing_is_stored_without_consent_to_the_present_version(
    world: World, answers: list[bool | str]
) -> None:
    for answer in answers:
        world.consent(SITI, granted=bool(answer), version="0" if answer == "older" else "1")
    assert refused(world, Resident(SITI), submit, draft(), "id", seeded()) == "no_consent"


@pytest.mark.parametrize("actor", [BAPPEDA, System("clock")])
def test_only_residents_submit_retract_withdraw_and_recover(world: World, actor: Actor) -> None:
    number = world.submit(SITI).ticket
    assert refused(world, actor, submit, draft(), "id", seeded()) == "not_yours"
    assert refused(world, actor, retract, number) == "not_yours"
    assert refused(world, actor, withdraw, number) == "not_yours"
    assert refused(world, actor, recover, number, "1") == "not_yours"


def test_what_is_taken_back_is_a_number_without_words(world: World) -> None:
    receipt = world.submit(SITI, parts=(Part(kind="text", message=1, text="rahasia"), voice("v1")))
    with world.scene(Resident(SITI), NOW + timedelta(minutes=15)) as scene:
        retract(scene, receipt.ticket)
    row = world.aspiration(receipt.ticket)
    assert (row["field"], row["landmark"], row["latitude"], row["resident_id"]) == ("", "", None, None)
    assert (row["recovery_digest"], row["redacted"]) == ("", "")
    assert (world.count(PART), world.count(AUDIENCE), world.count(MEDIA)) == (0, 0, 0)
    with world.begin() as connection:
        assert mine(connection, SITI, RULES) == ()
        assert aspiration(connection, SITI, receipt.ticket, RULES) is None
    assert [event["verb"] for event in world.rows(HISTORY)] == ["submitted", "retracted"]


def test_taking_back_spares_a_file_that_somebody_else_sent_too(world: World) -> None:
    number = world.submit(SITI, parts=(voice("shared"), voice("own"))).ticket
    world.submit(BUDI, parts=(voice("shared"),))
    with world.scene(Resident(SITI)) as scene:
        retract(scene, number)
    assert [row["unique_id"] for row in world.rows(MEDIA)] == ["shared"]


def test_after_15_minutes_it_is_too_late_to_take_back(world: World) -> None:
    number = world.submit(SITI).ticket
    assert (
        refused(world, Resident(SITI), retract, number, at=NOW + timedelta(minutes=15, seconds=1)) == "late"
    )


def test_what_has_been_decided_about_is_not_taken_back_as_if_nobody_had_read_it(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "forwarded")
    assert refused(world, Resident(SITI), retract, number) == "late"


def test_a_draft_that_was_taken_back_is_not_sent_again_by_a_late_repetition(world: World) -> None:
    number = world.submit(SITI).ticket
    with world.scene(Resident(SITI)) as scene:
        retract(scene, number)
    assert refused(world, Resident(SITI), submit, draft(), "id", seeded()) == "retracted"
    assert refused(world, Resident(SITI), retract, number) == "unknown"


def test_withdrawing_ends_it_and_keeps_its_history(world: World) -> None:
    number = world.submit(SITI).ticket
    for _ in range(2):
        with world.scene(Resident(SITI)) as scene:
            withdraw(scene, number)
    row = world.aspiration(number)
    assert (row["decision"], row["withdrawn_at"], row["closed_at"]) == ("withdrawn", NOW, NOW)
    assert [event["verb"] for event in world.rows(HISTORY)] == ["submitted", "withdrawn"]
    assert world.count(PART) == 1


def test_withdrawing_calls_off_what_still_waits_to_be_told(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "forwarded")
    with world.scene(Resident(SITI)) as scene:
        withdraw(scene, number)
    assert [notice["state"] for notice in world.rows(NOTICES)] == ["cancelled"]


def test_what_has_ended_cannot_be_withdrawn(world: World) -> None:
    number = world.submit(SITI).ticket
    world.decide(number, "checked", "rejected", reason="duplicate")
    assert refused(world, Resident(SITI), withdraw, number) == "closed"


def test_what_belongs_to_another_is_like_an_unused_number(world: World) -> None:
    number = world.submit(SITI).ticket
    for ticket in (number, "0000000"):
        assert refused(world, Resident(BUDI), retract, ticket) == "unknown"
        assert refused(world, Resident(BUDI), withdraw, ticket) == "unknown"


def test_a_code_moves_an_aspiration_and_its_waiting_notices_to_a_new_chat(world: World) -> None:
    receipt = world.submit(SITI)
    world.decide(receipt.ticket, "checked", "forwarded")
    world.consent(BUDI)
    assert try_code(world, BUDI, receipt.ticket, receipt.recovery_code) is False
    row = world.aspiration(receipt.ticket)
    assert (row["chat_id"], row["draft_key"], row["recovery_digest"]) == (BUDI, None, "")
    assert row["resident_id"] == world.rows(RESIDENT, chat_id=BUDI)[0]["id"]
    assert [notice["chat_id"] for notice in world.rows(NOTICES)] == [BUDI]
    with world.begin() as connection:
        assert (len(mine(connection, SITI, RULES)), len(mine(connection, BUDI, RULES))) == (0, 1)


def test_a_code_is_spent_once(world: World) -> None:
    receipt = world.submit(SITI)
    world.consent(BUDI)
    world.consent(ANI)
    assert try_code(world, BUDI, receipt.ticket, receipt.recovery_code) is False
    assert try_code(world, ANI, receipt.ticket, receipt.recovery_code) == "unknown"


def test_a_code_fits_its_own_ticket_alone(world: World) -> None:
    first, second = world.submit(SITI), world.submit(SITI, serial=2)
    world.consent(BUDI)
    assert try_code(world, BUDI, second.ticket, first.recovery_code) == "unknown"


def test_an_anonymous_one_stays_without_a_person_when_it_is_recovered(world: World) -> None:
    receipt = world.submit(SITI, visibility="anonymous")
    world.consent(BUDI)
    try_code(world, BUDI, receipt.ticket, receipt.recovery_code)
    assert world.aspiration(receipt.ticket)["resident_id"] is None


@pytest.mark.parametrize("used", [True, False])
def test_five_wrong_codes_an_hour_and_then_patience_whether_or_not_the_number_is_used(
    world: World, *, used: bool
) -> None:
    receipt = world.submit(SITI)
    number = receipt.ticket if used else "0000000"
    world.consent(BUDI)
    tried = [try_code(world, BUDI, number, other(receipt.recovery_code)) for _ in range(6)]
    assert tried == ["unknown"] * 5 + ["slowed"]
    assert try_code(world, BUDI, receipt.ticket, receipt.recovery_code) == "slowed"
    world.consent(ANI)
    later = NOW + timedelta(hours=1)
    assert try_code(world, BUDI, receipt.ticket, receipt.recovery_code, later) is False


def test_recovery_needs_consent_like_everything_personal(world: World) -> None:
    receipt = world.submit(SITI)
    assert try_code(world, BUDI, receipt.ticket, receipt.recovery_code) == "no_consent"


def test_no_code_is_stored(world: World) -> None:
    receipt = world.submit(SITI)
    row = world.aspiration(receipt.ticket)
    assert receipt.recovery_code not in repr(row)
    assert RULES.secrets.matches(receipt.ticket, receipt.recovery_code, row["recovery_digest"])


def test_a_ticket_is_drawn_again_when_it_is_taken_in_its_year(world: World) -> None:
    world.consent(SITI)
    numbers = []
    for serial in (1, 2):
        with world.scene(Resident(SITI)) as scene:
            numbers.append(submit(scene, draft(serial), "id", seeded(5)).ticket)
    assert len(set(numbers)) == 2


def test_the_same_number_may_serve_again_in_another_year(world: World) -> None:
    world.consent(SITI)
    rules_of_next_year = NOW + timedelta(days=365)
    numbers = []
    for serial, at in enumerate((NOW, rules_of_next_year), 1):
        with world.scene(Resident(SITI), at) as scene:
            numbers.append(submit(scene, draft(serial), "id", seeded(5)).ticket)
    assert numbers[0] == numbers[1]
    assert {row["plan_year"] for row in world.rows(ASPIRATION)} == {2027, 2028}
    with world.begin() as connection:
        newest = aspiration(connection, SITI, numbers[0], RULES)
        assert newest is not None
        assert newest.at == rules_of_next_year


def test_numbers_widen_when_a_tenth_of_a_year_is_used(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "WIDEN_AT", 3)
    lengths = [len(world.submit(SITI, serial=serial).ticket) for serial in range(1, 6)]
    assert lengths == [7, 7, 7, 9, 9]


def test_rows_of_other_years_between_do_not_widen_a_year(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "WIDEN_AT", 3)
    late = datetime(2026, 6, 1, tzinfo=UTC)
    moments = [NOW, late, late, late, NOW]
    lengths = [len(world.submit(SITI, serial, at).ticket) for serial, at in enumerate(moments, 1)]
    assert lengths == [7, 7, 7, 7, 7]
    with world.begin() as connection:
        assert used(connection, 2027) == 2
        assert used(connection, 2030) == 0


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_history_can_be_added_to_and_nothing_else(world: World, change: str) -> None:
    world.submit(SITI)
    statement = HISTORY.delete() if change == "delete" else update(HISTORY).values(note="other")
    with pytest.raises(DBAPIError), world.begin() as connection:
        connection.execute(statement)
    with world.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(HISTORY).where(HISTORY.c.note == "")) == 1


def test_an_entry_by_a_resident_names_nobody(world: World) -> None:
    world.submit(SITI)
    event = world.rows(HISTORY)[0]
    assert (event["actor_kind"], event["actor_ref"]) == ("resident", "")


def test_randomness_and_clock_are_the_callers(world: World) -> None:
    """The same world and the same chance give the same ticket."""
    receipt = world.submit(SITI)
    again: Random = seeded(1000 + SITI % 1000)
    assert tickets.draw(again, 0, lambda _: False) == receipt.ticket
    assert tickets.draw_code(again) == receipt.recovery_code
