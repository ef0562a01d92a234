"""The vocabulary of flow tables: steps as values, edges as data.

A flow is read top to bottom in the order of the chat. Nothing in it returns the next step: a reader names an
outcome, and the step's `edges` map outcomes to steps. Hence tables can be checked, drawn and walked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Generic, Literal, TypeVar

from conversations.chat import Chat, Draft
from conversations.effects import AnyEffect, Line, Param
from conversations.events import AnyEvent
from conversations.facts import Facts

QUIET: Final = timedelta(seconds=2)
"""How long a chat must be quiet before an answer in several messages is confirmed (issue 2)."""

RETURN: Final = "@return"
"""An edge back to the step that a global word or an old button interrupted; the menu when there is none."""

MENU: Final = "menu"
Named = TypeVar("Named", bound=str, covariant=True)  # noqa: PLC0105  (a name, not a container)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader may look at: the chat, the event, and the facts."""

    chat: Chat
    event: AnyEvent
    facts: Facts


@dataclass(frozen=True, slots=True)
class Reading(Generic[Named]):
    """What a reader understood: the outcome's name, the chat with the answer in it, and effects, if any."""

    outcome: Named
    chat: Chat
    effects: tuple[AnyEffect, ...] = ()


Params = Mapping[str, Param]
Reader = Callable[[Seen], Reading[str] | None]
Judge = Callable[[Seen], Reading[str]]
Teller = Callable[[Seen], Params]
Keep = Callable[[Chat, str], Chat]
Doer = Callable[[Seen], AnyEffect]
Guard = Callable[[Seen], bool]


def nothing(_seen: Seen) -> Params:
    """A text without parameters."""
    return {}


def keep_nothing(chat: Chat, _value: str) -> Chat:
    """An option that stores nothing."""
    return chat


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its value in the payload, its label, and the outcome that it leads to."""

    value: str
    label: Line
    leads: str


Offer = Callable[[Seen], tuple[Option, ...]]


def option(value: str, label: str, leads: str = "") -> Option:
    """An option by text key; its outcome is called like its value unless said otherwise."""
    return Option(value, Line(label), leads or value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question. `question` counts it under "Langkah n dari N"; steps of one topic share its first word.

    options     fixed choices; `offers` computes further ones (with the outcomes `leads`)
    readers     what else is understood, in order
    keep        stores the value of a chosen option
    several     options are toggled into `chat.picked`; the outcome "toggled" keeps gathering
    silent      entering says nothing until the chat has been quiet for `quiet`
    review      the step to which an edited answer returns
    ref         what the payload refers to: the draft's serial, the batch's, the ticket in focus, or what a civil
                servant is writing (a digest of all of it: a button under an older version of it does nothing)
    hint, easier   the texts after one and two failures; `rescue` the further options after three
    """

    name: str
    says: str
    params: Teller = nothing
    options: tuple[Option, ...] = ()
    offers: Offer | None = None
    leads: tuple[str, ...] = ()
    readers: tuple[Reader, ...] = ()
    edges: Mapping[str, str] = field(default_factory=dict)
    keep: Keep = keep_nothing
    question: str = ""
    several: bool = False
    silent: bool = False
    quiet: timedelta = QUIET
    review: bool = False
    page: int = 0
    ref: Literal["draft", "focus", "batch", "work", ""] = ""
    hint: str = "hint.choice"
    easier: str = "easier.choice"
    rescue: tuple[Option, ...] = ()

    @property
    def topic(self) -> str:
        """The first word of the question's name: what stays together while an answer is edited."""
        return self.question.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Something said on the way to another step; `apart` makes it a message of its own.

    Options of a message apart may be pressed at any time; their ref is the ticket in focus. `reply` is the question
    that reads a Telegram reply to it ("" for none: such a reply belongs to the open question).
    """

    name: str
    says: str
    params: Teller = nothing
    then: str
    apart: bool = False
    keyboard: bool = False
    options: tuple[Option, ...] = ()
    edges: Mapping[str, str] = field(default_factory=dict)
    reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A fork that asks nobody: a judge looks at chat and facts and names an outcome."""

    name: str
    on: Judge
    edges: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An effect with its edges; `keep` puts the outcome into the chat; `seals` closes the way back."""

    name: str
    does: Doer
    performs: type[AnyEffect]
    edges: Mapping[str, str]
    keep: Callable[[Seen], Chat] | None = None
    seals: bool = False


Step = Ask | Tell | Branch | Act


def always(_draft: Draft) -> bool:
    """A question that every draft meets."""
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """A counted question: asked when `when` holds for the draft; `at` is where one comes back to it."""

    name: str
    at: str
    when: Callable[[Draft], bool] = always


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One conversation: its steps in chat order and, when it counts them, its questions.

    `again` is where somebody is asked anew when all that they had said turns out to be unheard ("": nowhere).
    Whoever its `guard` does not admit is told so at `otherwise`, a step of another flow: asked at each step and each
    answer, for a button may be forged and a right may have ended meanwhile.
    """

    name: str
    steps: tuple[Step, ...]
    questions: tuple[Question, ...] = ()
    again: str = ""
    guard: Guard | None = None
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Flows:
    """All flows, the global words' targets, and the index of their steps by name."""

    flows: tuple[Flow, ...]
    globals: Mapping[str, str]
    first: str
    steps: Mapping[str, Step] = field(init=False)
    _homes: Mapping[str, Flow] = field(init=False)

    def __post_init__(self) -> None:
        steps = {step.name: step for flow in self.flows for step in flow.steps}
        homes = {step.name: flow for flow in self.flows for step in flow.steps}
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "_homes", homes)

    def home(self, step: str) -> Flow | None:
        """The flow that a step is of."""
        return self._homes.get(step)

    def questions(self, step: str) -> tuple[Question, ...]:
        """The counted questions of the flow that a step is of, in order."""
        flow = self._homes.get(step)
        return flow.questions if flow is not None else ()

    def again(self, step: str) -> str:
        """Where the flow that a step is of asks for its first answer anew, "" for a flow that does not."""
        flow = self._homes.get(step)
        return flow.again if flow is not None else ""

    def review(self, step: str) -> str:
        """The step to which edited answers return in the flow that a step is of; the menu where there is none."""
        flow = self._homes.get(step)
        steps = flow.steps if flow is not None else ()
        return next((s.name for s in steps if isinstance(s, Ask) and s.review), MENU)
