"""`suara migrate` and `suara regions import`: what they say, and that a refusal changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.commands import migrate as verb
from bot.commands.faults import open_database, told
from bot.commands.regions import import_file
from bot.refusal import Refusal
from bot.settings import load
from storage import schema
from storage.actor import RefusalError
from storage.columns import BadKeys
from storage.datafile import DataFileError
from storage.engine import reading
from storage.regions import REGION

FILE = Path(".env")


def regions() -> int:
    """How many regions the database has."""
    engine = open_database(load())
    with reading(engine) as connection:
        count = connection.scalar(select(func.count()).select_from(REGION))
    engine.dispose()
    return count or 0


@pytest.mark.usefixtures("bare")
def test_migrate_makes_the_database_and_fills_the_regions(capsys: pytest.CaptureFixture[str]) -> None:
    verb.migrate(FILE)
    assert "REGION 18.07 has 264 villages." in capsys.readouterr().out
    before = regions()
    verb.migrate(FILE)
    assert regions() == before


@pytest.mark.usefixtures("bare")
def test_migrate_says_when_a_kabupaten_needs_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGION", "32.01")
    verb.migrate(FILE)
    assert "load them with `suara regions import FILE`" in capsys.readouterr().out


def test_a_file_of_regions_is_loaded_whole_or_not_at_all(
    bare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb.migrate(FILE)
    before, file = regions(), bare / "wilayah.csv"
    file.write_text(
        "kode,nama,jenis\n32,Jawa Barat,provinsi\n32.01,Bogor,kabupaten\n3201,Salah,desa\n", encoding="utf-8"
    )
    with pytest.raises(Refusal, match=r"wilayah\.csv, baris 4"):
        import_file(FILE, file)
    assert regions() == before
    file.write_text("kode,nama,jenis\n32,Jawa Barat,provinsi\n32.01,Bogor,kabupaten\n", encoding="utf-8")
    import_file(FILE, file)
    assert regions() == before + 2
    assert "2 regions are loaded." in capsys.readouterr().out


@pytest.mark.usefixtures("bare")
def test_a_file_that_is_not_there_is_told() -> None:
    verb.migrate(FILE)
    with pytest.raises(Refusal, match=r"wilayah\.csv"):
        import_file(FILE, Path("wilayah.csv"))


@pytest.mark.usefixtures("bare")
def test_without_tables_an_import_is_refused_in_one_sentence() -> None:
    with pytest.raises(Refusal) as refusal:
        import_file(FILE, None)
    assert len(refusal.value.sentences) == 1


def test_a_backup_is_named(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    verb.migrate(FILE)
    monkeypatch.setattr(schema, "migrate", lambda *_: bare / "suara.db")
    verb.migrate(FILE)
    assert f"The database as it was is kept in {bare / 'suara.db'}." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fault", "sentences"),
    [
        (DataFileError(["One.", "Two."]), ("One.", "Two.")),
        (BadKeys("DATA_KEYS is empty."), ("DATA_KEYS is empty.",)),
        (RefusalError("unknown", "No aspiration has this number."), ("No aspiration has this number.",)),
    ],
)
def test_the_rooms_faults_become_sentences(fault: Exception, sentences: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as refusal, told():
        raise fault
    assert refusal.value.sentences == sentences


def test_a_fault_of_the_program_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError), told():
        raise ZeroDivisionError
