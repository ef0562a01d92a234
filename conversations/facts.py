"""What a turn may know of the world: a narrow read-only view, answered as of before the turn's effects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal, Protocol

from conversations.asking import AskingFacts
from conversations.broadcast import BroadcastFacts
from conversations.chat import ToldBy, Village, Visibility
from conversations.desk import DeskFacts
from conversations.effects import Purpose
from conversations.figure import FigureFacts
from conversations.followup import Done
from conversations.likeness import LikenessFacts
from conversations.meeting import MeetingFacts
from conversations.sending import SendingFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Kecamatan:
    """A kecamatan; `kode` such as 18.07.01."""

    kode: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of need in plain words; `words` are the stems that point to it, with weights. Texts: `field.<name>`."""

    name: str
    words: tuple[tuple[str, float], ...]
    bidang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is true of this installation for as long as it runs."""

    kabupaten: str
    timezone: tzinfo
    zone: Literal["WIB", "WITA", "WIT"]
    village_term: str
    contact_name: str
    contact_phone: str
    hotline: str
    consent_version: str
    locales: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVillages:
    """Villages whose name is what was typed, and, when none is, those whose name is near it."""

    exact: tuple[Village, ...] = ()
    close: tuple[Village, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of an aspiration's history, as its author may read it."""

    at: datetime
    stage: str
    decision: str
    office: str = ""
    reason: str = ""
    note: str = ""


Unheard = Literal["", "voice", "video"]
"""What of an aspiration nobody has put into written words yet: a voice, or videos alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AspirationView:
    """An aspiration as the asking chat may see it; of another's public one there is no history of persons.

    `lead` is the ticket of one that it supports, `support` how many others support it.
    `answer_by` is the last day by which its people are to hear again, as they were promised.
    """

    ticket: str
    mine: bool
    at: datetime
    village: Village
    field: str
    visibility: Visibility
    stage: str
    decision: str
    summary: str
    voices: int
    history: tuple[Change, ...] = ()
    open: bool = True
    unheard: Unheard = ""
    confirmed: Done = ""
    answer_by: date | None = None
    lead: str = ""
    support: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """Today in the planning calendar of the region.

    `plan_year` is the year whose plan an aspiration of today goes to; `answer_by` the day by which the
    resident hears first; `in_season` False when the window is closed and the aspiration waits for `opens_on`.
    """

    plan_year: int
    answer_by: date
    in_season: bool
    opens_on: date | None = None
    closes_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is stored about the person of this chat, apart from aspirations."""

    name: str = ""
    groups: tuple[str, ...] = ()
    groups_answered: bool = False
    village: Village | None = None
    notices: bool = True
    broadcasts: bool = False
    erasure_due: datetime | None = None
    needs: tuple[str, ...] = ()
    needs_answered: bool = False
    other_need: str = ""


Role = Literal[
    "facilitator",
    "transcriber",
    "interpreter",
    "safeguard",
    "village",
    "kecamatan",
    "agency",
    "bappeda",
    "administrator",
]
"""What a mandate lets its holder do; "safeguard" is whom alerts of danger reach (petugas perlindungan)."""

TaskKind = Literal["transcribe", "interpret", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateView:
    """A role in a region, given to this chat by an invitation.

    `scope` are codes of desa, kecamatan or the kabupaten; `places` their names. `forum` that the holder speaks for
    a Forum Anak.
    """

    id: int
    role: Role
    scope: tuple[str, ...]
    places: tuple[str, ...]
    forum: bool = False
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    """An invitation that can still be accepted."""

    role: Role
    places: tuple[str, ...]
    expires_at: datetime
    forum: bool = False
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody for whom the facilitator of this chat speaks, by one aspiration; gone once it is claimed.

    `to_tell` are the changes that the person has not been told yet, oldest first; `claimable` that a code is out;
    `asked` what the staff asks them.
    """

    ticket: str
    name: str
    relation: str
    told_by: ToldBy
    contact: str
    aspiration: AspirationView
    to_tell: tuple[Change, ...] = ()
    claimable: bool = False
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task that this chat's mandates allow: `mine` that this chat has taken it.

    `words` is what there is to compare or start from: the transcript to be checked, or a machine's draft, told
    apart by `machine`.
    """

    id: int
    kind: TaskKind
    place: str
    seconds: int
    waiting_since: datetime
    mine: bool = False
    words: str = ""
    machine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptView:
    """Written words of a recording of this chat's person (or of one whom it speaks for), to be confirmed."""

    id: int
    ticket: str
    words: str
    confirmed: bool = False


class StaffFacts(Protocol):
    """What a civil servant's turn may know, beside what everybody's may."""

    @property
    def desk(self) -> DeskFacts:
        """Of the desk."""
        ...

    @property
    def asking(self) -> AskingFacts:
        """Of questions and replies; residents' turns ask here, too."""
        ...

    @property
    def meetings(self) -> MeetingFacts:
        """Of meetings; residents' turns ask here, too."""
        ...

    @property
    def broadcasts(self) -> BroadcastFacts:
        """Of broadcasts."""
        ...

    @property
    def sending(self) -> SendingFacts:
        """Of broadcasts on their way; residents' turns ask here, too."""
        ...

    @property
    def likeness(self) -> LikenessFacts:
        """Of similar aspirations; residents' turns ask here, too."""
        ...

    @property
    def figures(self) -> FigureFacts:
        """Of figures and files."""
        ...


class Facts(StaffFacts, Protocol):
    """Read-only answers to a turn's questions; a test hands in literals."""

    @property
    def house(self) -> House:
        """What is true of this installation."""
        ...

    def consented(self, purpose: Purpose) -> bool:
        """Whether the person's newest answer for this purpose, to the current version, is yes."""
        ...

    def profile(self) -> Profile:
        """What is stored about the person of this chat; an empty profile for a stranger."""
        ...

    def find_villages(self, text: str) -> FoundVillages:
        """Villages of the kabupaten by typed name, both official spellings, tolerant of typing errors."""
        ...

    def village(self, kode: str) -> Village | None:
        """The village of a code, None when the kabupaten has none such."""
        ...

    def kecamatan(self) -> tuple[Kecamatan, ...]:
        """All kecamatan of the kabupaten, by name."""
        ...

    def villages(self, kecamatan: str) -> tuple[Village, ...]:
        """All villages of a kecamatan, by name."""
        ...

    def mine(self) -> tuple[AspirationView, ...]:
        """The aspirations of this chat's person, newest first, without history."""
        ...

    def aspiration(self, ticket: str) -> AspirationView | None:
        """An aspiration by ticket: one's own, or a public one; a private one of another is None."""
        ...

    def planning(self, at: datetime) -> Planning:
        """Where `at` lies in the planning calendar of the region."""
        ...

    def mandate(self, role: Role) -> MandateView | None:
        """This chat's mandate of a role, None without one that is in force."""
        ...

    def invitation(self, token: str, at: datetime) -> InvitationView | None:
        """The invitation of a link, None for one that is unknown, spent, revoked or over."""
        ...

    def people(self) -> tuple[PersonView, ...]:
        """For whom the facilitator of this chat speaks, newest first."""
        ...

    def person(self, ticket: str) -> PersonView | None:
        """One of them by ticket."""
        ...

    def relayed(self, unique_id: str) -> bool:
        """Whether the facilitator of this chat has relayed this file before (Bot API, file_unique_id)."""
        ...

    def tasks(self) -> tuple[TaskView, ...]:
        """The open tasks of this chat's mandates: those taken here first, then the oldest."""
        ...

    def task(self, number: int) -> TaskView | None:
        """One of them."""
        ...

    def transcript(self, number: int) -> TranscriptView | None:
        """Written words that this chat may confirm, None for those of somebody else."""
        ...

    def letters(self) -> tuple[tuple[str, str], ...]:
        """The newest messages that the clock sent to this chat: the step of their buttons, and its ref."""
        ...
