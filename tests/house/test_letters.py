"""Notices on a shared phone: that there is one, and the whole of it only when it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.letters import Letters
from bot.replies import Replies
from conversations.chat import Chat, Mode
from conversations.flows import suara_flows
from storage.alerts import RAISED
from storage.messages import OPENED
from storage.outbox import Notice
from tests.conversations.literal_facts import real_texts

LETTERS = Letters(Replies(real_texts()), suara_flows())
WORDS: dict[str, Any] = {"words": "saya dipukul suami", "village": "", "kecamatan": ""}


def rendered(mode: Mode, params: Mapping[str, Any]) -> dict[str, Any]:
    """The message as it goes to Telegram."""
    chat = msgspec.json.encode(Chat(id=7, mode=mode)).decode()
    notice = Notice(id=42, key=RAISED, params=params, aspiration_id=None, event_id=None, chat_id=7, chat=chat)
    _, call = LETTERS.render(notice)
    return call


def test_a_discreet_chat_is_told_only_that_something_waits_with_a_button_that_opens_it() -> None:
    call = rendered(Mode(discreet=True), WORDS)
    assert call["text"] == "Ada pesan untuk Anda."
    assert "letter:open:42" in str(call["reply_markup"])


def test_what_was_opened_is_said_whole() -> None:
    call = rendered(Mode(discreet=True), {**WORDS, OPENED: True})
    assert "dipukul" in call["text"]


def test_every_other_chat_is_told_at_once() -> None:
    assert "dipukul" in rendered(Mode(), WORDS)["text"]
