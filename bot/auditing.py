"""The audit of the staff, checked at the keyboard: from its first row to its head, and against heads kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from bot import audit_heads
from bot.app import opened
from bot.audit_heads import BadHeadsError
from bot.commands.faults import told
from bot.refusal import Refusal
from bot.settings import Settings
from storage import audit
from storage.audit import Head
from storage.engine import reading


def verify(settings: Settings, heads: Path | None) -> str:
    """What was found. Raises Refusal with the first broken row, or the first head that is not there any more."""
    kept = _read(heads) if heads else ()
    with told(), opened(settings) as engine, reading(engine) as connection:
        fault = audit.first_fault(connection) or _cut(connection, kept)
        newest = audit.head(connection)
    if fault:
        raise Refusal(f"The record is broken: {fault}.")
    compared = f" It agrees with {len(kept)} heads of {heads}." if heads else ""
    return f"The record is whole: {newest.number} rows, the newest with the mark {newest.digest}.{compared}"


def _read(heads: Path) -> Sequence[Head]:
    try:
        return audit_heads.read(heads)
    except OSError as fault:
        raise Refusal(f"{heads} cannot be read ({fault.strerror}).") from None
    except (BadHeadsError, UnicodeDecodeError) as fault:
        raise Refusal(f"{heads} is no file of heads: {fault}.") from None


def _cut(connection: Connection, kept: Sequence[Head]) -> str:
    lost = next((head for head in kept if not audit.contains(connection, head)), None)
    return f"row {lost.number} was cut off or rewritten after its mark was kept" if lost else ""
