"""Settings: `.env.example` is complete, and whatever is wrong is told in one sentence that repeats no value."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from unittest.mock import patch

import pytest
from cryptography.fernet import Fernet
from dotenv import dotenv_values
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot import setting_readers as read
from bot import settings as house
from bot.refusal import Refusal
from bot.settings import Settings, load, names

EXAMPLE = Path(__file__).parents[2] / ".env.example"
TOKEN = "123456789:AAEhBP0av28oYdkM3u5Zq7m1tKf0wXcRtYs"
KEY = "c3VhcmEtdGVzdC1rZXktc3VhcmEtdGVzdC1rZXktMDE="

WRONG = [
    ("TELEGRAM_TOKEN", "123456789-AAEhBP0av28"),
    ("TELEGRAM_TOKEN", "0123:AAEhBP0av28oYdkM3u5Zq7m1tKf0wXcRtYs"),
    ("TELEGRAM_API_URL", "api.telegram.org"),
    ("TELEGRAM_API_URL", "http://[::1"),
    ("TELEGRAM_API_URL", "http://localhost:seventy"),
    ("TELEGRAM_LIBRARY", "telethon"),
    ("DATABASE_URL", "mysql://root:canarypass@db/suara"),
    ("DATABASE_URL", "postgresql://suara:canarypass@db:port/suara"),
    ("DATABASE_URL", "postgresql://suara:canarypass@db"),
    ("DATA_KEYS", "canary-is-no-key"),
    ("DATA_KEYS", f"{KEY},kurang"),
    ("DATA_KEYS", "kunci-é"),
    ("WEBHOOK_URL", "bappeda.example.go.id/telegram"),
    ("WEBHOOK_SECRET", "pendek"),
    ("WEBHOOK_SECRET", "canary secret with spaces"),
    ("LISTEN", "8080-canary"),
    ("LISTEN", "127.0.0.1:70000"),
    ("REGION", "Lampung Timur"),
    ("REGION", "1807canary"),
    ("REGION", "99.01"),
    ("TIMEZONE", "Lampung"),
    ("TIMEZONE", "../../etc/passwd"),
    ("LOCALE", "sasak"),
    ("CONTACT_NAME", "baris\nkedua"),
    ("CONTACT_NAME", "canary " * 20),
    ("CONTACT_PHONE", "telepon saja"),
    ("HOTLINE", "<b>129</b>"),
    ("LOG_FORMAT", "syslog"),
    ("SEND_RATE", "cepat"),
    ("SEND_RATE", "-30"),
    ("SEND_CONCURRENCY", "1000000"),
    ("NOTICE_DELAY", "10 menit"),
    ("APPROVE_ABOVE", "banyak"),
    ("QUIET_HOURS", "malam-malam"),
    ("QUIET_HOURS", "20:00-20:00"),
    ("QUIET_HOURS", "20:00+07:00-07:00"),
    ("STT_MODEL_PATH", "whisper-tiny"),
    ("CLOCK_URL", "besok pagi"),
]
PATHS = {"MEDIA_DIR", "BACKUP_DIR", "RECORDINGS_DIR"}
"""Any words are a path; whether it can be written is for the doctor."""


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> tuple[str, ...]:
    """The sentences with which these settings are refused."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as refusal:
        load()
    return refusal.value.sentences


def lines_of_example() -> Iterator[tuple[str, str]]:
    """Each line of the example that sets something, with the line above it."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for above, line in itertools.pairwise(lines):
        if line and not line.startswith("#"):
            yield line, above


def test_the_example_names_every_setting_and_no_other() -> None:
    assert sorted(dotenv_values(EXAMPLE)) == sorted(names())


def test_the_example_says_of_every_setting_why_it_is_there() -> None:
    assert [line for line, above in lines_of_example() if not above.startswith("# ")] == []


@pytest.mark.usefixtures("bare")
def test_the_example_shows_the_defaults() -> None:
    assert load(EXAMPLE) == load()


def test_every_setting_has_a_wrong_value_here() -> None:
    assert {name for name, _ in WRONG} | PATHS == set(names())


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_gets_one_sentence_that_names_it(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [sentence] = refused(monkeypatch, **{name: value})
    assert sentence.startswith(f"{name} must ")
    assert sentence.endswith((".", ")."))
    assert "\n" not in sentence
    assert value not in sentence


@pytest.mark.usefixtures("bare")
def test_several_wrong_settings_get_a_sentence_each(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = refused(monkeypatch, REGION="x", LISTEN="y", LOG_FORMAT="z")
    assert {sentence.split()[0] for sentence in sentences} == {"REGION", "LISTEN", "LOG_FORMAT"}


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("name", house.MISSING)
def test_a_missing_setting_is_told_with_what_to_do(name: str) -> None:
    with pytest.raises(Refusal, match=f"^{name} is missing: .*into .env"):
        load(needs=[name])


@pytest.mark.usefixtures("bare")
def test_what_a_command_does_not_need_may_be_missing() -> None:
    assert load().telegram_token is None


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("sentence", "environment"),
    [
        (house.UNGUARDED_WEBHOOK, {"WEBHOOK_URL": "https://suara.example.go.id/telegram"}),
        (house.BAD_WEBHOOK, {"WEBHOOK_URL": "http://suara.example.go.id/t", "WEBHOOK_SECRET": "a" * 32}),
        (
            house.BAD_WEBHOOK,
            {"WEBHOOK_URL": "https://suara.example.go.id:9000/t", "WEBHOOK_SECRET": "a" * 32},
        ),
        (house.STRAY_CLOCK, {"CLOCK_URL": "http://127.0.0.1:8081/sim/clock"}),
        (house.BAD_RATE, {"SEND_RATE": "31"}),
        (house.BAD_RATE, {"SEND_RATE": "0"}),
    ],
)
def test_settings_that_are_wrong_together_are_told(
    sentence: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(monkeypatch, **environment) == (sentence,)


@pytest.mark.usefixtures("bare")
def test_a_server_of_ones_own_may_be_faster_plain_and_have_another_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = {
        "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
        "WEBHOOK_URL": "http://127.0.0.1:8080/t",
        "WEBHOOK_SECRET": "a" * 32,
        "CLOCK_URL": "http://127.0.0.1:8081/sim/clock",
        "SEND_RATE": "0",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert load().telegram_api_url == "http://127.0.0.1:8081"


def test_a_slip_in_the_file_is_told_with_the_name_that_was_meant(bare: Path) -> None:
    (bare / ".env").write_text("TELEGRAM_TOKN=x\nKOPI=1\n", encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        load()
    near, far = refusal.value.sentences
    assert near == "TELEGRAM_TOKN in .env is not a setting: did you mean TELEGRAM_TOKEN?"
    assert far.startswith("KOPI in .env is not a setting: see .env.example")


def test_a_file_that_is_not_text_is_told(bare: Path) -> None:
    (bare / ".env").write_bytes(b"CONTACT_NAME=\xff\xfe\n")
    with pytest.raises(Refusal, match=r"^\.env is not text in UTF-8"):
        load()


@pytest.mark.usefixtures("bare")
def test_a_file_that_cannot_be_read_is_told() -> None:
    denied = PermissionError(13, "Permission denied")
    with (
        patch.object(house, "Settings", side_effect=denied),
        pytest.raises(Refusal, match=r"^\.env cannot be read \(Permission denied\)"),
    ):
        load()


@pytest.mark.usefixtures("bare")
def test_a_named_file_that_is_not_there_is_told() -> None:
    with pytest.raises(Refusal, match=r"^elsewhere\.env is not there"):
        load(Path("elsewhere.env"))


def test_the_environment_wins_over_the_file(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / ".env").write_text("REGION=52.03\nLOCALE=en\n", encoding="utf-8")
    monkeypatch.setenv("REGION", "18.02")
    assert (load().region, load().locale) == ("18.02", "en")


@pytest.mark.usefixtures("bare")
def test_secrets_show_nowhere_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "TELEGRAM_TOKEN": TOKEN,
        "DATA_KEYS": KEY,
        "WEBHOOK_SECRET": "canary" * 4,
        "DATABASE_URL": "postgresql://suara:canarypass@db/suara",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    shown = f"{load()!r} {load()} {load().model_dump_json()}"
    assert not any(value in shown for value in (*secrets.values(), "canarypass"))


@pytest.mark.usefixtures("bare")
def test_keys_are_read_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    old = Fernet.generate_key().decode()
    monkeypatch.setenv("DATA_KEYS", f"{KEY}, {old}")
    assert [key.get_secret_value() for key in load().data_keys] == [KEY, old]


@pytest.mark.parametrize(
    ("region", "timezone", "zone"),
    [
        ("18.07", None, "Asia/Jakarta"),
        ("52.03", None, "Asia/Makassar"),
        ("91.01", None, "Asia/Jayapura"),
        ("18.07", "WITA", "Asia/Makassar"),
        ("18.07", "Asia/Jayapura", "Asia/Jayapura"),
    ],
)
@pytest.mark.usefixtures("bare")
def test_the_time_zone_is_that_of_the_province_unless_it_is_set(
    region: str, timezone: str | None, zone: str
) -> None:
    assert Settings(region=region, timezone=timezone).zone.key == zone


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("20:00-07:00", (time(20), time(7))),
        ("21.30-06.00", (time(21, 30), time(6))),
        ("none", (time(), time())),
    ],
)
def test_quiet_hours_are_two_times_or_none(words: str, hours: tuple[time, time]) -> None:
    assert read.quiet_hours(words) == hours


def test_a_sqlite_address_names_a_file() -> None:
    with pytest.raises(ValueError, match="must name a file"):
        read.database("sqlite:///")


@pytest.mark.parametrize(("words", "host"), [("0.0.0.0:80", "0.0.0.0"), ("[::1]:8080", "::1")])  # noqa: S104
def test_an_address_is_read_and_written_the_same(words: str, host: str) -> None:
    address = read.address(words)
    assert (address.host, str(address)) == (host, words)


def test_the_driver_of_postgresql_is_ours_to_know() -> None:
    url = read.database("postgresql://suara:pass@localhost:5432/suara")
    assert url == SecretStr("postgresql+psycopg://suara:pass@localhost:5432/suara")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(names()), start=st.text(st.characters(exclude_categories=["Cs", "Cc"])))
@pytest.mark.usefixtures("bare")
def test_no_words_whatever_bring_a_traceback_or_come_back(name: str, start: str) -> None:
    said = ""
    with patch.dict(os.environ, {name: start + "cAnArY"}):
        try:
            load()
        except Refusal as refusal:
            said = str(refusal)
    assert "cAnArY" not in said


def test_the_example_is_no_secret() -> None:
    assert stat.S_IMODE(EXAMPLE.stat().st_mode) & stat.S_IROTH
    assert not [name for name in house.MISSING if dotenv_values(EXAMPLE)[name]]
