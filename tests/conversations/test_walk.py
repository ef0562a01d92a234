"""A random walk over all inputs from all steps: whatever comes in whatever order, the rules hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from conversations import events
from conversations.chat import Village
from conversations.table import Ask
from tests.conversations.anything import FORGED, GLOBAL_WORDS, GOOD, WORDS, oddities, passing, recordings
from tests.conversations.invariants import Watched, parts
from tests.conversations.literal_facts import VILLAGES
from tests.conversations.paths import reached
from tests.conversations.talking import FLOWS, Shown, Talk

pytestmark = pytest.mark.no_cover  # all of them are walked, and watched three times as long

STARTS: Final = ("", *(name for name, step in FLOWS.steps.items() if isinstance(step, Ask)))
ANYTHING: Final = st.integers(0, 10_000)
"""Picks one of several; the number of choices is known only at the time."""

REFUSALS: Final = ("", "", "", "unknown", "late", "no_consent", "slowed", "something_new")


class Walk(RuleBasedStateMachine):
    """One person who does everything, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.chat = Watched(Talk(), thorough=True)

    @initialize(start=st.sampled_from(STARTS), season=st.booleans(), agreed=st.booleans())
    def begins_anywhere(self, start: str, season: bool, agreed: bool) -> None:
        talk = reached()[start].talk.copy() if start else Talk()
        talk.world.in_season, talk.world.refuses = season, ""
        if agreed:
            talk.world.agreed.add("service")
        told = [part.message for part in parts(talk.chat)] or [3]
        self.chat = Watched(talk, messages=told, thorough=True)

    @rule(text=st.sampled_from(WORDS))
    def types(self, text: str) -> None:
        self.chat.types(text)

    @rule(text=st.sampled_from(GLOBAL_WORDS))
    def says_a_global_word(self, text: str) -> None:
        self.chat.types(text)

    @rule(number=st.integers(1, 15))
    def types_a_number(self, number: int) -> None:
        self.chat.types(str(number))

    @rule(text=st.text(max_size=40))
    def types_anything(self, text: str) -> None:
        self.chat.types(text)

    @rule(village=st.sampled_from(VILLAGES))
    def types_a_village(self, village: Village) -> None:
        self.chat.types(village.name)

    @rule()
    def answers_well(self) -> None:
        self.chat.types(GOOD.get(self.chat.talk.chat.step, "1"))

    @precondition(lambda self: self.buttons())
    @rule(which=ANYTHING)
    def presses_a_new_button(self, which: int) -> None:
        shown = self.buttons()[-1]
        self.chat.presses(shown.say.buttons[which % len(shown.say.buttons)].payload, shown.number)

    @precondition(lambda self: self.buttons())
    @rule(which=ANYTHING)
    def presses_twice(self, which: int) -> None:
        self.presses_a_new_button(which)
        self.presses_a_new_button(which)

    @precondition(lambda self: self.buttons())
    @rule(where=ANYTHING, which=ANYTHING)
    def presses_an_old_button(self, where: int, which: int) -> None:
        shown = self.buttons()[where % len(self.buttons())]
        self.chat.presses(shown.say.buttons[which % len(shown.say.buttons)].payload, shown.number)

    @rule(payload=st.sampled_from(FORGED) | st.text(max_size=64))
    def forges_a_press(self, payload: str) -> None:
        self.chat.presses(payload, 1)

    @rule(which=ANYTHING)
    def records(self, which: int) -> None:
        came = list(recordings(self.chat.talk.at, self.chat.new_message))
        self.chat.hear(came[which % len(came)])

    @rule(which=ANYTHING)
    def sends_something_odd(self, which: int) -> None:
        came = list(oddities(self.chat.talk.at, self.chat.new_message))
        self.chat.hear(came[which % len(came)])

    @rule(which=ANYTHING, text=st.sampled_from(("jembatan putus", "", "   ", "b" * 5000)))
    def edits(self, which: int, text: str) -> None:
        message = self.chat.messages[which % len(self.chat.messages)]
        self.chat.hear(events.Edited(at=self.chat.talk.at, message=message, text=text))

    @rule(back=st.booleans())
    def blocks_or_comes_back(self, back: bool) -> None:
        at = self.chat.talk.at
        assert not self.chat.talk.happens(events.Unblocked(at=at) if back else events.Blocked(at=at))

    @rule(span=st.sampled_from((2, 30, 700, 25 * 3600)))
    def waits(self, span: int) -> None:
        self.chat.talk.waits(timedelta(seconds=span))

    @rule(which=ANYTHING)
    def something_passes(self, which: int) -> None:
        came = list(passing(self.chat.talk.at))
        self.chat.passes(came[which % len(came)])

    @rule(reason=st.sampled_from(REFUSALS))
    def the_world_refuses(self, reason: str) -> None:
        self.chat.talk.world.refuses = reason

    @rule()
    def consent_lapses(self) -> None:
        self.chat.talk.world.agreed.clear()

    def buttons(self) -> list[Shown]:
        """All messages with buttons that lie in the chat."""
        return [shown for shown in self.chat.talk.shown if shown.say.buttons]


TestWalk = Walk.TestCase
TestWalk.settings = settings(
    max_examples=100,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
