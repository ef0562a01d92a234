"""The work of the staff beside the desk, in one menu: what this chat's mandates allow (issue 4)."""

from __future__ import annotations

from typing import Final

from conversations.flows.broadcast_answers import may_broadcast
from conversations.flows.desk_words import is_staff
from conversations.flows.figures import may_see
from conversations.flows.meeting_desk_answers import may_meet
from conversations.table import MENU, Ask, Flow, Guard, Option, Seen, option

WORK: Final[tuple[tuple[Option, Guard], ...]] = (
    (option("desk", "menu.desk"), is_staff),
    (option("meetings", "staff.meetings"), may_meet),
    (option("broadcasts", "staff.broadcasts"), may_broadcast),
    (option("figures", "staff.figures"), may_see),
)


def offer_staff(seen: Seen) -> tuple[Option, ...]:
    """What this chat may do."""
    return tuple(choice for choice, may in WORK if may(seen))


def is_any_staff(seen: Seen) -> bool:
    """Whether there is any work for this chat: administrators have no desk, but see figures."""
    return may_see(seen)


STAFF: Final = Flow(
    name="staff",
    guard=is_any_staff,
    otherwise="desk.not_yours",
    steps=(
        Ask(
            name="staff",
            says="staff",
            offers=offer_staff,
            leads=("desk", "meetings", "broadcasts", "figures"),
            options=(option("menu", "tasks.to_menu"),),
            edges={
                "desk": "desk",
                "meetings": "rapat",
                "broadcasts": "siar",
                "figures": "rekap",
                "menu": MENU,
            },
        ),
    ),
)
