"""Messages as voice notes too: what a turn asks for, what the worker does, what is remembered when it was sent.

The text always goes first and stands alone: the voice is an errand of the same transaction, and waits in the same
lane behind its text. Whatever keeps it from being spoken costs the resident nothing but the voice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import Connection

from bot.clips import REMEMBER
from bot.files import Outgoing
from bot.letters import Letters
from bot.replies import as_json
from bot.settings import Settings
from bot.speaker import Speaker
from bot.utterance import Utterance
from storage import spoken
from storage.errands import Errand, Errands
from storage.ledger import Ledger, OutboxRow
from storage.outbox import Notice, Settled
from storage.spoken import Remembered

if TYPE_CHECKING:  # it loads PyAV
    from bot.speech import VoiceNote

BY_NAME: Final = {"sendVoice": "voice", "sendVideo": "video"}
"""The calls that may send a file by its file_id, and the parameter that holds it."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Speaking:
    """Says errands. `bot` is the number of the bot, for which alone a file_id holds; `outgoing` takes what is sent."""

    speaker: Speaker
    outgoing: Outgoing
    bot: str = ""

    def begin(self, connection: Connection, errand: Errand, at: datetime) -> bool:
        """Whether something is to be made: not when the chat has gone on, and not when Telegram has it already."""
        said = Utterance.asked_by(errand)
        if _gone_on(connection, errand, said):
            _finish(connection, errand, at)
            return False
        known_by = self._known_by(said)
        found = spoken.find(connection, known_by) if known_by else None
        if found is None:
            return True
        if _finish(connection, errand, at):
            params = _params(errand, found.seconds) | {"voice": found.file_id}
            _enqueue(connection, errand, said, at, params=params)
        return False

    def make(self, errand: Errand) -> VoiceNote | None:
        """The voice note, None when it cannot be spoken. Runs in a thread, outside any transaction."""
        said = Utterance.asked_by(errand)
        return self.speaker.note(said.pieces, said.locale)

    def deliver(self, connection: Connection, errand: Errand, note: VoiceNote | None, at: datetime) -> None:
        """Put it into the outbox, unless its person went on, or was erased, while it was made. Raises OSError."""
        said = Utterance.asked_by(errand)
        late = _gone_on(connection, errand, said)
        if not _finish(connection, errand, at) or late or note is None:
            return
        path = self.outgoing.put(note.content)
        known_by = self._known_by(said)
        part = {"path": str(path), "filename": "suara.ogg"} | ({REMEMBER: known_by} if known_by else {})
        params = _params(errand, note.duration)
        _enqueue(connection, errand, said, at, params=params, files=json.dumps({"voice": part}))

    def _known_by(self, said: Utterance) -> str:
        digest = self.speaker.digest(said.pieces, said.locale)
        return spoken.key(self.bot, digest) if digest else ""


def bot_number(settings: Settings) -> str:
    """The number of the bot, with which its token begins (Bot API, "Authorizing your bot"); "" without a token."""
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    return token.partition(":")[0]


def after_sending(letters: Letters, connection: Connection, settled: Sequence[Settled]) -> None:
    """What follows from calls that were made: files to remember, and notices to be said now that they were read."""
    for result in settled:
        if result.state == "refused" and result.row.method in BY_NAME and not result.row.files:
            spoken.forget(connection, json.loads(result.row.params).get(BY_NAME[result.row.method], ""))
        if result.state != "sent":
            continue
        if result.file_id and result.row.files:
            _remember(connection, result, json.loads(result.row.files))
        if result.row.notice is not None and (said := _aloud(letters, result.row.notice)) is not None:
            Ledger(connection).add_errands([said.errand(result.row.notice.chat_id, result.at)], result.at)


def _aloud(letters: Letters, notice: Notice) -> Utterance | None:
    """Whatever is odd about a notice whose text went out must not keep the sender from settling it."""
    try:
        return letters.aloud(notice)
    except (KeyError, ValueError) as error:
        _log.warning("notice not spoken", error=type(error).__name__)
        return None


def _remember(connection: Connection, result: Settled, files: Mapping[str, Mapping[str, str]]) -> None:
    for part in files.values():
        if known_by := part.get(REMEMBER):
            seconds = json.loads(result.row.params).get("duration", 0)
            spoken.remember(connection, known_by, Remembered(result.file_id, seconds), result.at)


def _gone_on(connection: Connection, errand: Errand, said: Utterance) -> bool:
    return errand.chat_id is None or said.outlived(spoken.heard_last(connection, errand.chat_id))


def _finish(connection: Connection, errand: Errand, at: datetime) -> bool:
    """The errand is over and forgets what it was to say; False when its person was erased meanwhile."""
    errands = Errands(connection)
    errands.forget(errand.id)
    return errands.finish(errand.id, at)


def _params(errand: Errand, seconds: int) -> dict[str, Any]:
    return {"chat_id": errand.chat_id, "duration": seconds}


def _enqueue(  # noqa: PLR0913 - a row of the outbox has as many
    connection: Connection,
    errand: Errand,
    said: Utterance,
    at: datetime,
    *,
    params: dict[str, Any],
    files: str | None = None,
) -> None:
    row = OutboxRow(
        chat_id=errand.chat_id,
        due_at=at,
        method="sendVoice",
        params=as_json(params),
        lane=said.lane,
        files=files,
    )
    Ledger(connection).enqueue([row], at)
