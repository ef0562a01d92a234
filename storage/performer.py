"""Does what a turn asks of storage, in the turn's own transaction, and says what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, assert_never

from sqlalchemy import select

from conversations import effects, events
from conversations.effects import Acknowledge, AnyEffect, Say
from conversations.events import AnyOutcome
from storage import aspirations, erasure, media, residents
from storage.actor import RefusalError, resident
from storage.ledger import ErrandRow
from storage.residents import RESIDENT, Consent
from storage.rules import Scene

FETCH_MEDIA: Final = "fetch_media"
"""The errand that keeps the original of a file; its parameters: unique_id, file_id."""

EXPORT_DATA: Final = "export_data"
"""The errand that sends a person their dossier; without parameters, the chat is its own."""


Result = tuple[AnyOutcome | None, tuple[ErrandRow, ...]]


@dataclass(frozen=True, slots=True)
class Performer:
    """Performs the effects of one chat's turn; `random` is a `random.SystemRandom` outside tests.

    A verb that refuses becomes the outcome Refused; whatever else goes wrong is raised and fails the turn.
    """

    scene: Scene
    random: Random

    def perform(self, effect: AnyEffect) -> Result:
        """What came of an effect (None when it has no outcome), and the errands that the turn adds for it.

        Raises TypeError for Say and Acknowledge, which are the turn's own.
        """
        try:
            return self._perform(effect)
        except RefusalError as refusal:
            return events.Refused(at=self.scene.at, reason=refusal.reason), ()

    def _perform(self, effect: AnyEffect) -> Result:
        match effect:
            case Say() | Acknowledge():
                raise TypeError("the turn itself says and acknowledges")
            case effects.KeepMedia():
                return None, (self._fetch(effect),)
            case effects.ExportData():
                return self._saved(), (self._export(),)
            case effects.MarkReachable(reachable=reachable):
                residents.mark_reachable(self.scene.connection, self.scene.actor, reachable=reachable)
                return None, ()
            case (
                effects.SubmitAspiration()
                | effects.RetractAspiration()
                | effects.WithdrawAspiration()
                | effects.RecoverAspiration()
            ):
                return self._on_aspiration(effect), ()
            case (
                effects.RecordConsent()
                | effects.SetLocale()
                | effects.SetName()
                | effects.SetOwnGroups()
                | effects.SetMessages()
                | effects.ScheduleErasure()
                | effects.RestoreErasure()
            ):
                return self._on_person(effect), ()
            case _:
                assert_never(effect)

    def _fetch(self, effect: effects.KeepMedia) -> ErrandRow:
        file = effect.media
        media.remember(self.scene.connection, file, effect.kind, self.scene.at)
        return self._errand(FETCH_MEDIA, {"unique_id": file.unique_id, "file_id": file.file_id})

    def _export(self) -> ErrandRow:
        known = select(RESIDENT.c.id).where(RESIDENT.c.chat_id == resident(self.scene.actor).chat_id)
        if self.scene.connection.execute(known).first() is None:
            raise RefusalError("nothing_stored", "Nothing is stored about this person.")
        return self._errand(EXPORT_DATA, {})

    def _errand(self, kind: str, params: dict[str, str]) -> ErrandRow:
        chat_id = resident(self.scene.actor).chat_id
        return ErrandRow(kind=kind, due_at=self.scene.at, params=params, chat_id=chat_id)

    def _saved(self) -> events.Saved:
        return events.Saved(at=self.scene.at)

    def _on_aspiration(
        self,
        effect: effects.SubmitAspiration
        | effects.RetractAspiration
        | effects.WithdrawAspiration
        | effects.RecoverAspiration,
    ) -> AnyOutcome:
        match effect:
            case effects.SubmitAspiration(draft=draft, locale=locale):
                receipt = aspirations.submit(self.scene, draft, locale, self.random)
                at, code = self.scene.at, receipt.recovery_code
                return events.Submitted(at=at, ticket=receipt.ticket, recovery_code=code)
            case effects.RetractAspiration(ticket=ticket):
                aspirations.retract(self.scene, ticket)
            case effects.WithdrawAspiration(ticket=ticket):
                aspirations.withdraw(self.scene, ticket)
            case effects.RecoverAspiration(ticket=ticket, code=code):
                recovered = aspirations.recover(self.scene, ticket, code)
                return events.Recovered(at=self.scene.at, ticket=recovered)
            case _:
                assert_never(effect)
        return self._saved()

    def _on_person(
        self,
        effect: effects.RecordConsent
        | effects.SetLocale
        | effects.SetName
        | effects.SetOwnGroups
        | effects.SetMessages
        | effects.ScheduleErasure
        | effects.RestoreErasure,
    ) -> AnyOutcome:
        connection, actor, at = self.scene.connection, self.scene.actor, self.scene.at
        version = self.scene.rules.consent_version
        match effect:
            case effects.RecordConsent():
                residents.record_consent(connection, actor, _consent(effect), at)
            case effects.SetLocale(locale=locale):
                residents.set_locale(connection, actor, locale)
            case effects.SetName(name=name):
                residents.set_name(connection, actor, name, version)
            case effects.SetOwnGroups(groups=groups, declined=declined):
                residents.set_groups(connection, actor, groups, declined=declined, version=version)
            case effects.SetMessages(kind=kind, wanted=wanted):
                residents.set_messages(connection, actor, kind, wanted=wanted)
            case effects.ScheduleErasure():
                return events.ErasureScheduled(at=at, due_at=erasure.schedule(connection, actor, at))
            case effects.RestoreErasure():
                erasure.restore(connection, actor)
            case _:
                assert_never(effect)
        return self._saved()


def _consent(effect: effects.RecordConsent) -> Consent:
    return Consent(
        purpose=effect.purpose,
        granted=effect.granted,
        version=effect.version,
        locale=effect.locale,
        form=effect.form,
    )
