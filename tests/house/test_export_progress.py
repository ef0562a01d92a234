"""A file for the staff is made by the worker: told how far it is, sent once, and nothing to whoever may not have it."""

from __future__ import annotations

from typing import Any, cast

import msgspec
import pytest

from bot import export_progress
from bot.app import Home
from bot.transport import Transport
from bot.worker import Worker
from conversations.figure import Choice
from storage import export_rows, exports
from storage.actor import Resident
from storage.ledger import ERRAND, OUTBOX
from storage.mandates import MANDATE
from tests.databases import NOON
from tests.storage.world import ANI, SITI, World


@pytest.fixture
def world(home: Home, monkeypatch: pytest.MonkeyPatch) -> World:
    """Four aspirations, an officer who has asked for a file of them, and a file that counts as long."""
    monkeypatch.setattr(export_progress, "LONG", 2)
    monkeypatch.setattr(export_rows, "LOT", 1)
    world = World(home.engine)
    for serial in range(1, 5):
        world.submit(SITI, serial)
    world.open_chat(ANI)
    world.mandate(ANI, "18.07", role="bappeda")
    with world.scene(Resident(ANI), NOON) as scene:
        exports.ask(scene, Choice(file="csv"))
    return world


async def work(home: Home) -> None:
    """The worker does what is due."""
    await Worker(home, cast("Transport", None), lambda: None).work()
    await home.database.close()


def calls(world: World) -> list[tuple[str, Any]]:
    """What goes to Telegram, in order."""
    rows = world.rows(OUTBOX, chat_id=ANI)
    return [(row["method"], msgspec.json.decode(row["params"])) for row in rows]


async def test_whoever_waits_for_a_long_file_is_told_how_far_it_is(home: Home, world: World) -> None:
    await work(home)
    methods = [method for method, _ in calls(world)]
    assert methods == ["sendMessage", "sendDocument"]  # nothing was sent yet, so nothing is changed
    assert calls(world)[0][1]["text"] == "Kami sedang membuat berkasnya. Sudah 1 dari 4 usulan."
    assert calls(world)[1][1]["caption"].startswith("Berkas usulan: 4 usulan.")


async def test_the_message_is_changed_once_it_was_sent(
    home: Home, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue = export_progress.ExportProgress._enqueue

    def sent_at_once(self: Any, connection: Any, method: str, *more: Any) -> None:
        enqueue(self, connection, method, *more)
        connection.execute(OUTBOX.update().values(message_id=77))

    monkeypatch.setattr(export_progress.ExportProgress, "_enqueue", sent_at_once)
    await work(home)
    told = [params["text"] for method, params in calls(world) if method == "editMessageText"]
    assert told == [f"Kami sedang membuat berkasnya. Sudah {n} dari 4 usulan." for n in (2, 3, 4)]
    assert {params.get("message_id") for method, params in calls(world) if method == "editMessageText"} == {
        77
    }


async def test_who_has_lost_the_mandate_meanwhile_gets_no_file(home: Home, world: World) -> None:
    with world.begin() as connection:
        connection.execute(MANDATE.update().values(ended_at=NOON))
    await work(home)
    assert calls(world) == []
    assert [row["state"] for row in world.rows(ERRAND, kind=exports.MAKE_FILE)] == ["done"]


async def test_nothing_is_told_to_somebody_who_was_erased_meanwhile(
    home: Home, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = export_progress.ExportProgress._tell

    def erased_before(self: Any, connection: Any, *more: Any) -> None:
        connection.execute(ERRAND.delete())
        tell(self, connection, *more)

    monkeypatch.setattr(export_progress.ExportProgress, "_tell", erased_before)
    await work(home)
    assert calls(world) == []
