"""Tasks for people in conversation: a recording is taken, its words are typed, looked at once more, and sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations import effects
from conversations.chat import Part
from conversations.facts import MandateView, Role, TaskView, TranscriptView
from conversations.flows.tasks import LONGEST_TRANSCRIPT, whole
from conversations.texts import MESSAGE_LIMIT
from tests.conversations.literal_facts import MINE, NOON, real_texts
from tests.conversations.talking import At, Talk, agreed_talk, at_landmark

TASK = TaskView(id=1, kind="transcribe", place="Rajabasa", seconds=42, waiting_since=NOON)
SIGNED = replace(TASK, id=2, kind="interpret")
CHECK = replace(TASK, id=3, kind="check", words="Jalan rusak")
DRAFTED = replace(TASK, id=4, words="jalan rusak", machine=True)
WORDS = TranscriptView(id=7, ticket=MINE, words="Jalan ke sekolah rusak")


def mandate(role: Role) -> MandateView:
    """A mandate for Sukadana."""
    return MandateView(id=1, role=role, scope=("18.07.01",), places=("Sukadana",))


def listener(*tasks: TaskView, role: Role = "transcriber") -> Talk:
    """Somebody with a mandate and these tasks, at the menu."""
    return agreed_talk(mandates=(mandate(role),), open_tasks=tasks)


def at_words(task: TaskView = TASK) -> Talk:
    """A task was taken; its words are asked for."""
    talk = listener(task)
    talk.types("tugas", "1")
    return talk


def written(talk: Talk) -> effects.WriteTranscript:
    """What was written down last."""
    found = [one for one in talk.world.performed if isinstance(one, effects.WriteTranscript)]
    return found[-1]


def test_who_has_no_mandate_is_told_whom_to_ask() -> None:
    talk = agreed_talk()
    talk.types("/tugas")
    assert "tasks.stranger" in talk.last.keys


@pytest.mark.parametrize("role", ["transcriber", "interpreter", "facilitator"])
def test_who_has_a_mandate_and_nothing_to_do_hears_so(role: Role) -> None:
    talk = listener(role=role)
    talk.types("tugas")
    assert "tasks.none" in talk.last.keys


def test_the_list_names_kind_length_place_and_how_long_it_has_waited() -> None:
    old = replace(SIGNED, waiting_since=NOON - timedelta(days=12))
    talk = listener(TASK, old, replace(TASK, id=5, mine=True))
    talk.types("tugas")
    text = talk.last.message.text
    assert "1. Suara, 42 detik, Rajabasa, baru hari ini" in text
    assert "2. Isyarat, 42 detik, Rajabasa, sudah 12 hari" in text
    assert "3. Tugas Anda: Suara, 42 detik, Rajabasa" in text


def test_a_task_is_taken_and_its_words_are_typed_and_sent() -> None:
    talk = at_words()
    assert talk.world.performed[-1] == effects.TakeTask(task=1)
    assert talk.last.keys == ("tasks.words",)
    talk.types("Jalan ke sekolah [tidak jelas] rusak")
    assert "Jalan ke sekolah [tidak jelas] rusak" in talk.last.message.text
    talk.presses("Kirim")
    assert written(talk) == effects.WriteTranscript(task=1, words="Jalan ke sekolah [tidak jelas] rusak")
    assert "tasks.sent" in talk.last.keys


def test_words_can_be_typed_anew_before_they_are_sent() -> None:
    talk = at_words()
    talk.types("Jalan rusak", "Jembatan rusak", "minta periksa")
    assert written(talk) == effects.WriteTranscript(task=1, words="Jembatan rusak", check=True)
    assert "tasks.sent.check" in talk.last.keys


@pytest.mark.parametrize("words", [(), ("Jalan rusak",)])
def test_a_task_can_be_given_back(words: tuple[str, ...]) -> None:
    talk = at_words()
    talk.types(*words, "kembalikan")
    assert talk.world.performed[-1] == effects.ReleaseTask(task=1)
    assert "tasks.released" in talk.shown[-1].keys


def test_what_was_typed_outlives_a_question_in_between() -> None:
    """Help, and back: nothing is typed twice."""
    talk = at_words()
    talk.types("Jalan rusak", "bantuan")
    talk.presses("Kirim")
    assert written(talk).words == "Jalan rusak"


def test_interpreting_is_the_same_work_with_words_of_its_own() -> None:
    talk = at_words(SIGNED)
    assert "Lihat videonya" in talk.last.message.text
    talk.types("Minta juru bahasa isyarat di rapat", "kirim")
    assert written(talk).words == "Minta juru bahasa isyarat di rapat"


def test_the_second_person_agrees_or_corrects_and_asks_for_no_third() -> None:
    talk = at_words(CHECK)
    assert "Jalan rusak" in talk.last.message.text
    right = talk.copy()
    right.presses("Betul")
    assert written(right) == effects.WriteTranscript(task=3, words="Jalan rusak")
    talk.presses("Perbaiki")
    talk.types("Jalan desa rusak")
    assert [button.label for button in talk.last.message.buttons] == ["Kirim", "Kembalikan tugas"]
    talk.presses("Kirim")
    assert written(talk) == effects.WriteTranscript(task=3, words="Jalan desa rusak")


def test_a_machines_draft_is_called_one_and_is_only_a_beginning() -> None:
    talk = at_words(DRAFTED)
    assert "Draf mesin, belum tentu benar:\n“jalan rusak”" in talk.last.message.text
    talk.presses("Pakai draf mesin")
    assert "Anda menulis:\n“jalan rusak”" in talk.last.message.text
    talk.types("Jalan ke sekolah rusak", "kirim")
    assert written(talk).words == "Jalan ke sekolah rusak"


def test_without_a_draft_no_machine_is_named() -> None:
    assert "mesin" not in at_words().last.message.text


def test_a_recording_is_no_answer_and_too_many_words_are_none() -> None:
    talk = at_words()
    talk.speaks()
    assert talk.chat.step == "tasks.words"
    talk.types("a" * (LONGEST_TRANSCRIPT + 1))
    assert "tasks.too_long" in talk.last.keys
    assert talk.chat.step == "tasks.words"


def test_a_task_that_somebody_else_has_taken_is_gone() -> None:
    talk = listener(TASK, SIGNED)
    talk.types("tugas")
    talk.world.refuses = "taken"
    talk.types("1")
    assert "tasks.gone" in talk.last.keys
    assert talk.chat.step == "tasks.list"


def test_a_forged_button_names_no_task() -> None:
    talk = listener(TASK)
    talk.types("tugas")
    talk.presses_payload("tasks.list:99:0", 1)
    assert [one for one in talk.world.performed if isinstance(one, effects.TakeTask)] == []


def test_a_task_interrupts_an_answer_and_gives_it_back() -> None:
    talk = at_landmark()
    talk.world.mandates = (mandate("transcriber"),)
    talk.types("tugas")
    assert talk.chat.step == "intake.landmark"
    assert talk.chat.draft is not None


@pytest.mark.parametrize("length", [10, 900, 901, 3500])
def test_long_words_are_shown_whole(length: int) -> None:
    """Cut short, nobody could say whether they are right."""
    words = ("jalan rusak " * 300)[:length].strip()
    talk = at_words()
    talk.types(words)
    shown = talk.last.message.text
    assert "…" not in shown
    assert len(shown) <= MESSAGE_LIMIT
    assert words.replace(" ", "") in shown.replace("\n", "").replace(" ", "")


def test_pieces_break_between_words() -> None:
    assert whole("a" * 899 + " bcd").lines == ("a" * 899, "bcd")
    assert whole("a" * 1000).lines == ("a" * 900, "a" * 100)
    assert whole("satu\ndua").lines == ("satu", "dua")


# The speaker


def speaker(**facts: object) -> Talk:
    """Somebody whose recording was written down."""
    return agreed_talk(transcripts=(WORDS,), **facts)


def presses(talk: Talk, value: str, number: int = 7) -> None:
    """A button under the message that showed the words."""
    talk.presses_payload(f"transcript:{value}:{number}", 1)


def answered(talk: Talk) -> list[effects.AnswerTranscript]:
    return [one for one in talk.world.performed if isinstance(one, effects.AnswerTranscript)]


def test_the_speaker_says_that_it_is_right() -> None:
    talk = speaker()
    presses(talk, "right")
    assert answered(talk) == [effects.AnswerTranscript(transcript=7, right=True)]
    assert "transcript.thanks" in talk.last.keys


def test_the_speaker_types_what_is_right() -> None:
    talk = speaker()
    presses(talk, "change")
    assert "Jalan ke sekolah rusak" in talk.last.message.text
    talk.types("Jembatan rusak")
    (answer,) = answered(talk)
    assert (answer.right, answer.correction) == (
        False,
        Part(kind="text", message=talk.number - 1, text="Jembatan rusak"),
    )
    assert "transcript.reworded" in talk.last.keys


@pytest.mark.parametrize("how", ["speaks", "films"])
def test_the_speaker_says_or_signs_it_again(how: str) -> None:
    """Its file is fetched like any other."""
    talk = speaker()
    presses(talk, "change")
    getattr(talk, how)()
    (answer,) = answered(talk)
    assert answer.correction is not None
    assert answer.correction.media is not None
    assert [media.unique_id for media in talk.world.kept] == [answer.correction.media.unique_id]
    assert "transcript.recorded" in talk.last.keys


def test_a_recording_that_is_too_long_is_asked_for_again() -> None:
    talk = speaker()
    presses(talk, "change")
    talk.speaks(400)
    assert answered(talk) == []
    assert talk.last.keys[0] == "media.too_long"
    assert talk.chat.step == "transcript.ask"


def test_whoever_thinks_better_of_it_says_that_it_was_right() -> None:
    talk = speaker()
    presses(talk, "change")
    talk.types("sudah betul")
    assert answered(talk) == [effects.AnswerTranscript(transcript=7, right=True)]


@pytest.mark.parametrize("value", ["right", "change"])
def test_words_of_somebody_else_cannot_be_answered(value: str) -> None:
    talk = speaker()
    presses(talk, value, 8)
    assert "transcript.settled" in talk.last.keys


def test_answering_costs_no_open_question() -> None:
    talk = at_landmark(transcripts=(WORDS,))
    presses(talk, "right")
    assert talk.chat.step == "intake.landmark"


def test_all_of_it_can_be_read_in_every_language() -> None:
    for locale in ("id", "id@mudah", "en"):
        talk = at_words(DRAFTED)
        for shown in talk.shown[-2:]:
            assert real_texts().say(shown.say.lines, shown.say.buttons, locale).text


@pytest.mark.parametrize("at", [agreed_talk, at_landmark])
def test_what_stands_on_the_buttons_of_a_letter_may_be_typed(at: At) -> None:
    """It came by itself, so it stands beside whatever is asked: also where any words are an answer."""
    talk = at(transcripts=(WORDS,))
    step = talk.chat.step
    talk.types("Betul")
    assert answered(talk) == [effects.AnswerTranscript(transcript=7, right=True)]
    assert talk.chat.step == step


def test_without_a_letter_the_same_word_is_an_answer() -> None:
    talk = at_landmark()
    talk.types("Betul")
    assert talk.chat.step == "intake.field"


def test_an_option_of_the_present_question_goes_before_a_letter() -> None:
    talk = agreed_talk(mandates=(mandate("transcriber"),), open_tasks=(CHECK,), transcripts=(WORDS,))
    talk.types("tugas", "1", "Betul")
    assert answered(talk) == []
    assert written(talk).words == "Jalan rusak"
