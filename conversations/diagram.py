"""The picture of the flows, generated from the table: Mermaid text that code hosts draw as a chart.

`python -m conversations.diagram` prints the page that docs/flows.md holds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from conversations.flows import suara_flows
from conversations.table import RETURN, Act, Ask, Branch, Flow, Flows, Question, Step, Tell, always

HEAD = """# The flows

Generated from the tables in `conversations/flows/` by `make diagram`; a test fails when this page is stale.
Rounded boxes ask, slanted ones tell, diamonds decide by what is known, double boxes act on the world.
Dashed lines lead into another flow. Global words (menu, kembali, ulangi, bantuan, batal, berhenti, bahasa)
work at every step and are not drawn; "back" stands for a return to the step that was interrupted.
"""


def page(flows: Flows) -> str:
    """The whole page in Markdown: for each flow its counted questions, if any, and a chart."""
    return "\n".join((HEAD, *(_section(flow) for flow in flows.flows)))


def _section(flow: Flow) -> str:
    counted = "".join(f"{n}. {_question(q)}\n" for n, q in enumerate(flow.questions, start=1))
    asked = f'The questions that "Langkah n dari N" counts:\n\n{counted}\n' if counted else ""
    return f"## {flow.name}\n\n{asked}```mermaid\n{chart(flow)}\n```\n"


def _question(question: Question) -> str:
    return (
        question.name if question.when is always else f"{question.name} (only when {question.when.__name__})"
    )


def chart(flow: Flow) -> str:
    """One flow as a Mermaid flowchart, in the order of its table."""
    own = {step.name for step in flow.steps}
    lines = ["flowchart TD", *(f"    {_box(step)}" for step in flow.steps)]
    lines += [f"    {arrow}" for step in flow.steps for arrow in _arrows(step, own)]
    return "\n".join(lines)


def _box(step: Step) -> str:
    name = _id(step.name)
    match step:
        case Ask():
            counted = f"<br/><i>{step.question}</i>" if step.question else ""
            return f'{name}("{step.name}{counted}")'
        case Tell():
            return f'{name}[/"{step.name}"/]'
        case Branch():
            return f'{name}{{"{step.name}"}}'
        case Act():
            return f'{name}[["{step.name}<br/>{step.performs.__name__}"]]'


def _arrows(step: Step, own: set[str]) -> Iterator[str]:
    targets: dict[str, list[str]] = {}
    if isinstance(step, Tell):
        targets[step.then] = []
    for outcome, target in step.edges.items():
        targets.setdefault(target, []).append(outcome)
    for target, outcomes in targets.items():
        label = f'|"{" · ".join(outcomes)}"| ' if outcomes else " "
        line = "-->" if target in own else "-.->"
        yield f"{_id(step.name)} {line}{label}{_target(target, own)}"


def _target(name: str, own: set[str]) -> str:
    if name == RETURN:
        return 'back(["back"])'
    return _id(name) if name in own else f'{_id(name)}["{name}"]'


def _id(name: str) -> str:
    """Mermaid reserves words such as `end` and takes no dots in ids."""
    return f"s_{name.replace('.', '_')}"


if __name__ == "__main__":
    sys.stdout.write(page(suara_flows()))
