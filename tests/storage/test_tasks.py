"""Tasks for people: each recording makes one, only those see it who may, one takes it, and nobody checks themself."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from conversations.chat import Media, Part
from conversations.effects import WriteTranscript
from conversations.events import Saved
from conversations.facts import TaskView
from storage import tasks
from storage.actor import RefusalError, Resident
from storage.aspirations import retract, withdraw
from storage.ledger import OUTBOX
from storage.mandates import revoke
from storage.rules import Scene
from storage.tasks import TAKEN_FOR, free, listing, perform, release, take, view, write
from storage.unheard import TASK, TRANSCRIPT
from tests.storage.test_relays import YUNI, relays, spoken
from tests.storage.world import ANI, BAPPEDA, BUDI, NOW, RULES, SITI, World, voice

SUKADANA, SUKADANA_DESA, JABUNG, KABUPATEN = "18.07.01", "18.07.01.2001", "18.07.03", "18.07"


def recorded(kind: str, unique_id: str) -> Part:
    """A recording of 40 seconds."""
    media = Media(file_id=f"fetch-{unique_id}", unique_id=unique_id, seconds=40)
    return Part(kind=kind, message=1, media=media)  # type: ignore[arg-type]


def seen(world: World, chat: int) -> list[TaskView]:
    """What a chat has to do."""
    with world.begin() as connection:
        return list(listing(connection, chat, RULES))


def takes(world: World, chat: int, number: int = 1, after: timedelta = timedelta()) -> str:
    """Somebody takes a task: "" or why not."""
    with world.scene(Resident(chat), NOW + after) as scene:
        try:
            take(scene, number)
        except RefusalError as refusal:
            return refusal.reason
    return ""


def writes(world: World, chat: int, words: str, number: int = 1, *, check: bool = False) -> str:
    """Somebody writes down what they heard: "" or why it is not taken."""
    with world.scene(Resident(chat)) as scene:
        try:
            write(scene, number, words, check=check)
        except RefusalError as refusal:
            return refusal.reason
    return ""


def sent(world: World) -> list[dict[str, Any]]:
    """The calls in the outbox that send a recording."""
    return [{"method": row["method"], **json.loads(row["params"])} for row in world.rows(OUTBOX)]


def test_every_recording_makes_one_task_and_words_make_none(world: World) -> None:
    parts = (
        Part(kind="text", message=1, text="Jalan rusak"),
        voice("a"),
        recorded("audio", "b"),
        recorded("video", "c"),
        recorded("video_note", "d"),
        recorded("photo", "e"),
    )
    world.submit(SITI, parts=parts, landmark=voice("f"))
    kinds = [row["kind"] for row in world.rows(TASK)]
    assert kinds == ["transcribe", "transcribe", "interpret", "interpret", "transcribe"]
    assert {row["region"] for row in world.rows(TASK)} == {SUKADANA_DESA}
    world.submit(BUDI)
    assert world.count(TASK) == 5


def test_the_same_draft_sent_twice_makes_its_tasks_once(world: World) -> None:
    for _ in range(2):
        world.submit(SITI, parts=(voice("a"),))
    assert world.count(TASK) == 1


def test_a_transcriber_hears_and_an_interpreter_sees_each_where_their_mandate_reaches(world: World) -> None:
    world.submit(SITI, parts=(voice("a"), recorded("video_note", "b")))
    world.mandate(BUDI, SUKADANA, role="transcriber")
    world.mandate(ANI, KABUPATEN, role="interpreter")
    world.mandate(YUNI, JABUNG, role="transcriber")
    (heard,), (watched,) = seen(world, BUDI), seen(world, ANI)
    assert (heard.kind, heard.place, heard.seconds, heard.mine) == ("transcribe", "Sukadana", 5, False)
    assert (watched.kind, watched.seconds, watched.waiting_since) == ("interpret", 40, NOW)
    assert seen(world, YUNI) == []
    assert seen(world, SITI) == []


def test_a_facilitator_hears_their_own_people_alone(world: World) -> None:
    """Also where their mandate reaches, the voices of others are not theirs."""
    world.mandate(YUNI)
    relays(world, spoken(1))
    world.submit(SITI, parts=(voice("other"), recorded("video", "film")))
    assert [task.id for task in seen(world, YUNI)] == [1]
    assert takes(world, YUNI, 2) == "unknown"


def test_of_an_anonymous_aspiration_only_a_mandate_wider_than_the_village_tells(world: World) -> None:
    """A neighbour would know the voice."""
    world.mandate(BUDI, SUKADANA_DESA, role="transcriber")
    world.mandate(ANI, SUKADANA, role="transcriber")
    world.submit(SITI, 1, parts=(voice("a"),), visibility="anonymous")
    world.submit(SITI, 2, parts=(voice("b"),))
    assert [task.id for task in seen(world, BUDI)] == [2]
    assert [task.id for task in seen(world, ANI)] == [1, 2]
    assert takes(world, BUDI, 1) == "unknown"


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("voice", "sendVoice"),
        ("audio", "sendAudio"),
        ("video", "sendVideo"),
        ("video_note", "sendVideoNote"),
    ],
)
def test_who_takes_a_task_gets_the_recording_protected_and_without_its_author(
    world: World, kind: str, method: str
) -> None:
    """Never forwarded: that would name the author (Bot API, forwardMessage)."""
    role = "transcriber" if kind in {"voice", "audio"} else "interpreter"
    world.mandate(BUDI, SUKADANA, role=role)
    world.submit(SITI, parts=(recorded(kind, "a"),))
    assert takes(world, BUDI) == ""
    call = {"method": method, "chat_id": BUDI, kind: "fetch-a", "duration": 40, "protect_content": True}
    assert sent(world) == [call]
    assert takes(world, BUDI) == "", "again it is only sent once more"
    assert len(sent(world)) == 2
    assert [task.mine for task in seen(world, BUDI)] == [True]


def test_of_two_who_take_at_once_one_gets_it(world: World) -> None:
    for chat in (BUDI, ANI):
        world.mandate(chat, SUKADANA, role="transcriber")
    world.submit(SITI, parts=(voice("a"),))
    start, got = threading.Barrier(2), list[str]()

    def go(chat: int) -> None:
        start.wait()
        got.append(takes(world, chat))

    threads = [threading.Thread(target=go, args=(chat,)) for chat in (BUDI, ANI)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got.count("") == 1
    assert len(sent(world)) == 1
    assert sorted(len(seen(world, chat)) for chat in (BUDI, ANI)) == [0, 1]


def test_what_is_given_back_and_what_was_forgotten_for_a_day_is_open_to_others_again(world: World) -> None:
    for chat in (BUDI, ANI):
        world.mandate(chat, SUKADANA, role="transcriber")
    world.submit(SITI, parts=(voice("a"),))
    takes(world, BUDI)
    with world.scene(Resident(BUDI)) as scene:
        release(scene, 1)
    assert takes(world, ANI) == ""
    assert seen(world, BUDI) == []
    with world.begin() as connection:
        assert free(connection, NOW + TAKEN_FOR - timedelta(seconds=1)) == 0
        assert free(connection, NOW + TAKEN_FOR) == 1
        assert free(connection, NOW + TAKEN_FOR) == 0
    assert [len(seen(world, chat)) for chat in (BUDI, ANI)] == [1, 1]


def test_only_who_has_taken_a_task_writes_its_words_and_only_once(world: World) -> None:
    for chat in (BUDI, ANI):
        world.mandate(chat, SUKADANA, role="transcriber")
    world.submit(SITI, parts=(voice("a"),))
    assert writes(world, BUDI, "Jalan rusak") == "unknown"
    takes(world, BUDI)
    assert writes(world, ANI, "Jalan rusak") == "unknown"
    assert writes(world, BUDI, "  ") == "empty"
    assert writes(world, BUDI, "a" * 4000) == "too_long"
    assert writes(world, BUDI, " Jalan [tidak jelas] rusak ") == ""
    assert writes(world, BUDI, "Jalan rusak") == "unknown"
    (row,) = world.rows(TRANSCRIPT)
    assert (row["words"], row["source"], row["state"]) == ("Jalan [tidak jelas] rusak", "person", "offered")
    assert world.rows(TASK)[0]["state"] == "done"


def test_a_check_is_done_by_somebody_else(world: World) -> None:
    """Not by the same person through another mandate of theirs either; the first words are kept."""
    for chat in (BUDI, ANI):
        world.mandate(chat, SUKADANA, role="transcriber")
    world.mandate(BUDI, SUKADANA, role="facilitator")
    world.submit(SITI, parts=(voice("a"),))
    takes(world, BUDI)
    writes(world, BUDI, "Jalan rusak", check=True)
    assert seen(world, BUDI) == []
    (task,) = seen(world, ANI)
    assert (task.kind, task.words, task.machine) == ("check", "Jalan rusak", False)
    assert takes(world, BUDI, task.id) == "unknown"
    takes(world, ANI, task.id)
    assert writes(world, ANI, "Jalan desa rusak", task.id, check=True) == ""
    first, second = world.rows(TRANSCRIPT)
    assert (first["words"], first["state"]) == ("Jalan rusak", "replaced")
    assert (second["words"], second["source"], second["state"]) == ("Jalan desa rusak", "checked", "offered")
    assert world.count(TASK) == 2, "nobody checks the checker"


def test_what_was_taken_back_or_withdrawn_is_nobodys_task(world: World) -> None:
    world.mandate(BUDI, SUKADANA, role="transcriber")
    first, second = (world.submit(SITI, n, parts=(voice(f"v{n}"),)).ticket for n in (1, 2))
    with world.scene(Resident(SITI)) as scene:
        retract(scene, first)
        withdraw(scene, second)
    assert seen(world, BUDI) == []
    assert world.count(TASK) == 1


def test_without_a_mandate_in_force_there_is_nothing_to_see(world: World) -> None:
    mandate = world.mandate(BUDI, SUKADANA, role="transcriber")
    world.submit(SITI, parts=(voice("a"),))
    with world.scene(BAPPEDA) as scene:
        revoke(scene, mandate)
    assert seen(world, BUDI) == []
    with world.begin() as connection:
        assert view(connection, BUDI, 1, RULES) is None


def test_the_effects_of_a_turn_are_done(world: World) -> None:
    world.mandate(BUDI, SUKADANA, role="transcriber")
    world.submit(SITI, parts=(voice("a"),))
    takes(world, BUDI)
    with world.scene(Resident(BUDI)) as scene:
        done = perform(scene, WriteTranscript(task=1, words="Jalan rusak"))
        assert isinstance(done, Saved)
    assert tasks.SENDING.keys() == {"voice", "audio", "video", "video_note"}


@pytest.mark.parametrize("deed", ["release", "write"])
def test_whoever_has_lost_a_task_meanwhile_takes_it_from_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    """On PostgreSQL the clock may give it back, and somebody else take it, after it was read."""
    held = [world.mandate(chat, SUKADANA, role="transcriber") for chat in (BUDI, ANI)]
    world.submit(SITI, parts=(voice("a"),))
    takes(world, BUDI)
    read = tasks._require

    def require(scene: Scene, number: int) -> Any:
        row = read(scene, number)
        scene.connection.execute(update(TASK).values(mandate_id=held[1]))
        return row

    monkeypatch.setattr(tasks, "_require", require)
    with pytest.raises(RefusalError) as refusal, world.scene(Resident(BUDI)) as scene:
        release(scene, 1) if deed == "release" else write(scene, 1, "Jalan rusak")
    assert refusal.value.reason == "unknown"
    assert world.count(TRANSCRIPT) == 0
