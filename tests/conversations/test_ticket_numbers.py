"""Ticket numbers: said, typed, mistyped. Damm's method catches each wrong digit and each swap of neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.ticket import CODE_LENGTH, check_digit, digits_of, grouped, is_valid, read_ticket

DIGITS = st.text("0123456789", min_size=6, max_size=10)


def test_the_example_of_the_method() -> None:
    """572 has the check digit 4 (H. M. Damm, 2004)."""
    assert check_digit("572") == "4"
    assert is_valid("5724")


@given(DIGITS, st.data())
def test_every_wrong_digit_is_noticed(digits: str, data: st.DataObject) -> None:
    number = digits + check_digit(digits)
    place = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    assert not is_valid(number[:place] + other + number[place + 1 :])


@given(DIGITS, st.data())
def test_every_swap_of_neighbours_is_noticed(digits: str, data: st.DataObject) -> None:
    number = digits + check_digit(digits)
    place = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not is_valid(swapped)


@given(DIGITS)
def test_a_number_reads_back_as_it_was_grouped(digits: str) -> None:
    assert digits_of(grouped(digits)) == digits


@pytest.mark.parametrize(
    "typed", ["482-913-0", "482 913 0", "4829130", "482.913.0", " 482–913–0 ", "482_913/0"]
)
def test_a_ticket_is_read_however_it_is_grouped(typed: str) -> None:
    number = "482913" + check_digit("482913")
    said = typed.replace("0", number[-1]) if number[-1] != "0" else typed
    assert read_ticket(said) == ("valid", number)


@pytest.mark.parametrize("typed", ["482912", "48291301", "482913012345", "4829139"])
def test_a_number_of_about_that_length_is_a_typing_error_and_others_are_none(typed: str) -> None:
    read = read_ticket(typed)
    assert read is None if len(typed) > 10 else read is not None and read[0] == "mistyped"


@pytest.mark.parametrize("typed", ["", "tiket", "12", "12345", "4829130a", "٤٨٢٩١٣٠", "²²²²²²²", "1-2", "-"])
def test_what_is_no_number_is_not_read_as_one(typed: str) -> None:
    assert read_ticket(typed) is None


def test_a_recovery_code_is_ten_digits_and_a_check_digit() -> None:
    code = "1234567890" + check_digit("1234567890")
    assert len(code) == CODE_LENGTH
    assert grouped(code) == "123-456-789-0" + code[-1]
