"""After completion: asked once, answered by its people alone, shown beside the status, and "no" lands on the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from conversations.followup import AnswerFollowup, Done
from storage import confirming, followup, people, voices
from storage.actor import RefusalError, Resident
from storage.asking_views import REPLY
from storage.followup import ASKED, FOLLOWUP, TO_ASK
from storage.letters import letter
from storage.notices import NOTICES
from storage.relays import relay
from storage.residents import set_messages
from storage.views import aspiration
from tests.storage.test_desk import card, counts
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
