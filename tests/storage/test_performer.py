"""Each effect of a turn is done by storage, or refused with a reason that the flow has an edge for."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from conversations import asking, broadcast, desk, effects, events, figure, likeness, meeting, sending
from conversations.chat import Media, Part
from conversations.effects import AnyEffect
from conversations.events import AnyOutcome
from conversations.followup import AnswerFollowup
from storage.ledger import ERRAND
from storage.media import MEDIA
from storage.performer import EXPORT_DATA, FETCH_MEDIA, Performer
from storage.residents import CONSENT, RESIDENT
from tests.storage.world import NOW, RULES, SITI, World, draft, seeded

CONSENT_GIVEN = effects.RecordConsent(
    purpose="service", granted=True, version="1", locale="id", form="button"
)
MEDIA_OF = Media(file_id="fetch", unique_id="v1", seconds=5, bytes=900, mime="audio/ogg")
EXAMPLES: dict[type, AnyEffect] = {
    type(effect): effect
    for effect in (
        effects.KeepMedia(media=MEDIA_OF, kind="voice"),
        CONSENT_GIVEN,
        effects.SubmitAspiration(draft=draft(), locale="id"),
        effects.RetractAspiration(ticket="0000000"),
        effects.WithdrawAspiration(ticket="0000000"),
        effects.RecoverAspiration(ticket="0000000", code="00000000000"),
        effects.SetLocale(locale="en"),
        effects.SetName(name="Siti"),
        effects.SetOwnGroups(groups=("women",)),
        effects.SetMessages(kind="notice", wanted=False),
        effects.ScheduleErasure(),
        effects.RestoreErasure(),
        effects.ExportData(),
        effects.AcceptInvitation(token="x" * 32, conduct="1"),
        effects.RelayAspiration(draft=draft(), locale="id"),
        effects.SendCard(ticket="0000000", claim_code="00000000000"),
        effects.IssueClaimCode(ticket="0000000"),
        effects.RevokeClaimCode(ticket="0000000"),
        effects.ReportBack(ticket="0000000"),
        effects.OfferHandover(),
        effects.AcceptHandover(code="00000000000"),
        effects.TakeTask(task=1),
        effects.ReleaseTask(task=1),
        effects.WriteTranscript(task=1, words="jalan rusak"),
        effects.AnswerTranscript(transcript=1, right=True),
        effects.SetNeeds(needs=("ramp",)),
        effects.ForgetMessages(),
        effects.RaiseAlert(words="tolong", village="18.07.01.2001"),
        effects.OpenLetter(number=1),
        desk.TakeCard(ticket="0000000"),
        desk.ReleaseCard(ticket="0000000"),
        desk.SendRecordings(ticket="0000000"),
        desk.NoteCard(ticket="0000000", words="sudah dilihat"),
        desk.RedactCard(ticket="0000000", words="jalan rusak"),
        desk.RouteCard(ticket="0000000", village="18.07.01.2001"),
        desk.HoldCard(ticket="0000000", held=True),
        desk.RevealAuthor(ticket="0000000", reason="untuk menghubungi"),
        desk.Decide(verdict=desk.VerdictDraft(tickets=("0000000",), stage="checked", decision="accepted")),
        desk.UndoDecisions(events=(1,)),
        asking.AskPerson(ticket="0000000", words="di dekat apa"),
        asking.SettleReplies(ticket="0000000"),
        asking.AnswerQuestion(question=1, answer=Part(kind="text", message=1, text="masjid")),
        asking.ReplyTo(ticket="0000000", answer=Part(kind="text", message=1, text="masjid")),
        asking.ObjectTo(ticket="0000000"),
        asking.WriteToPerson(contact=1, words="apakah aman"),
        meeting.AnswerMeeting(meeting=1, answer="coming"),
        meeting.ConfirmNeeds(meeting=1),
        meeting.SendCalendar(meeting=1),
        meeting.AttendMeeting(meeting=1, code="123456"),
        meeting.ListAttendance(meeting=1, tickets=("0000000",)),
        meeting.SaveMeeting(draft=meeting.MeetingDraft(title="Pramusrenbang")),
        meeting.CancelMeeting(meeting=1),
        meeting.ArrangeNeed(answer=1, need="ramp"),
        meeting.WriteMinute(meeting=1, verdict="agreed", words="Jembatan."),
        meeting.SendMinutes(meeting=1),
        figure.DrawFigures(cut="stage", region="18.07"),
        figure.ExportFile(choice=figure.Choice(file="csv")),
        broadcast.KeepBroadcast(draft=broadcast.BroadcastDraft(topic="schedule", text="Besok rapat.")),
        broadcast.TestBroadcast(broadcast=1),
        broadcast.SubmitBroadcast(broadcast=1),
        broadcast.ApproveBroadcast(broadcast=1, granted=True),
        broadcast.RecallBroadcast(broadcast=1),
        likeness.Merge(ticket="0000000", into="1111111"),
        likeness.Unmerge(ticket="0000000"),
        likeness.KeepApart(ticket="0000000"),
        AnswerFollowup(ticket="0000000", answer="no"),
        sending.SteerBroadcast(broadcast=1, order="pause"),
        sending.CorrectBroadcast(broadcast=1, words="Rapat pindah."),
        sending.WantTopic(broadcast=1, wanted=False),
    )
}

OF_THE_TURN: tuple[AnyEffect, ...] = (
    effects.Say(lines=()),
    effects.Acknowledge(query="1"),
    effects.MarkReachable(reachable=True),
)


def perform(
    world: World, effect: AnyEffect, chat: int = SITI, after: timedelta = timedelta()
) -> AnyOutcome | None:
    with world.begin() as connection:
        return Performer(connection, chat, RULES, NOW + after, seeded()).perform(effect)


def test_every_effect_but_those_of_the_turn_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(get_args(AnyEffect)) - {type(effect) for effect in OF_THE_TURN}


@pytest.mark.parametrize("effect", EXAMPLES.values(), ids=lambda effect: type(effect).__name__)
def test_every_outcome_is_one_that_the_effect_declares(world: World, effect: AnyEffect) -> None:
    """Asked for by a stranger, and by somebody who has agreed."""
    declared = effect.outcomes or (None,)
    assert (stranger := perform(world, effect)) is None or stranger.at == NOW
    assert (stranger.name if stranger else None) in declared
    world.consent(SITI)
    assert (known := perform(world, effect)) is None or known.at == NOW
    assert (known.name if known else None) in declared


@pytest.mark.parametrize("effect", OF_THE_TURN)
def test_what_the_turn_does_itself_is_asked_of_nobody_else(world: World, effect: AnyEffect) -> None:
    with pytest.raises(TypeError):
        perform(world, effect)


def test_a_file_is_remembered_and_fetched_later(world: World) -> None:
    assert perform(world, EXAMPLES[effects.KeepMedia]) is None
    (errand,) = world.rows(ERRAND)
    assert (errand["kind"], errand["chat_id"], errand["due_at"]) == (FETCH_MEDIA, SITI, NOW)
    assert errand["params"] == {"unique_id": "v1", "file_id": "fetch", "kind": "voice", "seconds": 5}
    assert [row["unique_id"] for row in world.rows(MEDIA)] == ["v1"]


def test_consent_is_stored_as_it_was_shown(world: World) -> None:
    assert perform(world, CONSENT_GIVEN) == events.Saved(at=NOW)
    (row,) = world.rows(CONSENT)
    assert (row["purpose"], row["granted"], row["version"], row["form"]) == ("service", True, "1", "button")


def test_sending_and_taking_back(world: World) -> None:
    perform(world, CONSENT_GIVEN)
    sent = perform(world, EXAMPLES[effects.SubmitAspiration])
    assert isinstance(sent, events.Submitted)
    assert len(sent.recovery_code) == 11
    again = perform(world, EXAMPLES[effects.SubmitAspiration])
    assert again == events.Submitted(at=NOW, ticket=sent.ticket, recovery_code="")
    late = perform(world, effects.RetractAspiration(ticket=sent.ticket), after=timedelta(minutes=16))
    assert late == events.Refused(at=NOW + timedelta(minutes=16), reason="late")
    assert perform(world, effects.RetractAspiration(ticket=sent.ticket)) == events.Saved(at=NOW)


def test_withdrawing_and_recovering(world: World) -> None:
    perform(world, CONSENT_GIVEN)
    sent = perform(world, EXAMPLES[effects.SubmitAspiration])
    assert isinstance(sent, events.Submitted)
    perform(world, CONSENT_GIVEN, chat=5)
    recover = effects.RecoverAspiration(ticket=sent.ticket, code=sent.recovery_code)
    assert perform(world, recover, chat=5) == events.Recovered(at=NOW, ticket=sent.ticket)
    withdraw = effects.WithdrawAspiration(ticket=sent.ticket)
    assert perform(world, withdraw) == events.Refused(at=NOW, reason="unknown")
    assert perform(world, withdraw, chat=5) == events.Saved(at=NOW)


def test_wrong_codes_are_counted_although_they_are_refused(world: World) -> None:
    perform(world, CONSENT_GIVEN)
    tried = [perform(world, EXAMPLES[effects.RecoverAspiration]) for _ in range(6)]
    assert [o.reason for o in tried if isinstance(o, events.Refused)] == ["unknown"] * 5 + ["slowed"]


def test_what_a_person_changes_is_stored(world: World) -> None:
    perform(world, CONSENT_GIVEN)
    for kind in (effects.SetLocale, effects.SetName, effects.SetOwnGroups, effects.SetMessages):
        assert perform(world, EXAMPLES[kind]) == events.Saved(at=NOW)
    (row,) = world.rows(RESIDENT)
    assert (row["locale"], row["name"], row["groups"], row["notices"]) == ("en", "Siti", ["women"], False)


def test_erasure_is_scheduled_and_called_off(world: World) -> None:
    due = NOW + timedelta(hours=24)
    assert perform(world, effects.ScheduleErasure()) == events.ErasureScheduled(at=NOW, due_at=due)
    assert perform(world, effects.RestoreErasure()) == events.Saved(at=NOW)
    assert perform(world, effects.RestoreErasure()) == events.Refused(at=NOW, reason="late")


def test_data_is_exported_by_an_errand_when_there_is_any(world: World) -> None:
    assert perform(world, effects.ExportData()) == events.Refused(at=NOW, reason="nothing_stored")
    perform(world, CONSENT_GIVEN)
    assert perform(world, effects.ExportData()) == events.Saved(at=NOW)
    assert [(row["kind"], row["params"], row["chat_id"]) for row in world.rows(ERRAND)] == [
        (EXPORT_DATA, {}, SITI)
    ]
