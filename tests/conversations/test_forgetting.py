"""What a chat may hold for a day only goes in time, and what is an answer of the draft stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations import events
from conversations.chat import Batch, Chat, Held, Part, Relayed
from conversations.forgetting import HELD_FOR, held_since, is_personal
from conversations.readers import hold_words
from tests.conversations.literal_facts import MINE, NOON
from tests.conversations.model_world import CODE
from tests.conversations.talking import FLOWS, Talk, agreed_talk, at_audience
from tests.conversations.test_readers import seen, typed


def at_own_groups() -> Talk:
    """Somebody who picks the first of their own groups, and does not say that this is all."""
    talk = agreed_talk()
    talk.types("/data")
    talk.presses("groups")
    talk.types("1")
    assert (talk.chat.step, len(talk.chat.picked)) == ("groups.more", 1)
    return talk


def test_the_day_of_held_words_counts_from_the_first() -> None:
    """Who writes once a day would else have everything kept without consent for ever."""
    first = Held(parts=(Part(kind="text", message=1, text="a"),), at=NOON - timedelta(hours=23))
    reading = hold_words(seen(typed("jalan di depan rusak"), Chat(id=1, held=first)))
    assert reading is not None
    assert reading.chat.held is not None
    assert (len(reading.chat.held.parts), reading.chat.held.at) == (2, first.at)


def test_held_words_are_due_although_somebody_goes_on_writing() -> None:
    talk = Talk()
    talk.types("jalan di depan rusak")
    began = talk.chat.seen_at
    talk.waits(timedelta(hours=20))
    talk.types("jembatan juga sudah rusak")
    assert held_since(FLOWS, talk.chat) == began


@pytest.mark.parametrize("left", ["menu", "done", "declined"])
def test_own_groups_are_gone_as_soon_as_the_question_is_left(left: str) -> None:
    talk = at_own_groups()
    if left == "menu":
        talk.types("menu")
    else:
        talk.presses(left)
    assert talk.chat.step != "groups.more"
    assert (talk.chat.picked, talk.chat.interrupted) == ((), None)
    assert held_since(FLOWS, talk.chat) is None


@pytest.mark.parametrize("aside", ["", "/bahasa"])
def test_own_groups_left_behind_are_gone_after_a_silent_day_and_not_before(aside: str) -> None:
    """Nobody may return to that chat; the clock finds it by the same time as held words."""
    talk = at_own_groups()
    if aside:
        talk.types(aside)
    since = talk.chat.seen_at
    assert since is not None
    assert held_since(FLOWS, talk.chat) == since
    before = talk.chat
    talk.at = since + HELD_FOR - timedelta(seconds=1)
    assert talk.happens(events.HeldExpired(at=talk.at)) == []
    assert talk.chat == before
    assert talk.happens(events.HeldExpired(at=talk.at)) == []
    interrupted = before.interrupted and replace(before.interrupted, picked=())
    assert talk.chat == replace(before, picked=(), interrupted=interrupted)
    assert held_since(FLOWS, talk.chat) is None


def test_picked_groups_of_the_draft_stay() -> None:
    """They are an answer of the aspiration, and drafts are kept."""
    talk = at_audience()
    talk.types("2")
    assert talk.chat.picked
    assert held_since(FLOWS, talk.chat) is None
    before = talk.chat
    talk.waits(timedelta(days=2))
    talk.happens(events.HeldExpired(at=talk.at))
    assert talk.chat == before


def test_what_is_about_a_person_makes_a_chat_personal_and_a_need_does_not() -> None:
    """Sealing costs a turn something, so words of a need are no reason; who is spoken for, and own answers, are."""
    talk = at_audience()
    talk.types("1")
    assert not is_personal(FLOWS, talk.chat)
    assert is_personal(FLOWS, talk.chat.with_draft(relay=Relayed()))
    assert is_personal(FLOWS, Chat(id=1, batch=Batch(serial=1)))
    assert not is_personal(FLOWS, Chat(id=1, held=Held(parts=(), at=NOON)))


def test_own_answers_make_a_chat_personal_until_they_are_stored() -> None:
    talk = at_own_groups()
    assert is_personal(FLOWS, talk.chat)
    talk.presses("done")
    assert not is_personal(FLOWS, talk.chat)


def test_a_code_typed_before_consent_waits_sealed_and_is_used_after_it() -> None:
    """It must not be typed again, is no need, and who is spoken for no more is told so."""
    talk = Talk()
    talk.starts()
    talk.types("usulan saya", "kode cadangan", MINE, CODE)
    assert talk.chat.step == "consent.ask"
    assert is_personal(FLOWS, talk.chat)
    talk.types("407 105 072 43")
    assert talk.chat.held is None
    talk.types("jalan ke sekolah rusak", "ya", "tidak usah")
    assert "recover.done" in {key for shown in talk.shown for key in shown.keys}
    assert not talk.chat.link


def test_without_consent_the_code_is_forgotten() -> None:
    talk = Talk()
    talk.starts()
    talk.types("usulan saya", "kode cadangan", MINE, CODE, "tidak setuju")
    assert not talk.chat.link
