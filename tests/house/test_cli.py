"""The command line: quick help, three exit codes, and one sentence instead of a traceback."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot import cli
from bot.commands import key as key_command
from bot.refusal import Refusal
from bot.settings import load

ROOT = Path(__file__).parents[2]
HEAVY = (
    "aiogram",
    "telegram",
    "httpx",
    "aiohttp",
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "apscheduler",
    "cryptography",
    "babel",
    "av",
    "structlog",
)


def verbs() -> list[str]:
    """Every verb as it is typed."""
    commands = typer.main.get_group(cli.app).commands
    inner = {name: sorted(getattr(command, "commands", {})) for name, command in commands.items()}
    return [f"{name} {each}".strip() for name in sorted(inner) for each in inner[name] or [""]]


def leave(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run `suara` with these words in this process; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["suara", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return int(left.value.code or 0)


@pytest.mark.parametrize(
    ("words", "more"),
    [(["--help"], ["pydantic"]), (["run", "--help"], []), (["decide", "--help"], [])],
)
def test_help_imports_nothing_that_takes_time(words: list[str], more: list[str]) -> None:
    """Issue 2: help in under half a second. (Typer itself loads pydantic to read a verb's options.)"""
    script = (
        "import sys; from bot import cli; sys.argv[1:] = " + repr(words) + "\n"
        "try: cli.main()\n"
        "finally: print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(done.stderr.split()) & {*HEAVY, *more} == set()


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_explains_itself(verb: str) -> None:
    done = CliRunner().invoke(cli.app, [*verb.split(), "--help"])
    assert done.exit_code == 0
    assert "Usage: " in done.output


def test_every_verb_has_a_small_body_of_its_own() -> None:
    """The command line names them; what they do stands in bot/commands, imported when it is used."""
    bodies = {path.stem for path in (ROOT / "bot/commands").glob("*.py")} - {"__init__", "faults"}
    imported = {
        name.name
        for path in (ROOT / "bot").glob("cli*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "bot.commands"
        for name in node.names
    }
    assert bodies == imported


@pytest.mark.usefixtures("bare")
def test_a_refusal_is_one_sentence_and_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGION", "Lampung")
    assert leave(monkeypatch, "regions", "import") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith("REGION must be")


@pytest.mark.parametrize("words", [["unknown"], ["decide"], ["demo", "--port", "x"], []])
def test_what_is_not_understood_is_code_2(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert leave(monkeypatch, *words) == 2


@pytest.mark.usefixtures("bare")
def test_a_key_can_be_used_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for option, name in (([], "DATA_KEYS"), (["--webhook"], "WEBHOOK_SECRET")):
        assert leave(monkeypatch, "key", *option) == 0
        monkeypatch.setenv(name, capsys.readouterr().out.strip())
    assert load(needs=["DATA_KEYS"]).webhook_secret is not None


def test_two_keys_are_never_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    key_command.key()
    key_command.key()
    first, second = capsys.readouterr().out.split()
    assert first != second


def test_on_a_terminal_a_key_comes_with_advice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    key_command.key()
    key_command.key(webhook=True)
    said = capsys.readouterr()
    assert len(said.out.split()) == 2
    assert "DATA_KEYS=new,old" in said.err
    assert "WEBHOOK_SECRET" in said.err


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("verb", ["run", "receive", "send", "clock", "work"])
def test_the_roles_need_token_and_keys(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave(monkeypatch, verb) == 1
    told = capsys.readouterr().err.splitlines()
    assert [sentence.split()[0] for sentence in told] == ["TELEGRAM_TOKEN", "DATA_KEYS"]


def test_a_refusal_keeps_its_sentences_apart() -> None:
    refusal = Refusal("One.", "Two.")
    assert (refusal.sentences, str(refusal)) == (("One.", "Two."), "One.\nTwo.")
