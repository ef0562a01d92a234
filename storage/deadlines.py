"""Deadlines: by when people are to hear again, from the figures by which they are promised a day (issue 4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from storage.lifecycle import State
from storage.rules import Rules


def begun(rules: Rules, state: State, at: datetime) -> dict[str, Any]:
    """What an aspiration that came to a state at `at` has as its deadline: columns of `aspiration`."""
    return {"due_at": due(rules, state, at), "chased": 0}


def due(rules: Rules, state: State, at: datetime) -> datetime | None:
    """The end of the day by which its people are to hear again; once completed, when they are asked about it."""
    if rules.lifecycle.completed(state):
        return at + timedelta(days=rules.calendar.asked_after)
    if not rules.lifecycle.is_open(state):
        return None
    if state == rules.lifecycle.start:
        return rules.calendar.end_of(rules.calendar.planning(at).answer_by)
    day = rules.calendar.answer_by(state.stage, at)
    return None if day is None else rules.calendar.end_of(day)


def reminded(rules: Rules, due_at: datetime | None, at: datetime) -> int:
    """Of how many reminders of a deadline the time had come at `at` (the column `chased`, storage.chasing)."""
    if due_at is None:
        return 0
    today, working = rules.calendar.today(at), rules.calendar.working
    return sum(
        due_at <= rules.calendar.end_of(working.before(today, days)) for days in rules.calendar.reminders
    )


def last_day(rules: Rules, due_at: datetime) -> date:
    """The last day of a deadline: it ends with that day."""
    return rules.calendar.today(due_at - timedelta(microseconds=1))
