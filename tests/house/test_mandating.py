"""Roles at the keyboard: invited by a link, listed without chats, revoked, handed over."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot import cli, mandating
from bot.app import Home
from bot.invitation import Wish
from bot.jobs import remind_of_reports
from bot.refusal import Refusal
from bot.rehearsal import StoppedClock
from bot.settings import Settings
from bot.transport import Unauthorized
from conversations.chat import Draft, Part, Relayed
from storage.actor import Resident, Staff
from storage.aspirations import ASPIRATION
from storage.decisions import Target, Verdict, decide
from storage.mandates import accept
from storage.notices import NOTICES
from storage.relays import relay
from storage.reports import REPORT
from storage.rules import Scene
from tests.databases import NOON

YUNI, MADE = 7_100_000_001, 7_100_000_002
WISH = Wish(role="facilitator", regions=("18.07.01",), forum=False, days=14, note="Ibu Yuni", png=None)


class NamedTransport:
    """A Telegram that knows the bot's name and nothing else."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault

    async def call(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        assert (method, params) == ("getMe", {})
        if self.fault:
            raise self.fault
        return {"id": 1, "username": "suara_bot"}

    async def close(self) -> None:
        """Nothing to close."""


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of these tests know the bot's name and the time without asking."""
    monkeypatch.setattr(mandating, "connect", lambda _: NamedTransport())
    monkeypatch.setattr(mandating, "following", at_noon)


@asynccontextmanager
async def at_noon(_: Settings) -> AsyncIterator[StoppedClock]:
    """The tests' clock."""
    yield StoppedClock(NOON)


def scene(home: Home, connection: Any, actor: Any) -> Scene:
    return Scene(connection, actor, home.clock.now(), home.furnished.rules)


def holds(home: Home, chat: int, wish: Wish = WISH) -> int:
    """Somebody is invited and accepts: the mandate's number."""
    link = re.search(r"start=u([A-Za-z0-9_-]{32})", mandating.invite(home.settings, wish))
    assert link is not None
    with home.engine.begin() as connection:
        return accept(scene(home, connection, Resident(chat)), link[1], "1")


def relays(home: Home, chat: int, serial: int = 1) -> str:
    """Somebody is spoken for: the ticket."""
    person = Relayed(
        named=True,
        name="Ibu Marni",
        relation="neighbour",
        maturity="adult",
        summary="Air bersih",
        consent_form="witnessed",
        witnessed="Tidak bicara",
        told_by="facilitator",
    )
    rules, at = home.furnished.rules, home.clock.now()
    draft = Draft(
        serial=serial,
        begun_at=at,
        parts=(Part(kind="text", message=1, text="Perlu sumur"),),
        village=rules.regions.village("18.07.01.2001"),
        field="water",
        visibility="private",
        relay=person,
    )
    with home.engine.begin() as connection:
        return relay(scene(home, connection, Resident(chat)), draft, "id", Random(serial)).ticket  # noqa: S311


def test_an_invitation_is_a_link_a_code_to_scan_and_how_to_make_it_dead(home: Home, tmp_path: Path) -> None:
    said = mandating.invite(home.settings, replace(WISH, png=tmp_path / "yuni.png"))
    assert "https://t.me/suara_bot?start=u" in said
    assert "█" in said
    assert "suara revoke 1 --invitation" in said
    assert (tmp_path / "yuni.png").read_bytes().startswith(b"\x89PNG")


def test_a_link_is_shown_even_when_its_picture_cannot_be_written(home: Home, tmp_path: Path) -> None:
    said = mandating.invite(home.settings, replace(WISH, png=tmp_path / "none" / "yuni.png"))
    assert "start=u" in said
    assert "could not be written" in said


def test_without_the_bots_name_nobody_is_invited(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = Unauthorized(401, "Unauthorized")
    monkeypatch.setattr(mandating, "connect", lambda _: NamedTransport(fault))
    with pytest.raises(Refusal, match="TELEGRAM_TOKEN is refused"):
        mandating.invite(home.settings, WISH)
    assert "no invitation is open" in mandating.listing(home.settings)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (replace(WISH, role="king"), "king is no role"),
        (replace(WISH, regions=("52.03.01",)), "No kecamatan or desa of 18.07: 52.03.01"),
        (replace(WISH, note="x" * 81), "at most 80 characters"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(home: Home, wish: Wish, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        mandating.invite(home.settings, wish)


def test_roles_are_listed_with_places_and_people_and_without_chats(home: Home) -> None:
    first = holds(home, YUNI)
    mandating.invite(home.settings, replace(WISH, role="safeguard", regions=("18.07",), note=""))
    relays(home, YUNI)
    said = mandating.listing(home.settings).splitlines()
    assert said[0] == f"{first}: facilitator; Kecamatan Sukadana; Ibu Yuni; since 2026-03-02; speaks for 1"
    assert said[1] == "invitation 2: safeguard; Kabupaten Lampung Timur; -; until 2026-03-16"
    assert str(YUNI) not in "".join(said)


def test_a_mandate_with_many_alike_is_marked(home: Home) -> None:
    holds(home, YUNI)
    for serial in range(1, 7):
        relays(home, YUNI, serial)
    assert "LOOK: many near-identical items" in mandating.listing(home.settings)


def test_revoking_says_who_is_left_without_a_facilitator_and_handing_over_helps(home: Home) -> None:
    first = holds(home, YUNI)
    second = holds(home, MADE, replace(WISH, note="Pak Made"))
    relays(home, YUNI)
    said = mandating.revoke(home.settings, first, invitation=False)
    assert f"1 person is left without a facilitator: `suara handover --from {first} --to ID`" in said
    assert f"{first}: facilitator" in mandating.listing(home.settings)
    assert "1 person is now represented by mandate" in mandating.give(home.settings, first, second)
    assert f"{first}: facilitator" not in mandating.listing(home.settings)
    with pytest.raises(Refusal, match="has ended already"):
        mandating.revoke(home.settings, first, invitation=False)
    with pytest.raises(Refusal, match="There is no mandate 99"):
        mandating.give(home.settings, 99, second)


def test_a_revoked_invitation_is_dead(home: Home) -> None:
    mandating.invite(home.settings, WISH)
    assert "is dead" in mandating.revoke(home.settings, 1, invitation=True)
    with pytest.raises(Refusal, match="no open invitation"):
        mandating.revoke(home.settings, 1, invitation=True)


@pytest.mark.usefixtures("bare")
def test_an_invitation_needs_the_token_for_the_bots_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_KEYS", "c3VhcmEtdGVzdHMta2V5LW5vdC1hLXNlY3JldC0wMDE=")
    monkeypatch.setattr(sys, "argv", ["suara", "invite", "--role", "facilitator", "--region", "18.07.01"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    assert "TELEGRAM_TOKEN" in capsys.readouterr().err


def decided(home: Home) -> None:
    """A decision about somebody who is spoken for, whose report is overdue."""
    holds(home, YUNI)
    verdict = Verdict(stage="checked", decision="forwarded")
    number = relays(home, YUNI)
    with home.engine.begin() as connection:
        decide(scene(home, connection, Staff("cli", "bappeda")), Target(number), verdict, home.delivery)
        connection.execute(REPORT.update().values(due_at=home.clock.now()))


def reminded(home: Home, hours: int) -> int:
    """How many facilitators are reminded so many hours after noon."""
    at = home.clock.now().replace(hour=5 + hours)
    with home.engine.begin() as connection:
        return remind_of_reports(home, connection, at)


def test_nobody_is_reminded_by_night(home: Home) -> None:
    """Noon is 05.00 UTC; nine hours later it is 21.00 WIB."""
    decided(home)
    assert [reminded(home, 9), reminded(home, 1), reminded(home, 2)] == [0, 1, 0]
    with home.engine.begin() as connection:
        keys = [row.key for row in connection.execute(NOTICES.select().order_by(NOTICES.c.id))]
        assert keys == ["report.changed", "report.overdue"]
        assert connection.execute(ASPIRATION.select()).one().chat_id is None
