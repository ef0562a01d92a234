"""Texts that break a rule of the copy for a reason, all in one data file: rule, keys, and why.

An exception that excuses nothing any more is a fault itself, so that the list never outlives its reasons.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from conversations.copy_check import Problem

EXCEPTIONS_FILE: Final = Path(__file__).parent / "data" / "copy_exceptions.toml"


@dataclass(frozen=True, slots=True)
class CopyException:
    """What may break one rule: text keys (`stage.*` names a family), and the reason."""

    rule: str
    keys: tuple[str, ...]
    why: str

    def excuses(self, problem: Problem) -> bool:
        """Whether this problem is accepted."""
        return problem.rule == self.rule and any(fnmatchcase(problem.key, key) for key in self.keys)


def read_exceptions(path: Path = EXCEPTIONS_FILE) -> tuple[CopyException, ...]:
    """Read the list; KeyError or TypeError for an entry without its rule, keys or reason."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(CopyException(one["rule"], tuple(one["keys"]), one["why"]) for one in table["exception"])


def unexcused(problems: Iterable[Problem], exceptions: Sequence[CopyException]) -> list[str]:
    """The problems that no exception covers, and the exceptions that cover nothing: one sentence each."""
    found = list(problems)
    left = [str(problem) for problem in found if not any(one.excuses(problem) for one in exceptions)]
    return [*left, *stale(found, exceptions)]


def stale(problems: Sequence[Problem], exceptions: Sequence[CopyException]) -> list[str]:
    """Exceptions that no problem needs, key by key, and those that give no reason."""
    idle = [
        f"copy_exceptions.toml: {one.rule} for {key} excuses nothing"
        for one in exceptions
        for key in one.keys
        if not any(problem.rule == one.rule and fnmatchcase(problem.key, key) for problem in problems)
    ]
    return [
        *idle,
        *(f"copy_exceptions.toml: {one.rule} gives no reason" for one in exceptions if not one.why),
    ]
