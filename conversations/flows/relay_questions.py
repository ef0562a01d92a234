"""The questions about one person who is spoken for, in chat order: who it is, where, what, and with which consent."""

from __future__ import annotations

from typing import Final

from conversations.flows import intake_answers as intake
from conversations.flows import relay_answers as answers
from conversations.flows import relay_place as place
from conversations.flows.arrival import HUMAN, house_params
from conversations.flows.needs import offer_needs
from conversations.flows.relay_batch import read_sent_item
from conversations.flows.watching import AT_SUMMARY
from conversations.readers import read_kecamatan, read_village
from conversations.table import Ask, Branch, Question, Tell, option

QUESTIONS: Final = (
    Question("gather", "relay.gather", answers.before_the_person),
    Question("items", "relay.items", answers.of_several),
    Question("maturity", "relay.maturity"),
    Question("person", "relay.name", answers.named_person),
    Question("relation", "relay.relation", answers.named_person),
    Question("own_groups", "relay.groups", answers.named_person),
    Question("own_needs", "relay.needs", answers.named_person),
    Question("place", "relay.place"),
    Question("place.which", "relay.which", answers.place_narrowed),
    Question("line", "relay.summary"),
    Question("about", "relay.field"),
    Question("consent", "relay.consent", answers.named_person),
    Question("told", "relay.told", answers.named_person),
    Question("check", "relay.check"),
)
ITEM: Final = {"item": "relay.extra"}
"""More may come at any time: it is kept, and said once all has come."""

PLACE_EDGES: Final = {
    "found": "relay.scope",
    "several": "relay.kecamatan",
    "close": "relay.close",
    "kecamatan": "relay.list.village",
    **ITEM,
}
CONSENT_FAULTS: Final = {
    "too_short": "relay.consent.too_short",
    "too_long": "relay.consent.too_long",
    "too_big": "relay.consent.too_big",
}
VISIBILITIES: Final = (
    option("public", "visibility.public", "picked"),
    option("private", "visibility.private", "picked"),
    option("anonymous", "visibility.anonymous", "picked"),
)
DONE: Final = option("done", "group.done")

WHO: Final = (
    Ask(
        name="relay.maturity",
        says="relay.maturity",
        question="maturity",
        ref="draft",
        offers=answers.offer_maturity,
        leads=("person", "forum"),
        keep=answers.keep_maturity,  # type: ignore[arg-type]
        readers=(read_sent_item,),
        edges={"person": "relay.name", "forum": "relay.forum", **ITEM},
    ),
    Tell(name="relay.forum", says="relay.forum", then="relay.place"),
    Ask(
        name="relay.name",
        says="relay.name",
        question="person",
        ref="draft",
        options=(option("nameless", "relay.name.nameless"),),
        keep=answers.keep_nameless,
        readers=(answers.read_person_name, read_sent_item),
        edges={
            "named": "relay.relation",
            "nameless": "relay.relation",
            "too_long": "relay.name.too_long",
            **ITEM,
        },
        hint="hint.name",
    ),
    Tell(name="relay.name.too_long", says="name.too_long", then="relay.name"),
    Ask(
        name="relay.relation",
        says="relay.relation",
        params=answers.person_params,
        question="relation",
        ref="draft",
        options=tuple(option(name, f"relay.relation.{name}", "picked") for name in answers.RELATIONS),
        keep=answers.keep_relation,
        readers=(read_sent_item,),
        edges={"picked": "relay.groups", **ITEM},
    ),
    Ask(
        name="relay.groups",
        says="relay.groups",
        params=answers.picked_groups,
        question="own_groups",
        ref="draft",
        options=(*answers.GROUP_OPTIONS, DONE, answers.DECLINE),
        several=True,
        hint="hint.choices",
        keep=answers.keep_groups,
        readers=(read_sent_item,),
        edges={
            "toggled": "relay.groups",
            "done": "relay.needs",
            intake.DECLINED: "relay.needs",
            **ITEM,
        },
    ),
    Ask(
        name="relay.needs",
        says="relay.needs",
        params=answers.picked_needs,
        question="own_needs",
        ref="draft",
        offers=offer_needs,
        leads=("toggled", answers.NO_NEED, "done", intake.DECLINED),
        options=(option(answers.NO_NEED, "relay.needs.none"), DONE, answers.DECLINE),
        page=5,
        several=True,
        hint="hint.choices",
        keep=answers.keep_needs,
        readers=(read_sent_item,),
        edges={
            "toggled": "relay.needs",
            answers.NO_NEED: "relay.place",
            "done": "relay.place",
            intake.DECLINED: "relay.place",
            **ITEM,
        },
    ),
)

WHERE: Final = (
    Branch(
        name="relay.place", on=place.known_place, edges={"known": "relay.known", "unknown": "relay.village"}
    ),
    Ask(
        name="relay.known",
        says="relay.known",
        params=place.last_village_params,
        question="place",
        ref="draft",
        options=(option("use", "intake.known.use"), option("other", "intake.known.other")),
        readers=(read_village, read_sent_item),
        edges={"use": "relay.known.take", "other": "relay.village", **PLACE_EDGES},
    ),
    Branch(
        name="relay.known.take",
        on=place.take_last_village,
        edges={"taken": "relay.scope", "gone": "relay.village"},
    ),
    Ask(
        name="relay.village",
        says="relay.village",
        question="place",
        ref="draft",
        options=(option("list", "intake.village.list"),),
        readers=(read_village, read_sent_item),
        edges={**PLACE_EDGES, "list": "relay.list", "human": "human"},
        hint="hint.village",
        easier="easier.village",
        rescue=(HUMAN,),
    ),
    Branch(
        name="relay.which",
        on=place.which,
        edges={"same": "relay.kecamatan", "near": "relay.close", "list": "relay.list"},
    ),
    Ask(
        name="relay.kecamatan",
        says="intake.kecamatan",
        params=intake.typed_name,
        question="place.which",
        ref="draft",
        offers=intake.offer_candidates,
        leads=("picked",),
        options=(option("none", "intake.kecamatan.none"),),
        keep=intake.keep_candidate,
        page=6,
        readers=(read_kecamatan, read_village, read_sent_item),
        edges={"picked": "relay.scope", "none": "relay.village", **PLACE_EDGES},
    ),
    Ask(
        name="relay.close",
        says="intake.close",
        question="place.which",
        ref="draft",
        offers=intake.offer_candidates,
        leads=("picked",),
        options=(option("none", "intake.close.none"),),
        keep=intake.keep_candidate,
        page=6,
        readers=(read_village, read_sent_item),
        edges={"picked": "relay.scope", "none": "relay.village", **PLACE_EDGES},
    ),
    Branch(
        name="relay.list",
        on=place.open_list,
        edges={"kecamatan": "relay.list.kecamatan", "village": "relay.list.village"},
    ),
    Ask(
        name="relay.list.kecamatan",
        says="intake.list.kecamatan",
        question="place.which",
        ref="draft",
        offers=place.offer_kecamatan,
        leads=("picked",),
        keep=intake.keep_listed,
        page=6,
        readers=(read_village, read_sent_item),
        edges={"picked": "relay.list.village", **PLACE_EDGES},
    ),
    Ask(
        name="relay.list.village",
        says="intake.list.village",
        params=intake.listed_params,
        question="place.which",
        ref="draft",
        offers=place.offer_villages,
        leads=("picked",),
        keep=intake.keep_listed,
        page=6,
        readers=(read_village, read_sent_item),
        edges={"picked": "relay.list.settle", **PLACE_EDGES},
    ),
    Branch(
        name="relay.list.settle",
        on=intake.settle_village,
        edges={"found": "relay.scope", "gone": "relay.village"},
    ),
    Branch(
        name="relay.scope", on=place.in_scope, edges={"inside": "relay.summary", "outside": "relay.outside"}
    ),
    Tell(name="relay.outside", says="relay.outside", params=place.scope_params, then="relay.village"),
)

WHAT: Final = (
    Ask(
        name="relay.summary",
        says="relay.summary",
        params=answers.person_params,
        question="line",
        ref="draft",
        readers=(answers.read_summary, read_sent_item),
        edges={"told": "relay.watch", "too_long": "relay.summary.too_long", "human": "human", **ITEM},
        hint="hint.relay.summary",
        easier="easier.relay.summary",
        rescue=(HUMAN,),
    ),
    Tell(
        name="relay.summary.too_long",
        says="relay.summary.too_long",
        params=answers.summary_params,
        then="relay.summary",
    ),
    *AT_SUMMARY,
    Ask(
        name="relay.field",
        says="intake.field",
        question="about",
        ref="draft",
        offers=answers.offer_fields,
        leads=("picked",),
        keep=intake.keep_field,
        page=6,
        readers=(read_sent_item,),
        edges={"picked": "relay.consented", **ITEM},
    ),
    Branch(
        name="relay.consented",
        on=answers.consent_open,
        edges={"open": "relay.consent", "given": "relay.check"},
    ),
)

CONSENT: Final = (
    Ask(
        name="relay.consent",
        says="relay.consent",
        params=answers.consent_params,
        question="consent",
        ref="draft",
        options=(option("witness", "relay.consent.witness"), option("refuse", "relay.consent.refuse")),
        readers=(answers.read_consent, read_sent_item),
        edges={
            **ITEM,
            "agreed": "relay.told",
            "witness": "relay.witness",
            "refuse": "relay.refuse",
            **CONSENT_FAULTS,
        },
        hint="hint.relay.consent",
        easier="easier.relay.consent",
    ),
    Tell(name="relay.consent.too_short", says="relay.consent.too_short", then="relay.consent"),
    Tell(name="relay.consent.too_long", says="relay.consent.too_long", then="relay.consent"),
    Tell(name="relay.consent.too_big", says="relay.consent.too_big", then="relay.consent"),
    Ask(
        name="relay.witness",
        says="relay.witness",
        params=answers.consent_params,
        question="consent",
        ref="draft",
        options=tuple(option(why, f"relay.witness.{why}", "picked") for why in answers.WITNESSED),
        keep=answers.keep_witnessed,
        readers=(answers.read_reason, answers.read_consent, read_sent_item),
        edges={
            **ITEM,
            "picked": "relay.told",
            "given": "relay.told",
            "agreed": "relay.told",
            **CONSENT_FAULTS,
        },
    ),
    Ask(
        name="relay.refuse",
        says="relay.refuse",
        params=answers.person_params,
        ref="draft",
        options=(option("drop", "relay.refuse.drop"), option("back", "relay.refuse.back")),
        edges={"drop": "relay.refuse.do", "back": "relay.consent"},
    ),
    Ask(
        name="relay.told",
        says="relay.told",
        params=answers.person_params,
        question="told",
        ref="draft",
        options=(
            option("facilitator", "relay.told.facilitator"),
            option("phone", "relay.told.phone"),
            option("organisation", "relay.told.organisation"),
        ),
        keep=answers.keep_told,  # type: ignore[arg-type]
        readers=(read_sent_item,),
        edges={
            "facilitator": "relay.check",
            "phone": "relay.phone",
            "organisation": "relay.organisation",
            **ITEM,
        },
    ),
    Ask(
        name="relay.phone",
        says="relay.phone",
        params=answers.person_params,
        question="told",
        ref="draft",
        options=(option("skip", "relay.phone.skip"),),
        keep=answers.forget_contact,
        readers=(answers.read_phone, read_sent_item),
        edges={"phone": "relay.check", "skip": "relay.check", "mistyped": "relay.phone.mistyped", **ITEM},
        hint="hint.relay.phone",
    ),
    Tell(name="relay.phone.mistyped", says="hint.relay.phone", then="relay.phone"),
    Ask(
        name="relay.organisation",
        says="relay.organisation",
        question="told",
        ref="draft",
        options=(option("skip", "relay.organisation.skip"),),
        keep=answers.forget_contact,
        readers=(answers.read_organisation, read_sent_item),
        edges={
            "named": "relay.check",
            "skip": "relay.told",
            "too_long": "relay.organisation.too_long",
            **ITEM,
        },
        hint="hint.name",
    ),
    Tell(name="relay.organisation.too_long", says="name.too_long", then="relay.organisation"),
    Ask(
        name="relay.visibility",
        says="intake.visibility",
        params=house_params,
        ref="draft",
        options=VISIBILITIES,
        keep=answers.keep_visibility,  # type: ignore[arg-type]
        edges={"picked": "relay.check"},
    ),
)

PERSON: Final = (*WHO, *WHERE, *WHAT, *CONSENT)
"""All of them."""
