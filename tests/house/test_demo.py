"""The demo keeps to its own folder and settings, and a second start finds what the first has left."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.demo import Demo, add_people, environment, running, welcome, write_settings
from bot.demo_guests import GUESTS, hand_out
from bot.settings import load, names
from simulator.server import Simulator

TOKEN = "1234567890:AAEhBP0av28oYdkM3u5Zq7m1tKf0wXcRtYs"


def settings_of(demo: Demo) -> str:
    """The settings file, as it was written."""
    write_settings(demo)
    return demo.settings.read_text(encoding="utf-8")


def test_the_settings_are_whole_and_private(bare: Path) -> None:
    demo = Demo(bare / "it's a demo", 8081, 8082)
    demo.folder.mkdir()
    token = write_settings(demo)
    assert stat.S_IMODE(demo.settings.stat().st_mode) == 0o600
    assert load(demo.settings, needs=[]).hotline == "112", "danger is to be shown with its number"
    settings = load(demo.settings, needs=["TELEGRAM_TOKEN", "DATA_KEYS"])
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == token
    assert settings.media_dir == demo.folder / "media"
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert str(settings.listen) == "127.0.0.1:8082"


def test_a_second_start_keeps_keys_and_token_and_follows_the_ports(bare: Path) -> None:
    first = settings_of(Demo(bare, 8081, 8082)).splitlines()
    second = settings_of(Demo(bare, 9001, 9002)).splitlines()
    changed = [line.partition("=")[0] for line in second if line not in first]
    assert changed == ["TELEGRAM_API_URL", "CLOCK_URL", "LISTEN"]


def test_nothing_of_the_environments_settings_reaches_the_children(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("telegram_token", "canary")
    assert "canary" not in environment().values()


def test_one_address_is_said_and_a_moved_port_too() -> None:
    demo = Demo(Path("var/demo"), 8083, 8084)
    assert welcome(demo, 8083).count("http://") == 1
    assert welcome(demo, 8081).startswith("Port 8081 is taken; the page is on 8083.\n")
    assert "http://127.0.0.1:8083" in running(demo)


async def test_people_are_added_once() -> None:
    async with Simulator(tokens=[TOKEN]) as simulator:
        await add_people(simulator.url)
        names_first = [person.first_name for person in simulator.world.people.values()]
        await add_people(simulator.url)
        assert [person.first_name for person in simulator.world.people.values()] == names_first
    assert len(names_first) >= 8


async def test_guests_find_their_link_and_are_added_no_second_time() -> None:
    """Those who have a role in the demo are people of the simulator, and are offered what they are handed."""
    async with Simulator(tokens=[TOKEN]) as simulator:
        await add_people(simulator.url)
        await hand_out(simulator.url, dict.fromkeys(GUESTS, "u" + "a" * 32))
        await add_people(simulator.url)
        offered = {person.id for person in simulator.world.people.values() if person.link}
        yuni = simulator.person(5000000108)
    assert offered == set(GUESTS)
    assert (yuni.first_name, yuni.link_label) == ("Yuni", "Buka undangan")
