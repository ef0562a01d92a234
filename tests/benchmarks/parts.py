"""Where the CPU of a turn goes: clocks around its parts, each counted without what it calls of the others."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast
from unittest.mock import patch

from sqlalchemy import Connection

from bot.turn import Turner
from storage.ledger import Ledger

P = ParamSpec("P")
R = TypeVar("R")

PARTS: Final = {
    "parse": "parse (raw update to event)",
    "facts": "facts (asked of the database)",
    "step": "step (the table's interpreter)",
    "texts": "texts (lines to words and buttons)",
    "verbs": "storage: verbs (consent, submit)",
    "ledger": "storage: inbox, chats, outbox",
    "turn": "the turn's own (chats and calls to and from JSON)",
    "commit": "storage: begin, commit, fsync, thread",
}


class Meter:
    """Adds up CPU seconds of the calling thread by part."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._within: list[float] = []

    def timed(self, part: str, function: Callable[P, R]) -> Callable[P, R]:
        """The same function, its own time added to the part."""

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            self._within.append(0.0)
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.thread_time() - began
                self.spent[part] += spent - self._within.pop()
                if self._within:
                    self._within[-1] += spent

        return call

    def reset(self) -> None:
        """Count from now on."""
        self.spent.clear()

    def shares(self, total: float, turns: int) -> dict[str, float]:
        """Milliseconds a turn by part; what no clock saw of `total` seconds is the commit."""
        seen = {part: 1000 * self.spent[part] / turns for part in PARTS if part != "commit"}
        return {**seen, "commit": 1000 * total / turns - sum(seen.values())}


class Metered:
    """Stands before an object and times the methods that are called on it."""

    def __init__(self, target: object, meter: Meter, part: str) -> None:
        self._target, self._meter, self._part = target, meter, part

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        return self._meter.timed(self._part, found) if callable(found) else found


class MeteredWorld(Metered):
    """A world whose facts are timed too."""

    def facts(self, connection: Connection, chat_id: int) -> Any:
        """The facts of the turn, timed."""
        world = cast("Any", self._target)
        return Metered(world.facts(connection, chat_id), self._meter, "facts")


@contextmanager
def metered(turner: Turner, meter: Meter) -> Iterator[Turner]:
    """The same turn with clocks around its parts, while the block runs."""
    inside: dict[str, Any] = {
        "interpreter": Metered(turner.interpreter, meter, "step"),
        "replies": Metered(turner.replies, meter, "texts"),
        "world": MeteredWorld(turner.world, meter, "verbs"),
    }

    def ledger(connection: Connection) -> Any:
        return Metered(Ledger(connection), meter, "ledger")

    with patch("bot.turn.Ledger", ledger):
        yield replace(turner, **inside)
