"""The paper form as a page of HTML: to print in large type, and to read or fill in with a screen reader.

One file without scripts and without anything from elsewhere; each sheet prints on a page of its own.
"""

from __future__ import annotations

from html import escape
from typing import Final

from bot.form_sheets import FormSheets
from storage.paper_form import FormField, shown_number


def as_html(sheets: FormSheets) -> str:
    """All sheets as one document in Indonesian."""
    articles = "\n".join(_sheet(sheets, number) for number in sheets.numbers)
    title = escape(sheets.title)
    return (
        '<!DOCTYPE html>\n<html lang="id">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{articles}\n</main>\n</body>\n</html>\n"
    )


def _sheet(sheets: FormSheets, number: str) -> str:
    questions = "\n".join(
        f"<li>{_question(field, place, f'{number}-{field.name}', sheets.form.promise)}</li>"
        for place, field in enumerate(sheets.asked, 1)
    )
    shown = shown_number(number)
    return (
        f'<article aria-labelledby="{number}">\n'
        f'<h2 id="{number}">Formulir <strong>{shown}</strong></h2>\n'
        f"<p>{escape(sheets.form.intro)}</p>\n<ul>\n{questions}\n</ul>\n"
        f'<aside aria-label="Bagian untuk warga">\n<p>{escape(sheets.form.slip)}</p>\n'
        f"<p><strong>{shown}</strong></p>\n<p>{escape(sheets.where_to_ask)}</p>\n</aside>\n</article>"
    )


def _question(field: FormField, place: int, name: str, promise: str) -> str:
    ask = f"{place}. {escape(field.ask)}"
    match field.kind:
        case "one" | "several":
            return _choices(field, ask, name, promise if field.name == "consent" else "")
        case "text" | "date":
            return _line(field, ask, name)


def _choices(field: FormField, ask: str, name: str, promise: str) -> str:
    """Boxes in a group of their own, so that a screen reader says what they answer."""
    kind = "checkbox" if field.kind == "several" else "radio"
    boxes = "\n".join(
        f'<label><input type="{kind}" name="{name}" value="{place}"> {place} {escape(choice.label)}</label>'
        for place, choice in enumerate(field.choices, 1)
    )
    sign = f'<p>{escape(promise)}</p>\n<div class="sign" aria-hidden="true"></div>' if promise else ""
    return f"<fieldset><legend>{ask}</legend>\n{boxes}\n{sign}</fieldset>"


def _line(field: FormField, ask: str, name: str) -> str:
    label = f'<label for="{name}">{ask}</label>'
    blank = (
        f'<label><input type="checkbox" name="{name}-blank"> {escape(field.blank)}</label>'
        if field.blank
        else ""
    )
    if field.lines > 1:
        return (
            f'{label}{blank}\n<textarea id="{name}" rows="{field.lines}" maxlength="{field.most}"></textarea>'
        )
    return f'{label}{blank}\n<input id="{name}" type="text" autocomplete="off" maxlength="{field.most}">'


STYLE: Final = """\
@page { size: A4; margin: 10mm; }
body { font: 1.25rem/1.5 Helvetica, Arial, sans-serif; color: #000; background: #fff; margin: 0 auto; max-width: 50rem; padding: 1rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.5rem; margin: 0; }
h2 strong, aside strong { font-size: 2rem; }
ul { list-style: none; margin: 0; padding: 0; }
li { margin: 0.5rem 0; }
fieldset { border: 0; margin: 0; padding: 0; }
legend, label[for] { font-weight: bold; padding: 0; }
label { margin-right: 1rem; white-space: nowrap; }
input[type="checkbox"], input[type="radio"] { width: 1.1rem; height: 1.1rem; }
input[type="text"], textarea { font: inherit; width: 100%; box-sizing: border-box; border: 0; border-bottom: 1px solid #000; }
.sign { border: 1px solid #000; height: 20mm; }
aside { border-top: 2px dashed #000; margin-top: 1rem; }
article { border-top: 4px solid #000; margin-top: 2rem; padding-top: 1rem; }
@media print {
  body { font-size: 16pt; line-height: 1.15; max-width: none; padding: 0; }
  h1 { display: none; }
  h2 { font-size: 18pt; }
  h2 strong, aside strong { font-size: 26pt; }
  p { margin: 0; }
  li { margin: 0.8mm 0; }
  legend { float: left; margin-right: 1rem; }
  input[type="text"] { width: auto; min-width: 40%; }
  li:nth-last-child(-n + 2) { display: inline-block; }
  li:nth-last-child(-n + 2) input { min-width: 35mm; width: 40mm; }
  textarea { height: 20mm; resize: none; }
  .sign { height: 14mm; }
  label { margin-right: 4mm; }
  aside { margin-top: 2mm; }
  article { border: 0; margin: 0; padding: 0; break-after: page; }
  article:last-child { break-after: auto; }
}
"""
