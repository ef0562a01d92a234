"""Does what people ask for so that they can take part safely: access needs, messages deleted, alerts raised."""

from __future__ import annotations

from conversations.effects import AccessEffect
from conversations.events import AnyOutcome
from storage.actor import RefusalError
from storage.rules import Scene


def perform(scene: Scene, effect: AccessEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    raise RefusalError("not_yours", f"Nothing here does {type(effect).__name__}.")
