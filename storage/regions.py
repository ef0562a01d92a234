"""The regions of one kabupaten in memory: found by code, by list, or by a name as people type it.

Names repeat (Purwodadi, Mekar Jaya), so what is found are codes. Typing is forgiven: case, spaces ("Mekar Sari"),
"desa" and "kec." before the name, II for 2, other official spellings, and, with rapidfuzz, slips of the finger.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process
from sqlalchemy import Connection, select

from conversations.chat import Village
from conversations.facts import FoundVillages, Kecamatan
from storage.ledger import table
from storage.tables import RegionRecord

MOST: Final = 12
"""How many near names are offered at most: two pages of six."""

REGION: Final = table(RegionRecord)
_NEAR = 76.0  # of 100, the share of letters that two names have in common; found by the test's typing errors
_CONTAINED = 4  # letters that make a part of a name worth offering
_LONGEST = 4  # words of the longest name
_SHORTEST = 2  # letters that are worth comparing
_KECAMATAN, _VILLAGE = 2, 3  # dots in the code
_VILLAGE_MARKS = frozenset(
    {"desa", "ds", "kampung", "kampong", "kp", "kmp", "kelurahan", "kel", "pekon", "tiyuh"}
)
_KECAMATAN_MARKS = frozenset({"kecamatan", "kec", "kcmtn", "camat"})
_KABUPATEN_MARKS = frozenset({"kabupaten", "kab", "provinsi", "prov"})
_NUMBERS = {
    name: str(number)
    for names in (
        "i ii iii iv v vi vii viii ix x",
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh",
    )
    for number, name in enumerate(names.split(), 1)
}

Place = frozenset[str] | None
"""The codes of the kecamatan that was typed: None when none was, empty when it is unknown."""


@dataclass(frozen=True, slots=True)
class Region:
    """One line of the official list."""

    kode: str
    name: str
    kind: str
    other_names: tuple[str, ...] = ()

    @property
    def parent(self) -> str | None:
        """The code of the region above; None for a province."""
        return self.kode.rpartition(".")[0] or None

    @property
    def level(self) -> int:
        """0 province, 1 kabupaten, 2 kecamatan, 3 village."""
        return self.kode.count(".")


def words(text: str) -> list[str]:
    """Casefolded words without accents and punctuation; numbers in digits (Gaya Baru IV -> gaya baru 4)."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [_NUMBERS.get(word, word) for word in re.findall(r"[a-z]+|\d+", re.sub(r"['`\u2019]", "", bare))]


def fold(text: str) -> str:
    """A name as it is compared: its words without spaces."""
    return "".join(words(text))


class RegionIndex:
    """The kecamatan and villages of a kabupaten; built once, then read from memory."""

    def __init__(self, kabupaten: str, regions: Iterable[Region]) -> None:
        inside = sorted(
            (r for r in regions if r.kode.startswith(kabupaten + ".")), key=lambda region: region.kode
        )
        self._kabupaten = kabupaten
        self._kecamatan = {
            r.kode: Kecamatan(kode=r.kode, name=r.name) for r in inside if r.level == _KECAMATAN
        }
        self._villages = {r.kode: self._village(r) for r in inside if r.level == _VILLAGE}
        self._by_name = _by_name(r for r in inside if r.kode in self._villages)
        self._kecamatan_by_name = _by_name(r for r in inside if r.kode in self._kecamatan)
        self._names = list(self._by_name)

    def __len__(self) -> int:
        return len(self._villages)

    @property
    def kabupaten(self) -> str:
        """The code of the kabupaten."""
        return self._kabupaten

    def place(self, kode: str) -> str | None:
        """What a kecamatan or village is called; None for a code that the kabupaten has not."""
        if found := self._kecamatan.get(kode):
            return f"Kecamatan {found.name}"
        village = self._villages.get(kode)
        return None if village is None else f"{village.name}, Kecamatan {village.kecamatan}"

    def village(self, kode: str) -> Village | None:
        """The village of a code; None when the kabupaten has none such."""
        return self._villages.get(kode)

    def kecamatan(self) -> tuple[Kecamatan, ...]:
        """All kecamatan, by name: nobody knows their codes, and a list is heard from its beginning."""
        return tuple(sorted(self._kecamatan.values(), key=lambda kecamatan: kecamatan.name))

    def villages(self, kecamatan: str) -> tuple[Village, ...]:
        """All villages of a kecamatan, by name."""
        inside = (village for village in self._villages.values() if village.kecamatan_kode == kecamatan)
        return tuple(sorted(inside, key=lambda village: (fold(village.name), village.kode)))

    def find(self, text: str) -> FoundVillages:
        """Villages whose name was typed; when there is none, those whose name is near to it or part of it."""
        typed = words(text)[:40]
        readings = [(typed, None), *self._readings(typed)]
        for name, place in readings:
            if exact := self._inside(self._by_name.get("".join(name), ()), place):
                return FoundVillages(exact=exact)
        close = dict.fromkeys(village for name, place in readings[1:] for village in self._close(name, place))
        return FoundVillages(close=tuple(close)[:MOST])

    def _village(self, region: Region) -> Village:
        above = self._kecamatan[region.parent or ""]
        return Village(kode=region.kode, name=region.name, kecamatan=above.name, kecamatan_kode=above.kode)

    def _readings(self, typed: list[str]) -> Iterator[tuple[list[str], Place]]:
        """What the words may mean, likeliest first: a name, and the kecamatan it is said to lie in."""
        name, place = _split(typed)
        yield name, self._places(place)
        for at in range(len(name) - 1, 0, -1):
            if codes := self._kecamatan_by_name.get("".join(name[at:])):
                yield name[:at], frozenset(codes)

    def _places(self, place: list[str]) -> Place:
        """The codes of a kecamatan as typed, None when none was typed, empty when it is unknown."""
        if not place:
            return None
        best = process.extractOne(
            "".join(place), list(self._kecamatan_by_name), scorer=fuzz.ratio, score_cutoff=_NEAR
        )
        return frozenset(self._kecamatan_by_name[best[0]]) if best else frozenset()

    def _inside(self, codes: Iterable[str], place: Place) -> tuple[Village, ...]:
        found = (self._villages[code] for code in codes)
        return tuple(village for village in found if place is None or village.kecamatan_kode in place)

    def _close(self, name: list[str], place: Place) -> Iterator[Village]:
        """An unknown kecamatan is no reason to find nothing: only an exact name has to lie in it."""
        for near in self._near(name):
            yield from self._inside(self._by_name[near], place or None)

    def _near(self, name: list[str]) -> Iterator[str]:
        """Names near to what was typed: with slips, then as a part of it, then those it is a part of."""
        folded = "".join(name)
        if len(folded) < _SHORTEST:
            return
        for near, _, _ in process.extract(
            folded, self._names, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=MOST
        ):
            yield near
        yield from (run for run in _runs(name) if run in self._by_name)
        if len(folded) >= _CONTAINED:
            yield from (known for known in self._names if folded in known)


def _runs(name: list[str]) -> Iterator[str]:
    """Neighbouring words as one, the longest first: a name inside a sentence."""
    for size in range(min(_LONGEST, len(name)), 0, -1):
        for at in range(len(name) - size + 1):
            yield "".join(name[at : at + size])


def _split(typed: list[str]) -> tuple[list[str], list[str]]:
    """The words of the village and of the kecamatan, by the marks "desa", "kec." and "kab." among them."""
    before = _until(typed, _KABUPATEN_MARKS)
    name = _until(before, _KECAMATAN_MARKS)
    place = before[len(name) + 1 :]
    marks = [at for at, word in enumerate(name) if word in _VILLAGE_MARKS]
    return (name[marks[-1] + 1 :] if marks and name[marks[-1] + 1 :] else name), place


def _until(typed: list[str], marks: frozenset[str]) -> list[str]:
    return next((typed[:at] for at, word in enumerate(typed) if word in marks), typed)


def _by_name(regions: Iterable[Region]) -> dict[str, tuple[str, ...]]:
    codes: dict[str, list[str]] = defaultdict(list)
    for region in regions:
        for name in dict.fromkeys(map(fold, (region.name, *region.other_names))):
            codes[name].append(region.kode)
    return {name: tuple(found) for name, found in codes.items()}


def load_regions(connection: Connection, kabupaten: str) -> RegionIndex:
    """The index of a kabupaten from the table; empty (length 0) when its regions were never imported."""
    inside = REGION.c.kode.startswith(kabupaten + ".", autoescape=True)
    rows = connection.execute(
        select(REGION.c.kode, REGION.c.name, REGION.c.kind, REGION.c.other_names).where(inside)
    )
    return RegionIndex(
        kabupaten, [Region(kode, name, kind, tuple(other)) for kode, name, kind, other in rows]
    )


def kabupaten_name(connection: Connection, kode: str) -> str:
    """The official name of a region, "" when it was never imported."""
    return connection.scalar(select(REGION.c.name).where(REGION.c.kode == kode)) or ""
