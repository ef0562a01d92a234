"""How many people there are by their own groups and needs: figures for a table, none that points to a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from bot.app import opened
from bot.commands.faults import told
from bot.refusal import Refusal
from bot.settings import Settings
from bot.tally import By, Tally
from conversations.flows.intake_answers import GROUPS
from conversations.flows.needs import NEEDS
from conversations.flows.settings import LOCALES
from storage import segments
from storage.engine import reading
from storage.regions import RegionIndex, load_regions
from storage.segments import Counted, Figure, Segment

EXPLAINED: Final = (
    "Dibulatkan ke bawah ke kelipatan 5. Warga yang hanya diwakili fasilitator tidak ikut dihitung."
)
FEW: Final = "kurang dari 5"
WITHHELD: Final = "tidak ditampilkan, karena ada yang kurang dari 5"
NOWHERE: Final = "(desa belum disebut)"


def census(settings: Settings, tally: Tally) -> str:
    """The figures that are asked for, in Indonesian: they are for a meeting's table. Raises Refusal."""
    segment = _segment(tally)
    with told(), opened(settings) as engine, reading(engine) as connection:
        regions = load_regions(connection, settings.region)
        places = _places(tally, regions)
        counted = segments.count(connection, segment, places)
    return "\n".join(_lines(counted, regions))


def _segment(tally: Tally) -> Segment:
    for name, given, known in (
        ("group", tally.groups, GROUPS),
        ("need", tally.needs, NEEDS),
        ("language", (tally.language,), ("", *LOCALES)),
    ):
        _require(name, given, known)
    return Segment(
        groups=frozenset(tally.groups),
        needs=frozenset(tally.needs),
        region=tally.region,
        locale=tally.language,
    )


def _require(name: str, given: Collection[str], known: Collection[str]) -> None:
    if strange := [each for each in given if each not in known]:
        listed = ", ".join(each for each in known if each)
        raise Refusal(f"There is no {name} {strange[0]}: it is one of {listed}.")


def _places(tally: Tally, regions: RegionIndex) -> list[str]:
    """The codes of the regions with a figure of their own."""
    kecamatan = [each.kode for each in regions.kecamatan()]
    villages = [village.kode for kode in kecamatan for village in regions.villages(kode)]
    if tally.region not in {"", regions.kabupaten, *kecamatan, *villages}:
        raise Refusal(f"{tally.region} is no kecamatan or village of {regions.kabupaten}.")
    match tally.by:
        case None:
            return []
        case By.KECAMATAN:
            return [kode for kode in kecamatan if _within(kode, tally.region)]
        case By.DESA:
            return [kode for kode in villages if _within(kode, tally.region)]


def _within(kode: str, region: str) -> bool:
    return not region or f"{kode}.".startswith(f"{region}.")


def _lines(counted: Counted, regions: RegionIndex) -> Iterator[str]:
    for kode, figure in counted.regions.items():
        yield f"{regions.place(kode) or NOWHERE}: {_words(figure)}"
    yield f"Jumlah: {WITHHELD if counted.whole is None else _words(counted.whole)}"
    yield EXPLAINED


def _words(figure: Figure) -> str:
    return FEW if figure.about is None else str(figure.about)
