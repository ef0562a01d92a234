"""What is printed on a stack of paper forms: their numbers, and where their people can ask."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.texts import spaced
from storage.paper_form import FormField, PaperForm


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSheets:
    """Forms of one place ("" for any), each with a number of its own (digits alone)."""

    form: PaperForm
    numbers: tuple[str, ...]
    kabupaten: str
    contact: str
    phone: str
    place: str = ""

    @property
    def title(self) -> str:
        """The title of the document."""
        return ", ".join(part for part in (self.form.title, self.place, self.kabupaten) if part)

    @property
    def asked(self) -> tuple[FormField, ...]:
        """The questions that are on paper; the others are the spreadsheet's own."""
        return tuple(field for field in self.form.fields if field.ask)

    @property
    def where_to_ask(self) -> str:
        """The last words of the slip."""
        phone = spaced(self.phone).replace(" ", "\xa0")  # a number is not torn apart at the end of a line
        whom = f"{self.contact}, {phone}" if phone else self.contact
        return f"{self.form.ask_later} {whom}."
