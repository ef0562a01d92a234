"""A file of regions: read, checked line by line, and loaded whole or not at all.

The faults are told in Indonesian: those who write such a file are staff of a kabupaten.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.datafile import FOLDER, DataFileError
from storage.regions import REGION, Region, fold

SHIPPED: Final = FOLDER / "regions.csv"
COLUMNS: Final = ("kode", "name", "kind", "other_names")
_ALIASES: Final = {"nama": "name", "jenis": "kind", "nama_lain": "other_names"}
_CODE: Final = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
_KINDS: Final = (("provinsi",), ("kabupaten", "kota"), ("kecamatan",), ("desa", "kelurahan"))
_MOST_FAULTS: Final = 50

Line = tuple[int, dict[str, str]]


def read_regions(path: Path = SHIPPED, known: frozenset[str] = frozenset()) -> list[Region]:
    """The regions of a file; `known` are codes that exist already, so that the file may hold one kabupaten alone.

    Raises DataFileError with one Indonesian sentence for each bad line.
    """
    lines = list(_lines(path))
    faults = [f"{path.name}, baris {number}: {fault}" for number, fault in _faults(lines, known)]
    if faults or not lines:
        raise DataFileError(_shortened(faults) or [f"{path.name}: tidak ada satu pun wilayah di dalamnya."])
    return sorted((_region(row) for _, row in lines), key=lambda region: (region.level, region.kode))


def import_regions(connection: Connection, path: Path = SHIPPED) -> int:
    """Load a file into the table, renaming what is there already; returns how many regions it holds.

    Nothing is written when a line is bad (DataFileError). The caller commits.
    """
    known = frozenset(connection.scalars(select(REGION.c.kode)))
    regions = read_regions(path, known)
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgres_insert
    new = insert(REGION)
    changed = {name: new.excluded[name] for name in ("name", "kind", "parent", "folded", "other_names")}
    connection.execute(
        new.on_conflict_do_update(index_elements=["kode"], set_=changed), [_row(r) for r in regions]
    )
    return len(regions)


def _row(region: Region) -> dict[str, Any]:
    return {
        "kode": region.kode,
        "name": region.name,
        "kind": region.kind,
        "parent": region.parent,
        "folded": fold(region.name),
        "other_names": list(region.other_names),
    }


def _lines(path: Path) -> Iterator[Line]:
    text = _text(path)
    header = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    names = [_ALIASES.get(name.strip().casefold(), name.strip().casefold()) for name in next(reader, [])]
    if missing := [name for name in COLUMNS[:3] if name not in names]:
        raise DataFileError(
            [f"{path.name}, baris 1: kolom {', '.join(missing)} tidak ada. Tulis: {','.join(COLUMNS)}."]
        )
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise DataFileError([f"{path} tidak bisa dibaca: {fault.strerror}."]) from fault
    except UnicodeDecodeError as fault:
        raise DataFileError([f"{path.name} bukan teks UTF-8. Simpan ulang sebagai CSV UTF-8."]) from fault


def _faults(lines: Sequence[Line], known: frozenset[str]) -> Iterator[tuple[int, str]]:
    inside = known | {row.get("kode", "") for _, row in lines}
    first: dict[str, int] = {}
    for number, row in lines:
        kode = row.get("kode", "")
        yield from ((number, fault) for fault in _line_faults(row, kode, inside))
        if first.setdefault(kode, number) != number:
            yield number, f"kode {kode} sudah ada di baris {first[kode]}."


def _line_faults(row: dict[str, str], kode: str, inside: frozenset[str]) -> Iterator[str]:
    if not _CODE.fullmatch(kode):
        yield f'kode "{kode}" tidak dikenal bentuknya. Contoh: 18.07.01.2001.'
        return
    kinds = _KINDS[kode.count(".")]
    if row.get("kind") not in kinds:
        yield f'jenis "{row.get("kind", "")}" tidak cocok untuk kode {kode}. Tulis {" atau ".join(kinds)}.'
    if not fold(row.get("name", "")):
        yield f"nama untuk kode {kode} kosong."
    parent = kode.rpartition(".")[0]
    if parent and parent not in inside:
        yield f"wilayah {parent}, induk dari {kode}, tidak ada di berkas ini."


def _shortened(faults: list[str]) -> list[str]:
    rest = len(faults) - _MOST_FAULTS
    return faults if rest <= 0 else [*faults[:_MOST_FAULTS], f"Dan {rest} kesalahan lagi."]


def _region(row: dict[str, str]) -> Region:
    other = (name.strip() for name in row.get("other_names", "").split(";"))
    return Region(row["kode"], row["name"], row["kind"], tuple(name for name in other if name))
