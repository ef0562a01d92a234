"""What is true of this installation: its kabupaten, its people to ask, its texts and rules, read once at start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal

from sqlalchemy import Connection

from bot.refusal import Refusal
from bot.settings import Settings
from conversations.catalogues import read_catalogues
from conversations.classifier import field_texts, load_fields
from conversations.facts import House
from conversations.flows.consent import CONSENT_VERSION
from conversations.texts import Texts
from storage.calendar import load_calendar
from storage.lifecycle import load_lifecycle
from storage.notices import Delivery
from storage.permissions import load_permissions
from storage.regions import kabupaten_name, load_regions
from storage.rules import Rules
from storage.sentences import load_templates
from storage.ticket import Secrets

VILLAGE_TERMS: Final = {"18.02": "kampung"}
"""What a village is called where it is not "desa" (domain: Lampung Tengah)."""


@dataclass(frozen=True, slots=True)
class Furnished:
    """House, rules and texts, which belong together."""

    house: House
    rules: Rules
    texts: Texts


def furnish(connection: Connection, settings: Settings) -> Furnished:
    """Read regions, calendar, lifecycle and texts. Raises Refusal when the kabupaten was never imported."""
    regions = load_regions(connection, settings.region)
    if not len(regions):
        raise Refusal(
            f"REGION {settings.region} has no villages in the database: run `suara regions import`."
        )
    lifecycle = load_lifecycle()
    load_permissions()  # a faulty matrix is refused at the start, not at somebody's first press
    house = _house(settings, kabupaten_name(connection, settings.region))
    rules = Rules(
        lifecycle=lifecycle,
        calendar=load_calendar(settings.region),
        regions=regions,
        secrets=Secrets([key.get_secret_value() for key in settings.data_keys]),
        consent_version=CONSENT_VERSION,
        approve_above=settings.approve_above,
        delivery=Delivery(
            delay=timedelta(seconds=settings.notice_delay), quiet=settings.quiet_hours, zone=settings.zone
        ),
        templates=load_templates(lifecycle),
    )
    texts = Texts(read_catalogues([field_texts(), lifecycle.entries]), house)
    return Furnished(house, rules, texts)


def _house(settings: Settings, kabupaten: str) -> House:
    return House(
        kabupaten=kabupaten,
        timezone=settings.zone,
        zone=_zone(settings.zone),
        village_term=VILLAGE_TERMS.get(settings.region, "desa"),
        contact_name=settings.contact_name,
        contact_phone=settings.contact_phone,
        hotline=settings.hotline,
        consent_version=CONSENT_VERSION,
        locales=("id", "en"),
        fields=load_fields(),
    )


def _zone(zone: tzinfo) -> Literal["WIB", "WITA", "WIT"]:
    """The name that Indonesians give a zone; none of the three has summer time (Keppres 41/1987)."""
    ahead = zone.utcoffset(datetime.now(UTC).replace(tzinfo=None)) or timedelta()
    names: dict[int, Literal["WIB", "WITA", "WIT"]] = {7: "WIB", 8: "WITA", 9: "WIT"}
    return names.get(ahead // timedelta(hours=1), "WIB")
