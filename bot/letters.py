"""Notices in words: rendered when they are sent, in the recipient's locale and mode of that moment.

The one place that does it: the sender and every preview call `Letters.render`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.chats import read_chat
from bot.replies import Replies
from bot.utterance import Utterance
from conversations.chat import Chat
from conversations.effects import Line, Say
from conversations.flows.safety import LETTER
from conversations.table import Flows, Tell
from conversations.walk import tell_buttons
from storage.letters import letter
from storage.messages import OPENED
from storage.outbox import Notice
from storage.tables import NOTICE


@dataclass(frozen=True, slots=True)
class Letters:
    """Renders notices with the button that opens the aspiration."""

    replies: Replies
    flows: Flows

    def render(self, notice: Notice) -> tuple[str, dict[str, Any]]:
        """The call that tells of a notice. Raises ValueError for a key that nobody plans."""
        locale = read_chat(notice.chat, Chat(id=notice.chat_id)).locale
        return "sendMessage", self.replies.message(self.say(notice), notice.chat_id, locale)

    def aloud(self, notice: Notice) -> Utterance | None:
        """What is to be said when it was sent, None in a chat that does not want it or where others may listen."""
        chat = read_chat(notice.chat, Chat(id=notice.chat_id))
        if not chat.mode.spoken or chat.mode.discreet or notice.params.get("recorded"):
            return None
        return Utterance.of(self.say(notice), chat, self.replies.texts, NOTICE)

    def say(self, notice: Notice) -> Say:
        """A notice as lines and buttons; to a discreet chat only that there is one, until it is opened."""
        discreet = read_chat(notice.chat, Chat(id=notice.chat_id)).mode.discreet
        waiting = self.flows.steps.get(LETTER)
        if discreet and isinstance(waiting, Tell) and not notice.params.get(OPENED):
            return Say(lines=(Line(waiting.says),), buttons=tell_buttons(waiting, str(notice.id)))
        return self._whole(notice)

    def _whole(self, notice: Notice) -> Say:
        locale = read_chat(notice.chat, Chat(id=notice.chat_id)).locale
        told = letter(notice.key, {**notice.params, "locale": locale})
        step = self.flows.steps.get(told.step)
        if not isinstance(step, Tell):
            return Say(lines=told.lines)
        return Say(lines=(*told.lines, Line(step.says)), buttons=tell_buttons(step, told.ref))
