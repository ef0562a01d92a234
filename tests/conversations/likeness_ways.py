"""Worlds in which aspirations are alike: for a resident who sends one, and at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from conversations.likeness import Likeness
from conversations.table import MENU
from tests.conversations.desk_ways import CARD, desk_world
from tests.conversations.literal_facts import NOON, RAJABASA, ticket_like
from tests.conversations.literal_staff import LiteralDesk, LiteralLikeness
from tests.conversations.model_world import ModelWorld
from tests.conversations.talking import Talk

Do = Callable[[Talk], object]

ALIKE: Final = Likeness(
    ticket=ticket_like(720001),
    summary="",
    village=RAJABASA.name,
    field="road",
    stage="received",
    at=NOON,
    support=2,
    shared=("jalan", "rusak"),
)
SILENT: Final = replace(ALIKE, ticket=ticket_like(720002), shared=(), support=0)
WRITTEN: Final = replace(ALIKE, ticket=ticket_like(720003), summary="Jalan ke sekolah rusak")
TOLD: Final = replace(WRITTEN, ticket=ticket_like(720004), joined=True)


def likeness_world() -> ModelWorld:
    """An officer with a card that is like others, who as a resident asks for what others have asked for."""
    card = replace(CARD, may=frozenset({"merge"}), alike=2, lead="7")
    desk = LiteralDesk(queues={"duplicate": 1}, cards_=(card,))
    return replace(desk_world(), desk=desk, likeness=LiteralLikeness(found=(TOLD, ALIKE, SILENT, WRITTEN)))


def ways(talk: Talk) -> Iterator[tuple[str, Do]]:
    """To the question whether another's is the same."""
    if talk.chat.step == MENU and talk.world.likeness.found:
        yield "what others have asked for, too", asks_the_same


def asks_the_same(there: Talk) -> None:
    """Answer everything, and send."""
    there.types("usulan baru", "jalan rusak")
    there.is_quiet()
    for wanted in ("done", "use", "skip", "road", "everyone", "public", "send"):
        there.presses(wanted)
