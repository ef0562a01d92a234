"""Days and times as civil servants type them (issue 4)."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import Final

MONTHS: Final = (
    *("januari", "februari", "maret", "april", "mei", "juni"),
    *("juli", "agustus", "september", "oktober", "november", "desember"),
)
_DATE: Final = re.compile(r"(\d{1,2})\s*[-/. ]\s*([a-z]+|\d{1,2})\s*[-/. ]\s*(\d{4})\D+(\d{1,2})[.:](\d{2})")


def read_moment(words: str, zone: tzinfo) -> datetime | None:
    """A day and a time: "10 Februari 2026 09.00", "10-2-2026 09:00", "10/02/2026 pukul 09.00"; None for others."""
    found = _DATE.search(words.casefold())
    if found is None:
        return None
    day, month, year, hour, minute = found.groups()
    number = int(month) if month.isdecimal() else _month(month)
    try:
        return datetime(int(year), number, int(day), int(hour), int(minute), tzinfo=zone)
    except ValueError:
        return None


def _month(name: str) -> int:
    """The number of a month by the beginning of its name, 0 for none."""
    return next((n for n, known in enumerate(MONTHS, 1) if len(name) > 2 and known.startswith(name[:3])), 0)  # noqa: PLR2004 - "feb"
