"""Invitations, one's people, claiming and handing over: who may what, and what is told to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations import effects
from conversations.facts import Role
from conversations.flows.mandate import CONDUCT_VERSION
from conversations.forgetting import is_personal
from tests.conversations.literal_facts import FACILITATOR, TOKENS, UNUSED, ticket_like
from tests.conversations.model_world import CODE, ModelWorld
from tests.conversations.paths import facilitating, invited
from tests.conversations.talking import FLOWS, Talk

SITI = ticket_like(700001)
CLAIM = f"k{UNUSED}-{CODE}"


def with_people() -> Talk:
    """A facilitator who has people, at the menu."""
    talk = Talk(facilitating())
    talk.starts()
    return talk


def done(talk: Talk, kind: type) -> list[object]:
    """The effects of one kind that were performed."""
    return [effect for effect in talk.world.performed if isinstance(effect, kind)]


# Invitations


@pytest.mark.parametrize("role", TOKENS)
def test_who_agrees_to_the_code_of_conduct_gets_the_role(role: Role) -> None:
    talk = Talk(invited())
    said = talk.starts(f"u{TOKENS[role]}")
    assert [shown.keys[-1] for shown in said] == ["arrival.hello", "mandate.ask"]
    talk.types("saya setuju")
    assert [mandate.role for mandate in talk.world.mandates] == [role]
    assert done(talk, effects.AcceptInvitation) == [
        effects.AcceptInvitation(token=TOKENS[role], conduct=CONDUCT_VERSION)
    ]
    assert talk.chat.link == ""


def test_who_does_not_agree_gets_nothing_and_spends_nothing() -> None:
    talk = Talk(invited())
    talk.starts(f"u{TOKENS['facilitator']}")
    talk.presses("no")
    assert talk.world.mandates == ()
    assert TOKENS["facilitator"] in talk.world.invitations


@pytest.mark.parametrize("payload", [f"u{'x' * 32}", f"u{TOKENS['facilitator']}"])
def test_unknown_and_spent_links_are_answered_alike_and_name_whom_to_ask(payload: str) -> None:
    talk = Talk(ModelWorld())
    said = talk.starts(payload)
    assert said[-1].keys == ("mandate.unknown", "menu")
    assert "Ibu Sari" in said[-1].message.text


@pytest.mark.parametrize(
    "payload", ["u", "u" + "x" * 31, "u" + "x" * 33, "u" + "é" * 32, "k123-456", "k٣" * 9]
)
def test_what_is_no_link_of_ours_is_a_plain_beginning(payload: str) -> None:
    said = Talk(ModelWorld()).starts(payload)
    assert said[0].keys == ("arrival.hello",)
    assert said[-1].keys == ("menu",)


def test_a_draft_survives_an_invitation() -> None:
    talk = Talk(replace(invited(), agreed={"service"}))
    talk.starts()
    talk.types("usulan baru")
    draft = talk.chat.draft
    talk.starts(f"u{TOKENS['facilitator']}")
    talk.presses("yes")
    assert talk.chat.draft == draft


# One's people


def test_ones_people_are_listed_with_what_is_to_be_told() -> None:
    talk = with_people()
    text = talk.types("/warga")[0].message.text
    assert "3 orang" in text
    assert "Ibu Siti, 700-001" in text
    assert "ada kabar" in text


def test_what_is_to_be_told_stands_on_the_card_until_it_is_told() -> None:
    talk = with_people()
    talk.types("warga saya")
    card = talk.presses(SITI)[0]
    assert "Sampaikan ini kepada Ibu Siti" in card.message.text
    talk.presses("told")
    talk.types("terima kasih banyak")
    report = done(talk, effects.ReportBack)[0]
    assert isinstance(report, effects.ReportBack)
    assert report.answer is not None
    assert (report.ticket, report.answer.text) == (SITI, "terima kasih banyak")
    talk.presses(SITI)
    assert "told" not in {button.payload.split(":")[1] for button in talk.last.say.buttons}


def test_an_answer_of_the_person_may_be_a_forwarded_voice_and_is_kept() -> None:
    talk = with_people()
    talk.presses_payload(f"report.told:told:{SITI}", 1)
    talk.forwards("user", seconds=6)
    report = done(talk, effects.ReportBack)[0]
    assert isinstance(report, effects.ReportBack)
    assert report.answer is not None
    assert report.answer.media in talk.world.kept


def test_no_answer_is_reported_as_none() -> None:
    talk = with_people()
    talk.presses_payload(f"report.told:told:{SITI}", 1)
    talk.types("1")
    assert done(talk, effects.ReportBack) == [effects.ReportBack(ticket=SITI)]


def test_the_button_of_a_report_comes_back_to_the_question_that_was_open() -> None:
    talk = with_people()
    talk.types("usulan baru")
    talk.presses_payload(f"report.told:told:{SITI}", 1)
    talk.presses("skip")
    assert talk.chat.step == "intake.need"


@pytest.mark.parametrize("deed", ["report.told:told", "report.told:show"])
def test_a_forged_report_of_somebody_elses_person_shows_nothing(deed: str) -> None:
    talk = with_people()
    said = talk.presses_payload(f"{deed}:{UNUSED}", 1)
    assert said[0].keys[0] == "people.gone"
    stranger = Talk(ModelWorld())
    stranger.starts()
    said = stranger.presses_payload(f"{deed}:{SITI}", 1)
    assert said[0].keys[0] == "relay.not_yours"
    assert not done(stranger, effects.ReportBack)


def test_a_new_code_is_handed_over_as_a_message_and_a_new_card_is_drawn() -> None:
    talk = with_people()
    talk.types("warga saya")
    talk.presses(SITI)
    said = talk.presses("card")
    assert [shown.keys for shown in said[:2]] == [("people.code",), ("relay.receipt",)]
    assert "123-456-789-06" in said[1].message.text
    assert done(talk, effects.SendCard) == [effects.SendCard(ticket=SITI, claim_code=CODE)]


def test_a_revoked_code_is_no_longer_offered_for_revoking() -> None:
    talk = with_people()
    talk.types("warga saya")
    talk.presses(SITI)
    talk.presses("revoke")
    talk.presses(SITI)
    assert "revoke" not in {button.payload.split(":")[1] for button in talk.last.say.buttons}


def test_withdrawing_asks_first() -> None:
    talk = with_people()
    talk.types("warga saya")
    talk.presses(SITI)
    talk.presses("withdraw")
    assert not done(talk, effects.WithdrawAspiration)
    talk.presses("yes")
    assert done(talk, effects.WithdrawAspiration) == [effects.WithdrawAspiration(ticket=SITI)]


# Claiming


def test_a_claim_without_consent_asks_first_and_then_goes_on_by_itself() -> None:
    talk = Talk(ModelWorld())
    said = talk.starts(CLAIM)
    assert said[-1].keys[0] == "claim.needs_consent"
    talk.presses("yes")
    said = talk.presses("no")
    assert said[0].keys[0] == "claim.done"
    assert [view.ticket for view in talk.world.own] == [UNUSED]
    assert talk.chat.link == ""


def test_a_forged_or_used_claim_link_gets_one_kind_answer() -> None:
    talk = Talk(ModelWorld(agreed={"service"}))
    forged = talk.starts(f"k{UNUSED}-11111111111")
    talk.world.refuses = "slowed"
    slowed = talk.starts(CLAIM)
    assert forged[-1].keys == slowed[-1].keys == ("claim.unknown", "menu")


# Handing over


def test_ones_people_are_handed_over_by_a_code_that_is_asked_for_twice() -> None:
    talk = with_people()
    talk.presses("relaying")
    talk.presses("handover")
    talk.presses("give")
    assert not done(talk, effects.OfferHandover)
    said = talk.presses("yes")
    assert "123-456-789-06" in said[0].message.text


def test_another_facilitators_code_is_typed_and_forgotten() -> None:
    talk = Talk(facilitating(represented=(), mandates=(FACILITATOR,)))
    talk.starts()
    talk.presses("relaying")
    talk.presses("handover")
    talk.presses("take")
    talk.types(CODE)
    assert done(talk, effects.AcceptHandover) == [effects.AcceptHandover(code=CODE)]
    assert talk.chat.picked == ()


def test_a_chat_that_holds_a_link_or_others_words_is_sealed() -> None:
    claiming = Talk(ModelWorld())
    claiming.starts(CLAIM)
    gathering = Talk(facilitating())
    gathering.types("/titip")
    gathering.forwards()
    assert is_personal(FLOWS, claiming.chat)
    assert is_personal(FLOWS, gathering.chat)
    assert not is_personal(FLOWS, Talk().chat)
