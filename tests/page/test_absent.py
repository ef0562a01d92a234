"""A test that cannot run here is counted and named; where CI=true it fails (tests/absent.py)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.absent import missing, sentence


def run(path: Path, **environment: str) -> tuple[int, str]:
    """Exit code and last line of a run of one test file of the page, with `path` as the only place for programs."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/page/test_keys.py"]
    kept = {
        name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST")
    }
    done = subprocess.run(
        command, env=kept | {"PATH": str(path)} | environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip().splitlines()[-1]


def test_without_a_browser_the_last_line_counts_and_names_what_did_not_run(tmp_path: Path) -> None:
    code, last = run(tmp_path)
    assert code == 0
    assert last == "9 tests did not run, missing on this machine: chromium (9)."


def test_without_a_browser_a_run_with_ci_fails(tmp_path: Path) -> None:
    assert run(tmp_path, CI="true")[0] == 1


def test_missing_skips_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="absent: chromium"):
        missing("chromium")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="chromium"):
        missing("chromium")


def test_the_sentence_says_so_when_everything_ran() -> None:
    assert sentence([]) == "Every test ran: nothing was missing on this machine."
    assert sentence(["b", "a", "b"]) == "3 tests did not run, missing on this machine: a (1), b (2)."
