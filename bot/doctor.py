"""What is wrong with this installation, in words: each finding is fine, worth a look, or to be put right."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

import aiohttp
from sqlalchemy import Connection

from bot.commands.faults import open_database, told
from bot.doctor_keys import about_files, about_keys
from bot.doctor_voice import about_voice
from bot.finding import Finding
from bot.refusal import Refusal
from bot.settings import PUBLIC_SERVER, Settings, load
from bot.stt import problems
from bot.transport import Answered, Timeouts, Transport, TransportError, Unauthorized, open_transport
from storage import alerts
from storage.calendar import load_calendar
from storage.engine import reading
from storage.export_columns import load_columns
from storage.holders import holders
from storage.lifecycle import load_lifecycle
from storage.permissions import load_permissions
from storage.regions import load_regions
from storage.schema import schema_matches
from storage.sentences import load_templates
from storage.sipd import load_sipd

LEAST_FREE: Final = 200 * 1024 * 1024
"""Bytes on the disk below which a day's voices and pictures may no longer fit."""

COMFORTABLE: Final = 2 * 1024 * 1024 * 1024
"""Bytes on the disk below which somebody should make room soon."""

MOST_SKEW: Final = 5.0
"""Seconds that this computer's clock may differ from the server's."""


async def examine(file: Path, now: datetime | None = None) -> list[Finding]:
    """Look at everything; a part that cannot be looked at is a finding, not an error."""
    try:
        settings = load(file, needs=("TELEGRAM_TOKEN", "DATA_KEYS"))
    except Refusal as refusal:
        return [Finding("wrong", "Settings", sentence) for sentence in refusal.sentences]
    found = [
        Finding("ok", "Settings", "all are readable."),
        *about_database(settings),
        *about_rules(settings.region),
    ]
    found += [about_folder(settings.media_dir), about_folder(settings.backup_dir)]
    found += [about_room(settings.media_dir), about_contact(settings)]
    found.append(await asyncio.to_thread(about_voice, settings.recordings_dir))
    found += about_drafts(settings.stt_model_path)
    found += [finding async for finding in about_telegram(settings)]
    found.append(await about_clock(settings.telegram_api_url, now))
    return found


def about_database(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, has this version's tables, its regions, and words that DATA_KEYS can read."""
    try:
        with told():
            engine = open_database(settings)
            with closing(reading(engine)) as connection:
                yield Finding("ok", "Database", "it answers.")
                if not schema_matches(engine):
                    yield Finding("wrong", "Schema", "it is not that of this version: run `suara migrate`.")
                    return
                yield Finding("ok", "Schema", "it is that of this version.")
                yield about_regions(connection, settings)
                yield about_keys(connection)
                yield from about_files(connection, settings.media_dir)
                yield about_danger(connection, settings)
    except Refusal as refusal:
        yield from (Finding("wrong", "Database", sentence) for sentence in refusal.sentences)


def about_regions(connection: Connection, settings: Settings) -> Finding:
    """Whether residents have villages to choose from."""
    count = len(load_regions(connection, settings.region))
    if not count:
        words = f"REGION {settings.region} has no villages in the database: run `suara regions import`."
        return Finding("wrong", "Regions", words)
    return Finding("ok", "Regions", f"{count} villages in {settings.region}.")


def about_danger(connection: Connection, settings: Settings) -> Finding:
    """Whether somebody hears of danger, and whether residents in danger are given a number at once."""
    unheard = alerts.unheard(connection)
    if not holders(connection, alerts.SAFEGUARD):
        words = (
            f"words of danger alert nobody ({unheard} so far): `suara invite --role safeguard --region KODE`."
        )
        return Finding("attention", "Danger", words)
    if not settings.hotline:
        words = "HOTLINE is empty: residents in danger are given the contact alone."
        return Finding("attention", "Danger", words)
    missed = f"; {unheard} came while nobody was there, or in places without anybody" if unheard else ""
    return Finding("ok", "Danger", f"those who protect people are alerted{missed}.")


def about_rules(region: str) -> Iterator[Finding]:
    """Whether lifecycle, ready sentences, rights and calendar can be read, the calendar knows the kabupaten, SIPD's words fit."""
    try:
        with told():
            load_templates(load_lifecycle())
            load_permissions()
            load_calendar(region)
            load_columns()
            load_sipd()
        yield Finding("ok", "Rules", "lifecycle, calendar and holidays can be read.")
    except Refusal as refusal:
        yield from (Finding("wrong", "Rules", sentence) for sentence in refusal.sentences)


def about_folder(folder: Path) -> Finding:
    """Whether files can be written there; the folder is made when it is not there yet."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Finding("ok", "Folder", f"{folder} can be written.")
    except OSError as error:
        words = f"{folder} cannot be written ({error.strerror}): make this user its owner."
        return Finding("wrong", "Folder", words)


def about_room(folder: Path) -> Finding:
    """Whether the disk has room for what residents send."""
    free = shutil.disk_usage(
        next(path for path in (folder, *folder.absolute().parents) if path.exists())
    ).free
    words = f"{free / 2**30:.1f} GB are free"
    if free < LEAST_FREE:
        return Finding("wrong", "Disk", f"only {words}: make room now, or messages can no longer be stored.")
    if free < COMFORTABLE:
        return Finding("attention", "Disk", f"{words}: make room soon.")
    return Finding("ok", "Disk", f"{words}.")


def about_contact(settings: Settings) -> Finding:
    """Whether a resident whom the bot cannot help is told of a human."""
    if not settings.contact_phone:
        words = "CONTACT_PHONE is empty: residents who need a human are given a name and no number."
        return Finding("attention", "Contact", words)
    return Finding("ok", "Contact", "residents are told whom they can ask.")


def about_drafts(model: Path | None) -> list[Finding]:
    """Whether machine drafts of voices can be made, where they are wanted."""
    if model is None:
        return []
    wrong = [Finding("wrong", "Drafts", sentence) for sentence in problems(model)]
    return wrong or [Finding("ok", "Drafts", "the model is whole; how well it hears, nobody has measured.")]


async def about_telegram(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the server answers, knows the token, and delivers the way that the settings say."""
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    timeouts = Timeouts(connect=5.0, read=20.0)
    transport = open_transport(settings.telegram_library, token, settings.telegram_api_url, timeouts=timeouts)
    try:
        name = (await transport.call("getMe", {}))["username"]
        yield Finding("ok", "Telegram", f"the token belongs to @{name}.")
        yield await _about_delivery(transport, settings)
    except Unauthorized:
        words = (
            "TELEGRAM_TOKEN is refused: copy it again from @BotFather, or ask there for a new one (/token)."
        )
        yield Finding("wrong", "Telegram", words)
    except Answered as answer:
        yield Finding("wrong", "Telegram", f"the server refuses ({answer}): try again in a few minutes.")
    except TransportError:
        words = f"{settings.telegram_api_url} cannot be reached: check the internet connection and TELEGRAM_API_URL."
        yield Finding("wrong", "Telegram", words)
    finally:
        await transport.close()


async def _about_delivery(transport: Transport, settings: Settings) -> Finding:
    info = await transport.call("getWebhookInfo", {})
    wanted, there = settings.webhook_url or "", info.get("url", "")
    if wanted != there:
        words = "the server has another webhook than WEBHOOK_URL: `suara run` puts it right when it starts."
        return Finding("attention", "Delivery", words)
    if trouble := info.get("last_error_message"):
        when = datetime.fromtimestamp(info.get("last_error_date", 0), UTC)
        words = f'at {when:%Y-%m-%d %H:%M} UTC Telegram could not deliver to WEBHOOK_URL: "{trouble}".'
        return Finding("attention", "Delivery", words)
    return Finding("ok", "Delivery", "by webhook." if wanted else "the bot fetches messages itself.")


async def about_clock(server: str, now: datetime | None = None) -> Finding:
    """Whether this computer's clock agrees with the server's: deadlines and reminders hang on it."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http,
            http.head(server) as answer,
        ):
            theirs = parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return Finding("attention", "Clock", "it could not be compared: the server told no time.")
    skew = abs(((now or datetime.now(UTC)) - theirs).total_seconds())
    if skew > MOST_SKEW:
        words = f"it differs from the server's by {skew:.0f} seconds: let the system set it (timedatectl set-ntp true)."
        return Finding("wrong" if server == PUBLIC_SERVER else "attention", "Clock", words)
    return Finding("ok", "Clock", "it agrees with the server's.")
