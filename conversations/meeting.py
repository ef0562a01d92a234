"""Meetings of Musrenbang: what the conversation shows of them, asks of the world, and gets back (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from conversations.effect import Effect

MeetingKind = Literal["desa", "kecamatan", "inklusi", "forum_pd", "kabupaten", "other"]
MeetingMode = Literal["offline", "online", "hybrid"]
Coming = Literal["", "coming", "phone", "cannot", "represented"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """A meeting as it is being written; `id` 0 for a new one."""

    id: int = 0
    title: str = ""
    kind: MeetingKind | Literal[""] = ""
    starts_at: datetime | None = None
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
    """A meeting as somebody may read it, with their own answer."""

    id: int
    title: str
    kind: MeetingKind
    starts_at: datetime
    mode: MeetingMode
    venue: str
    access: tuple[str, ...]
    link: str
    contact: str
    cancelled: bool = False
    answer: Coming = ""
    needs: tuple[str, ...] = ()
    arranged: tuple[str, ...] = ()


class MeetingFacts(Protocol):
    """What a turn may know of meetings."""

    def upcoming(self) -> tuple[MeetingView, ...]:
        """The meetings that concern the person of this chat, the next one first."""
        ...

    def meeting(self, number: int) -> MeetingView | None:
        """One of them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMeeting(Effect):
    """Whether somebody comes, with the access needs that they confirmed."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    meeting: int
    answer: Coming
    needs: tuple[str, ...] = ()


MeetingEffect = AnswerMeeting
