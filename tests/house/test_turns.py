"""What a turn leaves beside a chat's state: whether it is reached, and whether its draft is a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.app import Home
from bot.chats import read_chat, write_chat
from bot.turn import Arrival, Turner
from conversations.chat import Batch, Chat, Draft, Part
from conversations.events import AnyEvent, Blocked, DraftRested, Typed
from storage.columns import SEAL
from storage.ledger import CHAT, ChatRow, Ledger
from tests.databases import NOON

SITI = 7_000_000_001


def happen(home: Home, *events: AnyEvent, at: str = "1") -> None:
    """Let this happen in one chat, in one batch."""
    arrivals = [
        Arrival(("bot:1", f"{at}.{number}"), SITI, "private", event) for number, event in enumerate(events)
    ]
    with home.engine.begin() as connection:
        home.turner.process(connection, arrivals, NOON)


def reachable(home: Home) -> bool:
    with home.engine.begin() as connection:
        return bool(connection.scalar(select(CHAT.c.reachable).where(CHAT.c.id == SITI)))


def typed(text: str = "halo") -> Typed:
    return Typed(at=NOON, sent_at=NOON, message=1, text=text)


@pytest.mark.parametrize(
    ("events", "then"),
    [
        ((typed(),), True),
        ((DraftRested(at=NOON),), False),
        ((typed(), Blocked(at=NOON)), False),
        ((Blocked(at=NOON), typed()), True),
    ],
)
def test_whoever_writes_is_reached_again_whatever_a_failed_call_said(
    home: Home, events: tuple[AnyEvent, ...], *, then: bool
) -> None:
    """Else one wrong "blocked" would keep every notice from them until they think of /start."""
    happen(home, typed("/start"), at="0")
    with home.engine.begin() as connection:
        connection.execute(update(CHAT).values(reachable=False))
    happen(home, *events)
    assert reachable(home) is then


@pytest.mark.parametrize(("serial", "due"), [(1, []), (2, [SITI])])
def test_a_draft_that_takes_the_place_of_another_within_a_turn_is_reminded_of_too(
    home: Home, monkeypatch: pytest.MonkeyPatch, serial: int, due: list[int]
) -> None:
    def draft(number: int) -> Any:
        def turn(_turner: Turner, _connection: Any, chat: Chat, *_given: Any) -> Chat:
            return replace(chat, seen_at=NOON, draft=Draft(serial=number, begun_at=NOON))

        return turn

    monkeypatch.setattr(Turner, "_turn", draft(1))
    happen(home, typed(), at="1")
    with home.engine.begin() as connection:
        Ledger(connection).mark_reminded([SITI], NOON)
    monkeypatch.setattr(Turner, "_turn", draft(serial))
    happen(home, typed(), at="2")
    with home.engine.begin() as connection:
        assert Ledger(connection).due_drafts(NOON + timedelta(days=1), 10) == due


def stored(home: Home) -> str:
    """The state of the chat as it lies in the database."""
    with home.engine.begin() as connection:
        return str(connection.execute(text("SELECT state FROM chat")).scalar_one())


def test_a_chat_about_persons_is_sealed_where_it_lies_and_goes_on_all_the_same(home: Home) -> None:
    happen(home, typed("/start"))
    assert stored(home).startswith("{")
    spoken = Part(kind="text", message=5, text="KENARI minta kursi roda")
    chat = Chat(id=SITI, locale="en", batch=Batch(serial=1, items=(spoken,)))
    with home.engine.begin() as connection:
        row = ChatRow(id=SITI, state=write_chat(chat), seen_at=NOON, personal=True)
        Ledger(connection).save_chats([row])
    assert stored(home).startswith(SEAL)
    happen(home, DraftRested(at=NOON), at="2")
    assert stored(home).startswith(SEAL)
    with home.engine.begin() as connection:
        state = Ledger(connection).load_chats([SITI], NOON)[SITI]
    assert read_chat(state, Chat(id=SITI)).batch == chat.batch
