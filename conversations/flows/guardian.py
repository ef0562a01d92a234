"""Consent with one's own voice or in sign language; and a child's, which a guardian gives (UU 27/2022 Ps 25).

A recording of "saya setuju" is kept as the proof. Nothing of a child without a guardian is stored. A person with a
disability consents themself, in the way that suits them (Ps 26): nobody is asked for a guardian because of it.
"""

from __future__ import annotations

from typing import Final, Literal

from conversations.effects import AnyEffect, RecordConsent
from conversations.events import Filmed, Spoke
from conversations.flows.arrival import house_params
from conversations.flows.consent import drop_words, grant_service, record
from conversations.readers import kept_media, media_fault, part_of
from conversations.table import MENU, Act, Ask, Branch, Flow, Reading, Seen, Tell, option


def read_agreement(seen: Seen) -> Reading[Literal["agreed"]] | None:
    """A recording of "saya setuju", spoken or signed; a broken one is asked for again."""
    part = part_of(seen) if isinstance(seen.event, Spoke | Filmed) else None
    if part is None or media_fault(part.media) is not None:
        return None
    return Reading("agreed", seen.chat, kept_media((part,)))


def grant_as_guardian(seen: Seen) -> AnyEffect:
    """A guardian's yes for the child."""
    return record(seen, "service", granted=True, guardian=True)


def let_go(seen: Seen) -> Reading[Literal["gone"]]:
    """Nothing of a child without a guardian's consent waits."""
    return Reading("gone", drop_words(seen))


GUARDIAN: Final = Flow(
    name="guardian",
    steps=(
        Ask(
            name="consent.record",
            says="consent.record",
            options=(option("back", "consent.record.back"),),
            readers=(read_agreement,),
            edges={"agreed": "consent.recorded", "back": "consent.ask"},
            hint="hint.agreement",
            easier="hint.agreement",
        ),
        Act(
            name="consent.recorded",
            does=grant_service,
            performs=RecordConsent,
            edges={"saved": "consent.broadcast"},
        ),
        Ask(
            name="guardian",
            says="guardian",
            options=(
                option("here", "guardian.here"),
                option("none", "guardian.none"),
                option("adult", "guardian.adult"),
            ),
            edges={"here": "guardian.ask", "none": "guardian.without", "adult": "consent.ask"},
        ),
        Ask(
            name="guardian.ask",
            says="guardian.ask",
            params=house_params,
            options=(option("yes", "guardian.ask.yes"), option("no", "guardian.ask.no")),
            readers=(read_agreement,),
            edges={"yes": "guardian.grant", "agreed": "guardian.grant", "no": "guardian.refused"},
            hint="hint.agreement",
            easier="hint.agreement",
        ),
        Act(
            name="guardian.grant",
            does=grant_as_guardian,
            performs=RecordConsent,
            edges={"saved": "guardian.thanks"},
        ),
        Tell(name="guardian.thanks", says="guardian.thanks", then="consent.onward"),
        Tell(name="guardian.refused", says="guardian.refused", params=house_params, then="guardian.forget"),
        Tell(name="guardian.without", says="guardian.without", params=house_params, then="guardian.forget"),
        Branch(name="guardian.forget", on=let_go, edges={"gone": MENU}),
    ),
)
