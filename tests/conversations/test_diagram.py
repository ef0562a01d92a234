"""The picture of the flows is generated; the committed page must be the one that the table draws today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from conversations.diagram import chart, page
from conversations.flows import suara_flows
from conversations.table import RETURN, Act, Ask, Branch, Tell

PAGE = Path(__file__).parents[2] / "docs" / "flows.md"


def test_the_committed_page_is_not_stale() -> None:
    """`make diagram` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page(suara_flows())


def test_the_module_prints_the_page() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "conversations.diagram"], capture_output=True, check=True, cwd=PAGE.parents[1]
    )
    assert printed.stdout.decode() == page(suara_flows())


def test_every_step_is_drawn_once_in_the_shape_of_its_kind() -> None:
    shapes = {Ask: r'\("', Tell: r'\[/"', Branch: r'\{"', Act: r'\[\["'}
    for flow in suara_flows().flows:
        drawn = chart(flow)
        for step in flow.steps:
            box = f"^    s_{re.escape(step.name.replace('.', '_'))}{shapes[type(step)]}"
            assert len(re.findall(box, drawn, re.MULTILINE)) == 1, step.name


def test_every_edge_is_drawn_with_its_outcome() -> None:
    for flow in suara_flows().flows:
        lines = chart(flow).splitlines()
        for step in flow.steps:
            for outcome, target in step.edges.items():
                end = 'back(["back"])' if target == RETURN else f"s_{target.replace('.', '_')}"
                start = f"    s_{step.name.replace('.', '_')} "
                assert any(
                    line.startswith(start) and outcome in re.split(r" · |\"", line) and end in line
                    for line in lines
                ), f"{step.name}: {outcome}"


def test_a_line_into_another_flow_is_dashed() -> None:
    for flow in suara_flows().flows:
        own = {step.name for step in flow.steps}
        for line in chart(flow).splitlines():
            if arrow := re.match(r"    s_\w+ (-->|-\.->).* s_(\w+)", line):
                inside = arrow[2] in {name.replace(".", "_") for name in own}
                assert (arrow[1] == "-->") == inside, line
