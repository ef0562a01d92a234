"""Tasks for people: who may see one, taking it, giving it back, writing down what a recording says.

Transcribers hear, interpreters see, each where their mandate reaches; a facilitator may write down what their own
people said. Of an anonymous aspiration only a mandate wider than its village tells of it: a neighbour would know the voice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    false,
    insert,
    or_,
    select,
    update,
)

from conversations import effects, events
from conversations.effects import TaskEffect
from conversations.events import AnyOutcome
from conversations.facts import TaskView
from conversations.flows.tasks import LONGEST_TRANSCRIPT
from storage import transcripts
from storage.actor import RefusalError, resident
from storage.ledger import Ledger, OutboxRow
from storage.mandates import MANDATE, RELAY
from storage.media import MEDIA, PART
from storage.rules import Rules, Scene
from storage.submissions import ASPIRATION
from storage.unheard import HEARD, SEEN, TASK, TRANSCRIPT

TAKEN_FOR: Final = timedelta(hours=24)
"""How long a task stays with whoever took it."""

MOST: Final = 50  # tasks in one list
SENDING: Final = {
    "voice": "sendVoice",
    "audio": "sendAudio",
    "video": "sendVideo",
    "video_note": "sendVideoNote",
}
"""The call that sends each kind of recording; the file's parameter is called like the kind (Bot API)."""

AnyRow = Any


def perform(scene: Scene, effect: TaskEffect) -> AnyOutcome:
    """Do what an effect asks; RefusalError says why it may not be done."""
    match effect:
        case effects.TakeTask(task=number):
            take(scene, number)
        case effects.ReleaseTask(task=number):
            release(scene, number)
        case effects.WriteTranscript(task=number, words=words, check=check):
            write(scene, number, words, check=check)
        case effects.AnswerTranscript():
            transcripts.answer(scene, effect)
    return events.Saved(at=scene.at)


def listing(connection: Connection, chat_id: int, rules: Rules) -> tuple[TaskView, ...]:
    """What there is to do for a chat: what it has taken, then the oldest; at most 50."""
    held = _mandates(connection, chat_id)
    rows = connection.execute(_visible(held).limit(MOST)).all() if held else []
    return tuple(_view(row, rules) for row in rows)


def view(connection: Connection, chat_id: int, number: int, rules: Rules) -> TaskView | None:
    """One of them, None for a task of others."""
    row = _one(connection, chat_id, number)
    return None if row is None else _view(row, rules)


def take(scene: Scene, number: int) -> None:
    """Take a task and get its recording sent, without its author; again for one's own. RefusalError: unknown, taken."""
    chat_id = resident(scene.actor).chat_id
    row = _require(scene, number)
    if row.state == "open":
        by = _through(scene.connection, chat_id, number)
        values = {"state": "taken", "mandate_id": by, "taken_at": scene.at}
        free = (TASK.c.id == number, TASK.c.state == "open")
        if scene.connection.execute(update(TASK).where(*free).values(values)).rowcount == 0:
            raise RefusalError("taken", "Somebody else has taken it.")
    params = {"chat_id": chat_id, row.medium: row.file_id, "duration": row.seconds, "protect_content": True}
    call = OutboxRow(chat_id=chat_id, due_at=scene.at, method=SENDING[row.medium], params=json.dumps(params))
    Ledger(scene.connection).enqueue([call], scene.at)


def release(scene: Scene, number: int) -> None:
    """Give a task back to the others. RefusalError: unknown."""
    row = _require(scene, number)
    if scene.connection.execute(update(TASK).where(*_still_held(row)).values(_FREE)).rowcount == 0:
        raise RefusalError("unknown", "It was not taken.")


def write(scene: Scene, number: int, words: str, *, check: bool = False) -> None:
    """What a recording says: offered to its speaker, or first to a second person. RefusalError: unknown, empty, too_long."""
    row = _require(scene, number)
    said = words.strip()
    if not said:
        raise RefusalError("empty", "There are no words.")
    if len(said) > LONGEST_TRANSCRIPT:
        raise RefusalError("too_long", f"More than {LONGEST_TRANSCRIPT} characters.")
    done = {"state": "done", "done_at": scene.at}
    if scene.connection.execute(update(TASK).where(*_still_held(row)).values(done)).rowcount == 0:
        raise RefusalError("unknown", "It was not taken.")
    second = check and row.kind != "check"
    version = transcripts.Version(
        part=row.part_id,
        source="checked" if row.kind == "check" else "person",
        words=said,
        state="draft" if second else "offered",
        by=row.mandate_id,
    )
    written = transcripts.add(scene, version)
    if second:
        again = {"kind": "check", "part_id": row.part_id, "region": row.region, "transcript_id": written}
        scene.connection.execute(insert(TASK), again | {"state": "open", "created_at": scene.at})
    else:
        transcripts.offer(scene, written)


def free(connection: Connection, at: datetime) -> int:
    """Give tasks back that were taken a day ago and are not done; returns how many."""
    late = (TASK.c.state == "taken", TASK.c.taken_at <= at - TAKEN_FOR)
    return connection.execute(update(TASK).where(*late).values(_FREE)).rowcount


def _mandates(connection: Connection, chat_id: int) -> Sequence[AnyRow]:
    return connection.execute(_HELD, {"chat": chat_id}).all()


def _require(scene: Scene, number: int) -> AnyRow:
    row = _one(scene.connection, resident(scene.actor).chat_id, number)
    if row is None:
        raise RefusalError("unknown", "There is no such task for you.")
    return row


def _one(connection: Connection, chat_id: int, number: int) -> AnyRow | None:
    held = _mandates(connection, chat_id)
    return connection.execute(_visible(held).where(TASK.c.id == number)).one_or_none() if held else None


def _still_held(row: AnyRow) -> tuple[ColumnElement[bool], ...]:
    """Whoever took a task has it still: the clock may have given it back since it was read, and to somebody else."""
    return (TASK.c.id == row.id, TASK.c.state == "taken", TASK.c.mandate_id == row.mandate_id)


def _through(connection: Connection, chat_id: int, number: int) -> int:
    """The mandate by which a chat may have this task."""
    for held in _mandates(connection, chat_id):
        if connection.execute(_visible([held]).where(TASK.c.id == number)).first() is not None:
            return int(held.id)
    raise RefusalError("unknown", "There is no such task for you.")


def _visible(held: Sequence[AnyRow]) -> Select[Any]:
    """The tasks that these mandates of one chat allow: open, or taken by one of them."""
    own = [mandate.id for mandate in held]
    allowed = or_(false(), *(_allows(mandate) for mandate in held))
    unchecked = or_(TRANSCRIPT.c.written_by.is_(None), TRANSCRIPT.c.written_by.not_in(_of_same_chat(held)))
    here = or_(TASK.c.state == "open", and_(TASK.c.state == "taken", TASK.c.mandate_id.in_(own)))
    return _TASKS.where(allowed, here, or_(TASK.c.kind != "check", unchecked))


def _of_same_chat(held: Sequence[AnyRow]) -> Select[Any]:
    """All mandates that the chat holds or held: nobody checks their own words."""
    return select(MANDATE.c.id).where(MANDATE.c.chat_id == held[0].chat_id)


def _allows(mandate: AnyRow) -> ColumnElement[bool]:
    match mandate.role:
        case "transcriber":
            return and_(PART.c.kind.in_(HEARD), _reaches(mandate.scope))
        case "interpreter":
            return and_(PART.c.kind.in_(SEEN), _reaches(mandate.scope))
        case "facilitator":
            own = and_(RELAY.c.mandate_id == mandate.id, RELAY.c.claimed_at.is_(None))
            return and_(own, TASK.c.kind == "transcribe")
        case _:
            return false()


def _reaches(scope: Sequence[str]) -> ColumnElement[bool]:
    """Within the places of a mandate; of an anonymous aspiration its village alone is too near."""
    wider = or_(false(), *(TASK.c.region.startswith(f"{place}.", autoescape=True) for place in scope))
    return or_(wider, and_(TASK.c.region.in_(list(scope)), ASPIRATION.c.visibility != "anonymous"))


def _view(row: AnyRow, rules: Rules) -> TaskView:
    return TaskView(
        id=row.id,
        kind=row.kind,
        place=rules.village(row.region).name,
        seconds=row.seconds,
        waiting_since=row.created_at,
        mine=row.state == "taken",
        words=row.words or row.draft or "",
        machine=not row.words and bool(row.draft),
    )


_FREE: Final = {"state": "open", "mandate_id": None, "taken_at": None}
_HELD: Final = (
    select(MANDATE.c.id, MANDATE.c.chat_id, MANDATE.c.role, MANDATE.c.scope)
    .where(MANDATE.c.chat_id == bindparam("chat"), MANDATE.c.ended_at.is_(None))
    .order_by(MANDATE.c.id)
)
_DRAFT: Final = TRANSCRIPT.alias("draft")
_TASKS: Final = (
    select(
        *(TASK.c[name] for name in ("id", "kind", "part_id", "region", "state", "mandate_id", "created_at")),
        PART.c.kind.label("medium"),
        MEDIA.c.seconds,
        MEDIA.c.file_id,
        TRANSCRIPT.c.words,
        _DRAFT.c.words.label("draft"),
    )
    .join(PART, PART.c.id == TASK.c.part_id)
    .join(ASPIRATION, ASPIRATION.c.id == PART.c.aspiration_id)
    .join(MEDIA, MEDIA.c.id == PART.c.media_id)
    .outerjoin(RELAY, RELAY.c.aspiration_id == ASPIRATION.c.id)
    .outerjoin(TRANSCRIPT, TRANSCRIPT.c.id == TASK.c.transcript_id)
    .outerjoin(
        _DRAFT, and_(_DRAFT.c.part_id == PART.c.id, _DRAFT.c.source == "machine", _DRAFT.c.state == "draft")
    )
    .where(ASPIRATION.c.withdrawn_at.is_(None))
    .order_by(TASK.c.state.desc(), TASK.c.created_at, TASK.c.id)
)
