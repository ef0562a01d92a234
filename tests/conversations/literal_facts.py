"""Facts as literals: what a turn may know, written down for the tests and read from nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher
from functools import cache
from typing import Final, get_args

from conversations.catalogues import read_catalogues
from conversations.chat import Village
from conversations.classifier import field_texts, load_fields
from conversations.effects import Purpose
from conversations.facts import (
    AspirationView,
    Change,
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
from conversations.texts import Texts
from conversations.ticket import check_digit
from conversations.words import Words
from storage.lifecycle import load_lifecycle
from tests.conversations.literal_staff import (
    LiteralAsking,
    LiteralBroadcasts,
    LiteralDesk,
    LiteralFigures,
    LiteralLikeness,
    LiteralMeetings,
    LiteralSending,
)
from tests.conversations.speaking import HOUSE as BARE_HOUSE

NOON: Final = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
"""A Monday, 12.00 WIB."""

HOUSE: Final = replace(BARE_HOUSE, fields=load_fields())

KECAMATAN: Final = tuple(
    Kecamatan(kode=f"18.07.{number:02}", name=name)
    for number, name in enumerate(
        (
            *("Sukadana", "Labuhan Maringgai", "Jabung", "Pekalongan", "Sekampung"),
            *("Batanghari", "Way Jepara", "Purbolinggo"),
        ),
        start=1,
    )
)
"""More than one page of six."""

_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "Sukadana": (
        *("Sukadana Ilir", "Rajabasa", "Mekar Jaya", "Pakuan Aji", "Bumi Nabung", "Terbanggi Marga"),
        *("Surabaya Udik", "Muara Jaya"),
    ),
    "Labuhan Maringgai": ("Labuhan Maringgai", "Srigading", "Sukadana"),
    "Jabung": ("Jabung", "Mekarjaya", "Negara Batin"),
    "Pekalongan": ("Pekalongan", "Gondang Rejo", "Wonosari"),
    "Sekampung": ("Sumbergede", "Sidomulyo", "Sidomukti"),
    "Batanghari": ("Banjarejo", "Sumberejo"),
    "Way Jepara": ("Braja Sakti", "Labuhan Ratu"),
    "Purbolinggo": ("Taman Asri", "Toto Harjo"),
}
"""One name in two kecamatan (Mekar Jaya, Mekarjaya); a village called like another kecamatan (Sukadana)."""

VILLAGES: Final = tuple(
    Village(kode=f"{above.kode}.{2000 + number}", name=name, kecamatan=above.name, kecamatan_kode=above.kode)
    for above in KECAMATAN
    for number, name in enumerate(_NAMES[above.name], start=1)
)
RAJABASA: Final = next(village for village in VILLAGES if village.name == "Rajabasa")


def ticket_like(number: int) -> str:
    """A valid ticket from a number of up to six digits."""
    digits = f"{number:06}"
    return digits + check_digit(digits)


MINE: Final = ticket_like(482913)
"""A ticket of the person; the next two belong to others."""

PUBLIC: Final = ticket_like(111111)
PRIVATE: Final = ticket_like(222222)
UNUSED: Final = ticket_like(333333)


def view(ticket: str, *, mine: bool = True, open_: bool = True, voices: int = 0) -> AspirationView:
    """An aspiration with a history of two entries when it is one's own."""
    changes = (
        Change(at=NOON, stage="received", decision="waiting"),
        Change(
            at=NOON,
            stage="forum_pd",
            decision="not_accommodated",
            reason="budget_limited",
            note="Tahun depan.",
            office="PUPR",
        ),
    )
    return AspirationView(
        ticket=ticket,
        mine=mine,
        at=NOON,
        village=RAJABASA,
        field="road",
        visibility="public",
        stage="received",
        decision="waiting",
        summary="" if voices else "Jalan rusak di depan sekolah.",
        voices=voices,
        history=changes if mine else (),
        open=open_,
    )


FACILITATOR: Final = MandateView(
    id=1, role="facilitator", scope=("18.07.01", "18.07.03.2001"), places=("Sukadana", "Jabung"), forum=True
)
"""For a whole kecamatan and one village of another, and for a Forum Anak."""

INVITED: Final = {
    role: InvitationView(
        role=role, places=("Sukadana",), expires_at=NOON + timedelta(days=14), forum=role == "facilitator"
    )
    for role in get_args(Role)
}
TOKENS: Final = {role: f"{role:-<32}" for role in get_args(Role)}
"""An invitation to each role; the payload of its link begins with "u"."""


def person_view(ticket: str, name: str = "Ibu Siti", *, news: bool = True, open_: bool = True) -> PersonView:
    """Somebody for whom the facilitator speaks; with `news` there is something to tell."""
    seen = view(ticket, mine=False, open_=open_)
    return PersonView(
        ticket=ticket,
        name=name,
        relation="cadre",
        told_by="phone",
        contact="+6281234567890",
        aspiration=seen,
        to_tell=view(ticket).history if news else (),
        claimable=news,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralFacts:
    """Implements conversations.facts.Facts from what it is given."""

    house: House = HOUSE
    agreed: frozenset[Purpose] = frozenset()
    profiled: Profile = field(default_factory=Profile)
    own: tuple[AspirationView, ...] = ()
    others: tuple[AspirationView, ...] = (view(PUBLIC, mine=False),)
    in_season: bool = True
    mandates: tuple[MandateView, ...] = ()
    invitations: Mapping[str, InvitationView] = field(default_factory=dict)
    represented: tuple[PersonView, ...] = ()
    relayed_files: frozenset[str] = frozenset()
    open_tasks: tuple[TaskView, ...] = ()
    transcripts: tuple[TranscriptView, ...] = ()
    asking: LiteralAsking = field(default_factory=LiteralAsking)
    desk: LiteralDesk = field(default_factory=LiteralDesk)
    meetings: LiteralMeetings = field(default_factory=LiteralMeetings)
    broadcasts: LiteralBroadcasts = field(default_factory=LiteralBroadcasts)
    sending: LiteralSending = field(default_factory=LiteralSending)
    likeness: LiteralLikeness = field(default_factory=LiteralLikeness)
    figures: LiteralFigures = field(default_factory=LiteralFigures)

    def consented(self, purpose: Purpose) -> bool:
        """Whether the purpose is among what was agreed to."""
        return purpose in self.agreed

    def profile(self) -> Profile:
        """As given."""
        return self.profiled

    def find_villages(self, text: str) -> FoundVillages:
        """By the letters of the name alone; near names by difflib."""
        said = _letters(text)
        exact = tuple(village for village in VILLAGES if _letters(village.name) == said)
        if exact:
            return FoundVillages(exact=exact)
        return FoundVillages(close=tuple(v for v in VILLAGES if said and _near(said, _letters(v.name))))

    def village(self, kode: str) -> Village | None:
        """By code."""
        return next((village for village in VILLAGES if village.kode == kode), None)

    def kecamatan(self) -> tuple[Kecamatan, ...]:
        """All eight."""
        return KECAMATAN

    def villages(self, kecamatan: str) -> tuple[Village, ...]:
        """Those of a kecamatan."""
        return tuple(village for village in VILLAGES if village.kecamatan_kode == kecamatan)

    def mine(self) -> tuple[AspirationView, ...]:
        """As given."""
        return self.own

    def aspiration(self, ticket: str) -> AspirationView | None:
        """One's own, or a public one."""
        return next((view for view in (*self.own, *self.others) if view.ticket == ticket), None)

    def planning(self, at: datetime) -> Planning:
        """Always the plan of the year after next."""
        return Planning(
            plan_year=at.year + 1,
            answer_by=(at + timedelta(days=30)).date(),
            in_season=self.in_season,
            opens_on=None if self.in_season else date(2027, 1, 4),
        )

    def mandate(self, role: Role) -> MandateView | None:
        """As given."""
        return next((mandate for mandate in self.mandates if mandate.role == role), None)

    def invitation(self, token: str, at: datetime) -> InvitationView | None:
        """As given."""
        found = self.invitations.get(token)
        return found if found is not None and found.expires_at > at else None

    def people(self) -> tuple[PersonView, ...]:
        """As given."""
        return self.represented

    def person(self, ticket: str) -> PersonView | None:
        """As given."""
        return next((person for person in self.represented if person.ticket == ticket), None)

    def relayed(self, unique_id: str) -> bool:
        """As given."""
        return unique_id in self.relayed_files

    def tasks(self) -> tuple[TaskView, ...]:
        """As given."""
        return self.open_tasks

    def task(self, number: int) -> TaskView | None:
        """As given."""
        return next((task for task in self.open_tasks if task.id == number), None)

    def letters(self) -> tuple[tuple[str, str], ...]:
        """Each transcript was sent."""
        return tuple(("transcript", str(one.id)) for one in self.transcripts)

    def transcript(self, number: int) -> TranscriptView | None:
        """As given."""
        return next((one for one in self.transcripts if one.id == number), None)


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalpha())


def _near(said: str, name: str) -> bool:
    return SequenceMatcher(None, said, name).ratio() > 0.8


@cache
def real_texts() -> Texts:
    """The project's own catalogues, with what its data files ship."""
    return Texts(read_catalogues((field_texts(), load_lifecycle().entries)), HOUSE)


@cache
def real_words() -> Words:
    """The language of the project's own catalogues."""
    return Words(real_texts())
