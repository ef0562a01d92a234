"""What civil servants are told of broadcasts: how many they are for, that one waits for approval, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from conversations.effects import Line, Listing
from conversations.flows.broadcast_words import how_many, left_out
from storage.broadcast_approval import APPROVED, ASKED, RETURNED
from storage.broadcast_drafts import COUNTED
from storage.broadcast_segments import read_census

STEP: Final = "siar.told"
"""The Tell whose button opens the broadcast."""

Params = Mapping[str, Any]


def counted(params: Params) -> tuple[Line, ...]:
    """How many a broadcast is for, and how many of the segment get nothing and why."""
    found = read_census(dict(params))
    if found is None:
        return ()
    few = bool(params["few"])
    others = Listing(left_out(found, few=few))
    return (
        Line("siar.counted", {"n": how_many(found.recipients, few=few)}),
        *((Line("siar.left_out", {"reasons": others}),) if found.left_out else ()),
    )


def asked(params: Params) -> tuple[Line, ...]:
    """A broadcast waits for this person's approval."""
    number = how_many(params["recipients"], few=bool(params["few"]))
    return (Line("siar.asked", {"n": number, "words": params["words"]}),)


def approved(params: Params) -> tuple[Line, ...]:
    """One's broadcast was approved."""
    return (Line("siar.approved_letter", {"words": params["words"]}),)


def returned(params: Params) -> tuple[Line, ...]:
    """One's broadcast was not approved, and is a draft again."""
    return (Line("siar.returned_letter", {"words": params["words"]}),)


WRITERS: Final[Mapping[str, Callable[[Params], tuple[Line, ...]]]] = {
    COUNTED: counted,
    ASKED: asked,
    APPROVED: approved,
    RETURNED: returned,
}
"""What is said for each key of such a letter."""
