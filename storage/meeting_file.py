"""Meetings from a CSV file: checked whole, then called or changed by their key, so that it may come again (issue 4).

Columns: key, title, kind, region, date (2026-02-10), from and until (09.00) in the kabupaten's own time, mode,
venue, access, link, kecamatan, groups, contact, capacity. Lists are separated by "|"; kecamatan by name or code.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert, select

from conversations.meeting import MeetingDraft
from storage.actor import RefusalError
from storage.datafile import FOLDER, DataFileError
from storage.meeting_changes import checked, put_changed
from storage.meeting_views import MEETING
from storage.regions import fold
from storage.rules import Rules, Scene

EXAMPLE: Final = FOLDER / "meetings_18_07.csv"
"""The two sessions of Lampung Timur's Musrenbang Inklusi 2026; venue and link are examples, to be verified."""

COLUMNS: Final = (
    *("key", "title", "kind", "region", "date", "from", "until", "mode", "venue", "access", "link"),
    *("kecamatan", "groups", "contact", "capacity"),
)
MOST_ROWS: Final = 5000


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file."""

    called: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Row:
    """A sound row: the key of a meeting, and its draft."""

    key: str
    draft: MeetingDraft


def read_meetings(path: Path, rules: Rules) -> tuple[Row, ...]:
    """The rows of a file. Raises DataFileError with a sentence for each fault; OSError when it cannot be read."""
    raw = path.read_text(encoding="utf-8-sig")
    try:
        reader = csv.DictReader(raw.splitlines(), delimiter=";" if ";" in raw.partition("\n")[0] else ",")
        rows = list(reader)[: MOST_ROWS + 1]
    except csv.Error as fault:
        raise DataFileError([f"{path.name} is no CSV: {fault}."]) from fault
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise DataFileError([f"{path.name} lacks the columns {', '.join(missing)}."])
    faults = [f"{path.name}, row {number}: {fault}" for number, fault in _faults(rows, rules)]
    if faults:
        raise DataFileError(faults)
    return tuple(_row(row, rules) for row in rows)


def import_meetings(scene: Scene, rows: Sequence[Row]) -> Imported:
    """Call the meetings that are new and change those that are known by their key; whoever answered is told once."""
    known = {
        row.key: row for row in scene.connection.execute(select(MEETING).where(MEETING.c.key.is_not(None)))
    }
    called = changed = 0
    for row in rows:
        values = checked(row.draft, scene.rules)
        if row.key in known:
            changed += put_changed(scene, known[row.key], values)
            continue
        made = {**values, "key": row.key, "region": row.draft.region, "bidang": "", "sequence": 0}
        scene.connection.execute(insert(MEETING).values(made | {"created_at": scene.at}))
        called += 1
    return Imported(called, changed, len(rows) - called - changed)


def _faults(rows: Sequence[dict[str, Any]], rules: Rules) -> Iterator[tuple[int, str]]:
    if len(rows) > MOST_ROWS:
        yield MOST_ROWS + 1, f"there are more than {MOST_ROWS} rows"
        return
    keys: set[str] = set()
    for number, row in enumerate(rows, 2):
        key = (row["key"] or "").strip()
        if not key or key in keys:
            yield number, f'key "{key}" is missing or comes twice'
        keys.add(key)
        try:
            checked(_row(row, rules).draft, rules)
        except (ValueError, RefusalError) as fault:
            yield number, str(fault)


def _row(row: dict[str, Any], rules: Rules) -> Row:
    """Raises ValueError for what cannot be read."""
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    starts, ends = (_moment(cells["date"], cells[name], rules) for name in ("from", "until"))
    draft = MeetingDraft(
        region=cells["region"],
        title=cells["title"],
        kind=cells["kind"],  # type: ignore[arg-type]  # checked by meeting_changes.checked
        starts_at=starts,
        minutes=int((ends - starts).total_seconds()) // 60,
        mode=cells["mode"],  # type: ignore[arg-type]
        venue="\n".join(_listed(cells["venue"])),
        access=_listed(cells["access"]),
        link=cells["link"],
        kecamatan=tuple(_kecamatan(name, rules) for name in _listed(cells["kecamatan"])),
        groups=_listed(cells["groups"]),
        contact=cells["contact"],
        capacity=int(cells["capacity"] or 0),
    )
    if rules.regions.place(draft.region) is None and draft.region != rules.regions.kabupaten:
        raise ValueError(f"{draft.region} is no region of ours")
    return Row(cells["key"], draft)


def _moment(day: str, time: str, rules: Rules) -> datetime:
    local = datetime.strptime(f"{day} {time.replace('.', ':')}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - next line
    return local.replace(tzinfo=rules.calendar.zone)


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _kecamatan(name: str, rules: Rules) -> str:
    """A kecamatan by code or name."""
    for one in rules.regions.kecamatan():
        if name == one.kode or fold(name) == fold(one.name):
            return one.kode
    raise ValueError(f"{name} is no kecamatan of ours")
