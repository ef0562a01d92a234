"""Paper forms at the keyboard: printed, and, once they are filled in and typed, imported."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom

from sqlalchemy import Engine

from bot.app import Home, assemble, following, opened
from bot.commands.faults import told
from bot.form_html import as_html
from bot.form_orders import Importing, Printing
from bot.form_pdf import as_pdf
from bot.form_sheets import FormSheets
from bot.form_template import as_template
from bot.import_report import ImportReport, write_whole
from bot.refusal import Refusal
from bot.settings import Settings
from storage import form_import
from storage.actor import Facilitator
from storage.engine import reading
from storage.form_file import read_form_file
from storage.form_import import Imported, Known, Result
from storage.form_reading import Faulty, FormReader, Understood
from storage.paper_form import LAST_SERIAL, area_of, form_number, load_form, shown_number
from storage.regions import RegionIndex, kabupaten_name, load_regions
from storage.rules import Scene


def print_forms(settings: Settings, printing: Printing) -> str:
    """Write the files that were asked for, and say which. Raises Refusal."""
    _check(printing)
    with told(), opened(settings) as engine, reading(engine) as connection:
        regions = load_regions(connection, settings.region)
        sheets = _sheets(settings, regions, kabupaten_name(connection, settings.region), printing)
    for path, content in _files(sheets, regions, printing):
        write_whole(path, content)
    numbers = f"{shown_number(sheets.numbers[0])} … {shown_number(sheets.numbers[-1])}"
    names = ", ".join(str(path) for path in (printing.pdf, printing.html, printing.template) if path)
    return f"{names}: forms {numbers}." if printing.pdf or printing.html else f"{names}: the template."


def import_forms(settings: Settings, importing: Importing) -> str:
    """Import a file of typed forms and say what came of it. Raises Refusal, also when only some rows have faults."""
    if importing.report is not None and importing.report.exists():
        raise Refusal(f"{importing.report} is there already, and may hold claim codes: name another file.")
    with told(), opened(settings) as engine:
        return asyncio.run(_import(settings, engine, importing))


async def _import(settings: Settings, engine: Engine, importing: Importing) -> str:
    async with following(settings) as clock:
        return bring_in(assemble(settings, engine, clock, SystemRandom()), importing)


def bring_in(home: Home, importing: Importing) -> str:
    """`import_forms` on a home that is open already; raises what the verbs raise (see bot.commands.faults.told)."""
    at = home.clock.now()
    report = ImportReport(importing.report or _named(importing.file, at))
    results: list[Result] = []
    try:
        for lot in form_import.lots(_read(home, importing.file, at)):
            results += _lot(home, importing, lot, report)
    finally:
        if not importing.dry_run:
            report.finish(results)  # what was not committed is not in it
    told_of = _summary(results, importing, report.path)
    if faulty := [result for result in results if isinstance(result, Faulty)]:
        raise Refusal(told_of, *(_sentence(each.row, said) for each in faulty for said in each.sentences))
    return told_of


def _check(printing: Printing) -> None:
    if not (printing.pdf or printing.html or printing.template):
        raise Refusal("Name the file to write: --pdf, --html or --template.")
    if printing.first < 1 or printing.first + printing.count - 1 > LAST_SERIAL:
        raise Refusal(f"Form numbers go from 1 to {LAST_SERIAL}: choose --from and --count within these.")


def _sheets(settings: Settings, regions: RegionIndex, kabupaten: str, printing: Printing) -> FormSheets:
    names = {kecamatan.kode: kecamatan.name for kecamatan in regions.kecamatan()}
    if printing.kecamatan and printing.kecamatan not in names:
        raise Refusal(
            f"{printing.kecamatan} is no kecamatan of {settings.region}: give a code such as 18.07.01."
        )
    place = f"Kecamatan {names[printing.kecamatan]}" if printing.kecamatan else ""
    serials = range(printing.first, printing.first + printing.count)
    return FormSheets(
        form=load_form(),
        numbers=tuple(form_number(area_of(printing.kecamatan), serial) for serial in serials),
        kabupaten=kabupaten,
        contact=settings.contact_name,
        phone=settings.contact_phone,
        place=place,
    )


def _files(sheets: FormSheets, regions: RegionIndex, printing: Printing) -> list[tuple[Path, bytes]]:
    made: list[tuple[Path, bytes]] = []
    if printing.pdf:
        made.append((printing.pdf, as_pdf(sheets, datetime.now(UTC))))
    if printing.html:
        made.append((printing.html, as_html(sheets).encode()))
    if printing.template:
        made.append((printing.template, as_template(sheets.form, _places(regions, printing.kecamatan))))
    return made


def _places(regions: RegionIndex, kecamatan: str) -> list[str]:
    codes = [kecamatan] if kecamatan else [each.kode for each in regions.kecamatan()]
    return [f"{v.name}, kec. {v.kecamatan}" for code in codes for v in regions.villages(code)]


def _read(home: Home, file: Path, at: datetime) -> Sequence[Understood | Faulty]:
    form, furnished = load_form(), home.furnished
    reader = FormReader(
        form=form,
        regions=furnished.rules.regions,
        fields=furnished.house.fields,
        at=at,
        today=at.astimezone(furnished.house.timezone).date(),
    )
    return form_import.without_doubles([reader.understand(row) for row in read_form_file(file, form)])


def _lot(
    home: Home, importing: Importing, lot: Sequence[Understood | Faulty], report: ImportReport
) -> list[Result]:
    """One portion in one transaction. Its codes are on disk before the commit: they are stored nowhere else."""
    with home.engine.connect() as connection, connection.begin() as transaction:
        scene = Scene(connection, Facilitator(importing.mandate), home.clock.now(), home.furnished.rules)
        results = form_import.import_lot(scene, importing.mandate, lot, SystemRandom())
        if importing.dry_run:
            transaction.rollback()
        else:
            report.note(results)
    return results


def _summary(results: Sequence[Result], importing: Importing, report: Path) -> str:
    new = sum(isinstance(result, Imported) for result in results)
    known = sum(isinstance(result, Known) for result in results)
    faulty = len(results) - new - known
    counts = f"{new} formulir baru, {known} sudah masuk sebelumnya, {faulty} belum bisa masuk."
    if importing.dry_run:
        return f"Percobaan, tidak ada yang disimpan: {counts}"
    return f"{counts} Nomor dan kode: {report}" if new else counts


def _sentence(row: int, said: str) -> str:
    return f"Baris {row}: {said}"


def _named(file: Path, at: datetime) -> Path:
    return file.with_name(f"{file.stem}-hasil-{at:%Y%m%d-%H%M%S}.xlsx")
