"""Clips in sign language, sent before the text of a key step, wherever an operator has put one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.replies import as_json
from conversations.chat import Chat
from conversations.effects import Say
from storage import spoken
from storage.ledger import OutboxRow

REMEMBER: Final = "remember"
"""Stands beside the path of an upload whose file_id is to be kept: what it is known by."""


@dataclass(frozen=True, slots=True)
class Clips:
    """The clips of this house by locale and key of a text; `bot` is the number of the bot that sends them."""

    paths: Mapping[tuple[str, str], Path]
    bot: str = ""

    def __len__(self) -> int:
        return len(self.paths)

    def before(self, connection: Connection, chat: Chat, say: Say, at: datetime) -> Iterator[OutboxRow]:
        """The clips of a message's lines. Nobody can ask for them before they have been greeted, so all get them."""
        for line in say.lines:
            path = self.paths.get((chat.locale, line.key))
            if path is not None and path.is_file():
                yield self._row(connection, chat.id, path, at)

    def _row(self, connection: Connection, chat_id: int, path: Path, at: datetime) -> OutboxRow:
        known_by = spoken.key(self.bot, digest_of(path))
        found = spoken.find(connection, known_by)
        params: dict[str, object] = {"chat_id": chat_id, "supports_streaming": True}
        part = {"path": str(path.resolve()), "filename": path.name, REMEMBER: known_by}
        return OutboxRow(
            chat_id=chat_id,
            due_at=at,
            method="sendVideo",
            params=as_json(params | ({"video": found.file_id} if found else {})),
            files=None if found else json.dumps({"video": part}),
        )


def digest_of(path: Path) -> str:
    """What a file is known by here: its place, size and age, so that a new film under the old name is sent anew."""
    status = path.stat()
    return hashlib.sha256(f"{path.resolve()}:{status.st_size}:{status.st_mtime_ns}".encode()).hexdigest()
