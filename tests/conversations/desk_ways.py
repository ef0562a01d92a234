"""A world with a desk, and what officers type there: for the walks over the whole table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from conversations.asking import Utterance
from conversations.desk import Card, CardRow, Deciding, Preview, Sentence, Told
from conversations.effect import Line
from conversations.facts import MandateView, Profile
from tests.conversations.literal_facts import NOON, RAJABASA, ticket_like
from tests.conversations.literal_staff import LiteralDesk
from tests.conversations.model_world import ModelWorld

OFFICER: Final = MandateView(id=8, role="kecamatan", scope=("18.07.01",), places=("Sukadana",))
GONE: Final = ticket_like(710003)
CONTESTED: Final = ticket_like(710002)
"""Somebody else takes this card at the same moment."""

TALK: Final = (
    Utterance(said="question", at=NOON, words="Di dekat rumah siapa?"),
    Utterance(said="reply", at=NOON, kind="voice", seconds=9),
    Utterance(said="objection", at=NOON),
)
ROW: Final = CardRow(
    ticket=ticket_like(710001),
    kode=RAJABASA.kode,
    village=RAJABASA.name,
    field="road",
    stage="received",
    at=NOON,
    summary="Jalan rusak",
    mine=True,
    taken=True,
)
CARD: Final = Card(
    row=ROW,
    decision="waiting",
    kecamatan="Sukadana",
    landmark="dekat balai desa",
    visibility="public",
    audience=("disability",),
    words="Jalan rusak",
    redacted="Jalan",
    flagged="danger",
    agency="1.03",
    recordings=1,
    talk=TALK,
    unread=True,
    support=0,
    history=(),
    notes=("sudah ditelepon",),
    deadline=NOON.date(),
    confirmed=(("no", 2),),
    held=True,
    may=frozenset({"listen", "take", "note", "redact", "route", "hold", "reveal", "decide", "ask"}),
    choices=(("checked", ("forwarded", "postponed")),),
)
FREE: Final = replace(
    CARD, row=replace(ROW, ticket=CONTESTED, mine=False, taken=False, overdue=True), held=False
)
OPEN: Final = replace(FREE, row=replace(FREE.row, ticket=ticket_like(710004)))
DESK: Final = LiteralDesk(
    queues={"new": 1, "mine": 1, "all": 2},
    cards_=(CARD, FREE, OPEN),
    contested=frozenset({CONTESTED}),
    gone=(replace(ROW, ticket=GONE),),
    may_decide=Deciding(
        choices=(("checked", ("forwarded", "postponed", "waiting", "accommodated")),),
        negative=frozenset({"postponed"}),
        reasons=("budget_limited", "duplicate"),
        sentences=(Sentence(name="next_budget", words=(("id", "Kami usulkan lagi tahun depan."),)),),
    ),
    previewed=Preview(
        told=(
            Told(locale="id", lines=(Line("notice.changed", {"ticket": ROW.ticket}),), step="notice"),
            Told(locale="en", lines=(Line("notice.changed", {"ticket": ROW.ticket}),), step="notice"),
        ),
        decided=2,
        refused=(GONE,),
        untold=1,
        seen=("received/waiting",),
    ),
)
TYPED: Final = ("kata biasa", "Rajabasa", "bukan desa", "k" * 1001)
"""A remark, a village, none of ours, and more than a remark may have."""


def desk_world() -> ModelWorld:
    """An officer of a kecamatan with three cards: one taken, one that is contested, one that is gone."""
    known = Profile(village=RAJABASA, groups_answered=True, needs_answered=True)
    return ModelWorld(agreed={"service"}, profile=known, mandates=(OFFICER,), desk=DESK)
