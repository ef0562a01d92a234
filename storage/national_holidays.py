"""Writes storage/data/national_holidays.toml: the holidays and joint leave that the installed `holidays` package knows.

    python -m storage.national_holidays 2025 2030

Run it when a newer version of the package is installed; a test says when the two differ.
"""

from __future__ import annotations

import sys

from storage.working_days import NATIONAL, of_package

HEAD = """\
# National holidays and joint leave of Indonesia, from the Python package `holidays`: written by
# `python -m storage.national_holidays`, not by hand. Own additions belong into holidays.toml.
# Days of the Islamic calendar of years to come are estimates ("perkiraan").
"""


def main(first: int, last: int) -> None:
    """Write the years from `first` to `last`, both included."""
    days = {day: name for year in range(first, last + 1) for day, name in of_package(year).items()}
    lines = [f'{day.isoformat()} = "{name}"' for day, name in sorted(days.items())]
    NATIONAL.write_text(HEAD + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
