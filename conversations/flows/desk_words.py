"""What the desk says of cards, and which choices it offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, get_args

from conversations.chat import Chat
from conversations.desk import AuthorRevealed, Card, CardRow, Desk, Filter, Queue
from conversations.effects import Line, Listing, Param
from conversations.flows.arrival import DESK_ROLES
from conversations.flows.asking_words import talk_lines
from conversations.flows.intake_answers import GROUPS
from conversations.flows.tasks import whole
from conversations.table import Option, Params, Seen, option
from conversations.ticket import grouped
from conversations.work import Work

QUEUES: Final[tuple[Queue, ...]] = get_args(Queue)
ALWAYS: Final = frozenset({"new", "mine", "all"})
"""Queues that are shown when they are empty, too."""

AGES: Final = (7, 30)
"""Days after which a card counts as old, in the filter."""

EVERYTHING: Final = "every"
NEWEST: Final = 5
"""Entries of the history and notes that a card shows."""


def is_staff(seen: Seen) -> bool:
    """Whether this chat has a desk."""
    return any(seen.facts.mandate(role) is not None for role in DESK_ROLES)


def desk_of(chat: Chat) -> Desk:
    """Where somebody stands at the desk."""
    return (chat.work and chat.work.desk) or Desk(filter=Filter())


def with_desk(chat: Chat, desk: Desk) -> Chat:
    """The chat with that."""
    return replace(chat, work=replace(chat.work or Work(), desk=desk))


def card_of(seen: Seen) -> Card | None:
    """The card in focus, if these mandates may read it."""
    return seen.facts.desk.card(seen.chat.focus, seen.event.at) if seen.chat.focus else None


def offer_queues(seen: Seen) -> tuple[Option, ...]:
    """The queues with their counts; empty ones only if one always looks for them."""
    counts = seen.facts.desk.counts(seen.event.at)
    return tuple(
        Option(queue, Line(f"desk.queue.{queue}", {"n": counts.get(queue, 0)}), "queue")
        for queue in QUEUES
        if counts.get(queue) or queue in ALWAYS
    )


def cards_of(seen: Seen) -> tuple[CardRow, ...]:
    """The cards of the present filter."""
    return seen.facts.desk.cards(desk_of(seen.chat).filter, seen.event.at)


def offer_cards(seen: Seen) -> tuple[Option, ...]:
    """The cards, the oldest first; where there are several, before them the way to decide on some at once."""
    rows = cards_of(seen)
    each = tuple(Option(row.ticket, row_label(row), "picked") for row in rows)
    return (option("several", "desk.to_several"), *each) if len(rows) > 1 else each


def row_label(row: CardRow) -> Line:
    """A card in one line."""
    about: dict[str, Param] = {
        "ticket": grouped(row.ticket),
        "place": row.village,
        "field": Line(f"field.{row.field}"),
    }
    return Line("desk.row_mine" if row.mine else "desk.row_taken" if row.taken else "desk.row", about)


def list_params(seen: Seen) -> Params:
    """How many there are."""
    return {"n": len(cards_of(seen)), "queue": Line(f"desk.queue_name.{desk_of(seen.chat).filter.queue}")}


def offer_filters(seen: Seen) -> tuple[Option, ...]:
    """By what the cards of the queue can be narrowed: the villages and fields among them, and age."""
    rows = seen.facts.desk.cards(Filter(queue=desk_of(seen.chat).filter.queue), seen.event.at)
    villages = {row.kode: row.village for row in rows}
    fields = sorted({row.field for row in rows})
    return (
        *(
            Option(kode, Line("desk.filter.village", {"name": name}), "narrowed")
            for kode, name in sorted(villages.items())
        ),
        *(Option(name, Line(f"field.{name}"), "narrowed") for name in fields),
        *(Option(str(days), Line("desk.filter.days", {"n": days}), "narrowed") for days in AGES),
    )


def keep_filter(chat: Chat, value: str) -> Chat:
    """One narrowing at a time; "every" takes it away."""
    queue = desk_of(chat).filter.queue
    if value == EVERYTHING:
        narrowed = Filter(queue=queue)
    elif value.isdecimal():
        narrowed = Filter(queue=queue, days=int(value))
    elif "." in value:
        narrowed = Filter(queue=queue, village=value)
    else:
        narrowed = Filter(queue=queue, field=value)
    return with_desk(chat, replace(desk_of(chat), filter=narrowed))


def offer_groups(_seen: Seen) -> tuple[Option, ...]:
    """The groups that an aspiration may be for."""
    return tuple(option(name, f"group.{name}", "narrowed") for name in GROUPS)


def keep_group(chat: Chat, value: str) -> Chat:
    """The cards for one group."""
    queue = desk_of(chat).filter.queue
    return with_desk(chat, replace(desk_of(chat), filter=Filter(queue=queue, group=value)))


def card_params(seen: Seen) -> Params:
    """What is on a card."""
    card = card_of(seen)
    if card is None:
        return {"ticket": grouped(seen.chat.focus), "lines": Listing(()), "words": Listing(())}
    return {
        "ticket": grouped(card.row.ticket),
        "lines": Listing(tuple(_lines(card))),
        "words": whole(card.words),
    }


def _lines(card: Card) -> Iterator[Line]:
    yield from _matter(card)
    yield from _state(card)
    yield from _marks(card)
    for change in card.history[1:][-NEWEST:]:
        moved = {"stage": Line(f"stage.{change.stage}"), "decision": Line(f"decision.{change.decision}")}
        yield Line("desk.card.change", {"date": change.at, **moved})
    yield from talk_lines(card.talk[-NEWEST:])
    for note in card.notes[-NEWEST:]:
        yield Line("desk.card.note", {"words": note})


def _matter(card: Card) -> Iterator[Line]:
    yield Line("desk.card.place", {"village": card.row.village, "kecamatan": card.kecamatan})
    if card.landmark:
        yield Line("desk.card.landmark", {"landmark": card.landmark})
    yield Line("desk.card.field", {"field": Line(f"field.{card.row.field}")})


def _state(card: Card) -> Iterator[Line]:
    yield Line(
        "desk.card.state",
        {"stage": Line(f"stage.{card.row.stage}"), "decision": Line(f"decision.{card.decision}")},
    )
    yield Line("desk.card.seen", {"visibility": Line(f"visibility.{card.visibility}")})
    yield Line("desk.card.at", {"date": card.row.at})
    if card.deadline is not None:
        due: Params = {"date": card.deadline}
        yield Line("desk.card.late", due) if card.row.overdue else Line("desk.card.deadline", due)
    for answer, count in card.confirmed:
        yield Line(f"desk.card.confirmed.{answer}", {"n": count})


def _marks(card: Card) -> Iterator[Line]:
    if card.audience:
        groups = Listing(tuple(Line(f"group.{name}") for name in card.audience), joined=True)
        yield Line("desk.card.groups", {"groups": groups})
    if card.recordings:
        yield Line("desk.card.recordings", {"n": card.recordings})
    if card.support:
        yield Line("desk.card.support", {"n": card.support})
    if card.lead:
        yield Line("desk.card.lead", {"ticket": grouped(card.lead)})
    if card.flagged:
        yield Line("desk.card.flagged")
    if card.held:
        yield Line("desk.card.held")
    if card.redacted:
        yield Line("desk.card.redacted", {"words": card.redacted})


def offer_work(seen: Seen) -> tuple[Option, ...]:
    """What these mandates may do with the card."""
    card = card_of(seen)
    if card is None:
        return ()
    offered = (
        ("take", option("release", "desk.release") if card.row.mine else option("take", "desk.take")),
        ("decide", option("decide", "desk.to_decide")),
        ("ask", option("ask", "desk.to_ask")),
        ("merge", Option("merge", Line("desk.to_similar", {"n": card.alike}), "merge")),
        ("listen", option("listen", "desk.listen")),
        ("note", option("note", "desk.to_note")),
        ("redact", option("redact", "desk.to_redact")),
        ("route", option("route", "desk.to_route")),
        ("hold", option("show", "desk.show") if card.held else option("hold", "desk.hold")),
        ("reveal", option("reveal", "desk.to_reveal")),
    )
    here = tuple(one for action, one in offered if action in card.may and _makes_sense(action, card))
    return (option("settle", "desk.settle"), *here) if card.unread else here


def _makes_sense(action: str, card: Card) -> bool:
    match action:
        case "decide":
            return bool(card.choices)
        case "listen":
            return card.recordings > 0
        case "merge":
            return card.alike > 0
        case "take":
            return card.row.mine or not card.row.taken
        case _:
            return True


def offer_agencies(seen: Seen) -> tuple[Option, ...]:
    """The agencies by bidang urusan, each called by the first field of need that leads to it."""
    first = {field.bidang: field.name for field in reversed(seen.facts.house.fields) if field.bidang}
    return tuple(
        Option(bidang, Line("desk.agency", {"bidang": bidang, "field": Line(f"field.{name}")}), "agency")
        for bidang, name in sorted(first.items())
    )


def author_params(seen: Seen) -> Params:
    """Who sent it, for this one message."""
    author = seen.event.author if isinstance(seen.event, AuthorRevealed) else ""
    return {"author": author or Line("desk.nameless")}
