"""Is each question well put? Rules of the copy that need the table: which buttons stand together, what can be answered.

L14 the labels of one keyboard differ, L15 at most six options at once, L16 who is asked something is told how to
answer, L21 what is said after an answer that was not understood: what happened, what to do, an example. Sources:
W3C COGA "Make each step clear", WCAG 3.3.3, GOV.UK "Error message". L14, L15 and L16 are judged once more at what is
sent (message_check), where the options that flows compute are known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from conversations.catalogues import Catalogues
from conversations.copy_check import LIMITS, Problem
from conversations.table import Ask, Flows, Tell

MOST_OPTIONS: Final = 6
"""Options of one message, beside the one that turns the page."""

_INPUT: Final = re.compile(
    r"\b(?:tulis|ketik|kirim|rekam|sebut|jawab|pilih|tekan|boleh suara|minta)\w*\b", re.IGNORECASE
)
_DO: Final = re.compile(
    r"\b(?:tulis|ketik|kirim|rekam|coba|pilih|tekan|cari|salin|hubungi|tunggu|lihat|ulangi|dekatkan|minta|satu nama)\b",
    re.IGNORECASE,
)
_HAPPENED: Final = re.compile(
    r"\b(?:belum|tidak|kurang|lebih|terlalu|tunggu|menunggu|perlu|sudah|ada|hanya|bukan)\b", re.IGNORECASE
)
_EXAMPLE: Final = re.compile(r"\bcontoh\b|\bketik \d", re.IGNORECASE)
"""“Ketik 1 untuk melewati” is an example that can be followed to the letter."""


def question_problems(flows: Flows, catalogues: Catalogues) -> list[Problem]:
    """Each step of the table whose words break a rule in a locale whose copy is judged."""
    asking = [step for step in flows.steps.values() if isinstance(step, Ask | Tell)]
    return [
        Problem(locale, key, fault)
        for locale in LIMITS
        for step in asking
        for key, fault in _of(step, catalogues, locale)
    ]


def _of(step: Ask | Tell, catalogues: Catalogues, locale: str) -> Iterator[tuple[str, str]]:
    said = {key: _text(catalogues, key, locale) for key in _keys(step)}
    yield from ((step.says, fault) for fault in keyboard_faults(_labels(step, catalogues, locale)))
    yield from ((step.says, fault) for fault in _answerable(step, said[step.says]))
    if isinstance(step, Ask):
        yield from ((step.hint, fault) for fault in error_faults(said[step.hint], again=False))
        yield from ((step.easier, fault) for fault in error_faults(said[step.easier], again=True))


def keyboard_faults(labels: list[str]) -> Iterator[str]:
    """What is wrong with the fixed labels of one message."""
    for label, count in Counter(_bare(label) for label in labels).items():
        if count > 1:
            yield f"L14 the label “{label}” stands on {count} buttons"
    if len(labels) > MOST_OPTIONS:
        yield f"L15 {len(labels)} options at once, at most {MOST_OPTIONS}"


def answer_faults(text: str, *, buttons: bool) -> Iterator[str]:
    """A question must have buttons, or say what to write or send."""
    if text.rstrip().endswith("?") and not buttons and not _INPUT.search(text):
        yield "L16 a question that does not say how to answer"


def error_faults(text: str, *, again: bool) -> Iterator[str]:
    """What is missing from a text after a failed answer; after a second one (`again`) what happened is known."""
    if not again and not _HAPPENED.search(text):
        yield "L21 does not say what happened"
    if not _DO.search(text):
        yield "L21 does not say what to do"
    if not _EXAMPLE.search(text):
        yield "L21 has no example"


def _answerable(step: Ask | Tell, text: str) -> Iterator[str]:
    offers = step.offers if isinstance(step, Ask) else None
    if isinstance(step, Tell) and not step.apart:
        return  # the question that follows stands in the same message
    yield from answer_faults(text, buttons=bool(step.options or offers))


def _labels(step: Ask | Tell, catalogues: Catalogues, locale: str) -> list[str]:
    """The options that fit on a page; those of a paged step are never seen all at once."""
    labels = [_text(catalogues, choice.label.key, locale) for choice in step.options]
    return labels[: step.page] if isinstance(step, Ask) and step.page else labels


def _keys(step: Ask | Tell) -> tuple[str, ...]:
    return (step.says, step.hint, step.easier) if isinstance(step, Ask) else (step.says,)


def _text(catalogues: Catalogues, key: str, locale: str) -> str:
    return catalogues.template(key, locale).forms[0]


def _bare(label: str) -> str:
    return " ".join(re.findall(r"[\w{}]+", label.casefold()))
