"""A bot's account: its token, name, commands, menu buttons, waiting presses, webhook settings."""

import re
from dataclasses import dataclass, field

from simulator.wire import Json

TOKEN = re.compile(r"[1-9]\d{0,15}:[A-Za-z0-9_-]{35}")


@dataclass(slots=True)
class Press:
    """A button press that the bot has not answered yet."""

    chat: int
    person: int
    message_id: int
    data: str
    at: float
    answered: bool = False


@dataclass(slots=True)
class WebhookState:
    """What setWebhook asked for and how deliveries went."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str | None = None
    certificate: bool = False
    last_error_at: int | None = None
    last_error: str | None = None


@dataclass(slots=True)
class Account:
    """One bot. Keys of `commands` and `texts` are readable strings, so that the store keeps them as JSON."""

    id: int
    token: str
    name: str
    username: str
    commands: dict[str, list[Json]] = field(default_factory=dict)  # "scope|language" -> commands
    texts: dict[str, str] = field(default_factory=dict)  # "name|language" ... -> text
    menus: dict[int, Json] = field(default_factory=dict)  # chat id, 0 for all -> menu button
    presses: dict[str, Press] = field(default_factory=dict)
    webhook: WebhookState | None = None

    def user(self) -> Json:
        """The User object of the bot as others see it."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def me(self) -> Json:
        """The answer of getMe."""
        return self.user() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }


def account(token: str) -> Account:
    """A fresh account for a well-formed token; raises ValueError with one clear sentence otherwise."""
    if not TOKEN.fullmatch(token):
        raise ValueError(
            "A bot token is digits, a colon and 35 letters, digits, _ or -, as in 123456:"
            + "A" * 35
            + "; the given one is not."
        )
    bot = int(token.partition(":")[0])
    return Account(bot, token, "Suara", f"sim{bot}_bot")
