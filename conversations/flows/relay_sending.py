"""The last question about a person, sending for them, and the receipt that is handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat, ToldBy
from conversations.effects import AnyEffect, Line, Listing, RelayAspiration, SendCard
from conversations.events import CodeIssued, Relayed
from conversations.flows.intake_answers import village_params
from conversations.flows.relay_answers import NO_NEED, relay_of, told_of
from conversations.flows.relay_batch import counted, without_person
from conversations.flows.summary import groups_listing, needs_listing
from conversations.table import Option, Params, Reading, Seen, option
from conversations.texts import spaced
from conversations.ticket import grouped

LONGEST_CONTACT: Final = 40
"""Code points of a contact's name that a message of 160 characters has room for."""

EDITS: Final = (
    *("items", "maturity", "name", "relation", "groups", "needs", "village", "summary", "field", "consent"),
    *("told", "visibility"),
)
NOT_OF_FORUM: Final = frozenset({"name", "relation", "groups", "needs", "consent", "told", "visibility"})
"""Answers that are not given of a child of a Forum Anak."""


def check_params(seen: Seen) -> Params:
    """Every answer, as it will be stored; of a child of a Forum Anak neither recordings nor name are."""
    draft, relay = seen.chat.draft, relay_of(seen.chat)
    forum = relay.maturity == "forum"
    village = draft.village if draft else None
    return {
        "who": told_of(relay.name),
        "items": Line("relay.no_items") if forum or draft is None else counted(draft.parts),
        "summary": relay.summary,
        "relation": _or_none("relay.relation", relay.relation),
        "maturity": _or_none("relay.maturity", relay.maturity),
        "groups": groups_listing(relay.groups) if relay.groups else Line("relay.untold"),
        "needs": _needs(relay.needs),
        "place": Line("village.option", village_params(village)) if village else Line("relay.untold"),
        "field": _or_none("field", draft.field if draft else ""),
        "consent": _or_none("relay.consented", "forum" if forum else relay.consent_form),
        "told": told_words(relay.told_by, relay.contact),
        "visibility": _or_none("visibility", draft.visibility if draft else ""),
    }


def _needs(needs: tuple[str, ...]) -> Line | Listing:
    if not needs:
        return Line("relay.untold")
    return Line("relay.needs.none") if NO_NEED in needs else needs_listing(needs)


def _or_none(family: str, member: str) -> Line:
    """An answer by name, or that there is none (any more): each is asked again before sending."""
    return _NAMED[family](member) if member else Line("relay.untold")


_NAMED: Final[dict[str, Callable[[str], Line]]] = {
    "relay.relation": lambda name: Line(f"relay.relation.{name}"),
    "relay.maturity": lambda name: Line(f"relay.maturity.{name}"),
    "relay.consented": lambda name: Line(f"relay.consented.{name}"),
    "field": lambda name: Line(f"field.{name}"),
    "visibility": lambda name: Line(f"visibility.{name}"),
}


def told_words(told_by: ToldBy, contact: str) -> Line:
    """How the person is told, with the number or the organisation."""
    if not told_by:
        return Line("relay.untold")
    way = Line(f"relay.told.{told_by}")
    shown = spaced(contact.replace("+62", "0", 1)) if told_by == "phone" else contact
    return Line("relay.told.with", {"way": way, "contact": shown}) if contact else way


def offer_edits(seen: Seen) -> tuple[Option, ...]:
    """The answers that may be changed."""
    relay = relay_of(seen.chat)
    skipped = NOT_OF_FORUM if relay.maturity == "forum" else frozenset[str]()
    without = {*skipped, *(["items"] if relay.alone else [])}
    return tuple(option(name, f"relay.edit.{name}") for name in EDITS if name not in without)


def relay(seen: Seen) -> AnyEffect:
    """Send for the person; of a child of a Forum Anak only the summary goes on its way."""
    draft = seen.chat.draft
    if draft is None or draft.relay is None:
        raise ValueError("there is nobody to relay for")
    if draft.relay.maturity == "forum":
        draft = replace(draft, parts=(), landmark=None, pin=None)
    return RelayAspiration(draft=draft, locale=seen.chat.locale)


def after_relay(seen: Seen) -> Chat:
    """What was sent leaves the batch; what was refused stays."""
    if not isinstance(seen.event, Relayed):
        return seen.chat
    return replace(without_person(seen.chat, sent=True), focus=seen.event.ticket)


# The receipt to hand over


def receipt_params(seen: Seen) -> Params:
    """Ticket, code and whom to ask: the words around them and the longest of these fit into 160 characters."""
    house = seen.facts.house
    contact = house.contact_name
    if len(contact) > LONGEST_CONTACT:
        contact = f"{contact[: LONGEST_CONTACT - 1]}…"
    return {
        "ticket": grouped(_ticket(seen)),
        "code": grouped(_code(seen)),
        "asked": f"{contact} {spaced(house.contact_phone)}".strip(),
    }


def sent_params(seen: Seen) -> Params:
    """For whom the receipt is."""
    person = seen.facts.person(_ticket(seen))
    return {"who": told_of(person.name if person else ""), "ticket": grouped(_ticket(seen))}


def send_card(seen: Seen) -> Reading[Literal["sent"]]:
    """Have the receipt drawn and spoken, as an errand."""
    return Reading("sent", seen.chat, (SendCard(ticket=_ticket(seen), claim_code=_code(seen)),))


def _ticket(seen: Seen) -> str:
    return seen.event.ticket if isinstance(seen.event, Relayed) else seen.chat.focus


def _code(seen: Seen) -> str:
    match seen.event:
        case Relayed() as sent:
            return sent.claim_code
        case CodeIssued() as issued:
            return issued.code
        case _:
            return ""
