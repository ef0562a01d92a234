"""Asking back: to whom a question goes, what comes of an answer, objections, and a safeguard who names nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from conversations import asking as effects
from conversations.chat import Part
from conversations.desk import Filter
from conversations.effects import ReportBack
from storage import alerts, asking, asking_views, desk, questions, relaying
from storage.actor import RefusalError, Resident
from storage.aspirations import retract
from storage.audit import AUDIT
from storage.erasure import erase_due, schedule
from storage.ledger import OUTBOX
from storage.letters import letter
from storage.mandates import MANDATE
from storage.media import PART
from storage.notices import CHANGED, NOTICES, release
from storage.permissions import STAFF, load_permissions
from storage.residents import RESIDENT
from storage.unheard import TASK
from tests.storage.relayed import mandate, relay, unclaimed
from tests.storage.world import ANI, BUDI, DELIVERY, NOW, RULES, SITI, World, furnish, seeded, voice

VILLAGE, JABUNG = "18.07.01.2001", "18.07.03"
NIGHT = timedelta(hours=14)
WORDS = Part(kind="text", message=1, text="Di dekat masjid")


@pytest.fixture
def world(sqlite_world: World) -> World:
    """On SQLite, but for what the last test goes through on PostgreSQL."""
    return sqlite_world


def does(world: World, chat: int, effect: effects.AskingEffect, after: timedelta = timedelta()) -> str:
    """Somebody presses: "saved", or the reason why not."""
    with world.scene(Resident(chat), NOW + after) as scene:
        try:
            return asking.perform(scene, effect).name
        except RefusalError as refusal:
            return refusal.reason


def ask(world: World, ticket: str, chat: int = BUDI, after: timedelta = timedelta()) -> str:
    return does(world, chat, effects.AskPerson(ticket=ticket, words="Di dekat apa?"), after)


def answer(world: World, chat: int = SITI, part: Part = WORDS, number: int = 1) -> str:
    return does(world, chat, effects.AnswerQuestion(question=number, answer=part))


def letters(world: World, key: str) -> list[dict[str, Any]]:
    return world.rows(NOTICES, key=key)


def queued(world: World, queue: Any, chat: int = BUDI) -> list[str]:
    with world.begin() as connection:
        facts = desk.DatabaseDeskFacts(connection, chat, RULES)
        return [row.ticket for row in facts.cards(Filter(queue=queue), NOW)]


def facts(world: World, chat: int, name: str, *args: Any) -> Any:
    with world.begin() as connection:
        return getattr(asking.DatabaseAskingFacts(connection, chat, RULES), name)(*args)


def asked(world: World) -> str:
    """An officer of the village has asked about Siti's aspiration."""
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    assert ask(world, ticket) == "saved"
    return ticket


def test_a_question_waits_until_it_is_answered_and_the_answer_until_it_is_read(world: World) -> None:
    ticket = asked(world)
    (told,) = letters(world, asking_views.ASKED)
    assert (told["chat_id"], told["params"]["words"]) == (SITI, "Di dekat apa?")
    assert letter(told["key"], told["params"]).step == "question"
    assert (queued(world, "waiting"), queued(world, "replied")) == ([ticket], [])
    assert answer(world) == "saved"
    assert (queued(world, "waiting"), queued(world, "replied")) == ([], [ticket])
    (heard,) = letters(world, asking_views.ANSWERED)
    assert (heard["chat_id"], heard["params"]["ticket"]) == (BUDI, ticket)
    with world.begin() as connection:
        card = desk.DatabaseDeskFacts(connection, BUDI, RULES).card(ticket, NOW)
    assert card is not None
    assert [(one.said, one.words) for one in card.talk] == [
        ("question", "Di dekat apa?"),
        ("reply", "Di dekat masjid"),
    ]
    assert does(world, BUDI, effects.SettleReplies(ticket=ticket)) == "saved"
    assert queued(world, "replied") == []
    assert [row["action"] for row in world.rows(AUDIT)][-2:] == ["ask", "settle"]


def test_it_is_asked_only_by_those_of_the_place_and_never_by_night(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(ANI, JABUNG, role="kecamatan")
    assert ask(world, ticket, ANI) == ask(world, ticket, SITI) == "not_allowed"
    assert ask(world, ticket, after=NIGHT) == "saved"
    (told,) = letters(world, asking_views.ASKED)
    assert told["due_at"] == DELIVERY.awake(NOW + NIGHT) > NOW + NIGHT


def test_whoever_wants_no_messages_is_not_asked(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    with world.begin() as connection:
        connection.execute(update(RESIDENT).values(notices=False))
    assert ask(world, ticket) == "silent"
    assert letters(world, asking_views.ASKED) == []


def test_a_stranger_answers_nothing(world: World) -> None:
    ticket = asked(world)
    assert answer(world, ANI) == "unknown"
    assert does(world, ANI, effects.ReplyTo(ticket=ticket, answer=WORDS)) == "unknown"
    assert does(world, ANI, effects.ObjectTo(ticket=ticket)) == "unknown"
    assert facts(world, ANI, "question", 1) is None


def test_a_recording_becomes_a_message_of_the_aspiration_and_waits_to_be_written_down(world: World) -> None:
    ticket = asked(world)
    before = world.aspiration(ticket)
    answer(world, part=voice("jawab"))
    (part,) = world.rows(PART, role="reply")
    assert part["aspiration_id"] == before["id"]
    assert [row["part_id"] for row in world.rows(TASK)] == [part["id"]]
    assert queued(world, "transcribe") == [ticket]


def test_the_officer_is_told_once_until_it_was_read(world: World) -> None:
    ticket = asked(world)
    for _ in range(3):
        answer(world)
    assert len(letters(world, asking_views.ANSWERED)) == 1
    does(world, BUDI, effects.SettleReplies(ticket=ticket))
    answer(world)
    assert len(letters(world, asking_views.ANSWERED)) == 2


def test_of_a_relayed_one_the_facilitator_is_asked_and_answers(world: World) -> None:
    holder = mandate(world, ANI)
    ticket = unclaimed(world, holder, SITI, "Sumi")
    world.mandate(BUDI, VILLAGE, role="village")
    assert ask(world, ticket) == "saved"
    (told,) = letters(world, asking_views.RELAYED)
    assert (told["chat_id"], told["params"]["name"]) == (ANI, "Sumi Sumi")
    number = facts(world, ANI, "open_question", ticket)
    assert facts(world, ANI, "question", number).relayed
    assert answer(world, ANI, number=number) == "saved"
    (said,) = world.rows(asking_views.REPLY)
    assert said["mandate_id"] == holder


def test_a_reply_to_a_notice_is_found_by_its_message(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.decide(ticket, "checked", "forwarded", urgent=True)
    with world.begin() as connection:
        release(connection, DELIVERY, NOW)
        connection.execute(update(OUTBOX).values(message_id=77))
    assert facts(world, SITI, "replied", 77) == ("notice", ticket)
    assert facts(world, SITI, "replied", 78) is None
    assert facts(world, BUDI, "replied", 77) is None


def test_a_reply_answers_what_is_still_asked(world: World) -> None:
    ticket = asked(world)
    assert does(world, SITI, effects.ReplyTo(ticket=ticket, answer=WORDS)) == "saved"
    assert queued(world, "waiting") == []
    assert [row["question_id"] for row in world.rows(asking_views.REPLY)] == [1]


def test_to_each_decision_one_objects_once(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    objects = effects.ObjectTo(ticket=ticket)
    assert does(world, SITI, objects) == "again"
    no: dict[str, Any] = {"reason": "budget_limited", "note": "Tahun depan."}
    world.decide(ticket, "forum_pd", "postponed", **no)
    assert facts(world, SITI, "may_object", ticket)
    assert [does(world, SITI, objects), does(world, SITI, objects)] == ["saved", "again"]
    assert queued(world, "replied") == [ticket]
    world.decide(ticket, "forum_pd", "rejected", at=NOW + timedelta(hours=1), **no)
    assert does(world, SITI, objects) == "saved"


def test_a_safeguard_writes_to_the_person_of_an_alert_and_neither_is_named(world: World) -> None:
    world.mandate(BUDI, "18.07.01", role="safeguard")
    world.mandate(ANI, JABUNG, role="safeguard")
    world.consent(SITI)
    with world.scene(Resident(SITI)) as scene:
        alerts.raise_alert(scene, "saya dipukul", VILLAGE, alerts.Speaker(SITI))
    (raised,) = letters(world, alerts.RAISED)
    number = raised["params"]["contact"]
    assert letter(raised["key"], raised["params"]).ref == str(number)
    write = effects.WriteToPerson(contact=number, words="Apakah Anda aman?")
    assert does(world, ANI, write) == does(world, SITI, write) == "not_allowed"
    assert does(world, BUDI, write, NIGHT) == "saved"
    (told,) = letters(world, asking_views.WRITTEN)
    assert (told["chat_id"], told["due_at"]) == (SITI, NOW + NIGHT)
    assert answer(world, part=voice("aman")) == "saved"
    (heard,) = letters(world, asking_views.TOLD)
    assert heard["chat_id"] == BUDI
    assert str(SITI) not in str(heard["params"])
    (call,) = [row for row in world.rows(OUTBOX) if row["method"] == "sendVoice"]
    assert (call["chat_id"], '"protect_content": true' in call["params"]) == (BUDI, True)
    with world.begin() as connection:
        questions.forget(connection, [number])
    assert letters(world, asking_views.TOLD)[0]["state"] == "forgotten"


def test_what_nobody_answers_is_asked_once_more_after_three_days(world: World) -> None:
    asked(world)
    for days in (2, 4, 8):
        with world.begin() as connection:
            questions.remind(connection, NOW + timedelta(days=days), DELIVERY)
    assert len(letters(world, asking_views.ASKED)) == 2


def test_of_what_was_taken_back_nobody_is_asked_once_more(world: World) -> None:
    ticket = asked(world)
    with world.scene(Resident(SITI)) as scene:
        retract(scene, ticket)
    with world.begin() as connection:
        assert questions.remind(connection, NOW + timedelta(days=4), DELIVERY) == 0
    assert len(letters(world, asking_views.ASKED)) == 1


def test_who_claims_it_is_asked_what_the_facilitator_was(world: World) -> None:
    ticket = world.submit(SITI).ticket
    relay(world, ticket, mandate(world, ANI), "Sumi", claimed_at=NOW)
    world.mandate(BUDI, VILLAGE, role="village")
    ask(world, ticket)
    number = world.aspiration(ticket)["id"]
    with world.scene(Resident(SITI)) as scene:
        questions.ask_anew(scene, number)
    assert {row["chat_id"] for row in letters(world, asking_views.ASKED)} == {SITI}
    assert letters(world, CHANGED) == []


def test_postgresql_does_the_same(postgres_engine: Engine, tmp_path: Path) -> None:
    world = furnish(postgres_engine, tmp_path)
    ticket = asked(world)
    world.decide(ticket, "forum_pd", "postponed", reason="budget_limited", note="Tahun depan.")
    said = effects.ReplyTo(ticket=ticket, answer=voice("balas"))
    assert (answer(world), does(world, SITI, said)) == ("saved", "saved")
    assert does(world, SITI, effects.ObjectTo(ticket=ticket)) == "saved"
    assert facts(world, SITI, "replied", 5) is None
    assert (queued(world, "waiting"), queued(world, "replied")) == ([], [ticket])


def test_every_cell_of_the_matrix_holds_for_asking(world: World) -> None:
    """Each role in its own region and in another, in one world: what the data file says is what the verbs do."""
    ticket = world.submit(SITI).ticket
    number = world.mandate(BUDI, VILLAGE, role="transcriber")
    for role in STAFF:
        for place in (VILLAGE, JABUNG):
            agencies = ["1.03"] if role == "agency" else []
            held = update(MANDATE).where(MANDATE.c.id == number)
            with world.begin() as connection:
                connection.execute(held.values(role=role, scope=[place], agencies=agencies))
            reach = load_permissions()[role, "ask"]
            allowed = reach == "all" or (reach == "own" and place == VILLAGE)
            came = {ask(world, ticket), does(world, BUDI, effects.SettleReplies(ticket=ticket))}
            assert came == ({"saved"} if allowed else {"not_allowed"}), (role, place)


def test_words_of_danger_in_a_reply_are_flagged_and_alert_the_safeguards(world: World) -> None:
    ticket = asked(world)
    world.mandate(ANI, "18.07.01", role="safeguard")
    answer(world, part=Part(kind="text", message=1, text="saya dipukul suami saya"))
    assert world.aspiration(ticket)["flagged"] == "danger"
    assert [row["chat_id"] for row in letters(world, alerts.RAISED)] == [ANI]


def test_whoever_says_stop_meanwhile_is_not_asked(world: World) -> None:
    asked(world)
    with world.begin() as connection:
        connection.execute(update(RESIDENT).values(notices=False))
        assert release(connection, DELIVERY, NOW) == 0
    assert [row["state"] for row in letters(world, asking_views.ASKED)] == ["cancelled"]


def test_erasing_a_person_takes_questions_and_replies_along(world: World) -> None:
    asked(world)
    answer(world, part=voice("jawab"))
    with world.begin() as connection:
        schedule(connection, Resident(SITI), NOW)
    with world.begin() as connection:
        assert erase_due(connection, NOW + timedelta(days=2), RULES.secrets).persons == 1
    left = (asking_views.QUESTION, asking_views.REPLY, PART, TASK)
    assert [world.count(table) for table in left] == [0] * len(left)


def test_what_a_facilitator_passes_on_lands_on_the_card_and_answers_no_question(world: World) -> None:
    ticket = unclaimed(world, mandate(world, ANI), SITI, "Sumi")
    world.mandate(BUDI, VILLAGE, role="village")
    ask(world, ticket)
    world.decide(ticket, "checked", "forwarded")
    with world.scene(Resident(ANI)) as scene:
        relaying.perform(scene, ReportBack(ticket=ticket, answer=WORDS), seeded())
    assert [row["answer"] for row in world.rows(asking_views.REPLY)] == ["Di dekat masjid"]
    assert queued(world, "waiting") == queued(world, "replied") == [ticket]
