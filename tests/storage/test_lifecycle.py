"""What may be decided, where and by whom: the default lifecycle cell by cell, and each fault of a bad one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from conversations.catalogues import Template
from storage.actor import RefusalError
from storage.datafile import LOCALES, DataFileError, read_toml
from storage.lifecycle import DEFAULT, Lifecycle, State, load_lifecycle
from storage.lifecycle_schema import problems

LIFECYCLE = load_lifecycle()

MEETING = "waiting forwarded returned merged postponed rejected"
PLAN = "waiting forwarded accommodated accommodated_partly postponed not_accommodated"
ASIDE = "waiting forwarded returned accommodated accommodated_partly postponed not_accommodated"
TABLE = {
    "received": (
        "waiting returned merged rejected",
        "checked musrenbang_desa musrenbang_inklusi village_plan complaint",
    ),
    "checked": (MEETING, "musrenbang_desa musrenbang_inklusi bappeda_check village_plan complaint"),
    "musrenbang_desa": (MEETING, "bappeda_check musrenbang_kecamatan village_plan complaint"),
    "musrenbang_inklusi": (MEETING, "bappeda_check musrenbang_kecamatan forum_pd village_plan complaint"),
    "bappeda_check": (MEETING, "musrenbang_kecamatan forum_pd village_plan province complaint"),
    "musrenbang_kecamatan": (MEETING, "forum_pd village_plan province"),
    "forum_pd": (MEETING, "musrenbang_kabupaten province"),
    "musrenbang_kabupaten": ("waiting forwarded merged postponed rejected", "rkpd province"),
    "rkpd": (PLAN, "kua_ppas"),
    "kua_ppas": (PLAN, "apbd"),
    "apbd": (PLAN, "execution"),
    "execution": ("waiting accommodated accommodated_partly postponed not_accommodated", "finished"),
    "finished": ("accommodated accommodated_partly not_accommodated", ""),
    "village_plan": (ASIDE, "execution finished"),
    "province": (ASIDE, "execution finished"),
    "complaint": ("forwarded", ""),
}
ROLES = {
    "desa": "checked musrenbang_desa village_plan",
    "kecamatan": "musrenbang_kecamatan",
    "dinas": "forum_pd execution finished",
    "bappeda": " ".join(TABLE),
}
NEGATIVE = {"returned", "rejected", "postponed", "not_accommodated"}
ENDS = {"rejected", "merged", "not_accommodated", "withdrawn"}
DECISIONS = sorted(set(f"{MEETING} {PLAN} withdrawn".split()))


def expected(role: str, old: State, new: State) -> bool:
    """The rule, written a second time from the table above."""
    everywhere = role == "bappeda"
    ended = old.stage in {"finished", "complaint"} or old.decision in ENDS
    return (
        new.stage in ROLES[role].split()
        and new.decision in TABLE[new.stage][0].split()
        and (everywhere or new.stage == old.stage or new.stage in TABLE[old.stage][1].split())
        and (everywhere or not ended)
        and old.decision != "withdrawn"
    )


def allowed(role: str, old: State, new: State, reason: str = "duplicate") -> bool:
    try:
        LIFECYCLE.check(role, old, new, reason)
    except RefusalError:
        return False
    return True


def states() -> Iterator[State]:
    return (State(stage, decision) for stage, decision in product(TABLE, DECISIONS))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stage", TABLE)
def test_every_cell_of_the_lifecycle(role: str, stage: str) -> None:
    for old, new in product((State(stage, decision) for decision in DECISIONS), states()):
        assert allowed(role, old, new) == expected(role, old, new), (role, old, new)


def test_the_table_of_this_test_is_complete() -> None:
    assert set(LIFECYCLE.stages) == set(TABLE)
    assert set(LIFECYCLE.decisions) == set(DECISIONS)
    assert set(LIFECYCLE.roles) == set(ROLES)


@pytest.mark.parametrize("decision", DECISIONS)
def test_every_no_needs_a_reason_and_nothing_else_does(decision: str) -> None:
    stage = next((name for name, (decisions, _) in TABLE.items() if decision in decisions.split()), "")
    if not stage:
        assert decision == "withdrawn"
        return
    assert allowed("bappeda", LIFECYCLE.start, State(stage, decision), "") is (decision not in NEGATIVE)
    assert allowed("bappeda", LIFECYCLE.start, State(stage, decision), "budget_limited")


def test_a_refused_no_names_the_reasons_there_are() -> None:
    with pytest.raises(RefusalError, match="needs a reason: duplicate, location_unclear"):
        LIFECYCLE.check("bappeda", LIFECYCLE.start, State("checked", "rejected"), "")


@pytest.mark.parametrize(
    ("role", "stage", "decision", "reason", "key"),
    [
        ("camat", "checked", "waiting", "", "unknown_role"),
        ("desa", "moon", "waiting", "", "unknown_stage"),
        ("desa", "checked", "perhaps", "", "unknown_decision"),
        ("bappeda", "checked", "withdrawn", "", "unknown_decision"),
        ("desa", "checked", "rejected", "whim", "unknown_reason"),
        ("desa", "rkpd", "forwarded", "", "not_your_stage"),
        ("desa", "checked", "accommodated", "", "not_here"),
        ("kecamatan", "musrenbang_kecamatan", "forwarded", "", "not_next"),
    ],
)
def test_each_refusal_has_its_key(role: str, stage: str, decision: str, reason: str, key: str) -> None:
    with pytest.raises(RefusalError) as refused:
        LIFECYCLE.check(role, LIFECYCLE.start, State(stage, decision), reason)
    assert refused.value.reason == key
    assert str(refused.value) != key


def test_what_ended_is_reopened_by_bappeda_alone() -> None:
    old, new = State("checked", "rejected"), State("checked", "forwarded")
    assert not allowed("desa", old, new)
    assert allowed("bappeda", old, new)
    assert not LIFECYCLE.is_open(old)
    assert LIFECYCLE.is_open(new)


def test_every_name_ships_its_texts_in_every_locale() -> None:
    names = {f"stage.{name}" for name in LIFECYCLE.stages}
    names |= {f"decision.{name}" for name in LIFECYCLE.decisions}
    names |= {f"{family}.{name}" for family in ("reason", "next") for name in LIFECYCLE.reasons}
    names |= {f"next.{name}" for name, d in LIFECYCLE.decisions.items() if not d.negative}
    assert set(LIFECYCLE.entries) == names
    assert all(set(texts) == set(LOCALES) for texts in LIFECYCLE.entries.values())
    assert all(
        Template.parse(text).names == (frozenset(),)
        for texts in LIFECYCLE.entries.values()
        for text in texts.values()
    )


def test_every_outcome_has_advice_for_the_resident() -> None:
    for name, decision in LIFECYCLE.decisions.items():
        reasons = LIFECYCLE.reasons if decision.negative else ("", *LIFECYCLE.reasons)
        assert all(LIFECYCLE.advice(name, reason) in LIFECYCLE.entries for reason in reasons)


def test_easy_read_has_one_short_sentence_a_line() -> None:
    for key, texts in LIFECYCLE.entries.items():
        for line in texts["id@mudah"].split("\n"):
            assert len(line.split()) <= 8, key
            assert line.rstrip(".").count(". ") == 0, key


Change = Callable[[dict[str, Any]], object]
BROKEN: list[tuple[str, Change, str]] = [
    ("an unknown table", lambda raw: raw.update(stagse={}), 'The file has an unknown entry "stagse"'),
    ("no stages", lambda raw: raw.pop("stages"), "The file needs stages as a table."),
    ("a stage that is no table", lambda raw: raw["stages"].update(x=1), "stages.x must be a table."),
    ("a stage without words", lambda raw: raw["stages"]["rkpd"].pop("en"), 'Stage rkpd has no text in "en".'),
    (
        "a way to nowhere",
        lambda raw: raw["stages"]["rkpd"].update(next=["x"]),
        'the stage "x", which does not exist',
    ),
    (
        "an unknown decision",
        lambda raw: raw["stages"]["rkpd"]["decisions"].append("x"),
        'the decision "x", which',
    ),
    (
        "a dead end",
        lambda raw: raw["stages"]["apbd"].pop("next"),
        "Stage apbd leads nowhere and is not final.",
    ),
    ("a misspelt entry", lambda raw: raw["stages"]["apbd"].update(finl=True), 'unknown entry "finl"'),
    ("a wrong type", lambda raw: raw["stages"]["apbd"].update(final="yes"), "needs final as true or false."),
    ("an island", lambda raw: raw["stages"]["rkpd"].update(next=["finished"]), "Stage kua_ppas cannot be"),
    (
        "nobody decides so",
        lambda raw: raw["decisions"].update(x=dict(raw["decisions"]["waiting"])),
        "at no stage",
    ),
    (
        "no advice",
        lambda raw: raw["reasons"]["duplicate"].pop("next"),
        "does not say what the resident can do",
    ),
    (
        "half an advice",
        lambda raw: raw["reasons"]["duplicate"]["next"].pop("en"),
        "Reason duplicate, next, has no",
    ),
    (
        "no advice for a yes",
        lambda raw: raw["decisions"]["merged"].pop("next"),
        "Decision merged does not say",
    ),
    (
        "a name used twice",
        lambda raw: raw["reasons"].update(merged=raw["reasons"]["duplicate"]),
        "would collide",
    ),
    (
        "by whom",
        lambda raw: raw["decisions"]["merged"].update(by="king"),
        'needs by = "staff" or "resident".',
    ),
    (
        "a role somewhere else",
        lambda raw: raw["roles"]["desa"].update(stages=["x"]),
        'Role desa names the stage "x"',
    ),
    (
        "a role without stages",
        lambda raw: raw["roles"]["desa"].pop("stages"),
        "Role desa needs a list of stages.",
    ),
    ("no start", lambda raw: raw["start"].update(stage="x"), 'start names the stage "x"'),
    ("no withdrawal", lambda raw: raw.update(withdrawn="merged"), "withdrawn must name a final decision"),
]


@pytest.mark.parametrize(
    ("change", "sentence"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_each_fault_of_a_lifecycle_is_one_sentence(change: Change, sentence: str) -> None:
    raw = copy.deepcopy(dict(read_toml(DEFAULT)))
    change(raw)
    assert any(sentence in fault for fault in problems(raw)), problems(raw)


def test_the_default_has_no_fault() -> None:
    assert problems(read_toml(DEFAULT)) == []


def test_a_bad_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text('start = "x"', encoding="utf-8")
    with pytest.raises(DataFileError) as fault:
        load_lifecycle(path)
    assert all(sentence.startswith("other.toml: ") for sentence in fault.value.sentences)


@pytest.mark.parametrize(("text", "sentence"), [(None, "cannot be read"), ("x = [", "is not valid TOML")])
def test_an_unreadable_file_is_one_sentence(tmp_path: Path, text: str | None, sentence: str) -> None:
    path = tmp_path / "lifecycle.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=sentence):
        load_lifecycle(path)


def test_what_a_newer_file_no_longer_knows_is_still_open() -> None:
    assert isinstance(LIFECYCLE, Lifecycle)
    assert LIFECYCLE.is_open(State("gone", "gone"))
    assert allowed("bappeda", State("gone", "gone"), State("checked", "waiting"))
