"""Deciding in the chat, for one card or several: stage, decision, reason and sentence, preview, and taking it back.

Its buttons refer to the verdict as it is being written: one under an older preview does nothing (issue 4).
"""

from __future__ import annotations

from typing import Final

from conversations.desk import Decide, UndoDecisions
from conversations.flows import decide_answers as answers
from conversations.flows.desk import WRITING
from conversations.flows.desk_words import is_staff
from conversations.table import Act, Ask, Branch, Flow, Tell, option

CANCEL: Final = option("back", "decide.stop")
BACK: Final = {"back": "desk.back"}

SEVERAL: Final = (
    Ask(
        name="desk.pick",
        says="desk.pick",
        params=answers.pick_params,
        offers=answers.offer_picks,
        leads=("toggled",),
        options=(
            option("done", "desk.pick.done"),
            option("all", "desk.pick.all"),
            option("list", "desk.to_list"),
        ),
        several=True,
        page=6,
        edges={
            "toggled": "desk.pick",
            "done": "desk.picked",
            "all": "desk.pick.every",
            "list": "desk.list",
        },
    ),
    Branch(name="desk.pick.every", on=answers.pick_all, edges={"picked": "desk.pick"}),
    Branch(name="desk.picked", on=answers.pick_done, edges={"some": "desk.stage", "none": "desk.pick.none"}),
    Tell(name="desk.pick.none", says="desk.pick.none", then="desk.pick"),
)

DECIDE: Final = Flow(
    name="decide",
    guard=is_staff,
    otherwise="desk.not_yours",
    steps=(
        *SEVERAL,
        Branch(name="desk.begin", on=answers.begin, edges={"begun": "desk.stage"}),
        Branch(name="desk.back", on=answers.came_from, edges={"one": "desk.look", "several": "desk.list"}),
        Ask(
            name="desk.stage",
            says="decide.stage",
            ref="work",
            offers=answers.offer_stages,
            leads=("stage",),
            options=(CANCEL,),
            keep=answers.keep_stage,
            page=6,
            edges={"stage": "desk.decision", **BACK},
        ),
        Ask(
            name="desk.decision",
            says="decide.decision",
            ref="work",
            offers=answers.offer_decisions,
            leads=("decision",),
            options=(CANCEL,),
            keep=answers.keep_decision,
            page=6,
            edges={"decision": "desk.negative", **BACK},
        ),
        Branch(
            name="desk.negative", on=answers.is_negative, edges={"no": "desk.reason", "yes": "desk.check"}
        ),
        Ask(
            name="desk.reason",
            says="decide.reason",
            ref="work",
            offers=answers.offer_reasons,
            leads=("reason",),
            options=(CANCEL,),
            keep=answers.keep_reason,
            page=6,
            edges={"reason": "desk.sentence", **BACK},
        ),
        Ask(
            name="desk.sentence",
            says="decide.sentence",
            params=answers.sentence_params,
            ref="work",
            offers=answers.offer_sentences,
            leads=("template",),
            options=(CANCEL,),
            readers=(answers.read_sentence,),
            keep=answers.keep_template,
            page=6,
            edges={"template": "desk.check", "written": "desk.check", "long": "desk.sentence.long", **BACK},
            hint="hint.desk",
            easier="hint.desk",
        ),
        Tell(name="desk.sentence.long", says=WRITING["long"], then="desk.sentence"),
        Branch(
            name="desk.check",
            on=answers.any_left,
            edges={"some": "desk.preview", "none": "desk.nothing", "taken": "desk.kept"},
        ),
        Tell(name="desk.kept", says="desk.taken", then="desk.back"),
        Tell(name="desk.nothing", says="decide.nothing", then="desk.stage"),
        Ask(
            name="desk.preview",
            says="decide.preview",
            params=answers.preview_params,
            ref="work",
            offers=answers.offer_sending,
            leads=("send", "words", "heard", "change"),
            options=(CANCEL,),
            edges={
                "send": "desk.decide",
                "words": "desk.sentence",
                "heard": "desk.heard",
                "change": "desk.stage",
                **BACK,
            },
        ),
        Ask(
            name="desk.heard",
            says="decide.heard.preview",
            params=answers.heard_params,
            ref="work",
            options=(
                option("send", "decide.send"),
                option("words", "decide.words"),
                option("read", "decide.read"),
            ),
            edges={"send": "desk.decide", "words": "desk.sentence", "read": "desk.check"},
        ),
        Act(
            name="desk.decide",
            does=answers.decide,
            performs=Decide,
            keep=answers.keep_undo,
            edges={
                "decided": "desk.done",
                "refused": "desk.refused",
                "refused.changed": "desk.changed",
                "refused.taken": "desk.kept",
            },
            seals=True,
        ),
        Tell(name="desk.changed", says="decide.changed", then="desk.check"),
        Ask(
            name="desk.done",
            says="decide.done",
            params=answers.done_params,
            ref="work",
            offers=answers.offer_done,
            leads=("undo", "next", "card"),
            edges={"undo": "desk.undo", "next": "desk.list", "card": "desk.look"},
        ),
        Act(
            name="desk.undo",
            does=answers.undo,
            performs=UndoDecisions,
            keep=answers.forget_undo,
            edges={"undone": "desk.undone", "refused": "desk.undo.late"},
        ),
        Tell(name="desk.undone", says="decide.undone", params=answers.undone_params, then="desk.back"),
        Tell(name="desk.undo.late", says="decide.late", then="desk.back"),
    ),
)
