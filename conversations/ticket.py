"""Ticket numbers as people say and type them: digits, the last a check digit by Damm's method.

Damm's quasigroup (H. M. Damm, 2004) catches every single wrong digit and every swap of neighbours.
"""

from __future__ import annotations

import re
from typing import Final, Literal

_DAMM: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
TICKET_LENGTHS: Final = (7, 9)
CODE_LENGTH: Final = 11
_SEPARATORS: Final = re.compile(r"[\s.\-–—_/]+")
_NUMBER: Final = re.compile(r"[0-9]+")


def check_digit(digits: str) -> str:
    """The digit that makes `digits` a valid number."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def is_valid(number: str) -> bool:
    """Whether the last digit of a number is its check digit."""
    return _NUMBER.fullmatch(number) is not None and check_digit(number) == "0"


def digits_of(text: str) -> str:
    """The digits of a number that was typed with spaces, dots or dashes; "" when it holds anything else."""
    bare = _SEPARATORS.sub("", text)
    return bare if _NUMBER.fullmatch(bare) else ""


def read_ticket(text: str) -> tuple[Literal["valid", "mistyped"], str] | None:
    """A typed ticket, told apart from a typing error; None when the text is no number of that length."""
    digits = digits_of(text)
    if not min(TICKET_LENGTHS) - 1 <= len(digits) <= max(TICKET_LENGTHS) + 1:
        return None
    right = len(digits) in TICKET_LENGTHS and is_valid(digits)
    return ("valid" if right else "mistyped"), digits


def grouped(number: str) -> str:
    """A number in groups of three that can be read aloud: 482-913-8."""
    return "-".join(number[i : i + 3] for i in range(0, len(number), 3))
