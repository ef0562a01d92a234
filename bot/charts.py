"""Charts as pictures: lying bars with their numbers in large print, to be told apart without colours, too.

Drawn by matplotlib's Agg, without a screen, in its own DejaVu letters (issue 4). It is loaded when the first chart
is drawn: only whoever does errands needs it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH: Final = 8.0
"""Inches; the height follows the number of bars."""

DOTS: Final = 110  # an inch
HEAD: Final = 1.3  # inches for title and legend
EACH: Final = 0.42  # inches for a bar
THICK: Final = 0.8  # of the room of one row
NAME: Final = 26  # characters of a name in one line
TITLE: Final = 56
STYLES: Final = (("#1f4e79", ""), ("#e0a030", "//"))
"""Colour and hatching of each series."""

LETTERS: Final = 13  # points
_ONE_AT_A_TIME: Final = Lock()
"""matplotlib is not made for several threads (its documentation, "Working with threads")."""


@dataclass(frozen=True, slots=True)
class Row:
    """A name and one number for each series; None is hidden."""

    name: str
    numbers: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, top to bottom; `veiled` is written where a number is hidden."""

    title: str
    series: tuple[str, ...]
    rows: tuple[Row, ...]
    veiled: str


def draw(chart: Chart) -> bytes:
    """A PNG."""
    from matplotlib import rc_context  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415

    with _ONE_AT_A_TIME, rc_context({"font.family": "DejaVu Sans", "font.size": LETTERS}):
        height = HEAD + EACH * len(chart.rows) * len(chart.series)
        page = Figure(figsize=(WIDTH, height), dpi=DOTS, layout="constrained")
        page.suptitle(textwrap.fill(chart.title, TITLE), x=0.01, horizontalalignment="left")
        _fill(page.add_subplot(), chart)
        if len(chart.series) > 1:
            page.legend(loc="outside lower right", frameon=False, ncols=len(chart.series))
        buffer = BytesIO()
        page.savefig(buffer, format="png")
    return buffer.getvalue()


def _fill(axes: Axes, chart: Chart) -> None:
    for number, name in enumerate(chart.series):
        _bars(axes, chart, number, name)
    axes.set_yticks(range(len(chart.rows)), [_wrapped(row.name) for row in chart.rows])
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    axes.margins(x=0.15)
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def _bars(axes: Axes, chart: Chart, number: int, name: str) -> None:
    """One series; each bar ends with its number in words of figures, or says that it is hidden."""
    colour, hatch = STYLES[number % len(STYLES)]
    thick = THICK / len(chart.series)
    places = [at + (number - (len(chart.series) - 1) / 2) * thick for at in range(len(chart.rows))]
    counts = [row.numbers[number] for row in chart.rows]
    bars = axes.barh(places, _lengths(counts), thick, label=name, color=colour, hatch=hatch)
    axes.bar_label(bars, [chart.veiled if count is None else str(count) for count in counts], padding=4)


def _lengths(counts: Sequence[int | None]) -> list[int]:
    return [count or 0 for count in counts]


def _wrapped(name: str) -> str:
    return textwrap.fill(name, NAME)
