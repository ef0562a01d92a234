"""The journey of an aspiration: consent, the answers in all their forms, edits, pauses, sending."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations import effects, events
from conversations.chat import Pin
from conversations.facts import Profile
from tests.conversations.invariants import answers
from tests.conversations.literal_facts import NOON, RAJABASA, VILLAGES
from tests.conversations.model_world import ModelWorld
from tests.conversations.talking import (
    NEED,
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
    sent,
)

PAUSE = timedelta(minutes=11)


# Before consent


def test_a_first_message_without_start_is_held_and_offered_after_consent() -> None:
    talk = Talk()
    said = talk.types(NEED)
    assert [shown.keys for shown in said] == [("arrival.hello",), ("arrival.held", "consent.ask")]
    assert said[0].say.keyboard
    talk.types("1", "2")
    assert talk.chat.step == "intake.held"
    assert NEED in talk.last.message.text
    talk.types("1")
    assert talk.chat.step == "intake.village"
    assert talk.chat.draft is not None
    assert talk.chat.draft.words() == NEED


def test_nothing_is_fetched_or_stored_before_consent() -> None:
    talk = Talk()
    talk.speaks(seconds=42)
    assert not talk.world.kept
    assert talk.chat.draft is None
    talk.types("1", "2")
    assert [media.seconds for media in talk.world.kept] == [42]


def test_a_text_that_the_client_split_in_two_is_held_whole() -> None:
    talk = Talk()
    talk.types("jalan ke sekolah rusak parah", "dan anak-anak sering jatuh di sana")
    assert talk.chat.step == "consent.ask"
    assert talk.chat.held is not None
    assert len(talk.chat.held.parts) == 2


def test_held_words_are_dropped_on_refusal() -> None:
    talk = Talk()
    talk.types(NEED, "2")
    assert talk.last.keys == ("consent.refused", "menu")
    assert talk.chat.held is None


def test_held_words_are_dropped_after_a_day_and_not_before() -> None:
    talk = Talk()
    talk.types(NEED)
    kept = []
    for hours in (23, 1):
        talk.waits(timedelta(hours=hours))
        assert talk.happens(events.HeldExpired(at=talk.at)) == []
        kept.append(talk.chat.held is not None)
    assert kept == [True, False]
    talk.types("1", "2")
    assert talk.chat.step == "intake.need"


def test_a_greeting_is_no_need() -> None:
    talk = Talk()
    assert [shown.keys for shown in talk.types("Assalamualaikum")] == [("arrival.hello",), ("menu",)]


def test_held_words_can_be_edited() -> None:
    talk = Talk()
    talk.types("jalan rusak di depan skolah")
    first = talk.chat.held
    assert first is not None
    said = talk.edits(first.parts[0].message, NEED)
    assert said[0].keys[0] == "edit.taken"
    assert talk.chat.held is not None
    assert talk.chat.held.parts[0].text == NEED


def test_what_was_agreed_to_is_recorded_as_it_was_shown() -> None:
    talk = Talk()
    talk.starts(language="en")
    talk.types("1")
    talk.presses("yes")
    talk.types("2")
    records = [effect for effect in talk.world.performed if isinstance(effect, effects.RecordConsent)]
    service, broadcast = records
    assert (service.purpose, service.granted, service.form) == ("service", True, "button")
    assert (broadcast.purpose, broadcast.granted, broadcast.form) == ("broadcast", False, "text")
    assert {(record.version, record.locale) for record in records} == {("1", "en")}


def test_consent_is_explained_again_as_often_as_wanted() -> None:
    talk = Talk()
    talk.starts()
    talk.types("1")
    for _ in range(3):
        assert talk.types("jelaskan lagi")[-1].keys == ("consent.explain", "consent.ask")


def test_a_refusal_leaves_no_draft_behind() -> None:
    """Agreed once, withdrawn, and refused at the second asking: then nothing may stay."""
    talk = at_field()
    talk.world.agreed.clear()
    talk.types("menu", "1")
    assert talk.chat.step == "consent.ask"
    assert talk.chat.draft is not None
    talk.types("2")
    assert talk.chat.draft is None


def test_a_draft_is_taken_up_again_after_a_new_consent() -> None:
    talk = at_field()
    draft = talk.chat.draft
    talk.world.agreed.clear()
    talk.types("menu", "1", "1", "2")
    assert talk.last.keys == ("arrival.unfinished",)
    talk.types("1")
    assert (talk.chat.step, talk.chat.draft) == ("intake.field", draft)


def test_who_agrees_on_the_way_to_their_name_comes_back_to_their_data() -> None:
    talk = Talk()
    talk.starts()
    talk.types("data saya", "ubah nama")
    assert talk.last.keys == ("data.needs_consent", "consent.ask")
    talk.types("1", "1")
    assert talk.chat.step == "data"
    assert talk.chat.draft is None


def test_a_need_told_while_consent_is_asked_for_something_else_comes_first() -> None:
    talk = Talk()
    talk.starts()
    talk.types("data saya", "ubah nama", NEED, "1", "2")
    assert talk.chat.step == "intake.held"


# The need


@pytest.mark.parametrize("send", [Talk.speaks, Talk.films, Talk.pictures])
def test_a_need_is_told_by_voice_by_signing_or_by_picture(send: object) -> None:
    talk = at_need()
    assert send(talk) == []  # type: ignore[operator]
    said = talk.is_quiet()
    assert said[0].keys == ("progress", "intake.more")
    assert len(talk.world.kept) == 1


def test_several_messages_make_one_answer_confirmed_once_with_their_count() -> None:
    talk = at_need()
    assert talk.types("jalan rusak", "anak-anak jatuh") == []
    assert talk.speaks() == []
    assert talk.pictures(album="x") == []
    assert talk.pictures(album="x") == []
    said = talk.is_quiet()
    assert len(said) == 1
    assert said[0].line("intake.more").params is not None
    assert said[0].line("intake.more").params["count"] == 5  # type: ignore[index]
    assert talk.is_quiet() == []


def test_quiet_too_early_says_nothing() -> None:
    talk = at_need()
    talk.types("jalan rusak")
    talk.at -= timedelta(seconds=1)
    assert talk.happens(events.Quieted(at=talk.at)) == []


def test_a_number_among_gathered_messages_is_one_of_them() -> None:
    """The question has not been put yet, so "2" cannot mean its second option."""
    talk = at_need()
    talk.types("kami perlu lampu, jumlahnya", "2")
    talk.is_quiet()
    assert talk.chat.draft is not None
    assert [part.text for part in talk.chat.draft.parts] == ["kami perlu lampu, jumlahnya", "2"]


def test_after_a_long_pause_parts_are_still_gathered_in_silence() -> None:
    talk = at_need()
    talk.waits(PAUSE)
    assert talk.types("jalan rusak") == []
    assert talk.types("anak-anak jatuh") == []
    assert len(talk.is_quiet()) == 1


def test_kembali_to_gathered_messages_shows_them_at_once() -> None:
    talk = at_village()
    assert talk.types("kembali")[0].keys == ("progress", "intake.more")


@pytest.mark.parametrize(
    ("seconds", "size", "key"), [(0, 9, "short"), (301, 9, "long"), (9, 21 * 2**20, "big")]
)
def test_a_recording_that_cannot_be_used_is_answered_with_what_to_do(
    seconds: int, size: int, key: str
) -> None:
    for talk, question in ((at_need(), "intake.need"), (at_landmark(), "intake.landmark")):
        said = talk.speaks(seconds=seconds, size=size)
        assert said[0].keys == (f"media.too_{key}", "progress", question)
        assert not talk.world.kept


def test_emoji_alone_are_no_answer() -> None:
    talk = at_need()
    said = talk.types("🙏🙏")
    assert said[0].keys == ("hint.need", "progress", "intake.need")
    assert talk.chat.draft is not None
    assert talk.chat.draft.parts == ()


def test_a_very_long_answer_says_when_it_is_full_and_keeps_what_fits() -> None:
    talk = at_need()
    talk.types(*["kata " * 800] * 5)
    assert talk.types("satu lagi" * 100)[0].keys[0] == "intake.full"
    assert talk.chat.draft is not None
    assert len(talk.chat.draft.parts) == 5


def test_an_edited_message_updates_the_answer_and_says_so() -> None:
    talk = at_summary()
    assert talk.chat.draft is not None
    said = talk.edits(talk.chat.draft.parts[0].message, "jembatan putus")
    assert said[0].keys == ("edit.taken", "progress", "intake.summary")
    assert "jembatan putus" in said[0].message.text


def test_an_edited_landmark_is_updated_too() -> None:
    talk = at_summary()
    assert talk.chat.draft is not None
    assert talk.chat.draft.landmark is not None
    talk.edits(talk.chat.draft.landmark.message, "depan pasar")
    assert "depan pasar" in talk.last.message.text


def test_an_edit_of_anything_else_is_answered_and_changes_nothing() -> None:
    talk = at_summary()
    held = answers(talk.chat.draft)
    said = talk.edits(9999, "jembatan putus")
    assert said[0].keys == ("edit.too_late", "progress", "intake.summary")
    assert answers(talk.chat.draft) == held


def test_words_cannot_be_edited_away() -> None:
    talk = at_summary()
    held = answers(talk.chat.draft)
    assert talk.chat.draft is not None
    talk.edits(talk.chat.draft.parts[0].message, "")
    assert answers(talk.chat.draft) == held


# The place


def test_a_remembered_village_is_offered_and_used() -> None:
    talk = at_village(profile=Profile(village=RAJABASA, groups_answered=True))
    talk.types("menu", "batal", "1")
    again = agreed_talk()
    again.world.profile = Profile(village=RAJABASA, groups_answered=True)
    again.types("1", NEED)
    again.is_quiet()
    again.types("1")
    assert again.chat.step == "intake.known"
    assert "Rajabasa" in again.last.message.text
    again.types("1")
    assert again.chat.draft is not None
    assert again.chat.draft.village == RAJABASA
    assert again.place == (3, 7)


def test_another_village_than_the_remembered_one_can_simply_be_typed() -> None:
    talk = agreed_talk()
    talk.world.profile = Profile(village=RAJABASA, groups_answered=True)
    talk.types("1", NEED)
    talk.is_quiet()
    talk.types("1", "Srigading")
    assert talk.chat.draft is not None
    assert talk.chat.draft.village is not None
    assert talk.chat.draft.village.name == "Srigading"


@pytest.mark.parametrize("payload", ["d1807012001", "d9999999999", "d١٨٠٧٠١٢٠٠١", "dabc", "d1"])
def test_a_link_may_name_the_village(payload: str) -> None:
    talk = Talk(ModelWorld(agreed={"service"}, profile=Profile(village=RAJABASA)))
    talk.starts(payload)
    assert talk.chat.origin in {"", "18.07.01.2001", "99.99.99.9999"}
    talk.types("1", NEED)
    talk.is_quiet()
    talk.types("1")
    named = "Sukadana Ilir" if payload == "d1807012001" else "Rajabasa"
    assert named in talk.last.message.text


def test_one_village_name_in_two_kecamatan_counts_one_more_question() -> None:
    talk = at_village()
    assert talk.place == (2, 7)
    talk.types("mekarjaya")
    assert (talk.chat.step, talk.place) == ("intake.kecamatan", (3, 8))
    talk.types("2")
    assert (talk.chat.step, talk.place) == ("intake.landmark", (4, 8))
    assert talk.chat.draft is not None
    assert talk.chat.draft.village is not None
    assert talk.chat.draft.village.kecamatan == "Jabung"


@pytest.mark.parametrize("said", ["Sukadana", "kecamatan Sukadana", "kec. sukadana", "di kecamatan Sukadana"])
def test_asked_for_the_kecamatan_its_name_is_not_read_as_a_village(said: str) -> None:
    """Sukadana is a kecamatan, and a village in another one."""
    talk = at_village()
    talk.types("Mekar Jaya", said)
    assert talk.chat.draft is not None
    assert talk.chat.draft.village == next(v for v in VILLAGES if v.name == "Mekar Jaya")


def test_another_name_may_be_typed_when_asked_which() -> None:
    talk = at_village()
    talk.types("Mekar Jaya", "Srigading")
    assert (talk.chat.step, talk.place) == ("intake.landmark", (3, 7))


def test_none_of_these_asks_for_another_name_without_counting_back() -> None:
    talk = at_village()
    talk.types("rajabsa")
    assert (talk.chat.step, talk.place) == ("intake.close", (3, 8))
    talk.presses("none")
    assert (talk.last.keys[-1], talk.place) == ("intake.village", (3, 8))


def test_kembali_to_a_list_shows_the_list_again() -> None:
    talk = at_village()
    talk.types("1", "1")
    listed = talk.last.message.buttons
    talk.types("2", "kembali")
    assert talk.chat.step == "intake.list.village"
    assert talk.last.message.buttons == listed


def test_a_resumed_draft_comes_back_to_the_choice_of_a_village() -> None:
    for typed, step in (("Mekar Jaya", "kecamatan"), ("rajabsa", "close"), ("1", "list.kecamatan")):
        talk = at_village()
        talk.types(typed, "menu", "1")
        assert talk.chat.step == f"intake.{step}"


def test_a_new_landmark_takes_the_place_of_the_old() -> None:
    talk = at_summary()
    talk.types("2")
    talk.presses("landmark")
    talk.locates(-5.2, 105.6)
    assert talk.chat.step == "intake.summary"
    assert talk.chat.draft is not None
    assert (talk.chat.draft.landmark, talk.chat.draft.pin) == (None, Pin(latitude=-5.2, longitude=105.6))


def test_a_landmark_that_is_a_number_out_of_range_is_words() -> None:
    talk = at_landmark()
    talk.types("12")
    assert talk.chat.draft is not None
    assert talk.chat.draft.landmark is not None
    assert talk.chat.draft.landmark.text == "12"


def test_a_photo_is_no_landmark_and_a_place_no_field() -> None:
    assert at_landmark().pictures()[0].keys[0] == "puzzled.photo"
    assert at_field().locates()[0].keys[0] == "puzzled.location"


# Field, groups, visibility


def test_the_likely_field_comes_first() -> None:
    assert at_field().last.message.buttons[0].label == "Jalan dan jembatan"


def test_several_groups_are_picked_at_once_and_one_by_one() -> None:
    talk = at_audience()
    talk.types("1, 3 dan 5", "3", "2")
    assert talk.chat.picked == ("children", "women", "elderly")
    talk.types("selesai")
    assert talk.chat.draft is not None
    assert talk.chat.draft.audience == ("children", "women", "elderly")


def test_a_group_keeps_its_number_while_more_are_picked() -> None:
    """Whoever listens and types numbers hears the same number for the same group each time."""
    talk = at_audience()
    first = [(b.number, b.payload.split(":")[1]) for b in talk.last.say.buttons[:7]]
    talk.types("1")
    assert [(b.number, b.payload.split(":")[1]) for b in talk.last.say.buttons[:7]] == first


def test_done_without_a_group_asks_again_and_forgets_no_earlier_answer() -> None:
    talk = at_summary()
    talk.types("2")
    talk.presses("audience")
    talk.types("1", "1", "selesai")
    assert talk.chat.step == "intake.audience"
    assert talk.chat.draft is not None
    assert talk.chat.draft.audience == ("everyone",)


def test_not_wanting_to_answer_is_an_answer() -> None:
    talk = at_audience()
    talk.types("tidak ingin menjawab")
    assert talk.chat.draft is not None
    assert (talk.chat.step, talk.chat.draft.audience) == ("intake.visibility", ("declined",))


def test_a_group_and_something_else_at_once_is_not_guessed() -> None:
    talk = at_audience()
    said = talk.types("1, 9")
    assert said[0].keys[0] == "hint.choices"
    assert talk.chat.picked == ()


# The summary


@pytest.mark.parametrize(
    ("what", "how"),
    [
        ("need", ("sumur kering", "@quiet", "1")),
        ("village", ("Srigading",)),
        ("village", ("Mekar Jaya", "Jabung")),
        ("village", ("1", "2", "1")),
        ("landmark", ("depan pasar",)),
        ("landmark", ("lewati",)),
        ("field", ("2",)),
        ("audience", ("8",)),
        ("audience", ("1", "2", "selesai")),
        ("visibility", ("3",)),
    ],
)
def test_each_answer_is_edited_from_the_summary_and_returns_to_it(what: str, how: tuple[str, ...]) -> None:
    talk = at_summary()
    before = talk.chat.draft
    talk.types("2")
    talk.presses(what)
    for text in how:
        assert talk.chat.step != "intake.summary"
        talk.is_quiet() if text == "@quiet" else talk.types(text)
    assert talk.chat.step == "intake.summary"
    assert talk.chat.draft is not None
    assert not talk.chat.draft.editing
    assert before is not None
    assert talk.chat.draft.serial == before.serial


def test_the_need_is_told_anew_from_the_summary() -> None:
    talk = at_summary()
    talk.types("2", "1", "2", "sumur kering sejak Mei")
    talk.is_quiet()
    talk.types("1")
    assert talk.chat.step == "intake.summary"
    assert talk.chat.draft is not None
    assert talk.chat.draft.words() == "sumur kering sejak Mei"


def test_telling_the_need_anew_loses_nothing_before_new_words_come() -> None:
    talk = at_summary()
    talk.types("2", "1", "2", "kembali")
    assert talk.chat.step == "intake.summary"
    assert NEED in talk.last.message.text


@pytest.mark.parametrize("what", ["need", "village", "landmark", "field", "audience", "visibility"])
def test_kembali_while_editing_returns_to_the_summary_with_the_answer_kept(what: str) -> None:
    talk = at_summary()
    held = answers(talk.chat.draft)
    talk.types("2")
    talk.presses(what)
    talk.types("kembali")
    assert (talk.chat.step, answers(talk.chat.draft)) == ("intake.summary", held)


def test_a_draft_is_sent_once_and_its_receipt_names_ticket_and_code() -> None:
    talk = sent()
    assert [shown.keys[0] for shown in talk.shown[-3:]] == ["receipt", "recovery", "menu"]
    assert talk.world.own[0].ticket.startswith("500001")
    assert "500-001-" in talk.shown[-3].message.text
    assert (talk.chat.draft, talk.chat.trail) == (None, ())


def test_after_sending_kembali_does_not_lead_back_into_the_draft() -> None:
    talk = sent()
    talk.types("kembali")
    assert talk.chat.step == "menu"


def test_out_of_season_the_receipt_says_when_the_window_opens() -> None:
    talk = at_summary()
    talk.world.in_season = False
    said = talk.types("1")
    assert said[0].keys[0] == "receipt.waiting"
    assert "4 Januari 2027" in said[0].message.text


def test_own_groups_are_asked_once_after_the_first_aspiration() -> None:
    talk = at_summary()
    talk.world.profile = Profile(needs_answered=True)
    talk.types("1")
    assert talk.chat.step == "groups.ask"
    talk.types("2", "8")
    assert talk.last.keys == ("groups.done", "menu")
    assert talk.world.profile.groups == ("elderly",)


def test_a_refused_draft_is_kept_and_said_to_be() -> None:
    talk = at_summary()
    talk.world.refuses = "incomplete"
    draft = talk.chat.draft
    said = talk.types("1")
    assert said[-1].keys == ("intake.not_sent", "progress", "intake.summary")
    assert talk.chat.draft == draft


def test_sending_without_consent_leads_to_the_question_for_it() -> None:
    talk = at_summary()
    talk.world.agreed.clear()
    assert talk.types("1")[-1].keys == ("intake.not_sent", "consent.ask")
    assert talk.chat.draft is not None


# Pauses and what time brings


@pytest.mark.parametrize(
    "at", [at_need, at_village, at_landmark, at_field, at_audience, at_visibility, at_summary]
)
def test_after_a_pause_one_is_told_where_one_was(at: At) -> None:
    talk = at()
    place = talk.place
    talk.waits(PAUSE)
    said = talk.puzzles()
    assert said[0].keys[0] == "welcome.back"
    params = said[0].line("welcome.back").params
    assert params is not None
    assert (params["n"], params["total"]) == place


def test_after_a_short_pause_nothing_is_said_of_it() -> None:
    talk = at_field()
    talk.waits(timedelta(minutes=9))
    assert "welcome.back" not in talk.puzzles()[0].keys


def test_whoever_sends_after_a_pause_is_not_told_where_they_were() -> None:
    talk = at_summary()
    talk.waits(PAUSE)
    said = talk.types("1")
    assert [shown.keys[0] for shown in said] == ["receipt", "recovery", "menu"]


def test_a_draft_waits_for_a_month() -> None:
    talk = at_field()
    draft = talk.chat.draft
    talk.waits(timedelta(days=29))
    talk.types("ulangi")
    assert (talk.chat.step, talk.chat.draft) == ("intake.field", draft)


def test_a_resting_draft_is_reminded_of_with_its_question() -> None:
    talk = at_field()
    assert talk.happens(events.DraftRested(at=talk.at))[0].keys[0] == "draft.reminder"
    gone = sent()
    assert gone.happens(events.DraftRested(at=gone.at)) == []


def test_a_failed_turn_is_owned_up_to_with_the_question() -> None:
    talk = at_field()
    said = talk.happens(events.TurnFailed(at=talk.at))
    assert said[0].keys[:2] == ("turn.failed", "progress")
    fresh = Talk()
    assert fresh.happens(events.TurnFailed(at=NOON))[0].keys == ("turn.failed", "menu")
