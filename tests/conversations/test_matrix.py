"""All inputs from all steps, one by one: states x inputs, each held against every rule of the conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conversations import events
from conversations.table import Ask
from tests.conversations.anything import FORGED, GLOBAL_WORDS, WORDS, oddities, outcomes, passing, recordings
from tests.conversations.invariants import Watched, parts
from tests.conversations.paths import reached
from tests.conversations.talking import FLOWS, Talk

pytestmark = pytest.mark.no_cover  # all of them are walked, and watched three times as long

STEPS = ("", *(name for name, step in FLOWS.steps.items() if isinstance(step, Ask)))
"""Every question, and the chat in which nothing was said yet."""


def watched(step: str) -> Watched:
    """A chat right at a step; the first message of its draft may be edited."""
    talk = reached()[step].talk.copy() if step else Talk()
    return Watched(talk, messages=[part.message for part in parts(talk.chat)] or [3])


def each(step: str, inputs: list[Callable[[Watched], object]]) -> None:
    """Each input on a chat of its own, and then a second time on the same."""
    for do in inputs:
        chat = watched(step)
        do(chat)
        do(chat)


@pytest.mark.parametrize("step", STEPS)
def test_words(step: str) -> None:
    numbers = tuple(str(number) for number in range(1, 16))
    each(step, [lambda chat, text=text: chat.types(text) for text in (*GLOBAL_WORDS, *WORDS, *numbers)])  # type: ignore[misc]


@pytest.mark.parametrize("step", STEPS)
def test_presses(step: str) -> None:
    """Every button that lies in the chat, however old, and forged ones."""
    shown = [(b.payload, s.number) for s in watched(step).talk.shown for b in s.say.buttons]
    presses = [*dict.fromkeys(shown), *((payload, 1) for payload in FORGED)]
    each(step, [lambda chat, press=press: chat.presses(*press) for press in presses])  # type: ignore[misc]


@pytest.mark.parametrize("step", STEPS)
def test_recordings_and_oddities(step: str) -> None:
    at, message = watched(step).talk.at, 9001
    came = [*recordings(at, message), *oddities(at, message)]
    each(step, [lambda chat, event=event: chat.hear(event) for event in came])  # type: ignore[misc]


@pytest.mark.parametrize("step", STEPS)
def test_edits_of_old_messages(step: str) -> None:
    at = watched(step).talk.at
    edits = [
        events.Edited(at=at, message=message, text=text)
        for message in (*watched(step).messages, 9001)
        for text in ("jembatan putus", "", "   ", "b" * 5000)
    ]
    each(step, [lambda chat, event=event: chat.hear(event) for event in edits])  # type: ignore[misc]


@pytest.mark.parametrize("step", STEPS)
def test_what_time_and_errands_bring(step: str) -> None:
    each(step, [lambda chat, event=event: chat.passes(event) for event in passing(watched(step).talk.at)])  # type: ignore[misc]


@pytest.mark.parametrize("step", STEPS)
def test_outcomes_that_nobody_waits_for_move_nothing(step: str) -> None:
    for event in outcomes(watched(step).talk.at):
        chat = watched(step).talk
        before = chat.chat
        assert not chat.happens(event)
        assert chat.chat == before


@pytest.mark.parametrize("step", STEPS)
def test_a_block_and_a_coming_back_are_noted_and_not_answered(step: str) -> None:
    chat = watched(step).talk
    before, reached_after = chat.chat, []
    for event in (events.Blocked(at=chat.at), events.Unblocked(at=chat.at)):
        assert not chat.happens(event)
        reached_after.append(chat.world.reachable)
    assert reached_after == [False, True]
    assert chat.chat == before
