"""The audit: every deed is chained to the one before, and whoever changes or cuts the chain is found out."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.actor import Officer
from storage.audit import AUDIT, HEAD, Head
from storage.rules import Scene
from tests.storage.world import NOW, RULES, World

CAMAT = Officer(7, 5000000201, "kecamatan", ("18.07.01",))


def did(world: World, *subjects: str) -> None:
    """An officer does something to each of these, in one transaction."""
    with world.engine.begin() as connection:
        for subject in subjects:
            audit.record(Scene(connection, CAMAT, NOW, RULES), CAMAT, "take", subject, "new")


def test_deeds_are_chained_in_order_and_name_nothing(world: World) -> None:
    did(world, "aspiration:12", "aspiration:13")
    did(world, "aspiration:12")
    with world.engine.connect() as connection:
        rows = connection.execute(AUDIT.select().order_by(AUDIT.c.number)).all()
        assert [row.number for row in rows] == [1, 2, 3]
        assert [row.previous for row in rows] == [audit.NOTHING, rows[0].digest, rows[1].digest]
        assert rows[0].subject == rows[2].subject != rows[1].subject
        assert "12" not in {row.subject for row in rows}
        assert audit.first_fault(connection) == ""
        assert audit.head(connection) == Head(3, rows[2].digest)


def test_what_is_rolled_back_was_not_done(world: World) -> None:
    with world.engine.connect() as connection:
        audit.record(Scene(connection, CAMAT, NOW, RULES), CAMAT, "take", "aspiration:1")
        connection.rollback()
    did(world, "aspiration:2")
    with world.engine.connect() as connection:
        assert audit.head(connection).number == 1


def test_rows_can_neither_be_changed_nor_deleted(world: World) -> None:
    did(world, "aspiration:12")
    for statement in ("UPDATE audit SET action = 'x'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="append-only"), world.engine.begin() as connection:
            connection.execute(text(statement))


def test_the_first_row_that_was_changed_behind_the_trigger_is_named(world: World) -> None:
    did(world, "aspiration:1", "aspiration:2", "aspiration:3")
    without_trigger(world.engine, "UPDATE audit SET code = 'other' WHERE number = 2")
    with world.engine.connect() as connection:
        assert audit.first_fault(connection) == "row 2 was changed"


def test_a_cut_tail_shows_against_a_head_that_was_kept_elsewhere(world: World) -> None:
    did(world, "aspiration:1", "aspiration:2")
    with world.engine.connect() as connection:
        kept = audit.head(connection)
        before = connection.execute(AUDIT.select().where(AUDIT.c.number == 1)).one()
    without_trigger(world.engine, "DELETE FROM audit WHERE number = 2")
    with world.engine.connect() as connection:
        assert audit.first_fault(connection) == "the chain ends at row 1, and its head names row 2"
    with world.engine.begin() as connection:
        connection.execute(HEAD.update().values(number=1, digest=before.digest))
    with world.engine.connect() as connection:
        assert audit.first_fault(connection) == ""
        assert not audit.contains(connection, kept)
        assert audit.contains(connection, Head(1, before.digest))


def without_trigger(engine: Engine, statement: str) -> None:
    """What somebody does who owns the database."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_refuse_update"))
            connection.execute(text("DROP TRIGGER audit_refuse_delete"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
        connection.execute(text(statement))


def test_a_moment_reads_back_as_it_was_chained(world: World) -> None:
    """SQLite keeps times without a zone, PostgreSQL in its own: the digest is over the moment in UTC."""
    assert NOW.tzinfo is not None
    did(world, "meeting:1")
    with world.engine.connect() as connection:
        assert audit.first_fault(connection) == ""
