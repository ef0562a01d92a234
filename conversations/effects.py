"""What a turn asks of the world, in the imperative: a closed union.

An effect with `outcomes` is performed at once, in the turn's own transaction; the event that it gives back
is fed to the next round. An effect without outcomes is simply done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from conversations.asking import AskingEffect
from conversations.broadcast import BroadcastEffect
from conversations.chat import Draft, Media, Part
from conversations.desk import DeskEffect
from conversations.effect import Button as Button  # noqa: PLC0414  (what effects are made of)
from conversations.effect import Effect as Effect  # noqa: PLC0414
from conversations.effect import Line as Line  # noqa: PLC0414
from conversations.effect import Listing as Listing  # noqa: PLC0414
from conversations.effect import Param as Param  # noqa: PLC0414
from conversations.effect import Quoted as Quoted  # noqa: PLC0414
from conversations.figure import FigureEffect
from conversations.followup import FollowupEffect
from conversations.likeness import LikenessEffect
from conversations.meeting import MeetingEffect
from conversations.sending import SendingEffect

Purpose = Literal["service", "broadcast"]
MessageKind = Literal["notice", "broadcast"]
ConsentAnswer = Literal[
    "button", "text", "voice", "video", "guardian_button", "guardian_text", "guardian_voice", "guardian_video"
]
"""How consent was answered: a recording is kept as its proof; a guardian's for a child (UU 27/2022 Ps 25)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Effect):
    """One message: lines with a blank line between them, numbered options, buttons.

    `keyboard` True carries the persistent reply keyboard (Kembali, Ulangi, Bantuan, Menu) instead of buttons.
    """

    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()
    keyboard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(Effect):
    """End the spinner of a pressed button (answerCallbackQuery); never carries an outcome."""

    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepMedia(Effect):
    """Fetch the original of a file and keep it byte-identical (an errand)."""

    media: Media
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkReachable(Effect):
    """Note that the person blocked the bot, or came back."""

    reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsent(Effect):
    """Store what was shown (version, locale, form) and what was answered, by purpose (UU 27/2022 Ps 22-24)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved",)
    purpose: Purpose
    granted: bool
    version: str
    locale: str
    form: ConsentAnswer
    media: Media | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAspiration(Effect):
    """Store the draft as an aspiration, once for each draft serial of a chat."""

    outcomes: ClassVar[tuple[str, ...]] = ("submitted", "refused")
    draft: Draft
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractAspiration(Effect):
    """Take back an aspiration within 15 minutes of sending it, as if it had not been sent (issue 2)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAspiration(Effect):
    """End one's own aspiration; its history stays."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverAspiration(Effect):
    """Move an aspiration to this chat by ticket and recovery code; five tries an hour for each chat."""

    outcomes: ClassVar[tuple[str, ...]] = ("recovered", "refused")
    ticket: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLocale(Effect):
    """Remember the language and mode of the person."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved",)
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetName(Effect):
    """Remember how the person wants to be called; empty forgets it."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOwnGroups(Effect):
    """Remember the person's own groups, apart from whom an aspiration is for; `declined` is an answer too."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    groups: tuple[str, ...]
    declined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMessages(Effect):
    """Switch a kind of message on or off for this person."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved",)
    kind: MessageKind
    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleErasure(Effect):
    """Erase everything about the person in 24 hours (issue 2)."""

    outcomes: ClassVar[tuple[str, ...]] = ("scheduled",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreErasure(Effect):
    """Call off the erasure before it is done."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportData(Effect):
    """Send the person all that is stored about them, as readable text and as JSON (an errand)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")


# Relaying (issue 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptInvitation(Effect):
    """Spend a one-time invitation: this chat gets its mandate. The code of conduct was agreed to (version)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    token: str
    conduct: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayAspiration(Effect):
    """Store the draft as the aspiration of the person spoken for, once for each draft serial of a chat."""

    outcomes: ClassVar[tuple[str, ...]] = ("relayed", "refused")
    draft: Draft
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCard(Effect):
    """Draw the receipt to hand over: a picture with a QR code, and the same spoken (an errand)."""

    ticket: str
    claim_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueClaimCode(Effect):
    """A new claim code for one of the facilitator's people; the old one is dead."""

    outcomes: ClassVar[tuple[str, ...]] = ("issued", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeClaimCode(Effect):
    """No code claims this aspiration any more, until a new one is issued."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBack(Effect):
    """The person was told of every change so far; `answer` is what they said to it, if anything."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    answer: Part | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHandover(Effect):
    """A one-time code by which another facilitator takes over all of this one's people."""

    outcomes: ClassVar[tuple[str, ...]] = ("issued", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHandover(Effect):
    """Take over the people of the facilitator who gave this code."""

    outcomes: ClassVar[tuple[str, ...]] = ("taken_over", "refused")
    code: str


# Tasks for people: what was spoken or signed, put into written words (issue 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTask(Effect):
    """Take an open task, so that two do not do the same, and get its recording sent."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    task: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseTask(Effect):
    """Give a task back to the others."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    task: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteTranscript(Effect):
    """What a recording says, as this person heard or saw it; `check` asks a second person to compare."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    task: int
    words: str
    check: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTranscript(Effect):
    """The speaker's answer to the written words: right, or what is right instead (typed words, or a recording)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    transcript: int
    right: bool
    correction: Part | None = None


# Access and safety (issue 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNeeds(Effect):
    """Remember what the person needs at meetings; `declined` is an answer too, `other` their own words."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    needs: tuple[str, ...]
    other: str = ""
    declined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetMessages(Effect):
    """Delete what Telegram lets a bot delete in this chat: both sides' messages younger than 48 hours."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseAlert(Effect):
    """Words of violence or emergency were said: tell the safeguards of the place at once; `words` what was said.

    `village` is the code of the village it is about, "" when that is not known yet.
    """

    words: str
    village: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLetter(Effect):
    """Say the whole of a notice of which a discreet chat was only told that it is there."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    number: int


RelayEffect = (
    AcceptInvitation
    | RelayAspiration
    | SendCard
    | IssueClaimCode
    | RevokeClaimCode
    | ReportBack
    | OfferHandover
    | AcceptHandover
)
TaskEffect = TakeTask | ReleaseTask | WriteTranscript | AnswerTranscript
AccessEffect = SetNeeds | ForgetMessages | RaiseAlert | OpenLetter

StaffEffect = (
    AskingEffect
    | DeskEffect
    | MeetingEffect
    | BroadcastEffect
    | LikenessEffect
    | FigureEffect
    | FollowupEffect
    | SendingEffect
)
"""What issue 4 adds: each family stands in a file of its own."""

AnyEffect = (
    Say
    | Acknowledge
    | KeepMedia
    | MarkReachable
    | RecordConsent
    | SubmitAspiration
    | RetractAspiration
    | WithdrawAspiration
    | RecoverAspiration
    | SetLocale
    | SetName
    | SetOwnGroups
    | SetMessages
    | ScheduleErasure
    | RestoreErasure
    | ExportData
    | RelayEffect
    | TaskEffect
    | AccessEffect
    | StaffEffect
)
