"""What does not fit is Malformed before it can spoil the chat that it is for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.decoding import Malformed, decode
from conversations.events import REPLYING, Located
from tests.databases import NOON


def located(latitude: str, longitude: str) -> Any:
    """An update with a location, from JSON as a server may write it."""
    place = f'{{"latitude": {latitude}, "longitude": {longitude}}}'
    chat = '{"id": 7000000001, "type": "private"}'
    return json.loads(
        f'{{"update_id": 1, "message": {{"message_id": 1, "date": 1, "chat": {chat}, "location": {place}}}}}'
    )


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("NaN", "0"), ("0", "NaN"), ("Infinity", "0"), ("0", "-Infinity"), ("90.1", "0"), ("0", "-180.1")],
)
def test_a_location_that_is_nowhere_is_malformed(latitude: str, longitude: str) -> None:
    """Stored as JSON, NaN becomes null, and the chat could never be read again."""
    with pytest.raises(Malformed):
        decode(located(latitude, longitude), NOON)


@pytest.mark.parametrize(("latitude", "longitude"), [("90", "180"), ("-90", "-180"), ("-5.1", "105.5")])
def test_a_location_on_earth_is_read(latitude: str, longitude: str) -> None:
    decoded = decode(located(latitude, longitude), NOON)
    assert decoded is not None
    assert isinstance(decoded.event, Located)
    assert (decoded.event.latitude, decoded.event.longitude) == (float(latitude), float(longitude))


def test_a_live_location_that_moves_is_no_edit_of_words() -> None:
    """Telegram sends an edit every few seconds; each would be told that it comes too late."""
    update = located("-5.1", "105.5")
    assert decode({"update_id": 2, "edited_message": update["message"]}, NOON) is None


@pytest.mark.parametrize(
    "content",
    [
        {"text": "Masih rusak"},
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 5}},
        {"video": {"file_id": "f", "file_unique_id": "u", "duration": 5}},
        {"photo": [{"file_id": "f", "file_unique_id": "u"}]},
    ],
    ids=lambda content: next(iter(content)),
)
def test_a_reply_says_to_which_message(content: dict[str, Any]) -> None:
    message = {"message_id": 2, "date": 1, "chat": {"id": 7, "type": "private"}, **content}
    decoded = decode({"update_id": 1, "message": {**message, "reply_to_message": {"message_id": 1}}}, NOON)
    assert decoded is not None
    assert isinstance(decoded.event, REPLYING)
    assert decoded.event.reply_to == 1
