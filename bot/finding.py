"""One thing that the doctor looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal["ok", "attention", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, what was found, and (unless it is ok) what to do."""

    state: Way
    about: str
    words: str
