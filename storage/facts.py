"""The facts of a turn, answered from the database in the turn's own transaction, each asked at most once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from conversations.chat import Village
from conversations.effects import Purpose
from conversations.facts import (
    AspirationView,
    FoundVillages,
    House,
    InvitationView,
    Kecamatan,
    MandateView,
    PersonView,
    Planning,
    Profile,
    Role,
    TaskView,
    TranscriptView,
)
from storage import doubles, letters, mandates, people, residents, tasks, transcripts, views
from storage.asking import DatabaseAskingFacts
from storage.broadcast_progress import DatabaseSendingFacts
from storage.broadcasts import DatabaseBroadcastFacts
from storage.desk import DatabaseDeskFacts
from storage.figure_files import DatabaseFigureFacts
from storage.likeness import DatabaseLikenessFacts
from storage.meetings import DatabaseMeetingFacts
from storage.rules import Rules

Answers = Mapping[str, tuple[bool, str]]
"""By purpose: the newest answer, and the version of the text that it answers."""


class DatabaseFacts:
    """Implements conversations.facts.Facts for one chat, as of before the turn's effects.

    What was read once is kept, so each round of a turn that follows an effect takes a new instance.
    """

    def __init__(self, connection: Connection, chat_id: int, house: House, rules: Rules) -> None:
        self._connection = connection
        self._chat_id = chat_id
        self._house = house
        self._rules = rules

    @property
    def house(self) -> House:
        """What is true of this installation."""
        return self._house

    def consented(self, purpose: Purpose) -> bool:
        """Whether the person's newest answer for this purpose, to the current version, is yes."""
        return self._answers.get(purpose) == (True, self._rules.consent_version)

    def profile(self) -> Profile:
        """What is stored about the person of this chat; an empty profile for a stranger."""
        return self._profile

    def find_villages(self, text: str) -> FoundVillages:
        """Villages of the kabupaten by typed name, both official spellings, tolerant of typing errors."""
        return self._rules.regions.find(text)

    def village(self, kode: str) -> Village | None:
        """The village of a code, None when the kabupaten has none such."""
        return self._rules.regions.village(kode)

    def kecamatan(self) -> tuple[Kecamatan, ...]:
        """All kecamatan of the kabupaten, by name."""
        return self._rules.regions.kecamatan()

    def villages(self, kecamatan: str) -> tuple[Village, ...]:
        """All villages of a kecamatan, by name."""
        return self._rules.regions.villages(kecamatan)

    def mine(self) -> tuple[AspirationView, ...]:
        """The aspirations of this chat's person, newest first, without history."""
        return self._mine

    def aspiration(self, ticket: str) -> AspirationView | None:
        """An aspiration by ticket: one's own, or a public one; a private one of another is None."""
        if ticket not in self._seen:
            self._seen[ticket] = views.aspiration(self._connection, self._chat_id, ticket, self._rules)
        return self._seen[ticket]

    def planning(self, at: datetime) -> Planning:
        """Where `at` lies in the planning calendar of the region."""
        return self._rules.calendar.planning(at)

    def mandate(self, role: Role) -> MandateView | None:
        """This chat's mandate of a role, None without one that is in force."""
        return self._mandates.get(role)

    def invitation(self, token: str, at: datetime) -> InvitationView | None:
        """The invitation of a link, None for one that is unknown, spent, revoked or over."""
        return mandates.invitation(self._connection, token, at, self._rules, self._house.kabupaten)

    def people(self) -> tuple[PersonView, ...]:
        """For whom the facilitator of this chat speaks, newest first."""
        return self._people

    def person(self, ticket: str) -> PersonView | None:
        """One of them by ticket, with the history of the aspiration."""
        return people.person(self._connection, self._chat_id, ticket, self._rules)

    def relayed(self, unique_id: str) -> bool:
        """Whether the facilitator of this chat has relayed this file before (Bot API, file_unique_id)."""
        return doubles.relayed_before(self._connection, self._chat_id, unique_id)

    def tasks(self) -> tuple[TaskView, ...]:
        """The open tasks of this chat's mandates: those taken here first, then the oldest."""
        return self._tasks

    def task(self, number: int) -> TaskView | None:
        """One of them."""
        return tasks.view(self._connection, self._chat_id, number, self._rules)

    def transcript(self, number: int) -> TranscriptView | None:
        """Written words that this chat may confirm, None for those of somebody else."""
        return transcripts.view(self._connection, self._chat_id, number)

    def letters(self) -> tuple[tuple[str, str], ...]:
        """The newest messages that the clock sent to this chat: the step of their buttons, and its ref."""
        return letters.newest(self._connection, self._chat_id)

    @cached_property
    def _tasks(self) -> tuple[TaskView, ...]:
        return tasks.listing(self._connection, self._chat_id, self._rules)

    @cached_property
    def desk(self) -> DatabaseDeskFacts:
        """Of the desk."""
        return DatabaseDeskFacts(self._connection, self._chat_id, self._rules)

    @cached_property
    def asking(self) -> DatabaseAskingFacts:
        """Of questions and replies; residents' turns ask here, too."""
        return DatabaseAskingFacts(self._connection, self._chat_id, self._rules)

    @cached_property
    def meetings(self) -> DatabaseMeetingFacts:
        """Of meetings; residents' turns ask here, too."""
        return DatabaseMeetingFacts(self._connection, self._chat_id, self._rules)

    @cached_property
    def broadcasts(self) -> DatabaseBroadcastFacts:
        """Of broadcasts."""
        return DatabaseBroadcastFacts(self._connection, self._chat_id, self._rules)

    @cached_property
    def sending(self) -> DatabaseSendingFacts:
        """Of broadcasts on their way; residents' turns ask here, too."""
        return DatabaseSendingFacts(self._connection, self._chat_id, self._rules)

    @cached_property
    def likeness(self) -> DatabaseLikenessFacts:
        """Of similar aspirations; residents' turns ask here, too."""
        return DatabaseLikenessFacts(self._connection, self._chat_id, self._rules, self._house.fields)

    @cached_property
    def figures(self) -> DatabaseFigureFacts:
        """Of figures and files."""
        return DatabaseFigureFacts(self._connection, self._chat_id, self._rules)

    @cached_property
    def _answers(self) -> Answers:
        return residents.consents(self._connection, [self._chat_id])[self._chat_id]

    @cached_property
    def _mandates(self) -> Mapping[str, MandateView]:
        return mandates.view(self._connection, self._chat_id, self._rules, self._house.kabupaten)

    @cached_property
    def _people(self) -> tuple[PersonView, ...]:
        return people.people(self._connection, self._chat_id, self._rules)

    @cached_property
    def _mine(self) -> tuple[AspirationView, ...]:
        return views.mine(self._connection, self._chat_id, self._rules)

    @cached_property
    def _seen(self) -> dict[str, AspirationView | None]:
        return {}

    @cached_property
    def _profile(self) -> Profile:
        row = residents.profile_row(self._connection, self._chat_id)
        if row is None:
            return Profile()
        return Profile(
            name=row["name"] or "",
            groups=tuple(row["groups"] or ()),
            groups_answered=row["groups_answered"],
            village=row["village_kode"] and self.village(row["village_kode"]),
            notices=row["notices"],
            broadcasts=row["broadcasts"],
            erasure_due=row["erasure_due_at"],
            needs=tuple(row["needs"] or ()),
            needs_answered=row["needs_answered_at"] is not None,
            other_need=row["other"] or "",
        )
