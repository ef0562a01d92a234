"""Does what is asked about tasks: taking one, giving it back, writing down what a recording says."""

from __future__ import annotations

from conversations.effects import TaskEffect
from conversations.events import AnyOutcome
from storage.actor import RefusalError
from storage.rules import Scene


def perform(scene: Scene, effect: TaskEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    raise RefusalError("not_yours", f"Nothing here does {type(effect).__name__}.")
