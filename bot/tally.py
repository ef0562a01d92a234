"""What `suara count` is asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class By(Enum):
    """Into which regions the figure is broken down."""

    KECAMATAN = "kecamatan"
    DESA = "desa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Whom to count: any of these groups and any of these needs, in a region, in a language; empty for all."""

    groups: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    region: str = ""
    language: str = ""
    by: By | None = None
