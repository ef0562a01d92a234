"""The paper form as PDF: one A4 page for each number, nothing printed smaller than 16 points.

The type is Helvetica, which every reader has. For people who read with a screen reader there is the same form in
HTML (bot.form_html): a PDF of ruled lines is for the pen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fpdf import FPDF, ViewerPreferences

from bot.form_sheets import FormSheets
from storage.paper_form import Choice, FormField, shown_number

SIZE: Final = 16
"""Points: large print begins here (RNIB, Clear Print; also CBM's guidance for Indonesia)."""

TITLE_SIZE: Final = 20
NUMBER_SIZE: Final = 28

WIDTH: Final = 210.0  # mm, as all below
HEIGHT: Final = 297.0
MARGIN: Final = 10.0
LINE: Final = 6.6
GAP: Final = 1.4
RULE: Final = 8.4
BOX: Final = 4.6
SIGN: Final = 22.0
FRAME: Final = 88.0
SLIP: Final = 34.0
_RIGHT: Final = WIDTH - MARGIN


def as_pdf(sheets: FormSheets, at: datetime) -> bytes:
    """All sheets in one file. Raises ValueError when a question leaves no room for the slip."""
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margins(MARGIN, MARGIN)
    _describe(pdf, sheets, at)
    for number in sheets.numbers:
        _Page(pdf, sheets, number).draw()
    return bytes(pdf.output())


def _describe(pdf: FPDF, sheets: FormSheets, at: datetime) -> None:
    """What a reader of the file says first: its title, its language (PDF/UA, ISO 14289)."""
    pdf.set_title(sheets.title)
    pdf.set_lang("id")
    pdf.set_subject(sheets.form.intro)
    pdf.set_author(sheets.contact)
    pdf.set_creator("Suara")
    pdf.set_creation_date(at)
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)


@dataclass(frozen=True, slots=True)
class _Page:
    """One sheet: questions from top to bottom, the slip at the foot."""

    pdf: FPDF
    sheets: FormSheets
    number: str

    def draw(self) -> None:
        self.pdf.add_page()
        self._head()
        asked = [(f"{place}. {field.ask}", field) for place, field in enumerate(self.sheets.asked, 1)]
        signed = next(place for place, (_, field) in enumerate(asked) if field.name == "consent")
        for ask, field in asked[:signed]:
            self._question(ask, field)
        self._consent(*asked[signed])
        self._beside(asked[signed + 1 :])
        if self.pdf.get_y() > HEIGHT - MARGIN - SLIP:
            raise ValueError("the questions of the form leave no room for the slip")
        self._slip()

    def _head(self) -> None:
        self._font(TITLE_SIZE, bold=True)
        self.pdf.cell(120, 10, self.sheets.form.title)
        self._font(NUMBER_SIZE, bold=True)
        self.pdf.cell(0, 10, shown_number(self.number), align="R", new_x="LMARGIN", new_y="NEXT")
        self._words(self.sheets.form.intro)

    def _question(self, ask: str, field: FormField) -> None:
        self._space(GAP)
        self._flow(ask, bold=True)
        match field.kind:
            case "text" | "date" if field.lines > 1:
                self._ruled(field.lines)
            case "text" | "date":
                self._blank_and_line(field.blank)
            case _:
                self._boxes(field.choices)

    def _blank_and_line(self, blank: str) -> None:
        if blank:
            self._box(blank)
        self._line_to(_RIGHT)
        self.pdf.ln(RULE)

    def _ruled(self, lines: int) -> None:
        self.pdf.ln(LINE)
        for _ in range(lines):
            self._line_to(_RIGHT)
            self.pdf.ln(RULE)

    def _boxes(self, choices: Sequence[Choice]) -> None:
        for place, choice in enumerate(choices, 1):
            self._box(f"{place} {choice.label}")
        self.pdf.ln(LINE)

    def _consent(self, ask: str, field: FormField) -> None:
        """What is agreed to, and a frame to sign or to press the thumb into."""
        self._question(ask, field)
        self._words(self.sheets.form.promise)
        self.pdf.rect(MARGIN, self.pdf.get_y() + GAP, FRAME, SIGN)

    def _beside(self, asked: Sequence[tuple[str, FormField]]) -> None:
        """Who saw it, and when: beside the frame."""
        top = self.pdf.get_y() + GAP
        for place, (ask, _) in enumerate(asked):
            self.pdf.set_xy(MARGIN + FRAME + 3, top + place * SIGN / len(asked))
            self._flow(ask, bold=True)
            self._line_to(_RIGHT)
        self.pdf.set_xy(MARGIN, top + SIGN)

    def _slip(self) -> None:
        top = HEIGHT - MARGIN - SLIP
        with self.pdf.local_context(dash_pattern={"dash": 3, "gap": 2}):
            self.pdf.line(0, top, WIDTH, top)
        self.pdf.set_xy(MARGIN, top + 1)
        self._words(self.sheets.form.slip)
        self._font(NUMBER_SIZE, bold=True)
        self.pdf.cell(0, 10, shown_number(self.number), new_x="LMARGIN", new_y="NEXT")
        self._words(self.sheets.where_to_ask)

    def _words(self, words: str) -> None:
        self._font(SIZE)
        self.pdf.multi_cell(0, LINE, words, align="L", new_x="LMARGIN", new_y="NEXT")

    def _flow(self, words: str, *, bold: bool = False) -> None:
        self._font(SIZE, bold=bold)
        self.pdf.cell(self._wide(words) + 4, LINE, words)

    def _box(self, label: str) -> None:
        """A box to tick with its label, on a new line when it does not fit on this one."""
        self._font(SIZE)
        wide = BOX + 1 + self._wide(label)
        if self.pdf.get_x() + wide > _RIGHT:
            self.pdf.ln(LINE)
            self.pdf.set_x(MARGIN + 6)
        self.pdf.rect(self.pdf.get_x(), self.pdf.get_y() + (LINE - BOX) / 2, BOX, BOX)
        self.pdf.set_x(self.pdf.get_x() + BOX + 1)
        self.pdf.cell(self._wide(label) + 5, LINE, label)

    def _line_to(self, right: float) -> None:
        low = self.pdf.get_y() + RULE - 1.4
        self.pdf.line(self.pdf.get_x(), low, right, low)

    def _space(self, height: float) -> None:
        self.pdf.set_xy(MARGIN, self.pdf.get_y() + height)

    def _wide(self, words: str) -> float:
        return float(self.pdf.get_string_width(words))

    def _font(self, size: int, *, bold: bool = False) -> None:
        self.pdf.set_font("Helvetica", "B" if bold else "", size)
