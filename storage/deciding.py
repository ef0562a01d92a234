"""What a verdict at the desk would do, for one aspiration or several: what may be chosen, and who is told what.

The preview makes the letters as the notices will: the same news, the same lines, in each reader's locale, but for
the name of whoever is spoken for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from conversations.desk import Deciding, Preview, Told, VerdictDraft
from storage import decisions, desk_cards, letters, notices, permissions, support_letters, voices
from storage.actor import Officer, RefusalError
from storage.datafile import LOCALES
from storage.decisions import Reader, Verdict
from storage.desk_cards import LIFECYCLE_ROLES, choices, find, is_taken, place_of, state_of
from storage.lifecycle import State
from storage.notices import CHANGED, Address
from storage.rules import Rules

AnyRow = Any


def deciding(connection: Connection, held: Sequence[Officer], draft: VerdictDraft, rules: Rules) -> Deciding:
    """What these mandates may decide for the aspirations of a verdict."""
    rows = list(_decidable(connection, held, draft))
    offered: dict[str, dict[str, None]] = {}
    for officer, row in rows:
        for stage, names in choices(officer, row, rules):
            offered.setdefault(stage, {}).update(dict.fromkeys(names))
    lifecycle = rules.lifecycle
    groups = [set(desk_cards.audience(connection, row.id)) for _, row in rows]
    shared = set.intersection(*groups) if groups else set()
    return Deciding(
        choices=tuple((stage, tuple(offered[stage])) for stage in lifecycle.stages if stage in offered),
        negative=frozenset(name for name, one in lifecycle.decisions.items() if one.negative),
        reasons=lifecycle.reasons,
        sentences=rules.templates.fitting(draft.stage, draft.decision, shared),
    )


def preview(
    connection: Connection, held: Sequence[Officer], draft: VerdictDraft, rules: Rules, at: datetime
) -> Preview:
    """The letters that a verdict would send now, each kind and locale once, and for which aspirations it is refused."""
    told: dict[tuple[str, str], Told] = {}
    allowed = {row.ticket: (officer, row) for officer, row in _decidable(connection, held, draft)}
    refused = [ticket for ticket in draft.tickets if ticket not in allowed]
    taken = [ticket for ticket, (by, row) in allowed.items() if is_taken(connection, by.chat_id, row.id)]
    untold = 0
    for ticket, (officer, row) in allowed.items():
        verdict = verdict_of(officer, draft, rules)
        if ticket in taken or _is_refused(officer, row, verdict, rules):
            refused.append(ticket)
        elif not _tell(connection, told, (row, verdict), rules, at):
            untold += 1
    ordered = sorted(told, key=lambda known: (known[0] != CHANGED, _order(known[1])))
    return Preview(
        told=tuple(told[known] for known in ordered),
        decided=len(draft.tickets) - len(refused),
        refused=tuple(refused),
        taken=tuple(taken),
        untold=untold,
        seen=tuple(state_of(allowed[ticket][1]) if ticket in allowed else "" for ticket in draft.tickets),
    )


def _tell(
    connection: Connection,
    told: dict[tuple[str, str], Told],
    decided: tuple[AnyRow, Verdict],
    rules: Rules,
    at: datetime,
) -> bool:
    """Add the letters about an aspiration and those that are decided with it; whether there are any."""
    lead, verdict = decided
    before = sum(one.people for one in told.values())
    for row in (lead, *voices.joined(connection, lead.id)):
        reader, theirs = decisions.reader_of(connection, row), decisions.worded(connection, row, verdict)
        if reader is None or decisions.stands(connection, row, theirs):
            continue
        to = Address(row.id, 0, reader.chat_id)
        news = notices.foretell(connection, to, decisions.news(row, theirs, rules, at), reader.key)
        if news is not None:
            _add(told, reader, news.params(urgent=False))
    for row in support_letters.supporters(connection, lead):
        reader = decisions.reader_of(connection, row)
        if reader is not None:
            moved = {"stage": verdict.stage, "decision": verdict.decision}
            about = {"ticket": row.ticket, "name": "", "lead": lead.ticket, **moved}
            _add(told, replace(reader, key=support_letters.NEWS), about)
    return sum(one.people for one in told.values()) > before


def _add(told: dict[tuple[str, str], Told], reader: Reader, params: dict[str, Any]) -> None:
    known = (reader.key, reader.locale)
    if known in told:
        told[known] = replace(told[known], people=told[known].people + 1)
        return
    masked = params | dict(reader.about) | {"name": ""}  # who is spoken for, only "reveal" tells
    letter = letters.letter(reader.key, masked)
    told[known] = Told(locale=reader.locale, lines=letter.lines, step=letter.step)


def _order(locale: str) -> int:
    return LOCALES.index(locale) if locale in LOCALES else len(LOCALES)


def _decidable(
    connection: Connection, held: Sequence[Officer], draft: VerdictDraft
) -> Iterator[tuple[Officer, AnyRow]]:
    for ticket in dict.fromkeys(draft.tickets):
        row = find(connection, held, ticket, "decide")
        officer = permissions.allowed(held, "decide", place_of(row)) if row is not None else None
        if officer is not None:
            yield officer, row


def _is_refused(officer: Officer, row: AnyRow, verdict: Verdict, rules: Rules) -> bool:
    old, new = State(row.stage, row.decision), State(verdict.stage, verdict.decision)
    try:
        require_sentence(rules, verdict)
        rules.lifecycle.check(role_of(officer), old, new, verdict.reason)
    except RefusalError:
        return True
    return False


def verdict_of(officer: Officer, draft: VerdictDraft, rules: Rules) -> Verdict:
    """What an officer decides."""
    return Verdict(
        stage=draft.stage,
        decision=draft.decision,
        reason=draft.reason,
        note=draft.note.strip(),
        office=_office(officer, rules),
        ready=rules.templates.find(draft.template) if draft.template else None,
    )


def require_sentence(rules: Rules, verdict: Verdict) -> None:
    """A "no" has a sentence of its own beside its reason code (issue 4). RefusalError: empty."""
    decision = rules.lifecycle.decisions.get(verdict.decision)
    if decision is not None and decision.negative and not (verdict.note or verdict.ready):
        raise RefusalError("empty", "A negative decision needs a sentence for the resident.")


def role_of(officer: Officer) -> str:
    """By which role of the lifecycle somebody decides."""
    return LIFECYCLE_ROLES.get(officer.role, "")


def _office(officer: Officer, rules: Rules) -> str:
    """Who decided, as the resident reads it."""
    if officer.role == "bappeda":
        return "Bappeda"
    return (rules.regions.place(officer.scope[0]) or "") if officer.role != "agency" else ""
