"""Every step of the table can be come to by a person, and what it says there can be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations.checker import enumerated
from conversations.effects import RecordConsent
from conversations.events import Typed
from conversations.flows.settings import LOCALES
from conversations.table import Ask, Seen, Tell
from conversations.walk import all_options
from tests.conversations.literal_facts import NOON, real_words
from tests.conversations.paths import reached
from tests.conversations.talking import FLOWS, Shown, Talk

pytestmark = pytest.mark.no_cover  # all of them are walked, and watched three times as long

NOT_BY_THE_PERSON = {
    "deadline",
    "followup",
    "notice",
    "letter",
    "alert",
    "question",
    "reply.told",
    "meeting.told",
    "report.told",
    "transcript",
    "siar.told",
    "broadcast.told",
    "sending.running",
    "sending.paused",
    "sending.ended",
}
"""The sender renders it; its button is pressed in the test of the paths."""

ASKS = tuple(name for name, step in FLOWS.steps.items() if isinstance(step, Ask))
TELLS = tuple(name for name, step in FLOWS.steps.items() if isinstance(step, Tell))


def test_every_step_is_come_to() -> None:
    assert set(FLOWS.steps) - set(reached()) == NOT_BY_THE_PERSON


def asked_at(name: str) -> Talk:
    """The chat when the question has just been put."""
    talk = reached()[name].talk.copy()
    if talk.chat.quiet_at is not None:
        talk.is_quiet()
    assert talk.chat.step == name
    return talk


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize("locale", LOCALES)
def test_each_question_is_put_in_each_language(name: str, locale: str) -> None:
    talk = asked_at(name)
    shown = Shown(0, talk.last.say, locale)
    assert shown.keys[-1] == FLOWS.steps[name].says  # type: ignore[union-attr]
    assert shown.message.text.strip()


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize("locale", LOCALES)
def test_each_option_is_named_in_the_text_that_is_heard_first(name: str, locale: str) -> None:
    """A screen reader reads the text before the buttons, one by one (ux A1)."""
    shown = Shown(0, asked_at(name).last.say, locale)
    message = shown.message
    labels = {b.number: r.label for b, r in zip(shown.say.buttons, message.buttons, strict=True)}
    assert enumerated(message.text, labels) == []


@pytest.mark.parametrize("name", ASKS)
def test_each_option_is_taken_by_number_and_by_label_as_by_button(name: str) -> None:
    talk = asked_at(name)
    for button, label in zip(talk.last.say.buttons, talk.last.message.buttons, strict=True):
        pressed, numbered, named = talk.copy(), talk.copy(), talk.copy()
        pressed.presses_payload(button.payload, talk.last.number)
        named.types(label.label)
        assert outcome(named) == outcome(pressed), f"{label.label} typed is not what its button is"
        if button.number:
            numbered.types(str(button.number))
            assert outcome(numbered) == outcome(pressed), f"{button.number} is not what its button is"


def outcome(talk: Talk) -> tuple[object, ...]:
    """Where a chat stands, what it holds, and what it did; a consent's record tells typing from pressing."""
    chat = talk.chat
    aside = chat.interrupted.step if chat.interrupted else ""
    done = [replace(e, form="text") if isinstance(e, RecordConsent) else e for e in talk.world.performed]
    return (chat.step, chat.draft, chat.picked, chat.focus, chat.locale, aside, done)


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_options_of_a_question_go_by_one_name(name: str, locale: str) -> None:
    talk = asked_at(name)
    step = FLOWS.steps[name]
    assert isinstance(step, Ask)
    options = (*all_options(step, Seen(talk.chat, Typed(at=NOON, text=""), talk.world.facts())), *step.rescue)
    names = [spoken for o in options for spoken in set(real_words().names(o.label, locale))]
    twice = {spoken for spoken in names if names.count(spoken) > 1}
    assert not twice


@pytest.mark.parametrize("name", TELLS)
@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_told_can_be_read_in_each_language(name: str, locale: str) -> None:
    if name in NOT_BY_THE_PERSON:
        return
    found = reached()[name]
    step = FLOWS.steps[name]
    assert isinstance(step, Tell)
    says = [shown for shown in found.talk.shown if step.says in shown.keys]
    assert says, f"{name} was passed without a word"
    assert Shown(0, says[-1].say, locale).message.text.strip()


def test_the_buttons_under_a_message_apart_are_typed_by_name() -> None:
    """Somebody who only types can take back what was sent; a number always answers the question below it."""
    for name in TELLS:
        step = FLOWS.steps[name]
        assert isinstance(step, Tell)
        if not step.options or name in NOT_BY_THE_PERSON:
            continue
        talk = reached()[name].talk
        shown = next(shown for shown in reversed(talk.shown) if step.says in shown.keys)
        for button, label in zip(shown.say.buttons, shown.message.buttons, strict=True):
            pressed, typed = talk.copy(), talk.copy()
            assert button.number == 0
            assert label.label in shown.message.text.splitlines()
            pressed.presses_payload(button.payload, shown.number)
            typed.types(label.label)
            assert outcome(typed) == outcome(pressed)
