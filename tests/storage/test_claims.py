"""Somebody who spoke through a facilitator takes over from a phone of their own: once, by code, losing nothing."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from storage import claims as claiming
from storage import ticket as tickets
from storage.actor import Actor, RefusalError, Resident, resident
from storage.aspirations import recover, retract, withdraw
from storage.claims import issue, revoke
from storage.facts import DatabaseFacts
from storage.history import HISTORY
from storage.ledger import OUTBOX
from storage.letters import letter
from storage.mandates import RELAY
from storage.messages import open_letter
from storage.notices import NOTICES, release
from storage.relays import Handed, relay
from storage.reports import REPORT
from storage.residents import RESIDENT
from storage.views import aspiration, mine
from tests.conversations.literal_facts import HOUSE
from tests.storage.test_relays import YUNI, spoken
from tests.storage.world import ANI, BUDI, DELIVERY, NOW, RULES, SITI, World, seeded


@pytest.fixture
def handed(world: World) -> Handed:
    """What Ibu Marni was handed: the number of what she said, and its code."""
    world.mandate(YUNI)
    return relayed(world)


def relayed(world: World, serial: int = 1, visibility: str = "private") -> Handed:
    with world.scene(Resident(YUNI)) as scene:
        return relay(scene, spoken(serial, visibility=visibility), "id", seeded(serial))


def claims(
    world: World, chat: int, ticket: str, code: str, at: datetime = NOW, *, agreed: bool = True
) -> str:
    """Somebody tries a code; the refusal is an outcome of the turn, so what it wrote is committed."""
    if agreed:
        world.consent(chat)
    with world.scene(Resident(chat), at) as scene:
        try:
            relayed = recover(scene, ticket, code)
        except RefusalError as refusal:
            return refusal.reason
    assert relayed, "a facilitator read it until now, and the person is to hear that this has ended"
    return ticket


def wrong(code: str, seed: int = 0) -> str:
    return tickets.draw_code(seeded(int(code[:5]) + seed))


def other_code(world: World, ticket: str) -> str:
    """The facilitator asks for a new code."""
    with world.scene(Resident(YUNI)) as scene:
        return issue(scene, ticket, seeded(99))


def test_a_claim_moves_the_aspiration_and_keeps_its_history(world: World, handed: Handed) -> None:
    world.decide(handed.ticket, "checked", "forwarded", urgent=True)
    assert claims(world, SITI, handed.ticket, handed.claim_code) == handed.ticket
    row = world.aspiration(handed.ticket)
    assert (row["chat_id"], row["draft_key"]) == (SITI, None)
    assert row["resident_id"] == world.rows(RESIDENT, chat_id=SITI)[0]["id"]
    assert [event["verb"] for event in world.rows(HISTORY)] == ["submitted", "decided", "claimed"]
    with world.begin() as connection:
        assert [each.ticket for each in mine(connection, SITI, RULES)] == [handed.ticket]
        seen = aspiration(connection, SITI, handed.ticket, RULES)
    assert seen is not None
    assert [change.decision for change in seen.history] == ["waiting", "forwarded"]
    assert seen.summary == "Ibu lansia perlu air bersih"


def test_the_facilitator_no_longer_reads_it(world: World, handed: Handed) -> None:
    claims(world, SITI, handed.ticket, handed.claim_code)
    with world.begin() as connection:
        facts = DatabaseFacts(connection, YUNI, HOUSE, RULES)
        assert facts.people() == ()
        assert facts.person(handed.ticket) is None
        assert facts.aspiration(handed.ticket) is None
    for verb in (withdraw, retract, revoke):
        with pytest.raises(RefusalError) as refusal, world.scene(Resident(YUNI)) as scene:
            verb(scene, handed.ticket)
        assert refusal.value.reason == "unknown"


def test_what_the_facilitator_was_told_of_it_can_be_opened_no_more(world: World, handed: Handed) -> None:
    """A discreet chat is only told that something waits: unopened before the claim, it stays closed after it."""
    world.decide(handed.ticket, "checked", "forwarded", urgent=True)
    with world.begin() as connection:
        assert release(connection, DELIVERY, NOW) == 1
        connection.execute(update(OUTBOX).values(state="sent"))
    (told,) = world.rows(NOTICES)
    claims(world, SITI, handed.ticket, handed.claim_code)
    with pytest.raises(RefusalError) as refusal, world.scene(Resident(YUNI)) as scene:
        open_letter(scene, told["id"])
    assert refusal.value.reason == "unknown"
    assert [(row["chat_id"], row["params"]) for row in world.rows(NOTICES)] == [(YUNI, {})]


def test_what_is_on_its_way_to_the_facilitator_goes_to_the_person_instead(
    world: World, handed: Handed
) -> None:
    """Telegram may not have answered for hours; what its call is open of cannot be taken back."""
    world.decide(handed.ticket, "checked", "forwarded", urgent=True)
    with world.begin() as connection:
        release(connection, DELIVERY, NOW)
    claims(world, SITI, handed.ticket, handed.claim_code)
    with world.begin() as connection:
        assert release(connection, DELIVERY, NOW) == 1
    assert [(row["chat_id"], row["state"]) for row in world.rows(OUTBOX)] == [(SITI, "waiting")]
    assert [(row["chat_id"], row["key"]) for row in world.rows(NOTICES)] == [(SITI, "notice.changed")]


def test_reports_end_and_what_waited_for_the_facilitator_is_told_to_the_person(
    world: World, handed: Handed
) -> None:
    world.decide(handed.ticket, "checked", "forwarded", note="Sudah dicek")
    claims(world, SITI, handed.ticket, handed.claim_code, NOW + timedelta(minutes=1))
    report = world.rows(REPORT)[0]
    assert (report["told_at"], report["ended_at"]) == (None, NOW + timedelta(minutes=1))
    notices = world.rows(NOTICES)
    assert [(row["chat_id"], row["key"], row["state"]) for row in notices] == [
        (SITI, "notice.changed", "waiting")
    ]
    said = letter(notices[0]["key"], notices[0]["params"])
    assert (said.lines[0].key, said.step) == ("notice.changed", "notice")


def test_later_decisions_are_told_to_the_person_and_open_no_report(world: World, handed: Handed) -> None:
    claims(world, SITI, handed.ticket, handed.claim_code)
    world.decide(handed.ticket, "checked", "forwarded")
    assert [(row["chat_id"], row["key"]) for row in world.rows(NOTICES)] == [(SITI, "notice.changed")]
    assert world.count(REPORT) == 0


def test_a_code_is_spent_once(world: World, handed: Handed) -> None:
    assert claims(world, SITI, handed.ticket, handed.claim_code) == handed.ticket
    assert claims(world, BUDI, handed.ticket, handed.claim_code) == "unknown"
    assert world.aspiration(handed.ticket)["chat_id"] == SITI


def test_of_two_chats_that_race_exactly_one_wins(world: World, handed: Handed) -> None:
    for chat in (SITI, BUDI):
        world.consent(chat)
    start, got = threading.Barrier(2), {}

    def go(chat: int) -> None:
        start.wait()
        got[chat] = claims(world, chat, handed.ticket, handed.claim_code, agreed=False)

    threads = [threading.Thread(target=go, args=(chat,)) for chat in (SITI, BUDI)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got.values()) == sorted([handed.ticket, "unknown"])
    winner = next(chat for chat, outcome in got.items() if outcome == handed.ticket)
    assert world.aspiration(handed.ticket)["chat_id"] == winner
    assert [event["verb"] for event in world.rows(HISTORY)].count("claimed") == 1


def test_a_code_that_is_spent_between_reading_and_spending_claims_nothing(
    world: World, handed: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race without its luck: somebody else was quicker after this one had compared the code."""
    world.consent(SITI)
    with world.scene(Resident(SITI)) as scene:

        def quicker(actor: Actor) -> Resident:
            spent = {"claimed_at": NOW, "claim_digest": ""}
            scene.connection.execute(RELAY.update().values(spent))
            return resident(actor)

        monkeypatch.setattr(claiming, "resident", quicker)
        with pytest.raises(RefusalError) as refusal:
            recover(scene, handed.ticket, handed.claim_code)
    assert refusal.value.reason == "unknown"
    assert world.aspiration(handed.ticket)["chat_id"] is None


def test_a_code_fits_its_own_number_alone(world: World, handed: Handed) -> None:
    other = relayed(world, 2)
    assert claims(world, SITI, other.ticket, handed.claim_code) == "unknown"
    assert claims(world, SITI, handed.ticket, handed.ticket) == "unknown"


def test_five_wrong_tries_kill_a_code_whoever_made_them(world: World, handed: Handed) -> None:
    for chat in (SITI, BUDI):
        tried = [claims(world, chat, handed.ticket, wrong(handed.claim_code, n)) for n in range(3)]
        assert tried == ["unknown"] * 3
    assert claims(world, ANI, handed.ticket, handed.claim_code) == "unknown"
    assert claims(world, ANI, handed.ticket, other_code(world, handed.ticket)) == handed.ticket


def test_one_chat_has_five_wrong_tries_an_hour_at_all_numbers_together(world: World, handed: Handed) -> None:
    others = [relayed(world, serial) for serial in range(2, 7)]
    tried = [claims(world, SITI, each.ticket, wrong(each.claim_code)) for each in others]
    assert tried == ["unknown"] * 5
    assert claims(world, SITI, handed.ticket, handed.claim_code) == "slowed"
    later = NOW + timedelta(hours=1)
    assert claims(world, SITI, handed.ticket, handed.claim_code, later) == handed.ticket


def test_a_new_code_makes_the_old_one_dead_and_a_revoked_one_claims_nothing(
    world: World, handed: Handed
) -> None:
    new = other_code(world, handed.ticket)
    assert claims(world, SITI, handed.ticket, handed.claim_code) == "unknown"
    with world.scene(Resident(YUNI)) as scene:
        revoke(scene, handed.ticket)
    assert claims(world, SITI, handed.ticket, new) == "unknown"
    with world.begin() as connection:
        person = DatabaseFacts(connection, YUNI, HOUSE, RULES).person(handed.ticket)
    assert person is not None
    assert not person.claimable
    assert claims(world, SITI, handed.ticket, other_code(world, handed.ticket)) == handed.ticket


def test_only_their_facilitator_issues_codes(world: World, handed: Handed) -> None:
    world.mandate(BUDI)
    for chat in (BUDI, SITI):
        with pytest.raises(RefusalError) as refusal, world.scene(Resident(chat)) as scene:
            issue(scene, handed.ticket, seeded())
        assert refusal.value.reason == "unknown"


def test_claiming_needs_consent_like_everything_personal(world: World, handed: Handed) -> None:
    assert claims(world, SITI, handed.ticket, handed.claim_code, agreed=False) == "no_consent"
    assert world.rows(RELAY)[0]["claim_tries"] == 0


def test_whoever_speaks_for_somebody_cannot_take_over_for_them(world: World, handed: Handed) -> None:
    """The facilitator knows every code, and is never the author."""
    assert claims(world, YUNI, handed.ticket, handed.claim_code) == "facilitator"
    assert world.aspiration(handed.ticket)["chat_id"] is None
    assert claims(world, SITI, handed.ticket, handed.claim_code) == handed.ticket


def test_an_anonymous_one_stays_without_a_person(world: World) -> None:
    world.mandate(YUNI)
    handed = relayed(world, visibility="anonymous")
    claims(world, SITI, handed.ticket, handed.claim_code)
    row = world.aspiration(handed.ticket)
    assert (row["chat_id"], row["resident_id"]) == (SITI, None)
