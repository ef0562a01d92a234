"""Where a person is in the tables: the one list that both the dossier and the erasure go by.

Every table is named here, so that a new one cannot be forgotten (a test walks the schema).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, Text, false, or_, select, type_coerce

from storage import guesses
from storage.asking_tables import ContactRecord, QuestionRecord, ReplyRecord
from storage.aspirations import ASPIRATION, AUDIENCE
from storage.broadcast_tables import BroadcastRecipientRecord, BroadcastStopRecord
from storage.columns import decrypted
from storage.desk_tables import DeskCardRecord, DeskNoteRecord
from storage.followup_tables import FollowupRecord
from storage.history import HISTORY
from storage.ledger import CHAT, ERRAND, INBOX, OUTBOX, table
from storage.likeness_index import LIKENESS, STEM
from storage.media import MEDIA, PART, RELAY, REPORT
from storage.meeting_tables import AttendanceRecord, MeetingAnswerRecord
from storage.notices import NOTICES
from storage.relay_tables import (
    AccessRecord,
    InvitationRecord,
    MandateRecord,
    TaskRecord,
    TranscriptRecord,
)
from storage.residents import CONSENT, RESIDENT
from storage.ticket import Secrets

IMPERSONAL: Final[Mapping[str, str]] = {
    "audit": "what the staff did, as opaque numbers and keyed digests that lead to nobody once they are erased",
    "audit_head": "the number and digest of the newest row of the audit",
    "broadcast": "what an office told many, in its own words",
    "file_export": "which files the staff took away, and why, in the words of the office",
    "region": "the official list of places",
    "meeting": "when and where people meet",
    "meeting_minute": "what a meeting agreed, without the names of those who said it",
    "sipd_import": "digests of the files of SIPD that were brought in",
    "spoken": "digests of what was said aloud, which lead to nobody and go after a while (storage.housekeeping)",
}
"""Tables that hold nothing about anybody, and why."""

ACCESS: Final = table(AccessRecord)
INVITATION: Final = table(InvitationRecord)
MANDATE: Final = table(MandateRecord)
DESK_CARD: Final = table(DeskCardRecord)
DESK_NOTE: Final = table(DeskNoteRecord)
FOLLOWUP: Final = table(FollowupRecord)
TASK: Final = table(TaskRecord)
TRANSCRIPT: Final = table(TranscriptRecord)
MEETING_ANSWER: Final = table(MeetingAnswerRecord)
ATTENDANCE: Final = table(AttendanceRecord)
RECIPIENT: Final = table(BroadcastRecipientRecord)
STOPPED: Final = table(BroadcastStopRecord)
CONTACT: Final = table(ContactRecord)
QUESTION: Final = table(QuestionRecord)
REPLY: Final = table(ReplyRecord)


@dataclass(frozen=True)
class Traces:
    """The rows of one person, by table, in the order in which they may be deleted.

    What a facilitator relayed is about those whom they speak for, and is not among the facilitator's own: neither
    shown to them as theirs nor erased with them (UU 27/2022 Pasal 33).
    """

    connection: Connection
    chat_id: int
    secrets: Secrets = field(repr=False)

    @cached_property
    def resident(self) -> int | None:
        """The id of the person's row; None for a stranger."""
        return self.connection.scalar(select(RESIDENT.c.id).where(RESIDENT.c.chat_id == self.chat_id))

    @cached_property
    def aspirations(self) -> list[int]:
        """The ids of what this chat submitted or claimed: also the anonymous, and the numbers of what was taken back."""
        owned = or_(ASPIRATION.c.chat_id == self.chat_id, self._of_resident(ASPIRATION.c.resident_id))
        return list(self.connection.scalars(select(ASPIRATION.c.id).where(owned).order_by(ASPIRATION.c.id)))

    @cached_property
    def parts(self) -> list[int]:
        """The ids of the messages of these aspirations."""
        return list(self.connection.scalars(select(PART.c.id).where(self._of_aspirations(PART))))

    @cached_property
    def relays(self) -> list[int]:
        """The ids of the rows that say who spoke for this person, before the aspiration was claimed."""
        return list(self.connection.scalars(select(RELAY.c.id).where(self._of_aspirations(RELAY))))

    @cached_property
    def mandates(self) -> list[int]:
        """The ids of the mandates that this person holds or has held."""
        return list(self.connection.scalars(select(MANDATE.c.id).where(MANDATE.c.chat_id == self.chat_id)))

    @cached_property
    def contacts(self) -> list[int]:
        """The ids of the rows by which a safeguard may write to this person."""
        return list(self.connection.scalars(select(CONTACT.c.id).where(CONTACT.c.chat_id == self.chat_id)))

    @cached_property
    def questions(self) -> list[int]:
        """The ids of what was asked about these aspirations, or of this person."""
        theirs = or_(self._of_aspirations(QUESTION), QUESTION.c.contact_id.in_(self.contacts))
        return list(self.connection.scalars(select(QUESTION.c.id).where(theirs)))

    @cached_property
    def media(self) -> list[int]:
        """The ids of the files in these aspirations, in consents and answers, and in the draft of the chat."""
        found = (
            select(PART.c.media_id).where(self._of_aspirations(PART)),
            select(RELAY.c.consent_media_id).where(RELAY.c.id.in_(self.relays)),
            select(REPORT.c.answer_media_id).where(REPORT.c.relay_id.in_(self.relays)),
            select(CONSENT.c.media_id).where(self._of_resident(CONSENT.c.resident_id)),
            select(REPLY.c.media_id).where(REPLY.c.question_id.in_(self.questions)),
            select(MEDIA.c.id).where(MEDIA.c.unique_id.in_(self._drafted())),
        )
        return sorted({id_ for ids in found for id_ in self.connection.scalars(ids) if id_ is not None})

    @cached_property
    def quarantined(self) -> list[tuple[str, str]]:
        """The inbox keys of updates that could not be processed and name this chat.

        Whose they are that were written with a key no longer in DATA_KEYS, nobody can know: they are passed over,
        and gone 30 days after they came (storage.housekeeping). Raised, they would keep everybody from being erased.
        """
        mention = re.compile(rb"(?<!\d)%d(?!\d)" % self.chat_id)
        dialect = self.connection.dialect
        rows = self.connection.execute(_QUARANTINED)
        return [(row.source, row.id) for row in rows if mention.search(decrypted(row.token, dialect) or b"")]

    @cached_property
    def rows(self) -> Mapping[str, tuple[Table, ColumnElement[bool]]]:
        """For each table with anything personal the condition that its rows of this person meet."""
        return {
            "outbox": (
                OUTBOX,
                or_(OUTBOX.c.chat_id == self.chat_id, OUTBOX.c.notice_id.in_(self._notices())),
            ),
            "notice": (NOTICES, NOTICES.c.id.in_(self._notices())),
            "errand": (ERRAND, ERRAND.c.chat_id == self.chat_id),
            "inbox": (INBOX, or_(INBOX.c.chat_id == self.chat_id, self.passing(), self._in_quarantine())),
            "meeting_answer": (MEETING_ANSWER, self._of_resident(MEETING_ANSWER.c.resident_id)),
            "meeting_attendance": (
                ATTENDANCE,
                or_(self._of_resident(ATTENDANCE.c.resident_id), ATTENDANCE.c.relay_id.in_(self.relays)),
            ),
            "broadcast_recipient": (RECIPIENT, RECIPIENT.c.chat_id == self.chat_id),
            "broadcast_stop": (STOPPED, STOPPED.c.chat_id == self.chat_id),
            "reply": (
                REPLY,
                or_(self._of_aspirations(REPLY), REPLY.c.question_id.in_(self.questions)),
            ),
            "question": (QUESTION, QUESTION.c.id.in_(self.questions)),
            "contact": (CONTACT, CONTACT.c.id.in_(self.contacts)),
            "desk_card": (DESK_CARD, self._of_aspirations(DESK_CARD)),
            "likeness": (LIKENESS, self._of_aspirations(LIKENESS)),
            "likeness_stem": (STEM, self._of_aspirations(STEM)),
            "followup": (FOLLOWUP, self._of_followups()),
            "desk_note": (DESK_NOTE, self._of_aspirations(DESK_NOTE)),
            "report": (REPORT, REPORT.c.relay_id.in_(self.relays)),
            "task": (TASK, TASK.c.part_id.in_(self.parts)),
            "transcript": (TRANSCRIPT, TRANSCRIPT.c.part_id.in_(self.parts)),
            "relay": (RELAY, RELAY.c.id.in_(self.relays)),
            "aspiration_part": (PART, PART.c.id.in_(self.parts)),
            "aspiration_audience": (AUDIENCE, self._of_aspirations(AUDIENCE)),
            "aspiration_event": (HISTORY, self._of_aspirations(HISTORY)),
            "aspiration": (ASPIRATION, ASPIRATION.c.id.in_(self.aspirations)),
            "media": (MEDIA, MEDIA.c.id.in_(self.media)),
            "consent": (CONSENT, self._of_resident(CONSENT.c.resident_id)),
            "access": (ACCESS, self._of_resident(ACCESS.c.resident_id)),
            "invitation": (INVITATION, INVITATION.c.from_mandate.in_(self.mandates)),
            "mandate": (MANDATE, MANDATE.c.id.in_(self.mandates)),
            "resident": (RESIDENT, RESIDENT.c.chat_id == self.chat_id),
            "chat": (CHAT, CHAT.c.id == self.chat_id),
        }

    def _of_aspirations(self, table: Table) -> ColumnElement[bool]:
        return table.c.aspiration_id.in_(self.aspirations)

    def _of_followups(self) -> ColumnElement[bool]:
        """What they were asked, about their own aspiration or about one that theirs supports."""
        own = FOLLOWUP.c.voice_id.is_(None) & self._of_aspirations(FOLLOWUP)
        return or_(own, FOLLOWUP.c.voice_id.in_(self.aspirations))

    def _of_resident(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return false() if self.resident is None else column == self.resident

    def _notices(self) -> list[int]:
        personal = or_(NOTICES.c.chat_id == self.chat_id, NOTICES.c.aspiration_id.in_(self.aspirations))
        return list(self.connection.scalars(select(NOTICES.c.id).where(personal)))

    def _drafted(self) -> Collection[str]:
        state = self.connection.scalar(select(CHAT.c.state).where(CHAT.c.id == self.chat_id)) or ""
        return set(re.findall(r'"unique_id":\s*"([^"]+)"', state))

    def passing(self) -> ColumnElement[bool]:
        """The condition on inbox rows whose key names this chat: jobs of the clock, and wrong recovery codes."""
        guesser = guesses.source(self.secrets.pseudonym(guesses.SCOPE, self.chat_id))
        clocked = INBOX.c.source.startswith("clock:") & INBOX.c.id.startswith(
            f"{self.chat_id}:", autoescape=True
        )
        return or_(INBOX.c.source == guesser, clocked)

    def _in_quarantine(self) -> ColumnElement[bool]:
        keys = ((INBOX.c.source == source) & (INBOX.c.id == id_) for source, id_ in self.quarantined)
        return or_(false(), *keys)


_QUARANTINED: Final = select(
    INBOX.c.source, INBOX.c.id, type_coerce(INBOX.c.content, Text()).label("token")
).where(INBOX.c.content.is_not(None))
