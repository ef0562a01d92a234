"""After completion: "Benar sudah selesai?", and what people answer (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from conversations.effect import Effect

Done = Literal["", "yes", "partly", "no"]
"""Whether what was completed is really done, as its people say; "" when they were not asked or have not answered."""

DONE: Final[tuple[Done, ...]] = ("yes", "partly", "no")
"""What can be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFollowup(Effect):
    """Say whether it is really done: of one's own aspiration, or of somebody for whom one speaks."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    ticket: str
    answer: Done


FollowupEffect = AnswerFollowup
