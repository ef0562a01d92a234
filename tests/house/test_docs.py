"""The documents: links lead somewhere, nothing is left undocumented, and what they name exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import typer

from bot import cli
from bot.settings import names
from conversations import diagram
from conversations.flows import suara_flows
from conversations.ticket import is_valid
from storage.lifecycle import load_lifecycle
from tests.house.test_cli import verbs

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
PLANNED = ("chat", "flow", "step", "turn", "draft", "aspiration", "ticket", "stage", "decision", "meeting")
MORE = ("broadcast", "notice", "relay", "effect", "outcome", "errand", "region")


def text(path: str) -> str:
    """A page."""
    return (ROOT / path).read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The headings of a page as a code host names them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    """The links of a page that lead to no file or heading; other servers are not asked."""
    found = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if link.startswith(("https://", "http://")):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    """The check above can fail."""
    (tmp_path / "there.md").write_text("# One heading\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text("[a](gone.md) [b](there.md#none) [c](there.md#one-heading) [d](#x)\n", encoding="utf-8")
    assert broken(page) == ["gone.md", "there.md#none", "#x"]


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        links = (link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8")))
        waiting += [
            (page.parent / link).resolve() for link in links if link.endswith(".md") and "://" not in link
        ]
    assert [str(page) for page in PAGES if page.resolve() not in {each.resolve() for each in reached}] == []


@pytest.mark.parametrize("name", names())
def test_every_setting_is_explained_to_operators(name: str) -> None:
    assert f"| `{name}` |" in text("docs/id/pengaturan.md")


@pytest.mark.parametrize("verb", verbs())
def test_every_command_is_explained_in_both_languages(verb: str) -> None:
    assert f"`suara {verb}" in text("docs/running.md")
    assert f"`suara {verb}" in text("docs/id/perintah.md")


def test_every_option_of_decide_is_explained_to_operators() -> None:
    options = typer.main.get_group(cli.app).commands["decide"].params
    flags = [option.opts[0] for option in options if option.opts[0].startswith("--")]
    assert [flag for flag in flags if f"`{flag}`" not in text("docs/id/perintah.md")] == []


def test_the_documents_name_no_command_that_does_not_exist() -> None:
    known = {verb.split()[0] for verb in verbs()}
    assert set(re.findall(r"(?:`|bin/)suara ([a-z]+)", _all())) - known == set()


def test_the_example_of_a_decision_uses_codes_that_exist() -> None:
    lifecycle = load_lifecycle()
    example = text("docs/id/perintah.md")
    options = dict(re.findall(r"--(stage|decision|reason) (\w+)", example))
    assert options["stage"] in lifecycle.stages
    assert options["decision"] in lifecycle.stages[options["stage"]].decisions
    assert options["reason"] in lifecycle.reasons


def test_every_file_that_the_documents_name_is_there() -> None:
    named = set(re.findall(r"`((?:bot|conversations|storage|simulator|tests|docs)/[\w./-]+)`", _all()))
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_target_that_the_documents_name_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", _all())) <= targets
    assert set(re.findall(r"^make ([a-z]+)", _all(), re.MULTILINE)) <= targets


@pytest.mark.parametrize("word", [*PLANNED, *MORE])
def test_the_glossary_gives_each_word_its_meaning(word: str) -> None:
    assert (
        len(re.findall(rf"^- (?:\*\*\w+\*\*, )*\*\*{word}\*\*", text("docs/glossary.md"), re.MULTILINE)) == 1
    )


def test_the_ticket_numbers_of_the_documents_pass_their_own_check() -> None:
    tickets = re.findall(r"\b\d{3}-\d{3}-\d\b", _all())
    assert [number for number in tickets if not is_valid(number.replace("-", ""))] == []


def test_the_readme_begins_with_what_it_is_for_and_has_the_two_commands() -> None:
    readme = text("README.md")
    order = [
        readme.index(part)
        for part in ("what their village needs", "A chat, as it looks", "make demo", "make check")
    ]
    assert order == sorted(order)


def test_the_changelog_keeps_its_form() -> None:
    """Keep a Changelog 1.1.0: newest first, an Unreleased part, known kinds of change only."""
    changelog = text("CHANGELOG.md")
    headings = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert [
        line for line in headings[1:] if not re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", line)
    ] == []
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", changelog, re.MULTILINE)) <= kinds


def test_the_licence_is_mit() -> None:
    assert text("LICENSE").startswith("MIT License\n")


def test_the_picture_of_the_flows_is_up_to_date() -> None:
    """After a change of a flow: `make diagram`."""
    assert text("docs/flows.md") == diagram.page(suara_flows())


def test_help_lists_every_target() -> None:
    targets = re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE)
    said = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.findall(r"^make ([a-z]+) ", said.stdout, re.MULTILINE) == targets


@pytest.mark.parametrize(
    "target", ["demo", "check", "test", "bench", "pictures", "diagram", "clean", "help", "audit"]
)
def test_the_targets_that_others_rely_on_are_there(target: str) -> None:
    assert re.search(rf"^{target}:", text("Makefile"), re.MULTILINE)


def test_a_python_that_is_too_old_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts/venv"
    script.write_text(text("scripts/venv"), encoding="utf-8")
    done = subprocess.run(
        ["sh", str(script), "make"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Suara needs Python 3.11 or newer, and false is not.")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / ".venv").exists()


def _all() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
