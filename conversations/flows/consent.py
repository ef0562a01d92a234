"""Consent, before anything personal is stored: asked by purpose, explained again, refused without harm.

UU 27/2022 articles 22 to 24: consent is given for each purpose, in plain words, and can be proven; so what
was shown (version, locale) and how it was answered is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat
from conversations.effects import AnyEffect, ConsentAnswer, Purpose, RecordConsent
from conversations.events import Filmed, Pressed, Spoke
from conversations.flows.arrival import house_params
from conversations.flows.watching import AT_CONSENT
from conversations.readers import hold_words
from conversations.table import MENU, RETURN, Act, Ask, Branch, Flow, Reading, Seen, Tell, option

CONSENT_VERSION: Final = "2026-11"
"""Of the texts `consent.*` and `privacy`: whoever changes what they promise changes it, and all are asked again."""


def draft_waits(seen: Seen) -> Reading[Literal["free", "unfinished"]]:
    """Whether a new aspiration would push a draft aside."""
    return Reading("unfinished" if seen.chat.draft is not None else "free", seen.chat)


def service_consent(seen: Seen) -> Reading[Literal["given", "missing"]]:
    """Whether the person has agreed to the present version of the text."""
    chat = replace(seen.chat, consent_for="")
    return Reading("given" if seen.facts.consented("service") else "missing", chat)


def wanted(seen: Seen) -> Reading[Literal["intake", "data", "recover", "claim"]]:
    """What the person wanted to do when consent was missing.

    A need that they told meanwhile comes before looking at data, not before an aspiration that they came to claim.
    """
    aim, chat = seen.chat.consent_for, replace(seen.chat, consent_for="")
    if aim in {"recover", "claim"}:
        return Reading(aim, chat)
    return Reading("intake" if chat.held else aim or "intake", chat)


def record(seen: Seen, purpose: Purpose, *, granted: bool, guardian: bool = False) -> AnyEffect:
    """The record of what was shown and answered, with the recording that is its proof, if it was spoken or signed."""
    own, guardians = _FORMS.get(type(seen.event), ("text", "guardian_text"))
    return RecordConsent(
        purpose=purpose,
        granted=granted,
        version=seen.facts.house.consent_version,
        locale=seen.chat.locale,
        form=guardians if guardian else own,
        media=seen.event.media if isinstance(seen.event, Spoke | Filmed) else None,
    )


_FORMS: Final[Mapping[type, tuple[ConsentAnswer, ConsentAnswer]]] = {
    Pressed: ("button", "guardian_button"),
    Spoke: ("voice", "guardian_voice"),
    Filmed: ("video", "guardian_video"),
}
"""How one's own yes, and a guardian's, is called by what came; all else was typed."""


def grant_service(seen: Seen) -> AnyEffect:
    """Yes to processing and to notices about one's own aspirations."""
    return record(seen, "service", granted=True)


def refuse_service(seen: Seen) -> AnyEffect:
    """No to processing; recorded so that nobody asks again and again."""
    return record(seen, "service", granted=False)


def grant_broadcast(seen: Seen) -> AnyEffect:
    """Yes to invitations and news."""
    return record(seen, "broadcast", granted=True)


def refuse_broadcast(seen: Seen) -> AnyEffect:
    """No to invitations and news."""
    return record(seen, "broadcast", granted=False)


def drop_words(seen: Seen) -> Chat:
    """Without consent nothing waits: neither words said before it, nor a draft, nor a code."""
    return replace(seen.chat, held=None, draft=None, trail=(), interrupted=None, link="")


CONSENT = Flow(
    name="consent",
    steps=(
        Branch(
            name="consent.new",
            on=draft_waits,
            edges={"free": "consent", "unfinished": "arrival.unfinished"},
        ),
        Branch(
            name="consent",
            on=service_consent,
            edges={"given": "intake.begin", "missing": "consent.ask"},
        ),
        Ask(
            name="consent.ask",
            says="consent.ask",
            params=house_params,
            options=(
                option("yes", "consent.ask.yes"),
                option("no", "consent.ask.no"),
                option("explain", "consent.ask.explain"),
                option("record", "consent.ask.record"),
                option("child", "consent.ask.child"),
            ),
            readers=(hold_words,),
            edges={
                "yes": "consent.grant",
                "no": "consent.refuse",
                "explain": "consent.explain",
                "record": "consent.record",
                "child": "guardian",
                "held": "consent.watch",
            },
        ),
        Tell(name="consent.explain", says="consent.explain", params=house_params, then="consent.ask"),
        *AT_CONSENT,
        Tell(name="consent.held", says="consent.held", then="consent.ask"),
        Act(
            name="consent.grant",
            does=grant_service,
            performs=RecordConsent,
            edges={"saved": "consent.broadcast"},
        ),
        Act(
            name="consent.refuse",
            does=refuse_service,
            performs=RecordConsent,
            edges={"saved": "consent.refused"},
            keep=drop_words,
        ),
        Tell(name="consent.refused", says="consent.refused", params=house_params, then=MENU),
        Ask(
            name="consent.broadcast",
            says="consent.broadcast",
            options=(option("yes", "consent.broadcast.yes"), option("no", "consent.broadcast.no")),
            edges={"yes": "consent.broadcast.grant", "no": "consent.broadcast.refuse"},
        ),
        Act(
            name="consent.broadcast.grant",
            does=grant_broadcast,
            performs=RecordConsent,
            edges={"saved": "consent.onward"},
        ),
        Act(
            name="consent.broadcast.refuse",
            does=refuse_broadcast,
            performs=RecordConsent,
            edges={"saved": "consent.onward"},
        ),
        Branch(
            name="consent.onward",
            on=wanted,
            edges={"intake": "intake.begin", "data": "data", "recover": "recover.kept", "claim": "claim"},
        ),
        Ask(
            name="consent.manage",
            says="consent.manage",
            options=(
                option("withdraw", "consent.manage.withdraw"),
                option("keep", "consent.manage.keep"),
            ),
            edges={"withdraw": "consent.withdraw", "keep": "data"},
        ),
        Act(
            name="consent.withdraw",
            does=refuse_service,
            performs=RecordConsent,
            edges={"saved": "consent.withdrawn"},
            keep=drop_words,
        ),
        Tell(name="consent.withdrawn", says="consent.withdrawn", params=house_params, then=RETURN),
    ),
)
