"""Importing on both engines, and any answers at all: understood or told, never a traceback."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from conversations.classifier import load_fields
from storage.actor import Facilitator
from storage.form_file import TypedRow
from storage.form_import import Imported, Known, Result, import_lot
from storage.form_reading import Faulty, FormReader, Understood
from storage.mandates import RELAY
from storage.paper_form import form_number
from tests.documents.conftest import FORM, typed
from tests.storage.world import NOW, RULES, World, furnish, seeded

YUNI = 7_000_000_010
READER = FormReader(
    form=FORM, regions=RULES.regions, fields=load_fields(), at=NOW, today=NOW.date() + timedelta(days=20)
)
NAMES = [field.name for field in FORM.fields]
ANSWERS = st.dictionaries(
    st.sampled_from(NAMES),
    st.one_of(
        st.text(max_size=60), st.sampled_from(["1", "2 3", "1-2", "10/2/2026", "Sukadana"]), st.dates()
    ),
)


def row(number: int, serial: int = 1, **changes: Any) -> TypedRow:
    """A row as the file gives it."""
    answers: dict[str, str | date] = dict.fromkeys(NAMES, "")
    return TypedRow(number, answers | typed(serial, **{"village": "Sukadana", **changes}))


@pytest.fixture
def world(engine: Engine, tmp_path: Any) -> World:
    """A migrated database with a few villages: the test runs on both engines."""
    return furnish(engine, tmp_path)


def imported(world: World, mandate: int, *rows: TypedRow, at: datetime = NOW) -> list[Result]:
    """These rows in one transaction."""
    forms = [READER.understand(each) for each in rows]
    with world.scene(Facilitator(mandate), at) as scene:
        return import_lot(scene, mandate, forms, seeded())


def test_a_lot_is_stored_once_on_both_engines(world: World) -> None:
    mandate = world.mandate(YUNI)
    lot = [row(2, 1), row(3, 2, need="Air bersih kurang"), row(4, 3, village="Atlantis")]
    first = imported(world, mandate, *lot)
    assert [type(each) for each in first] == [Imported, Imported, Faulty]
    again = imported(world, mandate, *lot)
    assert [type(each) for each in again] == [Known, Known, Faulty]
    numbers = [row["form_number"] for row in world.rows(RELAY)]
    assert numbers == [form_number("01", 1), form_number("01", 2)]


def test_two_who_import_the_same_file_at_once_store_it_once(world: World) -> None:
    """Another facilitator's mandate changes nothing: the number is the form's own."""
    first, second = world.mandate(YUNI), world.mandate(YUNI + 1)
    (new,) = imported(world, first, row(2))
    (known,) = imported(world, second, row(2))
    assert isinstance(new, Imported)
    assert known == Known(2, new.number, new.ticket)


@given(ANSWERS)
def test_any_answers_are_understood_or_told(answers: dict[str, Any]) -> None:
    result = READER.understand(TypedRow(7, dict.fromkeys(NAMES, "") | answers))
    assert isinstance(result, Understood) or result.sentences
    if isinstance(result, Faulty):
        assert all(sentence.strip() == sentence and len(sentence) < 300 for sentence in result.sentences)


@given(ANSWERS)
def test_one_strange_answer_in_a_good_form_is_understood_or_told(answers: dict[str, Any]) -> None:
    good = row(7).answers
    result = READER.understand(TypedRow(7, {**good, **dict(list(answers.items())[:1])}))
    assert isinstance(result, Understood) or result.sentences
