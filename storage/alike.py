"""Many near-identical items from one facilitator: marked for the staff to look at, never refused (issue 3).

Neighbours often need the same thing, and people copy; only a person can tell which it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from rapidfuzz import fuzz
from sqlalchemy import Connection, bindparam, select

from storage.mandates import RELAY
from storage.media import PART
from storage.regions import words
from storage.submissions import ASPIRATION

LOOKED_AT: Final = 50
"""How many of the latest lines are compared."""

SPAN: Final = timedelta(days=30)
MANY: Final = 5
NEAR: Final = 90.0  # of 100, the share of letters that two lines have in common


def many(connection: Connection, mandate: int, aspiration: int, summary: str, at: datetime) -> bool:
    """Whether at least five others that a mandate relayed lately say nearly the same as this line."""
    asked = {"mandate": mandate, "aspiration": aspiration, "since": at - SPAN}
    return sum(near(summary, other) for other in connection.scalars(_LATEST, asked)) >= MANY


def near(one: str, other: str) -> bool:
    """Whether two lines are nearly the same, whatever their case, accents and punctuation."""
    return fuzz.ratio(" ".join(words(one)), " ".join(words(other))) >= NEAR


_LATEST: Final = (
    select(PART.c.text)
    .join(RELAY, RELAY.c.aspiration_id == PART.c.aspiration_id)
    .join(ASPIRATION, ASPIRATION.c.id == PART.c.aspiration_id)
    .where(
        RELAY.c.relayed_by == bindparam("mandate"),
        PART.c.role == "summary",
        PART.c.aspiration_id != bindparam("aspiration"),
        ASPIRATION.c.submitted_at > bindparam("since"),
    )
    .order_by(PART.c.id.desc())
    .limit(LOOKED_AT)
)
