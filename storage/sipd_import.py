"""What a file that came back from SIPD changes here: first shown, then applied once, each change told once (issue 4).

A row whose status says what is true already changes nothing, so a file may come again. The same file, byte for byte,
is applied one time only: what the staff decided after it is not taken back by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from conversations.ticket import grouped, read_ticket
from storage import audit, decisions, voices
from storage.actor import RefusalError, Staff
from storage.decisions import LONGEST_NOTE, Target, Verdict
from storage.export_tables import SipdImportRecord
from storage.ledger import table
from storage.lifecycle import State
from storage.rules import Rules, Scene
from storage.sipd import Sipd, fold, own_words
from storage.sipd_file import Returned
from storage.submissions import ASPIRATION

APPLIED: Final = table(SipdImportRecord)
LOT: Final = 200
"""Rows in one transaction."""

ROLE: Final = "bappeda"
"""By whose right it is decided: SIPD is kept by Bappeda, and goes its own ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row that changes something; `back` that it goes back to an earlier stage."""

    row: int
    aspiration: int
    ticket: str
    plan_year: int
    old: str
    new: str
    verdict: Verdict
    back: bool


@dataclass(frozen=True, slots=True)
class Same:
    """A row that says what is true already."""

    row: int


@dataclass(frozen=True, slots=True)
class Faulty:
    """A row that cannot be taken over, and why."""

    row: int
    sentences: tuple[str, ...]


Result = Change | Same | Faulty


class RowError(Exception):
    """What is wrong with a row, in Indonesian."""


def applied_at(connection: Connection, digest: str) -> datetime | None:
    """When the file with these bytes (SHA-256) was applied."""
    return connection.scalar(select(APPLIED.c.at).where(APPLIED.c.digest == digest))


def mark_applied(scene: Scene, digest: str, changed: int) -> None:
    """Note that a file was applied."""
    scene.connection.execute(insert(APPLIED).values(digest=digest, at=scene.at, changed=changed))


def lots(returned: Sequence[Returned]) -> Iterator[Sequence[Returned]]:
    """The rows in portions of one transaction each."""
    yield from (returned[place : place + LOT] for place in range(0, len(returned), LOT))


def without_doubles(returned: Sequence[Returned]) -> list[Returned | Faulty]:
    """An aspiration that comes twice is not taken over: nobody could say which row counts."""
    first: dict[tuple[str, str], int] = {}
    found: list[Returned | Faulty] = []
    for one in returned:
        before = first.setdefault((_digits(one.ticket), one.year), one.row)
        twice = before != one.row and one.ticket
        found.append(Faulty(one.row, (f"nomor ini sudah ada di baris {before}.",)) if twice else one)
    return found


def compare(connection: Connection, lot: Sequence[Returned], sipd: Sipd, rules: Rules) -> list[Result]:
    """What each row would change."""
    known = _known(connection, lot)
    compared = [_compared(one, known.get(_digits(one.ticket), []), sipd, rules) for one in lot]
    return [Same(one.row) if _follows(connection, one) else one for one in compared]


def _follows(connection: Connection, result: Result) -> bool:
    """Whether a change is of an aspiration that is decided with another: that one's row counts."""
    return isinstance(result, Change) and voices.lead_of(connection, result.aspiration) != result.aspiration


def apply(scene: Scene, lot: Sequence[Returned], sipd: Sipd, office: str) -> list[Result]:
    """Take over what each row changes; its people are told as of any decision. The caller's transaction is one lot."""
    compared = compare(scene.connection, lot, sipd, scene.rules)
    return [_applied(scene, one, office) if isinstance(one, Change) else one for one in compared]


def _applied(scene: Scene, change: Change, office: str) -> Result:
    staff = Staff("sipd", ROLE)
    acting = Scene(scene.connection, staff, scene.at, scene.rules)
    verdict = Verdict(
        stage=change.verdict.stage,
        decision=change.verdict.decision,
        reason=change.verdict.reason,
        note=change.verdict.note,
        office=office,
    )
    target = Target(change.ticket, change.plan_year)
    try:
        decided = decisions.decide(acting, target, verdict, scene.rules.delivery)
    except RefusalError as refusal:
        return Faulty(change.row, (REFUSALS.get(refusal.reason, REFUSALS["not_here"]),))
    if not decided.changed:
        return Same(change.row)
    audit.record(
        scene, staff, "import", f"aspiration:{change.aspiration}", f"{verdict.stage}/{verdict.decision}"
    )
    return change


def _compared(one: Returned, known: Sequence[Any], sipd: Sipd, rules: Rules) -> Result:
    if one.faults:
        return Faulty(one.row, one.faults)
    try:
        row = _meant(one, known)
        return _difference(one, row, sipd, rules)
    except RowError as fault:
        return Faulty(one.row, (str(fault),))


def _meant(one: Returned, known: Sequence[Any]) -> Any:
    match read_ticket(one.ticket):
        case ("valid", _):
            pass
        case ("mistyped", _):
            raise RowError(f"nomor '{one.ticket}' salah ketik. Periksa angkanya.")
        case _:
            raise RowError(f"nomor '{one.ticket}' bukan nomor usulan. Contoh: 482-913-8.")
    meant = [row for row in known if one.year in {"", str(row.plan_year)}]
    if not meant:
        raise RowError(f"usulan {grouped(_digits(one.ticket))} tidak ditemukan.")
    if len(meant) > 1:
        years = ", ".join(str(row.plan_year) for row in meant)
        raise RowError(f"nomor ini ada di beberapa tahun ({years}). Isi kolom 'Tahun Anggaran'.")
    return meant[0]


def _difference(one: Returned, row: Any, sipd: Sipd, rules: Rules) -> Result:
    lifecycle = rules.lifecycle
    present = State(row.stage, row.decision)
    if not one.status:
        raise RowError("kolom 'Status' kosong.")
    if fold(one.status) == fold(sipd.status(present, lifecycle)):
        return Same(one.row)
    new = sipd.read(one.status, present, lifecycle)
    if new is None or not new.decision:
        raise RowError(f"status '{one.status[:80]}' belum kami kenal. Tambahkan di storage/data/sipd.toml.")
    if new == present:
        return Same(one.row)
    verdict = _verdict(one, new, sipd, rules)
    try:
        lifecycle.check(ROLE, present, new, verdict.reason)
    except RefusalError as refusal:
        raise RowError(REFUSALS.get(refusal.reason, REFUSALS["not_here"])) from refusal
    stages = list(lifecycle.stages)
    return Change(
        row=one.row,
        aspiration=row.id,
        ticket=row.ticket,
        plan_year=row.plan_year,
        old=own_words(present, lifecycle),
        new=own_words(new, lifecycle),
        verdict=verdict,
        back=present.stage in stages and stages.index(new.stage) < stages.index(present.stage),
    )


def _verdict(one: Returned, new: State, sipd: Sipd, rules: Rules) -> Verdict:
    """A "no" has a reason code and a sentence: SIPD's own, which the resident reads. Other remarks are its own."""
    lifecycle = rules.lifecycle
    if not lifecycle.decisions[new.decision].negative:
        return Verdict(stage=new.stage, decision=new.decision)
    if not any(char.isalnum() for char in one.sentence):
        raise RowError("status ini perlu satu kalimat di kolom 'Alasan'. Warga membaca kalimat itu.")
    if len(one.sentence) > LONGEST_NOTE:
        raise RowError(f"kolom 'Alasan' berisi {len(one.sentence)} huruf, paling banyak {LONGEST_NOTE}.")
    reason = one.code or sipd.reason(one.sentence)
    if reason not in lifecycle.reasons:
        known = ", ".join(lifecycle.reasons)
        raise RowError(f"alasan ini perlu kode. Isi kolom 'Kode Alasan' dengan salah satu: {known}.")
    return Verdict(stage=new.stage, decision=new.decision, reason=reason, note=one.sentence)


def _known(connection: Connection, lot: Sequence[Returned]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(_KNOWN, {"tickets": sorted({_digits(one.ticket) for one in lot})}):
        found[row.ticket].append(row)
    return found


def _digits(ticket: str) -> str:
    read = read_ticket(ticket)
    return read[1] if read is not None else ""


REFUSALS: Final[Mapping[str, str]] = {
    "withdrawn": "usulan ini sudah ditarik oleh warganya.",
    "not_here": "keputusan itu tidak ada di tahap itu.",
    "closed": "usulan ini sudah selesai.",
}
"""Why a decision is refused here, in the words of whoever brings in a file."""

_KNOWN: Final = (
    select(*(ASPIRATION.c[name] for name in ("id", "ticket", "plan_year", "stage", "decision")))
    .where(ASPIRATION.c.ticket.in_(bindparam("tickets", expanding=True)), ASPIRATION.c.retracted_at.is_(None))
    .order_by(ASPIRATION.c.plan_year)
)
