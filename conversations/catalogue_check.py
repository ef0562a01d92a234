"""What is wrong with the catalogues: with keys as msgids neither msgfmt nor Babel can see it.

`problems` returns one sentence for each fault and an empty list when all is well.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from conversations.catalogues import SOURCE, Catalogue, Catalogues, Template
from conversations.texts import AMBIENT, SYNONYMS

COMPLETE: Final = ("id", "id@mudah", "en")
"""Locales that must hold every text (issue 2); others fall back on Indonesian where they have none."""

PLURAL_FORMS: Final = {
    "id": "nplurals=1; plural=0;",
    "en": "nplurals=2; plural=(n != 1);",
}
"""The right header by language; `pybabel init` writes a wrong one for Indonesian."""

EVERY: Final = "*"
"""A used key such as `group.*` stands for all members of a family."""


def problems(
    catalogues: Catalogues, used_keys: Collection[str], families: Mapping[str, Collection[str]]
) -> list[str]:
    """All faults. `used_keys` are the keys that flows and code name, `group.*` naming a family;
    `families` are the declared ones: prefix -> its members, which data files or code define.
    """
    wanted = _wanted(used_keys, families)
    found = [*_undeclared(used_keys, families), *_locales_missing(catalogues)]
    for locale in catalogues.locales:
        catalogue = catalogues.by_locale[locale]
        found += _keys(catalogue, wanted, catalogues.by_locale[SOURCE])
        found += _header(catalogue)
        found += _entries(catalogue, catalogues.by_locale[SOURCE])
    return found


def literal_keys(paths: Iterable[Path]) -> set[str]:
    """The keys of `Line("…")` and `option(…, "…")` in Python files; `f"group.{name}"` is the family `group.*`."""
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    shared = dict(pair for module in modules for pair in _constants(module))
    return {key for module in modules for key in _keys_of_module(module, shared)}


def _keys_of_module(module: ast.Module, shared: Mapping[str, ast.expr]) -> Iterator[str]:
    constants = {**shared, **dict(_constants(module))}
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id="Line"), args=[expression, *_]):
                yield from _keys_of(expression, constants)
            case ast.Call(func=ast.Name(id="option"), args=[_, expression, *_]):
                yield from _keys_of(expression, constants)


def _constants(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Texts that a module gives a name, so that `Line(CHANGED)` is found too, also where it is imported."""
    for node in module.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str()) as value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str()) as value):
                yield name, value


def _keys_of(expression: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    match expression:
        case ast.Constant(value=str(key)):
            yield key
        case ast.Name(id=name) if name in constants:
            yield from _keys_of(constants[name], {})
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_keys_of(body, constants), *_keys_of(orelse, constants))
        case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), *_]):
            yield prefix.removesuffix(".") + "." + EVERY


def _wanted(used_keys: Collection[str], families: Mapping[str, Collection[str]]) -> set[str]:
    single = {key for key in used_keys if not key.endswith("." + EVERY)}
    return single | {f"{family}.{member}" for family, members in families.items() for member in members}


def _undeclared(used_keys: Collection[str], families: Mapping[str, Collection[str]]) -> list[str]:
    named = sorted(key.removesuffix("." + EVERY) for key in used_keys if key.endswith("." + EVERY))
    return [f"the family {name}.* is used but not declared" for name in named if name not in families]


def _locales_missing(catalogues: Catalogues) -> list[str]:
    return [f"{locale}: there is no catalogue" for locale in COMPLETE if locale not in catalogues.by_locale]


def _keys(catalogue: Catalogue, wanted: set[str], source: Catalogue) -> Iterator[str]:
    """Missing and unused texts. A family of synonyms `also.<key>` is free to exist in the source for used keys."""
    locale = catalogue.locale
    present = set(catalogue.templates)
    labels = {key for key in present if not key.startswith(SYNONYMS)}
    synonyms = present - labels
    if locale in COMPLETE:
        needed = wanted | {SYNONYMS + key for key in wanted if SYNONYMS + key in source.templates}
        yield from (f"{locale}: {key} is missing" for key in sorted(needed - present - catalogue.fuzzy))
    yield from (f"{locale}: {key} is not used" for key in sorted(labels - wanted))
    stray = (key for key in sorted(synonyms) if key.removeprefix(SYNONYMS) not in wanted)
    yield from (f"{locale}: {key} names no used text" for key in stray)


def _header(catalogue: Catalogue) -> Iterator[str]:
    right = PLURAL_FORMS.get(catalogue.locale.partition("@")[0])
    if right is not None and catalogue.plural_forms != right:
        yield f"{catalogue.locale}: the header Plural-Forms must be {right!r}, not {catalogue.plural_forms!r}"


def _entries(catalogue: Catalogue, source: Catalogue) -> Iterator[str]:
    locale = catalogue.locale
    yield from (f"{locale}: {key} is fuzzy" for key in sorted(catalogue.fuzzy))
    yield from (f"{locale}: {key} stands there twice" for key in sorted(catalogue.twice))
    for key, template in catalogue.templates.items():
        yield from _empty(locale, key, template)
        yield from _placeholders(locale, key, template, source.templates.get(key))


def _empty(locale: str, key: str, template: Template) -> Iterator[str]:
    if not all(form.strip() for form in template.forms):
        yield f"{locale}: {key} is empty"


def _placeholders(locale: str, key: str, template: Template, source: Template | None) -> Iterator[str]:
    """L23 of the copy: each form must ask for what the source asks for; what the house provides may differ."""
    if source is None:
        return
    wanted = source.names[0] - AMBIENT
    for names in template.names:
        if names - AMBIENT != wanted:
            yield f"{locale}: {key}: L23 has the placeholders {_set(names - AMBIENT)}, {SOURCE} has {_set(wanted)}"


def _set(names: Collection[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}" if names else "none"
