"""What SIPD's statuses mean here: which stage and decision each is, read from a data file (unofficial; issue 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from storage.datafile import FOLDER, DataFileError, Raw, read_toml, surplus, wrong_type
from storage.lifecycle import Lifecycle, State, load_lifecycle

SIPD_FILE: Final = FOLDER / "sipd.toml"
COLUMNS: Final = ("ticket", "status", "year", "code", "sentence")
LEVELS: Final = ("desa", "mitra", "kecamatan", "skpd", "tapd")


_MARKS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sipd:
    """The statuses by their folded text, the decisions of a refusal, headings, stages by level, reasons by words."""

    texts: Mapping[State, str]
    states: Mapping[str, State]
    refused: str
    cancelled: str
    refusals: tuple[str, str]
    columns: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, tuple[str, ...]]

    def status(self, state: State, lifecycle: Lifecycle) -> str:
        """What SIPD's list says of a state; of one that SIPD has no word for, ours."""
        if state in self.texts:
            return self.texts[state]
        waiting = self.texts.get(State(state.stage, "waiting"))
        if waiting is not None and state.decision in self.refusals:
            return f"{waiting}||{self.refused}"
        return own_words(state, lifecycle)

    def read(self, status: str, present: State, lifecycle: Lifecycle) -> State | None:
        """The state that a status means for what stands at `present`: SIPD's or our own words; None for others."""
        if fold(status) in self.states:
            return self.states[fold(status)]
        if fold(status) == fold(self.cancelled):
            return State(present.stage, self.refusal_at(present.stage, lifecycle))
        before, _, after = status.partition("||")
        if fold(after) == fold(self.refused) and fold(before) in self.states:
            stage = self.states[fold(before)].stage
            return State(stage, self.refusal_at(stage, lifecycle))
        return _own(lifecycle).get(fold(status))

    def refusal_at(self, stage: str, lifecycle: Lifecycle) -> str:
        """How a "no" is called at a stage."""
        return next((one for one in self.refusals if one in _decisions(stage, lifecycle)), "")

    def reason(self, sentence: str) -> str:
        """The reason code that a sentence of SIPD points to, "" when none does; "dana" is found in "dananya"."""
        said = f" {_MARKS.sub(' ', sentence.casefold())}"
        found = (code for code, words in self.reasons.items() if any(f" {word}" in said for word in words))
        return next(found, "")


def _decisions(stage: str, lifecycle: Lifecycle) -> tuple[str, ...]:
    return lifecycle.stages[stage].decisions if stage in lifecycle.stages else ()


def own_words(state: State, lifecycle: Lifecycle) -> str:
    """A state as Suara calls it."""
    return f"{name_of('stage', state.stage, lifecycle)}: {name_of('decision', state.decision, lifecycle)}"


def name_of(family: str, code: str, lifecycle: Lifecycle) -> str:
    """A stage, decision or reason in Indonesian; a code that is no longer known as it is."""
    return lifecycle.entries.get(f"{family}.{code}", {}).get("id", code)


def fold(text: str) -> str:
    """Case and runs of space folded away."""
    return " ".join(text.casefold().split())


@cache
def load_sipd(path: Path = SIPD_FILE) -> Sipd:
    """The file against the lifecycle. Raises DataFileError with a sentence for each fault."""
    raw, lifecycle = read_toml(path), load_lifecycle()
    if faults := [f"{path.name}: {fault}" for fault in _problems(raw, lifecycle)]:
        raise DataFileError(faults)
    known = [(one["text"], State(one["stage"], one["decision"])) for one in raw["status"]]
    return Sipd(
        texts={state: text for text, state in reversed(known)},
        states={fold(text): state for text, state in known},
        refused=raw["refused"],
        cancelled=raw["cancelled"],
        refusals=(raw["refused_decision"], raw["refused_later"]),
        columns={name: tuple(map(fold, raw["columns"][name])) for name in COLUMNS},
        levels={level: tuple(raw["level"][level]) for level in LEVELS},
        reasons={code: tuple(map(fold, words)) for code, words in raw["reason"].items()},
    )


def _own(lifecycle: Lifecycle) -> dict[str, State]:
    states = (State(name, one) for name, stage in lifecycle.stages.items() for one in stage.decisions)
    return {fold(own_words(state, lifecycle)): state for state in states}


def _problems(raw: Raw, lifecycle: Lifecycle) -> Iterator[str]:
    words = ("refused", "cancelled", "refused_decision", "refused_later")
    yield from surplus(raw, (*words, "status", "columns", "level", "reason"), "the file")
    yield from surplus(raw.get("columns", {}), COLUMNS, "[columns]")
    for name in COLUMNS:
        yield from wrong_type(raw.get("columns", {}), "[columns]", name, list)
    for name in words:
        yield from wrong_type(raw, "the file", name, str)
    for one in raw.get("status", [{}]):
        yield from _status_problems(one, lifecycle)
    for level in LEVELS:
        yield from _unknown(raw.get("level", {}).get(level), lifecycle.stages, f"[level] {level}", "stage")
    yield from _unknown(list(raw.get("reason", {})), lifecycle.reasons, "[reason]", "reason")


def _status_problems(one: Raw, lifecycle: Lifecycle) -> Iterator[str]:
    where = f"[[status]] {one.get('text', '?')}"
    yield from wrong_type(one, where, "text", str)
    stage = lifecycle.stages.get(one.get("stage", ""))
    if stage is None or one.get("decision") not in stage.decisions:
        yield f"{where} names a stage and decision that the lifecycle does not have."


def _unknown(names: object, known: Any, where: str, kind: str) -> Iterator[str]:
    if not isinstance(names, list):
        yield f"{where} needs a list of {kind}s."
        return
    yield from (
        f'{where} names the {kind} "{name}", which does not exist.' for name in names if name not in known
    )
