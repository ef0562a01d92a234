"""Data files of the house: how they are read, and how each fault becomes one clear sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "data"
LOCALES: Final = ("id", "id@mudah", "en")

Raw = Mapping[str, Any]


class DataFileError(Exception):
    """A data file that cannot be used; each of `sentences` names the file, the place and what is wrong."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = tuple(sentences)


def read_toml(path: Path) -> Raw:
    """The contents of a TOML file. Raises DataFileError when it is missing or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise DataFileError([f"{path} cannot be read: {fault.strerror}."]) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise DataFileError([f"{path} is not valid TOML: {fault}."]) from fault


def wrong_type(raw: Raw, where: str, name: str, wanted: type, default: Any = None) -> Iterator[str]:
    """A sentence when `raw[name]` (or its default) is not of the wanted type."""
    value = raw.get(name, default)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        yield f"{where} needs {name} as {_NAMES[wanted]}."


def missing_texts(raw: Raw, where: str) -> Iterator[str]:
    """A sentence for each locale in which a text is missing or empty."""
    for locale in LOCALES:
        if not isinstance(raw.get(locale), str) or not raw[locale].strip():
            yield f'{where} has no text in "{locale}".'


def unknown_names(names: object, known: Mapping[str, object], where: str, kind: str) -> Iterator[str]:
    """A sentence for each of `names` that is not among the known ones."""
    if not isinstance(names, list):
        yield f"{where} needs a list of {kind}s."
        return
    for name in names:
        if name not in known:
            yield f'{where} names the {kind} "{name}", which does not exist.'


def surplus(raw: Raw, allowed: Sequence[str], where: str) -> Iterator[str]:
    """A sentence for each entry that nobody reads: most often a typing error."""
    for name in raw:
        if name not in allowed:
            yield f'{where} has an unknown entry "{name}"; known are {", ".join(allowed)}.'


_NAMES: Final = {bool: "true or false", list: "a list", dict: "a table", str: "a text", int: "a whole number"}
