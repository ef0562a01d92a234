"""Height 1: the turn, the jobs and the outbox in the real database, every update delivered twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.gestures import Gesture
from bot.phones import Spot
from bot.rehearsal import Rehearsal, command
from bot.script import Answer
from tests.dialogues.player import Cast

FIRST_PERSON = 7_000_000_001
"""Beyond 32 bits, as Telegram's ids are."""

FIRST_GROUP = -4_000_000_001


@dataclass(slots=True)
class RehearsedStage:
    """People by name before a rehearsal."""

    rehearsal: Rehearsal
    _cast: Cast = field(default_factory=Cast)
    _people: int = 0
    _groups: int = 0

    @property
    def at(self) -> datetime:
        """The time on stage."""
        return self.rehearsal.clock.at

    async def act(self, who: str, place: str, gesture: Gesture) -> list[Answer]:
        """Somebody does something; what the bot tells whom."""
        spot = Spot(self._person(who), self._group(place) if place else 0)
        return self._cast.answers(self.rehearsal.act(spot, gesture))

    async def wait(self, until: datetime) -> list[Answer]:
        """Time passes, and what falls due is done."""
        return self._cast.answers(self.rehearsal.wait(until))

    def command(self, line: str) -> str:
        """A command of the staff; what the program prints."""
        return command(self.rehearsal.home, line)

    def _person(self, name: str) -> int:
        if name not in self._cast:
            self._cast.set(name, FIRST_PERSON + self._people)
            self._people += 1
        return self._cast.id_of(name)

    def _group(self, name: str) -> int:
        if name not in self._cast:
            self._cast.set(name, FIRST_GROUP - self._groups)
            self._groups += 1
        return self._cast.id_of(name)
