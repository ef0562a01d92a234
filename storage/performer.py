"""Does what a turn asks of storage, in the turn's own transaction, and says what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final, assert_never

from sqlalchemy import Connection, select

from conversations import effects, events
from conversations.effects import Acknowledge, AnyEffect, MarkReachable, Say
from conversations.events import AnyOutcome
from storage import access, aspirations, erasure, media, relaying, residents, staff, supporting, tasks
from storage.actor import RefusalError, Resident
from storage.ledger import ErrandRow, Ledger
from storage.residents import RESIDENT, Consent
from storage.rules import Rules, Scene

FETCH_MEDIA: Final = "fetch_media"
"""The errand that keeps the original of a file; its parameters: unique_id, file_id, kind, seconds as Telegram tells."""

EXPORT_DATA: Final = "export_data"
"""The errand that sends a person their dossier; without parameters, the chat is its own."""


@dataclass(frozen=True, slots=True)
class Performer:
    """Performs the effects of one chat's turn at `at`; `random` is a `random.SystemRandom` outside tests.

    A verb that refuses becomes the outcome Refused; whatever else goes wrong is raised and fails the turn.
    """

    connection: Connection
    chat_id: int
    rules: Rules
    at: datetime
    random: Random

    def perform(self, effect: AnyEffect) -> AnyOutcome | None:
        """What came of an effect, None when it has no outcome; the errands that it needs are added.

        One without outcomes that may not be done is not done: no step has an edge for it.

        Raises TypeError for Say, Acknowledge and MarkReachable, which are the turn's own.
        """
        try:
            return self._perform(effect)
        except RefusalError as refusal:
            refused = events.Refused(at=self.at, reason=refusal.reason, about=refusal.about)
            return refused if effect.outcomes else None

    def _perform(self, effect: AnyEffect) -> AnyOutcome | None:
        match effect:
            case Say() | Acknowledge() | MarkReachable():
                raise TypeError("the turn's own")
            case effects.KeepMedia():
                self._fetch(effect)
                return None
            case (
                effects.SubmitAspiration()
                | effects.RetractAspiration()
                | effects.WithdrawAspiration()
                | effects.RecoverAspiration()
            ):
                return self._on_aspiration(effect)
            case (
                effects.RecordConsent()
                | effects.SetLocale()
                | effects.SetName()
                | effects.SetOwnGroups()
                | effects.SetMessages()
                | effects.ScheduleErasure()
                | effects.RestoreErasure()
                | effects.ExportData()
            ):
                return self._on_person(effect)
            case _:
                return self._on_others(effect)

    def _on_others(
        self,
        effect: effects.RelayEffect | effects.TaskEffect | effects.AccessEffect | effects.StaffEffect,
    ) -> AnyOutcome | None:
        if isinstance(effect, effects.RelayEffect):
            return relaying.perform(self._scene, effect, self.random)
        if isinstance(effect, effects.TaskEffect):
            return tasks.perform(self._scene, effect)
        if isinstance(effect, effects.AccessEffect):
            return access.perform(self._scene, effect)
        return staff.perform(self._scene, effect)

    def _fetch(self, effect: effects.KeepMedia) -> None:
        file = effect.media
        media.remember(self.connection, file, effect.kind, self.at)
        known = {"unique_id": file.unique_id, "file_id": file.file_id, "kind": effect.kind}
        self._run(FETCH_MEDIA, {**known, "seconds": file.seconds})

    def _export(self) -> None:
        known = select(RESIDENT.c.id).where(RESIDENT.c.chat_id == self.chat_id)
        if self.connection.execute(known).first() is None:
            raise RefusalError("nothing_stored", "Nothing is stored about this person.")
        self._run(EXPORT_DATA, {})

    def _run(self, kind: str, params: dict[str, str | int]) -> None:
        errand = ErrandRow(kind=kind, due_at=self.at, params=params, chat_id=self.chat_id)
        Ledger(self.connection).add_errands([errand], self.at)

    def _saved(self) -> events.Saved:
        return events.Saved(at=self.at)

    @property
    def _actor(self) -> Resident:
        return Resident(self.chat_id)

    @property
    def _scene(self) -> Scene:
        return Scene(self.connection, self._actor, self.at, self.rules)

    def _on_aspiration(
        self,
        effect: effects.SubmitAspiration
        | effects.RetractAspiration
        | effects.WithdrawAspiration
        | effects.RecoverAspiration,
    ) -> AnyOutcome:
        match effect:
            case effects.SubmitAspiration(draft=draft, locale=locale):
                receipt = supporting.submit(self._scene, draft, locale, self.random)
                return events.Submitted(
                    at=self.at,
                    ticket=receipt.ticket,
                    recovery_code=receipt.recovery_code,
                    supporting=bool(draft.supports),
                )
            case effects.RetractAspiration(ticket=ticket):
                aspirations.retract(self._scene, ticket)
            case effects.WithdrawAspiration(ticket=ticket):
                aspirations.withdraw(self._scene, ticket)
            case effects.RecoverAspiration(ticket=ticket, code=code):
                relayed = aspirations.recover(self._scene, ticket, code)
                return events.Recovered(at=self.at, ticket=ticket, relayed=relayed)
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
        | effects.RestoreErasure
        | effects.ExportData,
    ) -> AnyOutcome:
        connection, actor, at = self.connection, self._actor, self.at
        version = self.rules.consent_version
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
            case effects.ExportData():
                self._export()
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
        media=effect.media,
    )
