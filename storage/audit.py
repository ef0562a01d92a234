"""What the staff did, in rows that nobody can change unseen: each holds the digest of the one before (issue 4).

A row has opaque numbers, codes and keyed digests, never values: erasing deletes what it points to, and the chain
stays whole.
"""

from __future__ import annotations

from storage.actor import Officer
from storage.rules import Scene


def record(scene: Scene, officer: Officer, action: str, subject: str, code: str = "") -> None:
    """Append what an officer did to a subject ("aspiration:12", "meeting:3", "broadcast:4"), with a code that says how."""
    raise NotImplementedError
