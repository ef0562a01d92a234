"""The desk of the staff in the chat: queues, cards, what is done with them, and deciding (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from conversations.chat import Chat
from conversations.desk import (
    Decide,
    Filter,
    HoldCard,
    NoteCard,
    RedactCard,
    ReleaseCard,
    RevealAuthor,
    RouteCard,
    SendRecordings,
    TakeCard,
    UndoDecisions,
    VerdictDraft,
)
from conversations.effects import AnyEffect
from conversations.events import Typed
from conversations.flows.desk_words import (
    EVERYTHING,
    author_params,
    card_of,
    card_params,
    desk_of,
    is_staff,
    keep_filter,
    keep_undo,
    list_params,
    offer_agencies,
    offer_cards,
    offer_decisions,
    offer_filters,
    offer_queues,
    offer_reasons,
    offer_stages,
    offer_work,
    preview_params,
    verdict_of,
    with_desk,
    with_verdict,
)
from conversations.table import MENU, Act, Ask, Branch, Flow, Reading, Seen, Tell, option

LONGEST_REMARK: Final = 1000  # characters of what is typed for a card


def keep_queue(chat: Chat, value: str) -> Chat:
    """Look at a queue."""
    if value == "menu":
        return chat
    return with_desk(chat, replace(desk_of(chat), filter=Filter(queue=value)))  # type: ignore[arg-type]


def keep_card(chat: Chat, value: str) -> Chat:
    """Look at a card."""
    return replace(chat, focus=value) if value.isdecimal() else chat


def look(seen: Seen) -> Reading[Literal["found", "gone"]]:
    """Whether the card can be read here, still."""
    return Reading("gone" if card_of(seen) is None else "found", seen.chat)


def read_remark(seen: Seen) -> Reading[Literal["written", "long"]] | None:
    """What is typed for a card."""
    if not isinstance(seen.event, Typed) or not any(char.isalnum() for char in seen.event.text):
        return None
    words = seen.event.text.strip()
    if len(words) > LONGEST_REMARK:
        return Reading("long", seen.chat)
    return Reading("written", replace(seen.chat, picked=(words,)))


def read_sentence(seen: Seen) -> Reading[Literal["written", "long"]] | None:
    """The sentence for the resident."""
    read = read_remark(seen)
    if read is None or read.outcome == "long":
        return read
    verdict = replace(verdict_of(seen.chat), note=read.chat.picked[0])
    return Reading("written", with_verdict(seen.chat, verdict))


def read_place(seen: Seen) -> Reading[Literal["village", "unknown"]] | None:
    """The village that it is about after all, by its name."""
    if not isinstance(seen.event, Typed):
        return None
    found = seen.facts.find_villages(seen.event.text)
    if len(found.exact) == 1:
        return Reading("village", replace(seen.chat, picked=(found.exact[0].kode,)))
    return Reading("unknown", seen.chat)


def keep_picked(chat: Chat, value: str) -> Chat:
    """The agency that it goes to."""
    return replace(chat, picked=(value,))


def keep_stage(chat: Chat, value: str) -> Chat:
    """Begin a verdict."""
    return with_verdict(chat, VerdictDraft(tickets=(chat.focus,), stage=value))


def keep_decision(chat: Chat, value: str) -> Chat:
    """What is decided."""
    return with_verdict(chat, replace(verdict_of(chat), decision=value, reason="", note=""))


def keep_reason(chat: Chat, value: str) -> Chat:
    """Why not."""
    return with_verdict(chat, replace(verdict_of(chat), reason=value))


def is_negative(seen: Seen) -> Reading[Literal["no", "yes"]]:
    """Whether a reason is owed."""
    card = card_of(seen)
    negative = card is not None and verdict_of(seen.chat).decision in card.negative
    return Reading("no" if negative else "yes", seen.chat)


def _typed(seen: Seen) -> str:
    return seen.chat.picked[0] if seen.chat.picked else ""


def take(seen: Seen) -> AnyEffect:
    """Take the card in focus."""
    return TakeCard(ticket=seen.chat.focus)


def release(seen: Seen) -> AnyEffect:
    """Give it back."""
    return ReleaseCard(ticket=seen.chat.focus)


def listen(seen: Seen) -> AnyEffect:
    """Have its recordings sent."""
    return SendRecordings(ticket=seen.chat.focus)


def note(seen: Seen) -> AnyEffect:
    """Keep the note."""
    return NoteCard(ticket=seen.chat.focus, words=_typed(seen))


def redact(seen: Seen) -> AnyEffect:
    """Show others these words."""
    return RedactCard(ticket=seen.chat.focus, words=_typed(seen))


def route(seen: Seen) -> AnyEffect:
    """Send it on: the code of a village has three dots, that of an agency one."""
    where = _typed(seen)
    if where.count(".") > 1:
        return RouteCard(ticket=seen.chat.focus, village=where)
    return RouteCard(ticket=seen.chat.focus, agency=where)


def hold(seen: Seen) -> AnyEffect:
    """Hold it back, or show it again."""
    return HoldCard(ticket=seen.chat.focus)


def reveal(seen: Seen) -> AnyEffect:
    """Ask who it was."""
    return RevealAuthor(ticket=seen.chat.focus, reason=_typed(seen))


def decide(seen: Seen) -> AnyEffect:
    """Record the verdict."""
    return Decide(verdict=verdict_of(seen.chat))


def undo(seen: Seen) -> AnyEffect:
    """Take it back."""
    return UndoDecisions(events=desk_of(seen.chat).undo)


REFUSED: Final = {"refused": "desk.refused", "refused.taken": "desk.taken"}
WRITING: Final = {"long": "desk.long"}
CANCEL: Final = option("back", "desk.to_card")

DESK = Flow(
    name="desk",
    guard=is_staff,
    otherwise="desk.not_yours",
    steps=(
        Ask(
            name="desk",
            says="desk",
            offers=offer_queues,
            leads=("queue",),
            options=(option("menu", "tasks.to_menu"),),
            keep=keep_queue,
            edges={"queue": "desk.list", "menu": MENU},
        ),
        Ask(
            name="desk.list",
            says="desk.list",
            params=list_params,
            offers=offer_cards,
            leads=("picked",),
            options=(option("narrow", "desk.to_filter"), option("back", "desk.to_queues")),
            keep=keep_card,
            page=6,
            edges={"picked": "desk.look", "narrow": "desk.filter", "back": "desk"},
        ),
        Ask(
            name="desk.filter",
            says="desk.filter",
            offers=offer_filters,
            leads=("narrowed",),
            options=(option(EVERYTHING, "desk.filter.every", "narrowed"),),
            keep=keep_filter,
            page=6,
            edges={"narrowed": "desk.list"},
        ),
        Branch(name="desk.look", on=look, edges={"found": "desk.card", "gone": "desk.gone"}),
        Tell(name="desk.gone", says="desk.gone", then="desk"),
        Tell(name="desk.refused", says="desk.refused", then="desk"),
        Tell(name="desk.taken", says="desk.taken", then="desk.look"),
        Ask(
            name="desk.card",
            says="desk.card",
            params=card_params,
            ref="focus",
            offers=offer_work,
            leads=("take", "release", "decide", "listen", "note", "redact", "route", "hold", "reveal"),
            options=(option("list", "desk.to_list"),),
            page=6,
            edges={
                "take": "desk.take",
                "release": "desk.release",
                "decide": "desk.stage",
                "listen": "desk.listen",
                "note": "desk.note",
                "redact": "desk.redact",
                "route": "desk.route",
                "hold": "desk.hold",
                "reveal": "desk.reveal",
                "list": "desk.list",
            },
        ),
        Act(name="desk.take", does=take, performs=TakeCard, edges={"saved": "desk.took", **REFUSED}),
        Tell(name="desk.took", says="desk.took", then="desk.look"),
        Act(
            name="desk.release",
            does=release,
            performs=ReleaseCard,
            edges={"saved": "desk.released", **REFUSED},
        ),
        Tell(name="desk.released", says="desk.released", then="desk.look"),
        Act(
            name="desk.listen",
            does=listen,
            performs=SendRecordings,
            edges={"saved": "desk.sent", "refused": "desk.refused"},
        ),
        Tell(name="desk.sent", says="desk.sent", then="desk.look"),
        Ask(
            name="desk.note",
            says="desk.note",
            ref="focus",
            options=(CANCEL,),
            readers=(read_remark,),
            edges={"written": "desk.note.save", "back": "desk.look", **WRITING},
            hint="hint.desk",
            easier="hint.desk",
        ),
        Tell(name="desk.long", says="desk.long", then="desk.look"),
        Act(
            name="desk.note.save",
            does=note,
            performs=NoteCard,
            edges={"saved": "desk.noted", "refused": "desk.refused"},
        ),
        Tell(name="desk.noted", says="desk.noted", then="desk.look"),
        Ask(
            name="desk.redact",
            says="desk.redact",
            params=card_params,
            ref="focus",
            options=(CANCEL,),
            readers=(read_remark,),
            edges={"written": "desk.redact.save", "back": "desk.look", **WRITING},
            hint="hint.desk",
            easier="hint.desk",
        ),
        Act(
            name="desk.redact.save",
            does=redact,
            performs=RedactCard,
            edges={"saved": "desk.redacted", "refused": "desk.refused"},
        ),
        Tell(name="desk.redacted", says="desk.redacted", then="desk.look"),
        Ask(
            name="desk.route",
            says="desk.route",
            ref="focus",
            offers=offer_agencies,
            leads=("agency",),
            options=(CANCEL,),
            readers=(read_place,),
            keep=keep_picked,
            page=6,
            edges={
                "agency": "desk.route.save",
                "village": "desk.route.save",
                "unknown": "desk.route.unknown",
                "back": "desk.look",
            },
            hint="hint.desk",
            easier="hint.desk",
        ),
        Tell(name="desk.route.unknown", says="desk.route.unknown", then="desk.route"),
        Act(
            name="desk.route.save",
            does=route,
            performs=RouteCard,
            edges={"saved": "desk.routed", "refused": "desk.refused"},
        ),
        Tell(name="desk.routed", says="desk.sent_on", then="desk"),
        Act(
            name="desk.hold",
            does=hold,
            performs=HoldCard,
            edges={"saved": "desk.held", "refused": "desk.refused"},
        ),
        Tell(name="desk.held", says="desk.held", then="desk.look"),
        Ask(
            name="desk.reveal",
            says="desk.reveal",
            ref="focus",
            options=(CANCEL,),
            readers=(read_remark,),
            edges={"written": "desk.reveal.do", "back": "desk.look", **WRITING},
            hint="hint.desk",
            easier="hint.desk",
        ),
        Act(
            name="desk.reveal.do",
            does=reveal,
            performs=RevealAuthor,
            edges={"revealed": "desk.revealed", "refused": "desk.refused"},
        ),
        Tell(name="desk.revealed", says="desk.revealed", params=author_params, then="desk.look"),
        Ask(
            name="desk.stage",
            says="decide.stage",
            ref="focus",
            offers=offer_stages,
            leads=("stage",),
            options=(CANCEL,),
            keep=keep_stage,
            page=6,
            edges={"stage": "desk.decision", "back": "desk.look"},
        ),
        Ask(
            name="desk.decision",
            says="decide.decision",
            ref="focus",
            offers=offer_decisions,
            leads=("decision",),
            options=(CANCEL,),
            keep=keep_decision,
            page=6,
            edges={"decision": "desk.negative", "back": "desk.look"},
        ),
        Branch(name="desk.negative", on=is_negative, edges={"no": "desk.reason", "yes": "desk.preview"}),
        Ask(
            name="desk.reason",
            says="decide.reason",
            ref="focus",
            offers=offer_reasons,
            leads=("reason",),
            options=(CANCEL,),
            keep=keep_reason,
            page=6,
            edges={"reason": "desk.sentence", "back": "desk.look"},
        ),
        Ask(
            name="desk.sentence",
            says="decide.sentence",
            ref="focus",
            options=(CANCEL,),
            readers=(read_sentence,),
            edges={"written": "desk.preview", "back": "desk.look", **WRITING},
            hint="hint.desk",
            easier="hint.desk",
        ),
        Ask(
            name="desk.preview",
            says="decide.preview",
            params=preview_params,
            ref="focus",
            options=(
                option("send", "decide.send"),
                option("words", "decide.words"),
                option("change", "decide.change"),
                CANCEL,
            ),
            edges={
                "send": "desk.decide",
                "words": "desk.sentence",
                "change": "desk.stage",
                "back": "desk.look",
            },
        ),
        Act(
            name="desk.decide",
            does=decide,
            performs=Decide,
            keep=keep_undo,
            edges={"decided": "desk.done", "refused": "desk.refused"},
            seals=True,
        ),
        Ask(
            name="desk.done",
            says="decide.done",
            ref="focus",
            options=(
                option("undo", "decide.undo"),
                option("next", "desk.to_list"),
                option("card", "desk.to_card"),
            ),
            edges={"undo": "desk.undo", "next": "desk.list", "card": "desk.look"},
        ),
        Act(
            name="desk.undo",
            does=undo,
            performs=UndoDecisions,
            edges={"saved": "desk.undone", "refused": "desk.undo.late"},
        ),
        Tell(name="desk.undone", says="decide.undone", then="desk.look"),
        Tell(name="desk.undo.late", says="decide.late", then="desk.look"),
    ),
)
