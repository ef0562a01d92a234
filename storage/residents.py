"""Persons, apart from what they said: consents, name, own groups, language, and which messages they want."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, true, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from conversations.chat import Media
from conversations.effects import MessageKind, Purpose
from storage import media
from storage.actor import Actor, RefusalError, resident
from storage.broadcast_tables import BroadcastStopRecord
from storage.ledger import table
from storage.relay_tables import AccessRecord
from storage.tables import ConsentRecord, ResidentRecord

RESIDENT: Final = table(ResidentRecord)
CONSENT: Final = table(ConsentRecord)
ACCESS: Final = table(AccessRecord)
STOPPED: Final = table(BroadcastStopRecord)
LONGEST_NAME: Final = 80  # characters
MOST_GROUPS: Final = 20
_GROUP: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What was shown, in which form, and what was answered."""

    purpose: Purpose
    granted: bool
    version: str
    locale: str
    form: str
    media: Media | None = None
    """The recording of a spoken or signed answer."""


@dataclass(frozen=True, slots=True)
class Consenting:
    """The row of a person, and whether they consent to the service now."""

    id: int
    granted: bool
    village_kode: str | None


def record_consent(connection: Connection, actor: Actor, consent: Consent, at: datetime) -> None:
    """Append an answer to a question for consent; a no for broadcasts ends them, a yes begins them."""
    person = _ensure(connection, resident(actor).chat_id, consent.locale, at)
    values: dict[str, object] = {"purpose": consent.purpose, "granted": consent.granted}
    values["version"] = consent.version
    values |= {"locale": consent.locale, "form": consent.form, "media_id": None}
    if consent.media is not None:
        kind = "video" if consent.form.endswith("video") else "voice"
        values["media_id"] = media.remember(connection, consent.media, kind, at)
    connection.execute(_ADD_CONSENT, {"resident_id": person, "at": at, **values})
    if consent.purpose == "broadcast":
        set_messages(connection, actor, "broadcast", wanted=consent.granted)


def consents(connection: Connection, chats: Collection[int]) -> dict[int, dict[str, tuple[bool, str]]]:
    """For each chat and purpose the newest answer and the version that it answers."""
    answers: dict[int, dict[str, tuple[bool, str]]] = {chat: {} for chat in chats}
    for row in connection.execute(_CONSENTS, {"chats": list(chats)}):
        answers[row.chat_id][row.purpose] = (row.granted, row.version)
    return answers


def consenting(connection: Connection, chat_id: int, version: str) -> Consenting | None:
    """The person of a chat; None for a stranger. A yes to an older version is no consent to this one."""
    row = connection.execute(_CONSENTING, {"chat": chat_id, "version": version}).one_or_none()
    return None if row is None else Consenting(row.id, bool(row.granted), row.village_kode)


def require(connection: Connection, actor: Actor, version: str) -> Consenting:
    """The person who acts. Raises RefusalError("no_consent") unless they consent to the service."""
    person = consenting(connection, resident(actor).chat_id, version)
    if person is None or not person.granted:
        raise RefusalError("no_consent", "There is no consent to store this.")
    return person


def set_name(connection: Connection, actor: Actor, name: str, version: str) -> None:
    """Remember how a person wants to be called; empty forgets it. RefusalError: no_consent, name_too_long."""
    plain = " ".join(name.split())
    if not plain:
        return _change(connection, actor, name=None)
    require(connection, actor, version)
    if len(plain) > LONGEST_NAME:
        raise RefusalError("name_too_long", f"A name has at most {LONGEST_NAME} characters.")
    return _change(connection, actor, name=plain)


def set_groups(
    connection: Connection, actor: Actor, groups: Collection[str], *, declined: bool, version: str
) -> None:
    """Remember a person's own groups; to decline is an answer too. RefusalError: no_consent, unknown_group."""
    chosen = [] if declined else sorted(set(groups))
    if len(chosen) > MOST_GROUPS or not all(_GROUP.fullmatch(group) for group in chosen):
        raise RefusalError("unknown_group", "There is no such group.")
    require(connection, actor, version)
    _change(connection, actor, groups=chosen or None, groups_answered=True)


def set_locale(connection: Connection, actor: Actor, locale: str) -> None:
    """Remember a person's language and mode; of a stranger only the chat remembers it."""
    _change(connection, actor, locale=locale)


def set_messages(connection: Connection, actor: Actor, kind: MessageKind, *, wanted: bool) -> None:
    """Switch notices about one's own aspirations, or broadcasts, on or off. A stranger gets neither anyway.

    Whoever switches broadcasts on gets those of every kind again.
    """
    _change(connection, actor, **{f"{kind}s": wanted})
    if kind == "broadcast" and wanted:
        connection.execute(delete(STOPPED).where(STOPPED.c.chat_id == resident(actor).chat_id))


def set_village(connection: Connection, person: Consenting, kode: str) -> None:
    """Remember where a person lives, to offer it the next time."""
    if person.village_kode != kode:
        connection.execute(_MOVE, {"b_id": person.id, "b_kode": kode})


def wants_notices(connection: Connection, chat_id: int) -> bool:
    """Whether a chat may be told about its own aspirations: until its person says stop, or withdraws consent.

    A yes to an older version of the text is still a yes to being told.
    """
    wanted = connection.execute(_WANTED, {"chat": chat_id}).one_or_none()
    return wanted is None or bool(wanted.notices and wanted.granted)


def locale_of(connection: Connection, chat_id: int) -> str:
    """The language of the person of a chat; of a stranger Indonesian."""
    return connection.scalar(_LOCALE, {"chat": chat_id}) or "id"


def profile_row(connection: Connection, chat_id: int) -> dict[str, Any] | None:
    """The stored row of the person of a chat, with what they need at meetings; None for a stranger."""
    row = connection.execute(_PROFILE, {"chat": chat_id}).mappings().one_or_none()
    return None if row is None else {str(name): value for name, value in row.items()}


def ensure(connection: Connection, actor: Actor, at: datetime) -> int:
    """The id of the person of a chat, made when there is none."""
    return _ensure(connection, resident(actor).chat_id, "id", at)


def _ensure(connection: Connection, chat_id: int, locale: str, at: datetime) -> int:
    """One statement, built once: to build it anew cost more than all the rest of recording a consent."""
    row = {"chat_id": chat_id, "locale": locale, "created_at": at, **_STRANGER}
    return int(connection.execute(_ENSURE[connection.dialect.name], row).scalar_one())


def _change(connection: Connection, actor: Actor, **values: object) -> None:
    connection.execute(_CHANGE, {"b_chat": resident(actor).chat_id, **values})


def _made(add: Any) -> Any:
    """An update that changes nothing, so that RETURNING names the row that was there before, too."""
    return (
        add(RESIDENT)
        .on_conflict_do_update(index_elements=["chat_id"], set_={"chat_id": RESIDENT.c.chat_id})
        .returning(RESIDENT.c.id)
    )


_STRANGER: Final = {"groups_answered": False, "notices": True, "broadcasts": False}
_ENSURE: Final = {"sqlite": _made(sqlite_insert), "postgresql": _made(postgres_insert)}
_CHANGE: Final = update(RESIDENT).where(RESIDENT.c.chat_id == bindparam("b_chat"))
_MOVE: Final = (
    update(RESIDENT).where(RESIDENT.c.id == bindparam("b_id")).values(village_kode=bindparam("b_kode"))
)
_ADD_CONSENT: Final = insert(CONSENT)
_CONSENTS: Final = (
    select(RESIDENT.c.chat_id, CONSENT.c.purpose, CONSENT.c.granted, CONSENT.c.version)
    .join(CONSENT, CONSENT.c.resident_id == RESIDENT.c.id)
    .where(RESIDENT.c.chat_id.in_(bindparam("chats", expanding=True)))
    .order_by(CONSENT.c.id)
)
NEWEST: Final = (  # the newest answer to the question for consent to the service
    select(func.max(CONSENT.c.id))
    .where(CONSENT.c.resident_id == RESIDENT.c.id, CONSENT.c.purpose == "service")
    .correlate(RESIDENT)
    .scalar_subquery()
)
_CONSENTING: Final = (
    select(
        RESIDENT.c.id,
        RESIDENT.c.village_kode,
        and_(CONSENT.c.granted, CONSENT.c.version == bindparam("version")).label("granted"),
    )
    .outerjoin(CONSENT, CONSENT.c.id == NEWEST)
    .where(RESIDENT.c.chat_id == bindparam("chat"))
)
_WANTED: Final = (
    select(RESIDENT.c.notices, func.coalesce(CONSENT.c.granted, true()).label("granted"))
    .outerjoin(CONSENT, CONSENT.c.id == NEWEST)
    .where(RESIDENT.c.chat_id == bindparam("chat"))
)
_LOCALE: Final = select(RESIDENT.c.locale).where(RESIDENT.c.chat_id == bindparam("chat"))
_PROFILE: Final = (
    select(RESIDENT, ACCESS.c.needs, ACCESS.c.other, ACCESS.c.answered_at.label("needs_answered_at"))
    .outerjoin(ACCESS, ACCESS.c.resident_id == RESIDENT.c.id)
    .where(RESIDENT.c.chat_id == bindparam("chat"))
)
