"""Presses: new, old, the same again, forged; and the buttons under messages apart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.walk import LONGEST_REF
from tests.conversations.literal_facts import MINE, PRIVATE, PUBLIC, UNUSED, view
from tests.conversations.talking import (
    agreed_talk,
    at_audience,
    at_field,
    at_landmark,
    at_need,
    at_summary,
    at_village,
    sent,
)


def test_a_press_ends_its_spinner_and_is_answered_by_a_message() -> None:
    """No outcome is ever only a toast (issue 2)."""
    talk = at_summary()
    said = talk.presses("edit")
    assert said
    assert len(talk.acknowledged) == 2


def test_the_same_press_again_is_silent() -> None:
    talk = at_summary()
    button = talk.last
    talk.presses("send", button)
    spinners, sent_so_far = len(talk.acknowledged), len(talk.world.submitted)
    assert talk.presses("send", button) == []
    assert len(talk.acknowledged) == spinners + 1
    assert len(talk.world.submitted) == sent_so_far == 1


def test_the_same_press_after_something_else_is_answered() -> None:
    """Silence is for a double tap, not for somebody who comes back to a button."""
    talk = at_landmark()
    old = talk.last
    talk.presses("skip", old)
    talk.types("kembali")
    assert talk.presses("skip", old)
    assert talk.chat.step == "intake.field"


def test_an_old_button_is_answered_with_the_present_step_and_costs_nothing() -> None:
    talk = at_need()
    old = talk.shown[1]
    talk.types("jalan rusak")
    talk.is_quiet()
    draft = talk.chat.draft
    said = talk.presses("data", old)
    assert [shown.keys for shown in said] == [("old.button", "progress", "intake.more")]
    assert (talk.chat.draft, talk.chat.failures) == (draft, 0)


def test_a_button_of_an_earlier_draft_is_old() -> None:
    talk = sent()
    old = next(shown for shown in talk.shown if "intake.landmark" in shown.keys)
    talk.types("1", "lampu jalan mati")
    talk.is_quiet()
    talk.types("1", "1")
    assert talk.chat.step == "intake.landmark"
    assert talk.presses("skip", old)[0].keys[0] == "old.button"


def test_a_button_of_the_present_step_in_an_older_message_still_works() -> None:
    talk = at_landmark()
    older = talk.last
    talk.types("ulangi")
    talk.presses("skip", older)
    assert talk.chat.step == "intake.field"


@pytest.mark.parametrize(
    "payload", ["", "menu", "intake.send:submitted:1", "intake.field:human:1", "x:y:z:1"]
)
def test_a_forged_press_moves_nothing(payload: str) -> None:
    talk = at_field()
    before = talk.chat
    said = talk.presses_payload(payload, 1)
    assert said[0].keys[0] == "old.button"
    assert (talk.chat.step, talk.chat.draft) == (before.step, before.draft)


def test_a_rescue_cannot_be_pressed_before_it_is_offered() -> None:
    talk = at_field()
    talk.presses_payload("intake.field:human:1", 1)
    assert talk.chat.draft is not None
    assert talk.chat.draft.field == ""


def test_what_was_just_sent_is_taken_back_from_its_receipt() -> None:
    talk = sent()
    receipt = next(shown for shown in talk.shown if "receipt" in shown.keys)
    said = talk.presses("retract", receipt)
    assert said[-1].keys == ("retract.done", "menu")
    assert talk.world.own == []


@pytest.mark.parametrize("words", ["Tarik kembali", "tarik kembali", "TARIK KEMBALI."])
def test_what_was_just_sent_is_taken_back_by_its_words(words: str) -> None:
    """Under the receipt stand no numbers, for a number answers the menu below it."""
    talk = sent()
    assert talk.types(words)[-1].keys == ("retract.done", "menu")


def test_a_number_after_the_receipt_answers_the_menu() -> None:
    talk = sent()
    receipt = next(shown for shown in talk.shown if "receipt" in shown.keys)
    assert [button.number for button in receipt.say.buttons] == [0, 0]
    talk.types("1")
    assert talk.chat.step == "intake.need"
    assert len(talk.world.own) == 1


def test_after_a_quarter_of_an_hour_one_can_still_withdraw() -> None:
    talk = sent()
    talk.waits(timedelta(minutes=16))
    assert talk.types("tarik kembali")[-1].keys == ("retract.late", "withdraw.ask")
    talk.types("1")
    assert not talk.world.own[0].open


def test_a_notice_is_opened_amid_a_draft_which_then_goes_on() -> None:
    talk = at_audience()
    talk.world.own = [view(MINE)]
    talk.types("1, 3")
    said = talk.presses_payload(f"notice:show:{MINE}", 1)
    assert [shown.keys[0] for shown in said] == ["status.history", "progress"]
    assert (talk.chat.step, talk.chat.picked) == ("intake.audience.more", ("children", "indigenous"))


def test_looking_at_another_aspiration_does_not_change_which_one_is_withdrawn() -> None:
    other = view(UNUSED)
    talk = agreed_talk(own=[view(MINE), other])
    talk.presses_payload(f"status.history:withdraw:{MINE}", 1)
    assert talk.chat.step == "withdraw.ask"
    talk.presses_payload(f"notice:show:{UNUSED}", 2)
    assert talk.chat.step == "withdraw.ask"
    talk.types("1")
    assert [one.ticket for one in talk.world.own if not one.open] == [MINE]


@pytest.mark.parametrize("ticket", [PRIVATE, UNUSED, PUBLIC])
def test_another_persons_aspiration_is_neither_taken_back_nor_withdrawn(ticket: str) -> None:
    for payload in (f"receipt:retract:{ticket}", f"status.history:withdraw:{ticket}"):
        talk = agreed_talk()
        said = talk.presses_payload(payload, 1)
        assert said[-1].keys == ("status.gone", "menu")


def test_a_private_number_and_an_unused_one_are_answered_alike_to_a_press() -> None:
    private, unused = agreed_talk(), agreed_talk()
    one = private.presses_payload(f"notice:show:{PRIVATE}", 1)
    two = unused.presses_payload(f"notice:show:{UNUSED}", 1)
    assert [shown.message for shown in one] == [shown.message for shown in two]


def test_forged_presses_are_guesses_too() -> None:
    """Five wrong tickets in an hour, typed or pressed, and numbers of others are no longer shown."""
    talk = agreed_talk(own=[view(MINE)])
    for number in range(5):
        talk.presses_payload(f"notice:show:{UNUSED}", number)
    assert talk.presses_payload(f"notice:show:{PUBLIC}", 7)[0].keys[0] == "status.gone"
    assert talk.presses_payload(f"notice:show:{MINE}", 8)[0].keys[0] == "status.history"
    assert talk.types(PUBLIC)[0].keys[0] == "status.slowed"


def test_a_ref_longer_than_ours_is_forged() -> None:
    talk = agreed_talk()
    said = talk.presses_payload("notice:show:" + "1" * (LONGEST_REF + 1), 1)
    assert said[0].keys[0] == "old.button"
    assert talk.chat.focus == ""


def test_a_ref_that_is_no_number_is_forged() -> None:
    """With a colon it came into the payloads of later buttons, and then every text of this chat failed."""
    talk = agreed_talk()
    assert talk.presses_payload("status.history:withdraw:1:2", 1)[0].keys[0] == "old.button"
    assert talk.chat.focus == ""


def test_pages_turn_and_their_numbers_stay() -> None:
    talk = at_village()
    talk.types("1")
    assert [button.number for button in talk.last.say.buttons] == [1, 2, 3, 4, 5, 6, 9]
    talk.presses("~")
    assert [button.number for button in talk.last.say.buttons] == [7, 8, 9]
    talk.types("lagi")
    assert talk.last.say.buttons[0].number == 1


def test_a_number_of_another_page_is_understood() -> None:
    talk = at_village()
    talk.types("1", "8")
    assert talk.chat.step == "intake.list.village"
    assert talk.chat.draft is not None
    assert talk.chat.draft.listed == "18.07.08"


def test_a_page_cannot_be_turned_where_there_is_only_one() -> None:
    talk = at_landmark()
    assert talk.presses_payload("intake.landmark:~:1", 1)[0].keys[0] == "old.button"
    listed = at_village()
    listed.types("1", "8")
    assert listed.presses_payload("intake.list.village:~:1", 1)[0].keys[0] == "old.button"
