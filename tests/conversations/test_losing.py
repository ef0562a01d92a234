"""A recording that cannot be heard leaves the answer that it was in, its sender is told which and what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest

from conversations import events
from conversations.chat import Batch, Chat, Draft, Media, Part, Relayed
from conversations.events import MediaLost
from conversations.losing import without
from tests.conversations.literal_facts import MINE, NOON
from tests.conversations.relaying import gathered, tells_of
from tests.conversations.talking import Talk, agreed_talk, at_landmark, at_need, at_summary, at_village

REASONS = get_args(get_type_hints(MediaLost)["reason"])


def loses(talk: Talk, unique_id: str, reason: Any = "silent", ticket: str = "") -> None:
    """The worker says that a file is no recording."""
    talk.happens(events.MediaLost(at=talk.at, unique_id=unique_id, reason=reason, ticket=ticket))


def spoken(talk: Talk, seconds: int = 42) -> str:
    """Say something; the file's unique id."""
    talk.speaks(seconds)
    return talk.world.kept[-1].unique_id


def recording(unique_id: str, text: str = "") -> Part:
    return Part(kind="voice", message=1, text=text, media=Media(file_id="f", unique_id=unique_id, seconds=9))


@pytest.mark.parametrize("reason", REASONS)
def test_it_is_said_what_happened_and_which_one_it_was(reason: str) -> None:
    talk = at_need()
    loses(talk, spoken(talk), reason)
    assert talk.last.keys[:2] == (f"media.lost.{reason}", "lost.which")
    assert "Suara, 42 detik" in talk.last.message.text


def test_an_answer_that_is_empty_now_is_asked_for_again() -> None:
    talk = at_need()
    loses(talk, spoken(talk))
    assert talk.chat.step == "intake.need"
    assert talk.chat.draft is not None
    assert talk.chat.draft.parts == ()
    assert talk.last.keys[-1] == "intake.need"
    assert "Suara belum terdengar" in talk.last.message.text


def test_later_on_the_need_is_asked_for_again_too() -> None:
    talk = at_need()
    lost = spoken(talk)
    talk.is_quiet()
    talk.types("1")
    assert talk.chat.step == "intake.village"
    loses(talk, lost)
    assert talk.chat.step == "intake.need"


def test_the_other_messages_of_the_answer_stay_and_the_question_goes_on() -> None:
    talk = at_need()
    talk.types("jalan rusak")
    lost = spoken(talk)
    loses(talk, lost)
    assert talk.last.keys == ("media.lost.silent", "lost.which"), "more may be on its way: nothing is asked"
    talk.is_quiet()
    assert talk.chat.draft is not None
    assert [part.text for part in talk.chat.draft.parts] == ["jalan rusak"]


def test_words_beneath_a_recording_are_not_lost_with_it() -> None:
    talk = at_need()
    caption = Media(file_id="f", unique_id="u", seconds=9)
    talk.happens(events.Spoke(at=talk.at, message=5, kind="voice", media=caption, caption="jalan rusak"))
    loses(talk, "u")
    assert talk.chat.draft is not None
    assert [(part.kind, part.text) for part in talk.chat.draft.parts] == [("text", "jalan rusak")]


def test_at_the_end_one_comes_back_to_the_summary() -> None:
    """Whoever had answered everything need not answer all of it again."""
    talk = at_summary()
    talk.chat = talk.chat.with_draft(parts=(recording("u"),))
    loses(talk, "u")
    assert talk.chat.step == "intake.need"
    talk.types("jalan rusak")
    talk.is_quiet()
    talk.types("1")
    assert talk.chat.step == "intake.summary"


def test_a_landmark_that_cannot_be_heard_is_taken_out() -> None:
    talk = at_landmark()
    lost = spoken(talk)
    assert talk.chat.step == "intake.field"
    loses(talk, lost)
    assert talk.chat.draft is not None
    assert talk.chat.draft.landmark is None
    assert talk.chat.draft.parts
    assert talk.chat.step == "intake.field"


def test_held_words_are_let_go_and_nothing_else_changes() -> None:
    talk = Talk()
    talk.starts()
    talk.speaks(42)
    assert talk.chat.held is not None
    media = talk.chat.held.parts[0].media
    assert media is not None
    step = talk.chat.step
    loses(talk, media.unique_id)
    assert not talk.chat.held
    assert talk.chat.step == step


def test_what_was_sent_already_stays_and_its_ticket_is_named() -> None:
    talk = agreed_talk()
    loses(talk, "sent", "gone", MINE)
    assert talk.last.keys[:2] == ("media.lost.gone", "lost.sent")
    assert "482-913-" in talk.last.message.text


def test_an_answer_that_holds_no_such_recording_is_left_alone() -> None:
    talk = at_village()
    before = talk.chat
    loses(talk, "other")
    assert talk.chat == before


@pytest.mark.parametrize("emptied", [True, False])
def test_it_leaves_what_a_facilitator_has_gathered(emptied: bool) -> None:
    others = () if emptied else (recording("b"),)
    chat = Chat(id=1, batch=Batch(serial=1, items=(recording("a"), *others)))
    loss = without(chat, "a")
    assert loss is not None
    assert loss.chat.batch is not None
    assert (loss.chat.batch.items, loss.emptied) == (others, emptied)


def test_consent_that_nobody_can_hear_is_none() -> None:
    person = Relayed(name="Ibu Marni", consent_form="voice", consent=recording("yes"))
    draft = Draft(serial=1, begun_at=NOON, parts=(recording("need"),), relay=person)
    loss = without(Chat(id=1, draft=draft), "yes")
    assert loss is not None
    assert loss.chat.draft is not None
    assert loss.chat.draft.relay == replace(person, consent_form="", consent=None)
    assert loss.emptied, "it is asked for anew"


@pytest.mark.parametrize("answered", [False, True])
def test_consent_that_nobody_can_hear_is_asked_for_at_once(answered: bool) -> None:
    """At any other question the voice that is sent again would be taken for one more need to hand on."""
    talk = gathered(1)
    talk.presses("one")
    tells_of(talk, "Bu Siti", consent=False)
    talk.forwards("user", seconds=3)
    lost = talk.world.kept[-1].unique_id
    if answered:
        talk.presses("facilitator")
    loses(talk, lost)
    assert talk.chat.step == "relay.consent"
    assert talk.last.keys[0] == "media.lost.silent"
    talk.forwards("user", seconds=4)
    assert talk.chat.step == ("relay.check" if answered else "relay.told")


def test_the_length_of_a_spoken_landmark_is_said() -> None:
    """Who records with a screen reader hears no time go by (ux: TalkBack)."""
    talk = at_landmark()
    talk.speaks(4)
    assert talk.last.message.text.startswith("Patokannya kami terima: Suara, 4 detik")
    assert talk.chat.step == "intake.field"


def test_a_landmark_in_words_is_not_repeated() -> None:
    talk = at_landmark()
    talk.types("depan SD Negeri 1")
    assert "landmark.heard" not in talk.last.keys
