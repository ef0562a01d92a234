"""A small world for the tests of storage: the same clock, randomness, places and people everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Connection, Engine, Table, func, insert, select

from conversations.chat import Draft, Media, Part, Pin
from conversations.effects import Purpose
from storage.actor import Actor, Resident, Staff
from storage.aspirations import ASPIRATION, Receipt, submit
from storage.calendar import load_calendar
from storage.decisions import Decided, Target, Verdict, decide
from storage.invitations import INVITATION, Offer, invite
from storage.ledger import CHAT
from storage.lifecycle import load_lifecycle
from storage.mandates import accept
from storage.notices import Delivery
from storage.region_file import import_regions, read_regions
from storage.regions import RegionIndex
from storage.residents import Consent, record_consent
from storage.rules import Rules, Scene
from storage.sentences import load_templates
from storage.ticket import Secrets
from tests.databases import KEY

NOW: Final = datetime(2026, 2, 10, 3, tzinfo=UTC)
"""10.00 WIB on the first day of the Musrenbang Inklusi."""

DELIVERY: Final = Delivery(
    delay=timedelta(minutes=5), quiet=(time(20), time(7)), zone=ZoneInfo("Asia/Jakarta")
)
RULES: Final = Rules(
    lifecycle=load_lifecycle(),
    calendar=load_calendar("18.07"),
    regions=RegionIndex("18.07", read_regions()),
    secrets=Secrets(["a key of the tests"]),
    consent_version="1",
    delivery=DELIVERY,
    templates=load_templates(load_lifecycle()),
)
RING: Final = MultiFernet([Fernet(KEY)])
"""The keyring of the test databases."""

PLACES: Final = """\
kode,name,kind,other_names
18,Lampung,provinsi,
18.07,Kabupaten Lampung Timur,kabupaten,
18.07.01,Sukadana,kecamatan,
18.07.01.2001,Sukadana,desa,
18.07.01.2002,Pakuan Aji,desa,
18.07.03,Jabung,kecamatan,
18.07.03.2016,Mekar Jaya,desa,
"""
SITI, BUDI, ANI = 7_000_000_001, 7_000_000_002, 7_000_000_003
BAPPEDA: Final = Staff("meja-1", "bappeda")


def seeded(seed: int = 1) -> Random:
    """Randomness that a test can repeat."""
    return Random(seed)  # noqa: S311


def voice(unique_id: str) -> Part:
    """A voice note of five seconds."""
    media = Media(file_id=f"fetch-{unique_id}", unique_id=unique_id, seconds=5, bytes=900, mime="audio/ogg")
    return Part(kind="voice", message=12, media=media)


def draft(serial: int = 1, **changes: Any) -> Draft:
    """A draft that has all it needs."""
    whole = Draft(
        serial=serial,
        begun_at=NOW,
        parts=(Part(kind="text", message=11, text="Jalan ke sekolah rusak"),),
        village=RULES.regions.village("18.07.01.2001"),
        landmark=Part(kind="text", message=13, text="dekat balai desa"),
        pin=Pin(latitude=-5.1, longitude=105.5),
        field="road",
        audience=("children", "disability"),
        visibility="private",
    )
    return replace(whole, **changes)


@dataclass(frozen=True)
class World:
    """A migrated database with a few villages, and shorthands for what people do in it."""

    engine: Engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def scene(self, actor: Actor, at: datetime = NOW) -> Iterator[Scene]:
        """One transaction with somebody in it."""
        with self.engine.begin() as connection:
            yield Scene(connection, actor, at, RULES)

    def consent(
        self, chat: int, purpose: Purpose = "service", *, granted: bool = True, version: str = "1"
    ) -> None:
        """Somebody answers a question for consent."""
        answer = Consent(purpose=purpose, granted=granted, version=version, locale="id", form="button")
        with self.begin() as connection:
            record_consent(connection, Resident(chat), answer, NOW)

    def submit(self, chat: int, serial: int = 1, at: datetime = NOW, **changes: Any) -> Receipt:
        """Somebody who consented submits a draft."""
        self.consent(chat)
        with self.scene(Resident(chat), at) as scene:
            return submit(scene, draft(serial, **changes), "id", seeded(serial * 1000 + chat % 1000))

    def mandate(
        self, chat: int, *scope: str, role: str = "facilitator", forum: bool = False, note: str = ""
    ) -> int:
        """Somebody is invited by the staff, for Sukadana unless said otherwise, and accepts: the mandate's id."""
        offer = Offer(role=role, scope=scope or ("18.07.01",), forum=forum, note=note)
        seed = seeded(chat * 10_000 + self.count(INVITATION))
        with self.scene(BAPPEDA) as scene:
            invited = invite(scene, offer, seed)
        with self.scene(Resident(chat)) as scene:
            return accept(scene, invited.token, "1")

    def decide(self, ticket: str, stage: str, decision: str, at: datetime = NOW, **more: Any) -> Decided:
        """The staff decides; `urgent` and the fields of Verdict in `more`."""
        urgent = more.pop("urgent", False)
        verdict = Verdict(stage=stage, decision=decision, **more)
        with self.scene(BAPPEDA, at) as scene:
            return decide(scene, Target(ticket), verdict, DELIVERY, urgent=urgent)

    def open_chat(self, chat: int, state: str = "") -> None:
        """Somebody's chat as the turn creates it."""
        with self.begin() as connection:
            row = {"id": chat, "state": state, "reachable": True, "created_at": NOW}
            row["draft_at"] = NOW if '"draft"' in state else None
            row["held_at"] = NOW if '"held"' in state else None
            connection.execute(insert(CHAT).values(row))

    def count(self, table: Table) -> int:
        """How many rows a table has."""
        with self.begin() as connection:
            return connection.scalar(select(func.count()).select_from(table)) or 0

    def rows(self, table: Table, **equal: Any) -> list[dict[str, Any]]:
        """The rows with these values, in the order of their keys."""
        condition = [table.c[name] == value for name, value in equal.items()]
        with self.begin() as connection:
            found = connection.execute(
                select(table).where(*condition).order_by(*table.primary_key)
            ).mappings()
            return [{str(name): value for name, value in row.items()} for row in found]

    def aspiration(self, ticket: str) -> dict[str, Any]:
        """The stored row of a ticket."""
        return self.rows(ASPIRATION, ticket=ticket)[0]


def furnish(engine: Engine, folder: Path) -> World:
    """Put the places of these tests into a migrated database."""
    path = folder / "places.csv"
    path.write_text(PLACES, encoding="utf-8")
    with engine.begin() as connection:
        import_regions(connection, path)
    return World(engine)
