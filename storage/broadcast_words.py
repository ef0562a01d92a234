"""What a broadcast says: one text, or its easy-read one, with what it is about and how to get no more of its kind.

Each recipient's notice holds the number of the broadcast alone; the words are put to it when it is sent, so that a
correction meets whoever has not been told yet, and twenty thousand rows do not repeat them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from conversations.effects import Line
from storage.broadcast_tables import BroadcastRecord
from storage.ledger import table

BROADCAST: Final = table(BroadcastRecord)
SENT: Final = "broadcast.sent"
"""The key of the notice. Parameters: broadcast, topic; `trial` True for the author's own test."""

STEP: Final = "broadcast.told"
"""The Tell whose button says that one wants no more of this kind."""

TAKEN_BACK: Final = -1
"""The revision of a broadcast that was taken back."""

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a broadcast says now; `recorded` when its author speaks it themself."""

    words: str
    easy: str
    alternative: str
    recorded: bool
    revision: int

    def params(self) -> dict[str, Any]:
        """As parameters of a notice."""
        return {
            "words": self.words,
            "easy": self.easy,
            "alternative": self.alternative,
            "recorded": self.recorded,
            "revision": self.revision,
        }


def told(params: Params) -> tuple[Line, ...]:
    """The lines of a broadcast, as notice parameters with words and `locale` say; the preview calls this, too."""
    if params.get("revision") == TAKEN_BACK:
        return (Line("broadcast.taken_back"),)
    easy = params.get("easy", "") if params.get("locale", "").endswith("@mudah") else ""
    alternative = params.get("alternative", "")
    return (
        *((Line("broadcast.trial"),) if params.get("trial") else ()),
        Line(f"broadcast.head.{params['topic']}"),
        Line("broadcast.words", {"words": easy or params.get("words", "")}),
        *((Line("broadcast.picture", {"alternative": alternative}),) if alternative else ()),
    )


def words_of(connection: Connection, numbers: Collection[int]) -> dict[int, Words]:
    """What these broadcasts say now: the correction, if there is one."""
    rows = connection.execute(_WORDS, {"ids": sorted(numbers)}).all()
    return {
        row.id: Words(
            words=row.corrected or row.words,
            easy="" if row.corrected else row.easy,
            alternative=row.alternative if row.picture else "",
            recorded=bool(row.voice),
            revision=row.revision,
        )
        for row in rows
    }


def filled(connection: Connection, letters: Sequence[tuple[str, Params]]) -> list[Params]:
    """The parameters of notices, by key, those of broadcasts with their words; one that is gone was taken back."""
    numbers = {params["broadcast"] for key, params in letters if key == SENT and params}
    if not numbers:
        return [params for _, params in letters]
    words = words_of(connection, numbers)
    return [
        {**params, **_said(words.get(params["broadcast"]))} if key == SENT and params else params
        for key, params in letters
    ]


def _said(words: Words | None) -> dict[str, Any]:
    return {"revision": TAKEN_BACK} if words is None else words.params()


_WORDS: Final = select(
    *(
        BROADCAST.c[name]
        for name in ("id", "words", "easy", "picture", "alternative", "voice", "corrected", "revision")
    )
).where(BROADCAST.c.id.in_(bindparam("ids", expanding=True)))
