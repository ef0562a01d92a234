"""What one turn asks of the database several times is looked up once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Once:
    """Keeps each answer as long as it lives: a round of a turn, in which nothing is written between two questions."""

    _known: dict[Hashable, Any] = field(default_factory=dict)

    def __call__(self, question: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer to a question, asked only the first time."""
        if question not in self._known:
            self._known[question] = ask()
        answer: Answer = self._known[question]
        return answer
