"""How pytest-xdist deals the tests out to its workers."""

from __future__ import annotations

from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

WALKS: Final = ("test_flows.py", "test_matrix.py", "test_paths.py", "test_walk.py")
"""They need the ways to all steps (tests/conversations/paths.py), which are looked for once in a worker."""


class ByNeed(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """The walks go to one worker, all together; every other test to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        return "walks" if file.endswith(WALKS) else nodeid


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByNeed:
    """Instead of the marks of `--dist loadgroup`, which pytest 9.2 no longer lets through."""
    return ByNeed(config, log)
