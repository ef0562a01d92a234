"""How far an aspiration may come, what may be decided there, and by whom: read from a data file.

Stage (tahap: how far) and decision (keputusan: what) are two fields; every "no" needs a reason code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from storage.actor import RefusalError
from storage.datafile import FOLDER, LOCALES, DataFileError, Raw, read_toml
from storage.lifecycle_schema import ALL, problems

DEFAULT: Final = FOLDER / "lifecycle.toml"


@dataclass(frozen=True, slots=True)
class State:
    """Where an aspiration stands: how far it has come and what was decided there."""

    stage: str
    decision: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: where it may go from here, what may be decided there, whether nothing follows, or all is done."""

    next: tuple[str, ...]
    decisions: tuple[str, ...]
    final: bool
    completes: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: whether it needs a reason, whether it ends the aspiration, whether it is the staff's."""

    negative: bool
    final: bool
    staff: bool


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the staff: where it decides, whether it may skip stages, whether it may open what has ended."""

    stages: frozenset[str]
    jumps: bool
    reopens: bool


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The whole of a checked lifecycle file. `entries` are its texts by key and locale."""

    start: State
    withdrawn: str
    stages: Mapping[str, Stage]
    decisions: Mapping[str, Decision]
    reasons: tuple[str, ...]
    roles: Mapping[str, Role]
    entries: Mapping[str, Mapping[str, str]]

    def is_open(self, state: State) -> bool:
        """Whether anything can still be decided. What a newer file no longer knows counts as open."""
        stage, decision = self.stages.get(state.stage), self.decisions.get(state.decision)
        return not ((stage and stage.final) or (decision and decision.final))

    def completed(self, state: State) -> bool:
        """Whether what was asked for is there now, in whole or in part, as the staff says."""
        stage, decision = self.stages.get(state.stage), self.decisions.get(state.decision)
        return bool(stage and stage.completes and decision and decision.staff and not decision.negative)

    def advice(self, decision: str, reason: str) -> str:
        """The key of what the resident can do next: by the reason, or without one by the decision."""
        return f"next.{reason or decision}"

    def check(self, role: str, old: State, new: State, reason: str) -> None:
        """Raises RefusalError with a sentence when this role may not move `old` to `new` for `reason`."""
        for name, known, kind in self._names(role, new, reason):
            if name not in known:
                raise RefusalError("unknown_" + kind, _unknown(name, known, kind))
        for refused, key, words in self._rules(self.roles[role], role, old, new, reason):
            if refused:
                raise RefusalError(key, words)

    def _names(self, role: str, new: State, reason: str) -> Iterator[tuple[str, Any, str]]:
        yield role, self.roles, "role"
        yield new.stage, self.stages, "stage"
        yield new.decision, {name for name, decision in self.decisions.items() if decision.staff}, "decision"
        if reason:
            yield reason, self.reasons, "reason"

    def _rules(
        self, role: Role, name: str, old: State, new: State, reason: str
    ) -> Iterator[tuple[bool, str, str]]:
        stage, decision = self.stages[new.stage], self.decisions[new.decision]
        onward = (old.stage, *self._next(old.stage))
        yield old.decision == self.withdrawn, "withdrawn", "Its author has withdrawn this aspiration."
        yield new.stage not in role.stages, "not_your_stage", f'"{name}" may not decide at "{new.stage}".'
        yield not self.is_open(old) and not role.reopens, "closed", f'"{name}" may not reopen what has ended.'
        yield (
            not role.jumps and new.stage not in onward,
            "not_next",
            f'From "{old.stage}" it goes to {", ".join(onward[1:]) or "nowhere"}, not to "{new.stage}".',
        )
        yield (
            new.decision not in stage.decisions,
            "not_here",
            f'At "{new.stage}" one decides {", ".join(stage.decisions)}, not "{new.decision}".',
        )
        yield (
            decision.negative and not reason,
            "reason_missing",
            f'"{new.decision}" needs a reason: {", ".join(self.reasons)}.',
        )

    def _next(self, stage: str) -> tuple[str, ...]:
        return self.stages[stage].next if stage in self.stages else ()


def _unknown(name: str, known: Any, kind: str) -> str:
    return f'There is no {kind} "{name}"; there are {", ".join(sorted(known))}.'


def load_lifecycle(path: Path = DEFAULT) -> Lifecycle:
    """Read and check a lifecycle file. Raises DataFileError with one sentence for each fault."""
    raw = read_toml(path)
    faults = [f"{path.name}: {fault}" for fault in problems(raw)]
    if faults:
        raise DataFileError(faults)
    return _build(raw)


def _build(raw: Raw) -> Lifecycle:
    return Lifecycle(
        start=State(**raw["start"]),
        withdrawn=raw["withdrawn"],
        stages={name: _stage(stage) for name, stage in raw["stages"].items()},
        decisions={name: _decision(decision) for name, decision in raw["decisions"].items()},
        reasons=tuple(raw["reasons"]),
        roles={name: _role(role, raw["stages"]) for name, role in raw["roles"].items()},
        entries=dict(_entries(raw)),
    )


def _stage(raw: Raw) -> Stage:
    return Stage(
        tuple(raw.get("next", ())),
        tuple(raw["decisions"]),
        raw.get("final", False),
        raw.get("completes", False),
    )


def _decision(raw: Raw) -> Decision:
    return Decision(raw.get("negative", False), raw.get("final", False), raw.get("by", "staff") == "staff")


def _role(raw: Raw, stages: Raw) -> Role:
    names = stages if ALL in raw["stages"] else raw["stages"]
    return Role(frozenset(names), raw.get("jumps", False), raw.get("reopens", False))


def _entries(raw: Raw) -> Iterator[tuple[str, Mapping[str, str]]]:
    for family, table in (("stage", "stages"), ("decision", "decisions"), ("reason", "reasons")):
        for name, entry in raw[table].items():
            yield f"{family}.{name}", {locale: entry[locale] for locale in LOCALES}
            if table != "stages" and "next" in entry:
                yield f"next.{name}", dict(entry["next"])
