"""Does what facilitators ask for: their mandates, the aspirations that they relay, codes, reports and handing over."""

from __future__ import annotations

from random import Random
from typing import assert_never

from conversations import effects, events
from conversations.effects import RelayEffect
from conversations.events import AnyOutcome
from storage import cards, claims, handover, mandates, relays, replies, reports
from storage.rules import Scene


def perform(scene: Scene, effect: RelayEffect, random: Random) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    match effect:
        case effects.AcceptInvitation(token=token, conduct=conduct):
            mandates.accept(scene, token, conduct)
            return events.Saved(at=scene.at)
        case effects.RelayAspiration(draft=draft, locale=locale):
            handed = relays.relay(scene, draft, locale, random)
            return events.Relayed(at=scene.at, ticket=handed.ticket, claim_code=handed.claim_code)
        case effects.SendCard(ticket=ticket, claim_code=code):
            cards.order(scene, ticket, code)
            return None
        case effects.IssueClaimCode(ticket=ticket):
            return events.CodeIssued(at=scene.at, code=claims.issue(scene, ticket, random))
        case effects.RevokeClaimCode(ticket=ticket):
            claims.revoke(scene, ticket)
            return events.Saved(at=scene.at)
        case effects.ReportBack(ticket=ticket, answer=answer):
            reports.report_back(scene, ticket, answer)
            if answer is not None:
                replies.pass_on(scene, ticket, answer)
            return events.Saved(at=scene.at)
        case effects.OfferHandover():
            return events.CodeIssued(at=scene.at, code=handover.offer(scene, random))
        case effects.AcceptHandover(code=code):
            return events.TakenOver(at=scene.at, people=handover.accept(scene, code))
        case _:
            assert_never(effect)
