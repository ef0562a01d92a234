"""A small world for the tests of storage: the same clock, randomness and people everywhere."""

from __future__ import annotations

from random import Random


def seeded(seed: int = 1) -> Random:
    """Randomness that a test can repeat."""
    return Random(seed)  # noqa: S311
