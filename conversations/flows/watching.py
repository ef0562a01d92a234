"""Words of danger: help is named at once, in a message of its own, and the need is gone on with.

Asked wherever a need can be told. Before consent nothing is passed on; afterwards those who protect people are
told, once for each draft (of one person three times a day: storage.alerts). A complaint of a service is kept, and the door for complaints is named besides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from conversations.chat import Draft
from conversations.danger import concern
from conversations.effects import RaiseAlert
from conversations.readers import part_of
from conversations.table import Branch, Reading, Seen, Step, Tell

Watched = Reading[Literal["calm", "hotline", "contact"]]


def watch_draft(seen: Seen) -> Watched:
    """Whether a need tells of danger, said for the first time; then those who help hear of it."""
    draft = seen.chat.draft
    if draft is None or draft.alerted or concern(draft.words()) != "danger":
        return Reading("calm", seen.chat)
    alert = RaiseAlert(words=draft.words(), village=_where(seen, draft))
    return Reading(_way(seen), seen.chat.with_draft(alerted=True), (alert,))


def watch_held(seen: Seen) -> Watched:
    """Whether what was just said before consent tells of danger: help is named, and nobody is told."""
    held = seen.chat.held
    if held is None or concern(held.parts[-1].text) != "danger":
        return Reading("calm", seen.chat)
    return Reading(_way(seen), seen.chat)


def watch_said(seen: Seen) -> Watched:
    """Whether what was just said to the staff tells of danger; it is stored at once, and those who help hear of it."""
    said = part_of(seen)
    return Reading(_way(seen) if said and concern(said.text) == "danger" else "calm", seen.chat)


def watch_relayed(seen: Seen) -> Watched:
    """Whether the line about somebody else tells of danger: help is named; staff hear of it when it is sent."""
    draft = seen.chat.draft
    said = f"{draft.relay.summary} {draft.words()}" if draft and draft.relay else ""
    return Reading(_way(seen) if concern(said) == "danger" else "calm", seen.chat)


def _where(seen: Seen, draft: Draft) -> str:
    """The code of the village: as answered, as the link named it, or as of the last aspiration; "" for none."""
    linked = seen.facts.village(seen.chat.origin) if seen.chat.origin else None
    village = draft.village or linked or seen.facts.profile().village
    return village.kode if village else ""


def _way(seen: Seen) -> Literal["hotline", "contact"]:
    return "hotline" if seen.facts.house.hotline else "contact"


def complained(seen: Seen) -> Reading[Literal["complaint", "need"]]:
    """Whether what was sent complains of a service."""
    sent = seen.facts.aspiration(seen.chat.focus)
    about = concern(sent.summary) if sent is not None else ""
    return Reading("complaint" if about == "complaint" else "need", seen.chat)


def watched(name: str, then: str, on: Callable[[Seen], Watched], told: str) -> tuple[Step, ...]:
    """The steps of one place where a need can be told: who helps, then `told` what happens now, then on to `then`."""
    return (
        Branch(
            name=name,
            on=on,
            edges={"calm": then, "hotline": f"{name}.hotline", "contact": f"{name}.contact"},
        ),
        Tell(name=f"{name}.hotline", says="danger.hotline", then=f"{name}.told"),
        Tell(name=f"{name}.contact", says="danger.contact", then=f"{name}.told"),
        Tell(name=f"{name}.told", says=told, then=then, apart=True),
    )


AT_ARRIVAL: Final = watched("arrival.watch", "arrival.heard", watch_held, "danger.early")
AT_CONSENT: Final = watched("consent.watch", "consent.held", watch_held, "danger.early")
AT_NEED: Final = watched("intake.watch", "intake.more", watch_draft, "danger.told")
AT_SUMMARY: Final = watched("relay.watch", "relay.field", watch_relayed, "danger.relayed")
AT_ANSWER: Final = watched("question.watch", "question.keep", watch_said, "danger.told")
AT_REPLY: Final = watched("reply.watch", "reply.keep", watch_said, "danger.told")
AT_HELD: Final = watched("intake.held.watch", "intake.place", watch_draft, "danger.told")
COMPLAINT: Final[tuple[Step, ...]] = (
    Branch(name="receipt.care", on=complained, edges={"complaint": "complaint", "need": "recovery"}),
    Tell(name="complaint", says="complaint", then="recovery", apart=True),
)
