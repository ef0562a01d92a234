"""One message to many (`/siar`): written, counted, tried, approved by a second person, and sent (issue 4)."""

from __future__ import annotations

from typing import Final

from conversations.broadcast import (
    ApproveBroadcast,
    KeepBroadcast,
    RecallBroadcast,
    SubmitBroadcast,
    TestBroadcast,
)
from conversations.flows import broadcast_answers as answers
from conversations.flows import broadcast_drafting as drafting
from conversations.flows.arrival import house_params
from conversations.flows.broadcast_writing import SEGMENT, WRITING
from conversations.table import RETURN, Act, Ask, Branch, Flow, Step, Tell, option

CARD: Final = "siar.card"
LOOK: Final = "siar.look"


def _loading(name: str, then: str) -> Branch:
    """A draft is taken up again where something of it is to be changed."""
    return Branch(name=name, on=drafting.load, edges={"loaded": then, "gone": "siar.gone"})


CARDS: Final[tuple[Step, ...]] = (
    Ask(
        name="siar",
        says="siar",
        offers=answers.offer_broadcasts,
        leads=("new", "picked"),
        options=(option("back", "siar.back"),),
        keep=answers.keep_focus,
        page=6,
        edges={"new": "siar.new", "picked": LOOK, "back": RETURN},
    ),
    # Letters about broadcasts carry this button.
    Tell(
        name="siar.told",
        says="siar.told",
        apart=True,
        options=(option("look", "siar.open"),),
        then=LOOK,
        edges={"look": LOOK},
    ),
    Branch(
        name=LOOK, on=answers.is_mine, edges={"known": CARD, "steered": "sending.look", "gone": "siar.gone"}
    ),
    Tell(name="siar.gone", says="siar.gone", then="siar"),
    Ask(
        name=CARD,
        says=CARD,
        params=answers.card_params,
        ref="focus",
        offers=answers.offer_acts,
        leads=answers.ACTS,
        page=6,
        edges={
            "count": "siar.recount",
            "send": "siar.ready",
            "preview": "siar.preview",
            "test": "siar.test",
            "edit": "siar.load",
            "whom": "siar.load.whom",
            "when": "siar.load.when",
            "drop": "siar.drop",
            "approve": "siar.approve",
            "reject": "siar.reject",
            "recall": "siar.recall",
            "list": "siar",
        },
    ),
    Act(
        name="siar.recount",
        does=answers.recount,
        performs=KeepBroadcast,
        keep=answers.keep_number,
        edges={"kept": "siar.kept", "refused": "siar.refused"},
    ),
    _loading("siar.load", "siar.edit"),
    _loading("siar.load.whom", SEGMENT),
    _loading("siar.load.when", "siar.when"),
    Ask(
        name="siar.edit",
        says="siar.edit",
        ref="focus",
        options=(
            option("text", "siar.edit.text"),
            option("easy", "siar.edit.easy"),
            option("picture", "siar.edit.picture"),
            option("voice", "siar.edit.voice"),
            option("topic", "siar.edit.topic"),
            option("card", "siar.to_card"),
        ),
        edges={
            "text": "siar.text",
            "easy": "siar.easy",
            "picture": "siar.picture",
            "voice": "siar.voice",
            "topic": "siar.topic",
            "card": LOOK,
        },
    ),
)

TRYING: Final[tuple[Step, ...]] = (
    Ask(
        name="siar.preview",
        says="siar.preview",
        ref="focus",
        options=(
            option("id", "siar.preview_id"),
            option("easy", "siar.preview_easy"),
            option("en", "siar.preview_en"),
            option("card", "siar.to_card"),
        ),
        edges={
            "id": "siar.preview.id",
            "easy": "siar.preview.easy",
            "en": "siar.preview.en",
            "card": LOOK,
        },
    ),
    Tell(
        name="siar.preview.id",
        says="siar.quote",
        params=answers.quoting("id"),
        apart=True,
        then="siar.preview",
    ),
    Tell(
        name="siar.preview.easy",
        says="siar.quote",
        params=answers.quoting("id@mudah"),
        apart=True,
        then="siar.preview",
    ),
    Tell(
        name="siar.preview.en",
        says="siar.quote_read",
        params=answers.reading("en"),
        apart=True,
        then="siar.preview",
    ),
    Act(
        name="siar.test",
        does=answers.try_out,
        performs=TestBroadcast,
        edges={"saved": "siar.tested", "refused": "siar.gone"},
    ),
    Tell(name="siar.tested", says="siar.tested", then=LOOK),
)

SENDING: Final[tuple[Step, ...]] = (
    Branch(
        name="siar.ready",
        on=answers.is_ready,
        edges={
            "ready": "siar.sure",
            "counting": "siar.counting",
            "nobody": "siar.nobody",
            "gone": "siar.gone",
        },
    ),
    Tell(name="siar.nobody", says="siar.nobody", then=CARD),
    Ask(
        name="siar.sure",
        says="siar.sure",
        params=answers.sure_params,
        ref="focus",
        options=(option("yes", "siar.sure.yes"), option("no", "siar.sure.no")),
        edges={"yes": "siar.submit", "no": LOOK},
    ),
    Act(
        name="siar.submit",
        does=answers.submit,
        performs=SubmitBroadcast,
        edges={
            "saved": "siar.submitted",
            "refused": "siar.gone",
            "refused.uncounted": "siar.recount",
            "refused.no_approver": "siar.nobody_approves",
        },
    ),
    Tell(name="siar.nobody_approves", says="siar.nobody_approves", params=house_params, then=LOOK),
    Branch(
        name="siar.submitted",
        on=answers.went_where,
        edges={"approval": "siar.waits", "scheduled": "siar.goes"},
    ),
    Tell(name="siar.waits", says="siar.waits", then="siar"),
    Tell(name="siar.goes", says="siar.goes", then="siar"),
    Act(
        name="siar.approve",
        does=answers.approving(granted=True),
        performs=ApproveBroadcast,
        edges={"saved": "siar.approved", "refused": "siar.gone"},
    ),
    Tell(name="siar.approved", says="siar.approved", then="siar"),
    Act(
        name="siar.reject",
        does=answers.approving(granted=False),
        performs=ApproveBroadcast,
        edges={"saved": "siar.rejected", "refused": "siar.gone"},
    ),
    Tell(name="siar.rejected", says="siar.rejected", then="siar"),
    Act(
        name="siar.recall",
        does=answers.recalling(drop=False),
        performs=RecallBroadcast,
        edges={"saved": "siar.recalled", "refused": "siar.gone"},
    ),
    Tell(name="siar.recalled", says="siar.recalled", then=LOOK),
    Ask(
        name="siar.drop",
        says="siar.drop",
        ref="focus",
        options=(option("yes", "siar.drop.yes"), option("no", "siar.drop.no")),
        edges={"yes": "siar.dropping", "no": LOOK},
    ),
    Act(
        name="siar.dropping",
        does=answers.recalling(drop=True),
        performs=RecallBroadcast,
        edges={"saved": "siar.dropped", "refused": "siar.gone"},
    ),
    Tell(name="siar.dropped", says="siar.dropped", then="siar"),
)

BROADCAST: Final = Flow(
    name="siar",
    guard=answers.may_broadcast,
    otherwise="siar.stranger",
    steps=(*CARDS, *TRYING, *SENDING, *WRITING),
)

NO_BROADCASTER: Final = Flow(
    name="siar_stranger",
    steps=(Tell(name="siar.stranger", says="siar.stranger", params=house_params, then=RETURN),),
)
"""Where the guard leads: whoever sends no broadcasts is told whom to ask."""
