"""What a turn reads and writes beside the ledger: facts and storage verbs on the turn's own connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import Connection

from bot.introduction import introduce_role
from conversations.effects import AcceptInvitation, AnyEffect
from conversations.events import AnyOutcome
from conversations.facts import Facts, House
from conversations.texts import Texts
from storage.facts import DatabaseFacts
from storage.performer import Performer
from storage.rules import Rules


@dataclass(frozen=True, slots=True)
class StoredWorld:
    """The world as the database has it. `random` draws tickets and recovery codes."""

    house: House
    rules: Rules
    random: Random
    texts: Texts

    def facts(self, connection: Connection, chat_id: int) -> Facts:
        """The facts that a turn of this chat may ask for, read only when asked."""
        return DatabaseFacts(connection, chat_id, self.house, self.rules)

    def perform(
        self, connection: Connection, chat_id: int, effect: AnyEffect, at: datetime
    ) -> AnyOutcome | None:
        """Do what an effect asks of storage, as the resident of this chat; a new role brings its commands."""
        outcome = Performer(connection, chat_id, self.rules, at, self.random).perform(effect)
        if isinstance(effect, AcceptInvitation):
            introduce_role(connection, self.texts, chat_id, at)
        return outcome
