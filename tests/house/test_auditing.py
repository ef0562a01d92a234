"""The audit at the keyboard: verified row by row and against its daily heads, which administrators get, too."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from bot import audit_heads, auditing
from bot.app import Home
from bot.jobs import Jobs
from bot.refusal import Refusal
from bot.rehearsal import StoppedClock
from storage import audit
from storage.actor import Officer, Resident, Staff
from storage.invitations import Offer, invite
from storage.mandates import accept
from storage.notices import NOTICES
from storage.rules import Scene

ADMIN = 7_100_000_009
CAMAT = Officer(7, 5_000_000_201, "kecamatan", ("18.07.01",))


@pytest.fixture(autouse=True)
def backups(home: Home, tmp_path: Path) -> Path:
    """Heads are kept in a folder of this test."""
    object.__setattr__(home, "settings", home.settings.model_copy(update={"backup_dir": tmp_path / "backup"}))
    return tmp_path / "backup" / audit_heads.FILE


def scene(home: Home, connection: Any, actor: Any) -> Scene:
    return Scene(connection, actor, home.clock.now(), home.furnished.rules)


def did(home: Home, *subjects: str) -> None:
    """Pak Camat does something."""
    with home.engine.begin() as connection:
        for subject in subjects:
            audit.record(scene(home, connection, CAMAT), CAMAT, "take", subject)


def administered(home: Home) -> None:
    """Somebody becomes an administrator: two rows of the audit."""
    with home.engine.begin() as connection:
        offer = Offer(role="administrator", scope=("18.07",))
        token = invite(scene(home, connection, Staff("cli", "bappeda")), offer, Random(1)).token  # noqa: S311
        accept(scene(home, connection, Resident(ADMIN)), token, "1")


async def pass_by(home: Home, **time: float) -> None:
    """Time passes, and what falls due is done twice."""
    assert isinstance(home.clock, StoppedClock)
    home.clock.at += timedelta(**time)
    for _ in range(2):
        await Jobs(home, lambda: None).seldom()


def letters(home: Home) -> list[tuple[int, int]]:
    """Who was told of how many rows."""
    with home.engine.begin() as connection:
        rows = connection.execute(NOTICES.select().where(NOTICES.c.key == audit.TOLD).order_by(NOTICES.c.id))
        return [(row.chat_id, row.params["number"]) for row in rows]


def mode(file: Path) -> int | None:
    """Who may read a file; None when there is none."""
    return stat.S_IMODE(file.stat().st_mode) if file.exists() else None


def lose(file: Path) -> None:
    """Somebody deletes a file."""
    file.unlink()


def behind_the_trigger(home: Home, *statements: str) -> None:
    """What somebody does who owns the database file."""
    with home.engine.begin() as connection:
        for statement in (
            "DROP TRIGGER audit_refuse_update",
            "DROP TRIGGER audit_refuse_delete",
            *statements,
        ):
            connection.execute(text(statement))


async def test_each_day_the_head_goes_to_a_file_and_to_the_administrators(home: Home, backups: Path) -> None:
    await pass_by(home)
    assert mode(backups) is None
    administered(home)
    await pass_by(home)
    did(home, "aspiration:1")
    await pass_by(home, hours=2)
    await pass_by(home, days=1)
    assert letters(home) == [(ADMIN, 2), (ADMIN, 3)]
    assert [head.number for head in audit_heads.read(backups)] == [2, 3]
    assert mode(backups) == 0o600


async def test_by_night_no_administrator_is_told(home: Home) -> None:
    administered(home)
    await pass_by(home, hours=10)
    assert letters(home) == []
    await pass_by(home, hours=10)
    assert letters(home) == [(ADMIN, 2)]


async def test_a_file_that_was_lost_is_begun_anew_and_nobody_is_told_twice(home: Home, backups: Path) -> None:
    administered(home)
    await pass_by(home)
    lose(backups)
    await pass_by(home)
    assert len(audit_heads.read(backups)) == 1
    assert len(letters(home)) == 1


async def test_a_whole_record_is_whole_and_agrees_with_its_heads(home: Home, backups: Path) -> None:
    did(home, "aspiration:1", "aspiration:2")
    await pass_by(home)
    did(home, "aspiration:3")
    said = auditing.verify(home.settings, backups)
    assert said.startswith("The record is whole: 3 rows, the newest with the mark ")
    assert said.endswith(f"It agrees with 1 heads of {backups}.")


def test_the_first_changed_row_is_named(home: Home) -> None:
    did(home, "aspiration:1", "aspiration:2", "aspiration:3")
    behind_the_trigger(home, "UPDATE audit SET mandate = 8 WHERE number > 1")
    with pytest.raises(Refusal, match="row 2 was changed"):
        auditing.verify(home.settings, None)


async def test_a_cut_tail_shows_against_the_file_of_heads_alone(home: Home, backups: Path) -> None:
    did(home, "aspiration:1", "aspiration:2")
    await pass_by(home)
    behind_the_trigger(
        home,
        "DELETE FROM audit WHERE number = 2",
        "UPDATE audit_head SET number = 1, digest = (SELECT digest FROM audit WHERE number = 1)",
    )
    assert "1 rows" in auditing.verify(home.settings, None)
    with pytest.raises(Refusal, match="row 2 was cut off or rewritten"):
        auditing.verify(home.settings, backups)


@pytest.mark.parametrize("words", ["x", "2026-02-10 3 abc", "2026-02-10 x " + "0" * 64])
def test_a_file_that_holds_no_heads_is_refused(home: Home, tmp_path: Path, words: str) -> None:
    file = tmp_path / "heads.txt"
    with pytest.raises(Refusal, match="cannot be read"):
        auditing.verify(home.settings, file)
    file.write_text(f"2026-02-09 0 {'0' * 64}\n{words}\n")
    with pytest.raises(Refusal, match="line 2"):
        auditing.verify(home.settings, file)
