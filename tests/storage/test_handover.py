"""One facilitator's people get another: whole, once, and only whom the other was invited for."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update

from storage.actor import RefusalError, Resident
from storage.aspirations import recover, withdraw
from storage.engine import is_sqlite
from storage.facts import DatabaseFacts
from storage.handover import accept, hand_over, offer
from storage.history import HISTORY
from storage.invitations import find, waiting
from storage.ledger import OUTBOX
from storage.letters import letter
from storage.mandates import RELAY, revoke
from storage.notices import NOTICES, release
from storage.relays import relay
from storage.reports import REPORT, remind, report_back
from storage.ticket import draw_code
from storage.transcripts import READ_OUT
from tests.conversations.literal_facts import HOUSE
from tests.storage.test_relays import MARNI, YUNI, relays, spoken
from tests.storage.test_tasks import takes, writes
from tests.storage.world import ANI, BAPPEDA, BUDI, DELIVERY, NOW, RULES, SITI, World, seeded

MADE = BUDI
"""The facilitator who receives."""


@pytest.fixture
def ticket(world: World) -> str:
    """What Ibu Marni said, relayed by Ibu Yuni; decided about and not told yet."""
    world.mandate(YUNI)
    number = relayed(world)
    world.decide(number, "checked", "forwarded")
    return number


def relayed(world: World, serial: int = 1, *, place: str = "18.07.01.2001", maturity: str = "adult") -> str:
    person = replace(MARNI, maturity=maturity)  # type: ignore[arg-type]
    draft = spoken(serial, person, village=RULES.regions.village(place))
    with world.scene(Resident(YUNI)) as scene:
        return relay(scene, draft, "id", seeded(serial)).ticket


def offered(world: World, chat: int = YUNI, seed: int = 1) -> str:
    """The code, or why there is none."""
    with world.scene(Resident(chat)) as scene:
        try:
            return offer(scene, seeded(seed))
        except RefusalError as refusal:
            return refusal.reason


def taken(world: World, code: str, chat: int = MADE, at: datetime = NOW) -> int | tuple[str, str]:
    """How many people a facilitator takes over, or why not; the refusal's traces are committed."""
    with world.scene(Resident(chat), at) as scene:
        try:
            return accept(scene, code)
        except RefusalError as refusal:
            return refusal.reason, refusal.about


def people(world: World, chat: int) -> list[str]:
    with world.begin() as connection:
        return [each.ticket for each in DatabaseFacts(connection, chat, HOUSE, RULES).people()]


def test_a_code_moves_everybody_with_what_is_open_about_them(world: World, ticket: str) -> None:
    second = world.mandate(MADE)
    first = world.rows(RELAY)[0]["mandate_id"]
    assert taken(world, offered(world)) == 1
    assert (people(world, YUNI), people(world, MADE)) == ([], [ticket])
    row = world.rows(RELAY)[0]
    assert (row["mandate_id"], row["relayed_by"]) == (second, first)
    assert [(n["chat_id"], n["key"], n["state"]) for n in world.rows(NOTICES)] == [
        (MADE, "report.changed", "waiting")
    ]
    last = world.rows(HISTORY)[-1]
    assert (last["verb"], last["actor_kind"], last["actor_ref"]) == (
        "handed_over",
        "facilitator",
        str(second),
    )
    with world.scene(Resident(MADE)) as scene:
        report_back(scene, ticket, None)
    assert world.rows(REPORT)[0]["told_at"] == NOW


def test_only_the_new_facilitator_is_reminded(world: World, ticket: str) -> None:
    world.mandate(MADE)
    taken(world, offered(world))
    with world.begin() as connection:
        assert remind(connection, NOW + timedelta(days=3), 32) == 1
    assert [row["chat_id"] for row in world.rows(NOTICES, key="report.overdue")] == [MADE]
    assert ticket


def test_a_code_is_spent_once_and_a_new_one_makes_the_old_one_dead(world: World, ticket: str) -> None:
    world.mandate(MADE)
    world.mandate(ANI)
    old, new = offered(world), offered(world, seed=2)
    assert taken(world, old) == ("unknown", "")
    assert taken(world, new) == 1
    assert taken(world, new, ANI) == ("unknown", "")
    assert people(world, MADE) == [ticket]


def test_a_code_is_over_after_a_day_and_with_the_mandate_that_gave_it(world: World, ticket: str) -> None:
    world.mandate(MADE)
    code = offered(world)
    assert taken(world, code, at=NOW + timedelta(hours=24)) == ("unknown", "")
    mandate = world.rows(RELAY)[0]["mandate_id"]
    with world.scene(BAPPEDA) as scene:
        revoke(scene, mandate)
    assert taken(world, code) == ("unknown", "")
    assert people(world, MADE) == []
    assert ticket


def test_ones_own_code_is_no_code(world: World, ticket: str) -> None:
    assert taken(world, offered(world), YUNI) == ("unknown", "")
    assert people(world, YUNI) == [ticket]


def test_five_wrong_codes_an_hour(world: World, ticket: str) -> None:
    world.mandate(MADE)
    code = offered(world)
    wrong = [draw_code(seeded(seed)) for seed in range(50, 55)]
    assert [taken(world, each) for each in wrong] == [("unknown", "")] * 5
    assert taken(world, code) == ("slowed", "")
    assert taken(world, code, at=NOW + timedelta(hours=1)) == 1
    assert people(world, MADE) == [ticket]


def test_what_the_other_was_not_invited_for_is_refused_by_name_and_the_code_lives_on(
    world: World, ticket: str
) -> None:
    world.mandate(YUNI, "18.07.03")
    relayed(world, 2, place="18.07.03.2016")
    world.mandate(MADE)
    code = offered(world)
    assert taken(world, code) == ("uncovered", "Mekar Jaya, Kecamatan Jabung")
    assert (len(people(world, YUNI)), people(world, MADE)) == (2, [])
    world.mandate(MADE, "18.07.03")
    assert taken(world, code) == 2
    assert ticket in people(world, MADE)


def test_children_of_a_forum_anak_go_to_one_who_speaks_for_it(world: World) -> None:
    world.mandate(YUNI, forum=True)
    relayed(world, maturity="forum")
    world.mandate(MADE)
    code = offered(world)
    assert taken(world, code) == ("not_forum", "")
    world.mandate(MADE, forum=True)
    assert taken(world, code) == 1


def test_whoever_speaks_for_nobody_hands_over_nobody(world: World) -> None:
    assert offered(world) == "no_mandate"
    world.mandate(YUNI)
    assert offered(world) == "no_people"
    assert taken(world, "1", ANI) == ("no_mandate", "")


def test_a_code_is_stored_only_as_a_digest(world: World, ticket: str) -> None:
    code = offered(world)
    with world.begin() as connection:
        assert code not in repr(connection.exec_driver_sql("SELECT * FROM invitation").all())
    assert ticket


def test_a_code_is_no_invitation_and_is_not_listed_as_one(world: World, ticket: str) -> None:
    code = offered(world)
    with world.begin() as connection:
        assert find(connection, code, NOW) is None
        assert waiting(connection, NOW) == []
    assert ticket


def test_the_staff_hands_over_what_a_revoked_mandate_left_and_tells_the_new_one(
    world: World, ticket: str
) -> None:
    second = world.mandate(MADE)
    first = world.rows(RELAY)[0]["mandate_id"]
    with world.scene(BAPPEDA) as scene:
        revoke(scene, first)
        assert hand_over(scene, first, second) == 1
    assert people(world, MADE) == [ticket]
    told = world.rows(NOTICES, key="handover.received")
    assert [row["chat_id"] for row in told] == [MADE]
    assert letter("handover.received", told[0]["params"]).lines[0].params == {"people": 1}
    with world.begin() as connection:
        seen = DatabaseFacts(connection, MADE, HOUSE, RULES).person(ticket)
    assert seen is not None
    assert len(seen.to_tell) == 1


def test_the_staff_hands_over_nothing_to_somebody_who_may_not(world: World, ticket: str) -> None:
    first = world.rows(RELAY)[0]["mandate_id"]
    ended, clerk = world.mandate(MADE), world.mandate(ANI, role="transcriber")
    with world.scene(BAPPEDA) as scene:
        revoke(scene, ended)
    for giver, taker, reason in (
        (first, ended, "no_mandate"),
        (first, clerk, "no_mandate"),
        (first, first, "unknown"),
        (first, 99, "unknown"),
        (clerk, first, "no_people"),
    ):
        with pytest.raises(RefusalError) as refusal, world.scene(BAPPEDA) as scene:
            hand_over(scene, giver, taker)
        assert refusal.value.reason == reason
    with pytest.raises(RefusalError) as refusal, world.scene(Resident(YUNI)) as scene:
        hand_over(scene, first, first)
    assert refusal.value.reason == "not_yours"
    assert people(world, YUNI) == [ticket]


@pytest.mark.parametrize("revoked", [False, True])
def test_written_words_that_were_not_read_out_yet_are_the_new_ones_to_read_out(
    world: World, revoked: bool
) -> None:
    """The old one can open them no more; told or called off, the new one is asked."""
    first, second = world.mandate(YUNI), world.mandate(MADE)
    world.mandate(ANI, "18.07.01", role="transcriber")
    relays(world, spoken(1))
    takes(world, ANI)
    assert writes(world, ANI, "Jalan rusak") == ""
    with world.begin() as connection:
        release(connection, DELIVERY, NOW)
        connection.execute(update(OUTBOX).values(state="sent"))
    with world.scene(BAPPEDA) as scene:
        if revoked:
            revoke(scene, first)
        hand_over(scene, first, second)
    assert [(row["chat_id"], row["state"]) for row in world.rows(NOTICES, key=READ_OUT)] == [
        (YUNI, "forgotten"),
        (MADE, "waiting"),
    ]


@pytest.mark.parametrize("deed", ["hand over", "withdraw"])
def test_who_claims_meanwhile_is_nobodys_to_hand_over_or_withdraw(world: World, deed: str) -> None:
    """The other one waits for the claim to be committed, and then sees it."""
    first, second = world.mandate(YUNI), world.mandate(MADE)
    handed = relays(world, spoken(1))
    world.consent(SITI)
    refused: list[str] = []

    def other() -> None:
        try:
            with world.scene(BAPPEDA if deed == "hand over" else Resident(YUNI)) as scene:
                hand_over(scene, first, second) if deed == "hand over" else withdraw(scene, handed.ticket)
        except RefusalError as refusal:
            refused.append(refusal.reason)

    thread = threading.Thread(target=other)
    with world.scene(Resident(SITI)) as scene:
        recover(scene, handed.ticket, handed.claim_code)
        thread.start()
        waits_for_us(world)
    thread.join()
    assert refused == ["no_people" if deed == "hand over" else "unknown"]
    assert world.rows(RELAY)[0]["mandate_id"] == first
    assert [row["verb"] for row in world.rows(HISTORY)] == ["submitted", "claimed"]


def waits_for_us(world: World) -> None:
    """On PostgreSQL until somebody waits for a row of ours; SQLite lets nobody else begin."""
    if is_sqlite(world.engine):
        return
    mine = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while True:
        with world.begin() as connection:
            if connection.scalar(mine):
                return
