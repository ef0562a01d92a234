"""What came of importing forms: numbers and claim codes to hand over, in a file that only its owner reads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.refusal import Refusal
from bot.spreadsheets import Sheet, as_csv, as_xlsx
from conversations.ticket import grouped
from storage.form_import import Imported, Known, Result
from storage.form_reading import Faulty
from storage.paper_form import shown_number

PRIVATE: Final = 0o600
"""The codes are for whoever ran the command."""

PASSING: Final = ".sementara.csv"
"""Ends the name of the file in which codes lie until the report is whole; it stays after a power cut."""

HEADER: Final = ("Nomor formulir", "Nomor usulan", "Kode", "Ringkasan", "Keterangan")
WIDTHS: Final = (18, 18, 20, 60, 40)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The report at `path`, .csv or else .xlsx. OSErrors become Refusals."""

    path: Path

    @property
    def passing(self) -> Path:
        """Where codes are noted before they are committed."""
        return self.path.with_name(self.path.name + PASSING)

    def note(self, results: Sequence[Result]) -> None:
        """Put the codes of what is about to be committed on disk."""
        if new := [_row(each) for each in results if isinstance(each, Imported)]:
            _append(self.passing, as_csv(Sheet("Hasil", HEADER, new)))

    def finish(self, results: Sequence[Result]) -> None:
        """Write the report of what was committed; none when nothing is new."""
        if any(isinstance(result, Imported) for result in results):
            rows = [_row(each) for each in results if not isinstance(each, Faulty)]
            sheet = Sheet("Hasil", HEADER, rows, WIDTHS)
            is_csv = self.path.suffix.casefold() == ".csv"
            write_whole(self.path, as_csv(sheet) if is_csv else as_xlsx([sheet]), PRIVATE)
        self.passing.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file safely; one that is there already is replaced, with this mode. Raises Refusal."""
    try:
        path.unlink(missing_ok=True)
        _save(path, content, os.O_EXCL, mode)
    except OSError as fault:
        raise _refused(path, fault) from fault


def _append(path: Path, content: bytes) -> None:
    try:
        _save(path, content, os.O_APPEND, PRIVATE)
    except OSError as fault:
        raise _refused(path, fault) from fault


def _save(path: Path, content: bytes, how: int, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _refused(path: Path, fault: OSError) -> Refusal:
    return Refusal(f"{path} cannot be written ({fault.strerror}).")


def _row(result: Imported | Known) -> tuple[str, ...]:
    number, ticket = shown_number(result.number), grouped(result.ticket)
    if isinstance(result, Known):
        return (number, ticket, "", "", "sudah masuk sebelumnya")
    return (number, ticket, grouped(result.claim_code), result.summary, "baru")
