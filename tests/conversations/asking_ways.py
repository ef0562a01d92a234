"""Worlds with questions, alerts and replies, and what people do there: for the walks over the whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from conversations.asking import QuestionView
from conversations.facts import MandateView, Profile
from conversations.table import MENU
from tests.conversations.literal_facts import MINE, RAJABASA, ticket_like, view
from tests.conversations.literal_staff import LiteralAsking
from tests.conversations.model_world import ModelWorld
from tests.conversations.safety_ways import DANGER
from tests.conversations.talking import Talk

Do = Callable[[Talk], object]
FLOWS: Final = frozenset({"asking", "answering", "reaching"})
PERSON: Final = ticket_like(700001)
ASKING: Final = LiteralAsking(
    questions=(
        QuestionView(id=1, words="Di dekat rumah siapa?", ticket=MINE),
        QuestionView(id=2, words="Apakah Anda aman?"),
    ),
    own=frozenset({MINE}),
    decided=frozenset({MINE}),
    notices={900: ("question", "1"), 901: ("notice", MINE), 902: ("alert", "1"), 903: ("transcript", "1")},
    contacts=frozenset({1}),
)
PROTECTOR: Final = MandateView(id=3, role="safeguard", scope=("18.07.01",), places=("Sukadana",))
OF_PERSON: Final = LiteralAsking(
    questions=(QuestionView(id=3, words="Mulai kapan?", ticket=PERSON, relayed=True, name="Ibu Siti"),)
)
PRESSES: Final = (
    "question:answer:1",
    "question:answer:9",
    f"notice:reply:{MINE}",
    f"notice:reply:{ticket_like(710009)}",
    "alert:write:1",
    "alert:write:9",
)
TYPED: Final = ("dekat balai desa", "k" * 1001)


def asking_world() -> ModelWorld:
    """Somebody who is asked, and protects people besides."""
    known = Profile(village=RAJABASA, groups_answered=True, needs_answered=True)
    return ModelWorld(
        agreed={"service"}, own=[view(MINE)], mandates=(PROTECTOR,), profile=known, asking=ASKING
    )


def relaying_world(world: ModelWorld) -> ModelWorld:
    """A facilitator's world in which the first of their people is asked something."""
    first, *others = world.represented
    asked = replace(first, asked=("Mulai kapan?",))
    return replace(world, represented=(asked, *others), asking=OF_PERSON)


def ways(talk: Talk) -> Iterator[tuple[str, Do]]:
    """Those that make sense where the chat is."""
    if not talk.world.asking.own:
        return
    if talk.chat.step == MENU:
        yield from ((payload, _presses(payload)) for payload in PRESSES)
        yield "a reply to a notice", lambda there: there.replies(901, "sudah lama rusak")
    if talk.chat.step in {"question.say", "reply.say"}:
        yield "danger", _types(DANGER)
        yield "danger, with no hotline", _danger_without_hotline
    if talk.chat.step == "contact.say":
        yield from ((text, _types(text)) for text in TYPED)


def _presses(payload: str) -> Do:
    return lambda there: there.presses_payload(payload, 1)


def _types(text: str) -> Do:
    return lambda there: there.types(text)


def _danger_without_hotline(there: Talk) -> None:
    there.world.hotline = False
    there.types(DANGER)
