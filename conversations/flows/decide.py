"""Deciding in the chat: stage, decision, reason and sentence, preview, and taking it back (issue 4)."""

from __future__ import annotations

from typing import Final

from conversations.desk import Decide, UndoDecisions
from conversations.flows import decide_answers as answers
from conversations.flows.desk import CANCEL, WRITING
from conversations.flows.desk_words import is_staff
from conversations.table import Act, Ask, Branch, Flow, Tell, option

DECIDE: Final = Flow(
    name="decide",
    guard=is_staff,
    otherwise="desk.not_yours",
    steps=(
        Ask(
            name="desk.stage",
            says="decide.stage",
            ref="focus",
            offers=answers.offer_stages,
            leads=("stage",),
            options=(CANCEL,),
            keep=answers.keep_stage,
            page=6,
            edges={"stage": "desk.decision", "back": "desk.look"},
        ),
        Ask(
            name="desk.decision",
            says="decide.decision",
            ref="focus",
            offers=answers.offer_decisions,
            leads=("decision",),
            options=(CANCEL,),
            keep=answers.keep_decision,
            page=6,
            edges={"decision": "desk.negative", "back": "desk.look"},
        ),
        Branch(
            name="desk.negative", on=answers.is_negative, edges={"no": "desk.reason", "yes": "desk.preview"}
        ),
        Ask(
            name="desk.reason",
            says="decide.reason",
            ref="focus",
            offers=answers.offer_reasons,
            leads=("reason",),
            options=(CANCEL,),
            keep=answers.keep_reason,
            page=6,
            edges={"reason": "desk.sentence", "back": "desk.look"},
        ),
        Ask(
            name="desk.sentence",
            says="decide.sentence",
            ref="focus",
            options=(CANCEL,),
            readers=(answers.read_sentence,),
            edges={"written": "desk.preview", "back": "desk.look", **WRITING},
            hint="hint.desk",
            easier="hint.desk",
        ),
        Ask(
            name="desk.preview",
            says="decide.preview",
            params=answers.preview_params,
            ref="focus",
            options=(
                option("send", "decide.send"),
                option("words", "decide.words"),
                option("change", "decide.change"),
                CANCEL,
            ),
            edges={
                "send": "desk.decide",
                "words": "desk.sentence",
                "change": "desk.stage",
                "back": "desk.look",
            },
        ),
        Act(
            name="desk.decide",
            does=answers.decide,
            performs=Decide,
            keep=answers.keep_undo,
            edges={"decided": "desk.done", "refused": "desk.refused"},
            seals=True,
        ),
        Ask(
            name="desk.done",
            says="decide.done",
            ref="focus",
            options=(
                option("undo", "decide.undo"),
                option("next", "desk.to_list"),
                option("card", "desk.to_card"),
            ),
            edges={"undo": "desk.undo", "next": "desk.list", "card": "desk.look"},
        ),
        Act(
            name="desk.undo",
            does=answers.undo,
            performs=UndoDecisions,
            edges={"saved": "desk.undone", "refused": "desk.undo.late"},
        ),
        Tell(name="desk.undone", says="decide.undone", then="desk.look"),
        Tell(name="desk.undo.late", says="decide.late", then="desk.look"),
    ),
)
