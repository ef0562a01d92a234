"""What is unexpected: answered once and kindly, and costs no answer; failures, floods, groups, blocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import msgspec
import pytest

from conversations import events
from conversations.chat import Aside, Chat, Pace
from conversations.events import Puzzle
from conversations.facts import Profile
from conversations.pace import BURST
from conversations.ticket import grouped
from tests.conversations.invariants import answers
from tests.conversations.literal_facts import MINE, NOON, RAJABASA, view
from tests.conversations.model_world import CODE
from tests.conversations.talking import (
    CHAT,
    At,
    Talk,
    agreed_talk,
    at_audience,
    at_field,
    at_landmark,
    at_need,
    at_summary,
    at_village,
    at_visibility,
)

QUESTIONS: tuple[At, ...] = (
    *(at_need, at_village, at_landmark, at_field, at_audience, at_visibility, at_summary),
)


@pytest.mark.parametrize("what", get_args(Puzzle))
@pytest.mark.parametrize("at", QUESTIONS)
def test_what_no_step_reads_gets_one_kind_answer_and_the_question(at: At, what: Puzzle) -> None:
    talk = at()
    held, question = answers(talk.chat.draft), talk.last.keys[-1]
    said = talk.puzzles(what)
    assert [shown.keys[0] for shown in said] == [f"puzzled.{what}"]
    assert said[0].keys[-1] == question
    assert answers(talk.chat.draft) == held


@pytest.mark.parametrize("own", [True, False])
def test_a_contact_is_not_kept(own: bool) -> None:
    talk = at_landmark()
    before = talk.chat
    said = talk.happens(events.SharedContact(at=talk.at, own=own, phone="081234"))
    assert said[0].keys[0] == ("puzzled.own_contact" if own else "puzzled.other_contact")
    assert b"081234" not in msgspec.json.encode(talk.chat)
    assert talk.chat.draft == before.draft


def test_a_forwarded_message_is_not_somebodys_answer() -> None:
    talk = at_need()
    forwarded = events.Forwarded(at=talk.at, origin="channel", kind="text", text="jalan rusak di sana")
    assert talk.happens(forwarded)[0].keys[0] == "puzzled.forwarded"
    assert talk.chat.draft is not None
    assert talk.chat.draft.parts == ()


def test_first_a_hint_then_simpler_words_then_another_way() -> None:
    talk = at_village()
    heard = [talk.types("xyzzy")[0].keys[0] for _ in range(4)]
    assert heard == ["hint.village", "easier.village", "stuck", "stuck"]
    assert [button.payload.split(":")[1] for button in talk.last.say.buttons] == ["list", "human"]


def test_the_other_way_is_taken_by_number_and_returns_to_the_question() -> None:
    talk = at_village()
    talk.types("xyzzy", "xyzzy", "xyzzy")
    said = talk.types("2")
    assert [shown.keys for shown in said] == [("human", "progress", "intake.village")]
    assert talk.chat.failures == 0


def test_a_rescue_is_never_stored_as_an_answer() -> None:
    talk = at_field()
    talk.types("xyzzy", "xyzzy", "xyzzy")
    talk.presses("human")
    assert talk.chat.draft is not None
    assert (talk.chat.step, talk.chat.draft.field) == ("intake.field", "")


def test_the_rescue_stands_after_the_options_of_all_pages() -> None:
    talk = at_field()
    talk.types("xyzzy", "xyzzy", "xyzzy")
    human = talk.last.button("human")
    assert human.number == 15
    assert talk.types("15")[0].keys[0] == "human"


def test_who_types_digits_alone_turns_the_page_too() -> None:
    talk = at_field()
    turn = talk.last.button("~")
    assert turn.number == 14, "its number follows the options, the same on every page"
    first = [button.number for button in talk.last.say.buttons]
    talk.types("14")
    assert [button.number for button in talk.last.say.buttons] != first
    assert talk.last.button("~").number == 14


def test_an_understood_answer_ends_the_count_of_failures() -> None:
    talk = at_village()
    talk.types("xyzzy", "xyzzy", "Rajabasa")
    assert talk.puzzles()[0].keys[0] == "puzzled.sticker"


def test_a_number_out_of_range_is_not_guessed_at() -> None:
    for number in ("0.5", "99", "4", "0 1"):
        talk = at_visibility()
        assert talk.types(number)[0].keys[0] == "hint.choice"


@pytest.mark.parametrize(
    "said", ["2", "2.", "no 2", "nomor 2", "dua", "yang kedua", "Rahasia", "rahasia!", "petugas saja"]
)
def test_an_option_is_understood_by_number_word_label_and_synonym(said: str) -> None:
    talk = at_visibility()
    talk.types(said)
    assert talk.chat.draft is not None
    assert talk.chat.draft.visibility == "private"


# Floods


def test_a_flood_is_warned_of_once_then_dropped() -> None:
    talk = at_landmark()
    talk.chat = replace(talk.chat, pace=None)
    at = talk.at
    said = []
    for _ in range(BURST + 20):
        talk.at = at
        said.append(talk.puzzles())
    assert all(len(answer) == 1 for answer in said[: BURST + 1])
    assert said[BURST][0].keys == ("flood.warning",)
    assert not any(said[BURST + 1 :])
    assert talk.chat.pace is not None
    assert talk.chat.pace.dropped == 20


def test_a_press_in_a_flood_still_ends_its_spinner() -> None:
    talk = at_landmark()
    talk.chat = replace(talk.chat, pace=Pace(left=0, at=talk.at, warned=True))
    assert talk.presses("skip") == []
    assert talk.acknowledged
    assert talk.chat.step == "intake.landmark"


def test_after_the_flood_one_goes_on() -> None:
    talk = at_landmark()
    talk.chat = replace(talk.chat, pace=Pace(left=0, at=talk.at, warned=True, dropped=9))
    talk.waits(timedelta(seconds=30))
    talk.types("lewati")
    assert talk.chat.step == "intake.field"


def test_a_flood_in_one_chat_is_nothing_to_another() -> None:
    flooded, other = at_landmark(), at_landmark()
    flooded.chat = replace(flooded.chat, pace=Pace(left=0, at=flooded.at, warned=True))
    assert flooded.puzzles() == []
    assert other.puzzles() != []


def test_thirty_voices_at_once_are_no_flood() -> None:
    talk = at_need()
    talk.chat = replace(talk.chat, pace=None)
    at = talk.at
    for _ in range(30):
        talk.at = at
        assert "flood.warning" not in {key for shown in talk.speaks() for key in shown.keys}


# Groups, blocks, strangers


def test_in_a_group_it_says_once_where_it_works_and_then_keeps_silent() -> None:
    talk = Talk(chat=Chat(id=-5, kind="group"))
    assert [shown.keys for shown in talk.types(MINE)] == [("group.private_only",)]
    assert talk.types("menu") == []
    assert talk.starts() == []
    assert talk.presses_payload("menu:new:0", 1) == []
    assert talk.acknowledged
    assert (talk.chat.step, talk.chat.held, talk.chat.draft) == ("", None, None)


def test_in_a_group_nothing_that_passes_is_told() -> None:
    talk = Talk(chat=Chat(id=-5, kind="group"))
    for event in (events.Quieted(at=NOON), events.DraftRested(at=NOON), events.TurnFailed(at=NOON)):
        assert talk.happens(event) == []


def test_start_says_that_one_can_be_reached_again() -> None:
    talk = agreed_talk()
    talk.happens(events.Blocked(at=talk.at))
    assert not talk.world.reachable
    talk.starts()
    assert talk.world.reachable


def test_the_first_guess_of_the_language_is_telegrams() -> None:
    english, javanese = Talk(), Talk()
    english.starts(language="en")
    javanese.starts(language="jv")
    assert (english.chat.locale, javanese.chat.locale) == ("en", "id")
    english.presses("settings")
    english.presses("language")
    english.presses("id")
    english.starts(language="en")
    assert english.chat.locale == "id"


def test_who_begins_with_anything_but_a_need_is_greeted() -> None:
    for begin in (Talk.puzzles, Talk.locates, lambda talk: talk.types("Halo")):
        talk = Talk()
        assert [shown.keys for shown in begin(talk)] == [("arrival.hello",), ("menu",)]


# What was stored by another version of the table


def test_an_unknown_step_leads_to_the_menu_and_keeps_the_draft() -> None:
    talk = at_field()
    draft = talk.chat.draft
    talk.chat = replace(talk.chat, step="intake.weather")
    talk.types("halo")
    assert talk.last.keys == ("menu",)
    assert talk.chat.draft == draft


@pytest.mark.parametrize(
    "changes",
    [
        {"trail": ("intake.weather",)},
        {"interrupted": Aside(step="intake.weather"), "step": "data"},
        {"step": "intake.weather"},
        {"step": "consent"},
        {"apart": ("weather:rain:1", "status:x:1", "receipt:fly:1")},
    ],
)
@pytest.mark.parametrize("word", ["kembali", "ulangi", "bantuan", "menu", "1", "Tarik kembali"])
def test_a_name_that_the_table_no_longer_has_does_no_harm(changes: dict[str, object], word: str) -> None:
    talk = at_field()
    draft = talk.chat.draft
    talk.chat = replace(talk.chat, **changes)  # type: ignore[arg-type]
    assert talk.types(word)
    assert talk.chat.draft is not None
    assert draft is not None
    assert talk.chat.draft.serial == draft.serial


def test_a_question_whose_draft_has_gone_leads_to_the_menu() -> None:
    for step in ("intake.summary", "intake.field", "cancel.ask"):
        talk = agreed_talk()
        talk.chat = replace(talk.chat, step=step)
        assert talk.types("ulangi")[-1].keys == ("menu",)


def test_an_incomplete_draft_is_asked_for_what_it_lacks_before_it_is_sent() -> None:
    talk = at_summary()
    talk.chat = talk.chat.with_draft(audience=())
    talk.presses("send")
    assert talk.chat.step == "intake.audience"
    assert not talk.world.submitted


def test_an_old_chat_reads_as_a_new_one() -> None:
    """Fields that came later have defaults: the JSON of the first version still loads."""
    first = b'{"id": 42, "version": 1, "step": "menu"}'
    assert msgspec.json.decode(first, type=Chat) == Chat(id=CHAT, step="menu")


# What a person sent and what one may see of it


def test_my_aspirations_are_listed_and_each_is_shown_with_its_history() -> None:
    talk = agreed_talk(own=[view(MINE)])
    talk.types("usulan saya", "1")
    assert talk.shown[-2].keys[0] == "status.history"
    assert "Dana" in talk.shown[-2].message.text or "dana" in talk.shown[-2].message.text


def test_a_number_typed_at_the_menu_is_looked_up() -> None:
    talk = agreed_talk(own=[view(MINE)])
    assert talk.types(MINE)[0].keys[0] == "status.history"


def test_an_aspiration_is_recovered_by_a_new_account_after_it_agreed() -> None:
    talk = Talk()
    talk.starts()
    talk.types("usulan saya", "kode cadangan", "5000016", grouped(CODE))
    assert talk.last.keys == ("data.needs_consent", "consent.ask")
    talk.types("1", "2")
    assert any(shown.keys[:2] == ("recover.done", "status.history") for shown in talk.shown)


def test_a_wrong_code_is_told_apart_from_a_mistyped_one() -> None:
    talk = agreed_talk()
    talk.types("usulan saya", "kode cadangan", "5000016")
    assert talk.types("123-456-789-99")[0].keys[0] == "recover.mistyped"
    assert talk.types("000-000-000-00")[0].keys[0] == "recover.unknown"
    assert talk.chat.picked == ()


def test_the_same_number_twice_erases_nothing() -> None:
    """What cannot be undone takes two answers that differ (ux A3): a number sent twice is one of them."""
    talk = agreed_talk()
    talk.types("hapus data", "1", "1")
    assert talk.world.profile.erasure_due is None
    assert talk.chat.step == "menu"


def test_erasing_takes_two_different_yeses_and_can_be_called_off_by_words() -> None:
    talk = agreed_talk()
    talk.world.profile = Profile(village=RAJABASA)
    talk.types("hapus data")
    due = []
    for text in ("1", "2", "pulihkan data"):
        talk.types(text)
        due.append(talk.world.profile.erasure_due is not None)
    assert due == [False, True, False]
    assert talk.last.keys == ("restore.done", "menu")
