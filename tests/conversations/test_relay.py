"""A facilitator relays: what came in is shared out to people; nothing is lost, and nothing doubled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations import events
from conversations.chat import Origin
from conversations.flows.relay_batch import GATHERING
from tests.conversations.relaying import ORIGINS, facilitator, gathered, person_done, tells_rest
from tests.conversations.talking import Talk, round_trip

# Who may


def test_without_a_mandate_one_is_told_kindly_who_may_and_whom_to_ask() -> None:
    talk = Talk()
    talk.starts()
    said = talk.types("/titip")
    assert [shown.keys for shown in said] == [("relay.not_yours", "menu")]
    assert "Ibu Sari" in said[0].message.text


@pytest.mark.parametrize("word", ["/titip", "titip", "/warga", "warga saya"])
def test_a_stranger_comes_back_to_the_question_that_was_open(word: str) -> None:
    talk = Talk()
    talk.world.agreed.add("service")
    talk.starts()
    talk.presses("new")
    said = talk.types(word)
    assert said[0].keys[0] == "relay.not_yours"
    assert talk.chat.step == "intake.need"


def test_that_a_mandate_has_ended_is_said_once() -> None:
    """Both the word and the question that one would come back to are refused."""
    talk = facilitator()
    talk.types("/titip")
    talk.world.mandates = ()
    talk.types("/titip")
    assert talk.last.keys.count("relay.not_yours") == 1


def test_a_mandate_that_ended_meanwhile_ends_the_work_and_stores_no_answer() -> None:
    talk = gathered()
    talk.presses("one")
    talk.presses("adult")
    before = talk.chat.draft
    talk.world.mandates = ()
    said = talk.types("Bu Siti")
    assert "relay.not_yours" in said[0].keys
    assert talk.chat.draft == before


def test_a_forged_press_of_somebody_without_a_mandate_does_nothing() -> None:
    talk = gathered()
    payload = talk.last.button("one").payload
    talk.world.mandates = ()
    said = talk.presses_payload(payload, talk.last.number)
    assert "relay.not_yours" in said[0].keys
    assert talk.chat.draft is None


def test_what_others_said_can_be_let_go_of_without_a_mandate() -> None:
    """Else it would lie there for ever."""
    talk = gathered()
    talk.world.mandates = ()
    talk.types("batal")
    talk.presses("drop")
    assert talk.chat.batch is None or talk.chat.batch.items == ()


def test_the_menu_of_a_facilitator_begins_with_its_work_and_has_six_options() -> None:
    talk = facilitator()
    values = [button.payload.split(":")[1] for button in talk.last.say.buttons]
    assert values == ["relaying", "new", "mine", "schedule", "settings", "data"]


def test_ones_own_draft_is_settled_first() -> None:
    talk = facilitator()
    talk.types("usulan baru")
    said = talk.types("/titip")
    assert said[0].keys == ("relay.settle", "arrival.unfinished")


# Gathering


def test_thirty_voices_of_all_origins_get_one_reply_after_the_quiet_window() -> None:
    talk = facilitator()
    talk.types("/titip")
    said = [shown for number in range(30) for shown in talk.forwards(ORIGINS[number % 4])]
    assert said == []
    assert talk.chat.quiet_at is not None
    assert talk.chat.quiet_at - talk.at >= GATHERING - timedelta(seconds=1)
    answered = talk.is_quiet()
    assert len(answered) == 1
    assert "Saya terima 30 suara (3 menit 30 detik)" in answered[0].message.text


def test_who_forwards_at_the_menu_has_begun() -> None:
    talk = facilitator()
    assert talk.forwards() == []
    talk.forwards("channel")
    assert "2 suara" in talk.is_quiet()[0].message.text
    stranger = Talk()
    stranger.starts()
    assert stranger.forwards()[0].keys[0] == "puzzled.forwarded"
    assert stranger.chat.batch is None


def test_before_the_window_is_over_nothing_is_said() -> None:
    talk = facilitator()
    talk.types("/titip")
    talk.forwards()
    assert talk.happens(events.Quieted(at=talk.at)) == []


@pytest.mark.parametrize("origin", ORIGINS)
def test_each_origin_is_kept_with_its_item(origin: Origin) -> None:
    talk = facilitator()
    talk.types("/titip")
    talk.forwards(origin)
    assert talk.chat.batch is not None
    assert [item.origin for item in talk.chat.batch.items] == [origin]


def test_recorded_typed_and_pictured_items_count_too() -> None:
    talk = facilitator()
    talk.types("/titip")
    talk.speaks(12)
    talk.films(8)
    talk.pictures()
    talk.types("air sumur keruh")
    talk.forwards("chat", "text", text="listrik sering mati")
    text = talk.is_quiet()[0].message.text
    assert "1 suara (12 detik), 1 video (8 detik), 1 foto, dan 2 tulisan" in text


def test_each_file_is_fetched_as_it_comes_and_once() -> None:
    talk = gathered(3)
    assert talk.chat.batch is not None
    assert [file.unique_id for file in talk.world.kept] == [
        item.media.unique_id for item in talk.chat.batch.items if item.media
    ]


def test_the_same_file_twice_counts_once_and_is_said() -> None:
    talk = facilitator()
    talk.types("/titip")
    file = talk.file(9, 100)
    talk.forwards(file=file)
    talk.forwards("channel", file=file)
    text = talk.is_quiet()[0].message.text
    assert "1 suara" in text
    assert "1 kiriman datang dua kali" in text
    assert len(talk.world.kept) == 1


def test_what_was_relayed_before_is_not_relayed_again() -> None:
    talk = gathered(1)
    assert talk.chat.batch is not None
    file = talk.chat.batch.items[0].media
    talk.presses("one")
    person_done(talk, "Bu Siti")
    talk.types("/titip")
    talk.forwards("user", file=file)
    assert talk.chat.batch is not None
    assert (talk.chat.batch.items, talk.chat.batch.doubled) == ((), 1)


@pytest.mark.parametrize(
    ("seconds", "size", "kind", "says"),
    [
        (0, 9, "voice", "terlalu pendek"),
        (301, 9, "voice", "5 menit"),
        (9, 21 * 1024 * 1024, "voice", "20 MB"),
        (9, 9, "other", "bukan suara"),
    ],
)
def test_a_faulty_item_is_named_and_costs_no_other(seconds: int, size: int, kind: str, says: str) -> None:
    talk = facilitator()
    talk.types("/titip")
    talk.forwards()
    talk.forwards("user", kind, seconds=seconds, size=size)  # type: ignore[arg-type]
    talk.forwards()
    text = talk.is_quiet()[0].message.text
    assert "2 suara" in text
    assert says in text


def test_sixty_items_fit_and_the_next_is_named() -> None:
    talk = facilitator()
    talk.types("/titip")
    for _ in range(61):
        talk.forwards()
    assert talk.chat.batch is not None
    assert len(talk.chat.batch.items) == 60
    assert "titipan sudah penuh" in talk.is_quiet()[0].message.text


def test_more_may_come_while_a_person_is_told_of() -> None:
    talk = gathered(2)
    talk.presses("several")
    talk.types("1")
    talk.presses("done")
    assert talk.forwards() == []
    assert talk.forwards() == []
    assert "4 suara" in talk.is_quiet()[0].message.text
    talk.types("1")
    assert talk.chat.step == "relay.maturity"
    assert talk.chat.batch is not None
    assert len(talk.chat.batch.items) == 4


def test_an_unfinished_batch_is_offered_on_the_next_titip() -> None:
    talk = gathered(3)
    talk.types("menu")
    said = talk.types("/titip")
    assert said[0].keys == ("relay.waiting",)
    talk.presses("resume")
    assert talk.chat.step == "relay.gather"


def test_nothing_is_lost_when_the_chat_is_stored_and_read() -> None:
    talk = gathered(3)
    talk.presses("one")
    talk.presses("guardian")
    assert round_trip(talk.chat) == talk.chat


def test_an_edited_text_changes_the_item_and_the_persons_draft() -> None:
    talk = facilitator()
    talk.types("/titip")
    talk.types("air keruh")
    number = talk.number
    talk.is_quiet()
    talk.types("1")
    talk.edits(number, "air sumur keruh")
    assert talk.chat.batch is not None
    assert talk.chat.draft is not None
    assert [item.text for item in talk.chat.batch.items] == ["air sumur keruh"]
    assert [part.text for part in talk.chat.draft.parts] == ["air sumur keruh"]


# Sharing out


def test_thirty_voices_of_eleven_people_with_two_doubles_each_given_once() -> None:
    talk = facilitator()
    talk.types("/titip")
    files = [talk.file(5 + n, 1000 + n) for n in range(30)]
    files = [replace(file, unique_id=f"unique-{n}") for n, file in enumerate(files)]
    for number, file in enumerate([*files, files[3], files[17]]):
        talk.forwards(ORIGINS[number % 4], file=file)
    assert "30 suara" in talk.is_quiet()[0].message.text
    talk.presses("several")
    for person, share in enumerate(("1-3", *["2 4 1"] * 8, "1 2", "1")):
        talk.types(share)
        talk.presses("done")
        said = person_done(talk, f"Warga {person}")
        talk.at += timedelta(minutes=1)
        if person < 10:
            talk.presses("next")
    assert "Selesai: 11 orang, 30 suara" in said[-1].message.text
    sent = [part.media.unique_id for one in talk.world.relayed for part in one.draft.parts if part.media]
    assert sorted(sent) == sorted(file.unique_id for file in files)
    assert len(talk.world.relayed) == 11
    assert talk.chat.batch is None


def test_items_are_picked_by_several_numbers_and_by_ranges() -> None:
    talk = gathered(5)
    talk.presses("several")
    talk.types("1 3")
    talk.types("4-5")
    talk.presses("done")
    assert talk.chat.batch is not None
    assert talk.chat.draft is not None
    items = talk.chat.batch.items
    assert talk.chat.draft.parts == (items[0], items[2], items[3], items[4])


def test_each_item_is_listed_six_at_a_time_with_what_ends_the_picking() -> None:
    talk = gathered(8)
    said = talk.presses("several")
    values = [button.payload.split(":")[1] for button in said[0].say.buttons]
    assert len(values) == 6 + 3
    assert values[-3:] == ["done", "all", "~"]
    assert "1. Suara 10 detik, terusan" in said[0].message.text
    page = talk.presses("~")
    assert [b.payload.split(":")[1] for b in page[0].say.buttons][2:] == ["done", "all", "~"]
    picked = talk.types("7")
    assert [b.payload.split(":")[1] for b in picked[0].say.buttons][2:] == ["done", "all", "~"]


def test_items_that_look_alike_are_told_apart() -> None:
    talk = facilitator()
    talk.types("/titip")
    talk.forwards(seconds=7)
    talk.forwards(seconds=7)
    talk.is_quiet()
    labels = [button.label for button in talk.presses("several")[0].message.buttons]
    assert labels[:2] == ["Suara 7 detik, terusan, ke-1", "Suara 7 detik, terusan, ke-2"]


def test_nothing_picked_is_no_person() -> None:
    talk = gathered(2)
    talk.presses("several")
    talk.presses("done")
    assert talk.chat.step == "relay.items"


def test_what_is_left_is_offered_until_it_is_given_or_set_aside_by_choice() -> None:
    talk = gathered(3)
    talk.presses("several")
    talk.types("1")
    talk.presses("done")
    said = person_done(talk, "Bu Siti")
    assert said[-1].keys == ("relay.left",)
    talk.presses("aside")
    talk.presses("back")
    assert talk.chat.batch is not None
    assert len(talk.chat.batch.items) == 2
    talk.types("/titip")
    talk.presses("aside")
    said = talk.presses("drop")
    assert "Selesai: 1 orang, 1 suara" in said[0].message.text


@pytest.mark.parametrize("word", ["kembali", "menu", "ulangi", "bantuan", "batal"])
@pytest.mark.parametrize(
    "step", ["relay.items", "relay.name", "relay.summary", "relay.consent", "relay.check"]
)
def test_no_global_word_loses_an_item(step: str, word: str) -> None:
    talk = gathered(2)
    talk.presses("several")
    if step != "relay.items":
        talk.types("1 2")
        talk.presses("done")
        talk.presses("adult")
        while talk.chat.step != step:
            if talk.chat.step == "relay.name":
                talk.types("Bu Siti")
                tells_rest(talk, step)
    before = talk.chat.batch
    talk.types(word)
    assert talk.chat.batch == before
