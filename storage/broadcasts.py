"""Broadcasts: what a turn may know of them, and what it may ask (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from conversations import broadcast as effects
from conversations.broadcast import BroadcastEffect, BroadcastKept, BroadcastView, Caution
from conversations.effect import Line
from conversations.events import AnyOutcome, Saved
from storage import broadcast_approval, broadcast_drafts, broadcast_views, broadcast_words
from storage.permissions import allowed, may, officers
from storage.rules import Rules, Scene


@dataclass(frozen=True, slots=True)
class DatabaseBroadcastFacts:
    """Implements conversations.broadcast.BroadcastFacts for one chat."""

    connection: Connection
    chat_id: int
    rules: Rules

    def broadcasts(self) -> tuple[BroadcastView, ...]:
        """Those that wait for this chat's approval, then those of its mandates, newest first."""
        return broadcast_views.listing(self.connection, self.chat_id, self.rules)

    def broadcast(self, number: int) -> BroadcastView | None:
        """One of them."""
        return broadcast_views.view(self.connection, self.chat_id, number, self.rules)

    def preview(self, number: int, locale: str) -> tuple[Line, ...]:
        """What somebody of a locale gets: the lines that sending puts together, and how to get no more of the kind."""
        words = broadcast_words.words_of(self.connection, [number])
        view = self.broadcast(number)
        if view is None or number not in words:
            return ()
        params = {"topic": view.draft.topic, "locale": locale, **words[number].params()}
        return (*broadcast_words.told(params), Line("broadcast.told"))

    def works(self) -> bool:
        """Whether this chat may write or approve broadcasts at all."""
        held = officers(self.connection, self.chat_id)
        return bool(self.regions()) or any(
            may(one, "approve", broadcast_drafts.place_of(held, kode)) for one in held for kode in one.scope
        )

    def regions(self) -> tuple[tuple[str, str], ...]:
        """Where this chat may send a broadcast to: code and name of each region; the kabupaten's name is ""."""
        held = officers(self.connection, self.chat_id)
        scopes = [kode for one in held for kode in one.scope]
        known = dict.fromkeys([self.rules.regions.kabupaten, *scopes])
        theirs = [kode for kode in known if allowed(held, "broadcast", broadcast_drafts.place_of(held, kode))]
        return tuple((kode, self.rules.regions.place(kode) or "") for kode in theirs)

    def stages(self) -> tuple[str, ...]:
        """The stages of an aspiration, in order."""
        return tuple(self.rules.lifecycle.stages)

    def cautions(self, at: datetime) -> tuple[Caution, ...]:
        """What speaks against sending at this moment."""
        return broadcast_views.cautions(at, self.rules)


def perform(scene: Scene, effect: BroadcastEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    match effect:
        case effects.KeepBroadcast(draft=draft):
            return BroadcastKept(at=scene.at, number=broadcast_drafts.keep(scene, draft))
        case effects.TestBroadcast(broadcast=number):
            broadcast_drafts.try_out(scene, number)
        case effects.SubmitBroadcast(broadcast=number):
            broadcast_approval.submit(scene, number)
        case effects.ApproveBroadcast(broadcast=number, granted=granted):
            broadcast_approval.approve(scene, number, granted=granted)
        case effects.RecallBroadcast(broadcast=number, drop=drop):
            broadcast_drafts.recall(scene, number, drop=drop)
        case _:
            assert_never(effect)
    return Saved(at=scene.at)
