"""What is late, as the staff is reminded of it: a message of its own that opens the queue (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from conversations.desk import Filter
from conversations.flows.desk_words import desk_of, is_staff, with_desk
from conversations.table import RETURN, Branch, Flow, Reading, Seen, Tell, option


def look_at_late(seen: Seen) -> Reading[Literal["late"]]:
    """The queue of what is late."""
    return Reading("late", with_desk(seen.chat, replace(desk_of(seen.chat), filter=Filter(queue="overdue"))))


DEADLINES = Flow(
    name="deadlines",
    guard=is_staff,
    otherwise="desk.not_yours",
    steps=(
        Tell(
            name="deadline",
            says="deadline.buttons",
            then=RETURN,
            apart=True,
            options=(option("open", "deadline.open"),),
            edges={"open": "deadline.open"},
        ),
        Branch(name="deadline.open", on=look_at_late, edges={"late": "desk.list"}),
    ),
)
