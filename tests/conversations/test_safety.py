"""Help is named when somebody is in danger; a shared phone tells nothing; a child is spoken for by a guardian."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations import events
from conversations.chat import Mode
from conversations.effects import ForgetMessages, KeepMedia, OpenLetter, RaiseAlert, RecordConsent
from conversations.facts import Profile
from tests.conversations.literal_facts import HOUSE, RAJABASA
from tests.conversations.model_world import ModelWorld
from tests.conversations.safety_ways import COMPLAINT, DANGER
from tests.conversations.talking import Talk, agreed_talk, at_landmark, at_need, at_summary


def alerts(talk: Talk) -> list[RaiseAlert]:
    return [effect for effect in talk.world.performed if isinstance(effect, RaiseAlert)]


def said_keys(talk: Talk) -> list[str]:
    return [key for shown in talk.shown for key in shown.keys]


# Danger


def test_help_is_named_at_once_and_the_need_can_be_gone_on_with() -> None:
    talk = at_need()
    talk.types(DANGER)
    assert HOUSE.hotline in talk.last.message.text
    assert "danger.told" in talk.last.keys
    talk.is_quiet()
    assert talk.chat.step == "intake.more"
    assert "intake.more" in talk.last.keys


def test_those_who_help_are_alerted_once_for_each_draft() -> None:
    talk = at_need()
    talk.types(DANGER, "tolong saya dipukul lagi")
    assert alerts(talk) == [RaiseAlert(words=DANGER)]
    talk.is_quiet()
    talk.types("1")
    assert talk.chat.step == "intake.village"
    assert len(alerts(talk)) == 1


def test_an_alert_names_the_village_that_is_known() -> None:
    talk = at_need()
    talk.world.profile = Profile(village=RAJABASA)
    talk.types(DANGER)
    assert alerts(talk)[0].village == RAJABASA.kode


def test_where_there_is_no_hotline_a_person_is_named_and_never_only_by_telephone() -> None:
    talk = at_need(hotline=False)
    talk.types(DANGER)
    text = talk.last.message.text
    assert talk.last.keys[0] == "danger.contact"
    assert HOUSE.hotline not in text
    assert "kirim pesan" in text


def test_before_consent_help_is_named_and_nobody_is_told() -> None:
    talk = Talk(ModelWorld())
    talk.starts()
    talk.types(DANGER)
    assert "danger.early" in said_keys(talk)
    assert talk.chat.step == "consent.ask"
    talk.types("anak saya juga dipukul bapaknya")
    assert said_keys(talk).count("danger.early") == 2
    assert alerts(talk) == []
    talk.presses("yes")
    talk.presses("no")
    talk.presses("use")
    assert len(alerts(talk)) == 1


def test_a_plan_against_violence_alarms_nobody() -> None:
    talk = at_need()
    talk.types("perlu penyuluhan kekerasan dalam rumah tangga")
    talk.is_quiet()
    assert alerts(talk) == []
    assert not any(key.startswith("danger") for key in said_keys(talk))


def test_a_complaint_is_kept_and_the_door_for_complaints_named_after_the_receipt() -> None:
    talk = at_summary()
    assert talk.chat.draft is not None
    talk.edits(talk.chat.draft.parts[0].message, COMPLAINT)
    talk.presses("send")
    keys = said_keys(talk)
    assert keys.index("receipt") < keys.index("complaint") < keys.index("recovery")
    assert len(talk.world.submitted) == 1


def test_a_need_is_not_told_of_complaints() -> None:
    talk = at_summary()
    talk.presses("send")
    assert "complaint" not in said_keys(talk)


# Mode rahasia


def discreet(talk: Talk) -> Talk:
    talk.types("mode rahasia")
    talk.presses("on")
    return talk


def test_mode_rahasia_is_switched_on_and_off_from_settings_and_by_command() -> None:
    talk = agreed_talk()
    talk.presses("settings")
    talk.presses("discreet")
    talk.presses("on")
    assert talk.chat.mode == Mode(discreet=True)
    talk.types("/rahasia")
    talk.presses("off")
    assert talk.chat.mode == Mode()


def test_a_reminder_in_mode_rahasia_says_only_that_something_waits_until_it_is_opened() -> None:
    talk = discreet(at_landmark())
    talk.waits(timedelta(hours=25))
    (knock,) = talk.happens(events.DraftRested(at=talk.at))
    assert knock.keys[0] == "letter.waiting"
    assert "Langkah" not in knock.message.text
    talk.types("buka pesan")
    assert talk.chat.step == "intake.landmark"
    assert talk.last.keys[-1] == "intake.landmark"


def test_the_end_of_an_aspiration_offers_to_delete_in_mode_rahasia_alone() -> None:
    quiet, open_ = discreet(at_summary()), at_summary()
    for talk in (quiet, open_):
        talk.presses("send")
    assert (quiet.chat.step, open_.chat.step) == ("forget", "menu")
    quiet.presses("yes")
    assert any(isinstance(effect, ForgetMessages) for effect in quiet.world.performed)


def test_what_is_said_after_deleting_tells_nothing() -> None:
    talk = agreed_talk()
    talk.types("/bersihkan")
    said = talk.presses("yes")
    (last,) = said
    for word in ("usulan", "Musrenbang", "desa"):
        assert word not in last.message.text.casefold()
    talk.presses("open")
    assert talk.chat.step == "menu"


def test_deleting_in_the_middle_leads_back_to_the_question() -> None:
    talk = at_landmark()
    talk.types("hapus percakapan")
    talk.presses("yes")
    talk.presses("open")
    assert talk.chat.step == "intake.landmark"


def test_a_need_told_right_after_deleting_is_heard() -> None:
    talk = agreed_talk()
    talk.types("hapus percakapan")
    talk.presses("yes")
    talk.types("jalan rusak di depan sekolah")
    assert talk.chat.step == "intake.held"


@pytest.mark.parametrize("ref", ["1", "999999999", ""])
def test_a_letter_is_opened_by_number_and_one_comes_back(ref: str) -> None:
    talk = at_landmark()
    talk.presses_payload(f"letter:open:{ref}", 1)
    assert OpenLetter(number=int(ref or 0)) in talk.world.performed
    assert talk.chat.step == "intake.landmark"


def test_a_letter_that_is_gone_is_said_to_be() -> None:
    talk = agreed_talk()
    talk.world.refuses = "unknown"
    talk.presses_payload("letter:open:7", 1)
    assert "letter.gone" in talk.last.keys


# Consent by a recording, and a child's


def consents(talk: Talk) -> list[RecordConsent]:
    return [effect for effect in talk.world.performed if isinstance(effect, RecordConsent)]


def at_consent() -> Talk:
    talk = Talk(ModelWorld())
    talk.starts()
    talk.presses("new")
    assert talk.chat.step == "consent.ask"
    return talk


def test_ones_own_voice_or_signs_are_a_consent_whose_recording_is_kept() -> None:
    for form in ("voice", "video"):
        talk = at_consent()
        talk.presses("record")
        talk.types("saya setuju")
        assert consents(talk) == []
        talk.speaks() if form == "voice" else talk.films()
        (consent,) = consents(talk)
        assert (consent.form, consent.granted) == (form, True)
        assert consent.media is not None
        assert any(isinstance(e, KeepMedia) and e.media == consent.media for e in talk.world.performed)
        assert talk.chat.step == "consent.broadcast"


def test_a_voice_at_the_question_itself_is_still_a_need_that_waits() -> None:
    talk = at_consent()
    talk.speaks()
    assert consents(talk) == []
    assert talk.chat.held is not None


def test_a_guardian_consents_for_a_child_by_button_words_or_voice() -> None:
    """UU 27/2022 Ps 25. News and invitations are not asked for."""
    for form in ("guardian_button", "guardian_text", "guardian_voice"):
        talk = at_consent()
        talk.presses("child")
        talk.presses("here")
        match form:
            case "guardian_button":
                talk.presses("yes")
            case "guardian_text":
                talk.types("saya setuju")
            case _:
                talk.speaks()
        (consent,) = consents(talk)
        assert (consent.form, consent.purpose, consent.granted) == (form, "service", True)
        assert talk.chat.step == "intake.need"


@pytest.mark.parametrize("way", [("none",), ("here", "no")])
def test_nothing_of_a_child_without_a_guardian_is_stored(way: tuple[str, ...]) -> None:
    talk = Talk(ModelWorld())
    talk.starts()
    talk.types("di sekolah tidak ada toilet")
    talk.presses("child")
    for value in way:
        talk.presses(value)
    assert talk.chat.held is None
    assert talk.chat.draft is None
    assert not any(effect.outcomes for effect in talk.world.performed)
    assert consents(talk) == []
    assert talk.chat.step == "menu"


def test_a_recording_that_is_too_short_is_no_consent() -> None:
    talk = at_consent()
    talk.presses("child")
    talk.presses("here")
    talk.speaks(0)
    assert consents(talk) == []
    assert talk.chat.step == "guardian.ask"


def test_whoever_is_an_adult_goes_back_to_their_own_consent() -> None:
    talk = at_consent()
    talk.presses("child")
    talk.presses("adult")
    assert talk.chat.step == "consent.ask"
