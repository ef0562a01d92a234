"""A broadcast and the people whom it is for, as rows: for tests of its sending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert

from storage.broadcast_extras import hold
from storage.broadcast_sending import RECIPIENT, feed, finish, recall, settle
from storage.broadcast_words import BROADCAST
from storage.outbox import Claimed, Outbox, Room, Settled
from tests.storage.world import DELIVERY, NOW, World

OFFICER: Final = 7_000_000_009
WIDE: Final = Room(slots=99, paced=99, bulk=99)


def broadcast(world: World, state: str = "scheduled", **changes: Any) -> int:
    """A broadcast to all who want them, by an officer of Bappeda."""
    mandate = world.mandate(OFFICER, "18.07", role="bappeda")
    row = {
        "mandate_id": mandate,
        "state": state,
        "topic": "schedule",
        "words": "Rapat hari Selasa.",
        "easy": "",
        "picture": "",
        "alternative": "",
        "voice": "",
        "voice_seconds": 0,
        "segment": {},
        "census": {},
        "made_to": 0,
        "progress_told": "",
        "corrected": "",
        "revision": 0,
        "mending": False,
        "created_at": NOW,
        **changes,
    }
    with world.begin() as connection:
        return int(connection.execute(insert(BROADCAST).values(row).returning(BROADCAST.c.id)).scalar_one())


def people(world: World, *chats: int) -> None:
    """Some who agreed to the service and to broadcasts."""
    for chat in chats:
        world.open_chat(chat)
        world.consent(chat)
        world.consent(chat, "broadcast")


def begun(world: World, *chats: int, **changes: Any) -> int:
    """A broadcast on its way to these people."""
    people(world, *chats)
    number = broadcast(world, "sending", started_at=NOW, made_at=NOW, **changes)
    rows = [
        {
            "broadcast_id": number,
            "chat_id": chat,
            "state": "waiting",
            "reason": "",
            "extras": [],
            "revision": 0,
        }
        for chat in chats
    ]
    with world.begin() as connection:
        connection.execute(insert(RECIPIENT), [row | {"at": NOW} for row in rows])
    return number


def tick(world: World, at: datetime = NOW, most: int = 99) -> int:
    """What each tick of the clock does, but for pace and words; returns how many were dealt with."""
    with world.begin() as connection:
        settle(connection, at)
        hold(connection, DELIVERY, at)
        recall(connection, DELIVERY, at)
        done = feed(connection, DELIVERY, at, most)
        finish(connection, at)
    return done


def claim(connection: Connection, at: datetime = NOW) -> list[Claimed]:
    """What the sender takes next."""
    return Outbox(connection).claim(at, WIDE)


def send(world: World, at: datetime = NOW, **answers: Any) -> list[int]:
    """Let the sender make the calls that wait; returns to whom. `answers` are what became of the calls."""
    with world.begin() as connection:
        calls = claim(connection, at)
        Outbox(connection).settle([_settled(call, at, **answers) for call in calls])
    return [call.chat_id for call in calls if call.chat_id is not None]


def _settled(call: Claimed, at: datetime, **answers: Any) -> Settled:
    return Settled(row=call, at=at, **{"state": "sent", "message_id": 100 + call.id, **answers})


def states(world: World, number: int) -> Sequence[tuple[int, str, str]]:
    """Each recipient's chat, state and reason."""
    return [
        (row["chat_id"], row["state"], row["reason"]) for row in world.rows(RECIPIENT, broadcast_id=number)
    ]
