"""Ready sentences for residents, by stage, decision and group, in each language: read from a data file (issue 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from conversations.desk import Sentence
from conversations.flows.intake_answers import GROUPS
from storage.datafile import (
    FOLDER,
    LOCALES,
    DataFileError,
    Raw,
    missing_texts,
    read_toml,
    surplus,
    unknown_names,
)
from storage.lifecycle import Lifecycle

DEFAULT: Final = FOLDER / "templates.toml"
LONGEST: Final = 60
"""Characters of a sentence: it is the label of a button (conversations.texts.LABEL_LIMIT)."""

MOST: Final = 8  # sentences that are offered at once
_FITS: Final = ("stages", "decisions", "groups")


@dataclass(frozen=True, slots=True)
class Template:
    """A ready sentence and for what it is meant; empty sets stand for everything."""

    sentence: Sentence
    stages: frozenset[str]
    decisions: frozenset[str]
    groups: frozenset[str]

    def fits(self, stage: str, decision: str, groups: Collection[str]) -> bool:
        """Whether it may be offered; `groups` are those that all aspirations of the verdict are for."""
        return (
            (not self.stages or stage in self.stages)
            and (not self.decisions or decision in self.decisions)
            and (not self.groups or not self.groups.isdisjoint(groups))
        )


@dataclass(frozen=True, slots=True)
class Templates:
    """All ready sentences of the kabupaten."""

    every: tuple[Template, ...] = ()

    def fitting(self, stage: str, decision: str, groups: Collection[str]) -> tuple[Sentence, ...]:
        """Those that fit a verdict, the ones for its groups first; at most 8."""
        found = [one for one in self.every if one.fits(stage, decision, groups)]
        return tuple(one.sentence for one in sorted(found, key=lambda one: not one.groups))[:MOST]

    def find(self, name: str) -> Sentence | None:
        """The sentence of a name, None for one that the file no longer has."""
        return next((one.sentence for one in self.every if one.sentence.name == name), None)


def load_templates(lifecycle: Lifecycle, path: Path = DEFAULT) -> Templates:
    """Read and check the file. Raises DataFileError with one sentence for each fault."""
    raw = read_toml(path).get("template", [])
    if faults := list(_problems(raw, lifecycle)):
        raise DataFileError([f"{path.name}: {fault}" for fault in faults])
    return Templates(tuple(_build(one) for one in raw))


def _problems(raw: Sequence[Raw], lifecycle: Lifecycle) -> Iterator[str]:
    names = [one.get("name") for one in raw]
    known: Mapping[str, Mapping[str, Any]] = {
        "stages": lifecycle.stages,
        "decisions": lifecycle.decisions,
        "groups": dict.fromkeys(GROUPS),
    }
    for one in raw:
        where = f"Template {one.get('name')}"
        if not isinstance(one.get("name"), str) or not one["name"] or names.count(one["name"]) > 1:
            yield f"{where} needs a name of its own."
        yield from surplus(one, ("name", *_FITS, *LOCALES), where)
        yield from missing_texts(one, where)
        yield from (f"{where} is longer than {LONGEST} characters in {locale}." for locale in _long(one))
        for kind in _FITS:
            yield from unknown_names(one.get(kind, []), known[kind], where, kind.removesuffix("s"))


def _long(one: Raw) -> Iterator[str]:
    yield from (locale for locale in LOCALES if len(str(one.get(locale, ""))) > LONGEST)


def _build(one: Raw) -> Template:
    words = tuple((locale, one[locale].strip()) for locale in LOCALES)
    stages, decisions, groups = (frozenset(one.get(kind, ())) for kind in _FITS)
    return Template(Sentence(name=one["name"], words=words), stages, decisions, groups)
