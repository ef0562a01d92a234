"""What a turn says, as calls of the Bot API: texts without a parse mode, buttons one per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from conversations.effects import Line, Say
from conversations.texts import RenderedButton, Texts

KEYBOARD: Final = (("keyboard.back", "keyboard.repeat"), ("keyboard.help", "keyboard.menu"))
"""The persistent reply keyboard: its labels are global words, the same at every step."""

NO_PREVIEW: Final = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Replies:
    """Renders what is said in the locale of its reader."""

    texts: Texts

    def message(self, say: Say, chat_id: int, locale: str) -> dict[str, Any]:
        """The parameters of sendMessage."""
        rendered = self.texts.say(say.lines, say.buttons, locale)
        params: dict[str, Any] = {
            "chat_id": chat_id,
            "text": rendered.text,
            "link_preview_options": NO_PREVIEW,
        }
        if rendered.buttons:
            params["reply_markup"] = {"inline_keyboard": [[_button(button)] for button in rendered.buttons]}
        elif say.keyboard:
            params["reply_markup"] = self.keyboard(locale)
        return params

    def keyboard(self, locale: str) -> dict[str, Any]:
        """The reply keyboard in a locale."""
        rows = [[{"text": self.texts.label(Line(key), locale)} for key in row] for row in KEYBOARD]
        return {"keyboard": rows, "is_persistent": True, "resize_keyboard": True}


def as_json(params: dict[str, Any]) -> str:
    """Parameters as the outbox stores them."""
    return msgspec.json.encode(params).decode()


def _button(button: RenderedButton) -> dict[str, str]:
    return {"text": button.label, "callback_data": button.payload}
