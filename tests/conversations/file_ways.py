"""Worlds in which files can be taken away, and what is typed for them: for the walks over the whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from conversations.facts import MandateView, Profile
from tests.conversations.literal_facts import RAJABASA
from tests.conversations.literal_staff import LiteralFigures
from tests.conversations.meeting_ways import PLANNER
from tests.conversations.model_world import ModelWorld
from tests.conversations.talking import Talk

Do = Callable[[Talk], object]
FLOWS: Final = ("rekap", "files")
KEEPER: Final = MandateView(id=10, role="administrator", scope=("18.07",), places=("Lampung Timur",))
REASONS: Final = {"a reason": "undangan rapat", "a reason without end": "kata " * 120}
"""A sentence, and more than a reason may have."""


def file_worlds() -> tuple[ModelWorld, ...]:
    """Who may take names away, and an administrator, who sees figures and no files."""
    known = Profile(village=RAJABASA, groups_answered=True, needs_answered=True)
    places = (("18.07", ""), ("18.07.01", "Kecamatan Sukadana"))
    figures = LiteralFigures(identify=True, shown_in=places, divided_by=("stage", "inclusion"))
    office = ModelWorld(agreed={"service"}, profile=known, mandates=(PLANNER,), figures=figures)
    return office, replace(office, mandates=(KEEPER,))


def ways(talk: Talk) -> Iterator[tuple[str, Do]]:
    """Why names are needed."""
    if talk.chat.step == "files.reason":
        yield from ((name, _types(reason)) for name, reason in REASONS.items())


def _types(text: str) -> Do:
    return lambda there: there.types(text)
