"""What people do on their ways to safety: words of danger, a phone that others hold, a letter that is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from conversations import events
from conversations.table import MENU
from tests.conversations.talking import Talk

Do = Callable[[Talk], object]
DANGER: Final = "saya dipukul suami saya"
COMPLAINT: Final = "bantuan sosial belum turun"


def ways(talk: Talk) -> Iterator[tuple[str, Do]]:
    """Those that make sense where the chat is."""
    step = talk.chat.step
    if step in {MENU, "consent.ask", "intake.need", "relay.summary"}:
        yield "danger", _danger
        yield "danger, with no hotline", _danger_without_hotline
    if step == MENU:
        yield from ((word, _types(word)) for word in ("pengaturan", "kebutuhan", "hapus percakapan"))
        yield "mode rahasia", _types("mode rahasia")
        yield "mode rahasia on and off", _on_and_off
        yield "a letter is opened", lambda there: there.presses_payload("letter:open:1", 1)
    if step == "intake.need":
        yield "a day, in mode rahasia", _rests
    if step == "intake.summary":
        yield "a complaint is sent", _complains
    if step == "needs.more":
        yield "other help", _types("Bantuan lain", "Selesai")
    if step == "needs.other":
        yield "a seat", _types("kursi dekat pintu")


def _types(*texts: str) -> Do:
    return lambda there: there.types(*texts)


def _danger(there: Talk) -> None:
    there.types(DANGER)
    if there.chat.step == "intake.held":
        there.presses("use")


def _danger_without_hotline(there: Talk) -> None:
    there.world.hotline = False
    _danger(there)


def _on_and_off(there: Talk) -> None:
    for _ in range(2):
        _switch(there)


def _rests(there: Talk) -> None:
    if not there.chat.mode.discreet:
        _switch(there)
    there.happens(events.DraftRested(at=there.at))


def _switch(there: Talk) -> None:
    there.types("mode rahasia")
    there.presses("off" if there.chat.mode.discreet else "on")


def _complains(there: Talk) -> None:
    if there.chat.draft is not None:
        there.edits(there.chat.draft.parts[0].message, COMPLAINT)
        there.presses("send")
