"""What became of an aspiration reaches whoever spoke for its author, and stays open until the author was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from conversations.chat import Part
from conversations.facts import PersonView
from storage.actor import RefusalError, Resident
from storage.aspirations import retract, withdraw
from storage.facts import DatabaseFacts
from storage.history import HISTORY
from storage.letters import letter
from storage.mandates import RELAY, revoke
from storage.media import MEDIA
from storage.notices import NOTICES, release
from storage.relays import relay
from storage.reports import REPORT, remind, report_back
from tests.conversations.literal_facts import HOUSE
from tests.storage.test_relays import MARNI, YUNI, spoken
from tests.storage.world import BAPPEDA, BUDI, DELIVERY, NOW, RULES, World, seeded, voice

LATER = NOW + timedelta(days=3)


@pytest.fixture
def ticket(world: World) -> str:
    """What Ibu Marni said, relayed by Ibu Yuni."""
    world.mandate(YUNI)
    return relayed(world)


def relayed(world: World, serial: int = 1, **changes: Any) -> str:
    with world.scene(Resident(YUNI)) as scene:
        return relay(scene, spoken(serial, **changes), "id", seeded(serial)).ticket


def told(world: World, number: str, answer: Part | None = None, chat: int = YUNI) -> str:
    """The facilitator says that it was passed on."""
    with world.scene(Resident(chat), LATER) as scene:
        try:
            report_back(scene, number, answer)
        except RefusalError as refusal:
            return refusal.reason
    return "saved"


def reminders(world: World, at: datetime) -> int:
    with world.begin() as connection:
        return remind(connection, at, 32)


def waiting(world: World) -> list[tuple[str, int]]:
    return [(row["key"], row["chat_id"]) for row in world.rows(NOTICES, state="waiting")]


def person(world: World, number: str, chat: int = YUNI) -> PersonView | None:
    with world.begin() as connection:
        return DatabaseFacts(connection, chat, HOUSE, RULES).person(number)


def open_reports(world: World) -> int:
    return len([row for row in world.rows(REPORT) if row["told_at"] is None and row["ended_at"] is None])


def test_a_decision_opens_a_report_and_tells_the_facilitator(world: World, ticket: str) -> None:
    decided = world.decide(ticket, "checked", "forwarded", note="Sudah dicek")
    assert (decided.notice is not None, decided.relayed) == (True, True)
    report = world.rows(REPORT)[0]
    assert (report["due_at"], report["told_at"], report["ended_at"]) == (LATER, None, None)
    notice = world.rows(NOTICES)[0]
    assert (notice["chat_id"], notice["key"], notice["state"]) == (YUNI, "report.changed", "waiting")
    said = letter(notice["key"], notice["params"])
    assert (said.step, said.ref, said.lines[0].params) == (
        "report.told",
        ticket,
        {"name": "Ibu Marni", "ticket": f"{ticket[:3]}-{ticket[3:6]}-{ticket[6:]}"},
    )
    seen = person(world, ticket)
    assert seen is not None
    assert [(change.stage, change.decision, change.note) for change in seen.to_tell] == [
        ("checked", "forwarded", "Sudah dicek")
    ]


def test_the_name_in_a_notice_is_encrypted(world: World, ticket: str) -> None:
    world.decide(ticket, "checked", "forwarded")
    with world.begin() as connection:
        assert "Marni" not in repr(connection.exec_driver_sql("SELECT * FROM notice").all())


def test_somebody_without_a_name_is_told_of_too(world: World) -> None:
    world.mandate(YUNI)
    number = relayed(world, person=replace(MARNI, name=""))
    world.decide(number, "checked", "forwarded")
    notice = world.rows(NOTICES)[0]
    assert letter(notice["key"], notice["params"]).lines[0].key == "report.changed_nameless"


def test_two_changes_are_two_reports_and_one_notice(world: World, ticket: str) -> None:
    world.decide(ticket, "checked", "forwarded")
    world.decide(ticket, "checked", "rejected", reason="duplicate")
    assert open_reports(world) == 2
    assert waiting(world) == [("report.changed", YUNI)]
    latest = world.rows(NOTICES, state="waiting")[0]["params"]
    assert (latest["old_decision"], latest["new_decision"]) == ("waiting", "rejected")


def test_a_change_that_was_undone_before_anybody_heard_leaves_nothing_to_tell(
    world: World, ticket: str
) -> None:
    world.decide(ticket, "checked", "forwarded")
    world.decide(ticket, "received", "waiting")
    assert (open_reports(world), waiting(world)) == (0, [])


def test_a_change_that_was_heard_of_stays_to_be_told_when_a_later_one_is_undone(
    world: World, ticket: str
) -> None:
    world.decide(ticket, "checked", "forwarded", urgent=True)
    with world.begin() as connection:
        assert release(connection, DELIVERY, NOW) == 1
    world.decide(ticket, "checked", "rejected", reason="duplicate")
    world.decide(ticket, "checked", "forwarded")
    assert (open_reports(world), waiting(world)) == (1, [])


def test_what_was_passed_on_is_closed_with_what_the_person_said(world: World, ticket: str) -> None:
    world.decide(ticket, "checked", "forwarded")
    world.decide(ticket, "checked", "rejected", reason="duplicate")
    assert told(world, ticket, voice("thanks")) == "saved"
    assert open_reports(world) == 0
    first, newest = world.rows(REPORT)
    assert (first["told_at"], newest["told_at"]) == (LATER, LATER)
    assert [row["unique_id"] for row in world.rows(MEDIA, id=newest["answer_media_id"])] == ["thanks"]
    assert (first["answer_media_id"], waiting(world)) == (None, [])
    seen = person(world, ticket)
    assert seen is not None
    assert seen.to_tell == ()


def test_saying_it_twice_is_no_fault_and_an_answer_may_come_later(world: World, ticket: str) -> None:
    assert told(world, ticket) == "nothing_to_tell"
    world.decide(ticket, "checked", "forwarded")
    assert [told(world, ticket), told(world, ticket)] == ["saved", "saved"]
    assert told(world, ticket, Part(kind="text", message=1, text="Terima kasih")) == "saved"
    assert world.rows(REPORT)[0]["answer"] == "Terima kasih"


def test_nobody_else_can_say_that_it_was_passed_on(world: World, ticket: str) -> None:
    world.mandate(BUDI)
    world.decide(ticket, "checked", "forwarded")
    assert told(world, ticket, chat=BUDI) == "unknown"
    assert told(world, "0000000") == "unknown"
    assert open_reports(world) == 1


def test_overdue_reports_are_reminded_of_after_three_days_and_then_weekly_in_one_message(
    world: World, ticket: str
) -> None:
    other = relayed(world, 2)
    for number in (ticket, other):
        world.decide(number, "checked", "forwarded")
    assert reminders(world, LATER - timedelta(seconds=1)) == 0
    assert [reminders(world, LATER), reminders(world, LATER)] == [1, 0]
    told_of = world.rows(NOTICES, key="report.overdue")
    assert [row["chat_id"] for row in told_of] == [YUNI]
    people = [each["ticket"] for each in told_of[0]["params"]["people"]]
    assert people == [ticket, other]
    assert letter("report.overdue", told_of[0]["params"]).lines[0].key == "report.overdue"
    assert reminders(world, LATER + timedelta(days=7) - timedelta(seconds=1)) == 0
    told(world, ticket)
    assert reminders(world, LATER + timedelta(days=7)) == 1
    newest = world.rows(NOTICES, key="report.overdue")[-1]["params"]["people"]
    assert [each["ticket"] for each in newest] == [other]


def test_a_reminder_names_ten_and_counts_the_others() -> None:
    people = [{"ticket": "4829138", "name": "" if n % 2 else f"Warga {n}"} for n in range(13)]
    listing = letter("report.overdue", {"people": people}).lines[0].params["people"]  # type: ignore[index]
    assert len(listing.lines) == 11  # type: ignore[union-attr]
    assert listing.lines[-1].params == {"n": 3}  # type: ignore[union-attr]


def test_what_is_open_under_a_revoked_mandate_reminds_nobody_and_waits(world: World, ticket: str) -> None:
    world.decide(ticket, "checked", "forwarded")
    mandate = world.rows(RELAY)[0]["mandate_id"]
    with world.scene(BAPPEDA) as scene:
        assert revoke(scene, mandate) == 1
    assert [key for key, _ in waiting(world)] == ["mandate.ended"]
    assert reminders(world, LATER) == 0
    assert open_reports(world) == 1
    assert (told(world, ticket), person(world, ticket)) == ("unknown", None)


def test_a_decision_about_somebody_without_a_facilitator_is_a_report_that_nobody_hears_of_yet(
    world: World, ticket: str
) -> None:
    mandate = world.rows(RELAY)[0]["mandate_id"]
    with world.scene(BAPPEDA) as scene:
        revoke(scene, mandate)
    assert world.decide(ticket, "checked", "forwarded").notice is None
    assert open_reports(world) == 1


def test_the_facilitator_sees_whom_they_speak_for_and_nobody_else_does(world: World, ticket: str) -> None:
    other = relayed(world, 2)
    with world.begin() as connection:
        people = DatabaseFacts(connection, YUNI, HOUSE, RULES).people()
        assert DatabaseFacts(connection, BUDI, HOUSE, RULES).people() == ()
    assert [each.ticket for each in people] == [other, ticket]
    first = people[0]
    assert (first.name, first.relation, first.told_by, first.contact, first.claimable) == (
        "Ibu Marni",
        "neighbour",
        "phone",
        "0812 3456 7890",
        True,
    )
    assert (first.aspiration.summary, first.aspiration.voices, first.aspiration.mine) == (
        MARNI.summary,
        1,
        False,
    )
    assert person(world, ticket, BUDI) is None


def test_the_facilitator_ends_an_aspiration_for_the_person(world: World, ticket: str) -> None:
    world.decide(ticket, "checked", "forwarded")
    with world.scene(Resident(YUNI)) as scene:
        withdraw(scene, ticket)
    assert world.aspiration(ticket)["decision"] == "withdrawn"
    assert (open_reports(world), waiting(world)) == (0, [])
    last = world.rows(HISTORY)[-1]
    assert (last["verb"], last["actor_kind"]) == ("withdrawn", "facilitator")


def test_the_facilitator_takes_back_what_was_just_sent_and_nothing_about_the_person_stays(
    world: World, ticket: str
) -> None:
    with world.scene(Resident(YUNI), NOW + timedelta(minutes=10)) as scene:
        retract(scene, ticket)
    assert (world.count(RELAY), world.count(MEDIA), person(world, ticket)) == (0, 0, None)
    assert [event["verb"] for event in world.rows(HISTORY)] == ["submitted", "retracted"]


def test_another_facilitator_cannot_end_it(world: World, ticket: str) -> None:
    world.mandate(BUDI)
    for verb in (withdraw, retract):
        with pytest.raises(RefusalError) as refusal, world.scene(Resident(BUDI)) as scene:
            verb(scene, ticket)
        assert refusal.value.reason == "unknown"
