"""Finding what is like another, and the desk's queues, with many aspirations stored: CPU of the turn's part in storage."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, text

from bot.app import Home
from conversations.chat import Draft, Part
from conversations.desk import Filter
from storage import desk_cards
from storage.actor import Officer
from storage.engine import is_sqlite, reading
from storage.likeness import DatabaseLikenessFacts
from storage.likeness_index import LIKENESS, STEM, kecamatan, stems
from storage.media import PART
from storage.regions import words
from storage.submissions import ASPIRATION
from tests.benchmarks.home import STARTED, BenchClock, furnished_home
from tests.benchmarks.postgres import Databases
from tests.benchmarks.report import Report

STORED: Final = 100_000
FEW: Final = 20_000
"""So many with --quick."""

LOT: Final = 2_000
ASKED: Final = 40
TICKS: Final = 100
"""Clock ticks a second of /proc (Linux, USER_HZ)."""

THINGS: Final = words(
    "jalan jembatan gorong-gorong sekolah puskesmas posyandu sumur embung irigasi drainase lampu balai lapangan"
    " pasar masjid musala perpustakaan ambulans toilet trotoar bendungan talud kandang bibit pupuk traktor perahu"
    " internet kursi tongkat kacamata beasiswa pelatihan"
)
TROUBLES: Final = words(
    "rusak longsor putus kering bocor banjir gelap sempit retak ambruk penuh jauh mahal kurang"
)
WISHES: Final = words("perbaikan pembangunan penambahan pengadaan pelebaran pengerasan penerangan bantuan")
"""Eight wishes, fourteen troubles, thirty-three things: with the names of places, as different as what people say."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds: the median, the worst, and how many were counted."""

    middle: float
    worst: float
    number: int


def similar(report: Report, size: Any, folder: Path) -> None:
    """A resident's search before sending, and an officer's for a card."""
    rows = []
    for engine, home in _homes(size, folder / "similar"):
        random = Random(2)  # noqa: S311
        villages = _villages(home)
        drafts = [_draft(random, villages) for _ in range(ASKED)]
        facts = home.furnished.house.fields

        def ask(connection: Connection, number: int) -> object:
            asked = DatabaseLikenessFacts(connection, 1, home.furnished.rules, facts)  # noqa: B023
            return asked.like(drafts[number])  # noqa: B023

        rows.append((f"{engine}: a resident's search before sending", *_row(_measured(home, ask))))
    report.heading(f"Similar ones among {_stored(size):,} aspirations")
    report.words(
        "CPU of the search alone, milliseconds, of this process and of PostgreSQL's: the rarest four stems in the"
        " kecamatan, then all words of fifty candidates compared. Goal: 50 ms."
    )
    report.table(("what", "median", "worst", "searches"), rows)


def desk(report: Report, size: Any, folder: Path) -> None:
    """What opening the desk and a queue costs, for one kecamatan and for the whole kabupaten."""
    rows = []
    for engine, home in _homes(size, folder / "desk"):
        rules, at = home.furnished.rules, STARTED
        for who, officer in _officers(home):

            def count(connection: Connection, _number: int) -> object:
                return desk_cards.counts(connection, [officer], rules, at)  # noqa: B023

            def listed(connection: Connection, number: int) -> object:
                queue = ("new", "overdue", "duplicate", "mine", "all", "sensitive")[number % 6]
                return desk_cards.cards(connection, [officer], Filter(queue=queue), rules, at)  # type: ignore[arg-type] # noqa: B023

            rows.append((f"{engine}: the counts of all queues, {who}", *_row(_measured(home, count))))
            rows.append((f"{engine}: the list of a queue, {who}", *_row(_measured(home, listed))))
    report.heading(f"The desk with {_stored(size):,} aspirations")
    report.words(
        "CPU of what is asked of storage, milliseconds, of this process and of PostgreSQL's. Goal: 50 ms."
    )
    report.table(("what", "median", "worst", "times"), rows)


def _stored(size: Any) -> int:
    return STORED if size.postgres else FEW


def _row(cost: Cost) -> tuple[float, float, int]:
    return cost.middle, cost.worst, cost.number


def _measured(home: Home, ask: Callable[[Connection, int], object]) -> Cost:
    costs = []
    with reading(home.engine) as connection:
        ask(connection, 0)  # compiled once in the life of the program
        gc.collect()  # what filling left behind is not the search's
        for number in range(ASKED):
            server = _server_cpu(connection)
            began = time.process_time()
            ask(connection, number)
            costs.append(1000 * (time.process_time() - began + _server_cpu(connection) - server))
    return Cost(median(costs), max(costs), len(costs))


def _server_cpu(connection: Connection) -> float:
    """Seconds of CPU of the server's process for this connection, as far as /proc tells: hundredths."""
    if is_sqlite(connection):
        return 0.0
    pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _homes(size: Any, folder: Path) -> Iterator[tuple[str, Home]]:
    with Databases(folder, postgres=size.postgres) as databases:
        for engine, url, place in databases.each("alike"):
            place.mkdir()
            with _filled(url, place, _stored(size)) as home:
                yield engine, home


@contextmanager
def _filled(url: str, place: Path, count: int) -> Iterator[Home]:
    def fill(home: Home) -> None:
        with home.engine.begin() as connection:
            store(connection, _villages(home), count)
        _settle(home.engine)

    with furnished_home(url, place, BenchClock(), fill=fill) as home:
        yield home


def _settle(engine: Engine) -> None:
    """What PostgreSQL's autovacuum does within a minute; SQLite is asked as it is."""
    if not is_sqlite(engine):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _villages(home: Home) -> Sequence[Any]:
    regions = home.furnished.rules.regions
    return [village for one in regions.kecamatan() for village in regions.villages(one.kode)]


def _officers(home: Home) -> Iterator[tuple[str, Officer]]:
    first = home.furnished.rules.regions.kecamatan()[0].kode
    yield "a kecamatan", Officer(1, 1, "kecamatan", (first,))
    yield "Bappeda", Officer(2, 2, "bappeda", ("18.07",))


def _said(random: Random, place: str) -> str:
    thing, other = random.choice(THINGS), random.choice(THINGS)
    return f"{random.choice(WISHES)} {thing} yang {random.choice(TROUBLES)} dekat {other} {place} rt {random.randint(1, 60)}"


def _draft(random: Random, villages: Sequence[Any]) -> Draft:
    village = random.choice(villages)
    said = Part(kind="text", message=1, text=_said(random, village.name))
    return Draft(serial=1, begun_at=STARTED, parts=(said,), village=village, field="road")


def store(connection: Connection, villages: Sequence[Any], count: int) -> None:
    """So many aspirations of all villages, in all states: a third to be read, a fifth ended."""
    random = Random(1)  # noqa: S311
    for start in range(1, count + 1, LOT):
        lot = [_aspiration(random, number, villages) for number in range(start, min(start + LOT, count + 1))]
        connection.execute(insert(ASPIRATION), [row for row, _ in lot])
        parts = [{"aspiration_id": row["id"], "text": said} for row, said in lot]
        fixed = {"role": "need", "position": 0, "kind": "text", "origin": ""}
        connection.execute(insert(PART), [{**fixed, **one} for one in parts])
        connection.execute(insert(LIKENESS), [_voice(random, row["id"]) for row, _ in lot])
        connection.execute(insert(STEM), [stem for row, said in lot for stem in _stems(row, said)])


def _aspiration(random: Random, number: int, villages: Sequence[Any]) -> tuple[dict[str, Any], str]:
    village = random.choice(villages)
    stage, decision, ended = random.choices(
        (("received", "waiting", False), ("checked", "forwarded", False), ("checked", "rejected", True)),
        (3, 5, 2),
    )[0]
    sent = STARTED - timedelta(minutes=count_back(number))
    row = {
        "id": number,
        "ticket": f"{number:07d}",
        "plan_year": 2027,
        "region": village.kode,
        "field": random.choice(("road", "education", "water", "health", "other")),
        "visibility": random.choice(("public", "public", "private")),
        "stage": stage,
        "decision": decision,
        "locale": "id",
        "submitted_at": sent,
        "closed_at": sent if ended else None,
        "due_at": sent + timedelta(days=30),
        **dict.fromkeys(("landmark", "reason", "office", "recovery_digest", "redacted", "flagged"), ""),
    }
    return row, _said(random, village.name)


def count_back(number: int) -> int:
    """Minutes before STARTED at which an aspiration was sent."""
    return (STORED - number) % (60 * 24 * 200)


def _voice(random: Random, number: int) -> dict[str, Any]:
    liked = number - 1 if number > 1 and random.random() < 0.02 else None
    return {"aspiration_id": number, "kind": "", "like_id": liked, "looked_at": STARTED}


def _stems(row: dict[str, Any], said: str) -> Iterator[dict[str, Any]]:
    for stem in stems(said):
        visible = row["visibility"] == "public"
        yield {
            "place": kecamatan(row["region"]),
            "visible": visible,
            "stem": stem,
            "aspiration_id": row["id"],
        }
