"""The report: printed as it grows, and written to build/bench.md at the end."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Final

FILE: Final = Path("build/bench.md")
LIBRARIES: Final = ("aiogram", "python-telegram-bot", "sqlalchemy", "msgspec", "aiohttp")
LOOP: Final = 300_000
FSYNCS: Final = 25

Cell = str | int | float


class Report:
    """Headings, words and tables in Markdown."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def heading(self, words: str) -> None:
        """Begin a section."""
        self._add("", f"## {words}", "")

    def words(self, words: str) -> None:
        """A paragraph."""
        self._add(words, "")

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """A table; numbers to the right."""
        cells = [list(header), *([_shown(cell) for cell in row] for row in rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(header))]
        rule = [
            ("-" * width) if place == 0 else "-" * (width - 1) + ":" for place, width in enumerate(widths)
        ]
        for row in (cells[0], rule, *cells[1:]):
            self._add("| " + " | ".join(_placed(row, widths)) + " |")
        self._add("")

    def write(self) -> None:
        """Keep the report as a file."""
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text("\n".join(self._lines) + "\n", encoding="utf-8")

    def _add(self, *lines: str) -> None:
        self._lines.extend(lines)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()


def machine(folder: Path) -> list[tuple[str, str]]:
    """What these figures depend on."""
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("load average", ", ".join(f"{load:.1f}" for load in os.getloadavg())),
        ("a loop of 300,000 steps", f"{loop_ms():.1f} ms CPU"),
        ("fsync of 4 KiB", f"{fsync_ms(folder):.2f} ms"),
        ("Python", f"{platform.python_version()} on {platform.system()} {platform.release()}"),
        ("SQLite", f"{sqlite3.sqlite_version}, WAL, synchronous=FULL"),
        ("libraries", ", ".join(f"{name} {version(name)}" for name in LIBRARIES)),
    ]


def loop_ms() -> float:
    """CPU milliseconds of a plain loop, the median of five: how fast this machine is just now."""
    return median(_loop() for _ in range(5))


def _loop() -> float:
    began, total = time.process_time(), 0
    for number in range(LOOP):
        total += number
    return 1000 * (time.process_time() - began)


def fsync_ms(folder: Path) -> float:
    """Milliseconds until the disk has 4 KiB, the median."""
    times = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(FSYNCS):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(1000 * (time.perf_counter() - began))
    return median(times)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.{_digits(cell)}f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def _digits(number: float) -> int:
    """Three figures that count, at most three behind the point."""
    return 0 if number >= 100 else 1 if number >= 10 else 2 if number >= 1 else 3


def _placed(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    pairs = zip(row, widths, strict=True)
    return [
        cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in enumerate(pairs)
    ]
