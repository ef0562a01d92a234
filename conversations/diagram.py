"""The picture of the flows, generated from the table: Mermaid text that code hosts draw as a chart."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.table import RETURN, Act, Ask, Branch, Flow, Flows, Step, Tell

HEAD = """# The flows

Generated from the tables in `conversations/flows/` by `make diagram`; a test fails when this page is stale.
Rounded boxes ask, slanted ones tell, diamonds decide by what is known, double boxes act on the world.
Dashed lines lead into another flow. Global words (menu, kembali, ulangi, bantuan, batal, berhenti, bahasa)
work at every step and are not drawn; "back" stands for a return to the step that was interrupted.
"""


def page(flows: Flows) -> str:
    """The whole page in Markdown: a table of questions and one chart for each flow."""
    charts = "\n".join(f"## {flow.name}\n\n```mermaid\n{chart(flow)}\n```\n" for flow in flows.flows)
    return f"{HEAD}\n{charts}"


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
        label = f'|"{" · ".join(outcomes)}"| ' if outcomes else ""
        line = "-->" if target in own else "-.->"
        yield f"{_id(step.name)} {line}{label}{_target(target, own)}"


def _target(name: str, own: set[str]) -> str:
    if name == RETURN:
        return 'back(["back"])'
    return _id(name) if name in own else f'{_id(name)}["{name}"]'


def _id(name: str) -> str:
    """Mermaid reserves words such as `end` and takes no dots in ids."""
    return f"s_{name.replace('.', '_')}"
