"""Calling, changing and cancelling a meeting: whoever answered is told once (issue 4)."""

from __future__ import annotations

import re
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from sqlalchemy import insert, select, update

from conversations.meeting import Facility, MeetingDraft, MeetingKind, MeetingMode
from storage import audit
from storage.actor import Officer, RefusalError, resident
from storage.invitations import covers
from storage.meeting_letters import CANCELLED, MOVED, about
from storage.meeting_staff import require_meeting
from storage.meeting_views import ANSWER, MEETING, ends_at, meeting_row
from storage.notices import Message, tell
from storage.permissions import Place, officers, require
from storage.reminding import passed
from storage.residents import RESIDENT
from storage.rules import Rules, Scene

LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 500
LONGEST_MEETING: Final = 24 * 60  # minutes
MOST_PEOPLE: Final = 1_000_000
_GROUP: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
TOLD: Final = ("starts_at", "minutes", "mode", "venue", "link")
"""Whoever answered is told when one of these changes."""


def save(scene: Scene, draft: MeetingDraft) -> int:
    """Call a meeting or change one; returns its number. RefusalError: not_allowed, unknown, over, incomplete."""
    if draft.id:
        return _change(scene, draft)
    officer = _caller(scene, draft.region)
    values = checked(draft, scene.rules)
    bidang = officer.agencies[0] if officer.role == "agency" else ""
    if draft.starts_at is not None and draft.starts_at <= scene.at:
        raise RefusalError("over", "This moment is over.")
    made = insert(MEETING).values(
        **values, region=draft.region, bidang=bidang, sequence=0, created_at=scene.at
    )
    number = int(scene.connection.execute(made.returning(MEETING.c.id)).scalar_one())
    audit.record(scene, officer, "meeting", f"meeting:{number}", "called")
    return number


def cancel(scene: Scene, number: int) -> None:
    """A meeting does not take place. RefusalError: not_allowed, unknown, over."""
    row = meeting_row(scene.connection, number)
    officer = require_meeting(scene, row)
    if row.cancelled_at is not None or ends_at(row) <= scene.at:
        raise RefusalError("over", "This meeting is over, or was cancelled.")
    _put(scene, number, {"cancelled_at": scene.at, "sequence": row.sequence + 1})
    tell_answered(scene, row, CANCELLED)
    audit.record(scene, officer, "meeting", f"meeting:{number}", "cancelled")


def put_changed(scene: Scene, row: Any, values: dict[str, Any]) -> bool:
    """Store what is new of a meeting, plan its reminders anew, and tell whoever answered; False if nothing is new."""
    new = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not new:
        return False
    _put(scene, row.id, {**new, "sequence": row.sequence + 1})
    if "starts_at" in new:
        due = passed(new["starts_at"], scene.at)
        scene.connection.execute(update(ANSWER).where(ANSWER.c.meeting_id == row.id).values(reminded=due))
    if any(name in new for name in TOLD) and values["starts_at"] > scene.at:
        tell_answered(scene, meeting_row(scene.connection, row.id), MOVED)
    return True


def tell_answered(scene: Scene, row: Any, key: str) -> None:
    """Tell whoever answered, but not those who cannot come anyway."""
    params = about(row, scene.rules)
    chats = select(RESIDENT.c.chat_id).join(ANSWER, ANSWER.c.resident_id == RESIDENT.c.id)
    coming = chats.where(
        ANSWER.c.meeting_id == row.id, ANSWER.c.answer != "cannot", RESIDENT.c.chat_id.is_not(None)
    )
    for chat in scene.connection.scalars(coming.order_by(ANSWER.c.id)).all():
        tell(scene.connection, Message(chat_id=chat, key=key, params=params), scene.at)


def checked(draft: MeetingDraft, rules: Rules) -> dict[str, Any]:
    """The columns of a whole and sound draft. RefusalError("incomplete") names what is missing or wrong."""
    if wrong := _wrong(draft, rules):
        raise RefusalError("incomplete", f"Missing or wrong: {wrong}.", wrong)
    return {
        "title": " ".join(draft.title.split()),
        "kind": draft.kind,
        "starts_at": draft.starts_at,
        "minutes": draft.minutes,
        "mode": draft.mode,
        "venue": draft.venue.strip() if draft.mode != "online" else "",
        "access": list(draft.access) if draft.mode != "online" else [],
        "link": draft.link.strip() if draft.mode != "offline" else "",
        "kecamatan": list(draft.kecamatan),
        "groups": list(draft.groups),
        "contact": " ".join(draft.contact.split()),
        "capacity": draft.capacity,
    }


def _wrong(draft: MeetingDraft, rules: Rules) -> str:
    """The name of the first field that is missing or wrong, "" for none. A hybrid meeting has address and link."""
    known = {kecamatan.kode for kecamatan in rules.regions.kecamatan()}
    tests = {
        "title": len(draft.title.split()) > 0 and len(draft.title) <= LONGEST_TITLE,
        "kind": draft.kind in get_args(MeetingKind),
        "starts_at": draft.starts_at is not None and draft.starts_at.tzinfo is not None,
        "minutes": 0 < draft.minutes <= LONGEST_MEETING,
        "mode": draft.mode in get_args(MeetingMode),
        "venue": draft.mode == "online" or 0 < len(draft.venue.strip()) <= LONGEST_TEXT,
        "access": set(draft.access) <= set(get_args(Facility)),
        "link": draft.mode == "offline" or is_link(draft.link.strip()),
        "kecamatan": set(draft.kecamatan) <= known
        and all(covers([draft.region], kode) or covers([kode], draft.region) for kode in draft.kecamatan),
        "groups": all(_GROUP.fullmatch(group) for group in draft.groups),
        "contact": len(draft.contact) <= LONGEST_TEXT,
        "capacity": 0 <= draft.capacity <= MOST_PEOPLE,
    }
    return next((name for name, sound in tests.items() if not sound), "")


def is_link(text: str) -> bool:
    """Whether a text is an address on the web."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in parts.netloc and len(text) <= LONGEST_TEXT and " " not in text


def _change(scene: Scene, draft: MeetingDraft) -> int:
    row = meeting_row(scene.connection, draft.id)
    officer = require_meeting(scene, row)
    if row.cancelled_at is not None or ends_at(row) <= scene.at:
        raise RefusalError("over", "This meeting is over, or was cancelled.")
    if put_changed(scene, row, checked(draft, scene.rules)):
        audit.record(scene, officer, "meeting", f"meeting:{draft.id}", "changed")
    return draft.id


def _caller(scene: Scene, region: str) -> Officer:
    """The officer as whom this chat may call a meeting of a region; an agency's is in a field of its own."""
    chat = resident(scene.actor).chat_id
    held = officers(scene.connection, chat)
    bidang = next((one.agencies[0] for one in held if one.role == "agency" and one.agencies), "")
    if not covers([scene.rules.regions.kabupaten], region):
        raise RefusalError("not_allowed", "This region is not ours.")
    return require(scene.connection, chat, "meeting", Place(region, bidang))


def _put(scene: Scene, number: int, values: dict[str, Any]) -> None:
    scene.connection.execute(update(MEETING).where(MEETING.c.id == number).values(values))
