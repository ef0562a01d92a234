"""The receipt that a facilitator hands over: ordered as an errand, its secret sealed until it is drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from storage import relays
from storage.actor import RefusalError, resident
from storage.columns import decrypted, seal
from storage.errands import Errand
from storage.ledger import ErrandRow, Ledger
from storage.rules import Scene

MAKE_CARD: Final = "make_card"
"""The errand that draws and speaks a receipt; its parameters are sealed, and emptied when it is over."""

_SEALED: Final = "sealed"


@dataclass(frozen=True, slots=True)
class CardOrder:
    """Which receipt to make; `claim_code` is "" when none is known (the draft had been sent before)."""

    ticket: str
    claim_code: str


def order(scene: Scene, ticket: str, claim_code: str) -> None:
    """Have the receipt of one's own person made. RefusalError: not_yours, unknown."""
    chat_id = resident(scene.actor).chat_id
    if relays.spoken_for(scene.connection, chat_id, ticket) is None:
        raise RefusalError("unknown", "Nobody for whom this chat speaks has this number.")
    token = seal(json.dumps([ticket, claim_code]), scene.connection.dialect)
    row = ErrandRow(kind=MAKE_CARD, due_at=scene.at, params={_SEALED: token}, chat_id=chat_id)
    Ledger(scene.connection).add_errands([row], scene.at)


def ordered(connection: Connection, errand: Errand) -> CardOrder | None:
    """What an errand is to make; None when DATA_KEYS no longer opens it, or it was emptied."""
    content = decrypted(errand.params.get(_SEALED, ""), connection.dialect)
    return None if content is None else CardOrder(*json.loads(content))
