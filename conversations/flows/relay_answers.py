"""What is said of a person who is spoken for: readers, judges and what options store, question by question."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat, Draft, Maturity, Part, Relayed, ToldBy, Visibility
from conversations.classifier import ranked
from conversations.effects import Line
from conversations.events import SharedContact, Typed
from conversations.facts import MandateView
from conversations.flows.intake_answers import DECLINED, GROUPS, narrowed
from conversations.flows.relay_batch import item_of, unfinished_batch
from conversations.flows.summary import groups_listing, needs_listing
from conversations.readers import LONGEST_NAME, kept_media, media_fault
from conversations.table import Option, Params, Reading, Seen, option

RELATIONS: Final = ("family", "neighbour", "companion", "cadre", "village", "organisation")
WITNESSED: Final = ("signs", "shy", "far", "recorder")
"""Why there is no recording of the consent; texts: `relay.witness.<why>`."""

NO_NEED: Final = "none"
FORUM: Final = "forum"
"""What stands for the consent of a Forum Anak, which speaks without names."""

LONGEST_SUMMARY: Final = 160
LONGEST_REASON: Final = 200
_PHONE: Final = re.compile(r"(?:\+?62|0)(8[0-9]{7,11})")
_BETWEEN_DIGITS: Final = re.compile(r"[\s().\-–]+")


def may_relay(seen: Seen) -> bool:
    """Whether the facilitator's mandate is in force at this moment."""
    return seen.facts.mandate("facilitator") is not None


def _mandate(seen: Seen) -> MandateView | None:
    return seen.facts.mandate("facilitator")


def relay_of(chat: Chat) -> Relayed:
    """What was said of the person so far."""
    return (chat.draft.relay if chat.draft else None) or Relayed()


def who(name: str) -> Line:
    """How the person is spoken of."""
    return Line("relay.who.named", {"name": name}) if name else Line("relay.who.unnamed")


def told_of(name: str) -> Line:
    """How the person is named to the facilitator in the summary and after sending."""
    return Line("relay.who.named", {"name": name}) if name else Line("relay.who.nameless")


def person_params(seen: Seen) -> Params:
    """The person of the draft."""
    return {"who": who(relay_of(seen.chat).name)}


AboutPerson = Literal["maturity", "name", "relation", "groups", "needs"]
AboutNeed = Literal["village", "which", "summary", "field", "consent", "told", "check"]
Open = Literal["open", "gathered", "left", "items"] | AboutPerson | AboutNeed

# Which questions are asked


def of_several(draft: Draft) -> bool:
    """Whether the items of this person are picked among those of several."""
    return draft.relay is not None and not draft.relay.alone


def named_person(draft: Draft) -> bool:
    """Whether anything is asked about the person: never of a child of a Forum Anak."""
    return draft.relay is not None and draft.relay.maturity != "forum"


def before_the_person(_draft: Draft) -> bool:
    """Gathering counts nowhere: nobody knows yet how many persons there are."""
    return False


def place_narrowed(draft: Draft) -> bool:
    """As in the intake: asked when the name alone does not tell."""
    return narrowed(draft)


def where(seen: Seen) -> Reading[Open]:
    """The first question about the person that is still open; without one, what else waits."""
    draft = seen.chat.draft
    if draft is None or draft.relay is None:
        return _about_batch(seen)
    if not draft.parts:
        left = unfinished_batch(seen.chat) is not None
        chat = seen.chat.with_relay(alone=False) if left else replace(seen.chat, draft=None)
        return Reading("items" if left else "open", chat)
    return _about_person(seen, draft, draft.relay) or _about_need(seen, draft, draft.relay)


def _about_batch(seen: Seen) -> Reading[Literal["open", "gathered", "left"]]:
    batch = unfinished_batch(seen.chat)
    if batch is None:
        return Reading("open", seen.chat)
    return Reading("left" if batch.people else "gathered", seen.chat)


def _about_person(seen: Seen, draft: Draft, relay: Relayed) -> Reading[AboutPerson] | None:
    if not relay.maturity:
        return Reading("maturity", seen.chat)
    if not named_person(draft):
        return None
    if not relay.named:
        return Reading("name", seen.chat)
    if not relay.relation:
        return Reading("relation", seen.chat)
    if not relay.groups_asked:
        return Reading("groups", seen.chat)
    return None if relay.needs_asked else Reading("needs", seen.chat)


def _about_need(seen: Seen, draft: Draft, relay: Relayed) -> Reading[AboutNeed]:
    if draft.village is None:
        return Reading("which" if narrowed(draft) else "village", seen.chat)
    if not relay.summary:
        return Reading("summary", seen.chat)
    if not draft.field:
        return Reading("field", seen.chat)
    if not relay.consent_form:
        return Reading("consent", seen.chat)
    return Reading("check" if relay.told_by else "told", seen.chat)


# Who it is


def offer_maturity(seen: Seen) -> tuple[Option, ...]:
    """Adult, child with guardian, and through a Forum Anak for who speaks for one."""
    mandate = _mandate(seen)
    forum = mandate is not None and mandate.forum
    return (
        option("adult", "relay.maturity.adult", "person"),
        option("guardian", "relay.maturity.guardian", "person"),
        *([option("forum", "relay.maturity.forum")] if forum else []),
    )


def keep_maturity(chat: Chat, value: Maturity) -> Chat:
    """Store it; a child's guardian agrees otherwise than an adult, so consent is asked anew."""
    relay = relay_of(chat)
    if value == relay.maturity:
        return chat
    if value == "forum":
        return _of_forum(chat)
    if relay.maturity == "forum":
        return chat.with_draft(relay=Relayed(alone=relay.alone, maturity=value, summary=relay.summary))
    return chat.with_relay(maturity=value, consent_form="", consent=None, witnessed="")


def _of_forum(chat: Chat) -> Chat:
    """Nothing that leads to the child: no name, contact, group or recording (UU 27/2022, children's data)."""
    alone = relay_of(chat).alone
    summary = relay_of(chat).summary
    return chat.with_draft(
        landmark=None,
        pin=None,
        visibility="private",
        relay=Relayed(
            alone=alone,
            named=True,
            relation="organisation",
            maturity="forum",
            groups_asked=True,
            needs_asked=True,
            summary=summary,
            consent_form="witnessed",
            witnessed=FORUM,
            told_by="facilitator",
        ),
    )


def read_person_name(seen: Seen) -> Reading[Literal["named", "too_long"]] | None:
    """What the person is called."""
    name = _one_line(seen)
    if not name:
        return None
    if len(name) > LONGEST_NAME:
        return Reading("too_long", seen.chat)
    return Reading("named", seen.chat.with_relay(named=True, name=name))


def _one_line(seen: Seen) -> str:
    """Typed words on one line; "" for what holds none."""
    text = seen.event.text if isinstance(seen.event, Typed) else ""
    return " ".join(text.split()) if any(char.isalnum() for char in text) else ""


def keep_nameless(chat: Chat, _value: str) -> Chat:
    """No name is an answer too."""
    return chat.with_relay(named=True, name="")


def keep_relation(chat: Chat, value: str) -> Chat:
    """How the facilitator stands to the person."""
    return chat.with_relay(relation=value)


def keep_groups(chat: Chat, value: str) -> Chat:
    """The person's own groups, or no answer."""
    return chat.with_relay(groups_asked=True, groups=chat.picked if value == "done" else ())


def keep_needs(chat: Chat, value: str) -> Chat:
    """What the person needs at meetings; nothing is an answer, and so is none."""
    picked = chat.picked if value == "done" else ()
    return chat.with_relay(needs_asked=True, needs=(NO_NEED,) if value == NO_NEED else picked)


def picked_groups(seen: Seen) -> Params:
    """The groups picked so far, and whose they are."""
    picked = seen.chat.picked
    told = groups_listing(picked) if picked else Line("group.none_yet")
    return {**person_params(seen), "picked": told}


def picked_needs(seen: Seen) -> Params:
    """The needs picked so far, and whose they are."""
    picked = seen.chat.picked
    told = needs_listing(picked) if picked else Line("group.none_yet")
    return {**person_params(seen), "picked": told}


GROUP_OPTIONS: Final = tuple(option(name, f"group.{name}", "toggled") for name in GROUPS)
DECLINE: Final = option(DECLINED, "group.declined")


# What they say


def read_summary(seen: Seen) -> Reading[Literal["told", "too_long"]] | None:
    """One line in Indonesian, in the facilitator's words."""
    summary = _one_line(seen)
    if not summary:
        return None
    if len(summary) > LONGEST_SUMMARY:
        return Reading("too_long", seen.chat)
    return Reading("told", seen.chat.with_relay(summary=summary))


def summary_params(seen: Seen) -> Params:
    """How long it may be, and how long it was."""
    return {"most": LONGEST_SUMMARY, "length": len(_one_line(seen))}


def offer_fields(seen: Seen) -> tuple[Option, ...]:
    """The fields of need, the likely ones first by the summary."""
    words = " ".join((relay_of(seen.chat).summary, seen.chat.draft.words() if seen.chat.draft else ""))
    return tuple(
        Option(name, Line(f"field.{name}"), "picked") for name in ranked(words, seen.facts.house.fields)
    )


# Consent


def consent_open(seen: Seen) -> Reading[Literal["open", "given"]]:
    """Whether the person is asked to agree; a Forum Anak has agreed for all, and nothing leads to the child."""
    return Reading("given" if relay_of(seen.chat).maturity == "forum" else "open", seen.chat)


def consent_params(seen: Seen) -> Params:
    """Who is asked to agree: the person, or the child's guardian."""
    relay = relay_of(seen.chat)
    speaker = Line("relay.guardian_of", {"who": who(relay.name)}) if relay.maturity == "guardian" else None
    return {"who": speaker or who(relay.name)}


def read_consent(seen: Seen) -> Reading[Literal["agreed", "too_short", "too_long", "too_big"]] | None:
    """The recording in which the person agrees, recorded here or forwarded; sign language on video counts too."""
    part = item_of(seen)
    if part is None or part.media is None or part.kind == "photo":
        return None
    fault = media_fault(part.media)
    if fault is not None:
        return Reading(fault, seen.chat)
    return Reading("agreed", _agreed(seen.chat, part), kept_media((part,)))


def _agreed(chat: Chat, part: Part) -> Chat:
    return chat.with_relay(consent_form="voice", consent=part, witnessed="")


def keep_witnessed(chat: Chat, value: str) -> Chat:
    """Why there is no recording of the consent that the facilitator heard."""
    return chat.with_relay(consent_form="witnessed", consent=None, witnessed=value)


def read_reason(seen: Seen) -> Reading[Literal["given", "too_long"]] | None:
    """The reason in the facilitator's words."""
    reason = _one_line(seen)
    if not reason:
        return None
    if len(reason) > LONGEST_REASON:
        return Reading("too_long", seen.chat)
    return Reading("given", keep_witnessed(seen.chat, reason))


# How the person is told


def keep_told(chat: Chat, value: ToldBy) -> Chat:
    """Store how; a contact of another way is forgotten."""
    return chat if value == relay_of(chat).told_by else chat.with_relay(told_by=value, contact="")


def read_phone(seen: Seen) -> Reading[Literal["phone", "mistyped"]] | None:
    """A mobile number: 08…, 62… or +62…, typed with any separators, or a shared contact; kept as +62…"""
    event = seen.event
    said = event.phone if isinstance(event, SharedContact) else event.text if isinstance(event, Typed) else ""
    if not any(char.isdecimal() for char in said):
        return None
    number = _PHONE.fullmatch(_BETWEEN_DIGITS.sub("", said))
    if number is None:
        return Reading("mistyped", seen.chat)
    return Reading("phone", seen.chat.with_relay(contact=f"+62{number[1]}"))


def read_organisation(seen: Seen) -> Reading[Literal["named", "too_long"]] | None:
    """The name of the organisation that tells the person."""
    name = _one_line(seen)
    if not name:
        return None
    if len(name) > LONGEST_NAME:
        return Reading("too_long", seen.chat)
    return Reading("named", seen.chat.with_relay(contact=name))


def forget_contact(chat: Chat, _value: str) -> Chat:
    """No number."""
    return chat.with_relay(contact="")


def keep_visibility(chat: Chat, value: Visibility) -> Chat:
    """Who may see it."""
    return chat.with_draft(visibility=value)
