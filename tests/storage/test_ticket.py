"""Numbers that can be spoken, and whose typing errors are told from unused ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.ticket import check_digit, digits_of, grouped, is_valid, read_ticket
from storage import ticket
from tests.storage.world import seeded

numbers = st.integers(0, 10**6 - 1).map(lambda n: f"{n:06}") | st.integers(0, 10**8 - 1).map(
    lambda n: f"{n:08}"
)
codes = st.integers(0, 10**10 - 1).map(lambda n: f"{n:010}")


def whole(digits: str) -> str:
    return digits + check_digit(digits)


@given(numbers | codes, st.data())
def test_every_single_wrong_digit_is_caught(digits: str, data: st.DataObject) -> None:
    sound = whole(digits)
    at = data.draw(st.integers(0, len(sound) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != sound[at]]))
    assert is_valid(sound)
    assert not is_valid(sound[:at] + wrong + sound[at + 1 :])


@given(numbers | codes, st.data())
def test_every_swap_of_neighbours_is_caught(digits: str, data: st.DataObject) -> None:
    sound = whole(digits)
    at = data.draw(st.integers(0, len(sound) - 2))
    swapped = sound[:at] + sound[at + 1] + sound[at] + sound[at + 2 :]
    assert swapped == sound or not is_valid(swapped)


def test_every_error_of_one_number_is_caught_exhaustively() -> None:
    sound = whole("482913")
    errors = {sound[:at] + d + sound[at + 1 :] for at in range(7) for d in "0123456789"} - {sound}
    assert [error for error in errors if is_valid(error)] == []


@given(numbers, st.sampled_from(["-", " ", ".", " - ", "\u2013"]))
def test_what_people_type_between_the_digits_does_not_matter(digits: str, between: str) -> None:
    sound = whole(digits)
    typed = between.join([sound[:3], sound[3:6], sound[6:]])
    assert read_ticket(f"  {typed} ") == ("valid", sound)


def test_a_wrong_check_digit_is_a_typing_error_and_not_an_unused_number() -> None:
    sound = whole("482913")
    wrong = sound[:-1] + str((int(sound[-1]) + 1) % 10)
    assert read_ticket(wrong) == ("mistyped", wrong)


def test_numbers_widen_when_a_tenth_of_the_short_ones_is_used() -> None:
    assert ticket.width(0) == 6
    assert ticket.width(99_999) == 6
    assert ticket.width(100_000) == 8


@given(st.integers(), st.sampled_from([0, 99_999, 100_000]))
def test_what_is_drawn_is_sound_and_free(seed: int, used: int) -> None:
    first = ticket.draw(seeded(seed), used, lambda _: False)
    second = ticket.draw(seeded(seed), used, lambda number: number == first)
    assert read_ticket(first) == ("valid", first)
    assert second != first
    assert len(first) == len(second) == ticket.width(used) + 1


@given(st.integers())
def test_a_recovery_code_is_read_as_typed(seed: int) -> None:
    code = ticket.draw_code(seeded(seed))
    assert len(code) == 11
    assert digits_of(grouped(code)) == code
    assert is_valid(code)


def test_a_digest_recognises_its_code_alone() -> None:
    secrets = ticket.Secrets(["key-one"])
    digest = secrets.digest("4829137", "12345678901")
    assert secrets.matches("4829137", "12345678901", digest)
    assert not secrets.matches("4829137", "12345678902", digest)
    assert not secrets.matches("4829138", "12345678901", digest)


def test_a_digest_is_worthless_without_the_key() -> None:
    digest = ticket.Secrets(["key-one"]).digest("4829137", "12345678901")
    assert not ticket.Secrets(["key-two"]).matches("4829137", "12345678901", digest)


def test_codes_survive_a_rotation_of_keys() -> None:
    digest = ticket.Secrets(["old"]).digest("4829137", "12345678901")
    assert ticket.Secrets(["new", "old"]).matches("4829137", "12345678901", digest)


def test_a_digest_tells_whether_the_first_key_made_it_and_old_ones_without_a_name_are_read() -> None:
    digest = ticket.Secrets(["old"]).digest("4829137", "12345678901")
    assert digest.startswith(ticket.Secrets(["old", "new"]).newest)
    assert not digest.startswith(ticket.Secrets(["new", "old"]).newest)
    assert ticket.Secrets(["old"]).matches("4829137", "12345678901", digest.partition(".")[2])


def test_secrets_without_a_key_are_refused_and_never_printed() -> None:
    with pytest.raises(ValueError, match="DATA_KEYS"):
        ticket.Secrets([])
    assert "key-one" not in repr(ticket.Secrets(["key-one"]))


def test_a_pseudonym_means_nothing_outside_its_scope() -> None:
    secrets = ticket.Secrets(["key-one"])
    assert secrets.pseudonym("a", 7) == secrets.pseudonym("a", 7)
    assert secrets.pseudonym("a", 7) != secrets.pseudonym("b", 7)
    assert len(secrets.pseudonym("a", 7)) == 16


def test_a_pseudonym_is_found_while_the_key_that_made_it_is_left() -> None:
    old = ticket.Secrets(["old"]).pseudonym("a", 7)
    assert old in ticket.Secrets(["new", "old"]).pseudonyms("a", 7)
    assert old not in ticket.Secrets(["new"]).pseudonyms("a", 7)
