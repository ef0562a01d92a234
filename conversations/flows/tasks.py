"""Tasks for people: what was spoken or signed is put into written words, by hand and by ear (issue 3).

The recording comes as a message of its own when a task is taken; the words are typed, looked at once more, and sent
or handed to a second person. Interpreting sign language is the same work with other instructions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from conversations.chat import Chat
from conversations.effects import AnyEffect, Line, Listing, Param, ReleaseTask, TakeTask, WriteTranscript
from conversations.events import Typed
from conversations.facts import Role, TaskView
from conversations.flows.arrival import house_params
from conversations.table import (
    MENU,
    RETURN,
    Act,
    Ask,
    Branch,
    Flow,
    Option,
    Params,
    Reading,
    Seen,
    Tell,
    option,
)
from conversations.times import duration

LONGEST_TRANSCRIPT: Final = 3500
"""Code points: what is asked back must fit into one message together with the question (4,096)."""

PIECE: Final = 900
"""Characters of one piece of long words as they are shown; a single parameter is cut sooner than they are."""

ROLES: Final[tuple[Role, ...]] = ("transcriber", "interpreter", "facilitator")
"""Who has tasks."""


def any_tasks(seen: Seen) -> Reading[Literal["some", "none", "stranger"]]:
    """Whether there is anything to do for somebody with a mandate; others are told what tasks are."""
    if seen.facts.tasks():
        return Reading("some", seen.chat)
    held = any(seen.facts.mandate(role) is not None for role in ROLES)
    return Reading("none" if held else "stranger", seen.chat)


def offer_tasks(seen: Seen) -> tuple[Option, ...]:
    """The open tasks, one's own first: kind, length, place, and how long it has waited."""
    return tuple(Option(str(task.id), _label(seen, task), "picked") for task in seen.facts.tasks())


def _label(seen: Seen, task: TaskView) -> Line:
    kind, length = Line(f"tasks.kind.{task.kind}"), duration(task.seconds)
    known: dict[str, Param] = {"kind": kind, "place": task.place, "length": length}
    if task.mine:
        return Line("tasks.mine", known)
    now: datetime = getattr(seen.event, "at", task.waiting_since)
    days = (now - task.waiting_since).days
    since = Line("tasks.days", {"count": days}) if days > 0 else Line("tasks.today")
    return Line("tasks.option", known | {"since": since})


def keep_task(chat: Chat, value: str) -> Chat:
    """This one."""
    return replace(chat, focus=value)


def _task(seen: Seen) -> TaskView | None:
    return seen.facts.task(int(seen.chat.focus)) if seen.chat.focus.isdecimal() else None


def kind_of(seen: Seen) -> Reading[Literal["write", "check", "gone"]]:
    """Whether words are to be found or to be compared."""
    task = _task(seen)
    if task is None:
        return Reading("gone", seen.chat)
    return Reading("check" if task.kind == "check" else "write", seen.chat)


def task_params(seen: Seen) -> Params:
    """What the task is, how it is done, and the words that there are: a machine's draft, or a person's to compare."""
    task = _task(seen)
    if task is None:
        return {"kind": "", "place": "", "length": "", "how": "", "words": "", "draft": ""}
    draft = (Line("tasks.draft", {"words": whole(task.words)}),) if task.machine else ()
    return {
        "kind": Line(f"tasks.kind.{task.kind}"),
        "place": task.place,
        "length": duration(task.seconds),
        "how": Line(f"tasks.how.{task.kind}"),
        "words": whole(task.words),
        "draft": Listing(draft),
    }


def written_params(seen: Seen) -> Params:
    """The words as they were typed."""
    return {"words": whole(_typed(seen))}


def whole(words: str) -> Listing:
    """Words of any length as they are shown: in pieces, so that none is cut short."""
    pieces: list[str] = []
    for line in words.splitlines():
        while len(line) > PIECE:
            end = line.rfind(" ", 0, PIECE)
            cut = end if end > 0 else PIECE
            pieces.append(line[:cut])
            line = line[cut:].lstrip()  # noqa: PLW2901  (what is left of it)
        pieces.append(line)
    return Listing(tuple(pieces))


def offer_draft(seen: Seen) -> tuple[Option, ...]:
    """A machine's draft may be taken as it is, by somebody who has listened."""
    task = _task(seen)
    return (option("draft", "tasks.use_draft"),) if task is not None and task.machine else ()


def keep_draft(chat: Chat, _value: str) -> Chat:
    """The draft is looked up when it is shown; nothing typed stands in its way."""
    return replace(chat, picked=())


def take_draft(seen: Seen) -> Reading[Literal["drafted", "gone"]]:
    """The machine's words as if they had been typed."""
    task = _task(seen)
    if task is None or not task.words:
        return Reading("gone", seen.chat)
    return Reading("drafted", replace(seen.chat, picked=(task.words[:LONGEST_TRANSCRIPT],)))


def read_words(seen: Seen) -> Reading[Literal["written", "too_long"]] | None:
    """What somebody heard or saw, in their words."""
    if not isinstance(seen.event, Typed) or not any(char.isalnum() for char in seen.event.text):
        return None
    words = seen.event.text.strip()
    if len(words) > LONGEST_TRANSCRIPT:
        return Reading("too_long", seen.chat)
    return Reading("written", replace(seen.chat, picked=(words,)))


def offer_check(seen: Seen) -> tuple[Option, ...]:
    """A second pair of ears, unless this is the second."""
    task = _task(seen)
    second = task is not None and task.kind == "check"
    return () if second else (option("check", "tasks.ask_check"),)


def _typed(seen: Seen) -> str:
    return seen.chat.picked[0] if seen.chat.picked else ""


def _number(seen: Seen) -> int:
    return int(seen.chat.focus) if seen.chat.focus.isdecimal() else 0


def take(seen: Seen) -> AnyEffect:
    """Take the task in focus."""
    return TakeTask(task=_number(seen))


def release(seen: Seen) -> AnyEffect:
    """Give it back."""
    return ReleaseTask(task=_number(seen))


def send(seen: Seen) -> AnyEffect:
    """Send the typed words to the speaker."""
    return WriteTranscript(task=_number(seen), words=_typed(seen))


def send_to_check(seen: Seen) -> AnyEffect:
    """Send the typed words to a second person."""
    return WriteTranscript(task=_number(seen), words=_typed(seen), check=True)


def agree(seen: Seen) -> AnyEffect:
    """The first person's words are right."""
    task = _task(seen)
    return WriteTranscript(task=_number(seen), words=task.words if task else "")


WRITTEN: Final = {"written": "tasks.written", "too_long": "tasks.too_long"}

TASKS = Flow(
    name="tasks",
    steps=(
        Branch(
            name="tasks",
            on=any_tasks,
            edges={"some": "tasks.list", "none": "tasks.none", "stranger": "tasks.stranger"},
        ),
        Tell(name="tasks.none", says="tasks.none", then=RETURN),
        Tell(name="tasks.stranger", says="tasks.stranger", params=house_params, then=RETURN),
        Ask(
            name="tasks.list",
            says="tasks.list",
            offers=offer_tasks,
            leads=("picked",),
            options=(option("menu", "tasks.to_menu"),),
            keep=keep_task,
            page=5,
            edges={"picked": "tasks.take", "menu": MENU},
        ),
        Act(
            name="tasks.take",
            does=take,
            performs=TakeTask,
            edges={"saved": "tasks.kind", "refused": "tasks.gone"},
        ),
        Tell(name="tasks.gone", says="tasks.gone", then="tasks"),
        Branch(
            name="tasks.kind",
            on=kind_of,
            edges={"write": "tasks.words", "check": "tasks.check", "gone": "tasks.gone"},
        ),
        # What is typed stays picked until it is sent; after a day it is forgotten (conversations.forgetting).
        Ask(
            name="tasks.words",
            says="tasks.words",
            params=task_params,
            ref="focus",
            offers=offer_draft,
            leads=("draft",),
            options=(option("release", "tasks.release"),),
            keep=keep_draft,
            readers=(read_words,),
            several=True,
            edges={**WRITTEN, "draft": "tasks.drafted", "release": "tasks.release"},
            hint="hint.tasks",
            easier="easier.tasks",
        ),
        Branch(name="tasks.drafted", on=take_draft, edges={"drafted": "tasks.written", "gone": "tasks.gone"}),
        Tell(name="tasks.too_long", says="tasks.too_long", then="tasks.kind"),
        Ask(
            name="tasks.check",
            says="tasks.check",
            params=task_params,
            ref="focus",
            options=(
                option("right", "tasks.right"),
                option("fix", "tasks.fix"),
                option("release", "tasks.release"),
            ),
            edges={"right": "tasks.agree", "fix": "tasks.fix", "release": "tasks.release"},
        ),
        Ask(
            name="tasks.fix",
            says="tasks.words",
            params=task_params,
            ref="focus",
            options=(option("release", "tasks.release"),),
            readers=(read_words,),
            several=True,
            edges={**WRITTEN, "release": "tasks.release"},
            hint="hint.tasks",
            easier="easier.tasks",
        ),
        Ask(
            name="tasks.written",
            says="tasks.written",
            params=written_params,
            ref="focus",
            offers=offer_check,
            leads=("check",),
            options=(option("send", "tasks.send"), option("release", "tasks.release")),
            readers=(read_words,),
            several=True,
            edges={
                **WRITTEN,
                "check": "tasks.send.check",
                "send": "tasks.send",
                "release": "tasks.release",
            },
            hint="hint.tasks",
            easier="easier.tasks",
        ),
        Act(
            name="tasks.agree",
            does=agree,
            performs=WriteTranscript,
            edges={"saved": "tasks.sent", "refused": "tasks.gone"},
        ),
        Act(
            name="tasks.send",
            does=send,
            performs=WriteTranscript,
            edges={"saved": "tasks.sent", "refused": "tasks.gone"},
        ),
        Act(
            name="tasks.send.check",
            does=send_to_check,
            performs=WriteTranscript,
            edges={"saved": "tasks.sent.check", "refused": "tasks.gone"},
        ),
        Tell(name="tasks.sent", says="tasks.sent", then="tasks"),
        Tell(name="tasks.sent.check", says="tasks.sent.check", then="tasks"),
        Act(
            name="tasks.release",
            does=release,
            performs=ReleaseTask,
            edges={"saved": "tasks.released", "refused": "tasks.gone"},
        ),
        Tell(name="tasks.released", says="tasks.released", then="tasks"),
    ),
)
