"""What a facilitator relays: somebody else's aspiration, with their consent and how they will be told.

Whoever relays is never the author: the aspiration has no chat until the person claims it (storage.claims), and its
history names the mandate alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from conversations.chat import Draft, Relayed, Village
from storage import alike, mandates, media, residents, submissions
from storage.actor import Facilitator, RefusalError, resident
from storage.invitations import covers
from storage.mandates import LOCKED, RELAY
from storage.rules import Rules, Scene
from storage.submissions import ASPIRATION, AnyRow, Submission

LONGEST_SUMMARY: Final = 300  # characters
LONGEST_CONTACT: Final = 120
LONGEST_WITNESS: Final = 500
CHILD_WITHOUT_NAME: Final = "forum"
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed to the person. `claim_code` is "" when the draft had been sent before: it is stored nowhere."""

    ticket: str
    claim_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A draft on its way in: stored once for each `key`; `form_number` when it was written on paper."""

    draft: Draft
    key: str
    locale: str
    form_number: str | None = None


def relay(scene: Scene, draft: Draft, locale: str, random: Random) -> Handed:
    """Store a draft as the aspiration of the person spoken for, once for each draft of a mandate.

    RefusalError: not_yours, no_mandate, and those of `store`.
    """
    chat_id = resident(scene.actor).chat_id
    mandate = mandates.require(scene.connection, chat_id, "facilitator")
    sending = Sending(draft=draft, key=f"mandate {mandate.id}:{draft.serial}", locale=locale)
    return store(scene, mandate, sending, random)


def store(scene: Scene, mandate: AnyRow, sending: Sending, random: Random) -> Handed:
    """`relay` for a mandate whose holder is not there: a form on paper that was typed in.

    RefusalError: empty, no_village, incomplete, out_of_scope, no_consent, not_forum, too_long, unknown_group,
    retracted.
    """
    if number := submissions.sent_before(scene.connection, sending.key):
        return Handed(number, "")
    draft = _deidentified(sending.draft)
    village, person = _complete(draft, mandate, scene.rules)
    speaking = replace(scene, actor=Facilitator(mandate.id))
    whole = Submission(draft=draft, key=sending.key, locale=sending.locale, summary=person.summary)
    stored = submissions.store(speaking, whole, village, random)
    row = _row(scene, person) | {
        "aspiration_id": stored.id,
        "mandate_id": mandate.id,
        "relayed_by": mandate.id,
        "form_number": sending.form_number,
        "claim_digest": scene.rules.secrets.digest(stored.ticket, stored.code),
    }
    scene.connection.execute(insert(RELAY).values(row))
    if alike.many(scene.connection, mandate.id, stored.id, person.summary, scene.at):
        mandates.flag(scene.connection, mandate.id, scene.at)
    return Handed(stored.ticket, stored.code)


def spoken_for(connection: Connection, chat_id: int, number: str, *, lock: bool = False) -> AnyRow | None:
    """The newest aspiration of this number that the facilitator of a chat represents, with `relay_id` and
    `mandate_id`; None when there is none, or the mandate is over.
    """
    found = _SPOKEN_FOR.with_for_update(of=LOCKED) if lock else _SPOKEN_FOR
    return connection.execute(found, {"ticket": number, "chat": chat_id}).first()


def _deidentified(draft: Draft) -> Draft:
    """Of a child that speaks through a Forum Anak, the one line alone, for the staff only (issue 3)."""
    said = draft.relay
    if said is None or said.maturity != CHILD_WITHOUT_NAME:
        return draft
    bare = Relayed(
        named=True,
        maturity=said.maturity,
        summary=said.summary,
        told_by="facilitator",
    )
    return replace(draft, parts=(), landmark=None, pin=None, visibility="private", relay=bare)


def _complete(draft: Draft, mandate: AnyRow, rules: Rules) -> tuple[Village, Relayed]:
    """The village and the person of a draft that has all it needs, within the mandate."""
    person = draft.relay
    if person is None:
        raise RefusalError("incomplete", "It is not said who is spoken for.")
    nameless = person.maturity == CHILD_WITHOUT_NAME
    village = (submissions.placed if nameless else submissions.complete)(draft, rules)
    if not covers(mandate.scope, village.kode):
        raise RefusalError("out_of_scope", f"The mandate does not cover {village.kode}.", about=village.name)
    if nameless and not mandate.forum:
        raise RefusalError("not_forum", "This mandate is not for a Forum Anak.")
    _check(person)
    if not nameless:
        _check_consent(person)
    return village, person


def _check(person: Relayed) -> None:
    relation = person.relation or person.maturity == CHILD_WITHOUT_NAME
    if not (person.maturity and person.summary.strip() and person.told_by and relation):
        raise RefusalError("incomplete", "Something that has to be said of the person is missing.")
    bounds = {
        person.name: residents.LONGEST_NAME,
        person.summary: LONGEST_SUMMARY,
        person.contact: LONGEST_CONTACT,
        person.witnessed: LONGEST_WITNESS,
    }
    if any(len(said) > most for said, most in bounds.items()):
        raise RefusalError("too_long", "Something that is said of the person is too long.")
    if not all(_CODE.fullmatch(code) for code in (*person.groups, *person.needs, person.relation) if code):
        raise RefusalError("unknown_group", "There is no such group, need or relation.")


def _check_consent(person: Relayed) -> None:
    """A recording, or who saw it and why there is none (UU 27/2022 Pasal 22)."""
    recorded = person.consent is not None and person.consent.media is not None
    given = recorded if person.consent_form == "voice" else bool(person.witnessed.strip())
    if not person.consent_form or not given:
        raise RefusalError("no_consent", "The person's consent is missing.")


def _row(scene: Scene, person: Relayed) -> dict[str, Any]:
    voice = person.consent if person.consent_form == "voice" else None
    file = voice and voice.media
    return {
        "name": person.name.strip() or None,
        "contact": person.contact.strip() or None,
        "relation": person.relation,
        "maturity": person.maturity,
        "groups": sorted(set(person.groups)) or None,
        "needs": sorted(set(person.needs)) or None,
        "told_by": person.told_by,
        "consent_form": person.consent_form,
        "consent_media_id": voice and file and media.remember(scene.connection, file, voice.kind, scene.at),
        "witnessed": person.witnessed.strip() or None,
        "consented_at": scene.at,
        "claim_tries": 0,
    }


_OF_CHAT: Final = (
    mandates.MANDATE.c.chat_id == bindparam("chat"),
    mandates.MANDATE.c.role == "facilitator",
    mandates.MANDATE.c.ended_at.is_(None),
)
_SPOKEN_FOR: Final = (
    select(ASPIRATION, RELAY.c.id.label("relay_id"), RELAY.c.mandate_id)
    .join(RELAY, RELAY.c.aspiration_id == ASPIRATION.c.id)
    .join(mandates.MANDATE, mandates.MANDATE.c.id == RELAY.c.mandate_id)
    .where(
        ASPIRATION.c.ticket == bindparam("ticket"),
        ASPIRATION.c.retracted_at.is_(None),
        RELAY.c.claimed_at.is_(None),
        *_OF_CHAT,
    )
    .order_by(ASPIRATION.c.id.desc())
    .limit(1)
)
