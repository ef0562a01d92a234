"""Where one conversation stands: the chat, the draft of an aspiration, and the values they hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from conversations.part import Media as Media  # noqa: PLC0414  (what a chat holds)
from conversations.part import Origin as Origin  # noqa: PLC0414
from conversations.part import Part as Part  # noqa: PLC0414
from conversations.part import PartKind as PartKind  # noqa: PLC0414
from conversations.part import Pin as Pin  # noqa: PLC0414
from conversations.work import Work

Visibility = Literal["public", "private", "anonymous"]
ChatKind = Literal["private", "group"]
ConsentFor = Literal["", "data", "recover", "claim"]
ToldBy = Literal["", "facilitator", "phone", "organisation"]
"""How somebody who spoke through a facilitator is told what became of it; "phone": later on their own."""

ConsentForm = Literal["", "voice", "witnessed"]
Maturity = Literal["", "adult", "guardian", "forum"]
"""Whether somebody speaks as an adult, as a child with a guardian's consent, or through a Forum Anak without a name."""

CHAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A desa or kelurahan with its kecamatan; `kode` is the Kemendagri code such as 18.07.01.2001."""

    kode: str
    name: str
    kecamatan: str
    kecamatan_kode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed:
    """What a facilitator says of the person whose words are in the draft (issue 3).

    `alone` that all of the batch is theirs, so that nothing is to be picked from it. `named` that the name was asked
    ("" then means "tanpa nama"), as `groups_asked` and `needs_asked`. `consent` is
    the recording of "saya setuju", or `witnessed` why there is none. `contact` is a telephone number or the name of
    an organisation, as `told_by` says.
    """

    alone: bool = False
    named: bool = False
    name: str = ""
    relation: str = ""
    maturity: Maturity = ""
    groups_asked: bool = False
    groups: tuple[str, ...] = ()
    needs_asked: bool = False
    needs: tuple[str, ...] = ()
    summary: str = ""
    consent_form: ConsentForm = ""
    consent: Part | None = None
    witnessed: str = ""
    told_by: ToldBy = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a facilitator has recorded or forwarded and what has not been sent for anybody yet.

    An item stays until it is sent or set aside, also while it is among the parts of a person's draft, so nothing is
    lost with a draft. `people` how many have been sent from it and `given` what kinds of items theirs were,
    `doubled` how many messages came twice and were counted once, `refused` why the latest ones could not be kept.
    """

    serial: int
    items: tuple[Part, ...] = ()
    people: int = 0
    given: tuple[PartKind, ...] = ()
    doubled: int = 0
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """How a chat is spoken with: `spoken` every message as a voice note too, `discreet` for a shared phone."""

    spoken: bool = False
    discreet: bool = False


PLAIN: Final = Mode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The answers so far. Field names do not depend on the names of steps, so that flows may change.

    `candidates` are the villages that a typed name may mean, `listed` what was last chosen from a list of
    regions (a kode, or "all" for the list itself), `landmark_skipped` that no landmark is an answer too,
    `editing` whether an answer is being changed from the summary, `relay` who is spoken for, if not oneself,
    `alerted` that its words told of danger, and who helps was told of them, `supports` the ticket of one that it is
    like and supports, `beside` that it is decided by itself all the same.
    """

    serial: int
    begun_at: datetime
    parts: tuple[Part, ...] = ()
    village: Village | None = None
    candidates: tuple[Village, ...] = ()
    listed: str = ""
    landmark: Part | None = None
    pin: Pin | None = None
    landmark_skipped: bool = False
    field: str = ""
    audience: tuple[str, ...] = ()
    visibility: Visibility | Literal[""] = ""
    editing: bool = False
    relay: Relayed | None = None
    alerted: bool = False
    supports: str = ""
    beside: bool = False

    def words(self) -> str:
        """All typed words of the need, in the order of their arrival."""
        return "\n".join(part.text for part in self.parts if part.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What somebody said before consent: kept at most 24 hours, offered as the answer afterwards (issue 2)."""

    parts: tuple[Part, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """The question that something else interrupted, with what was picked at it and looked at then."""

    step: str
    picked: tuple[str, ...] = ()
    focus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The flood guard's bucket: events left at `at`, whether the chat was warned, how many were dropped."""

    left: float
    at: datetime
    warned: bool = False
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One Telegram chat and where its conversation stands.

    `focus` is the ticket that is being looked at; `interrupted` the question to come back to after a global
    word; `pressed` the last press as "message:payload"; `quiet_at` when the gathering of one answer ends;
    `consent_for` what consent is being asked for, so that one gets there afterwards ("" for an aspiration);
    `apart` the payloads under the last message with buttons of its own, which may be typed by name; `link` the
    payload of the deep link that is being answered (an invitation, or a ticket with its claim code).
    """

    id: int
    version: int = CHAT_VERSION
    kind: ChatKind = "private"
    locale: str = "id"
    step: str = ""
    trail: tuple[str, ...] = ()
    interrupted: Aside | None = None
    draft: Draft | None = None
    drafts: int = 0
    held: Held | None = None
    origin: str = ""
    consent_for: ConsentFor = ""
    apart: tuple[str, ...] = ()
    focus: str = ""
    page: int = 0
    picked: tuple[str, ...] = ()
    failures: int = 0
    pressed: str = ""
    seen_at: datetime | None = None
    quiet_at: datetime | None = None
    pace: Pace | None = None
    guesses: tuple[datetime, ...] = ()
    mode: Mode = PLAIN
    batch: Batch | None = None
    work: Work | None = None
    link: str = ""

    def with_draft(self, **changes: object) -> Chat:
        """The chat with changes in its draft; a chat without a draft stays as it is."""
        if self.draft is None:
            return self
        return replace(self, draft=replace(self.draft, **changes))  # type: ignore[arg-type]

    def with_relay(self, **changes: object) -> Chat:
        """The chat with changes in what is said of the person spoken for; unchanged without one."""
        if self.draft is None or self.draft.relay is None:
            return self
        return self.with_draft(relay=replace(self.draft.relay, **changes))  # type: ignore[arg-type]
