"""QR codes of deep links: a picture to print or send, and blocks for a terminal."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import segno

QUIET: Final = 4
"""Modules of empty margin on each side (ISO/IEC 18004, quiet zone)."""

_BLACK_ON_WHITE: Final = "\x1b[38;5;16;48;5;231m"
"""Fixed colours of the 256-colour cube, so that a dark terminal does not turn the code inside out."""

_PLAIN_AGAIN: Final = "\x1b[0m"
_BLOCKS: Final = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


def png(link: str, scale: int = 8) -> bytes:
    """A PNG, black on white, `scale` pixels for each module. Raises ValueError for what no QR code can hold."""
    buffer = BytesIO()
    _code(link).save(buffer, kind="png", scale=scale, border=QUIET)
    return buffer.getvalue()


def terminal(link: str) -> str:
    """Lines of half blocks, two rows of modules in each, in colours of their own: for dark and light terminals."""
    rows = [list(row) for row in _code(link).matrix_iter(border=QUIET)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    lines = ("".join(_BLOCKS[both] for both in zip(*pair, strict=True)) for pair in pairs)
    return "".join(f"{_BLACK_ON_WHITE}{line}{_PLAIN_AGAIN}\n" for line in lines)


def _code(link: str) -> segno.QRCode:
    """Error correction M: a smudge or a fold of the paper is survived."""
    return segno.make_qr(link, error="m")
