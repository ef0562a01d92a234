"""Asides: what interrupts a question, and what is forgotten on the way back from it."""

from __future__ import annotations

from conversations.facts import Profile
from conversations.interpreter import Interpreter
from conversations.table import MENU, Ask, Flow, Flows, Question, Tell, option
from conversations.walk import place_of
from tests.conversations.literal_facts import LiteralFacts, real_words
from tests.conversations.talking import (
    FLOWS,
    Talk,
    agreed_talk,
    at_field,
    at_landmark,
    at_summary,
    at_village,
    typed,
)


def asked_for_groups() -> Talk:
    """Right after the first aspiration: asked for one's own groups, with nothing to go back to."""
    talk = at_summary()
    talk.world.profile = Profile(needs_answered=True)
    talk.types("1")
    assert talk.chat.step == "groups.ask"
    return talk


def test_sending_closes_the_way_back() -> None:
    assert asked_for_groups().chat.trail == ()


def test_kembali_from_an_aside_returns_even_where_there_is_no_trail() -> None:
    talk = asked_for_groups()
    talk.types("data saya", "kembali")
    assert talk.chat.step == "groups.ask"


def test_the_menu_forgets_what_was_interrupted() -> None:
    talk = at_field()
    talk.types("data saya", "menu")
    talk.presses("data")
    talk.types("kembali")
    assert talk.chat.step == MENU


def test_a_question_forgets_what_was_interrupted_before_it() -> None:
    talk = at_field()
    talk.types("usulan saya", "usulan baru")
    talk.presses("resume")
    assert talk.chat.interrupted is None


def test_the_page_of_a_list_begins_anew_when_one_comes_back() -> None:
    talk = at_field()
    first = talk.last.message.buttons
    talk.presses("~")
    talk.types("kembali", "lewati")
    assert talk.last.message.buttons == first


def test_an_aside_within_an_aside_returns_to_the_question() -> None:
    talk = at_landmark()
    talk.types("data saya", "bahasa")
    talk.presses("id")
    assert talk.chat.step == "intake.landmark"


def test_help_at_an_aside_returns_to_the_question_that_was_interrupted() -> None:
    talk = at_village()
    talk.types("usulan saya", "bantuan")
    assert talk.chat.step == "intake.village"


def test_an_abandoned_draft_takes_along_where_it_was_interrupted() -> None:
    talk = at_field()
    talk.types("usulan saya")
    talk.world.agreed.clear()
    talk.starts()
    talk.presses("new")
    assert talk.types("bantuan")[0].keys == ("help", "consent.ask")


def test_leaving_the_messages_as_they_are_returns_to_the_question() -> None:
    talk = at_landmark()
    talk.types("berhenti", "tidak jadi")
    assert talk.chat.step == "intake.landmark"


def test_help_at_the_menu_comes_back_to_it() -> None:
    talk = agreed_talk()
    assert [shown.keys for shown in talk.types("bantuan")] == [("help", "menu")]


def test_a_question_that_is_asked_is_counted_whatever_the_draft_says() -> None:
    talk = at_village()
    step = FLOWS.steps["intake.kecamatan"]
    assert isinstance(step, Ask)
    assert place_of(FLOWS, step, talk.chat) == (3, 8)


ODD = Flows(
    (
        Flow(
            name="odd",
            steps=(
                Ask(
                    name=MENU,
                    says="menu",
                    options=(
                        option("aid", "keyboard.help"),
                        option("data", "data.see"),
                        option("new", "menu.new"),
                    ),
                    edges={"aid": "told", "data": "told", "new": "told"},
                ),
                Tell(name="told", says="schedule.none", then=MENU),
                Tell(name="help", says="help", then=MENU),
            ),
            questions=(Question("none", MENU),),
        ),
    ),
    globals={"help": "help", "data": "help", "erase": "help"},
    first=MENU,
)
"""A table whose options are called like global words."""


def heard(text: str) -> str:
    """What is said first to a text at the menu of the odd table."""
    talk = Talk(flows=ODD)
    talk.chat = Interpreter(ODD, real_words()).turn(talk.chat, typed("halo"), LiteralFacts())[0]
    return talk.types(text)[0].keys[0]


def test_words_of_the_reply_keyboard_beat_an_option_of_that_name() -> None:
    assert heard("Bantuan") == "help"


def test_an_option_beats_other_global_words_and_a_command_beats_all() -> None:
    assert heard("Lihat data saya") == "schedule.none"
    assert heard("/data") == "help"
