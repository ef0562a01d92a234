"""After completion: asked once, answered by its people alone, shown beside the status, and "no" lands on the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from conversations.desk import Decide, UndoDecisions, VerdictDraft
from conversations.followup import AnswerFollowup, Done
from storage import confirming, followup, people, voices
from storage.actor import RefusalError, Resident
from storage.asking_views import ANSWERED, REPLY
from storage.desk_work import take
from storage.followup import ASKED, FOLLOWUP, TO_ASK
from storage.letters import letter
from storage.notices import NOTICES
from storage.relays import relay
from storage.residents import set_messages
from storage.submissions import ASPIRATION
from storage.views import aspiration
from tests.storage.plans import plans
from tests.storage.test_desk import card, counts, does
from tests.storage.test_relays import spoken
from tests.storage.world import ANI, BUDI, NOW, RULES, SITI, World, seeded

LATER = NOW + timedelta(days=28)
VILLAGE = "18.07.01.2001"


def asked(world: World, at: datetime = LATER) -> list[tuple[int, str]]:
    """Who is asked now, and in which letter."""
    before = [row["id"] for row in world.rows(NOTICES)]
    with world.begin() as connection:
        followup.ask(connection, at, 32)
    return [(row["chat_id"], row["key"]) for row in world.rows(NOTICES) if row["id"] not in before]


def completed(world: World, ticket: str, at: datetime = NOW) -> None:
    """The staff says that it is there."""
    world.decide(ticket, "finished", "accommodated", at, office=at.isoformat())


def says(world: World, chat: int, ticket: str, answer: Done) -> str:
    """Somebody answers: "" or the reason why not."""
    with world.scene(Resident(chat), LATER) as scene:
        try:
            confirming.answer(scene, AnswerFollowup(ticket=ticket, answer=answer))
        except RefusalError as refusal:
            return refusal.reason
    return ""


def test_its_author_is_asked_once_for_each_completion(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    completed(sqlite_world, ticket)
    assert asked(sqlite_world, LATER - timedelta(minutes=1)) == []
    assert asked(sqlite_world) == [(SITI, ASKED)]
    assert asked(sqlite_world) == asked(sqlite_world, LATER + timedelta(days=400)) == []
    sqlite_world.decide(ticket, "execution", "waiting", LATER)
    completed(sqlite_world, ticket, LATER)
    assert asked(sqlite_world, LATER + timedelta(days=28)) == [(SITI, ASKED)]
    assert letter(ASKED, {"ticket": ticket, "lead": ""}).step == "followup"


def test_a_no_is_asked_of_nobody_nor_whoever_wants_no_notices(sqlite_world: World) -> None:
    sqlite_world.decide(
        sqlite_world.submit(SITI).ticket, "finished", "not_accommodated", reason="not_feasible"
    )
    completed(sqlite_world, sqlite_world.submit(BUDI).ticket)
    with sqlite_world.begin() as connection:
        set_messages(connection, Resident(BUDI), "notice", wanted=False)
    assert asked(sqlite_world) == []
    assert sqlite_world.count(FOLLOWUP) == 0


def test_an_answer_stands_beside_the_status_until_it_is_decided_again(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    completed(world, ticket)
    asked(world)
    assert says(world, ANI, ticket, "no") == "unknown"
    assert says(world, SITI, ticket, "partly") == ""
    assert "unfinished" not in counts(world, BUDI)
    assert says(world, SITI, ticket, "no") == ""
    with world.begin() as connection:
        view = aspiration(connection, SITI, ticket, RULES)
    assert view is not None
    assert (view.stage, view.confirmed) == ("finished", "no")
    seen = card(world, BUDI, ticket)
    assert seen is not None
    assert seen.confirmed == (("no", 1),)
    assert [row["kind"] for row in world.rows(REPLY)] == ["objection"]
    assert says(world, SITI, ticket, "no") == "", "said again, it is objected to once"
    assert counts(world, BUDI)["unfinished"] == 1
    world.decide(ticket, "execution", "waiting", LATER)
    assert says(world, SITI, ticket, "yes") == "late"
    assert "unfinished" not in counts(world, BUDI)


def test_of_somebody_spoken_for_the_facilitator_is_asked_and_passes_it_on(sqlite_world: World) -> None:
    mandate = sqlite_world.mandate(ANI)
    with sqlite_world.scene(Resident(ANI)) as scene:
        ticket = relay(scene, spoken(), "id", seeded()).ticket
    completed(sqlite_world, ticket)
    assert asked(sqlite_world) == [(ANI, TO_ASK)]
    assert says(sqlite_world, ANI, ticket, "yes") == ""
    (row,) = sqlite_world.rows(FOLLOWUP)
    assert (row["answer"], row["mandate_id"]) == ("yes", mandate)
    with sqlite_world.begin() as connection:
        person = people.person(connection, ANI, ticket, RULES)
    assert person is not None
    assert person.aspiration.confirmed == "yes"


def test_supporters_are_asked_as_well_and_the_card_counts_what_they_say(world: World) -> None:
    """Those who are decided by themselves by their own number, those who are decided with it like its author."""
    lead = world.submit(SITI, visibility="public").ticket
    beside, joined = world.submit(BUDI).ticket, world.submit(ANI).ticket
    ids = {one: world.aspiration(one)["id"] for one in (lead, beside, joined)}
    with world.begin() as connection:
        voices.join(connection, ids[beside], ids[lead], voices.BESIDE, NOW)
        voices.join(connection, ids[joined], ids[lead], voices.JOINED, NOW)
    completed(world, lead)
    assert sorted(asked(world)) == [(SITI, ASKED), (BUDI, ASKED), (ANI, ASKED)]
    assert [
        says(world, BUDI, beside, "no"),
        says(world, ANI, joined, "no"),
        says(world, SITI, lead, "yes"),
    ] == [""] * 3
    world.mandate(BUDI, VILLAGE, role="village")
    seen = card(world, BUDI, lead)
    assert seen is not None
    assert seen.confirmed == (("yes", 1), ("no", 2))
    assert counts(world, BUDI)["unfinished"] == 1, "the lead's card alone"
    world.decide(lead, "execution", "waiting", LATER)
    assert says(world, BUDI, beside, "yes") == "late"


@pytest.mark.parametrize("name", ["Ibu Siti", ""])
def test_the_letter_to_a_facilitator_names_the_person_if_there_is_a_name(name: str) -> None:
    told = letter(TO_ASK, {"ticket": "4829138", "lead": "", "name": name})
    assert told.lines[0].key == ("followup.to_ask" if name else "followup.to_ask_nameless")


@pytest.mark.parametrize("answered", [True, False])
def test_whoever_answered_is_not_asked_again_when_a_later_decision_is_undone(
    sqlite_world: World, *, answered: bool
) -> None:
    """The completion stands as it was, with its answers and the day on which its people are asked."""
    world, ticket = sqlite_world, sqlite_world.submit(SITI).ticket
    world.mandate(BUDI, "18.07", role="bappeda")
    completed(world, ticket)
    was = world.aspiration(ticket)
    if answered:
        asked(world)
        assert says(world, SITI, ticket, "no") == ""
    after = LATER - NOW if answered else timedelta(days=1)
    again = VerdictDraft(tickets=(ticket,), stage="execution", decision="waiting")
    made = does(world, BUDI, Decide(verdict=again), after)
    assert does(world, BUDI, UndoDecisions(events=made.events), after).undone == 1
    restored = world.aspiration(ticket)
    assert (restored["closed_at"], restored["due_at"]) == (
        was["closed_at"],
        None if answered else was["due_at"],
    )
    assert asked(world, LATER) == ([] if answered else [(SITI, ASKED)])
    if answered:
        seen = card(world, BUDI, ticket)
        assert seen is not None
        assert seen.confirmed == (("no", 1),)


def supported(world: World) -> tuple[str, str]:
    """Siti's public aspiration that Budi supports by one of his own, decided by itself."""
    lead, beside = world.submit(SITI, visibility="public").ticket, world.submit(BUDI).ticket
    mine, theirs = (world.aspiration(one)["id"] for one in (beside, lead))
    with world.begin() as connection:
        voices.join(connection, mine, theirs, voices.BESIDE, NOW)
    return lead, beside


def test_a_supporter_s_no_is_told_to_the_staff_of_what_was_completed_and_objects_to_nothing(
    world: World,
) -> None:
    lead, beside = supported(world)
    world.mandate(ANI, VILLAGE, role="village")
    with world.scene(Resident(ANI)) as scene:
        take(scene, lead)
    world.decide(beside, "checked", "rejected", reason="budget_limited")
    completed(world, lead)
    asked(world)
    assert says(world, BUDI, beside, "no") == says(world, BUDI, beside, "no") == ""
    (told,) = world.rows(NOTICES, key=ANSWERED)
    assert (told["chat_id"], told["params"]["ticket"]) == (ANI, lead)
    assert world.rows(REPLY) == [], "what was decided of their own is something else"


@pytest.mark.parametrize("hidden", [{"visibility": "private"}, {"flagged": "danger"}])
def test_supporters_hear_nothing_of_what_residents_may_not_find(
    sqlite_world: World, hidden: dict[str, str]
) -> None:
    lead, beside = supported(sqlite_world)
    with sqlite_world.begin() as connection:
        connection.execute(ASPIRATION.update().where(ASPIRATION.c.ticket == lead).values(hidden))
        view = aspiration(connection, BUDI, beside, RULES)
    assert view is not None
    assert view.lead == ""
    completed(sqlite_world, lead)
    assert asked(sqlite_world) == [(SITI, ASKED)]
    assert not [row for row in sqlite_world.rows(NOTICES) if row["chat_id"] == BUDI]


def test_an_answer_is_kept_without_reading_all_that_were_asked(sqlite_world: World) -> None:
    lead, beside = supported(sqlite_world)
    completed(sqlite_world, lead)
    asked(sqlite_world)
    with plans(sqlite_world.engine) as found:
        assert says(sqlite_world, SITI, lead, "no") == says(sqlite_world, BUDI, beside, "no") == ""
    assert any("ix_followup_voice_id" in plan for plan in found)
    assert not [plan for plan in found if "SCAN followup" in plan]
