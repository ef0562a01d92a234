"""A world with broadcasts on their way, and what is pressed and typed for them: for the walks over the whole table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from conversations.facts import Profile
from conversations.sending import Progress
from conversations.table import MENU
from tests.conversations.broadcast_ways import WRITTEN, Do
from tests.conversations.literal_facts import RAJABASA
from tests.conversations.literal_staff import LiteralBroadcasts, LiteralSending
from tests.conversations.meeting_ways import PLANNER
from tests.conversations.model_world import ModelWorld
from tests.conversations.talking import Talk

FLOWS: Final = ("sending", "broadcast")
RUNNING: Final = Progress(
    id=21, state="sending", topic="schedule", sent=3, failed=1, unknown=1, left_out=2, held=1, mendable=True
)
PAUSED: Final = replace(RUNNING, id=22, state="paused", made=False)
DONE: Final = replace(RUNNING, id=23, state="done", held=0, mending=True)
MAKING: Final = replace(RUNNING, id=24, made=False)
RESTING: Final = replace(RUNNING, id=25, resting=True)
GONE: Final = replace(RUNNING, id=26, state="stopped", taken_back=True, mendable=False)
SENDING: Final = LiteralSending(sent=(RUNNING, PAUSED, DONE, MAKING, RESTING, GONE), told="schedule")
PRESSED: Final = (
    *("sending.running:pause:21", "sending.running:stop:21", "sending.paused:resume:22"),
    *(
        "sending.ended:report:23",
        "sending.ended:correct:23",
        "sending.ended:delete:23",
        "broadcast.told:stop:23",
    ),
)
TYPED: Final = ("Rapat pindah ke hari Rabu.", "k" * 701)


def sending_world() -> ModelWorld:
    """An officer of Bappeda with broadcasts on their way, in every state; one of them is another's by now."""
    known = Profile(village=RAJABASA, groups_answered=True, needs_answered=True)
    views = (replace(WRITTEN, id=one.id, state=one.state) for one in SENDING.sent)
    written = LiteralBroadcasts(
        written=(*views, replace(WRITTEN, id=27, state="sending")), writable=(("18.07", ""),)
    )
    return ModelWorld(
        agreed={"service"}, profile=known, mandates=(PLANNER,), broadcasts=written, sending=SENDING
    )


def ways(talk: Talk) -> Iterator[tuple[str, Do]]:
    """The buttons of the message that tells how far one is, and of a broadcast; other words."""
    step = talk.chat.step
    if step == "siar" and talk.world.sending.sent:
        yield from (_press(payload) for payload in PRESSED)
        yield _press("siar.told:look:27")
    if step == MENU and talk.world.sending.sent:
        yield _press("broadcast.told:stop:23")
    if step.startswith("sending.words"):
        yield from ((text, _types(text)) for text in TYPED)


def _press(payload: str) -> tuple[str, Do]:
    return payload, lambda there: there.presses_payload(payload, 0)


def _types(text: str) -> Do:
    return lambda there: there.types(text)
