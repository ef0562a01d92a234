"""The fields of need that words point to stand first; nothing is decided, nothing is left out."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.classifier import (
    FIELDS_FILE,
    MOST_FIELDS,
    OTHER,
    FieldsError,
    field_texts,
    forms,
    load_fields,
    ranked,
    scores,
)

FIELDS = load_fields()
NAMES = [field.name for field in FIELDS]
SAMPLE = Path(__file__).parent / "needs.tsv"
FLOORS = {"tune": (0.95, 0.98), "held": (0.90, 0.95), "press": (0.85, 0.90)}
"""Least share of sentences whose field stands first, and among the first three."""

GOOD = """
[weights]
sure = 5.0
[[field]]
name = "road"
bidang = "1.03"
texts = { id = "Jalan" }
also = { id = "-" }
[field.stems]
sure = ["jalan"]
[[field]]
name = "other"
texts = { id = "Lainnya" }
also = { id = "-" }
stems = { sure = [] }
"""


def sample() -> dict[str, list[tuple[str, str]]]:
    """(field, sentence) by part of the sample."""
    lines = [line for line in SAMPLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    rows = sorted((tuple(line.split("\t")) for line in lines), key=lambda row: row[0])
    return {
        part: [(row[1], row[2]) for row in of_it] for part, of_it in groupby(rows, key=lambda row: row[0])
    }


def accuracy(part: str, first: int) -> float:
    """Share of a part's sentences whose field is among the first; "other" has no words and is not judged."""
    judged = [(name, text) for name, text in sample()[part] if name != OTHER]
    return sum(name in ranked(text, FIELDS)[:first] for name, text in judged) / len(judged)


@pytest.mark.parametrize("part", FLOORS)
def test_the_right_field_stands_first_and_among_three_as_often_as_promised(part: str) -> None:
    assert accuracy(part, 1) >= FLOORS[part][0]
    assert accuracy(part, 3) >= FLOORS[part][1]


def test_the_sample_is_large_and_speaks_of_every_field() -> None:
    rows = [row for part in sample().values() for row in part]
    assert len(rows) >= 120
    assert {name for name, _ in rows} == set(NAMES)


@given(st.text())
def test_every_field_is_offered_once_and_other_is_last(words: str) -> None:
    order = ranked(words, FIELDS)
    assert sorted(order) == sorted(NAMES)
    assert order[-1] == OTHER


def test_without_a_hint_the_order_is_that_of_the_file() -> None:
    assert list(ranked("", FIELDS)) == NAMES


def test_saying_a_word_often_weighs_no_more_than_once() -> None:
    assert scores("jalan jalan jalan", FIELDS) == scores("jalan", FIELDS)


def test_a_phrase_counts_instead_of_its_words() -> None:
    assert ranked("lampu jalan mati", FIELDS)[0] == "lighting"
    assert scores("lampu jalan", FIELDS)["road"] == 0


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("jalannya", "jalan"),
        ("memupuk", "pupuk"),
        ("penerangan", "terang"),
        ("mengeruk", "keruk"),
        ("pertanian", "tani"),
        ("didik", "didik"),
        ("pengajar", "ajar"),
        ("sekolahku", "sekolah"),
    ],
)
def test_affixes_do_not_hide_a_stem(word: str, stem: str) -> None:
    assert stem in forms(word)


def test_there_are_at_most_twelve_fields_each_with_a_planning_code() -> None:
    assert len(FIELDS) <= MOST_FIELDS + 1
    assert all(field.bidang for field in FIELDS[:-1])


@pytest.mark.parametrize("locale", ["id", "id@mudah", "en"])
def test_each_field_ships_its_texts(locale: str) -> None:
    texts = field_texts()
    for name in NAMES:
        assert texts[f"field.{name}"][locale]
        assert texts[f"also.field.{name}"][locale]


def test_no_stem_stands_twice_in_one_field() -> None:
    for field in FIELDS:
        stems = [stem for stem, _ in field.words]
        assert sorted(set(stems)) == sorted(stems), field.name


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"other"', '"rest"', "the last must be 'other'"),
        ('"road"', '"other"', "different names"),
        ('name = "road"', 'name = "Jalan Raya"', "a name has"),
        ('"1.03"', '"PU"', "bidang must be a code"),
        ("also = { id", "olso = { id", "also is missing"),
        ("[field.stems]\nsure", "[field.stems]\nmaybe", "no weight is called maybe"),
        ('["jalan"]', '["satu dua tiga empat"]', "one to 3 words"),
        ('["jalan"]', '["!"]', "one to 3 words"),
        ("[weights]", "[weights", "fields.toml"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    path = tmp_path / "fields.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FieldsError, match=sentence):
        load_fields(path)


def test_the_file_that_the_bad_ones_are_made_of_is_good(tmp_path: Path) -> None:
    path = tmp_path / "fields.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert [field.words for field in load_fields(path)] == [(("jalan", 5.0),), ()]


def test_more_than_twelve_fields_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "fields.toml"
    road, other = GOOD.split("[[field]]")[1:]
    many = [road.replace('"road"', f'"road{chr(97 + n)}"') for n in range(MOST_FIELDS + 1)]
    path.write_text("[weights]\nsure = 5.0\n" + "".join(f"[[field]]{row}" for row in [*many, other]))
    with pytest.raises(FieldsError, match="at most 12 fit"):
        load_fields(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FieldsError, match=r"nowhere\.toml"):
        load_fields(tmp_path / "nowhere.toml")


def test_the_file_of_the_project_is_where_it_is_looked_for() -> None:
    assert FIELDS_FILE.is_file()
