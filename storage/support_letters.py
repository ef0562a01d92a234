"""Letters about aspirations that are told together: to their authors, or to whoever speaks for them (issue 4).

They say what became of which number, and repeat nobody's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from conversations.effects import Line, Param
from conversations.ticket import grouped
from storage import notices, reports, residents, voices
from storage.lifecycle import State
from storage.notices import NOTICES, Message
from storage.rules import Scene

MERGED: Final = "likeness.told.merged"
SUPPORTED: Final = "likeness.told.supported"
PARTED: Final = "likeness.told.parted"
NEWS: Final = "likeness.told.news"
KEYS: Final = (MERGED, SUPPORTED, PARTED, NEWS)
NOTHING: Final[Mapping[str, str]] = {}
AnyRow = Any


def tell(scene: Scene, row: AnyRow, key: str, due_at: datetime, more: Mapping[str, str] = NOTHING) -> None:
    """Plan a letter about an aspiration, if anybody gets it."""
    chat: int | None = row.chat_id
    name = ""
    if chat is None:
        relay = reports.represented(scene.connection, row.id)
        chat, name = (relay.chat_id, relay.name or "") if relay is not None else (None, "")
    elif not residents.wants_notices(scene.connection, chat):
        chat = None
    if chat is not None:
        params = {"ticket": row.ticket, "name": name, **more}
        message = Message(chat_id=chat, key=key, params=params, aspiration_id=row.id)
        notices.tell(scene.connection, message, due_at)


def tell_supporters(scene: Scene, lead: AnyRow, new: State, due_at: datetime) -> None:
    """Tell those who support an aspiration, and whose own is decided by itself, what was decided: once each."""
    about = {"lead": lead.ticket, "stage": new.stage, "decision": new.decision}
    for row in supporters(scene.connection, lead):
        call_off(scene, row.id, NEWS)
        tell(scene, row, NEWS, due_at, about)


def tell_supporters_again(scene: Scene, lead: AnyRow, state: State, since: datetime) -> None:
    """Tell them of a decision that stands again, made at `since`, if its letter was called off for the one after it."""
    about = {"lead": lead.ticket, "stage": state.stage, "decision": state.decision}
    for row in supporters(scene.connection, lead):
        letters = scene.connection.execute(_NEWS, {"id": row.id, "since": since}).all()
        of_it = {one.state for one in letters if one.params.items() >= about.items()}
        if of_it == {"cancelled"}:
            tell(scene, row, NEWS, scene.rules.delivery.due(scene.at), about)


def untell_supporters(scene: Scene, lead: AnyRow) -> None:
    """A decision was taken back before they heard of it."""
    for row in voices.beside(scene.connection, lead.id):
        call_off(scene, row.id, NEWS)


def call_off(scene: Scene, aspiration: int, key: str) -> bool:
    """Call off what waits to be told; whether there was anything."""
    waiting = (NOTICES.c.aspiration_id == aspiration, NOTICES.c.key == key, NOTICES.c.state == "waiting")
    return scene.connection.execute(update(NOTICES).where(*waiting).values(state="cancelled")).rowcount > 0


def lines(key: str, params: Mapping[str, Any]) -> tuple[Line, ...]:
    """What a letter of one of the KEYS says; before it for whom, when somebody speaks for them."""
    about: dict[str, Param] = {"ticket": grouped(params["ticket"])}
    if key == NEWS:
        about["lead"] = grouped(params["lead"])
        about |= {what: Line(f"{what}.{params[what]}") for what in ("stage", "decision")}
    whose = (Line("likeness.told.for", {"name": params["name"]}),) if params["name"] else ()
    return (*whose, Line(f"likeness.told.{key.rpartition('.')[2]}", about))


def supporters(connection: Connection, lead: AnyRow) -> list[AnyRow]:
    """One aspiration of each supporter, and none of the lead's own author, who hears of it anyway.

    None of what residents may not find: it is somebody else's alone.
    """
    if not voices.is_public(connection, lead.id):
        return []
    rows = voices.beside(connection, lead.id)
    first = {row.chat_id if row.chat_id is not None else -row.id: row for row in reversed(rows)}
    return [row for chat, row in first.items() if chat != lead.chat_id]


_NEWS: Final = select(NOTICES.c.state, NOTICES.c.params).where(
    NOTICES.c.aspiration_id == bindparam("id"), NOTICES.c.key == NEWS, NOTICES.c.due_at >= bindparam("since")
)
