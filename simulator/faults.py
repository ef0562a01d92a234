"""Scripted faults: what goes wrong, for which method and chat, how often, with what probability."""

import random
from dataclasses import dataclass
from types import UnionType
from typing import Literal, get_args

from simulator.errors import Refused
from simulator.wire import Json

CallFault = Literal[
    "429",
    "500",
    "502html",
    "401",
    "409",
    "403",
    "reset",
    "timeout_before",
    "timeout_after",
    "commit_then_drop",
    "slow",
]
UpdateFault = Literal["duplicate_update", "malformed_update"]
KINDS: tuple[str, ...] = get_args(CallFault) + get_args(UpdateFault)
UPDATE_KINDS: tuple[str, ...] = get_args(UpdateFault)
FIELDS: dict[str, type | UnionType] = {
    "method": str,
    "chat": int,
    "count": int,
    "skip": int,
    "retry_after": int,
    "seconds": int | float,
    "probability": int | float,
}
LONG = 3600.0  # seconds that a timeout fault holds a call when it is not told otherwise


@dataclass(slots=True)
class Fault:
    """One rule. Counts down `skip`, then `count` (None: for ever); `probability` draws from its own seed."""

    id: int
    kind: str
    rng: random.Random
    method: str = "*"
    chat: int | None = None
    count: int | None = None
    skip: int = 0
    retry_after: int = 5
    seconds: float | None = None
    probability: float = 1.0
    hits: int = 0

    def strikes(self) -> bool:
        """Whether a call that fits is hit now; counts it."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.probability < 1 and self.rng.random() >= self.probability:
            return False
        self.hits += 1
        return True

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as it may."""
        return self.count is not None and self.hits >= self.count

    def view(self) -> Json:
        """The rule as the control API shows it."""
        return {name: getattr(self, name) for name in ("id", "kind", *FIELDS, "hits")}


class Faults:
    """The rules in the order in which they were given; the first that strikes decides."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._last = 0
        self.rules: list[Fault] = []

    def add(self, rule: Json) -> int:
        """Adds a rule as in POST /sim/faults; its id. Raises Refused when it makes no sense."""
        given = {name: value for name, value in rule.items() if value is not None}
        kind, seed = given.pop("kind", None), given.pop("seed", self._rng.getrandbits(32))
        if kind not in KINDS:
            raise Refused(f"A fault needs a 'kind', one of {', '.join(KINDS)}.")
        for name, value in given.items():
            _check(name, value)
        self._last += 1
        rng = random.Random(seed)  # noqa: S311 - a repeatable script, not a secret
        fault = Fault(self._last, kind, rng, **given)
        fault.method = fault.method.lower()
        self.rules.append(fault)
        return self._last

    def for_call(self, method: str, chat: str) -> Fault | None:
        """The fault that hits this call, if any."""
        for rule in self.rules:
            fits = rule.method in {"*", method} and (rule.chat is None or str(rule.chat) == chat)
            if rule.kind not in UPDATE_KINDS and fits and rule.strikes():
                self._sweep()
                return rule
        return None

    def for_update(self, chat: int | None) -> str | None:
        """The kind of fault that hits this update, if any."""
        for rule in self.rules:
            if rule.kind in UPDATE_KINDS and rule.chat in {None, chat} and rule.strikes():
                self._sweep()
                return rule.kind
        return None

    def _sweep(self) -> None:
        self.rules = [rule for rule in self.rules if not rule.spent]

    def clear(self) -> None:
        """Removes all rules."""
        self.rules = []


def _check(name: str, value: object) -> None:
    wanted = FIELDS.get(name)
    if wanted is None:
        raise Refused(f"A fault has no '{name}'; there are kind, seed, {', '.join(FIELDS)}.")
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise Refused(f"A fault's '{name}' cannot be {value!r}.")
    if (
        isinstance(value, int | float)
        and name != "chat"
        and (value < 0 or (name == "probability" and value > 1))
    ):
        raise Refused(f"A fault's '{name}' cannot be {value!r}.")
