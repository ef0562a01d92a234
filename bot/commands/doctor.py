"""`suara doctor`: what is wrong with this installation."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.doctor import examine
from bot.finding import Finding
from bot.refusal import Refusal


def doctor(file: Path) -> None:
    """Print one line for each thing looked at; refuse when something must be done."""
    findings = asyncio.run(examine(file))
    sys.stdout.write("".join(f"{_line(finding)}\n" for finding in findings))
    wrong = sum(finding.state == "wrong" for finding in findings)
    if wrong:
        raise Refusal(f"{wrong} of {len(findings)} must be put right before the bot can run.")


def _line(finding: Finding) -> str:
    return f"{_MARKS[finding.state]} {finding.about}: {finding.words}"


_MARKS = {"ok": "OK   ", "attention": "LOOK ", "wrong": "WRONG"}
