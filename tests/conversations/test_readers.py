"""Readers alone: what each makes of an event, at the edges of what it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conversations import readers
from conversations.chat import Chat, Draft, Held, Media, Part
from conversations.events import AnyEvent, Edited, Filmed, Located, Pictured, Spoke, Typed
from conversations.readers import (
    BIGGEST_FILE,
    LONGEST_RECORDING,
    MOST_PARTS,
    MOST_WORDS,
    hold_words,
    media_fault,
    new_draft,
    read_code,
    read_kecamatan,
    read_landmark,
    read_name,
    read_need,
    read_number,
    read_part,
    read_village,
    rewrite,
)
from conversations.table import Seen
from tests.conversations.literal_facts import (
    MINE,
    NOON,
    PRIVATE,
    PUBLIC,
    UNUSED,
    VILLAGES,
    LiteralFacts,
    view,
)
from tests.conversations.model_world import CODE

CHAT = Chat(id=1, draft=Draft(serial=1, begun_at=NOON))


def typed(text: str, message: int = 5) -> Typed:
    """A text message."""
    return Typed(at=NOON, message=message, text=text)


def voice(seconds: int = 7, size: int = 9) -> Spoke:
    """A voice note."""
    media = Media(file_id="f", unique_id="u", seconds=seconds, bytes=size)
    return Spoke(at=NOON, message=6, kind="voice", media=media)


def seen(event: AnyEvent, chat: Chat = CHAT, **facts: Any) -> Seen:
    """A chat with an empty draft, and what came."""
    return Seen(chat, event, LiteralFacts(**facts))


def part(text: str, message: int = 1) -> Part:
    """A text part."""
    return Part(kind="text", message=message, text=text)


# Parts


@pytest.mark.parametrize(
    ("seconds", "size", "fault"),
    [
        (0, 0, "too_short"),
        (1, 0, None),
        (LONGEST_RECORDING, BIGGEST_FILE, None),
        (LONGEST_RECORDING + 1, 0, "too_long"),
        (7, BIGGEST_FILE + 1, "too_big"),
        (0, BIGGEST_FILE + 1, "too_big"),
    ],
)
def test_a_recording_lasts_one_second_to_five_minutes_and_is_no_bigger_than_a_bot_may_fetch(
    seconds: int, size: int, fault: str | None
) -> None:
    assert media_fault(Media(file_id="f", unique_id="u", seconds=seconds, bytes=size)) == fault


def test_a_photo_has_no_length() -> None:
    assert media_fault(Media(file_id="f", unique_id="u"), photo=True) is None


def test_words_are_kept_as_they_were_written_but_for_the_space_around_them() -> None:
    read = read_part(seen(typed("  <b>Jalan</b> & jembatan\n")))
    assert read is not None
    assert read.chat.draft is not None
    assert read.chat.draft.parts == (part("<b>Jalan</b> & jembatan", 5),)


def test_a_file_is_fetched_and_its_caption_kept() -> None:
    film = Filmed(at=NOON, message=6, kind="video_note", media=voice().media, caption="", album="")
    photo = Pictured(at=NOON, message=7, media=voice().media, caption="jalan", album="9")
    for event, text, album in ((film, "", ""), (photo, "jalan", "9")):
        read = read_part(seen(event))
        assert read is not None
        assert len(read.effects) == 1
        assert read.chat.draft is not None
        assert (read.chat.draft.parts[0].text, read.chat.draft.parts[0].album) == (text, album)


def test_an_answer_holds_so_many_parts_and_words_and_no_more() -> None:
    many = CHAT.with_draft(parts=tuple(part("x", n) for n in range(MOST_PARTS)))
    long = CHAT.with_draft(parts=(part("x" * (MOST_WORDS - 3)),))
    assert read_part(seen(typed("satu"), many)).outcome == "full"  # type: ignore[union-attr]
    assert read_part(seen(typed("satu"), long)).outcome == "full"  # type: ignore[union-attr]
    assert read_part(seen(typed("dua"), long)).outcome == "part"  # type: ignore[union-attr]


def test_what_is_full_is_not_changed_and_fetches_nothing() -> None:
    many = CHAT.with_draft(parts=tuple(part("x", n) for n in range(MOST_PARTS)))
    read = read_part(seen(voice(), many))
    assert read is not None
    assert (read.chat, read.effects) == (many, ())


def test_a_new_need_takes_the_place_of_the_old_even_when_that_was_full() -> None:
    many = CHAT.with_draft(parts=tuple(part("x", n) for n in range(MOST_PARTS)))
    read = read_need(seen(typed("sumur kering"), many))
    assert read is not None
    assert read.chat.draft is not None
    assert read.chat.draft.words() == "sumur kering"


@pytest.mark.parametrize("text", ["", "   ", "😀", "...", "?!", "\u200f"])
def test_what_has_no_letter_or_digit_is_no_part(text: str) -> None:
    assert read_part(seen(typed(text))) is None
    assert read_landmark(seen(typed(text))) is None


def test_without_a_draft_nothing_is_kept() -> None:
    assert read_part(seen(typed("jalan"), Chat(id=1))) is None


# Held words


@pytest.mark.parametrize("text", ["halo", "selamat pagi", "😀 😀 😀", ""])
def test_a_stray_word_is_not_held(text: str) -> None:
    assert hold_words(seen(typed(text), Chat(id=1))) is None


def test_held_messages_add_up_to_no_more_than_an_answer() -> None:
    full = Chat(id=1, held=Held(parts=tuple(part("x", n) for n in range(MOST_PARTS)), at=NOON))
    long = Chat(id=1, held=Held(parts=(part("x" * MOST_WORDS),), at=NOON))
    for chat in (full, long):
        assert hold_words(seen(typed("jalan di depan rusak"), chat)) is None


def test_a_recording_that_cannot_be_used_is_not_held() -> None:
    assert hold_words(seen(voice(seconds=0), Chat(id=1))) is None
    assert hold_words(seen(voice(), Chat(id=1))) is not None


# Places


def test_a_village_found_forgets_what_it_was_chosen_among() -> None:
    before = CHAT.with_draft(candidates=VILLAGES[:2], listed="18.07.01")
    read = read_village(seen(typed("Srigading"), before))
    assert read is not None
    assert read.chat.draft is not None
    assert (read.outcome, read.chat.draft.candidates, read.chat.draft.listed) == ("found", (), "")


def test_the_same_sound_in_two_kecamatan_is_one_name() -> None:
    read = read_village(seen(typed("Mekar Jaya")))
    assert read is not None
    assert read.outcome == "several"


def test_near_names_are_offered_and_not_taken() -> None:
    read = read_village(seen(typed("rajabsa")))
    assert read is not None
    assert read.chat.draft is not None
    assert (read.outcome, read.chat.draft.village) == ("close", None)


def test_no_name_at_all_is_not_understood() -> None:
    assert read_village(seen(typed("antah berantah"))) is None
    assert read_village(seen(voice())) is None


def test_a_kecamatan_is_only_one_of_those_in_question() -> None:
    asked = CHAT.with_draft(candidates=tuple(v for v in VILLAGES if v.name in {"Mekar Jaya", "Mekarjaya"}))
    for text, kecamatan in (
        ("Jabung", "Jabung"),
        ("KEC. JABUNG", "Jabung"),
        ("kecamatan sukadana", "Sukadana"),
    ):
        read = read_kecamatan(seen(typed(text), asked))
        assert read is not None
        assert read.chat.draft is not None
        assert read.chat.draft.village is not None
        assert read.chat.draft.village.kecamatan == kecamatan
    assert read_kecamatan(seen(typed("Pekalongan"), asked)) is None
    assert read_kecamatan(seen(typed(""), asked)) is None


def test_a_landmark_is_bounded() -> None:
    read = read_landmark(seen(typed("a" * 5000)))
    assert read is not None
    assert read.chat.draft is not None
    assert read.chat.draft.landmark is not None
    assert len(read.chat.draft.landmark.text) == 500


def test_a_pin_and_words_replace_each_other() -> None:
    words = read_landmark(seen(typed("pasar")))
    assert words is not None
    pin = read_landmark(seen(Located(at=NOON, latitude=1, longitude=2), words.chat))
    assert pin is not None
    again = read_landmark(seen(typed("pasar"), pin.chat))
    assert again is not None
    held = [read.chat.draft for read in (words, pin, again) if read.chat.draft is not None]
    assert [(bool(draft.landmark), bool(draft.pin)) for draft in held] == [
        (True, False),
        (False, True),
        (True, False),
    ]


# Numbers and codes


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (MINE, "known"),
        (PUBLIC, "known"),
        (PRIVATE, "unknown"),
        (UNUSED, "unknown"),
        ("482-913-1", "mistyped"),
    ],
)
def test_a_private_number_and_an_unused_one_read_alike(text: str, outcome: str) -> None:
    read = read_number(seen(typed(text), own=(view(MINE),)))
    assert read is not None
    assert read.outcome == outcome


def test_five_wrong_numbers_in_an_hour_slow_the_sixth_down() -> None:
    chat = CHAT
    for _ in range(5):
        read = read_number(seen(typed(UNUSED), chat))
        assert read is not None
        chat = read.chat
    slowed = read_number(seen(typed(PUBLIC), chat))
    assert slowed is not None
    assert slowed.outcome == "slowed"
    later = replace(typed(PUBLIC), at=NOON + timedelta(hours=1))
    known = read_number(seen(later, chat))
    assert known is not None
    assert known.outcome == "known"


def test_a_typing_error_is_no_guess() -> None:
    read = read_number(seen(typed("4829131")))
    assert read is not None
    assert read.chat.guesses == ()


def test_a_code_is_read_with_its_groups_and_its_errors_noticed() -> None:
    grouped = "-".join((CODE[:3], CODE[3:6], CODE[6:9], CODE[9:]))
    assert read_code(seen(typed(grouped))).outcome == "code"  # type: ignore[union-attr]
    assert read_code(seen(typed(CODE[:-1]))).outcome == "mistyped"  # type: ignore[union-attr]
    assert read_code(seen(typed("kode saya hilang"))) is None


@pytest.mark.parametrize(
    ("name", "outcome"), [("Bu  Siti", "named"), ("n" * 60, "named"), ("n" * 61, "too_long")]
)
def test_a_name_is_at_most_sixty_letters(name: str, outcome: str) -> None:
    read = read_name(seen(typed(name)))
    assert read is not None
    assert read.outcome == outcome
    assert read.chat.picked == ((" ".join(name.split()),) if outcome == "named" else ())


# Edits


def test_an_edit_is_bounded_like_the_answer() -> None:
    chat = CHAT.with_draft(parts=(part("a" * 15_000, 1), part("b", 2)))
    changed = rewrite(chat, Edited(at=NOON, message=2, text="c" * 9000))
    assert changed is not None
    assert changed.draft is not None
    assert len(changed.draft.words().replace("\n", "")) == MOST_WORDS


def test_a_caption_may_be_edited_away_and_words_may_not() -> None:
    photo = replace(part("jalan", 1), kind="photo", media=voice().media)
    chat = CHAT.with_draft(parts=(photo, part("rusak", 2)))
    assert rewrite(chat, Edited(at=NOON, message=1, text="")) is not None
    assert rewrite(chat, Edited(at=NOON, message=2, text="")) is None
    assert rewrite(chat, Edited(at=NOON, message=3, text="apa")) is None


def test_a_new_draft_has_the_next_serial_and_nothing_of_the_old() -> None:
    chat = new_draft(Chat(id=1, drafts=3, trail=("a",), held=Held(parts=(), at=NOON)), seen(typed("x")))
    assert chat.draft is not None
    assert (chat.draft.serial, chat.drafts, chat.trail, chat.held) == (4, 4, (), None)


def test_the_bounds_are_those_that_the_texts_name() -> None:
    """Five minutes, 20 MB, 60 letters: whoever changes one changes the texts `media.*` and `name.*` too."""
    assert (LONGEST_RECORDING, BIGGEST_FILE, readers.LONGEST_NAME) == (5 * 60, 20 * 2**20, 60)
