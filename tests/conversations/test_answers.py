"""Understanding a choice: numbers, labels, synonyms, several at once, pages, and what is none of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations.answers import choose, names_option, press, take_all, turn_page
from conversations.chat import Chat
from conversations.effects import Line
from conversations.events import AnyEvent, Located, Typed
from conversations.table import Ask, Option, Reading, Seen, option
from conversations.walk import TURN_PAGE
from tests.conversations.literal_facts import NOON, LiteralFacts, real_words

WORDS = real_words()
FEW = (option("public", "visibility.public"), option("private", "visibility.private"))
ASK = Ask(
    name="a",
    says="a",
    options=FEW,
    rescue=(option("human", "rescue.human"),),
    keep=lambda chat, value: replace(chat, focus=value),
)
GROUPS = tuple(option(name, f"group.{name}", "toggled") for name in ("children", "elderly", "women"))
SEVERAL = replace(ASK, options=(*GROUPS, option("done", "group.done")), several=True)
MANY = replace(
    ASK,
    options=(),
    rescue=(),
    offers=lambda _seen: tuple(
        Option(f"v{number}", Line("region.name", {"name": f"Desa {number}"}), "picked")
        for number in range(1, 9)
    ),
    leads=("picked",),
    page=3,
)


def seen(event: AnyEvent, **chat: object) -> Seen:
    """A chat and what came."""
    return Seen(Chat(id=1, **chat), event, LiteralFacts())  # type: ignore[arg-type]


def typed(text: str, step: Ask = ASK, **chat: object) -> Reading[str] | None:
    """What a typed text chooses."""
    return choose(step, seen(Typed(at=NOON, text=text), **chat), WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "2.",
        "2)",
        "no 2",
        "No. 2",
        "nomor dua",
        "dua",
        "pilih 2",
        "Rahasia",
        " rahasia ",
        "RAHASIA!",
        "petugas saja",
    ],
)
def test_one_option_in_all_its_forms(text: str) -> None:
    read = typed(text)
    assert read is not None
    assert (read.outcome, read.chat.focus) == ("private", "private")


@pytest.mark.parametrize(
    "text", ["", " ", "😀", "0", "3", "1 2", "1-2", "satu setengah", "rahasia dong ya", "publik rahasia"]
)
def test_what_is_no_single_option_is_not_guessed(text: str) -> None:
    assert typed(text) is None


def test_only_typed_words_choose() -> None:
    assert choose(ASK, seen(Located(at=NOON, latitude=0, longitude=0)), WORDS) is None


def test_the_rescue_counts_only_after_three_failures() -> None:
    assert typed("3", failures=2) is None
    read = typed("3", failures=3)
    assert read is not None
    assert read.outcome == "human"


def test_a_rescue_is_not_kept() -> None:
    read = typed("3", failures=3)
    assert read is not None
    assert read.chat.focus == ""


def test_where_options_are_offered_only_those_are_kept() -> None:
    mixed = replace(MANY, options=(option("none", "intake.close.none"),), page=0)
    offered, fixed = typed("2", mixed), typed("9", mixed)
    assert offered is not None
    assert fixed is not None
    assert (offered.chat.focus, fixed.chat.focus) == ("v2", "")


def test_several_numbers_toggle_several_options() -> None:
    read = typed("1, 3", SEVERAL, picked=("women",))
    assert read is not None
    assert (read.outcome, read.chat.picked) == ("toggled", ("children",))


def test_the_same_number_twice_counts_once() -> None:
    read = typed("1 dan 1", SEVERAL)
    assert read is not None
    assert read.chat.picked == ("children",)


def test_a_mixture_of_toggling_and_going_on_is_not_guessed() -> None:
    assert typed("1, 4", SEVERAL) is None
    assert typed("1, 9", SEVERAL) is None


def test_one_of_two_numbers_is_not_chosen_where_only_one_may_be() -> None:
    assert typed("1, 2") is None


def test_a_name_that_two_options_share_is_not_guessed() -> None:
    twins = replace(ASK, options=(*FEW, option("other", "visibility.public")))
    assert typed("publik", twins) is None
    assert typed("3", twins) is not None


def test_while_parts_are_gathered_a_number_is_words_and_a_label_a_choice() -> None:
    assert typed("2", quiet_at=NOON) is None
    read = typed("rahasia", quiet_at=NOON)
    assert read is not None
    assert read.outcome == "private"


def test_numbers_count_through_all_pages() -> None:
    read = typed("8", MANY)
    assert read is not None
    assert read.chat.focus == "v8"


@pytest.mark.parametrize("text", ["lihat pilihan lain", "lagi", "berikutnya"])
def test_pages_turn_by_words_and_begin_again_after_the_last(text: str) -> None:
    pages = []
    chat: dict[str, object] = {}
    for _ in range(4):
        read = typed(text, MANY, **chat)
        assert read is not None
        assert read.outcome == TURN_PAGE
        chat = {"page": read.chat.page}
        pages.append(read.chat.page)
    assert pages == [1, 2, 0, 1]


def test_no_page_turns_where_all_options_fit() -> None:
    wide = replace(MANY, page=8)
    assert typed("lagi", wide) is None
    assert press(wide, seen(Typed(at=NOON, text="")), TURN_PAGE) is None
    nothing = replace(MANY, offers=lambda _seen: ())
    assert press(nothing, seen(Typed(at=NOON, text="")), TURN_PAGE) is None


def test_a_page_beyond_the_last_begins_again() -> None:
    """A list may have become shorter since its page was turned."""
    assert turn_page(MANY, seen(Typed(at=NOON, text=""), page=7)).chat.page == 2


def test_a_pressed_value_is_one_of_the_options() -> None:
    here = seen(Typed(at=NOON, text=""))
    read = press(ASK, here, "public")
    assert read is not None
    assert read.chat.focus == "public"
    assert press(ASK, here, "human") is None
    assert press(ASK, here, "") is None
    assert press(ASK, here, "PUBLIC") is None


def test_options_that_do_not_toggle_are_not_taken_together() -> None:
    assert take_all(ASK, seen(Typed(at=NOON, text="")), list(FEW)) is None


def test_an_option_is_named_by_its_label_or_by_a_synonym() -> None:
    here = seen(Typed(at=NOON, text=""))
    assert names_option(ASK, here, WORDS, "Rahasia", whole=True)
    assert not names_option(ASK, here, WORDS, "petugas saja", whole=True)
    assert names_option(ASK, here, WORDS, "petugas saja")
    assert not names_option(ASK, here, WORDS, "😀")
