"""What a typed text answers: a notice only as a Telegram reply or after its button, else the open question."""

from __future__ import annotations

from conversations import events
from conversations.asking import AnswerQuestion, ObjectTo, ReplyTo, WriteToPerson
from conversations.effects import KeepMedia
from tests.conversations.asking_ways import ASKING, PROTECTOR
from tests.conversations.literal_facts import MINE, view
from tests.conversations.talking import Talk, at_village

QUESTION, NOTICE, ALERT, OTHER, UNKNOWN = 900, 901, 902, 903, 904


def asked() -> Talk:
    """Somebody at a question of the intake, who was also asked something by an officer."""
    talk = at_village(asking=ASKING, own=[view(MINE)], mandates=(PROTECTOR,))
    talk.world.performed.clear()
    return talk


def test_a_reply_to_a_question_answers_it_and_the_open_question_is_put_again() -> None:
    talk = asked()
    talk.replies(QUESTION, "dekat masjid")
    (effect,) = talk.world.performed
    assert isinstance(effect, AnswerQuestion)
    assert (effect.question, effect.answer.text) == (1, "dekat masjid")
    assert talk.chat.step == "intake.village"


def test_a_voice_note_as_a_reply_is_kept_and_answers() -> None:
    talk = asked()
    spoken = events.Spoke(at=talk.at, message=99, kind="voice", media=talk.file(9, 900), reply_to=QUESTION)
    talk.happens(spoken)
    assert [type(effect) for effect in talk.world.performed] == [KeepMedia, AnswerQuestion]


def test_what_is_no_reply_belongs_to_the_open_question() -> None:
    talk = asked()
    talk.types("Rajabasa")
    assert talk.chat.step == "intake.landmark"
    assert talk.world.performed == []


def test_a_reply_to_anything_else_belongs_to_the_open_question() -> None:
    for number in (OTHER, UNKNOWN):
        talk = asked()
        talk.replies(number, "Rajabasa")
        assert talk.chat.step == "intake.landmark"


def test_a_global_word_beats_a_reply() -> None:
    talk = asked()
    talk.replies(QUESTION, "menu")
    assert talk.world.performed == []


def test_after_a_reply_to_a_decision_one_may_object_and_comes_back() -> None:
    talk = asked()
    talk.replies(NOTICE, "masih rusak")
    assert talk.chat.step == "object.ask"
    talk.presses("yes")
    assert [type(effect) for effect in talk.world.performed] == [ReplyTo, ObjectTo]
    assert talk.chat.step == "intake.village"


def test_a_sticker_as_a_reply_is_no_answer() -> None:
    talk = asked()
    talk.presses_payload("question:answer:1", 5)
    talk.puzzles()
    assert talk.chat.step == "question.say"
    assert talk.world.performed == []


def test_a_safeguard_sees_what_is_sent_before_it_goes() -> None:
    talk = asked()
    talk.replies(ALERT, "jawab ya kalau aman")
    assert talk.chat.step == "contact.preview"
    assert talk.world.performed == []
    talk.presses("send")
    assert talk.world.performed == [WriteToPerson(contact=1, words="jawab ya kalau aman")]
