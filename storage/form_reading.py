"""What a row of typed answers means: a draft with the person spoken for, or what is not right with it, in Indonesian."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, cast

from conversations.chat import Draft, Maturity, Part, Relayed, ToldBy, Village, Visibility
from conversations.classifier import OTHER, scores
from conversations.facts import Field
from conversations.texts import clean
from storage.form_file import TypedRow
from storage.paper_form import Choice, FormField, PaperForm, read_form_number, shown_number
from storage.regions import RegionIndex, fold

LONGEST_SUMMARY: Final = 300  # characters, as storage.relays
OLDEST: Final = date(2020, 1, 1)
"""A consent of before this day is a slip of the finger."""

PHONE_DIGITS: Final = range(8, 16)
EVERYONE: Final = "everyone"
NAMELESS: Final = frozenset({"", "tanpa nama", "-"})
_MONTHS: Final = (
    "januari februari maret april mei juni juli agustus september oktober november desember".split()  # noqa: SIM905
)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[\s/.-]+(\d{1,2}|[a-z]{3,})[\s/.-]+(\d{4})")
_BETWEEN: Final = re.compile(r"[,;/&+\n]|\bdan\b")


@dataclass(frozen=True, slots=True)
class Understood:
    """A form as it can be sent: its number (digits alone), and the draft."""

    row: int
    number: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Faulty:
    """A form that cannot be sent; `sentences` say why. `number` is "" when that is not known."""

    row: int
    sentences: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReader:
    """Understands rows of one kabupaten at `at`; `today` is its date there."""

    form: PaperForm
    regions: RegionIndex
    fields: tuple[Field, ...]
    at: datetime
    today: date

    def understand(self, typed: TypedRow) -> Understood | Faulty:
        """The draft of a row, or everything that is wrong with it at once."""
        reading = _Reading(self, typed, list(typed.faults))
        number, draft = reading.number(), reading.draft()
        if reading.faults:
            return Faulty(typed.row, tuple(reading.faults), number)
        return Understood(typed.row, number, draft)

    def field_of(self, words: str) -> str:
        """The field of need that the words point to; the staff sees the words and can put it right."""
        found = scores(words, self.fields)
        best = max(found, key=lambda name: found[name])
        return best if found[best] > 0 else OTHER

    def read_date(self, typed: str) -> date | None:
        """A date as people write it: 10/2/2026, 10 Februari 2026, 2026-02-10."""
        words = typed.casefold()
        if found := _ISO.fullmatch(words):
            year, month, day = (int(part) for part in found.groups())
        elif found := _DAY_FIRST.fullmatch(words):
            day, month, year = int(found[1]), _month(found[2]), int(found[3])
        else:
            return None
        try:
            return date(year, month, day)
        except ValueError:
            return None


@dataclass(slots=True)
class _Reading:
    """One row on its way; every question adds what is wrong with its answer."""

    by: FormReader
    typed: TypedRow
    faults: list[str] = field(default_factory=list)

    def number(self) -> str:
        """The digits of the form's number."""
        typed = self.typed.text("number")
        number = read_form_number(typed.zfill(8) if typed.isdecimal() else typed)
        if number is None and typed:
            self._fault(f"nomor formulir '{_short(typed)}' belum cocok. Lihat lagi angkanya di kertas.")
        return number or ""

    def draft(self) -> Draft:
        """The answers as a draft; of use only when nothing is wrong."""
        for asked in self.by.form.fields:
            if asked.needed and self.typed.answers.get(asked.name) == "":
                self._fault(f"kolom '{asked.column}' masih kosong.")
        need = clean(self.typed.text("need"), self.by.form.field("need").most)
        return Draft(
            serial=0,
            begun_at=self.by.at,
            parts=(Part(kind="text", message=0, text=need),),
            village=self._village(),
            landmark_skipped=True,
            field=self.by.field_of(need),
            audience=self._audience(),
            visibility=cast("Visibility", self._one("visibility") or "private"),
            relay=self._person(need),
        )

    def _person(self, need: str) -> Relayed:
        maturity = cast("Maturity", self._one("maturity"))
        name = self.typed.text("name")
        self._check_child(maturity, name)
        told_by = cast("ToldBy", self._one("told_by"))
        return Relayed(
            named=True,
            name="" if name.casefold() in NAMELESS else name,
            relation=self._one("relation"),
            maturity=maturity,
            needs_asked=True,
            needs=self._several("needs"),
            summary=_line(need),
            consent_form="witnessed",
            witnessed=self._witnessed(),
            told_by=told_by,
            contact=self._contact(told_by),
        )

    def _check_child(self, maturity: Maturity, name: str) -> None:
        if maturity == "guardian" and not self.typed.text("guardian"):
            self._fault("kolom 'Nama wali' masih kosong. Anak perlu izin wali.")
        if maturity == "forum" and (name.casefold() not in NAMELESS or self.typed.text("contact")):
            self._fault("usulan lewat Forum Anak: kosongkan kolom 'Nama' dan 'Kontak'.")

    def _contact(self, told_by: ToldBy) -> str:
        contact = self.typed.text("contact")
        digits = re.sub(r"[\s().-]", "", contact).removeprefix("+")
        match told_by:
            case "phone" if not (digits.isdecimal() and len(digits) in PHONE_DIGITS):
                self._fault("kolom 'Kontak' perlu nomor HP, misalnya 0812 3456 7890.")
            case "organisation" if not contact:
                self._fault("kolom 'Kontak' perlu nama organisasi.")
        return contact if told_by in {"phone", "organisation"} else ""

    def _witnessed(self) -> str:
        """What proves the consent: the sheet of paper, kept by those who typed it (UU 27/2022 Pasal 22-24)."""
        mark = self.by.form.field("consent")
        label = next((choice.label for choice in mark.choices if choice.value == self._one("consent")), "")
        day = self._day()
        said = [f"Formulir kertas {shown_number(self.number())}", label.lower(), day.strftime("%d-%m-%Y")]
        said += [f"saksi {self.typed.text('witness')}"]
        said += [f"wali {guardian}"] if (guardian := self.typed.text("guardian")) else []
        return ", ".join(said)

    def _day(self) -> date:
        typed = self.typed.answers.get("date", "")
        day = self.by.read_date(typed) if isinstance(typed, str) else typed
        if day is None:
            if typed:
                self._fault(f"tanggal '{_short(str(typed))}' belum cocok. Contoh: 10/2/2026.")
            return self.by.today
        if not OLDEST <= day <= self.by.today:
            self._fault(f"tanggal {day:%d-%m-%Y} belum terjadi, atau terlalu lama.")
        return day

    def _village(self) -> Village | None:
        name, kecamatan = self.typed.text("village"), self.typed.text("kecamatan")
        if not name:
            return None
        found = self.by.regions.find(f"{name}, kec. {kecamatan}" if kecamatan else name)
        if len(found.exact) == 1:
            return found.exact[0]
        if found.exact:
            places = ", ".join(sorted(village.kecamatan for village in found.exact))
            self._fault(f"desa '{_short(name)}' ada di beberapa kecamatan: {places}. Isi kolom 'Kecamatan'.")
            return None
        names = " atau ".join(dict.fromkeys(village.name for village in found.close[:3]))
        self._fault(f"desa '{_short(name)}' tidak ditemukan." + (f" Maksudnya {names}?" if names else ""))
        return None

    def _audience(self) -> tuple[str, ...]:
        chosen = self._several("audience")
        return (EVERYONE,) if EVERYONE in chosen else chosen

    def _one(self, name: str) -> str:
        """The one choice of a field, "" for none."""
        asked, typed = self.by.form.field(name), self.typed.text(name)
        return self._choice(asked, typed) if typed else ""

    def _several(self, name: str) -> tuple[str, ...]:
        asked, typed = self.by.form.field(name), self.typed.text(name)
        chosen = [self._choice(asked, part) for part in _parts(typed)]
        return tuple(choice.value for choice in asked.choices if choice.value in chosen)

    def _choice(self, asked: FormField, typed: str) -> str:
        choice = _meant(asked.choices, typed)
        if choice is not None:
            return choice.value
        near = difflib.get_close_matches(fold(typed), [fold(choice.label) for choice in asked.choices], n=1)
        labels = [choice.label for choice in asked.choices if not near or fold(choice.label) == near[0]]
        hint = f"Maksudnya {labels[0]}?" if near else f"Pilihannya: {', '.join(labels)}."
        self._fault(f"kolom '{asked.column}' berisi '{_short(typed)}'. {hint}")
        return ""

    def _fault(self, sentence: str) -> None:
        """Each sentence once: the number is read for the number and for what proves the consent."""
        if sentence not in self.faults:
            self.faults.append(sentence)


def _meant(choices: Sequence[Choice], typed: str) -> Choice | None:
    """The choice whose number ("1", "1 Keluarga") or words were typed."""
    leading = re.match(r"\d+", typed)
    if leading and 1 <= int(leading[0][:3]) <= len(choices):
        choice = choices[int(leading[0][:3]) - 1]
        rest = typed[leading.end() :].strip(" .)-")
        return choice if not rest or fold(rest) == fold(choice.label) else None
    return next((choice for choice in choices if fold(choice.label) == fold(typed)), None)


def _parts(typed: str) -> list[str]:
    """What stands between commas, or, where there are numbers alone, between spaces too."""
    parts = [part.strip() for part in _BETWEEN.split(typed)]
    return [
        bit for part in parts for bit in (part.split() if re.fullmatch(r"[\d\s]+", part) else [part]) if bit
    ]


def _line(words: str) -> str:
    """The need in one line, as the summary that a facilitator would write."""
    return clean(" ".join(words.split()), LONGEST_SUMMARY)


def _month(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word[:3])), 0)


def _short(words: Any) -> str:
    return clean(str(words), 40)
