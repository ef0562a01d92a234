"""Each fault of a catalogue is found, and the project's own catalogues have none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conversations.catalogue_check import literal_keys, problems
from conversations.catalogues import Catalogue, Catalogues, Template, read_catalogues
from conversations.checker import text_keys
from conversations.classifier import field_texts
from conversations.families import families
from conversations.flows import suara_flows
from storage.lifecycle import load_lifecycle
from tests.conversations.speaking import catalogue

ROOT = Path(__file__).parents[2]
SHIPPED = (field_texts(), load_lifecycle().entries)
TEXTS = {"a": "Halo {name}.", "b": "Ya"}
USED = {"a", "b"}


def good(**changed: Catalogue) -> Catalogues:
    """Three sound catalogues, some of them exchanged (`mudah` for id@mudah)."""
    by_locale = {"id": catalogue("id", TEXTS), "en": catalogue("en", TEXTS)}
    by_locale["id@mudah"] = catalogue("id@mudah", TEXTS)
    return Catalogues(by_locale | {{"mudah": "id@mudah"}.get(name, name): c for name, c in changed.items()})


def with_texts(locale: str, **texts: str | tuple[str, ...]) -> Catalogue:
    return catalogue(locale, TEXTS | texts)


def without(locale: str, key: str) -> Catalogue:
    return catalogue(locale, {k: text for k, text in TEXTS.items() if k != key})


def test_sound_catalogues_have_no_problem() -> None:
    assert problems(good(), USED, {}) == []


def test_the_catalogues_of_the_project_have_no_problem() -> None:
    sources = [path for room in ("conversations", "storage", "bot") for path in (ROOT / room).rglob("*.py")]
    used = text_keys(suara_flows()) | literal_keys(sources)
    assert problems(read_catalogues(SHIPPED), used, families(SHIPPED)) == []


BAD = {
    "missing": (good(en=without("en", "b")), "en: b is missing"),
    "unused": (good(id=with_texts("id", c="Lama")), "id: c is not used"),
    "synonyms of nothing": (good(id=with_texts("id", **{"also.c": "x"})), "id: also.c names no used text"),
    "synonyms in one": (
        good(id=with_texts("id", **{"also.b": "iya"}), mudah=with_texts("id@mudah", **{"also.b": "-"})),
        "en: also.b is missing",
    ),
    "fuzzy": (good(en=catalogue("en", TEXTS, fuzzy=frozenset({"a"}))), "en: a is fuzzy"),
    "twice": (good(en=catalogue("en", TEXTS, twice=frozenset({"a"}))), "en: a stands there twice"),
    "other placeholder": (
        good(en=with_texts("en", a="Hello {nama}.")),
        "en: a: L23 has the placeholders {nama}, id has {name}",
    ),
    "placeholder lost": (
        good(en=with_texts("en", a="Hello.")),
        "en: a: L23 has the placeholders none, id has {name}",
    ),
    "placeholder lost in one plural": (
        good(en=with_texts("en", a=("One.", "Many {name}."))),
        "en: a: L23 has the placeholders none, id has {name}",
    ),
    "empty": (good(en=with_texts("en", b="  ")), "en: b is empty"),
    "header": (
        good(mudah=replace(catalogue("id@mudah", TEXTS), plural_forms="nplurals=2; plural=(n != 1);")),
        "id@mudah: the header Plural-Forms must be 'nplurals=1; plural=0;', not 'nplurals=2; plural=(n != 1);'",
    ),
    "locale": (
        Catalogues({"id": catalogue("id", TEXTS), "id@mudah": catalogue("id@mudah", TEXTS)}),
        "en: there is no catalogue",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_each_fault_is_named(fault: str) -> None:
    broken, sentence = BAD[fault]
    assert problems(broken, USED, {}) == [sentence]


def test_a_member_of_a_family_is_missed_in_every_locale() -> None:
    found = problems(good(), {*USED, "stage.*"}, {"stage": ("received",)})
    assert found == [f"{locale}: stage.received is missing" for locale in ("id", "en", "id@mudah")]


def test_a_text_of_no_member_is_unused() -> None:
    extra = good(id=with_texts("id", **{"stage.old": "Lama"}))
    assert problems(extra, {*USED, "stage.*"}, {"stage": ()}) == ["id: stage.old is not used"]


def test_a_family_must_be_declared() -> None:
    assert problems(good(), {*USED, "stage.*"}, {}) == ["the family stage.* is used but not declared"]


def test_what_the_house_provides_may_differ_between_locales() -> None:
    ours = good(en=with_texts("en", b="Yes, {village_term}"))
    assert problems(ours, USED, {}) == []


def test_a_language_on_its_way_need_not_be_complete_but_must_not_be_wrong() -> None:
    begun = catalogue("jv", {"a": "Halo {jeneng}."})
    assert problems(good(jv=begun), USED, {}) == ["jv: a: L23 has the placeholders {jeneng}, id has {name}"]


def test_keys_are_found_in_calls_constants_choices_and_families(tmp_path: Path) -> None:
    source = tmp_path / "flow.py"
    source.write_text(
        'NAMED: Final = "c"\nOTHER = "d"\n'
        'Line("a"), Line("b" if x else "e"), Line(NAMED), Line(OTHER), Line(unknown)\n'
        'Line(f"group.{name}"), Line(f"{what}.x"), option("value", "f"), option("v", f"edit.{v}", "g")\n'
        'Other("h"), "i"\n',
        encoding="utf-8",
    )
    assert literal_keys([source]) == {"a", "b", "c", "d", "e", "f", "group.*", "edit.*"}


def test_families_of_data_files_have_the_members_that_they_ship() -> None:
    declared = families([{"stage.received": {"id": "Diterima"}, "also.stage.received": {"id": "-"}}])
    assert declared["stage"] == ("received",)
    assert "also.stage" not in declared


def test_a_template_knows_the_names_of_each_form() -> None:
    assert Template.parse("{a}", "{b}").names == (frozenset({"a"}), frozenset({"b"}))
