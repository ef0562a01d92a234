"""What a chat may hold for a day only: words said before consent, and own groups that were picked but never stored.

Also whether it holds what is about a person: such a state is sealed, as stored names and groups are. Words of a need
that are still to be sent are no more secret than those of an aspiration, and cost every turn nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from conversations.chat import Chat
from conversations.table import Ask, Flows

HELD_FOR: Final = timedelta(hours=24)
"""How long words are kept that came before consent (issue 2), and picks about the person themselves."""


def held_since(flows: Flows, chat: Chat) -> datetime | None:
    """Since when the chat holds what must go after HELD_FOR; None when it holds nothing of the kind."""
    moments = (chat.held.at if chat.held else None, chat.seen_at if _own_picks(flows, chat) else None)
    return min((moment for moment in moments if moment is not None), default=None)


def without_old(flows: Flows, chat: Chat, at: datetime) -> Chat:
    """The chat at `at`; what has come since the clock was set stays."""
    if chat.held is not None and at - chat.held.at >= HELD_FOR:
        chat = replace(chat, held=None)
    if _own_picks(flows, chat) and chat.seen_at is not None and at - chat.seen_at >= HELD_FOR:
        aside = chat.interrupted
        chat = replace(chat, picked=(), interrupted=aside and replace(aside, picked=()))
    return chat


def is_personal(flows: Flows, chat: Chat) -> bool:
    """Whether the chat holds what is about a person (somebody spoken for, one's own name, groups and needs), or the
    secret of a link that is being answered.
    """
    relayed = chat.batch is not None or (chat.draft is not None and chat.draft.relay is not None)
    return relayed or bool(chat.link) or _own_picks(flows, chat)


def _own_picks(flows: Flows, chat: Chat) -> bool:
    """Whether something is picked that is no answer of the draft: it is about the person themselves."""
    aside = chat.interrupted
    here = bool(chat.picked) and not _of_draft(flows, chat.step)
    return here or (aside is not None and bool(aside.picked) and not _of_draft(flows, aside.step))


def _of_draft(flows: Flows, name: str) -> bool:
    step = flows.steps.get(name)
    return isinstance(step, Ask) and step.question != ""
