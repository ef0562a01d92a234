"""What people press under the letters of the clock: whether something is really done, and what is late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from conversations.followup import DONE
from conversations.table import MENU
from tests.conversations.literal_facts import MINE
from tests.conversations.talking import Talk

Do = Callable[[Talk], object]
PRESSES: Final = (*(f"followup:{answer}:{MINE}" for answer in DONE), "deadline:open:0")


def ways(talk: Talk) -> Iterator[tuple[str, Do]]:
    """Those that make sense where the chat is."""
    if talk.chat.step == MENU:
        yield from ((payload, _presses(payload)) for payload in PRESSES)


def _presses(payload: str) -> Do:
    return lambda there: there.presses_payload(payload, 1)
