"""Walking along the table: entering steps until one waits, and putting a step's question into a message."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Final, assert_never

from conversations.chat import Chat
from conversations.effects import AnyEffect, Button, Line, Listing, Say
from conversations.events import AnyEvent, Filmed, Forwarded, Pictured, Spoke
from conversations.facts import Facts
from conversations.table import MENU, RETURN, Act, Ask, Branch, Flows, Option, Seen, Tell
from conversations.work import Work

MOST_STEPS: Final = 32
"""Steps that one event may pass through; the checker proves that no table needs more."""

STUCK_AFTER: Final = 3
WELCOME_BACK: Final = "welcome.back"
LONGEST_REF: Final = 9
"""Bytes of the longest ref of a payload: a ticket of nine digits; serials of drafts stay below."""

Numbered = tuple[tuple[int, Option], ...]
"""Options with the numbers under which the text lists them."""

SENT: Final = (Spoke, Filmed, Pictured, Forwarded)
"""What comes as one of many, and never as the answer to a choice."""

KNOCK: Final = "knock"
"""The message apart that says to a discreet chat only that something waits; its button asks the present question."""

SENT_LATER: Final = (
    "notice",
    "report.told",
    "transcript",
    "letter",
    "meeting.told",
    "broadcast.told",
    "siar.told",
    "sending.running",
    "sending.paused",
    "sending.ended",
    "followup",
    "deadline",
    "question",
    "reply.told",
    "alert",
    KNOCK,
)
"""Messages with buttons that the clock sends, not a turn."""

TURN_PAGE: Final = "~"
"""The value, and the outcome, of the option that turns the page of a long list."""


@dataclass(slots=True)
class Walk:
    """One event's way through the table: the chat as it changes, the lines to say, the effects so far."""

    flows: Flows
    chat: Chat
    event: AnyEvent
    facts: Facts
    lines: list[Line] = field(default_factory=list)
    effects: list[AnyEffect] = field(default_factory=list)
    came_back: bool = False

    @property
    def seen(self) -> Seen:
        """What readers may look at now."""
        return Seen(self.chat, self.event, self.facts)

    @property
    def present(self) -> Ask | None:
        """The question that the chat waits at; None when it has gone, or when its draft has."""
        return self._askable(self.chat.step)

    def enter(self, name: str) -> None:
        """Go to a step and on, until one waits for the person or for an outcome."""
        for _ in range(MOST_STEPS):
            step = self.flows.steps[self._admitted(self._resolve(name))]
            match step:
                case Ask():
                    return self._arrive(step)
                case Act():
                    return self._act(step)
                case Tell():
                    name = self._tell(step)
                case Branch():
                    reading = step.on(self.seen)
                    self.take(reading.chat, reading.effects)
                    name = step.edges[reading.outcome]
                case _:
                    assert_never(step)
        raise RuntimeError(f"step {name}: more than {MOST_STEPS} steps without a question")

    def take(self, chat: Chat, effects: tuple[AnyEffect, ...] = ()) -> None:
        """Accept what a reader made of the chat."""
        self.chat = chat
        self.effects.extend(effects)

    def ask_again(self, *lines: Line) -> None:
        """Say something and repeat the present question, with what helps after failures."""
        self.lines.extend(lines)
        step = self.present
        if step is not None and not self.admits(step.name):
            self.enter(step.name)
        elif step is not None:
            self._say(step)
        else:
            self.enter(MENU)

    def admits(self, name: str) -> bool:
        """Whether this chat may be at a step now."""
        flow = self.flows.home(name)
        return flow is None or flow.guard is None or flow.guard(self.seen)

    def _admitted(self, name: str) -> str:
        flow = self.flows.home(name)
        return name if flow is None or self.admits(name) else flow.otherwise

    def knock(self) -> None:
        """Say that something waits, and nothing more: others may hold this phone."""
        step = self.flows.steps[KNOCK]
        if isinstance(step, Tell):
            self._tell(step)

    def flush(self) -> None:
        """Say the waiting lines as a message without a question."""
        if self.lines:
            self.effects.append(Say(lines=tuple(self.lines)))
            self.lines.clear()

    def _askable(self, name: str) -> Ask | None:
        step = self.flows.steps.get(name)
        if not isinstance(step, Ask) or (step.ref == "draft" and self.chat.draft is None):
            return None
        return None if step.ref == "batch" and self.chat.batch is None else step

    def _resolve(self, name: str) -> str:
        """The step meant: what was interrupted for RETURN, the menu for what is gone or has lost its draft."""
        if name == RETURN:
            name = self._come_back()
        known = self.flows.steps.get(name)
        return MENU if known is None or (isinstance(known, Ask) and self._askable(name) is None) else name

    def _come_back(self) -> str:
        aside = self.chat.interrupted
        if aside is None:
            return MENU
        self.came_back = True
        self.chat = replace(self.chat, interrupted=None, picked=aside.picked, focus=aside.focus)
        return aside.step if self._askable(aside.step) is not None else MENU

    def _forget_welcome(self) -> None:
        """Whoever goes on answering need not be told where they are."""
        self._welcome_only_at(None)

    def _welcome_only_at(self, place: tuple[int, int] | None) -> None:
        """Say where somebody is only while it is true: an answer may have led on already."""
        here = None if place is None else {"n": place[0], "total": place[1]}
        self.lines = [line for line in self.lines if line.key != WELCOME_BACK or line.params == here]

    def _tell(self, step: Tell) -> str:
        line = Line(step.says, step.params(self.seen))
        if not step.apart:
            if line not in self.lines:  # a guard on the way back may say the same
                self.lines.append(line)
            return step.then
        buttons = tell_buttons(step, self.chat.focus)
        lines = (*self.lines, line, *_how_apart(step))
        self.lines.clear()
        if buttons:
            self.chat = replace(self.chat, apart=tuple(button.payload for button in buttons))
        self.effects.append(Say(lines=lines, buttons=buttons, keyboard=step.keyboard))
        return step.then

    def _act(self, step: Act) -> None:
        self._forget_welcome()
        self.flush()
        trail = () if step.seals else self.chat.trail
        self.chat = replace(self.chat, step=step.name, trail=trail)
        self.effects.append(step.does(self.seen))

    def _arrive(self, step: Ask) -> None:
        left = self.flows.steps.get(self.chat.step)
        if self._answer_was_edited(left, step):
            step = self.flows.steps[self.flows.review(step.name)]  # type: ignore[assignment]
        self.chat = replace(
            self.chat,
            step=step.name,
            trail=self._trail(left, step),
            failures=0,
            page=self.chat.page if step.several and left is step else 0,
            picked=self._picks(left, step),
            interrupted=None if step.name == MENU or step.question else self.chat.interrupted,
        )
        if step.review and self.chat.draft is not None and self.chat.draft.editing:
            self.chat = self.chat.with_draft(editing=False)
        if self._gathers(left, step):
            self.chat = replace(self.chat, quiet_at=self.event.at + step.quiet)
        else:
            self._say(step)

    def _picks(self, left: object, step: Ask) -> tuple[str, ...]:
        """What is picked stays while the topic is the same, and over an interruption."""
        same = isinstance(left, Ask) and left.several and _same_topic(left, step)
        return self.chat.picked if step.several and (same or self.came_back) else ()

    def _gathers(self, left: object, step: Ask) -> bool:
        """Whether one more message of an answer has come, and nothing needs to be said about it yet.

        Whoever comes back to the question, as by the button of a knock, is to see it.
        """
        if self.came_back:
            return False
        within = left is step or (step.topic != "" and _same_topic(left, step))
        if not step.silent or not (within or isinstance(self.event, SENT)):
            return False
        self._forget_welcome()
        return not self.lines

    def _answer_was_edited(self, left: object, step: Ask) -> bool:
        draft = self.chat.draft
        edited = draft is not None and draft.editing and isinstance(left, Ask) and left.question != ""
        return edited and step.question != "" and not _same_topic(left, step)

    def _trail(self, left: object, step: Ask) -> tuple[str, ...]:
        """The way back: truncated on revisit, untouched while an answer is edited, empty at the menu."""
        trail = self.chat.trail
        if step.name == MENU:
            return ()
        if self.chat.draft is not None and self.chat.draft.editing:
            return trail
        if isinstance(left, Ask) and left.name != step.name and left.question:
            trail = (*trail, left.name)
        return trail[: trail.index(step.name)] if step.name in trail else trail

    def _say(self, step: Ask) -> None:
        self._welcome_only_at(place_of(self.flows, step, self.chat))
        every = _numbered(all_options(step, self.seen))
        options = shown_options(step, every, self.chat.page)
        lines = [*self.lines, *self.progress(step), Line(step.says, step.params(self.seen))]
        self.lines.clear()
        beyond = ways_on(step, len(every), self.chat.failures)
        options = (*options, *_numbered(beyond, start=len(every) + 1))
        ref = ref_of(step, self.chat)
        buttons = tuple(_button(step.name, number, choice, ref) for number, choice in options)
        self.effects.append(Say(lines=tuple(lines), buttons=buttons))
        if self.chat.quiet_at is not None:
            self.chat = replace(self.chat, quiet_at=None)

    def progress(self, step: Ask) -> tuple[Line, ...]:
        """Say "Langkah n dari N" at a counted question of the draft; nothing elsewhere."""
        place = place_of(self.flows, step, self.chat)
        if place is None or (self.chat.draft is not None and self.chat.draft.editing):
            return ()
        return (Line("progress", {"n": place[0], "total": place[1]}),)


def place_of(flows: Flows, step: Ask, chat: Chat) -> tuple[int, int] | None:
    """(n, N) of a counted question: N changes only when an answer changes which questions are asked."""
    draft = chat.draft
    if draft is None or not step.question:
        return None
    asked = [q.name for q in flows.questions(step.name) if q.name == step.question or q.when(draft)]
    return asked.index(step.question) + 1, len(asked)


def all_options(step: Ask, seen: Seen) -> tuple[Option, ...]:
    """The offered options, then the fixed ones."""
    offered = step.offers(seen) if step.offers is not None else ()
    return (*offered, *step.options)


def ways_on(step: Ask, count: int, failures: int) -> tuple[Option, ...]:
    """What follows the `count` options on every page: turning it, and after three failures the rescue."""
    paged = count - len(step.options) if step.several else count
    turn = (Option(TURN_PAGE, Line("page.button"), TURN_PAGE),) if 0 < step.page < paged else ()
    return (*turn, *step.rescue) if failures >= STUCK_AFTER else turn


def on_page(step: Ask, numbered: Numbered, page: int) -> Numbered:
    """The numbered options of a page; numbers stay the same on every page."""
    if not step.page or len(numbered) <= step.page:
        return numbered
    first = page * step.page % len(numbered)
    return numbered[first : first + step.page]


def shown_options(step: Ask, numbered: Numbered, page: int) -> Numbered:
    """Those of a page; where several are chosen, what ends the choosing stands on every page."""
    ends = len(step.options) if step.several and step.page else 0
    chosen, fixed = numbered[: len(numbered) - ends], numbered[len(numbered) - ends :]
    return (*on_page(step, chosen, page), *fixed)


def ref_of(step: Ask, chat: Chat) -> str:
    """What a payload of this step refers to."""
    match step.ref:
        case "draft":
            return str(chat.draft.serial if chat.draft else 0)
        case "focus":
            return chat.focus
        case "batch":
            return str(chat.batch.serial if chat.batch else 0)
        case "work":
            return _digest(chat.work)
        case "":
            return "0"
        case _:
            assert_never(step.ref)


def _digest(work: Work | None) -> str:
    """The same before and after it was stored: a date is what it says, not which object holds it."""
    written = json.dumps(work and asdict(work), default=str, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:LONGEST_REF]


def tell_buttons(step: Tell, focus: str) -> tuple[Button, ...]:
    """The buttons under a message apart, which may be pressed at any time.

    They have no numbers: a typed number always answers the question that follows.
    """
    return tuple(_button(step.name, 0, choice, focus) for choice in step.options)


def _how_apart(step: Tell) -> tuple[Line, ...]:
    """What can be typed instead of pressing, by name: a screen reader hears the text first."""
    named = Listing(tuple(choice.label for choice in step.options))
    return (Line("options.apart", {"options": named}),) if step.options else ()


def _numbered(options: tuple[Option, ...], start: int = 1) -> Numbered:
    return tuple(enumerate(options, start=start))


def _button(step: str, number: int, choice: Option, ref: str) -> Button:
    return Button(label=choice.label, payload=f"{step}:{choice.value}:{ref}", number=number)


def _same_topic(left: object, step: Ask) -> bool:
    return isinstance(left, Ask) and left.topic == step.topic
