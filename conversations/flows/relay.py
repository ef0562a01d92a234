"""Relaying (/titip): what a facilitator recorded or was sent is shared out to people, one after the other (issue 3).

Everything stays in the batch until it is sent for somebody or set aside by choice. The mandate is asked for at
each step.
"""

from __future__ import annotations

from conversations.effects import RelayAspiration
from conversations.flows import relay_answers as answers
from conversations.flows import relay_batch as batch
from conversations.flows import relay_sending as sending
from conversations.flows.arrival import HUMAN
from conversations.flows.intake_answers import keep_editing
from conversations.flows.refusals import refusal_params
from conversations.flows.relay_questions import PERSON, QUESTIONS
from conversations.table import MENU, Act, Ask, Branch, Flow, Tell, option

OPEN_EDGES = {
    "open": "relay",
    "gathered": "relay.gather",
    "left": "relay.left",
    "items": "relay.items",
    "maturity": "relay.maturity",
    "name": "relay.name",
    "relation": "relay.relation",
    "groups": "relay.groups",
    "needs": "relay.needs",
    "village": "relay.place",
    "which": "relay.which",
    "summary": "relay.summary",
    "field": "relay.field",
    "consent": "relay.consent",
    "told": "relay.told",
}
"""Where an answer that is still missing is asked for."""

GATHER = (
    Branch(
        name="relay",
        on=batch.begin,
        edges={"own_draft": "relay.settle", "waiting": "relay.waiting", "fresh": "relay.open"},
    ),
    Tell(name="relay.settle", says="relay.settle", then="arrival.unfinished"),
    Ask(
        name="relay.waiting",
        says="relay.waiting",
        params=batch.waiting_params,
        ref="batch",
        options=(
            option("resume", "relay.waiting.resume"),
            option("aside", "relay.waiting.aside"),
        ),
        readers=(batch.read_sent_item,),
        edges={"resume": "relay.resume", "aside": "relay.aside", "item": "relay.extra"},
    ),
    Branch(name="relay.resume", on=answers.where, edges={**OPEN_EDGES, "check": "relay.check"}),
    Ask(
        name="relay.open",
        says="relay.open",
        question="gather",
        ref="batch",
        readers=(batch.read_item,),
        edges={"item": "relay.gather", "human": "human"},
        hint="hint.relay.open",
        easier="easier.relay.open",
        rescue=(HUMAN,),
    ),
    Ask(
        name="relay.gather",
        says="relay.gather",
        params=batch.gathered_params,
        question="gather",
        ref="batch",
        silent=True,
        quiet=batch.GATHERING,
        offers=batch.offer_count,
        leads=("one", "several"),
        readers=(batch.read_item,),
        edges={"item": "relay.gather", "one": "relay.alone", "several": "relay.person"},
    ),
    Ask(
        name="relay.extra",
        says="relay.extra",
        params=batch.gathered_params,
        ref="batch",
        silent=True,
        quiet=batch.GATHERING,
        options=(option("resume", "relay.extra.resume"),),
        readers=(batch.read_item,),
        edges={"item": "relay.extra", "resume": "relay.resume"},
    ),
    Branch(name="relay.alone", on=batch.begin_alone, edges={"begun": "relay.resume"}),
    Branch(name="relay.person", on=batch.begin_person, edges={"begun": "relay.resume"}),
    Ask(
        name="relay.items",
        says="relay.items",
        params=batch.picked_items,
        question="items",
        ref="draft",
        offers=batch.offer_items,
        leads=("toggled",),
        options=(option("done", "relay.items.done"), option("all", "relay.items.all")),
        several=True,
        hint="hint.choices",
        page=6,
        readers=(batch.read_sent_item,),
        edges={
            "toggled": "relay.items",
            "done": "relay.items.take",
            "all": "relay.items.take_all",
            "item": "relay.extra",
        },
    ),
    Branch(
        name="relay.items.take",
        on=batch.take_items,
        edges={"some": "relay.maturity", "none": "relay.items.none"},
    ),
    Branch(
        name="relay.items.take_all",
        on=batch.take_all_items,
        edges={"some": "relay.maturity", "none": "relay.items.none"},
    ),
    Tell(name="relay.items.none", says="relay.items.none", then="relay.items"),
)

FINISH = (
    Branch(name="relay.refuse.do", on=batch.refuse_person, edges={"refused": "relay.refused"}),
    Tell(name="relay.refused", says="relay.refused", then="relay.next"),
    Ask(
        name="relay.check",
        says="relay.check",
        params=sending.check_params,
        question="check",
        ref="draft",
        review=True,
        options=(
            option("send", "relay.check.send"),
            option("edit", "relay.check.edit"),
            option("drop", "relay.check.drop"),
        ),
        keep=keep_editing,
        readers=(batch.read_sent_item,),
        edges={
            "send": "relay.complete",
            "edit": "relay.edit",
            "drop": "relay.cancel",
            "item": "relay.extra",
        },
    ),
    Ask(
        name="relay.edit",
        says="relay.edit",
        ref="draft",
        offers=sending.offer_edits,
        leads=sending.EDITS,
        options=(option("none", "relay.edit.none"),),
        page=6,
        edges={
            "items": "relay.items",
            "maturity": "relay.maturity",
            "name": "relay.name",
            "relation": "relay.relation",
            "groups": "relay.groups",
            "needs": "relay.needs",
            "village": "relay.village",
            "summary": "relay.summary",
            "field": "relay.field",
            "consent": "relay.consent",
            "told": "relay.told",
            "visibility": "relay.visibility",
            "none": "relay.check",
        },
    ),
    Branch(name="relay.complete", on=answers.where, edges={**OPEN_EDGES, "check": "relay.send"}),
    Act(
        name="relay.send",
        does=sending.relay,
        performs=RelayAspiration,
        edges={"relayed": "relay.sent", "refused": "relay.not_sent"},
        keep=sending.after_relay,
        seals=True,
    ),
    Tell(name="relay.not_sent", says="relay.not_sent", params=refusal_params, then="relay.check"),
    Tell(name="relay.sent", says="relay.sent", params=sending.sent_params, then="relay.receipt", apart=True),
    Tell(
        name="relay.receipt",
        says="relay.receipt",
        params=sending.receipt_params,
        then="relay.card",
        apart=True,
    ),
    Branch(name="relay.card", on=sending.send_card, edges={"sent": "relay.next"}),
    Branch(name="relay.next", on=batch.anything_left, edges={"left": "relay.left", "done": "relay.done"}),
    Ask(
        name="relay.left",
        says="relay.left",
        params=batch.waiting_params,
        ref="batch",
        options=(
            option("next", "relay.left.next"),
            option("aside", "relay.waiting.aside"),
        ),
        readers=(batch.read_sent_item,),
        edges={"next": "relay.person", "aside": "relay.aside", "item": "relay.gather"},
    ),
    Tell(name="relay.done", says="relay.done", params=batch.done_params, then="relay.end"),
    Branch(name="relay.end", on=batch.close, edges={"closed": MENU}),
)

STOP = (
    Ask(
        name="relay.aside",
        says="relay.aside",
        params=batch.waiting_params,
        ref="batch",
        options=(option("drop", "relay.aside.drop"), option("back", "relay.aside.back")),
        edges={"drop": "relay.aside.do", "back": "relay.resume"},
    ),
    Branch(name="relay.aside.do", on=batch.set_aside, edges={"set_aside": "relay.done"}),
    Ask(
        name="relay.cancel",
        says="relay.cancel",
        params=answers.person_params,
        ref="draft",
        options=(option("drop", "relay.cancel.drop"), option("keep", "relay.cancel.keep")),
        edges={"drop": "relay.cancel.do", "keep": "relay.resume"},
    ),
    Branch(name="relay.cancel.do", on=batch.drop_person, edges={"dropped": "relay.next"}),
)
"""Letting go of what others said needs no mandate: one that has ended must not keep it."""

RELAY = Flow(
    name="relay",
    again="relay.resume",
    guard=answers.may_relay,
    otherwise="relay.not_yours",
    questions=QUESTIONS,
    steps=(*GATHER, *PERSON, *FINISH),
)

STOPPING = Flow(name="stopping", steps=STOP)
