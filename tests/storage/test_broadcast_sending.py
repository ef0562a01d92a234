"""A broadcast on its way, on both engines: everybody once, nobody left out, nobody at a bad moment (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from conversations.effects import Line
from storage.actor import RefusalError, Resident
from storage.broadcast_control import correct, pause, resume, steerer, stop, take_back, want
from storage.broadcast_outcomes import outcomes
from storage.broadcast_progress import mended, to_mend, to_tell
from storage.broadcast_sending import MAKE, RECIPIENT, STOP, begin, make_lot, room
from storage.broadcast_words import BROADCAST, told, words_of
from storage.errands import Errand, Errands
from storage.ledger import CHAT, OUTBOX
from storage.mandates import MANDATE
from storage.notices import NOTICES
from storage.outbox import Outbox, Room, Settled
from storage.residents import RESIDENT, set_messages
from tests.storage.broadcasting import OFFICER, begun, broadcast, claim, people, send, states, tick
from tests.storage.world import ANI, BUDI, NOW, RULES, SITI, World

HOUR = timedelta(hours=1)
NIGHT = NOW + 12 * HOUR
"""22.00 WIB."""


def test_everybody_of_the_segment_is_told_once_and_then_it_is_done(world: World) -> None:
    people(world, SITI, BUDI)
    world.open_chat(ANI)
    world.consent(ANI)
    number = broadcast(world)
    with world.begin() as connection:
        assert begin(connection, NOW) == [number]
        assert begin(connection, NOW) == []
    while errands := take_errands(world):
        for one in errands:
            assert one.kind == MAKE
            with world.begin() as connection:
                make_lot(connection, one.params["broadcast"], RULES, NOW)
    assert tick(world) == 2
    assert tick(world) == 0
    assert sorted(send(world)) == [SITI, BUDI]
    tick(world)
    assert states(world, number) == [(SITI, "sent", ""), (BUDI, "sent", ""), (ANI, "left_out", "no_consent")]
    assert world.rows(BROADCAST)[0]["state"] == "done"
    assert tick(world) == 0
    assert send(world) == []


def take_errands(world: World) -> list[Errand]:
    with world.begin() as connection:
        errands = Errands(connection).claim(NOW, 9)
        for one in errands:
            Errands(connection).finish(one.id, NOW)
    return list(errands)


def test_no_more_lies_ready_than_goes_out_within_seconds(world: World) -> None:
    begun(world, SITI, BUDI, ANI)
    with world.begin() as connection:
        assert room(connection, 2, NOW) == 2
    assert tick(world, most=2) == 2
    with world.begin() as connection:
        assert room(connection, 2, NOW) == 0


def test_who_has_changed_their_mind_meanwhile_is_left_out(world: World) -> None:
    number = begun(world, 1, 2, 3, 4, 5)
    with world.begin() as connection:
        connection.execute(update(RESIDENT).where(RESIDENT.c.chat_id == 1).values(broadcasts=False))
        connection.execute(update(CHAT).where(CHAT.c.id == 2).values(reachable=False))
        connection.execute(STOP.insert().values(chat_id=3, topic="schedule", at=NOW))
        connection.execute(STOP.insert().values(chat_id=5, topic="result", at=NOW))
    world.consent(4, granted=False)
    tick(world)
    reasons = {chat: reason for chat, _, reason in states(world, number)}
    assert reasons == {1: "stopped", 2: "blocked", 3: "stopped", 4: "no_consent", 5: ""}
    assert send(world) == [5]


def test_whoever_is_told_for_a_task_is_left_out_when_it_ends_first(world: World) -> None:
    world.mandate(SITI, "18.07.01", role="facilitator")
    ended = world.mandate(BUDI, "18.07.01", role="facilitator")
    number = begun(world, SITI, BUDI, segment={"roles": ["facilitator"]})
    end_mandate(world, ended)
    tick(world)
    assert states(world, number) == [(SITI, "queued", ""), (BUDI, "left_out", "mandate")]


def test_whose_mandate_has_ended_hears_no_more_of_their_broadcast(sqlite_world: World) -> None:
    begun(sqlite_world, SITI)
    with sqlite_world.begin() as connection:
        assert [one.chat_id for one in to_tell(connection)] == [OFFICER]
    end_mandate(sqlite_world, sqlite_world.rows(BROADCAST)[0]["mandate_id"])
    with sqlite_world.begin() as connection:
        assert to_tell(connection) == []


def end_mandate(world: World, number: int) -> None:
    """Somebody's task ends."""
    with world.begin() as connection:
        connection.execute(MANDATE.update().where(MANDATE.c.id == number).values(ended_at=NOW))


def test_nothing_goes_out_by_night_not_even_what_lay_ready(sqlite_world: World) -> None:
    world = sqlite_world
    number = begun(world, SITI)
    assert tick(world) == 1
    assert tick(world, NIGHT) == 0
    assert send(world, NIGHT) == []
    assert states(world, number) == [(SITI, "waiting", "")]
    assert tick(world, NIGHT + 10 * HOUR) == 1
    assert send(world, NIGHT + 10 * HOUR) == [SITI]


def busy(world: World, chat: int, since: object) -> None:
    with world.begin() as connection:
        connection.execute(update(CHAT).where(CHAT.c.id == chat).values(draft_at=since))


def test_nobody_is_interrupted_in_a_question_until_it_is_finished(world: World) -> None:
    number = begun(world, SITI, BUDI)
    tick(world)
    busy(world, SITI, NOW)
    tick(world)
    assert send(world) == [BUDI]
    tick(world)
    assert states(world, number)[0] == (SITI, "held", "")
    busy(world, SITI, None)
    assert tick(world) == 1
    assert send(world) == [SITI]


def test_a_question_holds_a_broadcast_up_for_a_day_at_most(sqlite_world: World) -> None:
    world = sqlite_world
    begun(world, SITI)
    busy(world, SITI, NOW)
    tick(world)
    busy(world, SITI, NOW + 20 * HOUR)
    assert (tick(world, NOW + 23 * HOUR), tick(world, NOW + 24 * HOUR)) == (0, 1)
    assert tick(world, NOW + 24 * HOUR) == 0
    assert send(world, NOW + 24 * HOUR) == [SITI]


def test_a_draft_that_has_rested_for_a_day_holds_nothing_up(sqlite_world: World) -> None:
    begun(sqlite_world, SITI)
    busy(sqlite_world, SITI, NOW - 24 * HOUR)
    tick(sqlite_world)
    assert send(sqlite_world) == [SITI]


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ({"state": "blocked", "error": "Forbidden: bot was blocked by the user"}, "blocked", ""),
        ({"state": "blocked", "error": "Forbidden: user is deactivated"}, "deactivated", ""),
        ({"state": "refused", "error": "Bad Request: no"}, "refused", "Bad Request: no"),
        ({"state": "unknown"}, "unknown", ""),
    ],
)
def test_what_became_of_each_is_known(
    sqlite_world: World, answer: dict[str, Any], state: str, reason: str
) -> None:
    number = begun(sqlite_world, SITI)
    tick(sqlite_world)
    send(sqlite_world, message_id=None, **answer)
    tick(sqlite_world)
    assert states(sqlite_world, number) == [(SITI, state, reason)]


def test_after_a_crash_the_call_in_flight_is_unknown_and_all_others_are_made_once(world: World) -> None:
    number = begun(world, SITI, BUDI)
    tick(world, most=1)
    with world.begin() as connection:
        assert [call.chat_id for call in claim(connection)] == [SITI]
    with world.begin() as connection:  # a new process begins here
        assert Outbox(connection).recover(NOW).unknown == 1
    tick(world)
    assert send(world) == [BUDI]
    tick(world)
    assert states(world, number) == [(SITI, "unknown", ""), (BUDI, "sent", "")]


def test_a_pause_takes_back_what_is_not_in_flight_and_later_it_goes_on(world: World) -> None:
    number = begun(world, SITI, BUDI, ANI)
    tick(world, most=2)
    with world.begin() as connection:
        flying = Outbox(connection).claim(NOW, Room(slots=1, paced=1, bulk=1))
    with world.scene(Resident(OFFICER)) as scene:
        pause(scene, number)
    assert send(world) == []
    assert tick(world) == 0
    assert [state for _, state, _ in states(world, number)] == ["queued", "waiting", "waiting"]
    with world.begin() as connection:
        Outbox(connection).settle([Settled(row=flying[0], state="sent", at=NOW, message_id=7)])
    with world.scene(Resident(OFFICER)) as scene:
        resume(scene, number)
    tick(world)
    assert sorted(send(world)) == [BUDI, ANI]
    tick(world)
    assert {state for _, state, _ in states(world, number)} == {"sent"}
    assert world.count(NOTICES) == 3, "what was taken back left nothing behind"


def test_a_stop_is_for_good_and_the_others_are_left_out(world: World) -> None:
    number = begun(world, SITI, BUDI)
    tick(world, most=1)
    send(world)
    with world.scene(Resident(OFFICER)) as scene:
        stop(scene, number)
    tick(world)
    assert states(world, number) == [(SITI, "sent", ""), (BUDI, "left_out", "ended")]
    with world.scene(Resident(OFFICER)) as scene, pytest.raises(RefusalError, match="stopped"):
        resume(scene, number)


def test_only_its_author_or_who_may_approve_it_steers_a_broadcast(sqlite_world: World) -> None:
    number = begun(sqlite_world, SITI, segment={"regions": ["18.07.01"]})
    sqlite_world.mandate(ANI, "18.07.03", role="kecamatan")
    sqlite_world.mandate(BUDI, "18.07.01", role="kecamatan")
    with sqlite_world.begin() as connection:
        row = connection.execute(BROADCAST.select()).one()
        assert [bool(steerer(connection, chat, row, RULES)) for chat in (OFFICER, BUDI, ANI, SITI)] == [
            *(True, True),
            *(False, False),
        ]
        assert outcomes(connection, ANI, number, RULES) is None
    with sqlite_world.scene(Resident(ANI)) as scene, pytest.raises(RefusalError, match="no mandate"):
        pause(scene, number)


def test_picture_and_voice_follow_whoever_was_told(world: World) -> None:
    number = begun(world, SITI, picture="p1", alternative="Peta aula", voice="v1", voice_seconds=9)
    tick(world)
    send(world)
    tick(world)
    calls = [(row["method"], row["params"]) for row in world.rows(OUTBOX, state="waiting")]
    assert [method for method, _ in calls] == ["sendPhoto", "sendVoice"]
    assert "Peta aula" in calls[0][1]
    assert len(world.rows(RECIPIENT, broadcast_id=number)[0]["extras"]) == 2


def test_picture_and_voice_wait_with_a_paused_broadcast_and_take_no_room_of_others(world: World) -> None:
    number = begun(world, SITI, BUDI, picture="p1", alternative="Peta")
    tick(world, most=1)
    send(world)
    tick(world, most=0)
    with world.scene(Resident(OFFICER)) as scene:
        pause(scene, number)
    assert send(world) == []
    with world.begin() as connection:
        assert room(connection, 2, NOW) == 2
    with world.scene(Resident(OFFICER)) as scene:
        resume(scene, number)
    assert send(world) == [SITI]


def test_what_is_told_while_its_broadcast_is_paused_is_followed_only_when_it_goes_on(
    sqlite_world: World,
) -> None:
    world = sqlite_world
    number = begun(world, SITI, picture="p1", alternative="Peta")
    tick(world)
    with world.begin() as connection:
        flying = claim(connection)
    with world.scene(Resident(OFFICER)) as scene:
        pause(scene, number)
    with world.begin() as connection:
        Outbox(connection).settle([Settled(row=flying[0], state="sent", at=NOW, message_id=7)])
    tick(world)
    assert send(world) == []
    with world.scene(Resident(OFFICER)) as scene:
        resume(scene, number)
    assert send(world) == [SITI]


def test_picture_and_voice_do_not_follow_by_night_nor_after_a_stop(sqlite_world: World) -> None:
    world = sqlite_world
    number = begun(world, SITI, BUDI, picture="p1", alternative="Peta")
    tick(world, most=1)
    send(world)
    tick(world, NIGHT, most=0)
    assert send(world, NIGHT) == []
    assert len(world.rows(OUTBOX, state="waiting")) == 1, "until the morning"
    with world.scene(Resident(OFFICER)) as scene:
        stop(scene, number)
    assert world.rows(OUTBOX, state="waiting") == []


def test_a_correction_reaches_who_was_told_and_who_is_still_to_be_told(world: World) -> None:
    number = begun(world, SITI, BUDI, easy="Rapat Selasa.")
    tick(world, most=1)
    send(world)
    with world.scene(Resident(OFFICER)) as scene:
        correct(scene, number, "Rapat hari Rabu.")
    tick(world)
    with world.begin() as connection:
        (old,) = to_mend(connection, NOW, 9)
        mended(connection, [old])
        assert old.chat_id == SITI
        assert old.notice is not None
        assert (old.notice.params["words"], old.notice.params["easy"]) == ("Rapat hari Rabu.", "")
        (call,) = claim(connection)
        assert call.notice is not None
        assert call.notice.params["words"] == "Rapat hari Rabu."
    tick(world)
    with world.begin() as connection:
        assert to_mend(connection, NOW, 9) == []


def test_words_for_many_are_not_replaced_by_their_author_alone(sqlite_world: World) -> None:
    number = begun(sqlite_world, SITI, BUDI)
    sqlite_world.mandate(ANI, "18.07", role="bappeda")
    strict = replace(RULES, approve_above=1)
    with sqlite_world.scene(Resident(OFFICER)) as scene, pytest.raises(RefusalError) as refused:
        correct(replace(scene, rules=strict), number, "Rapat hari Rabu.")
    assert refused.value.reason == "second"
    with sqlite_world.scene(Resident(ANI)) as scene:
        correct(replace(scene, rules=strict), number, "Rapat hari Rabu.")
    assert sqlite_world.rows(BROADCAST)[0]["corrected"] == "Rapat hari Rabu."


def test_what_was_sent_in_the_last_48_hours_is_taken_back_with_what_followed(sqlite_world: World) -> None:
    number = begun(sqlite_world, SITI, BUDI, picture="p1", alternative="Peta")
    tick(sqlite_world, most=1)
    send(sqlite_world)
    tick(sqlite_world, most=0)
    send(sqlite_world)
    with sqlite_world.scene(Resident(OFFICER)) as scene:
        take_back(scene, number)
    tick(sqlite_world)
    with sqlite_world.begin() as connection:
        (old,) = to_mend(connection, NOW, 9)
        mended(connection, [old])
        assert len(old.numbers) == 2
        assert told({"topic": "schedule", **words_of(connection, [number])[number].params()}) == (
            Line("broadcast.taken_back"),
        )
    assert states(sqlite_world, number)[1] == (BUDI, "left_out", "ended")
    with sqlite_world.scene(Resident(OFFICER)) as scene, pytest.raises(RefusalError):
        correct(scene, number, "Rapat hari Rabu.")


def test_a_picture_that_has_not_followed_yet_does_not_follow_what_was_taken_back(sqlite_world: World) -> None:
    number = begun(sqlite_world, SITI, picture="p1", alternative="Peta")
    tick(sqlite_world)
    send(sqlite_world)
    tick(sqlite_world)
    with sqlite_world.scene(Resident(OFFICER)) as scene:
        take_back(scene, number)
    with sqlite_world.begin() as connection:
        mended(connection, to_mend(connection, NOW, 9))
    assert send(sqlite_world) == []


def test_after_48_hours_nothing_of_it_can_be_changed(sqlite_world: World) -> None:
    number = begun(sqlite_world, SITI)
    tick(sqlite_world)
    send(sqlite_world)
    tick(sqlite_world)
    with sqlite_world.scene(Resident(OFFICER), NOW + 48 * HOUR) as scene, pytest.raises(RefusalError):
        take_back(scene, number)


def test_no_more_of_its_kind_is_wanted_by_whoever_was_told_alone(world: World) -> None:
    number = begun(world, SITI)
    tick(world)
    for _ in range(2):
        with world.scene(Resident(SITI)) as scene:
            want(scene, number, wanted=False)
    with world.scene(Resident(BUDI)) as scene, pytest.raises(RefusalError, match="not told"):
        want(scene, number, wanted=False)
    assert [(row["chat_id"], row["topic"]) for row in world.rows(STOP)] == [(SITI, "schedule")]
    with world.scene(Resident(SITI)) as scene:
        want(scene, number, wanted=True)
    assert world.rows(STOP) == []


def test_whoever_switches_broadcasts_on_gets_every_kind_again(sqlite_world: World) -> None:
    number = begun(sqlite_world, SITI)
    tick(sqlite_world)
    with sqlite_world.scene(Resident(SITI)) as scene:
        want(scene, number, wanted=False)
        set_messages(scene.connection, scene.actor, "broadcast", wanted=True)
    assert sqlite_world.rows(STOP) == []


def test_the_outcomes_tell_places_and_nothing_that_leads_to_people(sqlite_world: World) -> None:
    number = begun(sqlite_world, SITI)
    with sqlite_world.begin() as connection:
        known = {"village_kode": "18.07.01.2001"}
        connection.execute(update(RESIDENT).where(RESIDENT.c.chat_id == SITI).values(known))
        (one,) = outcomes(connection, OFFICER, number, RULES) or []
    assert (one.place, one.state) == ("Sukadana, Sukadana", "waiting")
    assert str(SITI) not in repr(one)
