"""The doctor names each thing that is wrong, with what to do, and nothing that is secret."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import delete, insert

from bot import doctor
from bot.commands import doctor as doctor_command
from bot.commands.faults import open_database
from bot.commands.migrate import migrate
from bot.refusal import Refusal
from bot.settings import load
from conversations.chat import Media
from simulator.server import Simulator
from storage.ledger import table
from storage.media import MediaStore, mark_kept, remember
from storage.relay_tables import MandateRecord
from storage.tables import ResidentRecord

TOKEN = "1234567890:AAEhBP0av28oYdkM3u5Zq7m1tKf0wXcRtYs"
FILE = Path(".env")
KEY, OTHER_KEY = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A Telegram that knows our token."""
    async with Simulator(tokens=[TOKEN]) as telegram:
        yield telegram


@pytest.fixture
def healthy(bare: Path, simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> Path:
    """An installation that lacks nothing."""
    write(TELEGRAM_API_URL=simulator.url)
    migrate(FILE)
    add_safeguard()
    capsys.readouterr()
    return bare


def add_safeguard() -> None:
    """Somebody hears of danger in all of the kabupaten."""
    engine = open_database(load(FILE))
    with engine.begin() as connection:
        row = {"chat_id": 7, "role": "safeguard", "scope": ["18.07"], "begun_at": datetime.now(UTC)}
        connection.execute(insert(table(MandateRecord)).values(row | {"forum": False, "conduct": "1"}))
    engine.dispose()


@pytest.mark.usefixtures("healthy")
async def test_danger_that_nobody_would_hear_is_told() -> None:
    """So is a hotline that residents would not be given."""
    assert await wrong() == {}
    write(TELEGRAM_API_URL=load(FILE).telegram_api_url, HOTLINE="")
    assert "HOTLINE is empty" in (await wrong())["Danger"]
    engine = open_database(load(FILE))
    with engine.begin() as connection:
        connection.execute(delete(table(MandateRecord)))
    engine.dispose()
    assert "alert nobody (0 so far)" in (await wrong())["Danger"]


def write(**changes: str) -> None:
    """Write the settings, some of them changed."""
    values = {
        "TELEGRAM_TOKEN": TOKEN,
        "DATA_KEYS": KEY,
        "CONTACT_PHONE": "0725-000-000",
        "HOTLINE": "112",
    } | changes
    FILE.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")


async def wrong() -> dict[str, str]:
    """What is not ok, by what it is about."""
    return {finding.about: finding.words for finding in await doctor.examine(FILE) if finding.state != "ok"}


@pytest.mark.usefixtures("healthy")
async def test_a_healthy_installation_is_told_so() -> None:
    assert await wrong() == {}


@pytest.mark.usefixtures("bare")
async def test_wrong_settings_are_told_and_nothing_else_is_looked_at() -> None:
    write(REGION="Lampung", DATA_KEYS="canary")
    findings = await doctor.examine(FILE)
    assert {finding.words.split()[0] for finding in findings} == {"REGION", "DATA_KEYS"}
    assert not any("canary" in finding.words for finding in findings)


@pytest.mark.usefixtures("bare")
async def test_an_empty_database_is_sent_to_migrate(simulator: Simulator) -> None:
    write(TELEGRAM_API_URL=simulator.url)
    assert await wrong() == {"Schema": "it is not that of this version: run `suara migrate`."}


@pytest.mark.usefixtures("healthy")
async def test_a_kabupaten_without_villages_is_sent_to_the_import(simulator: Simulator) -> None:
    write(TELEGRAM_API_URL=simulator.url, REGION="32.01")
    found = await wrong()
    assert found["Regions"].endswith("run `suara regions import`.")
    assert "32.01" in found["Rules"]


@pytest.mark.usefixtures("bare")
async def test_a_database_that_is_not_there_is_told_without_its_password(simulator: Simulator) -> None:
    write(TELEGRAM_API_URL=simulator.url, DATABASE_URL="postgresql://suara:canary@127.0.0.1:1/suara")
    found = await wrong()
    assert "127.0.0.1" in found["Database"]
    assert "DATABASE_URL" in found["Database"]
    assert "canary" not in str(found)


@pytest.mark.usefixtures("healthy")
async def test_keys_that_do_not_read_what_is_stored_are_told(simulator: Simulator) -> None:
    engine = open_database(load(FILE))
    with engine.begin() as connection:
        row = {"name": "Bu Wati", "locale": "id", "created_at": datetime.now(UTC)}
        connection.execute(insert(table(ResidentRecord)).values(row))
    engine.dispose()
    assert await wrong() == {}
    write(TELEGRAM_API_URL=simulator.url, DATA_KEYS=OTHER_KEY)
    assert "DATA_KEYS=new,old" in (await wrong())["Keys"]
    write(TELEGRAM_API_URL=simulator.url, DATA_KEYS=f"{OTHER_KEY},{KEY}")
    assert await wrong() == {}


def kept(healthy: Path, content: bytes = b"a voice") -> tuple[MediaStore, str]:
    """A file that was kept, and its name."""
    store = MediaStore(healthy / "var" / "media", MultiFernet([Fernet(KEY)]))
    engine = open_database(load(FILE))
    with engine.begin() as connection:
        remember(connection, Media(file_id="f", unique_id="u"), "voice", datetime.now(UTC))
        name = store.keep([content])
        mark_kept(connection, "u", name)
    engine.dispose()
    return store, name.sha256


async def test_kept_files_are_read_and_all_is_well(healthy: Path) -> None:
    kept(healthy)
    assert await wrong() == {}


async def test_a_kept_file_that_is_gone_or_altered_is_told(healthy: Path) -> None:
    store, name = kept(healthy)
    store.path(name).write_bytes(store.path(name).read_bytes()[:-1])
    assert "altered or cut short" in (await wrong())["Files"]
    store.discard([name])
    assert "bring it back from a backup" in (await wrong())["Files"]


async def test_a_file_of_before_files_were_encrypted_is_told(healthy: Path) -> None:
    store, name = kept(healthy)
    store.path(name).write_bytes(b"a voice")
    assert "suara rotate" in (await wrong())["Files"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    finding = doctor.about_folder(tmp_path / "file")
    assert (finding.state, "cannot be written" in finding.words) == ("wrong", True)


@pytest.mark.parametrize(("free", "state"), [(10**6, "wrong"), (10**9, "attention"), (10**11, "ok")])
def test_little_room_is_told(free: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    assert doctor.about_room(Path("var/media")).state == state


@pytest.mark.usefixtures("healthy")
async def test_a_missing_contact_is_worth_a_look(simulator: Simulator) -> None:
    write(TELEGRAM_API_URL=simulator.url, CONTACT_PHONE="")
    assert list(await wrong()) == ["Contact"]


@pytest.mark.usefixtures("healthy")
async def test_a_wrong_token_is_told_and_not_repeated(simulator: Simulator) -> None:
    write(TELEGRAM_API_URL=simulator.url, TELEGRAM_TOKEN=TOKEN[:-1] + "x")
    found = await wrong()
    assert found["Telegram"].startswith("TELEGRAM_TOKEN is refused: copy it again from @BotFather")
    assert TOKEN[-20:-1] not in str(found)


@pytest.mark.usefixtures("healthy")
async def test_a_server_that_is_not_there_is_told() -> None:
    write(TELEGRAM_API_URL="http://127.0.0.1:1")
    found = await wrong()
    assert found["Telegram"].startswith("http://127.0.0.1:1 cannot be reached")
    assert "could not be compared" in found["Clock"]


@pytest.mark.usefixtures("healthy")
async def test_another_webhook_than_ours_is_told(simulator: Simulator) -> None:
    write(
        TELEGRAM_API_URL=simulator.url, WEBHOOK_URL="http://127.0.0.1:8080/telegram", WEBHOOK_SECRET="s" * 32
    )
    assert "another webhook than WEBHOOK_URL" in (await wrong())["Delivery"]


@pytest.mark.usefixtures("healthy")
async def test_a_clock_that_is_wrong_is_told(simulator: Simulator) -> None:
    late = datetime.now(UTC) + timedelta(minutes=5)
    assert "differs from the server's by" in (await doctor.about_clock(simulator.url, late)).words
    assert (await doctor.about_clock(simulator.url)).state == "ok"


@pytest.mark.usefixtures("bare")
def test_the_command_prints_a_line_for_each_and_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    write(REGION="x")
    with pytest.raises(Refusal, match="1 of 1 must be put right"):
        doctor_command.doctor(FILE)
    assert capsys.readouterr().out.startswith("WRONG Settings: REGION must be")
