"""A small model of the world that performs effects in memory: enough for a conversation, refusals included."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from conversations import effects, events
from conversations.broadcast import BroadcastEffect
from conversations.chat import Media
from conversations.desk import DeskEffect
from conversations.effects import AnyEffect, Purpose
from conversations.events import AnyOutcome
from conversations.facts import (
    AspirationView,
    InvitationView,
    MandateView,
    PersonView,
    Profile,
    TaskView,
    TranscriptView,
)
from tests.conversations.literal_facts import HOUSE, RAJABASA, LiteralFacts, person_view, ticket_like, view
from tests.conversations.literal_staff import (
    LiteralAsking,
    LiteralBroadcasts,
    LiteralDesk,
    LiteralFigures,
    LiteralLikeness,
    LiteralMeetings,
    LiteralSending,
)

RETRACTABLE: Final = timedelta(minutes=15)
CODE: Final = "12345678906"
"""The recovery code of every aspiration of the model: ten digits and a check digit."""


@dataclass(slots=True)
class ModelWorld:
    """What is stored about one person. `refuses` makes effects that can be refused come back so, by reason."""

    agreed: set[Purpose] = field(default_factory=set)
    profile: Profile = field(default_factory=Profile)
    own: list[AspirationView] = field(default_factory=list)
    refuses: str = ""
    in_season: bool = True
    kept: list[Media] = field(default_factory=list)
    submitted: list[effects.SubmitAspiration] = field(default_factory=list)
    relayed: list[effects.RelayAspiration] = field(default_factory=list)
    mandates: tuple[MandateView, ...] = ()
    invitations: dict[str, InvitationView] = field(default_factory=dict)
    relayed_files: frozenset[str] = frozenset()
    represented: tuple[PersonView, ...] = ()
    open_tasks: tuple[TaskView, ...] = ()
    transcripts: tuple[TranscriptView, ...] = ()
    meetings: LiteralMeetings = field(default_factory=LiteralMeetings)
    asking: LiteralAsking = field(default_factory=LiteralAsking)
    sending: LiteralSending = field(default_factory=LiteralSending)
    desk: LiteralDesk = field(default_factory=LiteralDesk)
    broadcasts: LiteralBroadcasts = field(default_factory=LiteralBroadcasts)
    figures: LiteralFigures = field(default_factory=LiteralFigures)
    likeness: LiteralLikeness = field(default_factory=LiteralLikeness)
    performed: list[AnyEffect] = field(default_factory=list)
    reachable: bool = True
    locale: str = ""
    hotline: bool = True

    def facts(self) -> LiteralFacts:
        """What a turn may know now."""
        return LiteralFacts(
            house=HOUSE if self.hotline else replace(HOUSE, hotline=""),
            agreed=frozenset(self.agreed),
            profiled=self.profile,
            own=tuple(self.own),
            in_season=self.in_season,
            mandates=self.mandates,
            invitations=dict(self.invitations),
            relayed_files=self.relayed_files,
            represented=self.represented,
            open_tasks=self.open_tasks,
            transcripts=self.transcripts,
            meetings=self.meetings,
            asking=self.asking,
            sending=self.sending,
            desk=self.desk,
            broadcasts=self.broadcasts,
            figures=self.figures,
            likeness=self.likeness,
        )

    def copy(self) -> ModelWorld:
        """A world of its own that starts like this one."""
        return replace(
            self,
            agreed=set(self.agreed),
            own=list(self.own),
            kept=list(self.kept),
            submitted=list(self.submitted),
            relayed=list(self.relayed),
            invitations=dict(self.invitations),
            performed=list(self.performed),
        )

    def perform(self, effect: AnyEffect, at: datetime) -> AnyOutcome | None:
        """What came of an effect; None for one without outcomes."""
        self.performed.append(effect)
        if self.refuses and "refused" in effect.outcomes:
            return events.Refused(at=at, reason=self.refuses)
        match effect:
            case effects.Say() | effects.Acknowledge():
                return None
            case effects.KeepMedia():
                self.kept.append(effect.media)
                return None
            case effects.MarkReachable():
                self.reachable = effect.reachable
                return None
            case effects.SubmitAspiration():
                return self._submit(effect, at)
            case effects.RetractAspiration() | effects.WithdrawAspiration() | effects.RecoverAspiration():
                return self._change(effect, at)
            case _:
                if isinstance(effect, effects.RelayEffect | effects.TaskEffect | effects.AccessEffect):
                    return self._serve(effect, at)
                if isinstance(effect, effects.StaffEffect):
                    return self._manage(effect, at)
                return self._remember(effect, at)

    def _manage(self, effect: effects.StaffEffect, at: datetime) -> AnyOutcome:
        if isinstance(effect, DeskEffect):
            return self.desk.perform(effect, at)
        if isinstance(effect, BroadcastEffect):
            outcome = self.broadcasts.perform(effect, at)
            if isinstance(outcome, events.Saved):
                self.broadcasts = self.broadcasts.after(effect)
            return outcome
        return events.Saved(at=at)

    def _serve(
        self, effect: effects.RelayEffect | effects.TaskEffect | effects.AccessEffect, at: datetime
    ) -> AnyOutcome | None:
        match effect:
            case effects.SendCard() | effects.RaiseAlert():
                return None
            case (
                effects.RelayAspiration()
                | effects.AcceptInvitation()
                | effects.IssueClaimCode()
                | effects.OfferHandover()
                | effects.AcceptHandover()
                | effects.RevokeClaimCode()
                | effects.ReportBack()
            ):
                return self._facilitate(effect, at)
            case effects.SetNeeds():
                self.profile = replace(
                    self.profile, needs=effect.needs, other_need=effect.other, needs_answered=True
                )
            case effects.TakeTask() | effects.ReleaseTask() | effects.WriteTranscript():
                return self._work(effect, at)
            case effects.AnswerTranscript(transcript=number):
                if not any(one.id == number for one in self.transcripts):
                    return events.Refused(at=at, reason="settled")
                self.transcripts = tuple(one for one in self.transcripts if one.id != number)
            case _:
                pass
        return events.Saved(at=at)

    def _facilitate(
        self,
        effect: effects.RelayAspiration
        | effects.AcceptInvitation
        | effects.IssueClaimCode
        | effects.OfferHandover
        | effects.AcceptHandover
        | effects.RevokeClaimCode
        | effects.ReportBack,
        at: datetime,
    ) -> AnyOutcome:
        match effect:
            case effects.RelayAspiration():
                return self._relay(effect, at)
            case effects.AcceptInvitation():
                return self._accept(effect, at)
            case effects.IssueClaimCode() | effects.OfferHandover():
                return events.CodeIssued(at=at, code=CODE)
            case effects.AcceptHandover():
                return events.TakenOver(at=at, people=2)
            case effects.ReportBack() | effects.RevokeClaimCode():
                told = isinstance(effect, effects.ReportBack)
                self.represented = tuple(
                    replace(one, **({"to_tell": ()} if told else {"claimable": False}))
                    if one.ticket == effect.ticket
                    else one
                    for one in self.represented
                )
            case _:
                assert_never(effect)
        return events.Saved(at=at)

    def _work(
        self, effect: effects.TakeTask | effects.ReleaseTask | effects.WriteTranscript, at: datetime
    ) -> AnyOutcome:
        task = next((one for one in self.open_tasks if one.id == effect.task), None)
        if task is None or (isinstance(effect, effects.WriteTranscript) and not effect.words):
            return events.Refused(at=at, reason="unknown")
        others = tuple(one for one in self.open_tasks if one is not task)
        if isinstance(effect, effects.WriteTranscript):
            self.open_tasks = others
        else:
            self.open_tasks = (replace(task, mine=isinstance(effect, effects.TakeTask)), *others)
        return events.Saved(at=at)

    def _accept(self, effect: effects.AcceptInvitation, at: datetime) -> AnyOutcome:
        offer = self.invitations.pop(effect.token, None)
        if offer is None:
            return events.Refused(at=at, reason="unknown")
        assert effect.conduct, "nobody was asked to agree to the code of conduct"
        mandate = MandateView(
            id=len(self.mandates) + 1,
            role=offer.role,
            scope=("18.07.01",),
            places=offer.places,
            forum=offer.forum,
        )
        self.mandates = (*self.mandates, mandate)
        return events.Saved(at=at)

    def _relay(self, effect: effects.RelayAspiration, at: datetime) -> AnyOutcome:
        """As storage.relays checks it; a child of a Forum Anak has nothing that leads to it."""
        draft, said = effect.draft, effect.draft.relay
        assert any(mandate.role == "facilitator" for mandate in self.mandates), "relayed without a mandate"
        assert said is not None, "relayed for nobody"
        answers = (draft.village, draft.field, draft.visibility, said.maturity, said.relation, said.summary)
        assert all((*answers, said.told_by)), "an answer is missing"
        if said.maturity == "forum":
            assert not any((draft.parts, draft.landmark, draft.pin, said.name, said.contact, said.groups))
        else:
            assert draft.parts, "relayed without words"
            assert said.consent is not None or said.witnessed, "relayed without consent"
        self.relayed.append(effect)
        ticket = ticket_like(600000 + len(self.relayed))
        person = person_view(ticket, said.name, news=False)
        seen = replace(person.aspiration, village=draft.village or RAJABASA, field=draft.field)
        self.represented = (replace(person, aspiration=seen), *self.represented)
        files = (part.media.unique_id for part in draft.parts if part.media)
        self.relayed_files = self.relayed_files.union(files)
        return events.Relayed(at=at, ticket=ticket, claim_code=CODE)

    def _submit(self, effect: effects.SubmitAspiration, at: datetime) -> AnyOutcome:
        draft = effect.draft
        if "service" not in self.agreed:
            return events.Refused(at=at, reason="no_consent")
        assert draft.parts, "an aspiration without words was sent"
        assert draft.village is not None, "an aspiration without a place was sent"
        assert draft.field, "an aspiration without a field was sent"
        assert draft.audience, "an aspiration for nobody was sent"
        assert draft.visibility, "an aspiration without visibility was sent"
        self.submitted.append(effect)
        ticket = ticket_like(500000 + len(self.submitted))
        said = draft.words()
        shown = replace(view(ticket), summary=said, voices=0 if said else len(draft.parts), at=at)
        told = replace(shown, village=draft.village, field=draft.field, lead=draft.supports)
        self.own.insert(0, told)
        self.profile = replace(self.profile, village=draft.village)
        supporting = bool(draft.supports)
        return events.Submitted(at=at, ticket=ticket, recovery_code=CODE, supporting=supporting)

    def _change(
        self,
        effect: effects.RetractAspiration | effects.WithdrawAspiration | effects.RecoverAspiration,
        at: datetime,
    ) -> AnyOutcome:
        own = next((one for one in self.own if one.ticket == effect.ticket), None)
        spoken_for = any(one.ticket == effect.ticket for one in self.represented)
        match effect:
            case effects.RecoverAspiration():
                return self._recover(effect, at)
            case effects.WithdrawAspiration() if spoken_for:
                return self._withdraw_for(effect, at)
            case _ if own is None:
                return events.Refused(at=at, reason="unknown")
            case effects.RetractAspiration():
                if at - own.at > RETRACTABLE:
                    return events.Refused(at=at, reason="late")
                self.own.remove(own)
            case effects.WithdrawAspiration():
                self.own[self.own.index(own)] = replace(own, open=False, decision="withdrawn")
            case _:
                assert_never(effect)
        return events.Saved(at=at)

    def _withdraw_for(self, effect: effects.WithdrawAspiration, at: datetime) -> AnyOutcome:
        self.represented = tuple(
            replace(one, aspiration=replace(one.aspiration, open=False))
            if one.ticket == effect.ticket
            else one
            for one in self.represented
        )
        return events.Saved(at=at)

    def _recover(self, effect: effects.RecoverAspiration, at: datetime) -> AnyOutcome:
        if "service" not in self.agreed:
            return events.Refused(at=at, reason="no_consent")
        if effect.code != CODE or not effect.ticket:
            return events.Refused(at=at, reason="unknown")
        kept = [one for one in self.own if one.ticket != effect.ticket]
        self.own[:] = [view(effect.ticket), *kept]
        relayed = any(one.ticket == effect.ticket for one in self.represented)
        return events.Recovered(at=at, ticket=effect.ticket, relayed=relayed)

    def _remember(
        self,
        effect: effects.RecordConsent
        | effects.SetLocale
        | effects.SetName
        | effects.SetOwnGroups
        | effects.SetMessages
        | effects.ScheduleErasure
        | effects.RestoreErasure
        | effects.ExportData,
        at: datetime,
    ) -> AnyOutcome:
        match effect:
            case effects.RecordConsent():
                (self.agreed.add if effect.granted else self.agreed.discard)(effect.purpose)
            case effects.SetLocale():
                self.locale = effect.locale
            case effects.SetName():
                self.profile = replace(self.profile, name=effect.name)
            case effects.SetOwnGroups():
                self.profile = replace(self.profile, groups=effect.groups, groups_answered=True)
            case effects.SetMessages():
                self.profile = replace(self.profile, **{f"{effect.kind}s": effect.wanted})  # type: ignore[arg-type]
            case effects.ScheduleErasure():
                due = at + timedelta(hours=24)
                self.profile = replace(self.profile, erasure_due=due)
                return events.ErasureScheduled(at=at, due_at=due)
            case effects.RestoreErasure():
                if self.profile.erasure_due is None:
                    return events.Refused(at=at, reason="late")
                self.profile = replace(self.profile, erasure_due=None)
            case effects.ExportData():
                pass
            case _:
                assert_never(effect)
        return events.Saved(at=at)
