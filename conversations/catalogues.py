"""Catalogues: the copy of each locale, read from gettext `.po` files whose msgids are keys.

They are compiled in memory at start; there is no `.mo` and no build step. Texts of data-driven families
(fields, stages, reasons …) are shipped by the data file itself and merged in as `Entries`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from gettext import c2py
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

SOURCE: Final = "id"
"""The locale that the others are translated from, and the last resort of each."""

FOLDER: Final = Path(__file__).parent / "locales"
"""Where the catalogues of the project lie: a folder for each locale, in it a `.po` file for each part of the copy."""

_PO_LINE: Final = re.compile(r'(?:(?:msgid|msgid_plural|msgstr(?:\[\d\])?) )?"(?:[^"\\]|\\.)*"')

Entries = Mapping[str, Mapping[str, str]]
"""Texts that a data file ships: key -> locale -> text."""


class CatalogueError(ValueError):
    """A catalogue cannot be read; the message names the file or key and what is wrong."""


@dataclass(frozen=True, slots=True)
class Template:
    """One text ready to be filled: a form for each plural (most have one), and the names each form needs."""

    forms: tuple[str, ...]
    names: tuple[frozenset[str], ...]

    @classmethod
    def parse(cls, *forms: str) -> Template:
        """Take `{name}` placeholders apart; `{{` stands for a brace. CatalogueError when malformed."""
        names = tuple(_names(form) for form in forms)
        return cls(tuple(_literal(f) if not n else f for f, n in zip(forms, names, strict=True)), names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The texts of one locale. `twice` and `fuzzy` name the entries that the check complains about."""

    locale: str
    templates: Mapping[str, Template]
    plural_forms: str
    plural: Callable[[int], int]
    fuzzy: frozenset[str] = frozenset()
    twice: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalogues:
    """All catalogues by locale, and for each locale its texts with those of its fallbacks beneath."""

    by_locale: Mapping[str, Catalogue]
    whole: Mapping[str, Mapping[str, Template]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if SOURCE not in self.by_locale:
            raise CatalogueError(f"the catalogue of the source locale {SOURCE!r} is missing")
        whole = {locale: MappingProxyType(self._with_fallbacks(locale)) for locale in self.by_locale}
        object.__setattr__(self, "whole", MappingProxyType(whole))

    @property
    def locales(self) -> tuple[str, ...]:
        """All locales, the source first."""
        return tuple(sorted(self.by_locale, key=lambda locale: (locale != SOURCE, locale)))

    def known(self, locale: str) -> str:
        """The locale itself when there is a catalogue of it, else the nearest: `id@x` -> `id`, `en-US` -> `en`."""
        return next(name for name in (*fallbacks(locale), SOURCE) if name in self.by_locale)

    def template(self, key: str, locale: str) -> Template:
        """The text of a key; KeyError when no locale has it."""
        texts = self.whole.get(locale)
        return (self.whole[self.known(locale)] if texts is None else texts)[key]

    def plural(self, locale: str) -> Callable[[int], int]:
        """Which form of a text a count takes in a locale."""
        return self.by_locale[self.known(locale)].plural

    def _with_fallbacks(self, locale: str) -> dict[str, Template]:
        merged = dict(self.by_locale[SOURCE].templates)
        for name in reversed(fallbacks(locale)):
            if name in self.by_locale:
                merged.update(self.by_locale[name].templates)
        return merged


def fallbacks(locale: str) -> tuple[str, ...]:
    """A locale and what stands in for it, nearest first: `id@mudah`, `id`. Never raises, whatever it is given."""
    base = re.split(r"[@_-]", locale.strip(), maxsplit=1)[0].lower()
    return (locale, base) if base != locale else (locale,)


def read_catalogues(entries: Iterable[Entries] = (), folder: Path = FOLDER) -> Catalogues:
    """Read the catalogue of each locale's folder, with the texts that data files ship; CatalogueError names what is bad."""
    shipped = tuple(entries)
    places = sorted(place for place in folder.iterdir() if any(place.glob("*.po")))
    return Catalogues({place.name: _with(read_catalogue(place), shipped) for place in places})


def read_catalogue(folder: Path) -> Catalogue:
    """Read the `.po` files of one locale; its folder's name is the locale. An empty text counts as missing."""
    parts = [_read_part(path, folder.name) for path in sorted(folder.glob("*.po"))]
    keys = Counter(key for part in parts for key in part.templates)
    first = parts[0]
    return replace(
        first,
        templates={key: template for part in parts for key, template in part.templates.items()},
        fuzzy=frozenset().union(*(part.fuzzy for part in parts)),
        twice=frozenset(key for key, count in keys.items() if count > 1).union(
            *(part.twice for part in parts)
        ),
    )


def _read_part(path: Path, locale: str) -> Catalogue:
    try:
        text = path.read_text(encoding="utf-8")
        _strict(text)
        catalog = read_po(text.splitlines(), locale=locale, abort_invalid=True)
        templates = {_key(message): _template(message) for message in _translated(catalog)}
    except (PoFileError, CatalogueError, UnicodeDecodeError) as fault:
        raise CatalogueError(f"{locale}/{path.name}: {fault}") from fault
    return Catalogue(
        locale=locale,
        templates=templates,
        plural_forms=f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};",
        plural=c2py(catalog.plural_expr),
        fuzzy=frozenset(_key(message) for message in catalog if message.id and message.fuzzy),
        twice=_twice(text),
    )


def texts_by_key(entries: Entries, locale: str) -> dict[str, str]:
    """Of the texts that a data file ships, those of one locale."""
    return {key: texts[locale] for key, texts in entries.items() if texts.get(locale)}


def _with(catalogue: Catalogue, shipped: Iterable[Entries]) -> Catalogue:
    templates = dict(catalogue.templates)
    for entries in shipped:
        for key, text in texts_by_key(entries, catalogue.locale).items():
            templates[key] = _parsed(key, (text,))
    return replace(catalogue, templates=templates)


def _strict(text: str) -> None:
    """Babel reads over a missing quotation mark: `msgstr broken` becomes "roke"."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#") and not _PO_LINE.fullmatch(line.rstrip()):
            raise CatalogueError(f"line {number} is no line of a .po file: {line.strip()[:40]}")


def _translated(catalog: Catalog) -> Iterable[Message]:
    return (message for message in catalog if message.id and any(_forms(message)))


def _template(message: Message) -> Template:
    return _parsed(_key(message), _forms(message))


def _parsed(key: str, forms: tuple[str, ...]) -> Template:
    try:
        return Template.parse(*forms)
    except ValueError as fault:
        raise CatalogueError(f"text {key}: {fault}") from fault


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _names(form: str) -> frozenset[str]:
    names = set()
    for _literal_text, name, spec, conversion in Formatter().parse(form):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise CatalogueError(f"the placeholder {{{name}}} is not a plain name")
        names.add(name)
    return frozenset(names)


def _literal(form: str) -> str:
    return form.replace("{{", "{").replace("}}", "}")


def _twice(text: str) -> frozenset[str]:
    ids = re.findall(r'^msgid "(.+)"$', text, flags=re.MULTILINE)
    return frozenset(key for key, count in Counter(ids).items() if count > 1)
