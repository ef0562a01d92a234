"""Rows of the tables of relays, as their verbs leave them: for tests of what happens to such rows."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table, insert

from storage.aspirations import ASPIRATION
from storage.broadcast_tables import BroadcastRecord
from storage.history import HISTORY
from storage.ledger import table
from storage.media import PART, RELAY, REPORT, remember
from storage.meeting_views import ANSWER, ATTENDANCE, MEETING, MINUTE
from storage.relay_tables import SpokenRecord
from storage.residents import CONSENT, RESIDENT
from storage.traces import (
    ACCESS,
    CONTACT,
    DESK_CARD,
    DESK_NOTE,
    FOLLOWUP,
    INVITATION,
    MANDATE,
    QUESTION,
    RECIPIENT,
    REPLY,
    STOPPED,
    TASK,
    TRANSCRIPT,
)
from tests.storage.world import NOW, World, voice

SPOKEN: Final = table(SpokenRecord)
BROADCAST: Final = table(BroadcastRecord)


def put(world: World, into: Table, **values: Any) -> int:
    """Insert a row and return its key."""
    with world.begin() as connection:
        statement = insert(into).values(values)
        if "id" not in into.c:
            connection.execute(statement)
            return 0
        return int(connection.execute(statement.returning(into.c.id)).scalar_one())


def file(world: World, unique_id: str) -> int:
    """The row of a voice note."""
    with world.begin() as connection:
        return remember(connection, voice(unique_id).media, "voice", NOW)  # type: ignore[arg-type]


def mandate(world: World, chat: int | None, label: str = "", role: str = "facilitator", **more: Any) -> int:
    """Somebody has a role in Sukadana."""
    values = {"chat_id": chat, "role": role, "scope": ["18.07.01"], "label": label, "begun_at": NOW}
    return put(world, MANDATE, **{**values, "forum": False, "conduct": "1", **more})


def relay(world: World, ticket: str, holder: int, canary: str, **more: Any) -> int:
    """An aspiration was spoken for by the holder of a mandate."""
    values = {
        "aspiration_id": world.aspiration(ticket)["id"],
        "mandate_id": holder,
        "relayed_by": holder,
        "name": f"{canary} Sumi",
        "contact": f"{canary} 0812",
        "relation": "neighbour",
        "maturity": "adult",
        "groups": [canary],
        "needs": [canary],
        "told_by": "facilitator",
        "consent_form": "voice",
        "consent_media_id": file(world, f"{canary}-setuju"),
        "witnessed": canary,
        "consented_at": NOW,
        "claim_digest": f"{canary} digest",
        "claim_tries": 0,
    }
    return put(world, RELAY, **{**values, **more})


def leave_traces(world: World, chat: int, ticket: str, canary: str) -> None:
    """Traces of somebody who claimed what was relayed for them, and who is a facilitator as well."""
    holder = mandate(world, chat, f"{canary} kader")
    invited = {"role": "facilitator", "scope": [], "forum": False, "created_at": NOW, "expires_at": NOW}
    put(world, INVITATION, digest=f"{canary} d", from_mandate=holder, note=canary, **invited)
    spoken = relay(world, ticket, holder, canary, claimed_at=NOW)
    event = world.rows(HISTORY, aspiration_id=world.aspiration(ticket)["id"])[-1]["id"]
    answer = {"answer": canary, "answer_media_id": file(world, f"{canary}-jawab")}
    put(world, REPORT, relay_id=spoken, event_id=event, due_at=NOW, **answer)
    part = world.rows(PART, aspiration_id=world.aspiration(ticket)["id"])[-1]["id"]
    written = {"source": "person", "words": f"{canary} ditulis", "state": "confirmed", "written_by": holder}
    text = put(world, TRANSCRIPT, part_id=part, at=NOW, **written)
    place = world.aspiration(ticket)["region"]
    task = {"kind": "transcribe", "region": place, "state": "done", "transcript_id": text, "created_at": NOW}
    put(world, TASK, part_id=part, mandate_id=holder, **task)
    person = world.rows(RESIDENT, chat_id=chat)[0]["id"]
    put(world, ACCESS, resident_id=person, needs=[canary], other=canary, answered_at=NOW)
    meeting = {"title": "Rapat", "kind": "desa", "region": place, "mode": "offline", "starts_at": NOW}
    bare = {"access": [], "kecamatan": [], "groups": [], "venue": "", "link": "", "contact": "", "bidang": ""}
    figures = {"minutes": 60, "capacity": 0, "sequence": 0}
    number = put(world, MEETING, created_at=NOW, **meeting, **bare, **figures)
    put(world, MINUTE, meeting_id=number, verdict="agreed", position=1, words="jalan", at=NOW)
    came = {"meeting_id": number, "resident_id": person}
    put(world, ANSWER, answer="coming", answered_at=NOW, reminded=0, arranged=[canary], **came)
    put(world, ATTENDANCE, who=f"{canary} who", way="room", at=NOW, **came)
    here = {"aspiration_id": world.aspiration(ticket)["id"], "mandate_id": holder}
    put(world, DESK_CARD, agency="", taken_at=NOW, **here)
    put(world, DESK_NOTE, at=NOW, remark=canary, **here)
    put(
        world,
        FOLLOWUP,
        voice_id=here["aspiration_id"],
        completed_at=NOW,
        asked_at=NOW,
        answer="no",
        answered_at=NOW,
        **here,
    )
    leave_talk(world, chat, here, canary)
    leave_broadcast(world, chat, holder)
    consent = {
        "purpose": "service",
        "granted": True,
        "version": "1",
        "locale": "id",
        "form": "guardian_voice",
    }
    put(world, CONSENT, resident_id=person, at=NOW, media_id=file(world, f"{canary}-wali"), **consent)


def leave_broadcast(world: World, chat: int, holder: int) -> None:
    """A broadcast reached this chat, which wants none of another topic."""
    words = {
        "words": "Besok rapat.",
        "easy": "",
        "picture": "",
        "alternative": "",
        "voice": "",
        "corrected": "",
    }
    figures = {"voice_seconds": 0, "made_to": 0, "progress_told": "", "revision": 0, "mending": False}
    sent = {"state": "done", "topic": "schedule", "segment": {}, "census": {}, "created_at": NOW}
    number = put(world, BROADCAST, mandate_id=holder, **words, **figures, **sent)
    reached = {"state": "sent", "reason": "", "message_id": 7, "extras": [], "revision": 0, "at": NOW}
    put(world, RECIPIENT, broadcast_id=number, chat_id=chat, **reached)
    put(world, STOPPED, chat_id=chat, topic="result", at=NOW)


def unclaimed(world: World, holder: int, chat: int, canary: str, serial: int = 9) -> str:
    """What a facilitator relayed and its person has not claimed; returns the ticket."""
    ticket = world.submit(chat, serial).ticket
    with world.begin() as connection:
        theirs = ASPIRATION.update().where(ASPIRATION.c.ticket == ticket)
        connection.execute(theirs.values(chat_id=None, resident_id=None))
    relay(world, ticket, holder, canary)
    return ticket


def leave_talk(world: World, chat: int, here: dict[str, Any], canary: str) -> None:
    """They were asked something, answered by voice, and a safeguard may write to them."""
    contact = put(world, CONTACT, chat_id=chat, region="", at=NOW)
    put(world, QUESTION, contact_id=contact, mandate_id=here["mandate_id"], asked=canary, at=NOW)
    asked = put(world, QUESTION, asked=canary, at=NOW, **here)
    said = {"question_id": asked, "kind": "voice", "answer": canary, "at": NOW}
    put(world, REPLY, media_id=file(world, f"{canary}-balas"), **said, **here)
