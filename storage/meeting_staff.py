"""Who of the staff may do something with a meeting: asked by each verb itself (issue 4)."""

from __future__ import annotations

from typing import Any

from storage.actor import Officer, resident
from storage.permissions import Place, require
from storage.rules import Scene


def require_meeting(scene: Scene, row: Any) -> Officer:
    """The officer as whom this chat may change a meeting. Raises RefusalError("not_allowed")."""
    return require(scene.connection, resident(scene.actor).chat_id, "meeting", Place(row.region, row.bidang))
