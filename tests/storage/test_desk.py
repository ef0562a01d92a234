"""The desk: who sees which cards, what may be done with them, and decisions that are told once or undone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conversations import desk as effects
from conversations.chat import Part
from conversations.desk import Card, DecisionsMade, Filter, VerdictDraft
from storage import asking, desk, desk_work, history, mandates
from storage.actor import RefusalError, Resident
from storage.audit import AUDIT
from storage.desk_cards import NOTE
from storage.ledger import OUTBOX
from storage.letters import letter
from storage.notices import CHANGED, NOTICES
from storage.permissions import STAFF, load_permissions
from storage.views import aspiration
from tests.storage.world import ANI, BAPPEDA, BUDI, NOW, RULES, SITI, World, voice

VILLAGE, JABUNG, KABUPATEN = "18.07.01.2001", "18.07.03", "18.07"
LATER = timedelta(minutes=3)


def does(world: World, chat: int, effect: effects.DeskEffect, after: timedelta = timedelta()) -> Any:
    """Somebody presses: what came of it, or the reason why not."""
    with world.scene(Resident(chat), NOW + after) as scene:
        try:
            return desk.perform(scene, effect)
        except RefusalError as refusal:
            return refusal.reason


def counts(world: World, chat: int, after: timedelta = timedelta()) -> dict[str, int]:
    """The queues of a chat that are not empty."""
    with world.begin() as connection:
        found = desk.DatabaseDeskFacts(connection, chat, RULES).counts(NOW + after)
    return {name: count for name, count in found.items() if count}


def card(world: World, chat: int, ticket: str) -> Card | None:
    """A card as a chat sees it."""
    with world.begin() as connection:
        return desk.DatabaseDeskFacts(connection, chat, RULES).card(ticket, NOW)


def tickets(world: World, chat: int, **wanted: Any) -> list[str]:
    """The cards of a filter."""
    with world.begin() as connection:
        facts = desk.DatabaseDeskFacts(connection, chat, RULES)
        return [row.ticket for row in facts.cards(Filter(**wanted), NOW)]


def verdict(ticket: str, **more: Any) -> VerdictDraft:
    """Forwarded to the village's Musrenbang, unless said otherwise."""
    return VerdictDraft(tickets=(ticket,), **{"stage": "musrenbang_desa", "decision": "forwarded", **more})


def told(world: World) -> list[dict[str, Any]]:
    """What waits to be told of changes."""
    return [row["params"] for row in world.rows(NOTICES, key=CHANGED, state="waiting")]


def deeds(world: World) -> list[str]:
    """What is in the audit, but invitations and their acceptance."""
    acts = [row["action"] for row in world.rows(AUDIT)]
    return [act for act in acts if act not in {"invite", "accept"}]


def test_each_sees_the_cards_of_their_mandate_and_others_none(world: World) -> None:
    here = world.submit(SITI).ticket
    there = world.submit(SITI, 2, village=RULES.regions.village("18.07.03.2016"), field="school").ticket
    world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(ANI, KABUPATEN, role="bappeda")
    assert tickets(world, BUDI) == [here]
    assert tickets(world, ANI) == [here, there]
    assert tickets(world, ANI, field="school") == tickets(world, ANI, village="18.07.03.2016") == [there]
    assert tickets(world, SITI) == []
    assert card(world, BUDI, there) is None
    assert counts(world, BUDI) == {"new": 1, "all": 1}
    assert counts(world, SITI) == {}


def test_a_card_says_what_was_said_and_not_by_whom(world: World) -> None:
    ticket = world.submit(SITI, parts=(Part(kind="text", message=1, text="Jalan rusak"), voice("a"))).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    seen = card(world, BUDI, ticket)
    assert seen is not None
    assert (seen.words, seen.recordings, seen.row.village) == ("Jalan rusak", 1, "Sukadana")
    assert str(SITI) not in repr(seen)
    assert counts(world, BUDI)["transcribe"] == 1


def test_of_two_who_take_a_card_one_has_it(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(ANI, KABUPATEN, role="bappeda")
    does(world, BUDI, effects.TakeCard(ticket=ticket))
    assert does(world, ANI, effects.TakeCard(ticket=ticket)) == "taken"
    assert does(world, ANI, effects.ReleaseCard(ticket=ticket)) == "taken"
    assert counts(world, BUDI) == {"mine": 1, "all": 1}
    does(world, BUDI, effects.ReleaseCard(ticket=ticket))
    assert counts(world, ANI) == {"new": 1, "all": 1}
    assert deeds(world) == ["take", "release"]


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize(
    ("action", "effect"),
    [
        ("take", effects.TakeCard(ticket="")),
        ("listen", effects.SendRecordings(ticket="")),
        ("note", effects.NoteCard(ticket="", words="ya")),
        ("redact", effects.RedactCard(ticket="", words="ya")),
        ("route", effects.RouteCard(ticket="", agency="1.01")),
        ("hold", effects.HoldCard(ticket="", held=True)),
        ("reveal", effects.RevealAuthor(ticket="", reason="ya")),
        ("decide", effects.Decide(verdict=verdict("", stage="nowhere"))),
    ],
)
@pytest.mark.parametrize("place", [VILLAGE, JABUNG])
def test_every_cell_of_the_matrix_holds_at_the_verb(
    sqlite_world: World, role: str, action: str, effect: Any, place: str
) -> None:
    """In one's own region and in another: what the data file says is what the verb does, on any engine."""
    world = sqlite_world
    ticket = world.submit(SITI, parts=(voice("a"),)).ticket
    number = world.mandate(BUDI, place, role="transcriber")
    with world.begin() as connection:
        held = mandates.MANDATE.update().where(mandates.MANDATE.c.id == number)
        connection.execute(held.values(role=role, agencies=["1.03"] if role == "agency" else []))
    reach = load_permissions()[role, action]
    changes = {"ticket": ticket} if action != "decide" else {"verdict": verdict(ticket, stage="nowhere")}
    fields = {name: getattr(effect, name) for name in effect.__slots__} | changes
    came = does(world, BUDI, type(effect)(**fields))
    allowed = reach == "all" or (reach == "own" and place == VILLAGE)
    assert (came != "not_allowed") == allowed


def test_a_card_whose_taker_is_away_is_free_after_three_days(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(ANI, KABUPATEN, role="bappeda")
    does(world, BUDI, effects.TakeCard(ticket=ticket))
    for days, freed in ((2, 0), (3, 1)):
        with world.begin() as connection:
            assert desk_work.free(connection, NOW + timedelta(days=days)) == freed
    does(world, ANI, effects.TakeCard(ticket=ticket))
    assert counts(world, BUDI) == {"all": 1}


def test_recordings_come_protected_and_never_of_an_anonymous_one(world: World) -> None:
    world.mandate(BUDI, KABUPATEN, role="bappeda")
    open_one = world.submit(SITI, 1, parts=(voice("a"),)).ticket
    hidden = world.submit(SITI, 2, parts=(voice("b"),), visibility="anonymous").ticket
    does(world, BUDI, effects.SendRecordings(ticket=open_one))
    assert does(world, BUDI, effects.SendRecordings(ticket=hidden)) == "not_allowed"
    assert does(world, BUDI, effects.RevealAuthor(ticket=hidden, reason="survei")) == "not_allowed"
    (call,) = world.rows(OUTBOX)
    sent = {"chat_id": BUDI, "voice": "fetch-a", "duration": 5, "protect_content": True}
    assert (call["method"], json.loads(call["params"])) == ("sendVoice", sent)


def test_notes_stay_with_the_staff_and_the_public_reads_redacted_words(world: World) -> None:
    ticket = world.submit(SITI, visibility="public").ticket
    world.mandate(BUDI, VILLAGE, role="village")
    does(world, BUDI, effects.NoteCard(ticket=ticket, words="sudah ditelepon"))
    does(world, BUDI, effects.RedactCard(ticket=ticket, words="Jalan rusak."))
    seen = card(world, BUDI, ticket)
    assert seen is not None
    assert (seen.notes, seen.redacted, seen.words) == (
        ("sudah ditelepon",),
        "Jalan rusak.",
        "Jalan ke sekolah rusak",
    )
    with world.begin() as connection:
        view = aspiration(connection, ANI, ticket, RULES)
    assert view is not None
    assert view.summary == "Jalan rusak."
    assert does(world, BUDI, effects.NoteCard(ticket=ticket, words=" ")) == "empty"


def test_abuse_is_held_without_a_word_to_its_author(world: World) -> None:
    ticket = world.submit(SITI, visibility="public").ticket
    world.mandate(BUDI, KABUPATEN, role="bappeda")
    does(world, BUDI, effects.HoldCard(ticket=ticket, held=True))
    does(world, BUDI, effects.HoldCard(ticket=ticket, held=True))
    assert deeds(world) == ["hold"], "two who press it do not undo each other"
    assert (counts(world, BUDI), world.count(NOTICES)) == ({"held": 1, "all": 1}, 0)
    with world.begin() as connection:
        assert aspiration(connection, ANI, ticket, RULES) is None
        assert aspiration(connection, SITI, ticket, RULES) is not None
    does(world, BUDI, effects.HoldCard(ticket=ticket, held=False))
    assert counts(world, BUDI) == {"new": 1, "all": 1}


def test_what_is_sent_on_leaves_the_desk_and_its_author_is_told(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    does(world, BUDI, effects.TakeCard(ticket=ticket))
    does(world, BUDI, effects.RouteCard(ticket=ticket, village="18.07.01.2002"))
    assert card(world, BUDI, ticket) is None
    (notice,) = world.rows(NOTICES)
    assert (notice["chat_id"], notice["key"], notice["params"]["village"]) == (
        SITI,
        "desk.routed",
        "Pakuan Aji",
    )


def test_a_name_is_told_for_a_reason_that_stays(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, KABUPATEN, role="bappeda")
    assert does(world, BUDI, effects.RevealAuthor(ticket=ticket, reason=" ")) == "empty"
    assert isinstance(
        does(world, BUDI, effects.RevealAuthor(ticket=ticket, reason="survei")), effects.AuthorRevealed
    )
    assert deeds(world) == ["reveal"]
    assert world.rows(NOTE)[0]["remark"] == "survei"


def test_a_decision_is_told_once_and_undone_before_that_not_at_all(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    made = does(world, BUDI, effects.Decide(verdict=verdict(ticket)))
    assert isinstance(made, DecisionsMade)
    assert [params["new_stage"] for params in told(world)] == ["musrenbang_desa"]
    does(world, BUDI, effects.UndoDecisions(events=made.events), LATER)
    assert told(world) == []
    assert world.aspiration(ticket)["stage"] == "received"
    number = world.aspiration(ticket)["id"]
    with world.begin() as connection:
        changes = history.changes(connection, number, notes=True)
    assert [change.stage for change in changes] == ["received"]
    assert deeds(world) == ["decide", "undo"]


def test_undone_is_only_what_nobody_else_has_touched_and_in_time(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(ANI, KABUPATEN, role="bappeda")
    made = does(world, BUDI, effects.Decide(verdict=verdict(ticket)))
    assert does(world, ANI, effects.UndoDecisions(events=made.events)) == "not_allowed"
    assert does(world, BUDI, effects.UndoDecisions(events=made.events), timedelta(minutes=6)) == "late"
    does(world, ANI, effects.Decide(verdict=verdict(ticket, stage="bappeda_check")))
    assert does(world, BUDI, effects.UndoDecisions(events=made.events)) == "late"


def test_an_undone_second_decision_leaves_the_first_to_be_told(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(ANI, KABUPATEN, role="bappeda")
    does(world, ANI, effects.Decide(verdict=verdict(ticket, note="Kita bahas.")))
    second = does(world, ANI, effects.Decide(verdict=verdict(ticket, stage="bappeda_check")))
    does(world, ANI, effects.UndoDecisions(events=second.events), LATER)
    (waiting,) = told(world)
    assert (waiting["old_stage"], waiting["new_stage"], waiting["note"]) == (
        "received",
        "musrenbang_desa",
        "Kita bahas.",
    )


def test_a_no_needs_reason_and_sentence_and_each_role_its_stages(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    no = verdict(ticket, decision="postponed")
    assert does(world, BUDI, effects.Decide(verdict=no)) == "empty"
    bare = verdict(ticket, decision="postponed", note="Tahun depan.")
    assert does(world, BUDI, effects.Decide(verdict=bare)) == "reason_missing"
    assert does(world, BUDI, effects.Decide(verdict=verdict(ticket, stage="rkpd"))) == "not_your_stage"
    seen = card(world, BUDI, ticket)
    assert seen is not None
    assert [stage for stage, _ in seen.choices] == ["checked", "musrenbang_desa", "village_plan"]
    whole = verdict(ticket, decision="postponed", note="Tahun depan.", reason="budget_limited")
    assert isinstance(does(world, BUDI, effects.Decide(verdict=whole)), DecisionsMade)


def test_the_preview_is_the_notice(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    draft = verdict(ticket, note="Kita bahas hari Senin.")
    with world.begin() as connection:
        shown = desk.DatabaseDeskFacts(connection, BUDI, RULES).preview(draft, NOW).told
    does(world, BUDI, effects.Decide(verdict=draft))
    assert [one.lines for one in shown] == [letter(CHANGED, told(world)[0]).lines]


def test_whoever_loses_the_mandate_gives_the_cards_back(world: World) -> None:
    ticket = world.submit(SITI).ticket
    number = world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(ANI, KABUPATEN, role="bappeda")
    does(world, BUDI, effects.TakeCard(ticket=ticket))
    with world.scene(BAPPEDA) as scene:
        mandates.revoke(scene, number)
    assert does(world, BUDI, effects.ReleaseCard(ticket=ticket)) == "not_allowed"
    assert counts(world, ANI) == {"new": 1, "all": 1}


def test_a_third_decision_undone_brings_back_the_first_not_the_undone_second(sqlite_world: World) -> None:
    world, ticket = sqlite_world, sqlite_world.submit(SITI).ticket
    world.mandate(ANI, KABUPATEN, role="bappeda")
    first = {"decision": "postponed", "reason": "budget_limited", "note": "Tahun depan."}
    does(world, ANI, effects.Decide(verdict=verdict(ticket, **first)))
    for stage, reason in (("bappeda_check", "not_feasible"), ("bappeda_check", "wrong_office")):
        again = verdict(ticket, stage=stage, decision="postponed", reason=reason, note="Salah.")
        made = does(world, ANI, effects.Decide(verdict=again), LATER)
        assert does(world, ANI, effects.UndoDecisions(events=made.events), LATER).undone == 1
        row = world.aspiration(ticket)
        assert (row["stage"], row["reason"]) == ("musrenbang_desa", "budget_limited")
    assert [params["note"] for params in told(world)] == ["Tahun depan."]


def test_an_aspiration_is_sent_on_to_agencies_that_there_are(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    sqlite_world.mandate(BUDI, VILLAGE, role="village")
    assert does(sqlite_world, BUDI, effects.RouteCard(ticket=ticket, agency="9.99")) == "unknown"


def test_what_somebody_has_taken_only_they_decide_and_ask_about(world: World) -> None:
    """As long as their mandate stands (issue 4: so that two do not answer at once)."""
    ticket = world.submit(SITI).ticket
    number = world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(ANI, KABUPATEN, role="bappeda")
    does(world, BUDI, effects.TakeCard(ticket=ticket))
    assert does(world, ANI, effects.Decide(verdict=verdict(ticket))) == "taken"
    with world.scene(Resident(ANI)) as scene, pytest.raises(RefusalError, match="taken"):
        asking.ask(scene, ticket, "Di mana?")
    with world.begin() as connection:
        shown = desk.DatabaseDeskFacts(connection, ANI, RULES).preview(verdict(ticket), NOW)
    assert (shown.decided, shown.refused, shown.taken) == (0, (ticket,), (ticket,))
    assert isinstance(does(world, BUDI, effects.Decide(verdict=verdict(ticket))), DecisionsMade)
    with world.begin() as connection:
        connection.execute(
            mandates.MANDATE.update().where(mandates.MANDATE.c.id == number).values(ended_at=NOW)
        )
    checked = verdict(ticket, stage="bappeda_check")
    assert isinstance(does(world, ANI, effects.Decide(verdict=checked)), DecisionsMade)


def test_decided_is_what_still_stands_as_it_was_previewed(world: World) -> None:
    ticket = world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(ANI, KABUPATEN, role="bappeda")
    draft = verdict(ticket, stage="bappeda_check")
    with world.begin() as connection:
        seen = desk.DatabaseDeskFacts(connection, ANI, RULES).preview(draft, NOW).seen
    does(world, BUDI, effects.Decide(verdict=verdict(ticket)))
    assert does(world, ANI, effects.Decide(verdict=replace(draft, seen=seen))) == "changed"
    assert world.aspiration(ticket)["stage"] == "musrenbang_desa"
    with world.begin() as connection:
        again = desk.DatabaseDeskFacts(connection, ANI, RULES).preview(draft, NOW).seen
    assert isinstance(does(world, ANI, effects.Decide(verdict=replace(draft, seen=again))), DecisionsMade)


def test_undone_the_staff_is_not_reminded_again_of_what_was_late(sqlite_world: World) -> None:
    world, ticket = sqlite_world, sqlite_world.submit(SITI).ticket
    world.mandate(BUDI, VILLAGE, role="village")
    due = world.aspiration(ticket)["due_at"]
    after = due - NOW + timedelta(days=60)
    made = does(world, BUDI, effects.Decide(verdict=verdict(ticket)), after)
    assert world.aspiration(ticket)["chased"] == 0
    does(world, BUDI, effects.UndoDecisions(events=made.events), after)
    restored = world.aspiration(ticket)
    assert (restored["due_at"], restored["chased"]) == (due, len(RULES.calendar.reminders))
