"""An invitation as it is typed, before anything is looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whom staff want to invite: a role in regions (codes), an agency for bidang urusan (codes). `png`: where to put the QR code, if anywhere."""

    role: str
    regions: tuple[str, ...]
    forum: bool
    days: int
    note: str
    png: Path | None
    agencies: tuple[str, ...] = field(default=(), repr=False)
