"""Machine drafts are optional: without a model nothing changes; with one a draft comes, and only for who listens.

Here a fake stands for the machine. The real library is asked in tests/stt (`make check-stt`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
from sqlalchemy import Table, select, update

from bot.app import Home
from bot.doctor import about_drafts
from bot.jobs import draft_words, free_tasks
from bot.refusal import Refusal
from bot.settings import load
from bot.stt import FILES, Transcriber, open_transcriber, problems
from bot.transport import Transport
from bot.worker import Worker
from conversations.chat import Draft, Media, Part
from storage.actor import Resident
from storage.aspirations import submit
from storage.ledger import ERRAND
from storage.media import MEDIA
from storage.residents import Consent, record_consent
from storage.rules import Scene
from storage.tasks import TAKEN_FOR
from storage.transcripts import DRAFT_WORDS
from storage.unheard import TASK, TRANSCRIPT
from tests.databases import NOON

SITI = 7_000_000_001
VOICE = b"what was said"


@dataclass
class FakeMachine:
    """Writes what it is told to, and remembers what it heard."""

    words: str = "jalan rusak"
    heard: list[bytes] = field(default_factory=list)

    def transcribe(self, sound: Path) -> str:
        """As bot.stt.Transcriber."""
        self.heard.append(sound.read_bytes())
        return self.words


@pytest.fixture
def listening(home: Home, tmp_path: Path) -> Home:
    """The bot with a model in its settings."""
    return replace(home, settings=home.settings.model_copy(update={"stt_model_path": tmp_path}))


def spoken(home: Home) -> None:
    """Siti's voice was sent, and its file is kept."""
    rules, kept = home.furnished.rules, home.store.keep([VOICE])
    voice = Part(kind="voice", message=1, media=Media(file_id="f", unique_id="u", seconds=3))
    draft = Draft(
        serial=1,
        begun_at=NOON,
        parts=(voice,),
        village=rules.regions.village("18.07.01.2001"),
        field="road",
        visibility="public",
    )
    version = rules.consent_version
    yes = Consent(purpose="service", granted=True, version=version, locale="id", form="button")
    with home.engine.begin() as connection:
        record_consent(connection, Resident(SITI), yes, NOON)
        scene = Scene(connection, Resident(SITI), NOON, rules)
        submit(scene, draft, "id", Random(1))  # noqa: S311
        connection.execute(update(MEDIA).values(sha256=kept.sha256, state="kept"))


def tick(home: Home) -> int:
    """What the clock asks of the machine."""
    with home.engine.begin() as connection:
        return draft_words(home, connection, NOON)


async def works(home: Home, transcriber: Transcriber | None) -> None:
    """The worker does its errands."""
    await Worker(home, cast("Transport", None), lambda: None, transcriber=transcriber).work()
    await home.database.close()


def rows(home: Home, table: Table) -> list[Any]:
    with home.engine.begin() as connection:
        return list(connection.execute(select(table)))


def test_without_a_model_no_machine_is_asked(home: Home) -> None:
    """The recording waits for a person, as it says."""
    spoken(home)
    assert tick(home) == 0
    assert rows(home, ERRAND) == []
    assert open_transcriber(None) is None


async def test_with_a_model_the_machine_hears_the_original_once_and_writes_a_draft(listening: Home) -> None:
    spoken(listening)
    assert [tick(listening), tick(listening)] == [1, 0]
    machine = FakeMachine()
    await works(listening, machine)
    assert machine.heard == [VOICE]
    (draft,) = rows(listening, TRANSCRIPT)
    assert (draft.words, draft.source, draft.state) == ("jalan rusak", "machine", "draft")
    assert [errand.state for errand in rows(listening, ERRAND)] == ["done"]
    assert tick(listening) == 0


@pytest.mark.parametrize("deaf", [True, False])
async def test_a_machine_that_hears_nothing_writes_nothing(listening: Home, *, deaf: bool) -> None:
    spoken(listening)
    tick(listening)
    await works(listening, None if deaf else FakeMachine(""))
    assert rows(listening, TRANSCRIPT) == []


def test_a_recording_that_was_forgotten_for_a_day_is_given_to_others(home: Home) -> None:
    spoken(home)
    with home.engine.begin() as connection:
        connection.execute(update(TASK).values(state="taken", taken_at=NOON))
        assert free_tasks(home, connection, NOON + TAKEN_FOR - timedelta(minutes=1)) == 0
        assert free_tasks(home, connection, NOON + TAKEN_FOR) == 1
    assert [task.state for task in rows(home, TASK)] == ["open"]


def test_a_path_that_is_no_folder_is_refused_at_the_start(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would take it for a name, and ask the internet."""
    monkeypatch.setenv("STT_MODEL_PATH", "whisper-tiny")
    with pytest.raises(Refusal) as refusal:
        load()
    assert refusal.value.sentences[0].startswith("STT_MODEL_PATH must name a folder that is there")


@pytest.mark.parametrize("name", FILES)
def test_a_folder_that_lacks_a_part_of_the_model_is_named_by_doctor_and_at_the_start(
    tmp_path: Path, name: str
) -> None:
    for file in FILES:
        if file != name:
            (tmp_path / file).touch()
    assert any(name in sentence for sentence in problems(tmp_path))
    assert any(finding.state == "wrong" and name in finding.words for finding in about_drafts(tmp_path))
    with pytest.raises(Refusal, match=name):
        open_transcriber(tmp_path)


def test_doctor_says_nothing_of_drafts_where_nobody_wants_them() -> None:
    assert about_drafts(None) == []


def test_the_errand_has_a_name_of_its_own(listening: Home) -> None:
    spoken(listening)
    tick(listening)
    assert [errand.kind for errand in rows(listening, ERRAND)] == [DRAFT_WORDS]
