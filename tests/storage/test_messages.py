"""Messages that may be gone are found for their own chat alone, on both sides, within Telegram's 48 hours."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.actor import RefusalError, Resident
from storage.errands import Errands
from storage.ledger import ERRAND, OUTBOX, Ledger, OutboxRow
from storage.messages import FORGET, OPENED, ask_to_forget, deletable, delete, open_letter
from storage.notices import NOTICES, Message, release, tell
from tests.storage.world import BUDI, DELIVERY, NOW, SITI, World

HOUR = timedelta(hours=1)


def heard(world: World, chat: int, number: int, ago: timedelta = HOUR) -> None:
    """The bot said something that became this message."""
    at = NOW - ago
    with world.begin() as connection:
        Ledger(connection).enqueue(
            [OutboxRow(chat_id=chat, due_at=at, method="sendMessage", params="{}")], at
        )
        newest = select(OUTBOX.c.id).order_by(OUTBOX.c.id.desc()).limit(1).scalar_subquery()
        sent = {"state": "sent", "message_id": number, "done_at": at}
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == newest).values(sent))


def said(world: World, chat: int, number: int, ago: timedelta = HOUR) -> None:
    """The person wrote this message."""
    key = ("bot:1", f"{chat}-{number}")
    with world.begin() as connection:
        Ledger(connection).admit([key], NOW - ago, {key: (chat, number)})


def deleted(world: World) -> list[list[int]]:
    """The numbers of each call that is planned."""
    calls = [row for row in world.rows(OUTBOX) if row["method"] == "deleteMessages"]
    assert all(json.loads(row["params"])["chat_id"] == row["chat_id"] for row in calls)
    assert all((row["lane"], row["state"]) == (0, "waiting") for row in calls)
    return [json.loads(row["params"])["message_ids"] for row in calls]


def forgets(world: World) -> int:
    """Siti asks for it now; how many can be deleted."""
    with world.scene(Resident(SITI)) as scene:
        ask_to_forget(scene)
    return deletes(world)


def deletes(world: World) -> int:
    """The errand is done."""
    with world.begin() as connection:
        (errand,) = Errands(connection).claim(NOW, 1)
        numbers = deletable(connection, errand, NOW)
        delete(connection, errand, numbers, NOW)
    return len(numbers)


def test_what_both_sides_wrote_is_deleted_and_nothing_of_others(world: World) -> None:
    heard(world, SITI, 2)
    said(world, SITI, 1)
    heard(world, BUDI, 3)
    said(world, BUDI, 4)
    assert forgets(world) == 2
    assert deleted(world) == [[2, 1]]


def test_what_is_too_old_for_telegram_is_left(world: World) -> None:
    """Bot API, deleteMessage: 48 hours; what would be too old by then is not tried."""
    for number, ago in enumerate((49 * HOUR, 48 * HOUR - timedelta(minutes=5), 47 * HOUR), start=1):
        said(world, SITI, number, ago)
        heard(world, SITI, number + 10, ago)
    assert forgets(world) == 2
    assert deleted(world) == [[13, 3]]


def test_a_message_that_was_pressed_is_deleted_once(world: World) -> None:
    heard(world, SITI, 7)
    said(world, SITI, 7)
    forgets(world)
    assert deleted(world) == [[7]]


def test_at_most_a_hundred_go_in_one_call(world: World) -> None:
    for number in range(1, 251):
        said(world, SITI, number)
    assert forgets(world) == 250
    assert [len(numbers) for numbers in deleted(world)] == [100, 100, 50]


def test_where_there_is_nothing_nothing_is_called(world: World) -> None:
    assert forgets(world) == 0
    assert deleted(world) == []


def test_it_is_an_errand_and_leaves_what_is_said_to_the_wish(world: World) -> None:
    said(world, SITI, 1)
    with world.scene(Resident(SITI)) as scene:
        ask_to_forget(scene)
    heard(world, SITI, 9, timedelta())
    (row,) = world.rows(ERRAND)
    assert (row["kind"], row["chat_id"], row["params"]) == (FORGET, SITI, {"last": 0})
    assert deletes(world) == 1
    assert deleted(world) == [[1]]


def told(world: World, chat: int = SITI) -> int:
    """Somebody was told something; the number of the notice."""
    with world.begin() as connection:
        tell(connection, Message(chat_id=chat, key="alert.raised", params={"words": "x"}), NOW)
        release(connection, DELIVERY, NOW)
    return int(world.rows(NOTICES)[-1]["id"])


def test_a_letter_is_opened_as_a_reply_with_all_that_it_says(world: World) -> None:
    number = told(world)
    with world.scene(Resident(SITI)) as scene:
        open_letter(scene, number)
    copy = world.rows(NOTICES)[-1]
    assert (copy["chat_id"], copy["key"], copy["state"]) == (SITI, "alert.raised", "queued")
    assert copy["params"] == {"words": "x", "urgent": False, OPENED: True}
    call = world.rows(OUTBOX)[-1]
    assert (call["chat_id"], call["lane"], call["notice_id"]) == (SITI, 0, copy["id"])


def test_nobody_opens_the_letter_of_somebody_else_or_one_that_is_not_there(world: World) -> None:
    number = told(world)
    for chat, wanted in ((BUDI, number), (SITI, number + 1), (SITI, 0)):
        with world.scene(Resident(chat)) as scene, pytest.raises(RefusalError):
            open_letter(scene, wanted)
    assert world.count(NOTICES) == 1
