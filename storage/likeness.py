"""Likeness: facts of similar aspirations for residents and staff; merging, parting and keeping apart (issue 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, assert_never

from sqlalchemy import Connection, or_, select, update

from conversations.chat import Draft
from conversations.classifier import forms
from conversations.desk import Card
from conversations.events import AnyOutcome, Saved
from conversations.facts import Field
from conversations.likeness import KeepApart, Likeness, LikenessEffect, Merge, Unmerge
from storage import desk_cards, likeness_index, merging, permissions, views, voices
from storage.actor import Officer
from storage.desk_cards import find, place_of
from storage.likeness_index import LIKENESS, Found, stem, stems
from storage.likeness_search import FOUND, Alike, Wanted, alike, text_of
from storage.once import Once
from storage.regions import words
from storage.rules import Rules, Scene
from storage.submissions import ASPIRATION
from storage.views import CARD, DANGER

TO_RESIDENTS: Final = 3
TO_STAFF: Final = 5
MOST_VOICES: Final = 10
LONGEST_WORDS: Final = 200  # characters of one of several
MOST_SHARED: Final = 6
AnyRow = Any


@dataclass(frozen=True, slots=True)
class DatabaseLikenessFacts:
    """Implements conversations.likeness.LikenessFacts for one chat; what was found once in a turn is kept."""

    connection: Connection
    chat_id: int
    rules: Rules
    fields: tuple[Field, ...]
    once: Once = field(default_factory=Once)

    def like(self, draft: Draft) -> tuple[Likeness, ...]:
        """At most three public aspirations like a draft; private ones never."""
        return self.once((draft.words(), draft.village, draft.field), lambda: tuple(self._like(draft)))

    def like_ticket(self, ticket: str) -> tuple[Likeness, ...]:
        """Those that are told with an aspiration, and at most five like it, for a civil servant who may read them."""
        return self.once(ticket, lambda: tuple(self._like_ticket(ticket)))

    def _like(self, draft: Draft) -> Iterator[Likeness]:
        if draft.village is None:
            return
        wanted = Wanted(draft.words(), draft.village.kode, draft.field, visible=(True,))
        found = alike(self.connection, wanted, *public_to(self.chat_id))[:TO_RESIDENTS]
        support = voices.support(self.connection, [one.whole for one in found])
        for one in found:
            shared = self._shared(wanted.words, one)
            summary = _cut(one.row.redacted)
            yield self._shown(one.row, summary, support.get(one.whole, 0), shared=shared)

    def _like_ticket(self, ticket: str) -> Iterator[Likeness]:
        held = permissions.officers(self.connection, self.chat_id)
        row = find(self.connection, held, ticket, "merge")
        if row is None:
            return
        told, near = others(self.connection, held, row)
        support = voices.support(self.connection, [one.whole for one in near])
        said = views.said_in(self.connection, [one.id for one in told])
        for one in told:
            yield self._shown(one, _cut(views.summary_of(said[one.id])), 0, joined=True)
        for alike_ in near:
            summary = _cut(views.summary_of(alike_.said))
            yield self._shown(alike_.row, summary, support.get(alike_.whole, 0))

    def _shared(self, mine: str, one: Alike) -> tuple[str, ...]:
        """Words of need that both have: those of the fields alone, so that nobody learns a name by trying it."""
        theirs, plain = set(stems(text_of(one.row, one.said))), self._plain_words()
        both = (word for word in words(mine) if stem(word) in theirs and not plain.isdisjoint(forms(word)))
        return tuple(dict.fromkeys(both))[:MOST_SHARED]

    def _plain_words(self) -> frozenset[str]:
        return frozenset(word for field_ in self.fields for word, _ in field_.words)

    def _shown(
        self, row: AnyRow, summary: str, support: int, *, shared: tuple[str, ...] = (), joined: bool = False
    ) -> Likeness:
        return Likeness(
            ticket=row.ticket,
            summary=summary,
            village=self.rules.village(row.region).name,
            field=row.field,
            stage=row.stage,
            at=row.submitted_at,
            support=support,
            shared=shared,
            joined=joined,
        )


def perform(scene: Scene, effect: LikenessEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    match effect:
        case Merge(ticket=ticket, into=into):
            merging.merge(scene, ticket, into)
        case Unmerge(ticket=ticket):
            merging.unmerge(scene, ticket)
        case KeepApart(ticket=ticket):
            merging.keep_apart(scene, ticket)
        case _:
            assert_never(effect)
    return Saved(at=scene.at)


def public_to(chat_id: int) -> tuple[Any, ...]:
    """What a resident may be shown and support: public, open, held back by nobody, of somebody else."""
    return (
        ASPIRATION.c.visibility == "public",
        ASPIRATION.c.closed_at.is_(None),
        ASPIRATION.c.flagged != DANGER,
        CARD.c.held_at.is_(None),
        or_(ASPIRATION.c.chat_id.is_(None), ASPIRATION.c.chat_id != chat_id),
    )


def others(connection: Connection, held: Sequence[Officer], row: AnyRow) -> tuple[list[AnyRow], list[Alike]]:
    """What an officer sees beside an aspiration: those that are told with it, and those that are like it.

    Of those of other places and fields, which these mandates may not read, the card has only the number (`support`).
    """
    told = [one for one in merging.whole_of(connection, row.id) if one.id != row.id]
    known = {row.id, *(one.id for one in told)}
    near = [one for one in likely(connection, held, row) if one.whole not in known]
    near += [
        one for one in _noted(connection, held, row) if one.row.id not in {*known, *(n.row.id for n in near)}
    ]
    readable = [one for one in told if permissions.allowed(held, "read", place_of(one))]
    return readable[:MOST_VOICES], near[:TO_STAFF]


def card(
    connection: Connection, held: Sequence[Officer], ticket: str, rules: Rules, at: datetime
) -> Card | None:
    """As storage.desk_cards.card, with its support, the one that it is told with, and how many are to be looked at."""
    found = desk_cards.card(connection, held, ticket, rules, at)
    row = find(connection, held, ticket, "read")
    if found is None or row is None:
        return None
    lead, support = voices.standing(connection, row.id)
    told, near = others(connection, held, row)
    return replace(found, lead=lead, support=support, alike=len(told) + len(near))


def _noted(connection: Connection, held: Sequence[Officer], row: AnyRow) -> Iterator[Alike]:
    """What the clock found it to be like, though its words may have changed since."""
    liked = select(LIKENESS.c.like_id).where(LIKENESS.c.aspiration_id == row.id).scalar_subquery()
    for one in connection.execute(FOUND.where(ASPIRATION.c.id == liked, ASPIRATION.c.closed_at.is_(None))):
        if permissions.allowed(held, "read", place_of(one)):
            yield Alike(one, views.said_in(connection, [one.id])[one.id], 0.0)


def likely(connection: Connection, held: Sequence[Officer], row: AnyRow) -> list[Alike]:
    """Open aspirations like this one that these mandates may read, the nearest first."""
    said = views.said_in(connection, [row.id])[row.id]
    wanted = Wanted(text_of(row, said), row.region, row.field)
    found = alike(connection, wanted, ASPIRATION.c.id != row.id, ASPIRATION.c.closed_at.is_(None))
    return [one for one in found if permissions.allowed(held, "read", place_of(one.row))]


def look(connection: Connection, at: datetime, limit: int) -> int:
    """Make the stems of what is new or was changed, and note what it is like, for the queue; returns how many."""
    rows = connection.execute(_WAITING.limit(limit)).all()
    for row in rows:
        said = views.said_in(connection, [row.id])[row.id]
        text = text_of(row, said)
        likeness_index.renew(connection, row.id, Found(row.region, text, row.visibility))
        wanted = Wanted(text, row.region, row.field)
        older = (ASPIRATION.c.id < row.id, ASPIRATION.c.closed_at.is_(None))
        found = alike(connection, wanted, *older) if row.kind == "" else []
        near = next((one.row.id for one in found if one.row.lead_id != row.id), None)
        noted = update(LIKENESS).where(LIKENESS.c.aspiration_id == row.id)
        connection.execute(noted.values(like_id=near, looked_at=at))
    return len(rows)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1].rstrip() + "…"


_WAITING: Final = (
    select(ASPIRATION, LIKENESS.c.kind)
    .join(LIKENESS, LIKENESS.c.aspiration_id == ASPIRATION.c.id)
    .where(LIKENESS.c.looked_at.is_(None))
    .order_by(LIKENESS.c.aspiration_id)
    .with_for_update(of=LIKENESS, skip_locked=True)
)
