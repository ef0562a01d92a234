"""Aspirations as they lie in the database when some time has gone by: many at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import insert

from storage.submissions import ASPIRATION, AUDIENCE
from storage.tables import AspirationRecord
from tests.storage.world import NOW, RULES, World

Sent = tuple[str, str, str, str, tuple[str, ...], int]
"""Region, field, stage, decision, groups, and how many of these."""

YEAR: Final = RULES.calendar.planning(NOW).plan_year


def send(world: World, sent: Iterable[Sent], **more: Any) -> list[int]:
    """Store aspirations as they are when some time has gone by."""
    rows: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    first = world.count(ASPIRATION) + 1
    for region, field, stage, decision, meant, number in sent:
        for _ in range(number):
            key = first + len(rows)
            about: dict[str, Any] = {
                "region": region,
                "field": field,
                "stage": stage,
                "decision": decision,
            } | more
            fixed = {"plan_year": YEAR, "visibility": "private", "submitted_at": NOW}
            rows.append({"id": key, "ticket": str(1_000_000 + key)} | fixed | about)
            groups += [{"aspiration_id": key, "grp": group} for group in meant]
    whole = [AspirationRecord(**row).model_dump() for row in rows]
    with world.begin() as connection:
        connection.execute(insert(ASPIRATION), whole)
        connection.execute(insert(AUDIENCE), groups)
    return [row["id"] for row in rows]
