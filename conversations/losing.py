"""What becomes of a chat when one of its recordings turns out to be none: it leaves the answer that it was in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conversations.chat import Chat, Draft, Held, Part
from conversations.effects import Line
from conversations.times import duration


@dataclass(frozen=True, slots=True)
class Loss:
    """The chat without the recording, the message that it came in, and whether its answer must be asked for anew:
    all that was said is gone with it, or the consent for somebody who was spoken for.
    """

    chat: Chat
    part: Part
    emptied: bool


def without(chat: Chat, unique_id: str) -> Loss | None:
    """The chat without this file; None when nothing in it holds the file."""
    part = next((part for part in _unsent(chat) if _is(part, unique_id)), None)
    if part is None:
        return None
    batch = chat.batch and replace(chat.batch, items=_others(chat.batch.items, unique_id))
    left = replace(
        chat,
        draft=chat.draft and _draft(chat.draft, unique_id),
        held=chat.held and _held(chat.held, unique_id),
        batch=batch,
    )
    return Loss(left, part, emptied=_emptied(chat, left))


def named(part: Part) -> Line:
    """Which recording is meant, by kind and length: several may have come one after the other."""
    return Line(f"part.{part.kind}", {"length": duration(part.media.seconds if part.media else 0)})


def _unsent(chat: Chat) -> tuple[Part, ...]:
    draft, relay = chat.draft, chat.draft.relay if chat.draft else None
    single = (draft.landmark if draft else None, relay.consent if relay else None)
    return (
        *(draft.parts if draft else ()),
        *(part for part in single if part is not None),
        *(chat.batch.items if chat.batch else ()),
        *(chat.held.parts if chat.held else ()),
    )


def _draft(draft: Draft, unique_id: str) -> Draft:
    """Consent that was never heard is none. Whoever had answered everything comes back to the summary."""
    relay, answered = draft.relay, bool(draft.visibility)
    if relay is not None and relay.consent is not None and _is(relay.consent, unique_id):
        relay, answered = replace(relay, consent=None, consent_form=""), bool(relay.told_by)
    parts = _others(draft.parts, unique_id)
    landmark = next(iter(_others((draft.landmark,), unique_id)), None) if draft.landmark else None
    emptied = (draft.parts and not parts) or relay != draft.relay
    editing = draft.editing or bool(emptied and answered)
    return replace(draft, parts=parts, landmark=landmark, relay=relay, editing=editing)


def _held(held: Held, unique_id: str) -> Held | None:
    parts = _others(held.parts, unique_id)
    return replace(held, parts=parts) if parts else None


def _emptied(before: Chat, after: Chat) -> bool:
    said = bool(before.draft and before.draft.parts)
    gathered = bool(before.batch and before.batch.items)
    lost_draft = said and not (after.draft and after.draft.parts)
    unagreed = _agreed(before) and not _agreed(after)
    return lost_draft or unagreed or (gathered and not (after.batch and after.batch.items))


def _agreed(chat: Chat) -> bool:
    return bool(chat.draft and chat.draft.relay and chat.draft.relay.consent)


def _others(parts: tuple[Part, ...], unique_id: str) -> tuple[Part, ...]:
    """What is left; words that came with the file stay."""
    left = (_words_of(part) if _is(part, unique_id) else part for part in parts)
    return tuple(part for part in left if part.media is not None or part.text)


def _words_of(part: Part) -> Part:
    return replace(part, kind="text", media=None)


def _is(part: Part, unique_id: str) -> bool:
    return part.media is not None and part.media.unique_id == unique_id
