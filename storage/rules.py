"""What the verbs go by in one kabupaten: read from data files once, handed to each verb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from conversations.chat import Village
from storage.actor import Actor
from storage.calendar import Calendar
from storage.lifecycle import Lifecycle
from storage.regions import RegionIndex
from storage.sentences import Templates
from storage.ticket import Secrets

if TYPE_CHECKING:
    from storage.notices import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Lifecycle, calendar and regions of the kabupaten, the keys, the version of the consent in force, when notices go.

    A broadcast to more than `approve_above` people waits for a second person (APPROVE_ABOVE).
    """

    lifecycle: Lifecycle
    calendar: Calendar
    regions: RegionIndex
    secrets: Secrets
    consent_version: str
    delivery: Delivery
    approve_above: int = 100
    templates: Templates

    def village(self, kode: str) -> Village:
        """The village of a stored code; one that has left the list since is shown by its code."""
        found = self.regions.village(kode)
        return found or Village(kode=kode, name=kode, kecamatan="", kecamatan_kode=kode.rpartition(".")[0])


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a verb is done: in which transaction, by whom, when, and by which rules. The caller commits."""

    connection: Connection
    actor: Actor
    at: datetime
    rules: Rules
