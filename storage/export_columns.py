"""The columns of the staff's files and what they mean, read from a data file: one for the file and its dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from storage.datafile import FOLDER, DataFileError, Raw, read_toml, surplus, wrong_type

EXPORT_FILE: Final = FOLDER / "export.toml"
Shape = Literal["column", "sipd"]
SHAPES: Final[tuple[Shape, ...]] = ("column", "sipd")
KINDS: Final = ("teks", "angka", "tanggal")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportColumn:
    """One column: `column` heads it, `say` explains it; `names`: only in a file with names."""

    name: str
    column: str
    kind: str
    say: str
    names: bool = False


@cache
def load_columns(path: Path = EXPORT_FILE) -> Mapping[Shape, tuple[ExportColumn, ...]]:
    """The columns of both shapes. Raises DataFileError with a sentence for each fault."""
    raw = read_toml(path)
    if faults := [f"{path.name}: {fault}" for fault in _problems(raw)]:
        raise DataFileError(faults)
    return {shape: tuple(ExportColumn(**entry) for entry in raw[shape]) for shape in SHAPES}


def _problems(raw: Raw) -> Iterator[str]:
    yield from surplus(raw, SHAPES, "the file")
    for shape in SHAPES:
        entries = raw.get(shape, [])
        yield from (fault for entry in entries for fault in _entry_problems(entry, shape))
        headings = [entry.get("column") for entry in entries]
        if not entries or len(set(headings)) < len(headings):
            yield f"[[{shape}]] needs columns, each with a heading of its own."


def _entry_problems(entry: Raw, shape: str) -> Iterator[str]:
    where = f"[[{shape}]] {entry.get('name', '?')}"
    yield from surplus(entry, ("name", "column", "kind", "say", "names"), where)
    for name in ("name", "column", "say"):
        yield from wrong_type(entry, where, name, str)
    yield from wrong_type(entry, where, "names", bool, default=False)
    if entry.get("kind") not in KINDS:
        yield f"{where} needs kind as one of {', '.join(KINDS)}."
