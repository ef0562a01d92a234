"""What is said of a person who is spoken for: consent, children, place, words, and the receipt to hand over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations import effects, events
from conversations.effects import Line
from conversations.flows.relay_sending import receipt_params
from conversations.flows.settings import LOCALES
from conversations.table import Seen
from tests.conversations.literal_facts import FACILITATOR, HOUSE, NOON, RAJABASA, LiteralFacts, real_texts
from tests.conversations.model_world import CODE
from tests.conversations.relaying import facilitator, gathered, person_done, tells_of, tells_rest

# Consent and children


def test_without_consent_nothing_is_sent() -> None:
    talk = gathered(1)
    talk.presses("one")
    tells_of(talk, "Bu Siti", consent=False)
    assert talk.chat.step == "relay.consent"
    talk.types("ya dia setuju")
    assert talk.chat.step == "relay.consent"
    talk.presses_payload(f"relay.check:send:{talk.chat.draft.serial if talk.chat.draft else 0}", 1)
    assert talk.world.relayed == []


def test_a_recorded_consent_is_kept_with_the_person() -> None:
    talk = gathered(1)
    talk.presses("one")
    tells_of(talk, "Bu Siti")
    talk.presses("send")
    said = talk.world.relayed[0].draft.relay
    assert said is not None
    assert said.consent is not None
    assert (said.consent_form, said.consent.origin) == ("voice", "user")
    assert said.consent.media in talk.world.kept


def test_whoever_picks_no_group_and_no_need_and_is_done_goes_on() -> None:
    """Both questions may be passed over: to be asked the same again without a word is a dead end."""
    talk = gathered(1)
    talk.presses("one")
    talk.presses("adult")
    talk.types("Bu Siti")
    talk.presses("family")
    talk.presses("done")
    assert talk.chat.step == "relay.needs"
    talk.presses("done")
    assert talk.chat.step in {"relay.known", "relay.village"}


@pytest.mark.parametrize(
    ("answer", "stored"), [("1", "signs"), ("Bu Siti sedang sakit", "Bu Siti sedang sakit")]
)
def test_a_witness_gives_a_reason(answer: str, stored: str) -> None:
    talk = gathered(1)
    talk.presses("one")
    tells_of(talk, "Bu Siti", consent=False)
    talk.presses("witness")
    talk.types(answer)
    talk.presses("facilitator")
    talk.presses("send")
    said = talk.world.relayed[0].draft.relay
    assert said is not None
    assert (said.consent_form, said.witnessed, said.consent) == ("witnessed", stored, None)


def test_whoever_does_not_agree_is_not_sent_and_the_others_go_on() -> None:
    talk = gathered(3)
    talk.presses("several")
    talk.types("1 2")
    talk.presses("done")
    tells_of(talk, "Bu Siti", consent=False)
    talk.presses("refuse")
    said = talk.presses("drop")
    assert said[0].keys == ("relay.refused", "relay.left")
    assert talk.chat.draft is None
    assert talk.chat.batch is not None
    assert len(talk.chat.batch.items) == 1
    assert talk.world.relayed == []


def test_a_childs_guardian_is_asked_to_agree() -> None:
    talk = gathered(1)
    talk.presses("one")
    talk.presses("guardian")
    talk.types("Dimas")
    tells_rest(talk, "relay.consent")
    assert "wali Dimas" in talk.last.message.text


def test_of_a_child_of_a_forum_only_the_summary_is_sent() -> None:
    talk = gathered(1)
    talk.presses("one")
    talk.presses("forum")
    talk.types("Rajabasa")
    talk.types("Anak-anak minta lapangan bermain.")
    talk.types("1")
    assert talk.chat.step == "relay.check"
    talk.presses("send")
    sent = talk.world.relayed[0].draft
    assert (sent.parts, sent.visibility) == ((), "private")
    assert sent.relay is not None
    assert (sent.relay.name, sent.relay.contact, sent.relay.consent) == ("", "", None)


def test_only_who_speaks_for_a_forum_is_offered_it() -> None:
    talk = facilitator(mandates=(replace(FACILITATOR, forum=False),))
    talk.types("/titip")
    talk.forwards()
    talk.is_quiet()
    said = talk.types("1")
    assert [button.payload.split(":")[1] for button in said[0].say.buttons] == ["adult", "guardian"]
    talk.presses_payload(said[0].say.buttons[0].payload.replace("adult", "forum"), said[0].number)
    assert talk.chat.step == "relay.maturity"


def test_a_change_from_adult_to_child_asks_for_consent_anew() -> None:
    talk = gathered(1)
    talk.presses("one")
    tells_of(talk, "Dimas")
    talk.presses("edit")
    talk.presses("maturity")
    talk.presses("guardian")
    assert talk.chat.step == "relay.check"
    talk.presses("send")
    assert talk.chat.step == "relay.consent"
    assert talk.world.relayed == []


# Place, words, how the person is told


def test_a_place_outside_the_mandate_is_refused_kindly() -> None:
    talk = gathered(1)
    talk.presses("one")
    talk.presses("adult")
    talk.types("Bu Siti")
    talk.presses("family")
    talk.presses("declined")
    talk.presses("none")
    said = talk.types("Wonosari")
    assert said[0].keys[0] == "relay.outside"
    assert "Sukadana" in said[0].message.text
    assert talk.chat.draft is not None
    assert talk.chat.draft.village is None
    talk.types("Rajabasa")
    assert talk.chat.draft is not None
    assert talk.chat.draft.village == RAJABASA


def test_the_list_holds_only_the_places_of_the_mandate() -> None:
    talk = gathered(1)
    talk.presses("one")
    talk.presses("adult")
    talk.types("Bu Siti")
    tells_rest(talk, "relay.village")
    said = talk.presses("list")
    assert {button.label for button in said[0].message.buttons} == {"Jabung", "Sukadana"}
    said = talk.presses("18.07.03")
    assert [button.label for button in said[0].message.buttons] == ["Jabung"]


def test_the_last_place_is_offered_for_the_next_person() -> None:
    talk = gathered(2)
    talk.presses("several")
    talk.types("1")
    talk.presses("done")
    person_done(talk, "Bu Siti")
    talk.presses("next")
    talk.presses("all")
    talk.presses("adult")
    talk.types("Pak Karso")
    tells_rest(talk, "relay.known")
    assert "Rajabasa" in talk.last.message.text


@pytest.mark.parametrize("length", [160, 161])
def test_a_summary_has_at_most_160_characters(length: int) -> None:
    talk = gathered(1)
    talk.presses("one")
    talk.presses("adult")
    talk.types("Bu Siti")
    tells_rest(talk, "relay.summary")
    talk.types("a" * length)
    assert talk.chat.step == ("relay.field" if length <= 160 else "relay.summary")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("62.812.3456.7890", "+6281234567890"),
        ("0725 123456", None),
        ("0812", None),
        ("08" + "1" * 30, None),
    ],
)
def test_a_mobile_number_is_written_in_one_way_or_asked_again(typed: str, kept: str | None) -> None:
    talk = gathered(1)
    talk.presses("one")
    tells_of(talk, "Bu Siti", consent=False)
    talk.speaks(3)
    talk.presses("phone")
    talk.types(typed)
    assert talk.chat.step == ("relay.check" if kept else "relay.phone")
    assert talk.chat.draft is not None
    assert talk.chat.draft.relay is not None
    assert talk.chat.draft.relay.contact == (kept or "")


@pytest.mark.parametrize(
    ("edit", "answer"),
    [
        ("name", "Bu Sri"),
        ("relation", "2"),
        ("village", "Pakuan Aji"),
        ("summary", "Air keruh."),
        ("field", "2"),
        ("visibility", "1"),
    ],
)
def test_each_answer_can_be_changed_from_the_check_and_leads_back_to_it(edit: str, answer: str) -> None:
    talk = gathered(1)
    talk.presses("one")
    tells_of(talk, "Bu Siti")
    before = talk.chat.draft
    talk.presses("edit")
    if edit in {"summary", "field", "visibility"}:
        talk.presses("~")
    talk.presses(edit)
    talk.types(answer)
    assert talk.chat.step == "relay.check"
    assert talk.chat.draft != before


def test_visibility_is_private_unless_changed() -> None:
    talk = gathered(1)
    talk.presses("one")
    person_done(talk, "Bu Siti")
    assert talk.world.relayed[0].draft.visibility == "private"


# The receipt


def test_the_receipt_is_a_message_of_its_own_then_the_card_follows() -> None:
    talk = gathered(1)
    talk.presses("one")
    said = person_done(talk, "Bu Siti")
    assert [shown.keys for shown in said] == [("relay.sent",), ("relay.receipt",), ("relay.done", "menu")]
    cards = [one for one in talk.world.performed if isinstance(one, effects.SendCard)]
    assert [(card.claim_code) for card in cards] == [CODE]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_receipt_fits_into_one_short_message(locale: str) -> None:
    """160 characters, as one SMS holds; with the longest numbers and the longest names."""
    house = replace(HOUSE, contact_name="K" * 120, contact_phone="0812345678901")
    talk = gathered(1)
    event = events.Relayed(at=NOON, ticket="4829137" + "01", claim_code=CODE)
    params = receipt_params(Seen(talk.chat, event, LiteralFacts(house=house)))
    text = real_texts().line(Line("relay.receipt", params), locale)
    assert len(text) <= 160, text
    assert "123-456-789-06" in text
