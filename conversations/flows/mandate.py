"""Deep links that give something: an invitation to help others (u…), and an aspiration to be claimed (k…).

Who follows one is greeted first if they are new. A link that is unknown, spent or over gets one kind answer, which
does not tell which of these it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, get_args

from conversations.chat import Chat
from conversations.effects import AcceptInvitation, AnyEffect, Line, Listing, RecoverAspiration
from conversations.events import Recovered, Refused
from conversations.facts import InvitationView, Role
from conversations.flows.arrival import house_params
from conversations.flows.status import CLAIM, ticket_params
from conversations.table import MENU, RETURN, Act, Ask, Branch, Flow, Params, Reading, Seen, Tell, option

CONDUCT_VERSION: Final = "2026-11"
"""Of the texts `mandate.conduct.*`: whoever changes what is agreed to changes it."""


def greeted(seen: Seen) -> Reading[Literal["known", "stranger"]]:
    """Whether somebody has been told who answers here."""
    return Reading("known" if seen.chat.step else "stranger", seen.chat)


def which_link(seen: Seen) -> Reading[Literal["invitation", "claim"]]:
    """What the link gives."""
    return Reading("claim" if seen.chat.link.startswith("k") else "invitation", seen.chat)


# Invitations


def offered(seen: Seen) -> InvitationView | None:
    """The invitation of the link that is being answered, if it can still be accepted."""
    return seen.facts.invitation(seen.chat.link[1:], seen.event.at) if seen.chat.link else None


def invitation(seen: Seen) -> Reading[Literal["offered", "unknown"]]:
    """Whether the link can still be accepted."""
    if offered(seen) is None:
        return Reading("unknown", replace(seen.chat, link=""))
    return Reading("offered", seen.chat)


def invitation_params(seen: Seen) -> Params:
    """Who invites, to which role, and for which places."""
    offer = offered(seen)
    return {
        **house_params(seen),
        "role": Line(f"mandate.role.{offer.role}") if offer else "",
        "places": Listing(offer.places if offer else (), joined=True),
        "conduct": Line(f"mandate.conduct.{offer.role}") if offer else "",
        "children": Listing(_besides(seen, offer) if offer else ()),
    }


def _besides(seen: Seen, offer: InvitationView) -> tuple[Line, ...]:
    """For whom else a facilitator may speak; which fields of need an agency works on."""
    forum = (Line("mandate.forum"),) if offer.forum else ()
    fields = [field.name for field in seen.facts.house.fields if field.bidang in offer.agencies]
    named = Listing(tuple(Line(f"field.{name}") for name in fields))
    return (*forum, Line("mandate.fields", {"fields": named})) if fields else forum


def accept(seen: Seen) -> AnyEffect:
    """Spend the invitation; the code of conduct was shown and agreed to."""
    return AcceptInvitation(token=seen.chat.link[1:], conduct=CONDUCT_VERSION)


def forget_link(seen: Seen) -> Chat:
    """A link is answered once."""
    return replace(seen.chat, link="")


def decline(seen: Seen) -> Reading[Literal["declined"]]:
    """Not wanting to is no harm; the link is not spent."""
    return Reading("declined", forget_link(seen))


def next_steps(seen: Seen) -> Params:
    """How each role begins."""
    held = [role for role in get_args(Role) if seen.facts.mandate(role) is not None]
    return {"begin": Listing(tuple(Line(f"mandate.begin.{role}") for role in held))}


# Claiming


def may_claim(seen: Seen) -> Reading[Literal["agreed", "missing", "unknown"]]:
    """Taking over an aspiration stores something about the person: consent comes first, then it goes on by itself."""
    found = CLAIM.fullmatch(seen.chat.link)
    if found is None:
        return Reading("unknown", seen.chat)
    if not seen.facts.consented("service"):
        return Reading("missing", replace(seen.chat, consent_for="claim"))
    return Reading("agreed", replace(seen.chat, focus=found["ticket"]))


def claim(seen: Seen) -> AnyEffect:
    """Spend the code of the link."""
    found = CLAIM.fullmatch(seen.chat.link)
    if found is None:
        raise ValueError("there is no link to claim by")
    return RecoverAspiration(ticket=found["ticket"], code=found["code"])


def claimed(seen: Seen) -> Chat:
    """Look at the aspiration; the link is spent, or none."""
    focus = seen.event.ticket if isinstance(seen.event, Recovered) else ""
    if isinstance(seen.event, Refused) and seen.event.reason == "no_consent":
        return replace(seen.chat, focus=focus, consent_for="claim")
    return replace(seen.chat, focus=focus, link="")


MANDATE: Final = Flow(
    name="mandate",
    steps=(
        Branch(name="link", on=greeted, edges={"known": "link.which", "stranger": "link.hello"}),
        Tell(
            name="link.hello",
            says="arrival.hello",
            params=house_params,
            then="link.which",
            apart=True,
            keyboard=True,
        ),
        Branch(name="link.which", on=which_link, edges={"invitation": "mandate", "claim": "claim"}),
        Branch(
            name="mandate", on=invitation, edges={"offered": "mandate.invited", "unknown": "mandate.unknown"}
        ),
        Tell(
            name="mandate.invited",
            says="mandate.invited",
            params=invitation_params,
            then="mandate.ask",
        ),
        Ask(
            name="mandate.ask",
            says="mandate.ask",
            params=invitation_params,
            options=(option("yes", "mandate.ask.yes"), option("no", "mandate.ask.no")),
            edges={"yes": "mandate.accept", "no": "mandate.decline"},
        ),
        Act(
            name="mandate.accept",
            does=accept,
            performs=AcceptInvitation,
            edges={"saved": "mandate.done", "refused": "mandate.unknown"},
            keep=forget_link,
        ),
        Tell(name="mandate.done", says="mandate.done", params=next_steps, then=MENU),
        Branch(name="mandate.decline", on=decline, edges={"declined": "mandate.declined"}),
        Tell(name="mandate.declined", says="mandate.declined", then=MENU),
        Tell(name="mandate.unknown", says="mandate.unknown", params=house_params, then=MENU),
        Branch(
            name="claim",
            on=may_claim,
            edges={"agreed": "claim.do", "missing": "claim.needs_consent", "unknown": "claim.unknown"},
        ),
        Tell(name="claim.needs_consent", says="claim.needs_consent", then="consent.ask"),
        Act(
            name="claim.do",
            does=claim,
            performs=RecoverAspiration,
            edges={
                "recovered": "claim.done",
                "refused.no_consent": "claim.needs_consent",
                "refused.facilitator": "claim.own",
                "refused": "claim.unknown",
            },
            keep=claimed,
        ),
        Tell(name="claim.done", says="claim.done", params=ticket_params, then="status.open"),
        Tell(name="claim.own", says="refused.facilitator", then=MENU),
        Tell(name="claim.unknown", says="claim.unknown", params=house_params, then=MENU),
        Tell(name="desk.not_yours", says="desk.not_yours", params=house_params, then=RETURN),
        Tell(name="relay.not_yours", says="relay.not_yours", params=house_params, then=RETURN),
    ),
)
