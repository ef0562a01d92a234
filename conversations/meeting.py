"""Meetings of Musrenbang: what the conversation shows of them, asks of the world, and gets back (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Literal, Protocol

from conversations.effect import Effect

MeetingKind = Literal["desa", "kecamatan", "inklusi", "forum_pd", "kabupaten", "other"]
MeetingMode = Literal["offline", "online", "hybrid"]
Coming = Literal["", "coming", "phone", "cannot", "represented"]
Facility = Literal[
    "ramp", "toilet", "seats", "parking", "sign_interpreter", "captions", "quiet_room", "child_care"
]
"""What a venue has for those who need it."""

MinuteVerdict = Literal["agreed", "deferred", "rejected"]
AttendanceWay = Literal["room", "online", "list"]
CODE_DIGITS: Final = 6
"""Of the codes that are said in the room and in the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """A meeting as it is being written; `id` 0 for a new one. A hybrid one needs venue and link.

    `region` is whose it is: the code of a desa, a kecamatan or the kabupaten; `minutes` is its length.
    """

    id: int = 0
    region: str = ""
    title: str = ""
    kind: MeetingKind | Literal[""] = ""
    starts_at: datetime | None = None
    minutes: int = 180
    mode: MeetingMode | Literal[""] = ""
    venue: str = ""
    access: tuple[str, ...] = ()
    link: str = ""
    kecamatan: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    contact: str = ""
    capacity: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """A meeting as somebody may read it, with their own answer.

    `places` are the names of the kecamatan that it is for, empty for all of its region. `arranged` of the needs are
    ready; `confirmed` that the person said with this answer that their needs on file are right.
    """

    id: int
    title: str
    kind: MeetingKind
    starts_at: datetime
    mode: MeetingMode
    venue: str
    access: tuple[str, ...]
    link: str
    contact: str
    minutes: int = 180
    places: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    capacity: int = 0
    cancelled: bool = False
    answer: Coming = ""
    confirmed: bool = False
    arranged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNeed:
    """Something that somebody who comes needs and nobody has arranged yet; `answer` is the number of their answer."""

    answer: int
    need: str
    who: str
    village: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedTotal:
    """How many of those who come need something, and for how many of them it is ready."""

    need: str
    wanted: int
    ready: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many of a kecamatan (its name) or a group (its key) confirmed and attended."""

    of: str
    confirmed: int
    attended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """One item of the minutes, by priority."""

    verdict: MinuteVerdict
    position: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingOverview:
    """A meeting as its staff sees it: answers, needs, who is reached, attendance, codes and minutes."""

    view: MeetingView
    answers: tuple[tuple[Coming, int], ...]
    needs: tuple[NeedTotal, ...]
    open_needs: tuple[OpenNeed, ...]
    kecamatan: tuple[Reach, ...]
    groups: tuple[Reach, ...]
    attended: tuple[tuple[AttendanceWay, int], ...]
    minutes: tuple[Minute, ...]
    room_code: str
    online_code: str


class MeetingFacts(Protocol):
    """What a turn may know of meetings."""

    def upcoming(self, at: datetime) -> tuple[MeetingView, ...]:
        """The meetings that concern the person of this chat and are not over, the next one first."""
        ...

    def meeting(self, number: int) -> MeetingView | None:
        """A meeting by number."""
        ...

    def managed(self, at: datetime) -> tuple[MeetingView, ...]:
        """The meetings that this chat's mandates may change: those to come, then those of the last 90 days."""
        ...

    def overview(self, number: int) -> MeetingOverview | None:
        """One of them as its staff sees it; None for a meeting of others."""
        ...

    def written(self, number: int) -> MeetingDraft | None:
        """One of them as it can be changed; None for a meeting of others."""
        ...

    def regions(self) -> tuple[tuple[str, str], ...]:
        """Where this chat's mandates may call a meeting: code and name of each region."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMeeting(Effect):
    """Whether somebody comes."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    meeting: int
    answer: Coming


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmNeeds(Effect):
    """The needs on file are right for this meeting."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    meeting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCalendar(Effect):
    """Send a meeting as a calendar file (an errand)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    meeting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendMeeting(Effect):
    """Somebody is there: they know the code that is said in the room, or in the call."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    meeting: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAttendance(Effect):
    """A facilitator says which of their people were there, by ticket."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    meeting: int
    tickets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveMeeting(Effect):
    """Call a meeting, or change one: whoever answered is told."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    draft: MeetingDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting(Effect):
    """A meeting does not take place: whoever answered is told."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    meeting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangeNeed(Effect):
    """Something that somebody needs at a meeting is ready: they are told."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    answer: int
    need: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteMinute(Effect):
    """Add an item to the minutes, after those of its kind."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    meeting: int
    verdict: MinuteVerdict
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMinutes(Effect):
    """Send the minutes as text and as a spreadsheet (an errand)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    meeting: int


MeetingEffect = (
    AnswerMeeting
    | ConfirmNeeds
    | SendCalendar
    | AttendMeeting
    | ListAttendance
    | SaveMeeting
    | CancelMeeting
    | ArrangeNeed
    | WriteMinute
    | SendMinutes
)
