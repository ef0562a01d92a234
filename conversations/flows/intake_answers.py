"""What the intake flow understands: its judges, its offers, and what its options store."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from conversations.chat import Chat, Draft, Village, Visibility
from conversations.classifier import ranked
from conversations.effects import AnyEffect, Line, SubmitAspiration
from conversations.events import Submitted
from conversations.flows.arrival import house_params
from conversations.flows.summary import parts_listing, said
from conversations.losing import named
from conversations.readers import kept_media, new_draft, one_name
from conversations.table import Option, Params, Reading, Seen, option
from conversations.ticket import grouped

GROUPS = ("children", "elderly", "indigenous", "disability", "women", "women_heads", "other")
"""Whom an aspiration is for, in the alphabetical order of their Indonesian names; "other" last."""

ALL = "all"
"""What stands for the whole kabupaten in a list of regions."""

EVERYONE = "everyone"
DECLINED = "declined"


# Beginning and coming back


def begin(seen: Seen) -> Reading[Literal["fresh", "held", "unfinished"]]:
    """Open a draft; what was held before consent is offered as its first answer."""
    if seen.chat.draft is not None:
        return Reading("unfinished", seen.chat)
    held = seen.chat.held
    if held is None:
        return Reading("fresh", new_draft(seen.chat, seen))
    return Reading("held", new_draft(seen.chat, seen, held.parts), kept_media(held.parts))


def whose_draft(seen: Seen) -> Reading[Literal["own", "relayed"]]:
    """Whether the draft is one's own, or of somebody whom one speaks for."""
    draft = seen.chat.draft
    return Reading("own" if draft is None or draft.relay is None else "relayed", seen.chat)


def where(
    seen: Seen,
) -> Reading[Literal["need", "village", "which", "landmark", "field", "audience", "visibility", "summary"]]:
    """The first question that the draft has not answered."""
    draft = seen.chat.draft
    if draft is None:
        return Reading("need", new_draft(seen.chat, seen))
    if not draft.parts:
        return Reading("need", seen.chat)
    if draft.village is None:
        return Reading("which" if narrowed(draft) else "village", seen.chat)
    if not draft.field:
        placed = draft.landmark or draft.pin or draft.landmark_skipped
        return Reading("field" if placed else "landmark", seen.chat)
    if not draft.audience:
        return Reading("audience", seen.chat)
    return Reading("summary" if draft.visibility else "visibility", seen.chat)


def held_params(seen: Seen) -> Params:
    """What was held, shown back."""
    draft = seen.chat.draft
    return {"parts": parts_listing(draft.parts if draft else ())}


def gathered_params(seen: Seen) -> Params:
    """How many messages the answer holds, and which."""
    parts = seen.chat.draft.parts if seen.chat.draft else ()
    return {"count": len(parts), "parts": parts_listing(parts)}


def offer_earlier(seen: Seen) -> tuple[Option, ...]:
    """Whoever comes back to the need may go on with what was said; it is replaced only by new words."""
    told = seen.chat.draft is not None and seen.chat.draft.parts
    return (option("done", "menu.resume"),) if told else ()


# The place


def known_village(seen: Seen) -> Reading[Literal["known", "unknown"]]:
    """A village remembered from the last aspiration, or named by the link that was followed."""
    village = remembered(seen)
    return Reading("unknown" if village is None else "known", seen.chat)


def remembered(seen: Seen) -> Village | None:
    """The village of the link, else the one of the last aspiration."""
    linked = seen.facts.village(seen.chat.origin) if seen.chat.origin else None
    return linked or seen.facts.profile().village


def remembered_params(seen: Seen) -> Params:
    """The remembered village by name."""
    village = remembered(seen)
    return village_params(village) if village else {"village": "", "kecamatan": ""}


def village_params(village: Village) -> Params:
    """A village and its kecamatan by name."""
    return {"village": village.name, "kecamatan": village.kecamatan}


def take_remembered(seen: Seen) -> Reading[Literal["taken", "gone"]]:
    """Put the remembered village into the draft."""
    village = remembered(seen)
    if village is None:
        return Reading("gone", seen.chat)
    return Reading("taken", seen.chat.with_draft(village=village, candidates=(), listed=""))


def which(seen: Seen) -> Reading[Literal["same", "near", "list"]]:
    """Between what the person decides: villages of one name, of near names, or all."""
    candidates = _candidates(seen)
    if not candidates:
        return Reading("list", seen.chat)
    return Reading("same" if one_name(candidates) else "near", seen.chat)


def typed_name(seen: Seen) -> Params:
    """The name that several kecamatan share."""
    return {"village": _candidates(seen)[0].name if _candidates(seen) else ""}


def _candidates(seen: Seen) -> tuple[Village, ...]:
    return seen.chat.draft.candidates if seen.chat.draft else ()


def offer_candidates(seen: Seen) -> tuple[Option, ...]:
    """The villages between which the person decides."""
    return tuple(
        Option(village.kode, Line("village.option", village_params(village)), "picked")
        for village in _candidates(seen)
    )


def offer_kecamatan(seen: Seen) -> tuple[Option, ...]:
    """All kecamatan of the kabupaten."""
    return tuple(
        Option(k.kode, Line("region.name", {"name": k.name}), "picked") for k in seen.facts.kecamatan()
    )


def listed_params(seen: Seen) -> Params:
    """The kecamatan whose villages are listed."""
    listed = seen.chat.draft.listed if seen.chat.draft else ""
    return {"kecamatan": next((k.name for k in seen.facts.kecamatan() if k.kode == listed), "")}


def offer_villages(seen: Seen) -> tuple[Option, ...]:
    """All villages of the chosen kecamatan."""
    villages = seen.facts.villages(seen.chat.draft.listed if seen.chat.draft else "")
    return tuple(Option(v.kode, Line("region.name", {"name": v.name}), "picked") for v in villages)


def open_list(chat: Chat, value: str) -> Chat:
    """The list of all kecamatan was wanted: one more question."""
    return chat.with_draft(listed=ALL, candidates=()) if value == "list" else chat


def keep_listed(chat: Chat, value: str) -> Chat:
    """Remember what was chosen from a list: a kecamatan, then a village."""
    return chat.with_draft(listed=value)


def keep_candidate(chat: Chat, value: str) -> Chat:
    """Store the chosen one of the candidates; the list itself stays, for it decides what is counted."""
    candidates = chat.draft.candidates if chat.draft else ()
    chosen = [village for village in candidates if village.kode == value]
    return chat.with_draft(village=chosen[0]) if chosen else chat


def settle_village(seen: Seen) -> Reading[Literal["found", "gone"]]:
    """Look up the village that was chosen from the list."""
    village = seen.facts.village(seen.chat.draft.listed if seen.chat.draft else "")
    if village is None:
        return Reading("gone", seen.chat)
    chat = seen.chat.with_draft(village=village, candidates=(), listed=village.kecamatan_kode)
    return Reading("found", chat)


def narrowed(draft: Draft) -> bool:
    """Which of several villages is asked only when the name alone does not tell, or a list was wanted."""
    return bool(draft.candidates or draft.listed)


# Field, audience, visibility


def offer_fields(seen: Seen) -> tuple[Option, ...]:
    """The fields of need, the likely ones first, "other" last."""
    words = seen.chat.draft.words() if seen.chat.draft else ""
    names = ranked(words, seen.facts.house.fields)
    return tuple(Option(name, Line(f"field.{name}"), "picked") for name in names)


def keep_field(chat: Chat, value: str) -> Chat:
    """Store the field."""
    return chat.with_draft(field=value)


def skip_landmark(chat: Chat, _value: str) -> Chat:
    """No landmark: one that was given before is taken back."""
    return chat.with_draft(landmark=None, pin=None, landmark_skipped=True)


def landmark_spoken(seen: Seen) -> Reading[Literal["spoken", "written"]]:
    """Whether the landmark is a recording, whose length is to be said: TalkBack does not tell it (issue 3)."""
    landmark = seen.chat.draft.landmark if seen.chat.draft else None
    return Reading("spoken" if landmark and landmark.media else "written", seen.chat)


def landmark_params(seen: Seen) -> Params:
    """The recording by kind and length."""
    landmark = seen.chat.draft.landmark if seen.chat.draft else None
    return {"part": named(landmark) if landmark else ""}


def keep_audience(chat: Chat, value: str) -> Chat:
    """Store whom the aspiration is for: everyone, the picked groups, or no answer."""
    if value == "done":
        return chat.with_draft(audience=chat.picked) if chat.picked else chat
    return chat.with_draft(audience=(value,))


def picked_any(seen: Seen) -> Reading[Literal["some", "none"]]:
    """Whether at least one group is picked."""
    return Reading("some" if seen.chat.picked else "none", seen.chat)


GROUP_OPTIONS = tuple(option(name, f"group.{name}", "toggled") for name in GROUPS)
AUDIENCE_OPTIONS = (
    *GROUP_OPTIONS,
    option(EVERYONE, "audience.everyone"),
    option(DECLINED, "group.declined"),
)


def keep_visibility(chat: Chat, value: Visibility) -> Chat:
    """Store who may see it."""
    return chat.with_draft(visibility=value)


# The summary and sending


def keep_editing(chat: Chat, value: str) -> Chat:
    """After "edit" an answered question leads back to the summary."""
    return chat.with_draft(editing=True) if value == "edit" else chat


def submit(seen: Seen) -> AnyEffect:
    """Send the draft."""
    if seen.chat.draft is None:
        raise ValueError("there is no draft to submit")
    return SubmitAspiration(draft=seen.chat.draft, locale=seen.chat.locale)


def after_submission(seen: Seen) -> Chat:
    """The draft has become an aspiration; a refused one stays."""
    if not isinstance(seen.event, Submitted):
        return seen.chat
    return replace(seen.chat, draft=None, focus=seen.event.ticket, origin="")


def season(seen: Seen) -> Reading[Literal["open", "closed"]]:
    """Whether the planning window of the region is open today."""
    return Reading("open" if seen.facts.planning(seen.event.at).in_season else "closed", seen.chat)


def receipt_params(seen: Seen) -> Params:
    """Ticket, plan year, the day by which one hears, and a person to ask."""
    planning = seen.facts.planning(seen.event.at)
    ticket = seen.event.ticket if isinstance(seen.event, Submitted) else seen.chat.focus
    return {
        **house_params(seen),
        **_sent(seen, ticket),
        "ticket": grouped(ticket),
        "year": Line("year", {"year": str(planning.plan_year)}),
        "answer_by": planning.answer_by,
        "opens_on": planning.opens_on or planning.answer_by,
    }


def _sent(seen: Seen, ticket: str) -> Params:
    """What was sent, as it is stored: the receipt repeats it."""
    view = seen.facts.aspiration(ticket)
    if view is None:
        return {"summary": "", "field": "", "village": "", "kecamatan": ""}
    return {
        **village_params(view.village),
        "summary": said(view),
        "field": Line(f"field.{view.field}"),
    }


def recovery_params(seen: Seen) -> Params:
    """The recovery code, in groups."""
    code = seen.event.recovery_code if isinstance(seen.event, Submitted) else ""
    return {"code": grouped(code)}


def groups_known(seen: Seen) -> Reading[Literal["known", "unknown"]]:
    """Whether the person was asked for their own groups before; nobody is asked twice."""
    return Reading("known" if seen.facts.profile().groups_answered else "unknown", seen.chat)


def media_fault_back(seen: Seen) -> Reading[Literal["need", "more", "landmark"]]:
    """Back to the question that the recording was meant for."""
    match seen.chat.step:
        case "intake.landmark":
            return Reading("landmark", seen.chat)
        case "intake.need":
            return Reading("need", seen.chat)
        case _:
            return Reading("more", seen.chat)
