"""The table of Suara itself: sound, complete, and within what was promised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest

from conversations.checker import outcomes, problems, text_keys
from conversations.effects import AnyEffect
from conversations.events import Typed
from conversations.flows import suara_flows
from conversations.flows.settings import LOCALES
from conversations.interpreter import KEYBOARD_WORDS
from conversations.table import Act, Ask, Seen, Tell
from conversations.walk import all_options
from conversations.words import GLOBAL_WORDS
from tests.conversations.literal_facts import real_texts, real_words
from tests.conversations.paths import reached
from tests.conversations.talking import FLOWS
from tests.databases import NOON

pytestmark = pytest.mark.no_cover  # all of them are walked, and watched three times as long

OWN_WORDS = {"back", "repeat"}
"""Global words that the interpreter obeys by itself."""


def test_the_table_has_no_problems() -> None:
    assert problems(suara_flows(), get_args(AnyEffect)) == []


def test_every_global_word_is_obeyed() -> None:
    """And only by a step that exists: the checker sees to that."""
    assert set(FLOWS.globals) | OWN_WORDS == set(GLOBAL_WORDS)


def test_at_most_eight_questions_are_counted() -> None:
    assert all(len(flow.questions) <= 8 for flow in FLOWS.flows if flow.name == "intake")


def test_a_flow_that_counts_its_questions_has_exactly_one_review() -> None:
    for flow in FLOWS.flows:
        reviews = [step.name for step in flow.steps if isinstance(step, Ask) and step.review]
        assert len(reviews) == bool(flow.questions), flow.name
    assert FLOWS.review("intake.field") == "intake.summary"


def test_every_key_of_the_table_has_a_text() -> None:
    texts = real_texts().catalogues
    missing = [key for key in text_keys(FLOWS) for locale in LOCALES if key not in texts.whole[locale]]
    assert missing == []


def test_each_of_the_six_answers_can_be_edited() -> None:
    edit = FLOWS.steps["intake.edit"]
    assert isinstance(edit, Ask)
    led = {name: target for name, target in edit.edges.items() if name != "none"}
    topics = {step.topic for name in led.values() if isinstance(step := FLOWS.steps[name], Ask)}
    assert topics == {"need", "village", "landmark", "field", "audience", "visibility"}


def test_whatever_stores_something_personal_is_behind_consent() -> None:
    """No draft is opened and no name or group stored without asking: the first step of each way is a gate."""
    for name in ("intake.begin", "name", "groups.ask", "needs.ask"):
        into = {step.name for step in FLOWS.steps.values() if name in step.edges.values()}
        gates = {
            "consent",
            "consent.onward",
            "arrival.heard",
            "name.gate",
            "groups",
            "groups.check",
            "name.too_long",
            "intake.needs",
            "needs.known",
            "needs.shown",
            "schedule.needs",  # come to only when an answer was stored, which needs consent
        }
        assert into <= gates, f"{name} is come to from {into - gates}"


def test_every_question_that_only_words_answer_offers_a_human_after_three_failures() -> None:
    """Where there are choices the text names help, which is a global word."""
    for step in FLOWS.steps.values():
        if isinstance(step, Ask) and step.readers and not step.options and step.offers is None:
            assert [choice.value for choice in step.rescue] == ["human"], step.name


def test_a_rescue_can_be_taken_without_storing_it() -> None:
    for step in FLOWS.steps.values():
        if isinstance(step, Ask):
            assert all(choice.leads in step.edges for choice in step.rescue)


def test_every_message_with_its_own_buttons_stands_apart() -> None:
    assert all(step.apart for step in FLOWS.steps.values() if isinstance(step, Tell) and step.options)


def test_every_act_says_what_it_performs() -> None:
    for step in FLOWS.steps.values():
        if isinstance(step, Act):
            assert outcomes(step) == frozenset(step.performs.outcomes)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_option_is_called_like_a_word_of_the_reply_keyboard(locale: str) -> None:
    """Kembali, Ulangi, Bantuan and Menu beat every option: such a name would never be understood.

    (The rescue "Hubungi petugas" is: help names the same people.)
    """
    hidden = [
        f"{name}: {spoken} means {word}"
        for name, spoken, word, same in named_like_global_words(locale)
        if word in KEYBOARD_WORDS and not same
    ]
    assert hidden == []


@pytest.mark.parametrize("locale", LOCALES)
def test_batal_is_no_yes_to_the_question_whether_to_cancel(locale: str) -> None:
    """Typed twice it must not delete a draft: the first time asks, the second time asks again."""
    assert not [
        name
        for name, _, word, _ in named_like_global_words(locale)
        if name == "cancel.ask" and word == "cancel"
    ]


def named_like_global_words(locale: str) -> Iterator[tuple[str, str, str, bool]]:
    """(step, name of an option, the global word that it is, whether both lead to the same step)."""
    words = real_words()
    for name, step in FLOWS.steps.items():
        if not isinstance(step, Ask):
            continue
        talk = reached()[name].talk
        for choice in all_options(step, Seen(talk.chat, Typed(at=NOON, text=""), talk.world.facts())):
            for spoken in words.names(choice.label, locale):
                word = words.global_word(spoken, locale)
                if word is not None:
                    yield name, spoken, word, FLOWS.globals.get(word) == step.edges[choice.leads]
