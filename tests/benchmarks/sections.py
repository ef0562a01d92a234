"""The sections of the report: each measures one thing and writes it down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bot.app import Home
from tests.benchmarks import relay, startup
from tests.benchmarks.crowd import journey_seconds
from tests.benchmarks.home import BenchClock, furnished_home
from tests.benchmarks.journey import JOURNEY
from tests.benchmarks.load import PACED, UNPACED, Library, Load, Outcome, plain, suara
from tests.benchmarks.parts import PARTS
from tests.benchmarks.postgres import Databases
from tests.benchmarks.processes import lean_server
from tests.benchmarks.relay import VOICES
from tests.benchmarks.report import Report
from tests.benchmarks.sending import SendCost, send_cost
from tests.benchmarks.stored import fill
from tests.benchmarks.turns import BATCH, Course, TurnCost, side_by_side

STORED: Final = 100_000
RESIDENTS: Final = 20
"""Who talk while voices are relayed."""

MESSAGES: Final = sum(move.replies for move in JOURNEY) / len(JOURNEY)
PRESSES: Final = sum(not hasattr(move, "text") for move in JOURNEY) / len(JOURNEY)
LIBRARIES: Final[tuple[Library, ...]] = ("aiogram", "ptb")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: `residents` in process; seconds of settling and counting; which combinations."""

    residents: int
    settle: float
    seconds: float
    talkers: int
    think: float
    paced_seconds: float
    crowd: int
    helps: int
    facilitators: int
    libraries: tuple[Library, ...]
    postgres: bool


FULL: Final = Size(400, 8.0, 8.0, 50, 2.0, 12.0, 300, 5, 20, LIBRARIES, postgres=True)
"""All that is to be reported: five to six minutes on two cores."""

QUICK: Final = Size(260, 5.0, 3.0, 50, 2.0, 6.0, 300, 3, 8, ("aiogram",), postgres=False)
"""SQLite and aiogram alone, less of each."""


def turns(report: Report, size: Size, folder: Path) -> None:
    """CPU of a turn: by size of batch, with nothing and much stored, by part, and with the calls sent."""
    clock = BenchClock()
    with lean_server() as server, ExitStack() as stack:
        empty = stack.enter_context(_home(folder / "empty", clock, server.url))
        full = stack.enter_context(_home(folder / "full", clock, server.url, stored=STORED))
        pair = side_by_side([Course(empty, clock), Course(full, clock)], size.residents, 7_000_000_000)
        small = Course(empty, clock, BATCH // 2).cost(size.residents, 7_100_000_000)
        sent = send_cost(empty, 1.5 * size.seconds)
        parts = Course(empty, clock).parts(size.residents, 7_200_000_000)
    _turn_table(report, [small, *pair], sent)
    _part_table(report, parts, sent)


def _turn_table(report: Report, costs: Sequence[TurnCost], sent: SendCost) -> None:
    small, empty, full = costs
    report.heading("CPU of a turn (SQLite, in this process)")
    report.words(
        "A raw update is parsed, stepped, put into words, its replies lie in the outbox, and the batch is committed"
        " with synchronous=FULL. All threads, user and system; milliseconds; median over batches of mixed stages."
    )
    report.table(
        ("turn", "median", "mean", "turns", "goal"),
        [
            (f"batches of {BATCH}, nothing stored", empty.median, empty.mean, empty.turns, "0.40"),
            (f"batches of {BATCH // 2}, nothing stored", small.median, small.mean, small.turns, "0.40"),
            (f"batches of {BATCH}, {STORED:,} aspirations stored", full.median, full.mean, full.turns, ""),
            ("ratio of stored to nothing, side by side", full.median / empty.median, "", "", "1.20"),
            ("one call sent through aiogram (claim, call, settle)", sent.median, "", sent.calls, ""),
            ("turn with one reply sent", empty.median + sent.median, "", "", "0.80"),
            (
                f"turn with all its calls ({MESSAGES:.2f} messages, {PRESSES:.2f} presses acknowledged)",
                empty.median + (MESSAGES + PRESSES) * sent.median,
                "",
                "",
                "",
            ),
        ],
    )


def _part_table(report: Report, parts: dict[str, float], sent: SendCost) -> None:
    report.heading("CPU of a turn by part")
    report.words(
        "Milliseconds, the mean, with clocks around each part, which themselves cost a few hundredths."
    )
    rows = [(PARTS[part], spent) for part, spent in parts.items()]
    rows.append(("sum of the turn", sum(parts.values())))
    rows.append(("send: each call", sent.median))
    rows.append(("send: the calls of a turn", (MESSAGES + PRESSES) * sent.median))
    report.table(("part", "ms"), rows)


@contextmanager
def _home(folder: Path, clock: BenchClock, url: str, stored: int = 0) -> Iterator[Home]:
    folder.mkdir()
    prepare = partial(fill, count=stored) if stored else None
    with furnished_home(f"sqlite:///{folder}/suara.sqlite", folder, clock, url, prepare) as home:
        yield home


def paced(report: Report, size: Size, folder: Path) -> None:
    """From update to reply with our own pacing on, and residents who think."""
    load = Load(size.talkers, size.think, journey_seconds(size.think) + 1, size.paced_seconds)
    report.heading(
        f"From update to reply: {size.talkers} residents, each answering {size.think:.0f} s after the last reply,"
        " PACING ON"
    )
    report.words(
        "Milliseconds between the update's being there for the bot and its reply's arrival at the server: the first"
        " reply of a turn; all replies of a turn; and, for the turn that waits two quiet seconds on purpose, what it"
        " takes beyond them. Goal: first reply p95 at most 100 ms. Our pacing lets 29.4 messages a second pass; where"
        " msg/s comes near that, replies wait for Telegram's rate, as the line with pacing off shows."
    )
    header = ("bot", "turns/s", "msg/s", "p50", "p95", "p99", "all p95", "quiet p95", "CPU/turn", "MiB")
    report.table(header, [_paced_row(name, seen) for name, seen in _paced(size, folder, load)])


def _paced(size: Size, folder: Path, load: Load) -> Iterator[tuple[str, Outcome]]:
    with Databases(folder / "paced", postgres=size.postgres) as databases:
        for engine, url, place in databases.each("aiogram"):
            yield f"aiogram, {engine}", suara("aiogram", url, place, load, PACED)
        _, url, place = next(databases.each("unpaced"))
        yield "aiogram, SQLite, pacing off", suara("aiogram", url, place, load, UNPACED)
        if "ptb" in size.libraries:
            _, url, place = next(databases.each("ptb"))
            yield "ptb, SQLite", suara("ptb", url, place, load, PACED)


def _paced_row(name: str, seen: Outcome) -> tuple[str | float, ...]:
    late = seen.late[1] if seen.late else 0.0
    numbers = (*seen.first, seen.last[1], late, seen.cpu_per_turn, seen.memory)
    return (name, seen.turns_per_second, seen.messages_per_second, *numbers)


def capacity(report: Report, size: Size, folder: Path) -> None:
    """Turns a second with pacing off, for us and for the plain bots, on the same server in the same run."""
    load = Load(size.crowd, 0.0, size.settle, size.seconds)
    report.heading(f"Capacity: {size.crowd} residents at once who never pause, PACING OFF")
    report.words(
        "The whole program: long polling, turns, acknowledgements and messages sent. CPU of the bot's process"
        " alone (ms per turn), the cores that it kept busy, the memory at its peak. The plain bots hold the same"
        " conversation in words of the same length and keep everything in memory: nothing of theirs survives a restart."
    )
    found = dict(_capacities(size, folder, load))
    base = found[f"Suara, {size.libraries[0]}, SQLite"]
    report.table(
        ("bot", "turns/s", "CPU/turn", "ratio", "cores", "p50", "p95", "p99", "MiB"),
        [_capacity_row(name, seen, base) for name, seen in found.items()],
    )
    report.words("Ratio: CPU per turn of the bot in this line over Suara's in the first line.")


def _capacities(size: Size, folder: Path, load: Load) -> Iterator[tuple[str, Outcome]]:
    with Databases(folder / "capacity", postgres=size.postgres) as databases:
        for library in size.libraries:
            for engine, url, place in databases.each(library):
                yield f"Suara, {library}, {engine}", suara(library, url, place, load, UNPACED)
    yield "plain aiogram FSM", plain("plain_aiogram", folder, load)
    yield "plain ConversationHandler", plain("plain_ptb", folder, load)


def _capacity_row(name: str, seen: Outcome, base: Outcome) -> tuple[str | float, ...]:
    ratio = seen.cpu_per_turn / base.cpu_per_turn
    return (name, seen.turns_per_second, seen.cpu_per_turn, ratio, seen.cores, *seen.first, seen.memory)


def relayed(report: Report, size: Size, folder: Path) -> None:
    """Facilitators who forward thirty voices each, and residents who talk meanwhile."""
    report.heading(f"Relaying: {size.facilitators} facilitators forward {VOICES} voices each")
    seen = relay.batches(folder / "relay", size.facilitators, RESIDENTS)
    report.words(
        f"The whole program with its worker before the simulator, PACING OFF, {RESIDENTS} residents talking. One reply"
        f" comes for each batch: milliseconds beyond its {relay.QUIET:.0f} quiet seconds. Every voice is fetched, heard"
        " and kept by the worker; no download stands in a turn."
    )
    goal = "p95 300"
    report.table(
        ("what", "p50", "p95", "p99", "count", "goal"),
        [
            ("the one reply of a batch, beyond its quiet window", *seen.late, seen.facilitators, goal),
            ("another resident's reply meanwhile", *seen.resident, seen.turns, goal),
            (f"files kept, of {VOICES * seen.facilitators}", "", "", "", seen.files, ""),
        ],
    )


def beginning(report: Report, size: Size, folder: Path) -> None:
    """Start-up of the program and of its help."""
    report.heading("Start-up")
    rows: list[tuple[str, float, str]] = []
    for library in size.libraries:
        place = folder / f"start-{library}"
        seconds, memory = startup.start_up(library, place)
        rows.append((f"suara run ({library}): start to first getUpdates, s", seconds, ""))
        rows.append((f"its memory then, MiB ({library})", memory, "220" if library == "aiogram" else ""))
    rows.append((f"suara --help, s, median of {size.helps}", startup.help_seconds(size.helps), "0.50"))
    report.table(("what", "measured", "goal"), rows)
    report.words(
        f"`suara --help` imports, of the libraries that cost something: {', '.join(startup.help_imports())}."
    )
