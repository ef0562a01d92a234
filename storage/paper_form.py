"""The paper form: its questions, read from a data file, and the numbers that tell its sheets apart.

One file for what is printed, for the columns of the spreadsheet, and for reading them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from conversations.ticket import check_digit, digits_of, is_valid
from storage.datafile import FOLDER, DataFileError, Raw, read_toml, surplus, wrong_type

FORM_FILE: Final = FOLDER / "paper_form.toml"
AREA: Final = 2
"""Digits of a form number that name the kecamatan; 00 for forms of no certain one."""

SERIAL: Final = 5
"""Digits that count the sheets of a kecamatan."""

NUMBER_LENGTH: Final = AREA + SERIAL + 1
"""Digits of a form number, with its check digit: other than those of tickets (7, 9) and codes (11)."""

LAST_SERIAL: Final[int] = 10**SERIAL - 1
NO_AREA: Final = "0" * AREA
LONGEST: Final = 200
"""Characters of an answer, unless the file says otherwise."""

Kind = Literal["text", "one", "several", "date"]
KINDS: Final = ("text", "one", "several", "date")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: the word of the code for it, and what is printed."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One question. `ask` is printed ("" is not on paper), `column` heads it in the spreadsheet, `say` explains it.

    `needed`: may not be empty. `most` characters; `lines` are ruled on paper; `blank` is a box for "none".
    """

    name: str
    column: str
    kind: Kind
    ask: str = ""
    say: str = ""
    needed: bool = False
    most: int = LONGEST
    lines: int = 0
    blank: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """The whole form, and the sentences around its questions."""

    title: str
    intro: str
    promise: str
    slip: str
    ask_later: str
    fields: tuple[FormField, ...]

    def field(self, name: str) -> FormField:
        """A question by name. Raises KeyError."""
        return {field.name: field for field in self.fields}[name]


def load_form(path: Path = FORM_FILE) -> PaperForm:
    """Read the form. Raises DataFileError, which names each fault."""
    raw = read_toml(path)
    if faults := list(_faults(raw)):
        raise DataFileError([f"{path.name}: {fault}" for fault in faults])
    fields = tuple(_field(row) for row in raw["field"])
    return PaperForm(fields=fields, **{name: raw[name] for name in _SENTENCES})


def form_number(area: str, serial: int) -> str:
    """The number of a sheet: two digits of the kecamatan, five that count, and a check digit (Damm).

    Raises ValueError for a serial below 1 or above 99999, or an area that is not two digits.
    """
    if not 1 <= serial <= LAST_SERIAL or len(area) != AREA or not area.isdecimal():
        raise ValueError(f"no form number for area {area!r} and serial {serial}")
    digits = f"{area}{serial:0{SERIAL}}"
    return digits + check_digit(digits)


def read_form_number(text: str) -> str | None:
    """The digits of a form number as it was typed; None when it is none, or mistyped."""
    digits = digits_of(text)
    return digits if len(digits) == NUMBER_LENGTH and is_valid(digits) else None


def shown_number(number: str) -> str:
    """A form number in two groups: 0100-0013."""
    half = NUMBER_LENGTH // 2
    return f"{number[:half]}-{number[half:]}"


def area_of(kecamatan: str) -> str:
    """The digits of a form number for a kecamatan's code such as 18.07.01; NO_AREA for ""."""
    return kecamatan.rpartition(".")[2] if kecamatan else NO_AREA


_SENTENCES: Final = ("title", "intro", "promise", "slip", "ask_later")
_ENTRIES: Final = (
    "name",
    "column",
    "kind",
    "ask",
    "say",
    "needed",
    "most",
    "lines",
    "blank",
    "choices",
)


def _field(row: Raw) -> FormField:
    choices = tuple(Choice(value, label) for value, label in row.get("choices", ()))
    return FormField(choices=choices, **{name: row[name] for name in row if name != "choices"})


def _faults(raw: Raw) -> Iterator[str]:
    for name in _SENTENCES:
        yield from wrong_type(raw, "The form", name, str)
    rows = raw.get("field")
    if not isinstance(rows, list) or not rows:
        yield "The form has no field."
        return
    for row in rows:
        yield from _faults_of(row, f"The field {row.get('name', '?')}")
    for what in ("name", "column"):
        values = [row.get(what) for row in rows]
        yield from (
            f'Two fields have the {what} "{v}".' for v in sorted({v for v in values if values.count(v) > 1})
        )


def _faults_of(row: Raw, where: str) -> Iterator[str]:
    yield from surplus(row, _ENTRIES, where)
    for name in ("name", "column"):
        yield from wrong_type(row, where, name, str)
    if row.get("kind") not in KINDS:
        yield f"{where} needs a kind: {', '.join(KINDS)}."
    choices = row.get("choices", [])
    if not all(isinstance(pair, list) and list(map(type, pair)) == [str, str] for pair in choices):
        yield f"{where} needs choices as pairs of texts."
    if bool(choices) != (row.get("kind") in {"one", "several"}):
        yield f"{where} has choices when its kind is one or several, and only then."
