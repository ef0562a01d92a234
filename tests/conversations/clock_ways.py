"""What people press under the letters of the clock: whether something is really done, and what is late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from conversations.followup import DONE
from conversations.table import MENU
from tests.conversations.literal_facts import MINE
from tests.conversations.talking import Talk

Do = Callable[[Talk], object]
PRESSES: Final = tuple(f"followup:{answer}:{MINE}" for answer in DONE)


def ways(talk: Talk) -> Iterator[tuple[str, Do]]:
    """Those that make sense where the chat is, in one world each: a letter leads everywhere to the same."""
    if talk.chat.step != MENU:
        return
    if talk.world.transcripts:
        yield from ((payload, _presses(payload)) for payload in PRESSES)
    if talk.world.desk.gone:
        yield "what is late", _presses("deadline:open:0")


def _presses(payload: str) -> Do:
    return lambda there: there.presses_payload(payload, 1)
