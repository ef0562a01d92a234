"""My people (/warga): for whom one speaks, what they are still to be told, codes, withdrawing, handing over (issue 3)."""

from __future__ import annotations

from typing import Final

from conversations.effects import (
    AcceptHandover,
    IssueClaimCode,
    OfferHandover,
    ReportBack,
    RevokeClaimCode,
    WithdrawAspiration,
)
from conversations.flows import people_answers as answers
from conversations.flows.arrival import HUMAN, house_params
from conversations.flows.refusals import refusal_params
from conversations.flows.relay_answers import may_relay
from conversations.flows.relay_sending import receipt_params, send_card
from conversations.readers import read_code
from conversations.table import MENU, RETURN, Act, Ask, Branch, Flow, Tell, option

THERE: Final = "people.card"
GONE: Final = "people.gone"
FAULTS: Final = {
    "too_short": "people.reply.too_short",
    "too_long": "people.reply.too_long",
    "too_big": "people.reply.too_big",
}

PEOPLE: Final = Flow(
    name="people",
    guard=may_relay,
    otherwise="relay.not_yours",
    steps=(
        Ask(
            name="relaying",
            says="relaying",
            options=(
                option("relay", "relaying.relay"),
                option("people", "relaying.people"),
                option("tasks", "relaying.tasks"),
                option("handover", "relaying.handover"),
                option("main", "relaying.main"),
            ),
            edges={
                "relay": "relay",
                "people": "people",
                "tasks": "tasks",
                "handover": "handover",
                "main": MENU,
            },
        ),
        Branch(name="people", on=answers.any_people, edges={"some": "people.list", "none": "people.none"}),
        Tell(name="people.none", says="people.none", then=RETURN),
        Ask(
            name="people.list",
            says="people.list",
            params=answers.people_params,
            offers=answers.offer_people,
            leads=("picked",),
            options=(option("handover", "relaying.handover"),),
            keep=answers.keep_focus,
            page=6,
            edges={"picked": "people.show", "handover": "handover"},
        ),
        Branch(name="people.show", on=answers.there, edges={"there": THERE, "gone": GONE}),
        Tell(name=GONE, says="people.gone", then="people"),
        Ask(
            name=THERE,
            says="people.card",
            params=answers.card_params,
            ref="focus",
            offers=answers.offer_deeds,
            leads=("answer", "told", "card", "code", "revoke", "withdraw"),
            options=(option("back", "people.back"),),
            edges={
                "answer": "question.find",
                "told": "people.tell",
                "card": "people.card.issue",
                "code": "people.code.issue",
                "revoke": "people.revoke",
                "withdraw": "people.withdraw",
                "back": "people",
            },
        ),
        Tell(
            name="report.told",
            says="report.told",
            then=RETURN,
            apart=True,
            options=(option("told", "report.told.yes"), option("show", "report.told.show")),
            edges={"told": "people.tell", "show": "people.show"},
        ),
        Branch(name="people.tell", on=answers.there, edges={"there": "people.reply", "gone": GONE}),
        Ask(
            name="people.reply",
            says="people.reply",
            params=answers.person_params,
            ref="focus",
            options=(option("skip", "people.reply.skip"),),
            readers=(answers.read_reply,),
            edges={"skip": "people.report", "replied": "people.report.reply", **FAULTS},
        ),
        Tell(name="people.reply.too_short", says="media.too_short", then="people.reply"),
        Tell(name="people.reply.too_long", says="media.too_long", then="people.reply"),
        Tell(name="people.reply.too_big", says="media.too_big", then="people.reply"),
        Act(
            name="people.report",
            does=answers.report,
            performs=ReportBack,
            edges={"saved": "people.reported", "refused.nothing_to_tell": "people.reported", "refused": GONE},
        ),
        Act(
            name="people.report.reply",
            does=answers.report_with_reply,
            performs=ReportBack,
            edges={"saved": "people.reported", "refused.nothing_to_tell": "people.reported", "refused": GONE},
        ),
        Tell(
            name="people.reported", says="people.reported", params=answers.person_params, then="people.after"
        ),
        Act(
            name="people.code.issue",
            does=answers.issue,
            performs=IssueClaimCode,
            edges={"issued": "people.code", "refused": GONE},
        ),
        Tell(
            name="people.code",
            says="people.code",
            params=answers.person_params,
            then="people.receipt",
            apart=True,
        ),
        Tell(
            name="people.receipt",
            says="relay.receipt",
            params=receipt_params,
            then="people.after",
            apart=True,
        ),
        Act(
            name="people.card.issue",
            does=answers.issue,
            performs=IssueClaimCode,
            edges={"issued": "people.card.new", "refused": GONE},
        ),
        Tell(
            name="people.card.new",
            says="people.code",
            params=answers.person_params,
            then="people.card.text",
            apart=True,
        ),
        Tell(
            name="people.card.text",
            says="relay.receipt",
            params=receipt_params,
            then="people.card.send",
            apart=True,
        ),
        Branch(name="people.card.send", on=send_card, edges={"sent": "people.card.sent"}),
        Tell(name="people.card.sent", says="people.card.sent", then="people.after"),
        Act(
            name="people.revoke",
            does=answers.revoke,
            performs=RevokeClaimCode,
            edges={"saved": "people.revoked", "refused": GONE},
        ),
        Tell(name="people.revoked", says="people.revoked", params=answers.person_params, then="people.after"),
        Branch(name="people.after", on=answers.whence, edges={"aside": RETURN, "list": "people"}),
        Branch(
            name="people.withdraw",
            on=answers.still_open,
            edges={"open": "people.withdraw.ask", "closed": "people.withdraw.closed", "gone": GONE},
        ),
        Ask(
            name="people.withdraw.ask",
            says="people.withdraw.ask",
            params=answers.person_params,
            ref="focus",
            options=(option("yes", "people.withdraw.yes"), option("no", "withdraw.no")),
            edges={"yes": "people.withdraw.do", "no": "people.show"},
        ),
        Act(
            name="people.withdraw.do",
            does=answers.withdraw,
            performs=WithdrawAspiration,
            edges={"saved": "people.withdrawn", "refused": "people.withdraw.closed"},
        ),
        Tell(
            name="people.withdrawn",
            says="people.withdrawn",
            params=answers.person_params,
            then="people.after",
        ),
        Tell(
            name="people.withdraw.closed",
            says="people.withdraw.closed",
            params=answers.person_params,
            then="people.after",
        ),
        Ask(
            name="handover",
            says="handover",
            options=(
                option("give", "handover.give"),
                option("take", "handover.take"),
                option("back", "handover.back"),
            ),
            edges={"give": "handover.sure", "take": "handover.code", "back": RETURN},
        ),
        Branch(
            name="handover.sure",
            on=answers.any_people,
            edges={"some": "handover.ask", "none": "people.none"},
        ),
        Ask(
            name="handover.ask",
            says="handover.ask",
            params=answers.people_params,
            options=(option("yes", "handover.ask.yes"), option("no", "handover.back")),
            edges={"yes": "handover.offer", "no": RETURN},
        ),
        Act(
            name="handover.offer",
            does=answers.offer,
            performs=OfferHandover,
            edges={"issued": "handover.offered", "refused": "people.none"},
        ),
        Tell(
            name="handover.offered",
            says="handover.offered",
            params=answers.code_params,
            then=RETURN,
            apart=True,
        ),
        Ask(
            name="handover.code",
            says="handover.code",
            options=(option("back", "handover.back"),),
            readers=(read_code,),
            edges={"code": "handover.do", "mistyped": "handover.mistyped", "back": RETURN, "human": "human"},
            hint="hint.code",
            easier="easier.code",
            rescue=(HUMAN,),
        ),
        Tell(name="handover.mistyped", says="recover.mistyped", then="handover.code"),
        Act(
            name="handover.do",
            does=answers.take_over,
            performs=AcceptHandover,
            edges={
                "taken_over": "handover.done",
                "refused.slowed": "handover.slowed",
                "refused.unknown": "handover.unknown",
                "refused": "handover.refused",
            },
            keep=answers.forget_code,
        ),
        Tell(name="handover.done", says="handover.done", params=answers.taken_params, then="people"),
        Tell(name="handover.slowed", says="status.slowed", then=MENU),
        Tell(name="handover.unknown", says="handover.unknown", params=house_params, then="handover.code"),
        Tell(name="handover.refused", says="handover.refused", params=refusal_params, then=MENU),
    ),
)
