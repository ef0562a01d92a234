"""Processes that die: a forked child that exits at its n-th statement, without a goodbye."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import Engine, event

from tests.databases import open_test_engine

DIED: Final = 7
FAULTY: Final = 8
MOST: Final = 60
"""Statements that no story has."""


def deaths(url: str, story: Callable[[Engine, int], None]) -> Iterator[int]:
    """Play a story in a child that dies at its first statement, then in one that dies at its second, and so on.

    Yields the number of each after its death; a commit counts as a statement. Ends with the child that lives.
    Raises AssertionError for a child that fails in another way.
    """
    for number in range(1, MOST):
        code = _in_child(url, story, number)
        assert code in {0, DIED}, f"the child ended with {code} at statement {number}"
        yield number
        if code == 0:
            return
    raise AssertionError("the story never ends")


def _in_child(url: str, story: Callable[[Engine, int], None], number: int) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of fork beside threads: the child uses none of them
        pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        engine = open_test_engine(url)
        _die_at(engine, number)
        story(engine, number)
        os._exit(0)
    finally:
        os._exit(FAULTY)


def _die_at(engine: Engine, number: int) -> None:
    left = number

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(DIED)

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
