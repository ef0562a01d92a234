"""Keys at the keyboard: what needs one says how to make it; they are changed, and count and erase what they open."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.app import Home, compose
from bot.clock import SystemClock
from conversations.chat import Media
from storage.actor import Resident
from storage.columns import BadKeys
from storage.media import mark_kept, remember
from storage.residents import set_groups, set_name
from tests.databases import KEY
from tests.house.test_cli import leave, verbs
from tests.storage.relayed import mandate, unclaimed
from tests.storage.test_erasure import everything
from tests.storage.world import BUDI, NOW, SITI, World, seeded

KEYLESS = {
    "demo": "it makes its own",
    "chat": "it makes its own: nothing outlives it",
    "key": "it makes them",
    "doctor": "it says what is missing, with all else that is (test_doctor)",
    "migrate": "a new database holds nothing yet; an older one that does is refused by its encrypted columns",
    "regions import": "the official list of places",
    "forms": "empty forms",
    "recordings": "what the house itself has recorded",
}
"""Verbs that touch nothing personal, and why."""

MORE = {
    "decide": ["482-913-8", "--stage", "checked", "--decision", "forwarded"],
    "forget": ["482-913-8", "--reason", "diminta"],
    "invite": ["--role", "facilitator", "--region", "18.07.01"],
    "revoke": ["1"],
    "handover": ["--from", "1", "--to", "2"],
    "import forms": ["forms.xlsx", "--mandate", "1"],
    "import meetings": ["meetings.csv"],
    "import sipd": ["sipd.csv"],
    "export": ["usulan.csv", "--kind", "csv"],
}
"""What a verb must be given."""


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("verb", sorted(set(verbs()) - set(KEYLESS)))
def test_whatever_touches_personal_data_refuses_without_a_key_and_says_how_to_make_one(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in ("forms.xlsx", "meetings.csv", "sipd.csv"):
        Path(file).touch()
    assert leave(monkeypatch, *verb.split(), *MORE.get(verb, [])) == 1
    assert "`suara key`" in capsys.readouterr().err


def test_every_reason_for_no_key_is_of_a_verb_that_exists() -> None:
    assert set(KEYLESS) <= set(verbs())


def test_a_home_without_a_key_is_not_even_put_together(home: Home) -> None:
    home.engine.dialect.suara_keyring = None  # type: ignore[attr-defined]
    with pytest.raises(BadKeys, match="suara key"):
        compose(home.settings, home.engine, SystemClock(), seeded(), home.furnished)


@pytest.fixture
def installed(home: Home, bare: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose database and folder the commands use."""
    monkeypatch.setenv("DATABASE_URL", home.settings.database_url.get_secret_value())
    monkeypatch.setenv("MEDIA_DIR", str(home.settings.media_dir))
    monkeypatch.setenv("DATA_KEYS", KEY)
    return home


def test_a_key_is_changed_and_the_old_one_can_go(
    installed: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(installed.engine)
    world.consent(SITI)
    world.submit(SITI)
    with world.begin() as connection:
        set_name(connection, Resident(SITI), "KENARI", "1")
        remember(connection, Media(file_id="f", unique_id="v"), "voice", NOW)
        mark_kept(connection, "v", installed.store.keep([b"KENARI"]))
    newer = Fernet.generate_key().decode()
    monkeypatch.setenv("DATA_KEYS", f"{newer},{KEY}")
    assert leave(monkeypatch, "rotate") == 0
    said = capsys.readouterr()
    assert "resident.name: 1 written anew, 0 had the first key." in said.err
    assert "media files: 1 written anew, 0 had the first key." in said.err
    assert "1 codes to recover or claim an aspiration hang on older keys" in said.out
    assert "may now be removed" in said.out
    assert "KENARI" not in said.err + said.out
    monkeypatch.setenv("DATA_KEYS", newer)
    assert leave(monkeypatch, "rotate") == 0
    said = capsys.readouterr()
    assert "resident.name: 0 written anew, 1 had the first key." in said.err
    assert "may now be removed" not in said.out


def test_with_the_old_key_removed_too_soon_a_rotation_says_what_to_do(
    installed: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(installed.engine)
    world.consent(SITI)
    with world.begin() as connection:
        set_name(connection, Resident(SITI), "KENARI", "1")
    monkeypatch.setenv("DATA_KEYS", Fernet.generate_key().decode())
    assert leave(monkeypatch, "rotate") == 1
    assert "put the key that wrote them back" in capsys.readouterr().err


def test_people_are_counted_at_the_keyboard_in_words_for_a_table(
    installed: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(installed.engine)
    for chat in range(1, 8):
        world.submit(chat)
        with world.begin() as connection:
            set_groups(connection, Resident(chat), ["women"], declined=False, version="1")
    assert leave(monkeypatch, "count", "--group", "women", "--region", "18.07.01", "--by", "desa") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Sukadana, Kecamatan Sukadana: 5" in lines
    assert "Pakuan Aji, Kecamatan Sukadana: kurang dari 5" in lines
    assert "Jumlah: tidak ditampilkan, karena ada yang kurang dari 5" in lines
    assert leave(monkeypatch, "count", "--need", "ramp") == 0
    assert "Jumlah: kurang dari 5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--group", "tall"], "There is no group tall"),
        (["--need", "money"], "There is no need money"),
        (["--language", "jv"], "There is no language jv"),
        (["--region", "99"], "99 is no kecamatan or village of 18.07."),
    ],
)
def test_a_segment_that_does_not_exist_is_refused_with_those_that_do(
    installed: Home,
    words: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert leave(monkeypatch, "count", *words) == 1
    assert sentence in capsys.readouterr().err


def test_somebody_without_a_phone_is_erased_when_it_is_said_twice(
    installed: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(installed.engine)
    number = unclaimed(world, mandate(world, BUDI), BUDI, "KENARI")
    asked = ("forget", number, "--reason", "Diminta di kantor desa")
    assert leave(monkeypatch, *asked) == 1
    assert "Nothing was erased" in capsys.readouterr().err
    assert "KENARI digest" in everything(world)
    assert leave(monkeypatch, *asked, "--yes") == 0
    assert "the person behind it is erased" in capsys.readouterr().out
    assert "KENARI" not in everything(world)
    assert leave(monkeypatch, *asked, "--yes") == 1
    assert "erased already" in capsys.readouterr().err
