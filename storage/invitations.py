"""Invitations: one-time links to a mandate, and what they give. Of the link itself only a digest is kept.

A link holds 24 random bytes, so SHA-256 without a key is enough: nobody can try them all.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, get_args

from sqlalchemy import Connection, bindparam, insert, select, update

from conversations.classifier import load_fields
from conversations.facts import Role
from storage import audit
from storage.actor import RefusalError, Staff
from storage.ledger import table
from storage.relay_tables import InvitationRecord
from storage.rules import Rules, Scene

INVITATION: Final = table(InvitationRecord)
ROLES: Final[tuple[Role, ...]] = get_args(Role)
WHOLE: Final = ("bappeda", "administrator")
"""Roles that are given for the whole kabupaten alone."""

LIFE: Final = timedelta(days=14)
"""How long an invitation can be accepted, unless said otherwise."""

LONGEST_LIFE: Final = timedelta(days=90)
LONGEST_NOTE: Final = 80  # characters
MOST_PLACES: Final = 100
TOKEN_BYTES: Final = 24
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")
AnyRow = Any
"""A row of `invitation`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What an invitation gives: a role in regions (codes), for a Forum Anak or not. `note`: who it is for.

    `agencies` are the codes of the bidang urusan of an agency ("1.03"), none for other roles.
    """

    role: str
    scope: tuple[str, ...]
    forum: bool = False
    life: timedelta = LIFE
    note: str = ""
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation: its number, the token of its link, shown once, and when it is over."""

    id: int
    token: str
    expires_at: datetime


def invite(scene: Scene, offer: Offer, random: Random) -> Invited:
    """Make a one-time invitation; `random` must be a `random.SystemRandom` outside tests.

    RefusalError: not_yours, unknown_role, out_of_scope, unknown_agency, too_long.
    """
    staff = require_staff(scene)
    _check(offer, scene.rules)
    token = urlsafe_b64encode(random.randbytes(TOKEN_BYTES)).decode()
    expires_at = scene.at + offer.life
    row = {
        "digest": digest(token),
        "role": offer.role,
        "scope": narrowed(offer.scope),
        "forum": offer.forum,
        "agencies": sorted(set(offer.agencies)) or None,
        "note": offer.note or None,
        "created_at": scene.at,
        "expires_at": expires_at,
    }
    added = insert(INVITATION).values(row).returning(INVITATION.c.id)
    number = int(scene.connection.execute(added).scalar_one())
    audit.record(scene, staff, "invite", subject(number), offer.role)
    return Invited(number, token, expires_at)


def subject(invitation: int) -> str:
    """An invitation as the audit names it."""
    return f"invitation:{invitation}"


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(connection: Connection, token: str, at: datetime) -> AnyRow | None:
    """The invitation of a link that can still be accepted; None for one that is unknown, spent, revoked or over."""
    if not _TOKEN.fullmatch(token):
        return None
    return connection.execute(_OPEN, {"digest": digest(token), "at": at}).one_or_none()


def spend(connection: Connection, token: str, at: datetime) -> AnyRow | None:
    """Spend an invitation and return it: one conditional UPDATE, so of two who try at once one gets it."""
    if not _TOKEN.fullmatch(token):
        return None
    return connection.execute(_SPEND, {"b_digest": digest(token), "b_at": at}).one_or_none()


def revoke(scene: Scene, invitation: int) -> None:
    """Make a link dead that nobody has used yet. RefusalError: not_yours, unknown."""
    staff = require_staff(scene)
    if scene.connection.execute(_REVOKE, {"b_id": invitation, "b_at": scene.at}).rowcount == 0:
        raise RefusalError("unknown", f"There is no open invitation {invitation}.")
    audit.record(scene, staff, "revoke", subject(invitation))


def waiting(connection: Connection, at: datetime) -> Sequence[AnyRow]:
    """The invitations that can still be accepted, oldest first."""
    return connection.execute(_WAITING, {"at": at}).all()


def narrowed(scope: Sequence[str]) -> list[str]:
    """The codes of a scope without those that lie in another of them."""
    return sorted(kode for kode in set(scope) if not any(kode.startswith(f"{above}.") for above in scope))


def covers(scope: Sequence[str], kode: str) -> bool:
    """Whether a region is one of a scope, or lies in one."""
    return any(kode == above or kode.startswith(f"{above}.") for above in scope)


def require_staff(scene: Scene) -> Staff:
    """The acting staff. RefusalError("not_yours") for everybody else."""
    if not isinstance(scene.actor, Staff):
        raise RefusalError("not_yours", "Only the staff may do this.")
    return scene.actor


def _check(offer: Offer, rules: Rules) -> None:
    if offer.role not in ROLES:
        raise RefusalError("unknown_role", f"{offer.role} is no role: there are {', '.join(ROLES)}.")
    if offer.forum and offer.role != "facilitator":
        raise RefusalError("unknown_role", "Only a facilitator speaks for a Forum Anak.")
    if not offer.scope or len(offer.scope) > MOST_PLACES:
        raise RefusalError("out_of_scope", f"An invitation names 1 to {MOST_PLACES} regions.")
    if foreign := [kode for kode in offer.scope if not _known(kode, rules)]:
        words = f"No kecamatan or desa of {rules.regions.kabupaten}: {', '.join(foreign)}."
        raise RefusalError("out_of_scope", words, about=", ".join(foreign))
    if offer.role in WHOLE and tuple(offer.scope) != (rules.regions.kabupaten,):
        words = f"{offer.role} is a role for the whole kabupaten: --region {rules.regions.kabupaten}."
        raise RefusalError("out_of_scope", words)
    _check_agencies(offer)
    _check_words(offer)


def _check_agencies(offer: Offer) -> None:
    """An agency has those bidang urusan that the fields of need lead to; nobody else has any."""
    known = {field.bidang for field in load_fields() if field.bidang}
    if (offer.role == "agency") != bool(offer.agencies):
        words = "An agency needs --agency with the codes of its bidang urusan; other roles have none."
        raise RefusalError("unknown_agency", words)
    if foreign := sorted(set(offer.agencies) - known):
        words = f"No field belongs to {', '.join(foreign)}: there are {', '.join(sorted(known))}."
        raise RefusalError("unknown_agency", words, about=", ".join(foreign))


def _check_words(offer: Offer) -> None:
    if not timedelta() < offer.life <= LONGEST_LIFE:
        raise RefusalError("too_long", f"An invitation lives 1 to {LONGEST_LIFE.days} days.")
    if len(offer.note) > LONGEST_NOTE:
        raise RefusalError("too_long", f"A note has at most {LONGEST_NOTE} characters.")


def _known(kode: str, rules: Rules) -> bool:
    return kode == rules.regions.kabupaten or rules.regions.place(kode) is not None


_ALIVE: Final = (
    INVITATION.c.used_at.is_(None),
    INVITATION.c.revoked_at.is_(None),
    INVITATION.c.from_mandate.is_(None),
)
_OPEN: Final = select(INVITATION).where(
    INVITATION.c.digest == bindparam("digest"), INVITATION.c.expires_at > bindparam("at"), *_ALIVE
)
_SPEND: Final = (
    update(INVITATION)
    .where(INVITATION.c.digest == bindparam("b_digest"), INVITATION.c.expires_at > bindparam("b_at"), *_ALIVE)
    .values(used_at=bindparam("b_at"))
    .returning(INVITATION)
)
_REVOKE: Final = (
    update(INVITATION)
    .where(INVITATION.c.id == bindparam("b_id"), *_ALIVE)
    .values(revoked_at=bindparam("b_at"))
)
_WAITING: Final = (
    select(INVITATION)
    .where(INVITATION.c.expires_at > bindparam("at"), *_ALIVE)
    .order_by(INVITATION.c.created_at, INVITATION.c.id)
)
