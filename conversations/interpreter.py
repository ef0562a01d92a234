"""One turn of a conversation: (flows, chat, event, facts) in, (chat, effects) out. Pure.

Every event of a person gets exactly one kind answer; an event that no step reads costs no answer already
given. Outcomes of effects come back as events and take the edges of the `Act` that is waiting for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, assert_never, get_args

from conversations import events
from conversations.answers import Labels, Speech, choose, letter_labels, named_letter, names_option, press
from conversations.chat import Aside, Chat
from conversations.effects import Acknowledge, AnyEffect, Line, MarkReachable, Say
from conversations.events import AnyEvent, Incoming
from conversations.facts import Facts
from conversations.forgetting import without_old
from conversations.losing import named, without
from conversations.pace import ONE_OF_MANY, pace
from conversations.puzzles import help_after_failure
from conversations.readers import rewrite
from conversations.table import MENU, RETURN, Act, Ask, Flows, Reading, Tell
from conversations.ticket import grouped
from conversations.walk import (
    LONGEST_REF,
    SENT,
    TURN_PAGE,
    WELCOME_BACK,
    Walk,
    place_of,
    ref_of,
)

PAUSE: Final = timedelta(minutes=10)
"""After so long a pause with an open draft the bot first says where one was (issue 2)."""

KEYBOARD_WORDS: Final = frozenset({"back", "repeat", "help", "menu"})
"""Global words on the reply keyboard, and all commands, beat every option. The others yield to what the
present question names: asked "Hapus usulan ini?", "hapus" is an answer and not the wish to erase everything.
"""

Turn = tuple[Chat, tuple[AnyEffect, ...]]
_INCOMING = get_args(Incoming)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The table and the language it is spoken in. `_letters`: by locale, so that no turn reads all labels anew."""

    flows: Flows
    speech: Speech
    _letters: dict[str, Labels] = field(default_factory=dict, init=False, repr=False, compare=False)

    def turn(self, chat: Chat, event: AnyEvent, facts: Facts) -> Turn:
        """What one event changes, and what it asks of the world."""
        walk = Walk(self.flows, chat, event, facts)
        if chat.kind == "group":
            _answer_group(walk)
        elif isinstance(event, _INCOMING):
            self._hear(walk)
        else:
            self._return(walk)
        return walk.chat, tuple(walk.effects)

    def _hear(self, walk: Walk) -> None:
        event = walk.event
        if isinstance(event, events.Blocked | events.Unblocked):
            walk.effects.append(MarkReachable(reachable=isinstance(event, events.Unblocked)))
            return
        if not self._in_time(walk):
            return
        before = walk.chat.seen_at
        pressed = walk.chat.pressed if isinstance(event, events.Pressed) else ""
        walk.chat = replace(walk.chat, seen_at=event.at, pressed=pressed)
        if before is None:
            _greet_language(walk)
        elif event.at - before > PAUSE:
            walk.lines.extend(_where_one_was(walk))
        self._answer(walk)

    def _in_time(self, walk: Walk) -> bool:
        many = walk.chat.batch is not None and isinstance(walk.event, SENT)
        verdict, bucket = pace(walk.chat.pace, walk.event.at, ONE_OF_MANY if many else 1.0)
        walk.chat = replace(walk.chat, pace=bucket)
        if isinstance(walk.event, events.Pressed) and verdict != "pass":
            walk.effects.append(Acknowledge(query=walk.event.query))
        if verdict == "warn":
            walk.effects.append(Say(lines=(Line("flood.warning"),)))
        return verdict == "pass"

    def _answer(self, walk: Walk) -> None:
        event = walk.event
        if isinstance(event, events.Started):
            walk.effects.append(MarkReachable(reachable=True))
            walk.enter(self.flows.first)
        elif isinstance(event, events.Pressed):
            self._pressed(walk, event)
        elif isinstance(event, events.Edited):
            _edited(walk, event)
        elif not (isinstance(event, events.Typed) and self._said_global(walk, event)) and not self._replied(
            walk
        ):
            self._read(walk)

    # Presses

    def _pressed(self, walk: Walk, event: events.Pressed) -> None:
        walk.effects.append(Acknowledge(query=event.query))
        stamp = f"{event.message}:{event.payload}"
        if stamp == walk.chat.pressed:
            walk.lines.clear()
            return
        walk.chat = replace(walk.chat, pressed=stamp)
        name, _, rest = event.payload.partition(":")
        value, _, ref = rest.partition(":")
        step = self.flows.steps.get(name)
        present = walk.present
        if isinstance(step, Tell) and any(choice.value == value for choice in step.options) and _sound(ref):
            self._pressed_apart(walk, step, value, ref)
        elif present is not None and name == present.name and ref == ref_of(present, walk.chat):
            self._follow(walk, present, press(present, walk.seen, value), stale=True)
        else:
            walk.ask_again(Line("old.button"))

    def _named_apart(self, walk: Walk, text: str, *, whole: bool) -> bool:
        """Whether a text names a button of the last message apart: by its label, or by a synonym too."""
        said = self.speech.fold(text)
        for payload in walk.chat.apart:
            name, value, ref = payload.split(":")
            step = self.flows.steps.get(name)
            if isinstance(step, Tell):
                named = [
                    self.speech.names(o.label, walk.chat.locale) for o in step.options if o.value == value
                ]
                if any(said in (names[:1] if whole else names) for names in named):
                    self._pressed_apart(walk, step, value, ref)
                    return True
        return False

    def _named_letter(self, walk: Walk, text: str) -> bool:
        """Whether a text names a button under a message that the clock sent, and nothing of the open question."""
        locale = walk.chat.locale
        if locale not in self._letters:
            self._letters[locale] = letter_labels(self.flows, self.speech, locale)
        found = named_letter(self._letters[locale], walk.seen, self.speech, text)
        if found is None or self._is_option(walk, text, whole=False):
            return False
        self._pressed_apart(walk, *found)
        return True

    def _pressed_apart(self, walk: Walk, step: Tell, value: str, ref: str) -> None:
        leads = next(choice.leads for choice in step.options if choice.value == value)
        walk.chat = replace(_interrupt(walk), focus=ref)
        walk.enter(step.edges[leads])

    # Words

    def _said_global(self, walk: Walk, event: events.Typed) -> bool:
        word = self.speech.global_word(event.text, walk.chat.locale)
        if event.text.lstrip().startswith("/") or word in KEYBOARD_WORDS:
            return self._commanded(walk, word)
        apart = bool(walk.chat.apart) and not self._is_option(walk, event.text, whole=True)
        if apart and self._named_apart(walk, event.text, whole=True):
            return True
        if self._named_letter(walk, event.text):
            return True
        if word is None or self._is_option(walk, event.text):
            return False
        return self._commanded(walk, word)

    def _is_option(self, walk: Walk, text: str, *, whole: bool = False) -> bool:
        step = walk.present
        return step is not None and names_option(step, walk.seen, self.speech, text, whole=whole)

    def _commanded(self, walk: Walk, word: str | None) -> bool:
        if word is None:
            walk.ask_again(Line("unknown.command"))
        else:
            self._obey(walk, word)
        return True

    def _obey(self, walk: Walk, word: str) -> None:
        match word:
            case "repeat":
                walk.ask_again()
            case "back":
                self._go_back(walk)
            case _:
                if word != "menu":
                    walk.chat = _interrupt(walk)
                walk.enter(self.flows.globals[word])

    def _go_back(self, walk: Walk) -> None:
        """One question back: in the trail, else in the order of the questions, else where one came from."""
        chat = walk.chat
        step = walk.present
        if chat.interrupted and not (step is not None and step.question):
            walk.enter(RETURN)
        elif chat.draft is not None and chat.draft.editing and step is not None and step.name != MENU:
            walk.enter(self.flows.review(step.name))
        elif trail := self._way_back(chat):
            walk.chat = replace(chat, trail=trail[:-1], step="")
            walk.enter(trail[-1])
        else:
            walk.chat = replace(chat, step="")
            walk.enter(self._question_before(step, chat) or MENU)

    def _way_back(self, chat: Chat) -> tuple[str, ...]:
        """The trail without its last questions, as far as later answers have made them needless."""
        needless = {
            q.name for q in self.flows.questions(chat.step) if chat.draft is None or not q.when(chat.draft)
        }
        trail = chat.trail
        while trail and getattr(self.flows.steps.get(trail[-1]), "question", "") in needless:
            trail = trail[:-1]
        return trail

    def _question_before(self, step: Ask | None, chat: Chat) -> str:
        if step is None or chat.draft is None or not step.question:
            return ""
        asked = [q for q in self.flows.questions(step.name) if q.name == step.question or q.when(chat.draft)]
        here = [q.name for q in asked].index(step.question)
        return asked[here - 1].at if here else ""

    # Answers

    def _read(self, walk: Walk) -> None:
        step = walk.present
        if step is None:
            self._read_first(walk)
            return
        event = walk.event
        reading = choose(step, walk.seen, self.speech) or _first_reading(step, walk)
        typed = event.text if isinstance(event, events.Typed) and reading is None else ""
        if not self._named_apart(walk, typed, whole=False):
            self._follow(walk, step, reading)

    def _read_first(self, walk: Walk) -> None:
        """A chat that begins without /start: its words are read as at the menu, and never scolded."""
        menu = self.flows.steps[MENU]
        reading = _first_reading(menu, walk) if isinstance(menu, Ask) else None
        if reading is None or not isinstance(menu, Ask):
            walk.enter(MENU if walk.chat.step else self.flows.first)
        else:
            self._follow(walk, menu, reading)

    def _follow(self, walk: Walk, step: Ask, reading: Reading[str] | None, *, stale: bool = False) -> None:
        if not walk.admits(step.name):
            walk.enter(step.name)
        elif reading is None and stale:
            walk.ask_again(Line("old.button"))
        elif reading is None:
            walk.chat = replace(walk.chat, failures=walk.chat.failures + 1)
            walk.ask_again(*help_after_failure(step, walk.event, walk.chat.failures))
        elif reading.outcome == TURN_PAGE:
            walk.take(reading.chat)
            walk.ask_again()
        else:
            walk.take(reading.chat, reading.effects)
            if any(choice.leads == reading.outcome for choice in step.rescue):
                walk.chat = _interrupt(walk)
            walk.enter(step.edges[reading.outcome])

    def _replied(self, walk: Walk) -> bool:
        """Whether a message answers, as a Telegram reply, one that the clock sent, and is read by what reads those.

        The messages themselves are looked up only when something is a reply.
        """
        number = walk.event.reply_to if isinstance(walk.event, events.REPLYING) else 0
        found = walk.facts.asking.replied(number) if number else None
        told = self.flows.steps.get(found[0]) if found else None
        step = self.flows.steps.get(told.reply) if isinstance(told, Tell) else None
        if found is None or not isinstance(step, Ask):
            return False
        walk.chat = replace(_interrupt(walk), focus=found[1], step=step.name)
        self._follow(walk, step, _first_reading(step, walk))
        return True

    # What comes back

    def _return(self, walk: Walk) -> None:
        event = walk.event
        match event:
            case events.Quieted():
                if walk.chat.quiet_at is not None and walk.chat.quiet_at <= event.at:
                    walk.ask_again()
            case events.DraftRested():
                if walk.chat.draft is not None and walk.chat.mode.discreet:
                    walk.knock()
                elif walk.chat.draft is not None:
                    walk.ask_again(Line("draft.reminder"))
            case events.HeldExpired():
                walk.chat = without_old(self.flows, walk.chat, event.at)
            case events.TurnFailed():
                walk.ask_again(Line("turn.failed"))
            case events.MediaLost():
                self._lose(walk, event)
            case events.Outcome():
                self._outcome(walk, event)
            case _:
                assert_never(event)  # type: ignore[arg-type]

    def _lose(self, walk: Walk, event: events.MediaLost) -> None:
        """A recording that cannot be heard leaves the answer; what was sent already is told of by its ticket."""
        loss = without(walk.chat, event.unique_id)
        walk.lines.append(Line(f"media.lost.{event.reason}"))
        if loss is None:
            walk.ask_again(*([Line("lost.sent", {"ticket": grouped(event.ticket)})] if event.ticket else []))
            return
        walk.lines.append(Line("lost.which", {"part": named(loss.part)}))
        again = self.flows.again(walk.chat.step) if loss.emptied else ""
        gathering = walk.chat.quiet_at is not None and not again
        walk.chat = replace(loss.chat, step="") if again else loss.chat
        if gathering:
            walk.flush()
        elif again:
            walk.enter(again)
        else:
            walk.ask_again()

    def _outcome(self, walk: Walk, event: events.AnyOutcome) -> None:
        step = self.flows.steps.get(walk.chat.step)
        if not isinstance(step, Act):
            return
        if step.keep is not None:
            walk.take(step.keep(walk.seen))
        reason = f"refused.{event.reason}" if isinstance(event, events.Refused) else event.name
        walk.enter(step.edges.get(reason, "") or step.edges[event.name])


def _answer_group(walk: Walk) -> None:
    """In a group the bot says once that it works in private chats, then keeps silent (issue 2)."""
    if isinstance(walk.event, events.Pressed):
        walk.effects.append(Acknowledge(query=walk.event.query))
    if walk.chat.seen_at is None and isinstance(walk.event, _INCOMING):
        walk.chat = replace(walk.chat, seen_at=walk.event.at)
        walk.effects.append(Say(lines=(Line("group.private_only"),)))


def _greet_language(walk: Walk) -> None:
    """Telegram's language is only the first guess."""
    language = getattr(walk.event, "language", "")
    if language in walk.facts.house.locales:
        walk.chat = replace(walk.chat, locale=language)


def _where_one_was(walk: Walk) -> tuple[Line, ...]:
    step = walk.present
    place = place_of(walk.flows, step, walk.chat) if step is not None else None
    if place is None or isinstance(walk.event, events.Started):
        return ()
    return (Line(WELCOME_BACK, {"n": place[0], "total": place[1]}),)


def _interrupt(walk: Walk) -> Chat:
    """Remember the question that a global word or an old button interrupts."""
    chat = walk.chat
    step = walk.present
    if step is None or step.name == MENU or (chat.interrupted is not None and not step.question):
        return chat
    return replace(chat, interrupted=Aside(step=step.name, picked=chat.picked, focus=chat.focus))


def _sound(ref: str) -> bool:
    """Whether a ref may be one of ours: what stands in a payload can be forged (Bot API, CallbackQuery)."""
    return not ref or (ref.isascii() and ref.isdecimal() and len(ref) <= LONGEST_REF)


def _first_reading(step: Ask, walk: Walk) -> Reading[str] | None:
    readings = (reader(walk.seen) for reader in step.readers)
    return next((reading for reading in readings if reading is not None), None)


def _edited(walk: Walk, event: events.Edited) -> None:
    """An edited message updates the answer that it gave, and the bot says so."""
    changed = rewrite(walk.chat, event)
    said = Line("edit.too_late") if changed is None else Line("edit.taken")
    walk.chat = changed or walk.chat
    walk.ask_again(said)
