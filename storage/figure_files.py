"""Figure: facts and verbs of issue 4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import Connection

from conversations.events import AnyOutcome, Saved
from conversations.figure import Cut, DrawFigures, ExportFile, FigureEffect
from storage import exports, figure_orders
from storage.rules import Rules, Scene


@dataclass(frozen=True, slots=True)
class DatabaseFigureFacts:
    """Implements conversations.figure.FigureFacts for one chat."""

    connection: Connection
    chat_id: int
    rules: Rules

    def places(self) -> tuple[tuple[str, str], ...]:
        """Where this chat's mandates may see figures, the widest first: code and name, "" for the kabupaten."""
        return figure_orders.places(self.connection, self.chat_id, self.rules)

    def cuts(self, region: str) -> tuple[Cut, ...]:
        """By what they may divide the figures of a region."""
        return figure_orders.cuts(self.connection, self.chat_id, region, self.rules)

    def may_identify(self) -> bool:
        """Whether this chat's mandates allow a file with names, for a stated reason."""
        return bool(exports.exporters(self.connection, self.chat_id, identified=True))


def perform(scene: Scene, effect: FigureEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    match effect:
        case ExportFile(choice=choice):
            exports.ask(scene, choice)
        case DrawFigures():
            figure_orders.order(scene, effect)
        case _:
            assert_never(effect)
    return Saved(at=scene.at)
