"""The words that aspirations are found by: their stems, by kecamatan, kept in the transaction that stores the words.

An own table instead of FTS5 and tsvector: it is the same on both engines, and what is erased is gone at once, which
FTS5 promises only from SQLite 3.42 on (docs/decisions.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, update

from storage.ledger import table
from storage.likeness_tables import LikenessRecord, LikenessStemRecord
from storage.regions import words

LIKENESS: Final = table(LikenessRecord)
STEM: Final = table(LikenessStemRecord)
LONGEST_TEXT: Final = 2000
"""Characters that are looked at: what a need is about stands in its first sentences."""

MOST_STEMS: Final = 60
_SHORTEST: Final = 3  # letters of a word that is worth finding
_SHORTEST_STEM: Final = 4
_PARTICLES: Final = ("nya", "lah", "kah", "pun")
_PREFIXES: Final = (
    *("memper", "diper", "meng", "meny", "mem", "men", "me", "peng", "peny", "pem", "pen", "per"),
    *("ber", "ter", "di", "ke", "se"),
)
_SUFFIXES: Final = ("kan", "an", "i")
_COMMON: Final = frozenset(
    words(
        "ada adalah agar akan aku anak anda antara apa atau bagi bahwa banyak bapak bagaimana belum bisa boleh buat"
        " bukan bupati cuma dalam dan dapat dari dekat dengan depan desa di dusun hanya harap harus ibu ini itu jadi"
        " jangan juga kalau kami karena kecamatan kepada kita ke kurang lagi lain lalu lebih maka masih masyarakat"
        " mau minta mohon mungkin oleh pada pak para paling perlu rasa saat saja saya sama sampai sangat sebab"
        " sebelum sejak sekali selalu semua seperti serta setiap sudah supaya tapi tempat tetapi tidak tolong untuk"
        " usul usulan waktu warga yang"
    )
)
"""Words that say nothing of what is needed."""


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text, each once, in the order of the text."""
    found = (
        stem(word) for word in words(text[:LONGEST_TEXT]) if len(word) >= _SHORTEST and word not in _COMMON
    )
    return tuple(dict.fromkeys(found))[:MOST_STEMS]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without Indonesian affixes, always cut alike: "perbaikan" and "diperbaiki" -> "baik"."""
    bare = _cut_end(word, _PARTICLES)
    for _ in range(2):
        bare = next((bare[len(p) :] for p in _PREFIXES if bare.startswith(p) and _leaves(bare, p)), bare)
    return _cut_end(bare, _SUFFIXES)


def _cut_end(word: str, endings: tuple[str, ...]) -> str:
    return next((word[: -len(end)] for end in endings if word.endswith(end) and _leaves(word, end)), word)


def _leaves(word: str, affix: str) -> bool:
    return len(word) - len(affix) >= _SHORTEST_STEM


def kecamatan(kode: str) -> str:
    """Within what is looked for: the kecamatan of a village."""
    return kode.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Found:
    """How an aspiration is to be found: by these words, in the kecamatan of this village, by residents if it is public."""

    kode: str
    words: str
    visibility: str


def add(connection: Connection, aspiration: int, found: Found) -> None:
    """Make a new aspiration findable; the clock will look whether it is like another."""
    connection.execute(insert(LIKENESS), {"aspiration_id": aspiration, "kind": ""})
    _put(connection, aspiration, found)


def renew(connection: Connection, aspiration: int, found: Found) -> None:
    """Its stems, in place of those that it had."""
    connection.execute(_DROP, {"id": aspiration})
    _put(connection, aspiration, found)


def _put(connection: Connection, aspiration: int, found: Found) -> None:
    where = {"place": kecamatan(found.kode), "visible": found.visibility == "public"}
    rows = [{**where, "stem": one, "aspiration_id": aspiration} for one in stems(found.words)]
    if rows:
        connection.execute(insert(STEM), rows)


def mark(connection: Connection, aspiration: int) -> None:
    """Its words or its place have changed: the clock makes its stems anew, and looks again."""
    connection.execute(update(LIKENESS).where(LIKENESS.c.aspiration_id == aspiration).values(looked_at=None))


def forget(connection: Connection, aspiration: int) -> None:
    """It is found no more: what it said is gone. Before that it has left those it was told with (storage.voices)."""
    connection.execute(_DROP, {"id": aspiration})
    connection.execute(delete(LIKENESS).where(LIKENESS.c.aspiration_id == aspiration))
    liked = update(LIKENESS).where(LIKENESS.c.like_id == aspiration)
    connection.execute(liked.values(like_id=None))


_DROP: Final = delete(STEM).where(STEM.c.aspiration_id == bindparam("id"))
