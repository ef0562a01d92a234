"""Meetings: what a turn may know of them, and what it may ask (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from conversations import meeting as effects
from conversations.events import AnyOutcome, Saved
from conversations.meeting import MeetingDraft, MeetingEffect, MeetingOverview, MeetingView
from storage import (
    meeting_answers,
    meeting_attendance,
    meeting_changes,
    meeting_minutes,
    meeting_overview,
    meeting_views,
)
from storage.once import Once
from storage.rules import Rules, Scene


@dataclass(frozen=True, slots=True)
class DatabaseMeetingFacts:
    """Implements conversations.meeting.MeetingFacts for one chat; what a turn asks several times is looked up once."""

    connection: Connection
    chat_id: int
    rules: Rules
    once: Once = field(default_factory=Once)

    def upcoming(self, at: datetime) -> tuple[MeetingView, ...]:
        """The meetings that concern the person of this chat and are not over, the next one first."""
        return self.once(
            "upcoming", lambda: meeting_views.upcoming(self.connection, self.chat_id, at, self.rules)
        )

    def meeting(self, number: int) -> MeetingView | None:
        """A meeting by number."""
        return self.once(
            ("meeting", number),
            lambda: meeting_views.view(self.connection, self.chat_id, number, self.rules),
        )

    def managed(self, at: datetime) -> tuple[MeetingView, ...]:
        """The meetings that this chat's mandates may change: those to come, then those of the last 90 days."""
        return self.once(
            "managed", lambda: meeting_overview.managed(self.connection, self.chat_id, at, self.rules)
        )

    def overview(self, number: int) -> MeetingOverview | None:
        """One of them as its staff sees it; None for a meeting of others."""
        return self.once(
            ("overview", number),
            lambda: meeting_overview.overview(self.connection, self.chat_id, number, self.rules),
        )

    def written(self, number: int) -> MeetingDraft | None:
        """One of them as it can be changed; None for a meeting of others."""
        return self.once(
            ("written", number), lambda: meeting_overview.written(self.connection, self.chat_id, number)
        )

    def regions(self) -> tuple[tuple[str, str], ...]:
        """Where this chat's mandates may call a meeting: code and name of each region."""
        return self.once(
            "regions", lambda: meeting_overview.regions(self.connection, self.chat_id, self.rules)
        )


def perform(scene: Scene, effect: MeetingEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    match effect:
        case effects.AnswerMeeting() | effects.ConfirmNeeds() | effects.SendCalendar():
            _answer(scene, effect)
        case effects.AttendMeeting(meeting=number, code=code):
            meeting_attendance.attend(scene, number, code)
        case effects.ListAttendance(meeting=number, tickets=tickets):
            meeting_attendance.list_people(scene, number, tickets)
        case _:
            _manage(scene, effect)
    return Saved(at=scene.at)


def _answer(
    scene: Scene, effect: effects.AnswerMeeting | effects.ConfirmNeeds | effects.SendCalendar
) -> None:
    match effect:
        case effects.AnswerMeeting(meeting=number, answer=answer):
            meeting_answers.answer(scene, number, answer)
        case effects.ConfirmNeeds(meeting=number):
            meeting_answers.confirm(scene, number)
        case effects.SendCalendar(meeting=number):
            meeting_answers.send_calendar(scene, number)
        case _:
            assert_never(effect)


def _manage(
    scene: Scene,
    effect: effects.SaveMeeting
    | effects.CancelMeeting
    | effects.ArrangeNeed
    | effects.WriteMinute
    | effects.SendMinutes,
) -> None:
    match effect:
        case effects.SaveMeeting(draft=draft):
            meeting_changes.save(scene, draft)
        case effects.CancelMeeting(meeting=number):
            meeting_changes.cancel(scene, number)
        case effects.ArrangeNeed(answer=number, need=need):
            meeting_answers.arrange(scene, number, need)
        case effects.WriteMinute():
            meeting_minutes.write(scene, effect)
        case effects.SendMinutes(meeting=number):
            meeting_minutes.send(scene, number)
        case _:
            assert_never(effect)
