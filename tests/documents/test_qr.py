"""QR codes are big enough to scan, keep their quiet zone, and look the same on a dark and a light terminal."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot import qr

LINK = "https://t.me/SuaraLampungTimurBot?start=u" + "a" * 32


def test_picture_is_square_and_one_module_is_as_many_pixels_as_asked() -> None:
    small, large = (Image.open(BytesIO(qr.png(LINK, scale))) for scale in (4, 8))
    assert small.width == small.height
    assert (large.width, large.height) == (2 * small.width, 2 * small.height)


def test_quiet_zone_of_four_modules_is_white_and_the_finder_begins_right_after_it() -> None:
    picture = Image.open(BytesIO(qr.png(LINK, 8))).convert("L")
    margin = qr.QUIET * 8
    assert picture.crop((0, 0, picture.width, margin)).getextrema() == (255, 255)
    assert picture.crop((0, 0, margin, picture.height)).getextrema() == (255, 255)
    assert picture.getpixel((margin, margin)) == 0


def test_terminal_shows_the_modules_of_the_picture() -> None:
    picture = Image.open(BytesIO(qr.png(LINK, 1))).convert("L")
    dark = [[picture.getpixel((x, y)) == 0 for x in range(picture.width)] for y in range(picture.height)]
    assert _modules(qr.terminal(LINK))[: picture.height] == dark


def test_terminal_sets_both_colours_on_each_line_and_resets_them() -> None:
    lines = qr.terminal(LINK).splitlines()
    assert all(line.startswith("\x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m") for line in lines)
    assert len({len(line) for line in lines}) == 1


def test_text_too_long_for_any_code_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="Data too large"):
        qr.png("x" * 5000)


def _modules(shown: str) -> list[list[bool]]:
    halves = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
    found = []
    for line in shown.splitlines():
        pairs = [halves[char] for char in line.partition("m")[2].removesuffix("\x1b[0m")]
        found += [[top for top, _ in pairs], [bottom for _, bottom in pairs]]
    return found
