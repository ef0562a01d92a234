"""All that is stored about a person, sent to them: readable text, and JSON for machines (UU 27/2022)."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection

from bot.app import Home
from bot.chats import read_chat
from bot.replies import as_json
from conversations.chat import Chat
from conversations.effects import Line
from storage.actor import Resident
from storage.dossier import compile_dossier
from storage.errands import Errand
from storage.ledger import Ledger, OutboxRow


def export(home: Home, connection: Connection, errand: Errand, at: datetime) -> None:
    """Put the two documents into the outbox; an errand without a chat has nobody to send them to."""
    if errand.chat_id is None:
        return
    ledger = Ledger(connection)
    state = ledger.load_chats([errand.chat_id], at)[errand.chat_id]
    locale = read_chat(state, Chat(id=errand.chat_id)).locale
    dossier = compile_dossier(connection, Resident(errand.chat_id), home.furnished.rules)
    words = {key: text.forms[0] for key, text in home.furnished.texts.catalogues.whole["id"].items()}
    contents = (
        ("data-saya.txt", Line("export.text"), dossier.as_text(home.furnished.rules, words)),
        ("data-saya.json", Line("export.json"), dossier.as_json()),
    )
    for name, caption, content in contents:
        params = {"chat_id": errand.chat_id, "caption": home.furnished.texts.line(caption, locale)}
        path = home.outgoing.put(content)
        files = {"document": {"path": str(path), "filename": name}}
        row = OutboxRow(
            chat_id=errand.chat_id,
            due_at=at,
            method="sendDocument",
            params=as_json(params),
            files=json.dumps(files),
        )
        ledger.enqueue([row], at)
