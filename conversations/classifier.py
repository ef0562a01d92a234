"""Which field of need a resident's words point to: a small classifier whose knowledge is a data file.

It only orders the list that the resident chooses from; it never decides. Each field has stems with a weight;
the words are folded, stripped of common Indonesian affixes and looked up. No network, no model, about 50 µs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from conversations.catalogues import Entries
from conversations.facts import Field
from conversations.words import fold

FIELDS_FILE: Final = Path(__file__).parent / "data" / "fields.toml"
OTHER: Final = "other"
"""The field for all that no other fits; always last."""

MOST_FIELDS: Final = 12
"""Fields beside `other` (issue 2)."""

LONGEST_PHRASE: Final = 3
"""Words of the longest stem."""

LONGEST_TEXT: Final = 2000
"""Characters that are looked at: what a need is about stands in its first sentences."""

_PREFIXES: Final = (
    ("meny", "s"),
    ("meng", "k"),
    ("mem", "p"),
    ("men", "t"),
    ("me", ""),
    ("peny", "s"),
    ("peng", "k"),
    ("pem", "p"),
    ("pen", "t"),
    ("per", ""),
    ("pe", ""),
    ("ber", ""),
    ("ter", ""),
    ("di", ""),
    ("ke", ""),
    ("se", ""),
    ("nge", ""),
    ("ng", ""),
)
_PARTICLES: Final = ("nya", "lah", "kah", "pun", "ku", "mu")
_SUFFIXES: Final = ("kan", "an", "i", "in", "e")
_SHORTEST_STEM: Final = 3


Index = Mapping[str, tuple[tuple[str, float], ...]]


class FieldsError(ValueError):
    """The file of fields is not as it must be; the message names the field and what is wrong."""


def ranked(words: str, fields: tuple[Field, ...]) -> tuple[str, ...]:
    """All names of fields, likely ones first; equally likely ones in the order given, `other` last."""
    found = scores(words, fields)
    return tuple(sorted((field.name for field in fields), key=lambda name: (name == OTHER, -found[name])))


def scores(words: str, fields: tuple[Field, ...]) -> Mapping[str, float]:
    """How much in the words points to each field; a stem said twice counts once."""
    index = _index(fields)
    found = {field.name: 0.0 for field in fields}
    for stem in set(_stems(words, index)):
        for name, weight in index[stem]:
            found[name] += weight
    return found


def load_fields(path: Path = FIELDS_FILE) -> tuple[Field, ...]:
    """Read the file of fields. FieldsError names what is wrong with it."""
    table = _read(path)
    return tuple(_field(row, table["weights"]) for row in _rows(table))


def field_texts(path: Path = FIELDS_FILE) -> Entries:
    """The texts that the file ships: `field.<name>` and its synonyms `also.field.<name>`, by locale."""
    rows = _rows(_read(path))
    labels = {f"field.{row['name']}": row["texts"] for row in rows}
    return {**labels, **{f"also.field.{row['name']}": row["also"] for row in rows}}


@lru_cache(maxsize=8)
def _index(fields: tuple[Field, ...]) -> Index:
    """For each stem the fields that it points to, with its weight for each."""
    index: dict[str, tuple[tuple[str, float], ...]] = {}
    for field in fields:
        for stem, weight in field.words:
            index[stem] = (*index.get(stem, ()), (field.name, weight))
    return index


def _stems(words: str, index: Index) -> Iterator[str]:
    """The stems found: where a phrase is one ("lampu jalan"), its words do not count singly."""
    tokens = fold(words[:LONGEST_TEXT]).split()
    place = 0
    while place < len(tokens):
        stem, length = _stem_at(tokens, place, index)
        if stem:
            yield stem
        place += length


def _stem_at(tokens: list[str], place: int, index: Index) -> tuple[str, int]:
    for length in range(min(LONGEST_PHRASE, len(tokens) - place), 1, -1):
        phrase = " ".join(tokens[place : place + length])
        if phrase in index:
            return phrase, length
    return next((form for form in forms(tokens[place]) if form in index), ""), 1


@lru_cache(maxsize=8192)
def forms(word: str) -> tuple[str, ...]:
    """A word and what remains of it without Indonesian affixes, nearest first: "jalannya" -> "jalan"."""
    found = [word]
    for form in (word, *_without_suffix(word, _PARTICLES)):
        found += [form, *_without_suffix(form, _SUFFIXES)]
    found += [bare for form in tuple(found) for bare in _without_prefix(form)]
    return tuple(dict.fromkeys(found))


def _without_suffix(word: str, suffixes: tuple[str, ...]) -> list[str]:
    cut = [word.removesuffix(suffix) for suffix in suffixes if word.endswith(suffix)]
    return [form for form in cut if len(form) >= _SHORTEST_STEM]


def _without_prefix(word: str) -> list[str]:
    """The word without a prefix, and with the sound that the prefix swallowed: "memupuk" -> "upuk", "pupuk"."""
    bare = [(word[len(prefix) :], sound) for prefix, sound in _PREFIXES if word.startswith(prefix)]
    whole = [form for rest, sound in bare for form in (rest, sound + rest if sound else rest)]
    return [form for form in whole if len(form) >= _SHORTEST_STEM]


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise FieldsError(f"{path}: {fault}") from fault


def _rows(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.get("field", [])
    names = [row.get("name", "") for row in rows]
    if len(names) != len(set(names)) or names[-1:] != [OTHER]:
        raise FieldsError(f"fields must have different names, and the last must be {OTHER!r}: {names}")
    if len(names) > MOST_FIELDS + 1:
        raise FieldsError(f"there are {len(names) - 1} fields beside {OTHER!r}; at most {MOST_FIELDS} fit")
    for row in rows:
        _check(row)
    return rows


def _check(row: Mapping[str, Any]) -> None:
    if not re.fullmatch(r"[a-z_]{2,20}", row["name"]):
        raise FieldsError(f"field {row['name']!r}: a name has 2 to 20 letters a-z or _")
    if row["name"] != OTHER and not re.fullmatch(r"\d\.\d\d", row.get("bidang", "")):
        raise FieldsError(f"field {row['name']}: bidang must be a code such as 1.03 (Permendagri 90/2019)")
    missing = [part for part in ("texts", "also", "stems") if part not in row]
    if missing:
        raise FieldsError(f"field {row['name']}: {', '.join(missing)} is missing")


def _field(row: Mapping[str, Any], named: Mapping[str, float]) -> Field:
    unknown = set(row["stems"]) - set(named)
    if unknown:
        raise FieldsError(f"field {row['name']}: no weight is called {', '.join(sorted(unknown))}")
    words = [
        (_folded(row["name"], stem), named[key]) for key, stems in row["stems"].items() for stem in stems
    ]
    return Field(name=row["name"], words=tuple(words), bidang=row.get("bidang", ""))


def _folded(name: str, stem: str) -> str:
    folded = fold(stem)
    if not folded or len(folded.split()) > LONGEST_PHRASE:
        raise FieldsError(f"field {name}: the stem {stem!r} must have one to {LONGEST_PHRASE} words")
    return folded
