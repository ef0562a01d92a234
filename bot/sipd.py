"""A file that came back from SIPD, at the keyboard: the difference first, then applied once (issue 4)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

from sqlalchemy import Engine

from bot.app import Home, assemble, following, opened
from bot.commands.faults import told
from bot.refusal import Refusal
from bot.settings import Settings
from conversations.ticket import grouped
from storage import sipd_import
from storage.actor import Staff
from storage.engine import reading
from storage.rules import Scene
from storage.sipd import Sipd, load_sipd
from storage.sipd_file import Returned, read_sipd
from storage.sipd_import import Change, Faulty, Result, Same


def bring_in(settings: Settings, file: Path, *, applying: bool) -> str:
    """Say what a file changes, and apply it. Raises Refusal, also when only some rows have faults."""
    with told(), opened(settings) as engine:
        return asyncio.run(_bring_in(settings, engine, file, applying=applying))


async def _bring_in(settings: Settings, engine: Engine, file: Path, *, applying: bool) -> str:
    async with following(settings) as clock:
        return import_sipd(assemble(settings, engine, clock, SystemRandom()), file, applying=applying)


def import_sipd(home: Home, file: Path, *, applying: bool) -> str:
    """`bring_in` on a home that is open already; raises what the verbs raise (see bot.commands.faults.told)."""
    sipd = load_sipd()
    rows = sipd_import.without_doubles(read_sipd(file, sipd))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    with reading(home.engine) as connection:
        before = sipd_import.applied_at(connection, digest)
    if applying and before is not None:
        day = before.astimezone(home.furnished.house.timezone)
        return f"Berkas ini sudah diterapkan pada {day:%Y-%m-%d}. Tidak ada yang berubah."
    sound = [row for row in rows if isinstance(row, Returned)]
    results: list[Result] = [row for row in rows if isinstance(row, Faulty)]
    results += _apply(home, sound, sipd, digest) if applying else _compare(home, sound, sipd)
    return _said(sorted(results, key=lambda result: result.row), applying=applying)


def _compare(home: Home, rows: Sequence[Returned], sipd: Sipd) -> list[Result]:
    results: list[Result] = []
    with reading(home.engine) as connection:
        for lot in sipd_import.lots(rows):
            results += sipd_import.compare(connection, lot, sipd, home.furnished.rules)
    return results


def _apply(home: Home, rows: Sequence[Returned], sipd: Sipd, digest: str) -> list[Result]:
    """Lot by lot, so that the bot goes on meanwhile; the file counts as applied when all is."""
    office = f"Bappeda {home.furnished.house.kabupaten}"
    results: list[Result] = []
    for lot in sipd_import.lots(rows):
        with home.engine.begin() as connection:
            scene = Scene(connection, Staff("sipd", "bappeda"), home.clock.now(), home.furnished.rules)
            results += sipd_import.apply(scene, lot, sipd, office)
    with home.engine.begin() as connection:
        scene = Scene(connection, Staff("sipd", "bappeda"), home.clock.now(), home.furnished.rules)
        changed = sum(isinstance(result, Change) for result in results)
        sipd_import.mark_applied(scene, digest, changed)
    return results


def _said(results: Sequence[Result], *, applying: bool) -> str:
    changes = [result for result in results if isinstance(result, Change)]
    faulty = [result for result in results if isinstance(result, Faulty)]
    same = sum(isinstance(result, Same) for result in results)
    counts = f"{len(changes)} berubah, {same} tetap, {len(faulty)} belum cocok."
    head = f"Diterapkan: {counts}" if applying else f"Belum ada yang disimpan: {counts}"
    lines = [head, *map(_line, changes)]
    lines += [f"Baris {one.row}: {said}" for one in faulty for said in one.sentences]
    if changes and not applying:
        lines.append("Kalau sudah benar, tambahkan --apply. Tiap warga mendapat satu kabar.")
    if faulty:
        raise Refusal(*lines)
    return "\n".join(lines)


def _line(change: Change) -> str:
    back = " (mundur)" if change.back else ""
    return f"Baris {change.row}: {grouped(change.ticket)}: {change.old} -> {change.new}{back}"
