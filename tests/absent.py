"""What this machine lacks: the one way in which a test may not run, counted and named at the very end.

Import `pytest_sessionfinish` into a conftest.py to get the last line. The names travel in the reports,
so they also arrive from the workers of pytest-xdist.
"""

import os
from collections.abc import Generator
from typing import NoReturn

import pytest

MARK = "absent: "


def missing(name: str) -> NoReturn:
    """Skips the test because `name` (a program that only some tests need) is not here; fails where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{MARK}{name}; with CI=true everything has to run", pytrace=False)
    pytest.skip(f"{MARK}{name}")


def absences(reports: list[object]) -> list[str]:
    """The names in the skip reports: one entry for each test that did not run."""
    reasons = [
        str(report.longrepr[2])
        for report in reports
        if isinstance(report, pytest.TestReport) and isinstance(report.longrepr, tuple)
    ]
    return [reason.split(MARK, 1)[1] for reason in reasons if MARK in reason]


def sentence(names: list[str]) -> str:
    """The last line of a run: how many tests did not run, and for want of what."""
    if not names:
        return "Every test ran: nothing was missing on this machine."
    counted = ", ".join(f"{name} ({names.count(name)})" for name in sorted(set(names)))
    return f"{len(names)} tests did not run, missing on this machine: {counted}."


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, object, object]:
    """Writes the sentence after pytest's own last line (pytest_terminal_summary would come before it)."""
    result = yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not getattr(reporter, "absences_told", False):
        reporter.absences_told = True
        reporter.write_line(sentence(absences(reporter.stats.get("skipped", []))))
    return result
