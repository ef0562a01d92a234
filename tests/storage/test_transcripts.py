"""The speaker has the last word about their words; every version is kept, and so is the recording."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from conversations.chat import Part
from conversations.effects import AnswerTranscript
from conversations.facts import AspirationView, TranscriptView
from storage.actor import RefusalError, Resident
from storage.claims import claim
from storage.letters import ANSWERABLE, letter, newest
from storage.media import MEDIA, PART
from storage.notices import NOTICES, Message, release, tell
from storage.residents import require, set_messages
from storage.transcripts import OFFERED, answer, drafted, recording, undrafted, view
from storage.unheard import TASK, TRANSCRIPT, ticket_of
from storage.views import aspiration
from tests.storage.test_relays import YUNI, relays, spoken
from tests.storage.test_tasks import SUKADANA, recorded, seen, takes, writes
from tests.storage.world import ANI, BUDI, DELIVERY, NOW, RULES, SITI, World, voice

WORDS = "Jalan ke sekolah rusak"


def transcribed(world: World, words: str = WORDS, **draft: Any) -> str:
    """Siti's voice is stored, and Budi writes down what it says; returns the ticket."""
    world.mandate(BUDI, SUKADANA, role="transcriber")
    ticket = world.submit(SITI, parts=(voice("said"),), **draft).ticket
    takes(world, BUDI)
    assert writes(world, BUDI, words) == ""
    return ticket


def answers(world: World, chat: int, *, right: bool, correction: Part | None = None, number: int = 1) -> str:
    """The speaker's answer: "" or why it is not taken."""
    with world.scene(Resident(chat)) as scene:
        try:
            answer(scene, AnswerTranscript(transcript=number, right=right, correction=correction))
        except RefusalError as refusal:
            return refusal.reason
    return ""


def asked(world: World, chat: int, number: int = 1) -> TranscriptView | None:
    """What a chat is asked to confirm."""
    with world.begin() as connection:
        return view(connection, chat, number)


def looked_at(world: World, chat: int, ticket: str) -> AspirationView:
    """One's own aspiration."""
    with world.begin() as connection:
        found = aspiration(connection, chat, ticket, RULES)
        assert found is not None
        return found


def states(world: World) -> list[tuple[str, str, str]]:
    """All versions: words, source, state."""
    return [(row["words"], row["source"], row["state"]) for row in world.rows(TRANSCRIPT)]


def test_the_speaker_is_asked_whether_the_words_are_right(world: World) -> None:
    ticket = transcribed(world)
    (told,) = world.rows(NOTICES)
    assert (told["chat_id"], told["key"]) == (SITI, OFFERED)
    said = letter(told["key"], told["params"])
    assert (said.step, said.ref) == ("transcript", "1")
    assert [line.key for line in said.lines] == ["transcript.offered", "transcript.words"]
    assert asked(world, SITI) == TranscriptView(id=1, ticket=ticket, words=WORDS)
    assert asked(world, BUDI) is None, "who wrote it down cannot confirm it"


def test_until_the_speaker_agrees_the_words_are_not_theirs(world: World) -> None:
    """Their aspiration says that it waits to be heard; afterwards it says what they said."""
    ticket = transcribed(world)
    assert (looked_at(world, SITI, ticket).summary, looked_at(world, SITI, ticket).unheard) == ("", "voice")
    assert answers(world, SITI, right=True) == ""
    assert (looked_at(world, SITI, ticket).summary, looked_at(world, SITI, ticket).unheard) == (WORDS, "")
    assert answers(world, SITI, right=True) == "", "said twice it is still right"
    assert answers(world, SITI, right=False, correction=Part(kind="text", message=1, text="x")) == "settled"
    assert states(world) == [(WORDS, "person", "confirmed")]


def test_a_correction_in_words_is_the_speakers_own_version(world: World) -> None:
    ticket = transcribed(world)
    correction = Part(kind="text", message=9, text=" Jembatan, bukan jalan ")
    assert answers(world, SITI, right=False, correction=correction) == ""
    assert states(world) == [
        (WORDS, "person", "replaced"),
        ("Jembatan, bukan jalan", "speaker", "confirmed"),
    ]
    assert looked_at(world, SITI, ticket).summary == "Jembatan, bukan jalan"
    assert world.rows(MEDIA)[0]["unique_id"] == "said"


def test_a_correction_that_is_spoken_is_one_more_recording_and_a_task(world: World) -> None:
    ticket = transcribed(world)
    assert answers(world, SITI, right=False, correction=recorded("voice", "again")) == ""
    assert states(world) == [(WORDS, "person", "refused")]
    assert [(row["kind"], row["position"]) for row in world.rows(PART, role="need")] == [
        ("voice", 0),
        ("voice", 1),
    ]
    (task,) = seen(world, BUDI)
    assert takes(world, BUDI, task.id) == ""
    writes(world, BUDI, "Jembatan rusak", task.id)
    assert answers(world, SITI, right=True, number=2) == ""
    assert looked_at(world, SITI, ticket).summary == "Jembatan rusak"


@pytest.mark.parametrize("correction", [None, Part(kind="text", message=1, text=" ")])
def test_what_is_right_instead_must_be_said(world: World, correction: Part | None) -> None:
    transcribed(world)
    assert answers(world, SITI, right=False, correction=correction) == "empty"
    assert states(world) == [(WORDS, "person", "offered")]


@pytest.mark.parametrize("stranger", [BUDI, ANI, YUNI])
def test_nobody_else_can_answer(world: World, stranger: int) -> None:
    transcribed(world)
    assert answers(world, stranger, right=True) == "settled"
    assert answers(world, SITI, right=True, number=99) == "settled"


def test_for_somebody_spoken_for_the_facilitator_is_asked_to_read_it_out(world: World) -> None:
    world.mandate(YUNI)
    world.mandate(BUDI, SUKADANA, role="transcriber")
    relays(world, spoken())
    takes(world, BUDI)
    writes(world, BUDI, WORDS)
    (told,) = world.rows(NOTICES)
    assert told["chat_id"] == YUNI
    first = letter(told["key"], told["params"]).lines[0]
    assert (first.key, (first.params or {})["name"]) == ("transcript.relayed", "Ibu Marni")
    assert answers(world, YUNI, right=True) == ""
    assert states(world) == [(WORDS, "person", "confirmed")]


def test_once_claimed_only_the_person_answers(world: World) -> None:
    """The facilitator then no longer reads it."""
    world.mandate(YUNI)
    world.mandate(BUDI, SUKADANA, role="transcriber")
    handed = relays(world, spoken())
    takes(world, BUDI)
    writes(world, BUDI, WORDS)
    world.consent(ANI)
    with world.scene(Resident(ANI)) as scene:
        assert claim(scene, require(scene.connection, Resident(ANI), "1"), handed.ticket, handed.claim_code)
    assert asked(world, YUNI) is None
    assert answers(world, YUNI, right=True) == "settled"
    (told,) = world.rows(NOTICES, key=OFFERED)
    assert told["chat_id"] == ANI, "what the facilitator was to read out, its author is asked themself"
    assert letter(told["key"], told["params"]).lines[0].key == "transcript.offered"
    assert answers(world, ANI, right=True) == ""


def test_who_wants_no_messages_is_not_asked(world: World) -> None:
    world.mandate(BUDI, SUKADANA, role="transcriber")
    world.submit(SITI, parts=(voice("said"),))
    with world.begin() as connection:
        set_messages(connection, Resident(SITI), "notice", wanted=False)
    takes(world, BUDI)
    assert writes(world, BUDI, WORDS) == ""
    assert world.rows(NOTICES) == []
    assert states(world) == [(WORDS, "person", "offered")]


def test_words_of_danger_in_a_transcript_raise_the_alarm_once(world: World) -> None:
    """Nobody knew them before; such an aspiration is never published (issue 3)."""
    world.mandate(ANI, SUKADANA, role="safeguard")
    ticket = transcribed(world, "Saya dipukul suami setiap malam")
    assert world.aspiration(ticket)["flagged"] == "danger"
    assert [row["chat_id"] for row in world.rows(NOTICES, key="alert.raised")] == [ANI]
    correction = Part(kind="text", message=9, text="Saya dipukul suami tadi malam")
    answers(world, SITI, right=False, correction=correction)
    assert len(world.rows(NOTICES, key="alert.raised")) == 1


def test_a_machines_draft_is_shown_as_one_and_gives_way_to_a_person(world: World) -> None:
    world.mandate(BUDI, SUKADANA, role="transcriber")
    ticket = world.submit(SITI, parts=(voice("said"), recorded("video", "film"))).ticket
    with world.begin() as connection:
        assert list(undrafted(connection, 10)) == [], "the file is not here yet"
        connection.execute(update(MEDIA).values(sha256="ab" * 32, state="kept"))
        assert list(undrafted(connection, 10)) == [1], "videos are for interpreters"
        assert recording(connection, 1) == "ab" * 32
        assert drafted(connection, 1, "jalan rusak", NOW)
        assert not drafted(connection, 1, "jalan rusak", NOW)
        assert list(undrafted(connection, 10)) == []
    (task,) = seen(world, BUDI)
    assert (task.words, task.machine) == ("jalan rusak", True)
    assert looked_at(world, SITI, ticket).summary == ""
    assert asked(world, SITI) is None
    takes(world, BUDI)
    writes(world, BUDI, WORDS)
    assert states(world) == [("jalan rusak", "machine", "replaced"), (WORDS, "person", "offered")]
    with world.begin() as connection:
        assert not drafted(connection, 1, "too late", NOW)


def test_a_withdrawn_recording_takes_its_words_with_it(world: World) -> None:
    """Words are personal: what is stripped of an aspiration goes with its versions and tasks."""
    transcribed(world)
    with world.begin() as connection:
        connection.execute(PART.delete())
    assert (world.count(TRANSCRIPT), world.count(TASK)) == (0, 0)


def test_the_newest_letters_to_a_chat_can_be_answered_by_name(world: World) -> None:
    """Once they have gone out, and no others' letters: what stands on their buttons may be typed."""
    transcribed(world)
    with world.begin() as connection:
        assert newest(connection, SITI) == ()
        assert release(connection, DELIVERY, NOW) == 1
        assert newest(connection, SITI) == (("transcript", "1"),)
        assert newest(connection, BUDI) == ()


def test_of_many_letters_only_the_newest_can_be_answered(world: World) -> None:
    transcribed(world)
    with world.begin() as connection:
        params = {"transcript": 1, "ticket": "4829138", "words": WORDS, "name": ""}
        for _ in range(ANSWERABLE):
            tell(connection, Message(chat_id=SITI, key=OFFERED, params=params | {"transcript": 2}), NOW)
        release(connection, DELIVERY, NOW)
        assert newest(connection, SITI) == (("transcript", "2"),) * ANSWERABLE


def test_who_sent_a_file_that_others_sent_too_is_told_their_own_number_alone(world: World) -> None:
    """A recording that goes round belongs to many: the number of somebody else's is theirs."""
    ticket = world.submit(SITI, parts=(voice("round"),), visibility="anonymous").ticket
    world.mandate(YUNI)
    relayed = relays(world, spoken(1, parts=(voice("round"),))).ticket
    with world.begin() as connection:
        asked = [ticket_of(connection, chat, "round") for chat in (SITI, YUNI, BUDI)]
    assert asked == [ticket, relayed, ""]
