"""A forwarded message says from whom it is, as far as Telegram tells (Bot API, MessageOrigin)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.decoding import LONGEST_SENDER, decode
from conversations.events import Forwarded

NOON = datetime(2026, 1, 13, 5, tzinfo=UTC)


def forwarded(origin: dict[str, Any]) -> Forwarded:
    """The event of a voice forwarded from there."""
    voice = {"file_id": "f", "file_unique_id": "u", "duration": 9}
    message = {"message_id": 3, "date": 1, "chat": {"id": 7, "type": "private"}, "voice": voice}
    decoded = decode({"update_id": 1, "message": message | {"forward_origin": origin}}, NOON)
    assert decoded is not None
    assert isinstance(decoded.event, Forwarded)
    return decoded.event


@pytest.mark.parametrize(
    ("origin", "sender"),
    [
        ({"type": "user", "sender_user": {"id": 5, "first_name": "Bu", "last_name": "Siti"}}, "Bu Siti"),
        ({"type": "user", "sender_user": {"id": 5, "first_name": "Siti"}}, "Siti"),
        ({"type": "hidden_user", "sender_user_name": "Pak Karso"}, "Pak Karso"),
        ({"type": "hidden_user"}, ""),
        ({"type": "chat", "sender_chat": {"id": -5, "title": "RT 3"}}, "RT 3"),
        ({"type": "channel", "chat": {"id": -6, "title": "Kabar\n Desa"}, "message_id": 1}, "Kabar Desa"),
        ({"type": "of tomorrow"}, ""),
    ],
)
def test_the_sender_of_each_kind_of_origin_is_named(origin: dict[str, Any], sender: str) -> None:
    assert forwarded(origin).sender == sender


def test_a_name_without_end_is_cut() -> None:
    event = forwarded({"type": "hidden_user", "sender_user_name": "x" * 5000})
    assert len(event.sender) == LONGEST_SENDER
