"""What must hold at every turn, whoever does what: the rules that the matrix and the random walk check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, get_args

from conversations import events
from conversations.chat import Chat, Draft, Part
from conversations.events import AnyEvent, Puzzle
from conversations.table import Ask
from conversations.walk import TURN_PAGE
from tests.conversations.talking import FLOWS, Shown, Talk

PAYLOAD_BYTES: Final = 64
TEXT_UNITS: Final = 4096
MOST_SAID: Final = 3
MOST_QUESTIONS: Final = 8
MOST_OF_ANOTHER: Final = 13
"""Questions about oneself (issue 2), and about somebody whom one speaks for."""


NOT_UNDERSTOOD: Final = frozenset(
    (
        *(key for step in FLOWS.steps.values() if isinstance(step, Ask) for key in (step.hint, step.easier)),
        *(f"puzzled.{what}" for what in get_args(Puzzle)),
        *("puzzled.forwarded", "puzzled.own_contact", "puzzled.other_contact", "puzzled.location"),
        *("puzzled.photo", "puzzled.recording", "stuck", "old.button", "unknown.command"),
    )
)
"""What the bot says when it did not understand: then nothing may have changed."""


def parts(chat: Chat) -> tuple[Part, ...]:
    """The person's messages that the chat holds."""
    relay = chat.draft.relay if chat.draft else None
    return (
        *(chat.held.parts if chat.held else ()),
        *(chat.draft.parts if chat.draft and relay is None else ()),
        *(chat.batch.items if chat.batch else ()),
    )


def answers(draft: Draft | None) -> tuple[object, ...]:
    """What a draft holds of the person's own."""
    if draft is None:
        return ()
    places = (draft.village, draft.landmark, draft.pin, draft.landmark_skipped)
    return (draft.serial, draft.parts, places, draft.field, draft.audience, draft.visibility, draft.relay)


def branch(draft: Draft) -> tuple[object, ...]:
    """What decides which questions are asked."""
    relay = draft.relay
    return (draft.candidates, draft.listed, relay and relay.maturity == "forum", relay and relay.alone)


@dataclass(frozen=True, slots=True)
class Counted:
    """What "Langkah n dari N" last said, of which draft, and on what branch."""

    serial: int
    n: int
    total: int
    branch: tuple[object, ...]


@dataclass(slots=True)
class Watched:
    """A talk whose every turn is held against the rules; `thorough` tries every button after every turn."""

    talk: Talk
    counted: Counted | None = None
    messages: list[int] = field(default_factory=lambda: [3])
    thorough: bool = False

    @property
    def new_message(self) -> int:
        """The number of a new message of the person."""
        self.messages.append(self.talk.next_number())
        return self.messages[-1]

    def types(self, text: str) -> list[Shown]:
        """Type a message."""
        return self.hear(events.Typed(at=self.talk.at, message=self.new_message, text=text))

    def presses(self, payload: str, message: int) -> list[Shown]:
        """Press a button, forged or not; its spinner ends, and the same press again is silent."""
        same = self.talk.chat.pressed == f"{message}:{payload}"
        query = f"q{self.talk.next_number()}"
        event = events.Pressed(at=self.talk.at, message=message, payload=payload, query=query)
        said = self.hear(event, silent=same)
        assert self.talk.acknowledged[-1] == query, "the spinner of a press was not ended"
        assert not (same and said), "the same press on the same message was answered twice"
        return said

    def hear(self, event: AnyEvent, *, silent: bool = False) -> list[Shown]:
        """An event of a person: it is answered, unless it is a part that is silently gathered, or flooding."""
        before = self.talk.chat
        said = self.talk.happens(event)
        flooding = self.talk.chat.pace is not None and self.talk.chat.pace.warned
        if not (silent or flooding or self._gathers(before)):
            assert said, f"{event} at {before.step} was not answered"
        self._check(before, event, said)
        return said

    def passes(self, event: AnyEvent) -> list[Shown]:
        """An event that time or an errand brings: it is told at most once, and changes no answer."""
        before = self.talk.chat
        said = self.talk.happens(event)
        assert len(said) <= 1, event
        assert answers(self.talk.chat.draft) == answers(before.draft), f"{event} changed the draft"
        self._check(before, event, said)
        return said

    def _gathers(self, before: Chat) -> bool:
        """Whether one more part was taken in silence: the clock will speak in two seconds."""
        after = self.talk.chat
        took = (parts(after), after.batch) != (parts(before), before.batch)
        counted = after.batch is not None and after.quiet_at != before.quiet_at
        return after.quiet_at is not None and (took or counted)

    def _check(self, before: Chat, event: AnyEvent, said: list[Shown]) -> None:
        assert len(said) <= MOST_SAID, [shown.keys for shown in said]
        keys = {key for shown in said for key in shown.keys}
        if keys & NOT_UNDERSTOOD:
            assert len(said) == 1, f"{event} was answered {len(said)} times: {[s.keys for s in said]}"
            assert answers(self.talk.chat.draft) == answers(before.draft), f"{event} changed the draft"
            assert self.talk.chat.held == before.held, f"{event} changed what is held"
        self._trail_is_bounded()
        self._progress_is_honest(event, said)
        for shown in said:
            is_sound(shown)
        if self.thorough and said and self.talk.chat.quiet_at is None:
            self._everything_shown_works(said[-1])

    def _trail_is_bounded(self) -> None:
        trail = self.talk.chat.trail
        assert len(set(trail)) == len(trail), trail
        assert all(isinstance(step := FLOWS.steps[name], Ask) and step.question for name in trail), trail

    def _progress_is_honest(self, event: AnyEvent, said: list[Shown]) -> None:
        """N falls only after kembali, and N changes only when an answer changed the branch."""
        draft, place, before = self.talk.chat.draft, self.talk.place if said else None, self.counted
        if draft is None or place is None:
            return
        n, total = place
        assert 1 <= n <= total <= (MOST_QUESTIONS if draft.relay is None else MOST_OF_ANOTHER)
        at_the_end = before is not None and before.n == before.total
        anew = draft.relay is not None and (
            at_the_end or self.talk.chat.step in {"relay.consent", "relay.items"}
        )
        back = anew or (isinstance(event, events.Typed) and "kembali" in event.text.casefold())
        if before is not None and before.serial == draft.serial:
            same = total == before.total
            assert same or branch(draft) != before.branch, f"N went from {before.total} to {total} unprovoked"
            assert back or not same or n >= before.n, f"n fell from {before.n} to {n} after {event}"
        self.counted = Counted(draft.serial, n, total, branch(draft))

    def _everything_shown_works(self, shown: Shown) -> None:
        """Each button of the last message leads on, and its typed number does the same."""
        for button in shown.say.buttons:
            pressed, typed = self.talk.copy(), self.talk.copy()
            pressed.chat = typed.chat = replace(self.talk.chat, pace=None, pressed="")
            said = pressed.presses_payload(button.payload, shown.number)
            assert said, button.payload
            assert all("old.button" not in answer.keys for answer in said), button.payload
            if button.number:
                read = typed.types(str(button.number))
                assert [s.keys for s in read] == [s.keys for s in said], f"{button.number} was read otherwise"
                assert answers(typed.chat.draft) == answers(pressed.chat.draft)


def is_sound(shown: Shown) -> None:
    """A message that Telegram takes, whose every choice is named in the text."""
    message = shown.message
    assert message.text.strip()
    assert len(message.text.encode("utf-16-le")) // 2 <= TEXT_UNITS
    for button, rendered in zip(shown.say.buttons, message.buttons, strict=True):
        assert len(button.payload.encode()) <= PAYLOAD_BYTES, button.payload
        wanted = f"{button.number}. {rendered.label}" if button.number else rendered.label
        turning = button.payload.split(":")[1] == TURN_PAGE
        assert turning or wanted in message.text, f"{wanted} is not named in the text"
