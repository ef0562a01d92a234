"""Texts: lines by key become the words of one message, in the reader's locale.

Messages are sent without a parse mode, so nothing is escaped: what a resident wrote is shown as it was
written, cleaned of control characters and cut to a bounded length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, assert_never

from conversations import times
from conversations.aloud import aloud
from conversations.catalogues import Catalogues, Template
from conversations.effects import Button, Line, Listing, Param, Quoted
from conversations.facts import House

MESSAGE_LIMIT: Final = 4096
"""UTF-16 units that Telegram takes in one message (Bot API, sendMessage)."""

PARAM_LIMIT: Final = 1000
"""Characters of one parameter: four residents' answers fit beside the text around them."""

LABEL_LIMIT: Final = 60
"""Characters of a button's label; more is cut off by every client."""

ELLIPSIS: Final = "…"
COUNT: Final = "count"
"""The parameter that chooses the plural form of a text."""

SYNONYMS: Final = "also."
"""`also.<key>` holds further names of the option labelled `<key>`, separated by `|`; `-` stands for none."""

NO_SYNONYMS: Final = "-"

AMBIENT: Final = frozenset({"kabupaten", "village_term", "contact", "phone", "hotline", "person", "danger"})
"""Parameters that every text may use without being given them: what is true of this installation."""

PHONE_GROUP: Final = 4
HOW_TO_CHOOSE: Final = Line("options.how")

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Control characters, marks that turn the reading direction, and lone surrogates, which no JSON carries."""


@dataclass(frozen=True, slots=True)
class RenderedButton:
    """An inline button as Telegram takes it."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One message in the words of its reader."""

    text: str
    buttons: tuple[RenderedButton, ...] = ()


class Texts:
    """Renders lines. The `AMBIENT` parameters come from the house; what a line is given goes before them.

    `{person}` is whom one can ask, with the number if there is one; `{danger}` the sentence that names the
    hotline, empty where there is none.
    """

    def __init__(self, catalogues: Catalogues, house: House) -> None:
        self.catalogues = catalogues
        self._house = house
        self._ambient = {
            "kabupaten": house.kabupaten,
            "village_term": house.village_term,
            "contact": house.contact_name,
            "phone": spaced(house.contact_phone),
            "hotline": spaced(house.hotline),
        }

    def say(self, lines: Sequence[Line], buttons: Sequence[Button], locale: str) -> RenderedMessage:
        """Lines with a blank line between them, then how to choose and the numbered options "1. …".

        The text is cut to what Telegram takes. KeyError names a text that no catalogue has or a parameter
        that the line lacks.
        """
        labels = [self.label(button.label, locale) for button in buttons]
        body = "\n\n".join([self.line(line, locale).strip() for line in lines])
        numbered = [f"{b.number}. {label}" for b, label in zip(buttons, labels, strict=True) if b.number]
        if len(numbered) > 1:
            numbered.insert(0, self.line(HOW_TO_CHOOSE, locale))
        rendered = [RenderedButton(label, b.payload) for b, label in zip(buttons, labels, strict=True)]
        return RenderedMessage(_fitted(body, "\n".join(numbered)), tuple(rendered))

    def line(self, line: Line, locale: str) -> str:
        """One line in words; KeyError as for `say`."""
        template = self.catalogues.template(line.key, locale)
        given = line.params or {}
        form = 0 if len(template.forms) == 1 else self._form(template, given, locale)
        names = template.names[form]
        if not names:
            return template.forms[form]
        words = {name: self._value(line.key, name, given, locale) for name in names}
        return template.forms[form].format_map(words)

    def label(self, line: Line, locale: str) -> str:
        """A button's label: one line, bounded."""
        return _cut(" ".join(self.line(line, locale).split()), LABEL_LIMIT)

    def names(self, line: Line, locale: str) -> tuple[str, ...]:
        """What one may type for an option: its label, then its synonyms (the text `also.<key>`)."""
        label = self.line(line, locale)
        also = self.catalogues.whole[self.catalogues.known(locale)].get(SYNONYMS + line.key)
        if also is None or also.forms[0] == NO_SYNONYMS:
            return (label,)
        return (label, *(name.strip() for name in also.forms[0].split("|")))

    def _form(self, template: Template, given: Mapping[str, Param], locale: str) -> int:
        count = given.get(COUNT, 0)
        form = self.catalogues.plural(locale)(count) if isinstance(count, int) else 0
        return min(form, len(template.forms) - 1)

    def _value(self, key: str, name: str, given: Mapping[str, Param], locale: str) -> str:
        if name in given:
            return self._words(given[name], locale)
        if name in self._ambient:
            return self._ambient[name]
        if name == "person":
            return (
                self.line(Line("house.person"), locale)
                if self._house.contact_phone
                else self._ambient["contact"]
            )
        if name == "danger":
            return self.line(Line("house.danger"), locale) if self._house.hotline else ""
        raise KeyError(f"text {key}: the parameter {name} was not given")

    def _words(self, value: Param, locale: str) -> str:
        match value:
            case str():
                return clean(value)
            case int():
                return times.number(value, locale)
            case Line():
                return self.line(value, locale)
            case Listing():
                return self._listing(value, locale)
            case Quoted():
                return self._quoted(value)
            case datetime():
                return self.line(
                    times.moment(value.astimezone(self._house.timezone), self._house.zone), locale
                )
            case date():
                return times.date_words(value, locale)
            case _:
                assert_never(value)

    def _quoted(self, quoted: Quoted) -> str:
        """What another reads or hears, whatever the locale of this message is."""
        words = "\n\n".join([self.line(line, quoted.locale).strip() for line in quoted.lines])
        return aloud(words) if quoted.heard else words

    def _listing(self, listing: Listing, locale: str) -> str:
        parts = [clean(part) if isinstance(part, str) else self.line(part, locale) for part in listing.lines]
        return times.joined(parts, locale) if listing.joined else "\n".join(parts)


def spaced(phone: str) -> str:
    """A telephone number in groups of four, so that it is read digit by digit: "0812 3456 7890"."""
    if not phone.lstrip("+").isdecimal():
        return phone
    return " ".join(phone[i : i + PHONE_GROUP] for i in range(0, len(phone), PHONE_GROUP))


def clean(words: str, limit: int = PARAM_LIMIT) -> str:
    """Words of a person as they are shown: verbatim but for control characters and length (characters)."""
    shown = words if words.isprintable() else _UNSEEN.sub("", words)
    return _cut(shown, limit)


def _cut(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1] + ELLIPSIS


def _fitted(body: str, options: str) -> str:
    """Body and options within one message; when they do not fit, the body gives way: options are how one goes on."""
    text = "\n\n".join(part for part in (body, options) if part)
    if len(text) * 2 <= MESSAGE_LIMIT or _units(text) <= MESSAGE_LIMIT:
        return text
    room = MESSAGE_LIMIT - _units(options) - _units("\n\n" + ELLIPSIS)
    kept = body.encode("utf-16-le")[: 2 * max(0, room)].decode("utf-16-le", errors="ignore")
    return f"{kept}{ELLIPSIS}\n\n{options}" if options else kept + ELLIPSIS


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
