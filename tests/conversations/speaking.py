"""A house and catalogues for the tests of what is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from conversations.catalogues import Catalogue, Catalogues, Template
from conversations.facts import House
from conversations.texts import Texts

HOUSE = House(
    kabupaten="Lampung Timur",
    timezone=ZoneInfo("Asia/Jakarta"),
    zone="WIB",
    village_term="desa",
    contact_name="Ibu Sari di Bappeda",
    contact_phone="081234567890",
    hotline="129",
    consent_version="1",
    locales=("id", "id@mudah", "en"),
    fields=(),
)
LOMBOK = replace(HOUSE, timezone=ZoneInfo("Asia/Makassar"), zone="WITA")

PLURALS = {"id": "nplurals=1; plural=0;", "id@mudah": "nplurals=1; plural=0;"}
ENGLISH = "nplurals=2; plural=(n != 1);"


def catalogue(locale: str, texts: Mapping[str, str | tuple[str, ...]], **more: object) -> Catalogue:
    """A catalogue from a dictionary; a tuple holds plural forms."""
    forms = {key: (text,) if isinstance(text, str) else text for key, text in texts.items()}
    plain = Catalogue(
        locale=locale,
        templates={key: Template.parse(*parts) for key, parts in forms.items()},
        plural_forms=PLURALS.get(locale, ENGLISH),
        plural=(lambda _n: 0) if locale in PLURALS else (lambda n: int(n != 1)),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def catalogues(**by_locale: Mapping[str, str | tuple[str, ...]]) -> Catalogues:
    """Catalogues from dictionaries; `mudah` stands for `id@mudah`."""
    names = {"mudah": "id@mudah"}
    return Catalogues(
        {names.get(name, name): catalogue(names.get(name, name), texts) for name, texts in by_locale.items()}
    )


def texts(**by_locale: Mapping[str, str | tuple[str, ...]]) -> Texts:
    """Texts over catalogues from dictionaries, in the house of the tests."""
    return Texts(catalogues(**by_locale), HOUSE)


def po(folder: Path, locale: str, body: str, plural: str = "nplurals=1; plural=0;") -> Path:
    """The folder of a locale with one `.po` file: a right header and the given entries."""
    head = (
        f'msgid ""\nmsgstr ""\n"Language: {locale}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n\n'
    )
    place = folder / locale
    place.mkdir()
    (place / "part.po").write_text(head + body, encoding="utf-8")
    return place
