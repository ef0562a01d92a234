"""A receipt as a picture: black on white, in large print, with a QR code that a cheap camera reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot import qr

SIZE: Final = (874, 620)
"""Pixels: A6 landscape (148 by 105 mm) at 150 dots an inch."""

DOTS: Final = 150
MARGIN: Final = 22
WORDS: Final = 34
"""Pixels: 16 points at 150 dots an inch."""

SIZES: Final = {"card.ticket": 58, "card.code": 44}
MODULE: Final = 6
"""Pixels of one module of the QR code: one millimetre."""

LEADING: Final = 1.15
MOST_LINES: Final = {"card.said": 2, "card.claim": 5}
USUAL_LINES: Final = 3
"""Lines of one entry at most: what has no room here stands in the caption."""

ELLIPSIS: Final = "…"
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw(lines: Sequence[tuple[str, str]], link: str) -> bytes:
    """A PNG of these lines (key and words) from top to bottom, with the QR code of `link` ("" for none)."""
    picture = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(picture)
    side = _paste_code(picture, link) if link else 0
    top = float(MARGIN)
    for key, words in lines:
        size = SIZES.get(key, WORDS)
        column = _Column(pen, ImageFont.load_default(size), size * LEADING, side)
        for line in column.wrapped(words, top, MOST_LINES.get(key, USUAL_LINES)):
            pen.text((MARGIN, top), line, fill=0, font=column.font)
            top += column.height
    buffer = BytesIO()
    picture.save(buffer, "PNG", dpi=(DOTS, DOTS))
    return buffer.getvalue()


def _paste_code(picture: Image.Image, link: str) -> int:
    """Put the code into the corner; returns its side with the quiet zone, in pixels."""
    code = Image.open(BytesIO(qr.png(link, MODULE))).convert("L")
    picture.paste(code, (SIZE[0] - code.width, SIZE[1] - code.height))
    return code.width


@dataclass(frozen=True, slots=True)
class _Column:
    """Where words flow: in a font, in lines of a height, around a QR code whose sides are `side` pixels long."""

    pen: ImageDraw.ImageDraw
    font: Font
    height: float
    side: int

    def wrapped(self, words: str, top: float, most: int) -> Iterator[str]:
        """At most so many lines, none below the edge; the last one says when there is more."""
        rest = " ".join(words.split())
        for number in range(1, most + 1):
            bottom = top + number * self.height
            if not rest or bottom > SIZE[1]:
                return
            line = self._fitting(rest, self._room(bottom))
            rest = rest[len(line) :].strip()
            yield line.rstrip() + (ELLIPSIS if rest and number == most else "")

    def _fitting(self, words: str, room: float) -> str:
        """As much of the words as fits, cut at a space where there is one."""
        length = len(words)
        while length > 1 and self.pen.textlength(words[:length].rstrip() + ELLIPSIS, self.font) > room:
            length = words.rfind(" ", 0, length - 1) + 1 or length - 1
        return words[:length]

    def _room(self, bottom: float) -> float:
        """Pixels that a line may be wide that ends at `bottom`."""
        beside = self.side and bottom > SIZE[1] - self.side
        return SIZE[0] - MARGIN - (self.side if beside else MARGIN)
