"""Figures and files: what the staff may count, draw and take away (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from conversations.effect import Effect

Cut = Literal["kecamatan", "field", "group", "stage", "month", "inclusion"]
FileKind = Literal["xlsx", "csv", "csv_plain", "sipd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is being chosen: a cut and its region (a code), or a kind of file and why it is needed."""

    cut: Cut | Literal[""] = ""
    region: str = ""
    file: FileKind | Literal[""] = ""
    identified: bool = False
    reason: str = ""


class FigureFacts(Protocol):
    """What a civil servant's turn may know of figures."""

    def places(self) -> tuple[tuple[str, str], ...]:
        """Where this chat's mandates may see figures, the widest first: code and name, "" for the kabupaten."""
        ...

    def cuts(self, region: str) -> tuple[Cut, ...]:
        """By what they may divide the figures of a region."""
        ...

    def may_identify(self) -> bool:
        """Whether this chat's mandates allow a file with names, for a stated reason."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawFigures(Effect):
    """Send a chart with its sentence form and numbers (an errand)."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    cut: Cut
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile(Effect):
    """Send a file of what this chat's mandates may read (an errand); recorded."""

    outcomes: ClassVar[tuple[str, ...]] = ("saved", "refused")
    choice: Choice


FigureEffect = DrawFigures | ExportFile
