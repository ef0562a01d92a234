"""After completion: the question comes as a message of its own (storage.letters) and is answered at any time (issue 4).

Whoever says that something is missing is asked what.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from conversations.effects import AnyEffect
from conversations.flows.status import ticket_params
from conversations.followup import AnswerFollowup, Done
from conversations.table import RETURN, Act, Flow, Seen, Tell, option


def says(answer: Done) -> Callable[[Seen], AnyEffect]:
    """The effect of one answer."""

    def said(seen: Seen) -> AnyEffect:
        return AnswerFollowup(ticket=seen.chat.focus, answer=answer)

    return said


OVER: Final = "followup.over"

FOLLOWUP = Flow(
    name="followup",
    steps=(
        Tell(
            name="followup",
            says="followup.buttons",
            then=RETURN,
            apart=True,
            options=(
                option("yes", "followup.yes"),
                option("partly", "followup.partly"),
                option("no", "followup.no"),
            ),
            edges={"yes": "followup.yes", "partly": "followup.partly", "no": "followup.no"},
            reply="reply.say",
        ),
        Act(
            name="followup.yes",
            does=says("yes"),
            performs=AnswerFollowup,
            edges={"saved": "followup.glad", "refused": OVER},
        ),
        Act(
            name="followup.partly",
            does=says("partly"),
            performs=AnswerFollowup,
            edges={"saved": "followup.half", "refused": OVER},
        ),
        Act(
            name="followup.no",
            does=says("no"),
            performs=AnswerFollowup,
            edges={"saved": "followup.again", "refused": OVER},
        ),
        Tell(name="followup.glad", says="followup.glad", then=RETURN),
        Tell(name="followup.half", says="followup.half", then="reply.say"),
        Tell(name="followup.again", says="followup.again", params=ticket_params, then="reply.say"),
        Tell(name=OVER, says="followup.over", params=ticket_params, then=RETURN),
    ),
)
