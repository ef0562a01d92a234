"""Understanding an answer: the number of an option, its label, a synonym, several numbers, or a button."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

from conversations.chat import Chat
from conversations.effects import Line
from conversations.events import Typed
from conversations.table import Ask, Flows, Option, Reading, Seen, Tell
from conversations.walk import SENT_LATER, TURN_PAGE, all_options, ways_on

LONGEST_LABEL: Final = 24
"""Characters of a button's label (copy_check, L14)."""


Labels = dict[str, tuple[tuple[Tell, str], ...]]
"""By folded label: the steps that have a button of this name, and its value in each."""


class Speech(Protocol):
    """What the interpreter needs to know of language: global words, labels, folding, typed numbers."""

    def global_word(self, text: str, locale: str) -> str | None:
        """The name of the global word or command that the whole message is."""
        ...

    def names(self, label: Line, locale: str) -> tuple[str, ...]:
        """A label and its synonyms, folded for comparison."""
        ...

    def fold(self, text: str) -> str:
        """Case, punctuation and runs of space folded away."""
        ...

    def numbers(self, text: str) -> tuple[int, ...]:
        """The option numbers that a message consists of: "2", "no 2", "dua", "1, 3 dan 5"; () for words."""
        ...


def choose(step: Ask, seen: Seen, speech: Speech) -> Reading[str] | None:
    """Read a typed message as a choice among the step's options.

    While messages of an answer are being gathered the question has not been put yet: a number is then one of them.
    """
    event = seen.event
    options = answerable(step, seen)
    if not isinstance(event, Typed) or not options:
        return None
    numbers = speech.numbers(event.text) if seen.chat.quiet_at is None else ()
    if numbers:
        picked = [options[n - 1] for n in dict.fromkeys(numbers) if 1 <= n <= len(options)]
        known = len(picked) == len(dict.fromkeys(numbers))
        return take_all(step, seen, picked) if known else None
    said = speech.fold(event.text)
    named = [o for o in options if said and said in speech.names(o.label, seen.chat.locale)]
    return take_all(step, seen, named) if len(named) == 1 else None


def press(step: Ask, seen: Seen, value: str) -> Reading[str] | None:
    """Read a pressed value as a choice among the step's options."""
    pressed = [o for o in answerable(step, seen) if o.value == value]
    return take_all(step, seen, pressed) if pressed else None


def answerable(step: Ask, seen: Seen) -> tuple[Option, ...]:
    """All options that the step takes now, on every page, in the order of their numbers."""
    every = all_options(step, seen)
    return (*every, *ways_on(step, len(every), seen.chat.failures))


def names_option(step: Ask, seen: Seen, speech: Speech, text: str, *, whole: bool = False) -> bool:
    """Whether a text is the label of an option of the present question or, unless `whole`, a synonym."""
    said = speech.fold(text)
    named = (speech.names(o.label, seen.chat.locale) for o in answerable(step, seen))
    return any(said in (names[:1] if whole else names) for names in named)


def letter_labels(flows: Flows, speech: Speech, locale: str) -> Labels:
    """What is said for the buttons under messages of the clock, folded: for each label the steps and values.

    Synonyms of one word are left out: they would catch what is meant for the open question, or for a new need.
    """
    labels: Labels = {}
    steps = [step for name in SENT_LATER if isinstance(step := flows.steps.get(name), Tell)]
    for step in steps:
        for choice in step.options:
            first, *others = speech.names(choice.label, locale)
            for label in (first, *(name for name in others if " " in name)):
                labels[label] = (*labels.get(label, ()), (step, choice.value))
    return labels


def named_letter(labels: Labels, seen: Seen, speech: Speech, text: str) -> tuple[Tell, str, str] | None:
    """What a text answers that is the label of a button under a message of the clock: its step, value and ref.

    The messages themselves are looked up only when one of their labels was typed.
    """
    meant = labels.get(speech.fold(text), ()) if len(text) <= LONGEST_LABEL else ()
    letters = seen.facts.letters() if meant else ()
    found = ((step, value, ref) for name, ref in letters for step, value in meant if step.name == name)
    return next(found, None)


def take_all(step: Ask, seen: Seen, options: list[Option]) -> Reading[str] | None:
    """Store the chosen options; several numbers at once must all be of the kind that is toggled."""
    chat = seen.chat
    if options[0].leads == TURN_PAGE:
        return turn_page(step, seen) if len(options) == 1 else None
    if len(options) > 1 and any(o.leads != "toggled" for o in options):
        return None
    for choice in options:
        if choice.leads == "toggled":
            chat = _toggle(chat, choice.value)
        elif _is_kept(step, choice):
            chat = step.keep(chat, choice.value)
    return Reading(options[0].leads, chat)


def turn_page(step: Ask, seen: Seen) -> Reading[str]:
    """Show the next page of the options; after the last comes the first."""
    ends = len(step.options) if step.several else 0
    pages = -(-(len(all_options(step, seen)) - ends) // step.page)
    return Reading(TURN_PAGE, replace(seen.chat, page=(seen.chat.page + 1) % pages))


def _is_kept(step: Ask, choice: Option) -> bool:
    """A way out is no answer: where options are offered only those are stored, and a rescue never is."""
    return choice not in step.rescue and (step.offers is None or choice.leads in step.leads)


def _toggle(chat: Chat, value: str) -> Chat:
    if value in chat.picked:
        return replace(chat, picked=tuple(v for v in chat.picked if v != value))
    return replace(chat, picked=(*chat.picked, value))
