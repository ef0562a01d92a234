"""Needs come before labels, once; whoever needs nothing, or will not say, has answered too."""

from __future__ import annotations

import pytest

from conversations.effects import SetNeeds
from conversations.facts import Profile
from conversations.flows.needs import NEEDS
from tests.conversations.literal_facts import real_texts
from tests.conversations.model_world import ModelWorld
from tests.conversations.talking import Talk, agreed_talk, at_summary


def asked() -> Talk:
    """Somebody who asked to change what they need."""
    talk = agreed_talk()
    talk.types("kebutuhan")
    assert talk.chat.step == "needs.ask"
    return talk


def stored(talk: Talk) -> SetNeeds:
    """What was stored last."""
    return [effect for effect in talk.world.performed if isinstance(effect, SetNeeds)][-1]


def test_after_the_receipt_needs_are_asked_before_groups_and_neither_twice() -> None:
    talk = at_summary()
    talk.world.profile = Profile()
    talk.types("1")
    assert talk.chat.step == "needs.ask"
    talk.presses("none")
    assert talk.chat.step == "groups.ask"
    talk.presses("declined")
    assert talk.chat.step == "menu"
    talk.world.profile = Profile(groups_answered=True)
    talk.types("kebutuhan")
    talk.presses("declined")
    assert talk.chat.step == "menu"


@pytest.mark.parametrize("need", NEEDS[:-1])
def test_each_need_is_stored_under_its_name(need: str) -> None:
    talk = asked()
    talk.presses("yes")
    talk.types(real_texts().catalogues.template(f"need.{need}", "id").forms[0], "selesai")
    assert stored(talk) == SetNeeds(needs=(need,))


def test_several_needs_are_stored_in_one_order_with_ones_own_words() -> None:
    talk = asked()
    talk.presses("yes")
    talk.types("3", "1", "bantuan lain", "selesai")
    assert talk.chat.step == "needs.other"
    talk.types("kursi   dekat pintu")
    assert stored(talk) == SetNeeds(needs=("sign_interpreter", "ramp", "other"), other="kursi dekat pintu")
    assert talk.chat.step == "menu"


def test_what_was_picked_stays_when_there_are_no_words_for_the_rest() -> None:
    talk = asked()
    talk.presses("yes")
    talk.types("2", "bantuan lain", "selesai", "lewati")
    assert stored(talk) == SetNeeds(needs=("captions", "other"))


def test_to_need_nothing_and_not_to_say_are_different_answers() -> None:
    nothing, silent = asked(), asked()
    nothing.presses("none")
    silent.presses("declined")
    assert stored(nothing) == SetNeeds(needs=())
    assert stored(silent) == SetNeeds(needs=(), declined=True)


def test_a_choice_that_was_emptied_again_is_asked_for_again() -> None:
    talk = asked()
    talk.presses("yes")
    talk.types("1", "1", "selesai")
    assert talk.chat.step == "needs.choose"


def test_what_is_stored_is_read_back_before_it_is_changed_and_in_my_data() -> None:
    talk = asked()
    talk.presses("yes")
    talk.types("3", "selesai", "kebutuhan")
    assert "Jalan kursi roda" in talk.last.message.text
    talk.types("menu", "data saya", "1")
    assert "Bantuan saat rapat: Jalan kursi roda" in talk.last.message.text


def test_a_stranger_is_asked_for_consent_first() -> None:
    talk = Talk(ModelWorld())
    talk.starts()
    talk.types("kebutuhan")
    assert talk.chat.step == "consent.ask"
    assert not any(isinstance(effect, SetNeeds) for effect in talk.world.performed)
