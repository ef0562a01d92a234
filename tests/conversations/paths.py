"""Shortest paths: by breadth-first search over real inputs, from /start to every step of the table."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Final

from conversations import events
from conversations.facts import MandateView, Profile, TaskView, TranscriptView
from conversations.table import MENU, Ask, Flows, Step
from tests.conversations.asking_ways import FLOWS as ASKING_FLOWS
from tests.conversations.asking_ways import asking_world, relaying_world
from tests.conversations.asking_ways import ways as asking_ways
from tests.conversations.broadcast_ways import FLOWS as BROADCAST_FLOWS
from tests.conversations.broadcast_ways import broadcast_worlds
from tests.conversations.broadcast_ways import ways as broadcast_ways
from tests.conversations.clock_ways import ways as clock_ways
from tests.conversations.desk_ways import TYPED as REMARKS
from tests.conversations.desk_ways import desk_world
from tests.conversations.file_ways import FLOWS as FILE_FLOWS
from tests.conversations.file_ways import file_worlds
from tests.conversations.file_ways import ways as file_ways
from tests.conversations.likeness_ways import likeness_world
from tests.conversations.likeness_ways import ways as likeness_ways
from tests.conversations.literal_facts import (
    FACILITATOR,
    INVITED,
    MINE,
    NOON,
    PUBLIC,
    RAJABASA,
    TOKENS,
    UNUSED,
    person_view,
    ticket_like,
    view,
)
from tests.conversations.meeting_ways import TYPED, meeting_worlds
from tests.conversations.model_world import CODE, ModelWorld
from tests.conversations.safety_ways import ways
from tests.conversations.sending_ways import FLOWS as SENDING_FLOWS
from tests.conversations.sending_ways import sending_world
from tests.conversations.sending_ways import ways as sending_ways
from tests.conversations.talking import FLOWS, Talk

Do = Callable[[Talk], object]

ANSWERS: Final = (
    *("jalan rusak di depan sekolah", "Rajabasa", "rajabsa", "Mekar Jaya", "n" * 61),
    *(MINE, PUBLIC, UNUSED, "482-913-0", CODE, "123-456-789-00", "0812-3456-7890", "Pekalongan", "n" * 210),
)
GLOBAL: Final = (
    *("usulan saya", "data saya", "usulan baru", "berhenti", "bahasa", "batal", "hapus data"),
    *("jadwal", "privasi", "bantuan", "menu", "tugas", "titip", "warga saya", "/rapat", "/meja", "/rekap"),
    "/siar",
)
WORDS: Final = TranscriptView(id=1, ticket=MINE, words="Jalan rusak")


LISTENER: Final = MandateView(id=1, role="transcriber", scope=("18.07.01",), places=("Sukadana",))
_TASK: Final = TaskView(id=1, kind="transcribe", place="Rajabasa", seconds=42, waiting_since=NOON)
TASKS: Final = (
    _TASK,
    replace(_TASK, id=2, kind="check", words="Jalan rusak"),
    replace(_TASK, id=3, seconds=50, words="jalan rusak", machine=True),
)

OF_MANDATES: Final = frozenset(
    {
        "mandate",
        "relay",
        "stopping",
        "people",
        "tasks",
        "transcript",
        "rapat",
        "schedule",
        "desk",
        "decide",
        *ASKING_FLOWS,
        *BROADCAST_FLOWS,
        *SENDING_FLOWS,
        *FILE_FLOWS,
        "likeness",
    }
)
REASONS: Final = (
    *("silent", "again", "late", "second", "slowed", "no_consent", "unknown", "facilitator", "changed"),
)
MOST_PLACES: Final = 20
"""From so many places at one step the search goes on: further ones led nowhere new."""

LINKS: Final = (*(f"u{token}" for token in TOKENS.values()), f"k{UNUSED}-{CODE}", f"k{UNUSED}-12345678900")


@dataclass(frozen=True, slots=True)
class Found:
    """How a step was first come to, and the chat right after."""

    way: tuple[str, ...]
    talk: Talk


class Noted(dict[str, Step]):
    """The steps by name; it notes which were entered."""

    def __init__(self, steps: Mapping[str, Step]) -> None:
        super().__init__(steps)
        self.entered: list[str] = []

    def __getitem__(self, name: str) -> Step:
        self.entered.append(name)
        return super().__getitem__(name)


@cache
def reached() -> Mapping[str, Found]:
    """Every step that can be come to, with its shortest way."""
    noted = Noted(FLOWS.steps)
    flows = replace(FLOWS)
    object.__setattr__(flows, "steps", noted)
    found: dict[str, Found] = {}
    for world in worlds():
        _search(Talk(world, flows=flows), noted, found)
    for start in tuple(found.values()):
        _refused(start, flows, noted, found)
    return found


def worlds() -> Iterator[ModelWorld]:
    """A stranger, somebody known, and somebody who comes while the window is closed."""
    yield ModelWorld()
    many = [view(ticket, open_=n != 1) for n, ticket in enumerate([MINE, *map(ticket_like, range(8))])]
    known = Profile(village=RAJABASA, groups_answered=True, needs_answered=True)
    yield ModelWorld(agreed={"service"}, own=many, profile=known)
    yield ModelWorld(agreed={"service"}, in_season=False, profile=known)
    yield ModelWorld(profile=known, mandates=(LISTENER,), open_tasks=TASKS, transcripts=(WORDS,))
    yield invited()
    yield facilitating(represented=())
    yield relaying_world(facilitating())
    yield from meeting_worlds()
    yield asking_world()
    yield desk_world()
    yield from broadcast_worlds()
    yield sending_world()
    yield from file_worlds()
    yield likeness_world()


def invited() -> ModelWorld:
    """A world in which there are invitations to every role."""
    return ModelWorld(invitations={TOKENS[role]: offer for role, offer in INVITED.items()})


def facilitating(**more: object) -> ModelWorld:
    """A facilitator with people, of whom one is to be told something and one has ended."""
    people = (
        person_view(ticket_like(700001)),
        person_view(ticket_like(700002), "", news=False),
        person_view(ticket_like(700003), "Pak Karso", open_=False),
    )
    world = ModelWorld(agreed={"service"}, mandates=(FACILITATOR,), represented=people)
    return replace(world, **more)  # type: ignore[arg-type]


def _search(start: Talk, noted: Noted, found: dict[str, Found]) -> None:
    nowhere: tuple[str, ...] = ()
    waiting = deque([(nowhere, start)])
    seen = {_place(start)}
    places: Counter[str] = Counter()
    while waiting and len(found) < len(noted):
        way, talk = waiting.popleft()
        for name, do in inputs(talk):
            there = talk.copy()
            noted.entered.clear()
            do(there)
            _note(found, noted, (*way, name), there)
            step = there.chat.step
            if _place(there) not in seen and places[step] < MOST_PLACES and _is_new_ground(there):
                seen.add(_place(there))
                places[step] += 1
                waiting.append(((*way, name), there))


def _is_new_ground(talk: Talk) -> bool:
    """Whether there is more to find from here: whoever has a mandate need not go all the ways of residents again."""
    home = FLOWS.home(talk.chat.step)
    new = (
        home is None
        or home.name in OF_MANDATES
        or talk.chat.step in {MENU, "arrival.unfinished", "intake.need", "intake.similar", "intake.support"}
    )
    return new or not talk.world.mandates


def _refused(start: Found, flows: Flows, noted: Noted, found: dict[str, Found]) -> None:
    """One input further, in a world that refuses: only where that input asks for what can be refused."""
    for name, do in inputs(start.talk):
        willing = start.talk.copy()
        before = len(willing.world.performed)
        do(willing)
        asked = willing.world.performed[before:]
        for reason in REASONS if any("refused" in effect.outcomes for effect in asked) else ():
            there = start.talk.copy()
            there.flows, there.world.refuses = flows, reason
            noted.entered.clear()
            do(there)
            _note(found, noted, (*start.way, f"refused: {reason}", name), there)


def _note(found: dict[str, Found], noted: Noted, way: tuple[str, ...], talk: Talk) -> None:
    for name in noted.entered:
        if name not in found:
            there = talk.copy()
            there.flows = FLOWS
            found[name] = Found(way, there)


def _place(talk: Talk) -> tuple[object, ...]:
    chat = talk.chat
    draft = chat.draft
    told = (draft.editing, bool(draft.parts), bool(draft.village), bool(draft.candidates)) if draft else ()
    relay = draft.relay if draft else None
    person = (relay.maturity == "forum", relay.alone, bool(relay.consent_form)) if relay else ()
    items = min(len(chat.batch.items), 2) if chat.batch else -1
    apart = chat.apart[0].partition(":")[0] if chat.apart and chat.step == MENU else ""
    asides = (chat.failures > 1, bool(chat.held), chat.consent_for, chat.quiet_at is None)
    page = (
        chat.page
        if chat.step in {"relay.edit", "desk.card"}
        else len(chat.picked) * (chat.step == "schedule.people")
    )
    task = chat.focus if chat.step.startswith(("tasks", "desk.card", "siar.", "sending.")) else ""
    return (chat.step, told, apart, asides, person, items, bool(chat.link), page, task)


def inputs(talk: Talk) -> Iterator[tuple[str, Do]]:
    """What a person can do here: every button, words, recordings, a position, a quiet moment."""
    if not talk.chat.step:
        yield "/start", Talk.starts
    if talk.chat.quiet_at is not None:
        yield "two quiet seconds", Talk.is_quiet
        return
    for shown in talk.shown[-3:]:
        for button in shown.say.buttons:
            yield button.payload, _presses(button.payload, shown.number)
    yield from ((text, _types(text)) for text in ANSWERS)
    if talk.chat.step in {MENU, "intake.field", "intake.kecamatan"}:
        yield from ((text, _types(text)) for text in GLOBAL)
        yield "six numbers that are not in use", _types(*[UNUSED] * 6)
        yield "16 minutes, and a notice pressed", _later
        if talk.world.mandates:
            yield from (
                (f"{value} words", _pressed(f"transcript:{value}:1")) for value in ("right", "change")
            )
    step = FLOWS.steps.get(talk.chat.step)
    if isinstance(step, Ask) and step.rescue:
        yield "three stickers", _fails
    if talk.chat.step == "intake.more":
        yield "21 messages", _types(*(f"kata {number}" for number in range(21)))
    if talk.chat.step == "tasks.words":
        yield "words without end", _types("kata " * 800)
    yield from _relaying(talk)
    yield from ways(talk)
    yield from clock_ways(talk)
    yield from asking_ways(talk)
    yield from likeness_ways(talk)
    yield from broadcast_ways(talk)
    yield from sending_ways(talk)
    yield from file_ways(talk)
    yield "a voice note", Talk.speaks
    yield "a voice note of 0 s", lambda there: there.speaks(0)
    yield "a voice note of 400 s", lambda there: there.speaks(400)
    yield "a voice note of 21 MB", lambda there: there.speaks(10, 21 * 1024 * 1024)
    yield "a position", Talk.locates


def _relaying(talk: Talk) -> Iterator[tuple[str, Do]]:
    """What facilitators do, and who follows a link that gives something."""
    if talk.chat.step.startswith(("rapat", "schedule")):
        yield from ((text, _types(text)) for text in TYPED)
    if talk.chat.step.startswith(("desk", "ask")):
        yield from ((text, _types(text)) for text in REMARKS)
    if talk.chat.step.startswith("relay"):
        yield "a forwarded voice", Talk.forwards
        yield "two forwarded voices", _forwards_two
        yield "batal", _types("batal")
    if talk.world.mandates and talk.chat.step in {"intake.need", "relay.gather", "relay.check"}:
        yield "titip", _types("titip")
    if talk.chat.step in {"", MENU}:
        yield from ((f"/start {link}", _starts(link)) for link in LINKS)


def _presses(payload: str, message: int) -> Do:
    return lambda there: there.presses_payload(payload, message)


def _types(*texts: str) -> Do:
    return lambda there: there.types(*texts)


def _pressed(payload: str) -> Do:
    return lambda there: there.presses_payload(payload, 1)


def _starts(payload: str) -> Do:
    return lambda there: there.starts(payload)


def _forwards_two(there: Talk) -> None:
    there.forwards("user")
    there.forwards("hidden_user")


def _fails(there: Talk) -> None:
    for _ in range(3):
        there.puzzles()


def _later(there: Talk) -> None:
    there.waits(timedelta(minutes=16))
    payload = f"notice:show:{MINE}"
    there.happens(events.Pressed(at=there.at, message=1, payload=payload, query="q"))
