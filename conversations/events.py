"""What happened, in the past tense: a closed union. A turn consumes exactly one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Literal

from conversations.broadcast import BroadcastKept
from conversations.chat import Media, Origin, PartKind
from conversations.desk import DeskOutcome
from conversations.event import Event as Event  # noqa: PLC0414  (the base of all)
from conversations.event import Outcome as Outcome  # noqa: PLC0414

Puzzle = Literal["sticker", "poll", "dice", "document", "animation", "game", "service", "other"]


# What a person does


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Event):
    """/start, with the payload of a deep link (at most 64 characters; the user controls it)."""

    payload: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed(Event):
    """A text message; `reply_to` is the message it answers, 0 for none; `language` is Telegram's guess."""

    text: str
    reply_to: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Event):
    """A press on an inline button under `message`; `query` must be answered within 150 s."""

    payload: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke(Event):
    """A voice note or an audio file."""

    kind: Literal["voice", "audio"]
    media: Media
    caption: str = ""
    reply_to: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filmed(Event):
    """A video or a round video note: also how somebody answers in sign language."""

    kind: Literal["video", "video_note"]
    media: Media
    caption: str = ""
    album: str = ""
    reply_to: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured(Event):
    """A photo; albums arrive as several messages with one `album` id."""

    media: Media
    caption: str = ""
    album: str = ""
    reply_to: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Located(Event):
    """A shared position, degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact(Event):
    """A contact; `own` only when Telegram says that it is the sender's own."""

    own: bool
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded(Event):
    """A forwarded message of any kind; `origin` and `sender` (a name, "" for none) say from whom as far as Telegram tells."""

    origin: Origin
    kind: PartKind | Literal["other"]
    sender: str = ""
    text: str = ""
    media: Media | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Event):
    """An earlier message of the person now says something else; `text` is the new text or caption."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Puzzled(Event):
    """A kind of message that no step reads."""

    what: Puzzle


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked(Event):
    """The person blocked the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unblocked(Event):
    """The person opened the chat again."""


# What time and errands bring


@dataclass(frozen=True, slots=True, kw_only=True)
class Quieted(Event):
    """Two quiet seconds have passed since the last message of an answer in parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRested(Event):
    """A draft has lain unfinished for so long that the one reminder is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldExpired(Event):
    """24 hours have passed since words were held before consent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFailed(Event):
    """An update of this chat could not be processed and lies in quarantine: be kind, show the step again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLost(Event):
    """A file could not be fetched, or is no recording one can hear; `reason` is a key of the family `media.lost.*`.

    `ticket` is the aspiration that it was sent with, "" when it has not been sent.
    """

    unique_id: str
    reason: Literal["too_big", "gone", "too_short", "too_long", "silent", "unreadable"]
    ticket: str = ""


# What effects give back


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved(Outcome):
    """What was asked is stored."""

    name: ClassVar[str] = "saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Outcome):
    """What was asked may not or cannot be done; `reason` is a key of the family `refused.*`.

    `about` names what is missing (places outside a mandate), "" when there is nothing to name.
    """

    name: ClassVar[str] = "refused"
    reason: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Outcome):
    """An aspiration is stored under `ticket` (digits only); `recovery_code` is shown once and kept nowhere.

    `supporting` that it was to support another one: what came of that, the aspiration itself tells.
    """

    name: ClassVar[str] = "submitted"
    ticket: str
    recovery_code: str
    supporting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered(Outcome):
    """A recovery code was spent: the aspiration `ticket` now belongs to this chat.

    `relayed` that a facilitator spoke for its author until now.
    """

    name: ClassVar[str] = "recovered"
    ticket: str
    relayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureScheduled(Outcome):
    """Everything about the person will be erased at `due_at`, unless it is restored before."""

    name: ClassVar[str] = "scheduled"
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed(Outcome):
    """What a facilitator relayed is stored under `ticket`; `claim_code` is shown once and kept nowhere."""

    name: ClassVar[str] = "relayed"
    ticket: str
    claim_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeIssued(Outcome):
    """A code that is shown once: to claim an aspiration, or to take over a facilitator's people."""

    name: ClassVar[str] = "issued"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver(Outcome):
    """`people` represented by another facilitator are now represented by this one."""

    name: ClassVar[str] = "taken_over"
    people: int


Incoming = (
    Started
    | Typed
    | Pressed
    | Spoke
    | Filmed
    | Pictured
    | Located
    | SharedContact
    | Forwarded
    | Edited
    | Puzzled
    | Blocked
    | Unblocked
)
REPLYING: Final = (Typed, Spoke, Filmed, Pictured)
"""What can be a Telegram reply: `reply_to` is the message that it answers, 0 for none."""

Passing = Quieted | DraftRested | HeldExpired | TurnFailed | MediaLost
AnyOutcome = (
    DeskOutcome
    | BroadcastKept
    | Saved
    | Refused
    | Submitted
    | Recovered
    | ErasureScheduled
    | Relayed
    | CodeIssued
    | TakenOver
)
AnyEvent = Incoming | Passing | AnyOutcome
