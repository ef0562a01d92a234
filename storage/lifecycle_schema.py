"""The shape of a lifecycle file: every fault in one sentence that names the place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from storage.datafile import LOCALES, Raw, missing_texts, surplus, unknown_names, wrong_type

ALL: Final = "*"
_TABLES: Final = ("stages", "decisions", "reasons", "roles")
_TOP: Final = ("start", "withdrawn", *_TABLES)


def problems(raw: Raw) -> list[str]:
    """Every fault of a lifecycle, each in one sentence; names are only compared once the shape is right."""
    shape = [*surplus(raw, _TOP, "The file"), *_shape(raw)]
    return shape or [
        *_stage_faults(raw),
        *_decision_faults(raw),
        *_reason_faults(raw),
        *_role_faults(raw),
        *_whole(raw),
    ]


def _shape(raw: Raw) -> Iterator[str]:
    yield from wrong_type(raw, "The file", "start", dict)
    yield from wrong_type(raw, "The file", "withdrawn", str)
    for table in _TABLES:
        yield from wrong_type(raw, "The file", table, dict)
        entries = raw.get(table)
        if isinstance(entries, dict):
            yield from (
                f"{table}.{name} must be a table."
                for name, entry in entries.items()
                if not isinstance(entry, dict)
            )


def _stage_faults(raw: Raw) -> Iterator[str]:
    for name, stage in raw["stages"].items():
        where = f"Stage {name}"
        yield from surplus(stage, ("next", "decisions", "final", "completes", *LOCALES), where)
        yield from missing_texts(stage, where)
        yield from wrong_type(stage, where, "final", bool, default=False)
        yield from wrong_type(stage, where, "completes", bool, default=False)
        if stage.get("completes") is True and stage.get("final") is not True:
            yield f"{where} completes something and is not final."
        yield from unknown_names(stage.get("next", []), raw["stages"], where, "stage")
        yield from unknown_names(stage.get("decisions"), raw["decisions"], where, "decision")
        if not stage.get("next") and stage.get("final") is not True:
            yield f"{where} leads nowhere and is not final."


def _decision_faults(raw: Raw) -> Iterator[str]:
    used = {name for stage in raw["stages"].values() for name in stage.get("decisions", [])}
    for name, decision in raw["decisions"].items():
        where = f"Decision {name}"
        yield from surplus(decision, ("negative", "final", "by", "next", *LOCALES), where)
        yield from missing_texts(decision, where)
        yield from wrong_type(decision, where, "negative", bool, default=False)
        yield from wrong_type(decision, where, "final", bool, default=False)
        if decision.get("by", "staff") not in ("staff", "resident"):
            yield f'{where} needs by = "staff" or "resident".'
        if decision.get("negative") is not True:
            yield from _advice_faults(decision, where)
        if decision.get("by", "staff") == "staff" and name not in used:
            yield f"{where} can be taken at no stage."


def _reason_faults(raw: Raw) -> Iterator[str]:
    for name, reason in raw["reasons"].items():
        where = f"Reason {name}"
        yield from surplus(reason, ("next", *LOCALES), where)
        yield from missing_texts(reason, where)
        yield from _advice_faults(reason, where)
        if name in raw["decisions"]:
            yield f"{where} has the name of a decision; their texts next.{name} would collide."


def _advice_faults(entry: Raw, where: str) -> Iterator[str]:
    advice = entry.get("next")
    if not isinstance(advice, dict):
        yield f"{where} does not say what the resident can do next (next)."
        return
    yield from surplus(advice, LOCALES, f"{where}, next,")
    yield from missing_texts(advice, f"{where}, next,")


def _role_faults(raw: Raw) -> Iterator[str]:
    for name, role in raw["roles"].items():
        where = f"Role {name}"
        yield from surplus(role, ("stages", "jumps", "reopens"), where)
        yield from wrong_type(role, where, "jumps", bool, default=False)
        yield from wrong_type(role, where, "reopens", bool, default=False)
        yield from unknown_names(role.get("stages"), {ALL: 0, **raw["stages"]}, where, "stage")


def _whole(raw: Raw) -> Iterator[str]:
    start = raw["start"]
    yield from surplus(start, ("stage", "decision"), "start")
    yield from unknown_names([start.get("stage")], raw["stages"], "start", "stage")
    yield from unknown_names([start.get("decision")], raw["decisions"], "start", "decision")
    withdrawn = raw["decisions"].get(raw["withdrawn"])
    if withdrawn is None or withdrawn.get("by") != "resident" or withdrawn.get("final") is not True:
        yield 'withdrawn must name a final decision by = "resident".'
    reached = _reachable(raw["stages"], start.get("stage"))
    yield from (
        f"Stage {name} cannot be reached from the start." for name in raw["stages"] if name not in reached
    )


def _reachable(stages: Raw, start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in stages and name not in reached:
            reached.add(name)
            waiting += [step for step in stages[name].get("next", []) if isinstance(step, str)]
    return reached
