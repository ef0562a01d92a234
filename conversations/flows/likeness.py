"""Before an aspiration is sent: public ones that are like it, to be supported, or not (issue 4).

Who supports one keeps their own words, number and news. Nobody who told of danger is compared with others.
"""

from __future__ import annotations

from typing import Final, Literal

from conversations.chat import Chat
from conversations.effects import Line, Listing, Param, SubmitAspiration
from conversations.events import Submitted
from conversations.flows import intake_answers as answers
from conversations.flows.arrival import house_params
from conversations.likeness import Likeness
from conversations.table import Act, Ask, Branch, Option, Params, Reading, Seen, Step, Tell, option
from conversations.ticket import grouped

BOTH: Final = "both"


def any_alike(seen: Seen) -> Reading[Literal["some", "none"]]:
    """Whether others have asked for the like; what was chosen before is asked anew."""
    chat = seen.chat.with_draft(supports="", beside=False)
    return Reading("some" if found(seen) else "none", chat)


def found(seen: Seen) -> tuple[Likeness, ...]:
    """Public aspirations like the draft."""
    draft = seen.chat.draft
    return () if draft is None or draft.alerted else seen.facts.likeness.like(draft)


def similar_params(seen: Seen) -> Params:
    """All of them, with enough to judge."""
    return {"others": Listing(tuple(described(one) for one in found(seen)))}


def described(one: Likeness) -> Line:
    """One of them: number, words, field, place, stage, day, support."""
    about: dict[str, Param] = {
        "ticket": grouped(one.ticket),
        "words": said(one),
        "field": Line(f"field.{one.field}"),
        "village": one.village,
        "stage": Line(f"stage.{one.stage}"),
        "date": one.at.date(),
    }
    if not one.support:
        return Line("likeness.one", about)
    return Line("likeness.supported", about | {"n": one.support})


def said(one: Likeness) -> Line:
    """What it says, as far as the asking chat may read it."""
    if one.summary:
        return Line("part.text", {"text": one.summary})
    return (
        Line("likeness.shared", {"words": ", ".join(one.shared)}) if one.shared else Line("status.withheld")
    )


def offer_similar(seen: Seen) -> tuple[Option, ...]:
    """Each of them by its number."""
    return tuple(
        Option(one.ticket, Line("intake.similar.pick", {"ticket": grouped(one.ticket)}), "picked")
        for one in found(seen)
    )


def keep_similar(chat: Chat, value: str) -> Chat:
    """That is the one, or none is."""
    return chat.with_draft(supports=value if value.isdecimal() else "", beside=False)


def keep_support(chat: Chat, value: str) -> Chat:
    """Whether the draft is an aspiration of its own as well."""
    return chat.with_draft(beside=value == BOTH)


def support_params(seen: Seen) -> Params:
    """The one that is supported."""
    return {"ticket": grouped(seen.chat.draft.supports if seen.chat.draft else "")}


def supports(seen: Seen) -> Reading[Literal["supports", "alone"]]:
    """Whether what was just sent supports another one; it is looked up only when it was to."""
    to_support = isinstance(seen.event, Submitted) and seen.event.supporting
    sent = seen.facts.aspiration(seen.chat.focus) if to_support else None
    return Reading("supports" if sent is not None and sent.lead else "alone", seen.chat)


def supporting_params(seen: Seen) -> Params:
    """Which one."""
    sent = seen.facts.aspiration(seen.chat.focus)
    return {"ticket": grouped(sent.lead if sent else "")}


AT_SENDING: Final[tuple[Step, ...]] = (
    Branch(name="intake.alike", on=any_alike, edges={"some": "intake.similar", "none": "intake.send"}),
    Ask(
        name="intake.similar",
        says="intake.similar",
        params=similar_params,
        ref="draft",
        offers=offer_similar,
        leads=("picked",),
        options=(option("none", "intake.similar.none"),),
        keep=keep_similar,
        edges={"picked": "intake.support", "none": "intake.send"},
    ),
    Ask(
        name="intake.support",
        says="intake.support",
        params=support_params,
        ref="draft",
        options=(
            option("support", "intake.support.support"),
            option(BOTH, "intake.support.both"),
            option("back", "intake.support.back"),
        ),
        keep=keep_support,
        edges={"support": "intake.send", BOTH: "intake.send", "back": "intake.similar"},
    ),
    Act(
        name="intake.send",
        does=answers.submit,
        performs=SubmitAspiration,
        edges={"submitted": "intake.season", "refused": "intake.not_sent"},
        keep=answers.after_submission,
        seals=True,
    ),
    Tell(name="intake.not_sent", says="intake.not_sent", params=house_params, then="intake.resume"),
)
SUPPORTING: Final[tuple[Step, ...]] = (
    Branch(
        name="receipt.with", on=supports, edges={"supports": "receipt.supporting", "alone": "intake.needs"}
    ),
    Tell(
        name="receipt.supporting",
        says="receipt.supporting",
        params=supporting_params,
        then="intake.needs",
    ),
)
