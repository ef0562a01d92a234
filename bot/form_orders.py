"""What is asked for at the keyboard about paper forms, before anything is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """Which forms to print, and into which files."""

    kecamatan: str = ""
    first: int = 1
    count: int = 50
    pdf: Path | None = None
    html: Path | None = None
    template: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """Which file to import for whom; without `report`, one is named after the file and the time."""

    file: Path
    mandate: int
    dry_run: bool = False
    report: Path | None = None
