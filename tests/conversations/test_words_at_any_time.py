"""Global words, at any step: menu, kembali, ulangi, bantuan, batal, berhenti, bahasa; and what is none of them."""

from __future__ import annotations

import pytest

from tests.conversations.invariants import answers
from tests.conversations.talking import (
    At,
    Talk,
    at_audience,
    at_field,
    at_landmark,
    at_need,
    at_summary,
    at_village,
    at_visibility,
)

QUESTIONS = (at_need, at_village, at_landmark, at_field, at_audience, at_visibility, at_summary)


def test_only_a_whole_message_is_a_global_word() -> None:
    talk = at_need()
    talk.types("bantuan sosial belum turun")
    assert talk.chat.draft is not None
    assert talk.chat.draft.words() == "bantuan sosial belum turun"


@pytest.mark.parametrize("word", ["0", "bantuan", "Bantuan!", "/bantuan", "BANTUAN", "help"])
@pytest.mark.parametrize("at", QUESTIONS)
def test_help_comes_at_every_question_and_the_question_again(at: At, word: str) -> None:
    """0 or bantuan at any point leads to a human (ux A3), in one message, and costs no answer."""
    talk = at()
    step, draft, question = talk.chat.step, talk.chat.draft, talk.last.say.lines[-1]
    said = talk.types(word)
    assert len(said) == 1
    assert said[0].keys[0] == "help"
    assert question in said[0].say.lines
    assert (talk.chat.step, talk.chat.draft) == (step, draft)
    assert "Ibu Sari" in said[0].message.text


@pytest.mark.parametrize("at", QUESTIONS)
def test_ulangi_repeats_exactly(at: At) -> None:
    talk = at()
    before = talk.last.message
    for _ in range(2):
        said = talk.types("ulangi")
        assert [shown.message for shown in said] == [before]


def test_ulangi_repeats_what_help_after_failures_said_of_options() -> None:
    talk = at_village()
    talk.types("xyzzy", "xyzzy", "xyzzy")
    assert talk.types("ulangi")[-1].message.buttons == talk.shown[-2].message.buttons


@pytest.mark.parametrize("at", QUESTIONS[1:])
def test_kembali_goes_one_question_back_and_keeps_every_answer(at: At) -> None:
    talk = at()
    held, place = answers(talk.chat.draft), talk.place
    talk.types("kembali")
    assert answers(talk.chat.draft) == held
    assert talk.place is not None
    assert place is not None
    assert talk.place[0] == place[0] - 1


def test_kembali_goes_all_the_way_from_the_summary_to_the_menu() -> None:
    talk = at_summary()
    way = []
    for _ in range(20):
        talk.types("kembali")
        way.append(talk.chat.step)
        if way[-1] == "menu":
            break
    assert way == [
        *("intake.visibility", "intake.audience", "intake.field", "intake.landmark", "intake.village"),
        *("intake.more", "intake.need", "menu"),
    ]
    assert talk.chat.draft is not None


def test_kembali_after_a_resume_follows_the_order_of_the_questions() -> None:
    """The trail is gone then, and the questions themselves say what came before."""
    talk = at_visibility()
    talk.types("menu")
    talk.presses("resume")
    way = []
    for _ in range(5):
        talk.types("kembali")
        way.append(talk.chat.step)
    assert way == [
        "intake.audience",
        "intake.field",
        "intake.landmark",
        "intake.village",
        "intake.need.review",
    ]


def test_who_comes_back_to_the_need_can_go_on_with_what_was_said() -> None:
    talk = at_village()
    talk.types("kembali", "kembali")
    assert talk.chat.step == "intake.need"
    talk.presses("done")
    assert talk.chat.step == "intake.village"
    assert talk.chat.draft is not None
    assert talk.chat.draft.words() == "jalan rusak di depan sekolah"


def test_who_comes_back_to_the_need_replaces_it_by_new_words() -> None:
    talk = at_village()
    talk.types("kembali", "kembali", "sumur kering sejak Mei")
    talk.is_quiet()
    assert talk.chat.draft is not None
    assert talk.chat.draft.words() == "sumur kering sejak Mei"


def test_kembali_works_when_a_voice_was_too_short() -> None:
    talk = at_landmark()
    said = talk.speaks(seconds=0)
    assert said[0].keys == ("media.too_short", "progress", "intake.landmark")
    assert not talk.world.kept
    talk.types("kembali")
    assert talk.chat.step == "intake.village"


def test_menu_keeps_the_draft_and_offers_first_to_go_on() -> None:
    talk = at_field()
    draft = talk.chat.draft
    said = talk.types("menu")
    assert said[0].message.text.split("\n1. ")[1].startswith("Lanjutkan usulan")
    talk.types("1")
    assert (talk.chat.step, talk.chat.draft) == ("intake.field", draft)


def test_a_skipped_landmark_is_an_answer_and_is_not_asked_again() -> None:
    talk = at_landmark()
    talk.types("lewati", "menu", "1")
    assert talk.chat.step == "intake.field"


@pytest.mark.parametrize("at", QUESTIONS)
def test_batal_asks_before_it_forgets(at: At) -> None:
    talk = at()
    draft = talk.chat.draft
    said = talk.types("batal")
    assert said[-1].keys == ("cancel.ask",)
    assert talk.chat.draft == draft
    talk.types("batal")
    assert talk.chat.draft == draft
    talk.presses("keep")
    assert talk.chat.draft == draft


def test_batal_forgets_once_it_is_confirmed() -> None:
    talk = at_field()
    talk.types("batal")
    said = talk.presses("drop")
    assert said[-1].keys == ("arrival.dropped", "menu")
    assert talk.chat.draft is None


def test_asked_whether_to_delete_the_draft_hapus_does_not_begin_to_erase_everything() -> None:
    talk = at_field()
    talk.types("batal")
    assert talk.types("hapus")[-1].keys == ("arrival.dropped", "menu")
    assert talk.types("/hapus")[-1].keys == ("erase",)


def test_batal_without_a_draft_says_so() -> None:
    talk = Talk()
    talk.starts()
    assert talk.types("batal")[0].keys == ("cancel.nothing", "menu")


def test_batal_lets_go_of_words_that_are_only_held() -> None:
    talk = Talk()
    talk.types("jalan rusak di depan sekolah")
    assert talk.chat.held is not None
    assert talk.types("batal")[0].keys[0] == "arrival.dropped"
    assert talk.chat.held is None


def test_a_language_switch_amid_a_draft_returns_to_the_same_question() -> None:
    talk = at_field()
    draft = talk.chat.draft
    talk.types("bahasa")
    said = talk.types("English")
    assert [shown.keys[-1] for shown in said] == ["language.done", "intake.field"]
    assert (talk.chat.step, talk.chat.draft, talk.chat.locale) == ("intake.field", draft, "en")
    assert said[-1].message.text.startswith("Step 4 of 7")


def test_a_language_switch_keeps_what_was_picked_so_far() -> None:
    talk = at_audience()
    talk.types("1, 3", "bahasa")
    talk.presses("id@mudah")
    assert talk.chat.step == "intake.audience.more"
    assert talk.chat.picked == ("children", "indigenous")


def test_help_keeps_what_was_picked_so_far() -> None:
    talk = at_audience()
    talk.types("1, 3", "0")
    assert talk.chat.picked == ("children", "indigenous")


def test_messages_can_be_stopped_amid_a_draft() -> None:
    talk = at_landmark(profile=at_landmark().world.profile)
    draft = talk.chat.draft
    talk.types("berhenti")
    assert talk.chat.step == "stop"
    talk.types("1")
    assert (talk.chat.step, talk.chat.draft) == ("intake.landmark", draft)


def test_kembali_from_an_aside_returns_to_the_question() -> None:
    talk = at_landmark()
    talk.types("data saya")
    assert talk.chat.step == "data"
    talk.types("kembali")
    assert talk.chat.step == "intake.landmark"


def test_an_unknown_command_is_answered_kindly_with_the_question() -> None:
    talk = at_landmark()
    said = talk.types("/apa_ini")
    assert [shown.keys for shown in said] == [("unknown.command", "progress", "intake.landmark")]
    assert talk.chat.failures == 0


def test_the_menu_alone_is_said_to_menu_in_a_chat_that_just_began() -> None:
    talk = Talk()
    assert talk.types("menu")[-1].keys == ("menu",)


def test_start_with_a_draft_discards_nothing() -> None:
    """/start offers to go on, to begin anew, or to delete (ux A3)."""
    talk = at_field()
    draft = talk.chat.draft
    said = talk.starts()
    assert said[-1].keys == ("arrival.unfinished",)
    assert [b.payload.split(":")[1] for b in said[-1].say.buttons] == ["resume", "new", "drop"]
    talk.types("1")
    assert (talk.chat.step, talk.chat.draft) == ("intake.field", draft)
