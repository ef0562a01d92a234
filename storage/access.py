"""Does what people ask for so that they can take part safely: access needs, messages deleted, alerts raised."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, assert_never

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from conversations import effects
from conversations.effects import AccessEffect
from conversations.events import AnyOutcome, Saved
from storage import alerts, messages, residents
from storage.actor import RefusalError, resident
from storage.residents import ACCESS
from storage.rules import Scene

MOST_NEEDS: Final = 20
LONGEST_OTHER: Final = 300  # characters
_NEED: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def perform(scene: Scene, effect: AccessEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    match effect:
        case effects.SetNeeds(needs=needs, other=other, declined=declined):
            set_needs(scene, needs, other, declined=declined)
        case effects.ForgetMessages():
            messages.ask_to_forget(scene)
        case effects.OpenLetter(number=number):
            messages.open_letter(scene, number)
        case effects.RaiseAlert(words=words, village=village):
            alerts.raise_alert(scene, words, village, alerts.Speaker(resident(scene.actor).chat_id))
            return None
        case _:
            assert_never(effect)
    return Saved(at=scene.at)


def set_needs(scene: Scene, needs: Collection[str], other: str = "", *, declined: bool = False) -> None:
    """Remember what a person needs at meetings, encrypted and apart from who they are.

    To decline is an answer too, and so is to need nothing. RefusalError: not_yours, no_consent, unknown_need.
    """
    chosen = sorted(set(needs))
    if len(chosen) > MOST_NEEDS or not all(_NEED.fullmatch(need) for need in chosen):
        raise RefusalError("unknown_need", "There is no such need.")
    person = residents.require(scene.connection, scene.actor, scene.rules.consent_version)
    words = " ".join(other.split())[:LONGEST_OTHER]
    told = {"needs": None if declined else chosen, "other": None if declined else words or None}
    _put(scene, person.id, scene.at, told)


def _put(scene: Scene, person: int, at: datetime, told: dict[str, Any]) -> None:
    row = {"resident_id": person, "answered_at": at, **told}
    insert = (sqlite_insert if scene.connection.dialect.name == "sqlite" else postgres_insert)(ACCESS)
    changed = {name: insert.excluded[name] for name in ("needs", "other", "answered_at")}
    put = insert.values(row).on_conflict_do_update(index_elements=["resident_id"], set_=changed)
    scene.connection.execute(put)
