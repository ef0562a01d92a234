"""A world with broadcasts in every state, and what is pressed and typed for them: for the walks over the whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from conversations.broadcast import BroadcastDraft, BroadcastView, Census, Sample, Segment
from conversations.chat import Media
from conversations.facts import Profile
from conversations.flows.broadcast_answers import ACTS
from tests.conversations.literal_facts import NOON, RAJABASA
from tests.conversations.literal_staff import LiteralBroadcasts
from tests.conversations.meeting_ways import MEETINGS, PLANNER
from tests.conversations.model_world import ModelWorld
from tests.conversations.talking import Talk

Do = Callable[[Talk], object]
FLOWS: Final = ("siar", "siar_stranger")
REACHED: Final = Census(
    recipients=120,
    left_out=(("no_consent", 3), ("stopped", 2)),
    samples=(Sample(place="Rajabasa, Sukadana", locale="id"), Sample(place="", locale="en")),
)
WRITTEN: Final = BroadcastView(
    id=1,
    state="draft",
    draft=BroadcastDraft(
        id=1,
        topic="schedule",
        text="Besok ada rapat di balai desa.",
        easy="Besok rapat.",
        picture=Media(file_id="p", unique_id=""),
        alternative="Undangan rapat",
        voice=Media(file_id="v", unique_id="", seconds=9),
        segment=Segment(
            regions=("18.07",), groups=("women",), locales=("id",), meeting=1, stages=("received",)
        ),
        at=NOON + timedelta(days=1),
    ),
    day=NOON.date(),
    places=("",),
    meeting="Musrenbang Inklusi",
    census=REACHED,
    needs_approval=True,
)
UNCOUNTED, NOBODY, WAITING, ASKED, PLANNED, LONELY, STALE, SMALL = range(2, 10)
BROADCASTS: Final = LiteralBroadcasts(
    written=(
        WRITTEN,
        replace(WRITTEN, id=UNCOUNTED, census=None),
        replace(WRITTEN, id=NOBODY, census=Census()),
        replace(WRITTEN, id=WAITING, state="approval"),
        replace(WRITTEN, id=ASKED, state="approval", mine=False, may_approve=True),
        replace(WRITTEN, id=PLANNED, state="scheduled"),
        replace(WRITTEN, id=LONELY, needs_approval=False),
        replace(WRITTEN, id=SMALL, needs_approval=False),
        replace(WRITTEN, id=STALE, draft=replace(WRITTEN.draft, segment=Segment(roles=("village",)))),
    ),
    fresh=UNCOUNTED,
    lonely=frozenset({LONELY}),
    stale=frozenset({STALE}),
    writable=(("18.07", ""), ("18.07.01", "Kecamatan Sukadana")),
)
TYPED: Final = ("Besok ada rapat.", "k" * 701, "10 Februari 2027 09.00", "10-2-2020 09:00")
PARTS: Final = ("done", "regions", "groups", "locales", "meeting", "stages", "roles")


def broadcast_worlds() -> tuple[ModelWorld, ...]:
    """An officer of Bappeda with broadcasts in every state."""
    known = Profile(village=RAJABASA, groups_answered=True, needs_answered=True)
    office = ModelWorld(
        agreed={"service"}, profile=known, mandates=(PLANNER,), meetings=MEETINGS, broadcasts=BROADCASTS
    )
    return (office,)


def ways(talk: Talk) -> Iterator[tuple[str, Do]]:
    """Letters about broadcasts, what may be done with them, words, a picture."""
    step = talk.chat.step
    if not step.startswith("siar"):
        return
    if step == "siar":
        yield from (_press(f"siar.told:look:{one.id}") for one in talk.world.broadcasts.written)
        yield _press("siar.told:look:99")
    if step == "siar.card":
        yield from (_press(f"siar.card:{act}:{talk.chat.focus}") for act in ACTS)
    if step == "siar.segment":
        yield from (_press(f"siar.segment:{part}:0") for part in PARTS)
    yield from ((text, _types(text)) for text in TYPED)
    yield "a photo", Talk.pictures


def _press(payload: str) -> tuple[str, Do]:
    return payload, lambda there: there.presses_payload(payload, 0)


def _types(text: str) -> Do:
    return lambda there: there.types(text)
