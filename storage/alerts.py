"""Words of danger: what is flagged for it, and who is told at once.

Whoever holds the mandate "safeguard" for the place hears of it, by night too; of one person three times a day, so
that nobody can drown the others. Where nobody does, it is counted without its words, and `suara doctor` says so.

An alert names its speaker by pseudonyms that its letter does not say: erasing the person finds it by them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Text, delete, func, insert, literal, select, type_coerce, update

from conversations.chat import Draft
from conversations.danger import Concern, concern
from storage import notices
from storage.asking_tables import ContactRecord
from storage.columns import decrypted
from storage.holders import holders
from storage.ledger import OUTBOX, table
from storage.messages import OPENED
from storage.notices import NOTICES, Message
from storage.rules import Scene
from storage.ticket import Secrets

RAISED: Final = "alert.raised"
"""The message to a safeguard. Parameters: words, village, kecamatan ("" when no place is known); `of` the pseudonyms of
the speaker, `number` which of their alerts it is, and `contact` by what they can be written to (0: by nothing).
"""

MOST: Final = 3
SPAN: Final = timedelta(hours=24)
"""So many alerts of one person are sent in this time; further ones only flag the aspiration."""

CHAT_SCOPE: Final = "alert of a chat"
ASPIRATION_SCOPE: Final = "alert of an aspiration"

SAFEGUARD: Final = "safeguard"
NOBODY: Final = 0
"""Stands for the chat of an alert that nobody could be told; Telegram gives no such number."""

LONGEST_QUOTE: Final = 500  # characters
CONTACT: Final = table(ContactRecord)


def flag(draft: Draft, summary: str = "") -> Concern:
    """What the words of a draft, or the line that sums them up, are about: stored as `aspiration.flagged`."""
    return concern(f"{draft.words()}\n{summary}")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose words they are: their chat, if they have one, and the aspiration, if it is stored already."""

    chat_id: int | None
    aspiration: int | None = None

    def pseudonyms(self, secrets: Secrets) -> list[str]:
        """What an alert keeps of them: it means nothing without DATA_KEYS."""
        named = ((CHAT_SCOPE, self.chat_id), (ASPIRATION_SCOPE, self.aspiration))
        return [secrets.pseudonym(scope, number) for scope, number in named if number is not None]


def raise_alert(scene: Scene, words: str, village: str, speaker: Speaker) -> int:
    """Tell every safeguard of a village (of all places when it is "") at once; returns how many are told.

    Nobody is when MOST alerts of this speaker were sent within SPAN.
    """
    of = speaker.pseudonyms(scene.rules.secrets)
    sent = _sent(scene, of)
    if len(sent) >= MOST:
        return 0
    chats = holders(scene.connection, SAFEGUARD, village)
    contact = _contact(scene, village, speaker) if chats else 0
    told = {"of": of, "number": max(sent, default=0) + 1, "contact": contact}
    params = {"words": words[:LONGEST_QUOTE], **_place(scene, village), **told}
    for chat in chats:
        notices.tell(
            scene.connection, Message(chat_id=chat, key=RAISED, params=params, urgent=True), scene.at
        )
    if not chats:
        scene.connection.execute(insert(NOTICES).values(_unheard(scene)))
    return len(chats)


def forget(
    connection: Connection, secrets: Secrets, chat_id: int | None, aspirations: Collection[int]
) -> None:
    """Empty the alerts of somebody who is erased: those on their way are not sent, those told can be opened no more."""
    names = set(secrets.pseudonyms(CHAT_SCOPE, chat_id)) if chat_id is not None else set()
    names.update(name for number in aspirations for name in secrets.pseudonyms(ASPIRATION_SCOPE, number))
    theirs = [id_ for id_, params in _raised(connection) if names.intersection(params.get("of", ()))]
    emptied = {"params": {}, "state": "forgotten"}
    connection.execute(update(NOTICES).where(NOTICES.c.id.in_(theirs)).values(emptied))
    unsent = (OUTBOX.c.notice_id.in_(theirs), OUTBOX.c.state.in_(("waiting", "calling")))
    connection.execute(delete(OUTBOX).where(*unsent))


def _contact(scene: Scene, village: str, speaker: Speaker) -> int:
    """By what a safeguard may write to the speaker; 0 when they have no chat."""
    if speaker.chat_id is None:
        return 0
    row = {"chat_id": speaker.chat_id, "region": village, "at": scene.at}
    return int(scene.connection.execute(_REACH, row).scalar_one())


def _sent(scene: Scene, of: Collection[str]) -> set[int]:
    """The numbers of a speaker's alerts within SPAN: each goes to several people, and may have been opened again."""
    raised = _raised(scene.connection, scene.at - SPAN)
    mine = (params for _, params in raised if set(of).intersection(params.get("of", ())))
    return {params["number"] for params in mine if OPENED not in params}


def _raised(connection: Connection, since: datetime | None = None) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Alerts, by id. Those whose key is no longer in DATA_KEYS nobody can read: they are passed over."""
    recent = _RAISED if since is None else _RAISED.where(NOTICES.c.due_at > since)
    for row in connection.execute(recent).all():
        content = decrypted(row.token, connection.dialect)
        if content is not None:
            yield row.id, json.loads(content)


def unheard(connection: Connection) -> int:
    """How many alerts nobody could be told."""
    counted: int = connection.scalar(_UNHEARD) or 0
    return counted


def _place(scene: Scene, kode: str) -> Mapping[str, str]:
    found = scene.rules.regions.village(kode) if kode else None
    return {"village": found.name if found else "", "kecamatan": found.kecamatan if found else ""}


def _unheard(scene: Scene) -> dict[str, Any]:
    empty: dict[str, Any] = {"aspiration_id": None, "event_id": None, "params": {}, "state": "cancelled"}
    return {"chat_id": NOBODY, "key": RAISED, "due_at": scene.at, **empty}


_REACH: Final = insert(CONTACT).returning(CONTACT.c.id)
_ALERT: Final = NOTICES.c.key == literal(RAISED, literal_execute=True)
"""Written out, so that the partial index of the alerts serves it."""

_RAISED: Final = select(NOTICES.c.id, type_coerce(NOTICES.c.params, Text()).label("token")).where(
    _ALERT, NOTICES.c.chat_id != NOBODY, NOTICES.c.state != "forgotten"
)
_UNHEARD: Final = select(func.count()).where(_ALERT, NOTICES.c.chat_id == NOBODY)
