"""Who there is: people, groups, chats and the messages in them, as values that the store can keep."""

from dataclasses import dataclass
from typing import Literal

from simulator.wire import Json, present

ChatType = Literal["private", "group", "supergroup"]


@dataclass(frozen=True, slots=True)
class Person:
    """A human with a Telegram account. `blocked` and `started` hold the ids of bots.

    `link` is the payload of a deep link that somebody has given them and that they have not opened yet;
    `link_label` says what opening it is called.
    """

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    about: str | None = None
    avatar: str | None = None
    link: str | None = None
    link_label: str | None = None
    blocked: frozenset[int] = frozenset()
    started: frozenset[int] = frozenset()
    deactivated: bool = False

    def user(self) -> Json:
        """The User object of the Bot API."""
        return {"id": self.id, "is_bot": False, "first_name": self.first_name} | present(
            last_name=self.last_name, username=self.username, language_code=self.language_code
        )

    def chat(self) -> Json:
        """The Chat object of the private chat with this person."""
        names = present(last_name=self.last_name, username=self.username)
        return {"id": self.id, "first_name": self.first_name, **names, "type": "private"}

    def view(self) -> Json:
        """The person as the control API shows it."""
        return self.user() | present(
            about=self.about,
            avatar=self.avatar,
            link=self.link,
            link_label=self.link_label,
            blocked=sorted(self.blocked),
            deactivated=self.deactivated,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A group with all bots in it. `admin`: the bots are administrators and see every message."""

    id: int
    title: str
    members: tuple[int, ...]
    admin: bool = False
    type: ChatType = "group"
    removed: frozenset[int] = frozenset()
    migrated_to: int | None = None

    def chat(self) -> Json:
        """The Chat object of the Bot API."""
        return {"id": self.id, "title": self.title, "type": self.type}

    def view(self) -> Json:
        """The group as the control API shows it."""
        return self.chat() | {
            "members": list(self.members),
            "admin": self.admin,
            "removed": sorted(self.removed),
        }


@dataclass(slots=True)
class Message:
    """One message: `wire` is what the Bot API tells of it, the rest is the simulator's own knowledge."""

    id: int
    outgoing: bool  # sent by the bot
    wire: Json
    deleted: bool = False

    @property
    def text(self) -> str | None:
        """Its text, None for media."""
        return self.wire.get("text")


@dataclass(slots=True)
class Chat:
    """One bot's chat with one person or group."""

    bot: int
    id: int
    type: ChatType
    instance: str
    last_id: int = 0
    keyboard: Json | None = None  # the reply keyboard (or force_reply) that the person sees
    keyboard_of: int | None = None  # the message that brought it
    action: str | None = None
    action_until: float = 0.0

    @property
    def key(self) -> str:
        """Its name in the store."""
        return f"{self.bot}:{self.id}"
