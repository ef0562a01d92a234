"""Figure: facts and verbs of issue 4."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from conversations.events import AnyOutcome, Saved
from conversations.figure import ExportFile, FigureEffect
from storage import exports
from storage.actor import RefusalError
from storage.rules import Rules, Scene


@dataclass(frozen=True, slots=True)
class DatabaseFigureFacts:
    """Implements conversations.figure.FigureFacts for one chat."""

    connection: Connection
    chat_id: int
    rules: Rules

    def may_identify(self) -> bool:
        """Whether this chat's mandates allow a file with names, for a stated reason."""
        return bool(exports.exporters(self.connection, self.chat_id, identified=True))


def perform(scene: Scene, effect: FigureEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    if isinstance(effect, ExportFile):
        exports.ask(scene, effect.choice)
        return Saved(at=scene.at)
    raise RefusalError("not_allowed", f"Nothing here does {type(effect).__name__}.")
