"""`python -m tests.benchmarks [--quick] [--only SECTION]`: measure, print, and write build/bench.md."""

from __future__ import annotations

import argparse
import time
from typing import Final

from tests.benchmarks import alike, broadcasting, sections, speaking
from tests.benchmarks.home import scratch
from tests.benchmarks.report import Report, machine

SECTIONS: Final = {
    "turns": sections.turns,
    "paced": sections.paced,
    "capacity": sections.capacity,
    "relayed": sections.relayed,
    "broadcast": broadcasting.broadcast,
    "similar": alike.similar,
    "desk": alike.desk,
    "beginning": sections.beginning,
    "speech": speaking.speech,
}
LONG: Final = frozenset({"paced", "relayed", "broadcast"})
"""Left out by --quick, unless asked for: people who think, and quiet windows, take their time."""


def main() -> None:
    """Run the sections one after the other; nothing here passes or fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="SQLite and aiogram alone, nobody who thinks: a minute"
    )
    parser.add_argument(
        "--only", choices=SECTIONS, action="append", help="this section alone; may be repeated"
    )
    chosen = parser.parse_args()
    size = sections.QUICK if chosen.quick else sections.FULL
    names = chosen.only or [name for name in SECTIONS if not (chosen.quick and name in LONG)]
    report, began = Report(), time.monotonic()
    with scratch() as folder:
        report.heading("Speed and size of Suara")
        report.table(("machine", ""), machine(folder))
        for name in names:
            SECTIONS[name](report, size, folder)
        report.table(("machine, in the end", ""), machine(folder)[1:4])
    report.words(f"Measured in {time.monotonic() - began:.0f} seconds.")
    report.write()


if __name__ == "__main__":
    main()
