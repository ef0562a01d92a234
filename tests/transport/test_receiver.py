"""Long polling moves on past what it cannot read, and does not spin on what it can never confirm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest

from bot.receiver import SHORTEST_WAIT, Poller, Receiver
from bot.transport import Transport
from bot.turn import unreadable
from tests.databases import NOON

UNNUMBERED: Any = {"message": {"text": "halo"}}


class Answers:
    """A transport that gives these answers, one for each poll, and notes the offsets asked for."""

    def __init__(self, *answers: list[Any]) -> None:
        self._answers = iter(answers)
        self.offsets: list[int] = []

    async def receive(self, offset: int, **_: int) -> list[Any]:
        """The next answer."""
        self.offsets.append(offset)
        return next(self._answers)


class Accepts:
    """A receiver that accepts everything."""

    async def accept(self, updates: list[Any]) -> None:
        """Nothing to do."""


async def polled(*answers: list[Any]) -> tuple[list[int], list[float]]:
    """The offsets asked for and the seconds waited while these answers came; a last poll is empty."""
    transport, waited = Answers(*answers, []), list[float]()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    poller = Poller(cast("Transport", transport), cast("Receiver", Accepts()), sleep)
    for _ in (*answers, []):
        await poller.poll()
    return transport.offsets, waited


async def test_a_batch_without_any_number_is_waited_for_longer_each_time() -> None:
    """It cannot be confirmed, so it comes again at once: a poll a millisecond otherwise."""
    offsets, waited = await polled([{"update_id": 7}], [UNNUMBERED], ["?", {"update_id": "8"}])
    assert offsets == [0, 8, 8, 8]
    assert waited == [SHORTEST_WAIT, 2 * SHORTEST_WAIT]


async def test_an_update_without_a_number_does_not_hold_up_the_others() -> None:
    offsets, waited = await polled([UNNUMBERED, {"update_id": 7}])
    assert (offsets, waited) == ([0, 8], [])


@pytest.mark.parametrize("body", [UNNUMBERED, "not JSON", {"update_id": [1], "message": "\ud83d"}, None])
def test_the_same_body_without_a_number_is_kept_once(body: Any) -> None:
    """It comes again at each poll: keyed by its time, it would fill the database."""
    first, again = (unreadable(body, "bot:1", NOON + timedelta(seconds=n)) for n in (0, 30))
    other = unreadable({"message": {"text": "lain"}}, "bot:1", NOON)
    assert first.key == again.key != other.key
    assert first.key[1].startswith("unreadable:")
