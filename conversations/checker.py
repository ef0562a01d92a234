"""Faults of a flow table, each named in a sentence: what can be proven before anybody meets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from conversations.effects import AnyEffect, Line
from conversations.table import MENU, RETURN, Act, Ask, Branch, Flows, Option, Step, Tell
from conversations.walk import LONGEST_REF, MOST_STEPS, SENT_LATER, TURN_PAGE

PAYLOAD_BYTES: Final = 64
"""Telegram's bound for callback_data (Bot API, InlineKeyboardButton)."""

LONGEST_OFFERED: Final = len("18.07.01.2001")
"""Bytes of the longest offered value: the code of a village."""

PERFORMED_IN_TURN: Final = frozenset(
    {"Say", "Acknowledge", "KeepMedia", "MarkReachable", "RaiseAlert", "SendCard"}
)
"""Effects that readers and the interpreter ask for without waiting for an outcome."""


def problems(flows: Flows, performed: Iterable[type[AnyEffect]]) -> list[str]:
    """Every fault of the table, given the effects that somebody performs; [] when it is sound."""
    checks: tuple[Callable[[Flows], Iterator[str]], ...] = (
        twice_named,
        dangling,
        unmapped,
        dead_edges,
        unreachable,
        trapped,
        circling,
        twice_valued,
        too_long,
        misread,
        wordless,
        uncounted,
        unfinished_effects,
        unguarded,
    )
    found = [problem for check in checks for problem in check(flows)]
    return [*found, *unperformed(flows, set(performed))]


def targets(step: Step) -> tuple[str, ...]:
    """Where a step can lead."""
    onward = (step.then, *([step.reply] if step.reply else [])) if isinstance(step, Tell) else ()
    return (*onward, *step.edges.values())


def literal_outcomes(reader: Callable[..., Any]) -> frozenset[str]:
    """The outcome names that a reader declares in the `Literal` of its return type."""
    return frozenset(_literals(get_type_hints(reader).get("return")))


def _literals(hint: Any) -> Iterator[str]:
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    for inner in get_args(hint):
        yield from _literals(inner) if not isinstance(inner, str) else ()


def outcomes(step: Step) -> frozenset[str]:
    """All outcomes that a step can have."""
    match step:
        case Ask():
            read = frozenset[str]().union(*(literal_outcomes(reader) for reader in step.readers))
            chosen = {choice.leads for choice in (*step.options, *step.rescue)}
            return read | chosen | frozenset(step.leads)
        case Tell():
            return frozenset(choice.leads for choice in step.options)
        case Branch():
            return literal_outcomes(step.on)
        case Act():
            return frozenset(step.performs.outcomes)


def twice_named(flows: Flows) -> Iterator[str]:
    """Two steps of one name: the later would hide the earlier."""
    names = Counter(step.name for flow in flows.flows for step in flow.steps)
    yield from (f"{name}: {count} steps have this name" for name, count in names.items() if count > 1)


def dangling(flows: Flows) -> Iterator[str]:
    """An edge or a global word that leads to no step."""
    for step in flows.steps.values():
        for target in targets(step):
            if target != RETURN and target not in flows.steps:
                yield f"{step.name}: an edge leads to {target}, which is no step"
    for word, target in flows.globals.items():
        if target not in flows.steps:
            yield f"global word {word} leads to {target}, which is no step"
    for question in (question for flow in flows.flows for question in flow.questions):
        if question.at not in flows.steps:
            yield f"question {question.name} is come back to at {question.at}, which is no step"
    if flows.first not in flows.steps:
        yield f"the first step {flows.first} is no step"


def unmapped(flows: Flows) -> Iterator[str]:
    """An outcome without an edge."""
    for step in flows.steps.values():
        for outcome in sorted(outcomes(step) - frozenset(step.edges)):
            yield f"{step.name}: outcome {outcome} has no edge"


def dead_edges(flows: Flows) -> Iterator[str]:
    """An edge that no outcome takes."""
    for step in flows.steps.values():
        known = outcomes(step)
        for edge in step.edges:
            refined = isinstance(step, Act) and edge.partition(".")[0] in known
            if edge not in known and not refined:
                yield f"{step.name}: no outcome takes the edge {edge}"


def unreachable(flows: Flows) -> Iterator[str]:
    """A step that nobody can come to; messages with buttons of their own may come from outside the turn."""
    reached = _closure(flows, {flows.first, MENU, *flows.globals.values(), *_standing(flows)})
    yield from (f"{name}: unreachable" for name in flows.steps if name not in reached)


def _standing(flows: Flows) -> Iterator[str]:
    """Messages apart that carry buttons and that the sender renders (notices); and where a guard leads."""
    yield from (name for name in SENT_LATER if name in flows.steps)
    yield from (flow.otherwise for flow in flows.flows if flow.guard is not None)


def trapped(flows: Flows) -> Iterator[str]:
    """A question from which its own answers never lead to the menu or back."""
    leads = {name: set(targets(step)) for name, step in flows.steps.items()}
    home = {MENU, RETURN}
    while grown := {name for name, onward in leads.items() if name not in home and onward & home}:
        home |= grown
    yield from (f"{name}: a trap, no answer leads out of it" for name in flows.steps if name not in home)


def circling(flows: Flows) -> Iterator[str]:
    """Steps that lead into one another without ever asking: the walk would not end."""
    passing = {n: s for n, s in flows.steps.items() if isinstance(s, Tell | Branch)}
    for name in passing:
        here, seen = {name}, set[str]()
        for _ in range(MOST_STEPS):
            onward = {t for n in here for t in _passed(passing[n]) if t in passing}
            here = onward - seen
            seen |= onward
        if name in seen:
            yield f"{name}: leads back to itself without a question"


def _passed(step: Tell | Branch) -> tuple[str, ...]:
    return (step.then,) if isinstance(step, Tell) else tuple(step.edges.values())


def twice_valued(flows: Flows) -> Iterator[str]:
    """Two options of one step with the same value or label."""
    for step in flows.steps.values():
        for what, values in (("value", _values(step)), ("label", _labels(step))):
            for value, count in Counter(values).items():
                if count > 1:
                    yield f"{step.name}: {what} {value} stands {count} times"


def too_long(flows: Flows) -> Iterator[str]:
    """A payload over 64 bytes, with the longest ref and the longest offered value."""
    for step in flows.steps.values():
        offered = LONGEST_OFFERED if isinstance(step, Ask) and step.offers is not None else 0
        longest = max((offered, *(len(value.encode()) for value in _values(step))))
        size = len(step.name.encode()) + longest + LONGEST_REF + 2
        if _values(step) or offered:
            yield from (f"{step.name}: payload of {size} bytes",) if size > PAYLOAD_BYTES else ()


def misread(flows: Flows) -> Iterator[str]:
    """A name or value that a payload `step:value:ref` would tear apart, or that turns the page instead."""
    for step in flows.steps.values():
        if ":" in step.name:
            yield f"{step.name}: a payload ends its step at the first colon"
        for value in _values(step):
            if ":" in value or value == TURN_PAGE:
                yield f"{step.name}: the value {value} cannot stand in a payload"


def wordless(flows: Flows) -> Iterator[str]:
    """A reader or judge that does not name its outcomes: nothing about it could be checked."""
    for step in flows.steps.values():
        asked = step.readers if isinstance(step, Ask) else (step.on,) if isinstance(step, Branch) else ()
        for reader in asked:
            if not literal_outcomes(reader):
                yield f"{step.name}: {reader.__name__} does not name its outcomes in a Literal"


def uncounted(flows: Flows) -> Iterator[str]:
    """A question that no flow lists, or a listed question that no step asks."""
    listed = [question.name for flow in flows.flows for question in flow.questions]
    asked = {step.question for step in flows.steps.values() if isinstance(step, Ask) and step.question}
    yield from (f"question {name} is asked but not counted" for name in sorted(asked - set(listed)))
    yield from (f"question {name} is counted but not asked" for name in listed if name not in asked)


def unfinished_effects(flows: Flows) -> Iterator[str]:
    """An act whose effect gives nothing back: the chat would wait for ever."""
    for step in flows.steps.values():
        if isinstance(step, Act) and not step.performs.outcomes:
            yield f"{step.name}: {step.performs.__name__} has no outcome to wait for"


def unguarded(flows: Flows) -> Iterator[str]:
    """A guarded flow that refuses nowhere, or at a step that would be refused again."""
    for flow in flows.flows:
        if flow.guard is None:
            continue
        if flow.otherwise not in flows.steps:
            yield f"flow {flow.name}: whom it does not admit is led to {flow.otherwise}, which is no step"
        elif (home := flows.home(flow.otherwise)) is not None and home.guard is not None:
            yield f"flow {flow.name}: whom it does not admit is led to {flow.otherwise}, which is guarded too"


def unperformed(flows: Flows, performed: set[type[AnyEffect]]) -> Iterator[str]:
    """An effect that the table asks for and nobody performs, and the other way round."""
    asked = {step.performs for step in flows.steps.values() if isinstance(step, Act)}
    for effect in sorted(asked - performed, key=lambda e: e.__name__):
        yield f"effect {effect.__name__} has no performer"
    for effect in sorted(performed - asked, key=lambda e: e.__name__):
        if effect.__name__ not in PERFORMED_IN_TURN:
            yield f"effect {effect.__name__} is performed but no step asks for it"


def text_keys(flows: Flows) -> frozenset[str]:
    """Every text key that the table names."""
    return frozenset(key for step in flows.steps.values() for key in _keys(step))


def _keys(step: Step) -> Iterator[str]:
    match step:
        case Ask():
            yield from (step.says, step.hint, step.easier)
            yield from (choice.label.key for choice in (*step.options, *step.rescue))
        case Tell():
            yield step.says
            yield from (choice.label.key for choice in step.options)
        case Branch() | Act():
            return


def _options(step: Step) -> tuple[Option, ...]:
    match step:
        case Ask():
            return (*step.options, *step.rescue)
        case Tell():
            return step.options
        case Branch() | Act():
            return ()


def _values(step: Step) -> tuple[str, ...]:
    return tuple(choice.value for choice in _options(step))


def _labels(step: Step) -> tuple[str, ...]:
    return tuple(_label(choice.label) for choice in _options(step))


def _label(label: Line) -> str:
    return label.key if not label.params else f"{label.key}{dict(label.params)}"


def _closure(flows: Flows, start: set[str]) -> set[str]:
    reached, fresh = set(start), set(start)
    while fresh:
        onward = {t for name in fresh if name in flows.steps for t in targets(flows.steps[name])}
        fresh = onward - reached
        reached |= fresh
    return reached


def enumerated(text: str, labels: Mapping[int, str]) -> list[str]:
    """The numbered options that a rendered text does not name (ux: a screen reader hears the text first)."""
    said = {line.strip() for line in text.splitlines()}
    return [f"{n}. {label}" for n, label in labels.items() if f"{n}. {label}" not in said]
