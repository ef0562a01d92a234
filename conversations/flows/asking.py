"""Asking back (issue 4): an officer's question, the answer to it, a reply to any notice, and a safeguard's message.

Questions and notices are messages apart, so none breaks into an open question; what is typed to it goes on being
its answer, unless it comes as a Telegram reply or after the button.
"""

from __future__ import annotations

from typing import Final

from conversations.asking import (
    AnswerQuestion,
    AskPerson,
    ObjectTo,
    ReplyTo,
    SettleReplies,
    WriteToPerson,
)
from conversations.flows import asking_answers as answers
from conversations.flows.desk import CANCEL, REFUSED
from conversations.flows.desk_answers import read_remark
from conversations.flows.desk_words import is_staff
from conversations.flows.watching import AT_ANSWER, AT_REPLY
from conversations.table import RETURN, Act, Ask, Branch, Flow, Step, Tell, option

FAULTS: Final = {"too_short": "media.too_short", "too_long": "media.too_long", "too_big": "media.too_big"}
LATER: Final = option("back", "question.later")


def _faults(name: str) -> tuple[dict[str, str], tuple[Step, ...]]:
    """The edges of a question for recordings that cannot be taken, and the steps that say so."""
    tells = tuple(Tell(name=f"{name}.{kind}", says=says, then=name) for kind, says in FAULTS.items())
    return {kind: f"{name}.{kind}" for kind in FAULTS}, tells


ASKED_AGAIN, ASKED_FAULTS = _faults("question.say")
REPLIED_AGAIN, REPLIED_FAULTS = _faults("reply.say")

ASKING: Final = Flow(
    name="asking",
    guard=is_staff,
    otherwise="desk.not_yours",
    steps=(
        Ask(
            name="ask",
            says="ask",
            ref="focus",
            options=(CANCEL,),
            readers=(read_remark,),
            several=True,
            edges={"written": "ask.preview", "long": "ask.long", "back": "desk.look"},
            hint="hint.desk",
            easier="hint.desk",
        ),
        Tell(name="ask.long", says="desk.long", then="ask"),
        Ask(
            name="ask.preview",
            says="ask.preview",
            params=answers.ask_preview,
            ref="focus",
            options=(option("send", "ask.send"), option("words", "ask.words"), CANCEL),
            several=True,
            edges={"send": "ask.do", "words": "ask", "back": "desk.look"},
        ),
        Act(
            name="ask.do",
            does=answers.ask,
            performs=AskPerson,
            edges={"saved": "ask.done", "refused.silent": "ask.silent", **REFUSED},
        ),
        Tell(name="ask.done", says="ask.done", then="desk.look"),
        Tell(name="ask.silent", says="ask.silent", then="desk.look"),
        Act(
            name="ask.settle",
            does=answers.settle,
            performs=SettleReplies,
            edges={"saved": "ask.settled", "refused": "desk.refused"},
        ),
        Tell(name="ask.settled", says="ask.settled", then="desk.look"),
    ),
)

ANSWERING: Final = Flow(
    name="answering",
    steps=(
        Tell(
            name="reply.told",
            says="reply.told",
            then=RETURN,
            apart=True,
            options=(option("open", "reply.told.open"),),
            edges={"open": "desk.look"},
        ),
        Tell(
            name="question",
            says="question.buttons",
            then=RETURN,
            apart=True,
            options=(option("answer", "question.answer"),),
            edges={"answer": "question.open"},
            reply="question.say",
        ),
        Branch(
            name="question.find",
            on=answers.find_question,
            edges={"asked": "question.say", "gone": "question.gone"},
        ),
        Branch(
            name="question.open",
            on=answers.still_asked,
            edges={"asked": "question.say", "gone": "question.gone"},
        ),
        Ask(
            name="question.say",
            says="question.say",
            params=answers.question_params,
            ref="focus",
            options=(LATER,),
            readers=(answers.read_answer,),
            edges={"said": "question.watch", "back": RETURN, **ASKED_AGAIN},
            hint="hint.answer",
            easier="easier.answer",
        ),
        *ASKED_FAULTS,
        *AT_ANSWER,
        Act(
            name="question.keep",
            does=answers.answer,
            performs=AnswerQuestion,
            edges={"saved": "question.thanks", "refused": "question.gone"},
        ),
        Tell(name="question.thanks", says="question.thanks", then=RETURN),
        Tell(name="question.gone", says="question.gone", then=RETURN),
        Branch(name="reply.open", on=answers.may_reply, edges={"theirs": "reply.say", "gone": "status.gone"}),
        Ask(
            name="reply.say",
            says="reply.say",
            params=answers.ticket_params,
            ref="focus",
            options=(option("back", "reply.back"),),
            readers=(answers.read_answer,),
            edges={"said": "reply.watch", "back": RETURN, **REPLIED_AGAIN},
            hint="hint.answer",
            easier="easier.answer",
        ),
        *REPLIED_FAULTS,
        *AT_REPLY,
        Act(
            name="reply.keep",
            does=answers.reply,
            performs=ReplyTo,
            edges={"saved": "reply.thanks", "refused": "status.gone"},
        ),
        Tell(name="reply.thanks", says="reply.thanks", then="object"),
        Branch(name="object", on=answers.may_object, edges={"decided": "object.ask", "open": RETURN}),
        Ask(
            name="object.ask",
            says="object.ask",
            params=answers.ticket_params,
            ref="focus",
            options=(option("yes", "object.yes"), option("no", "object.no")),
            edges={"yes": "object.do", "no": RETURN},
        ),
        Act(
            name="object.do",
            does=answers.object_to,
            performs=ObjectTo,
            edges={"saved": "object.done", "refused.again": "object.again", "refused": "status.gone"},
        ),
        Tell(name="object.done", says="object.done", params=answers.ticket_params, then=RETURN),
        Tell(name="object.again", says="object.again", params=answers.ticket_params, then=RETURN),
    ),
)

REACHING: Final = Flow(
    name="reaching",
    steps=(
        Tell(
            name="alert",
            says="alert.buttons",
            then=RETURN,
            apart=True,
            options=(option("write", "alert.write"),),
            edges={"write": "contact"},
            reply="contact.say",
        ),
        Branch(name="contact", on=answers.may_write, edges={"alert": "contact.say", "gone": "contact.gone"}),
        Tell(name="contact.gone", says="contact.gone", then=RETURN),
        Ask(
            name="contact.say",
            says="contact.say",
            ref="focus",
            options=(option("back", "reply.back"),),
            readers=(read_remark,),
            several=True,
            edges={"written": "contact.preview", "long": "contact.long", "back": RETURN},
            hint="hint.desk",
            easier="hint.desk",
        ),
        Tell(name="contact.long", says="desk.long", then="contact.say"),
        Ask(
            name="contact.preview",
            says="contact.preview",
            params=answers.write_preview,
            ref="focus",
            options=(
                option("send", "ask.send"),
                option("words", "ask.words"),
                option("back", "reply.back"),
            ),
            several=True,
            edges={"send": "contact.do", "words": "contact.say", "back": RETURN},
        ),
        Act(
            name="contact.do",
            does=answers.write,
            performs=WriteToPerson,
            edges={"saved": "contact.done", "refused.silent": "contact.silent", "refused": "contact.gone"},
        ),
        Tell(name="contact.done", says="contact.done", then=RETURN),
        Tell(name="contact.silent", says="contact.silent", then=RETURN),
    ),
)
