"""What a verdict at the desk would do, for one aspiration or several: what may be chosen, and who is told what.

The preview makes the letters as the notices will: the same news, the same lines, in each reader's locale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from conversations.desk import Deciding, Preview, Told, VerdictDraft
from storage import decisions, desk_cards, letters, permissions, reports, residents
from storage.actor import Officer, RefusalError
from storage.datafile import LOCALES
from storage.decisions import Verdict
from storage.desk_cards import LIFECYCLE_ROLES, choices, find, place_of
from storage.lifecycle import State
from storage.notices import CHANGED
from storage.rules import Rules

DEFAULT: Final = LOCALES[0]
"""The locale of the words of a decision that nobody is told."""

AnyRow = Any


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told of a decision: in which kind of letter, in which locale, with what besides the news."""

    key: str
    locale: str
    about: tuple[tuple[str, str], ...] = ()


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
    untold = 0
    for ticket, (officer, row) in allowed.items():
        reader = reader_of(connection, row)
        verdict = verdict_of(officer, draft, rules, reader.locale if reader else DEFAULT)
        if _is_refused(officer, row, verdict, rules):
            refused.append(ticket)
        elif reader is None or decisions.stands(connection, row, verdict):
            untold += 1
        else:
            _add(told, reader, decisions.news(row, verdict, rules, at).params(urgent=False))
    ordered = sorted(told, key=lambda known: (known[0] != CHANGED, _order(known[1])))
    decided = len(allowed) - len([ticket for ticket in refused if ticket in allowed])
    return Preview(
        told=tuple(told[known] for known in ordered),
        decided=decided,
        refused=tuple(refused),
        untold=untold,
    )


def _add(told: dict[tuple[str, str], Told], reader: Reader, params: dict[str, Any]) -> None:
    known = (reader.key, reader.locale)
    if known in told:
        told[known] = replace(told[known], people=told[known].people + 1)
        return
    letter = letters.letter(reader.key, params | dict(reader.about))
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


def reader_of(connection: Connection, row: AnyRow) -> Reader | None:
    """Who is told of a decision about an aspiration: its author, or whoever speaks for them; None when nobody is."""
    if row.chat_id is not None:
        wanted = residents.wants_notices(connection, row.chat_id)
        return Reader(CHANGED, residents.locale_of(connection, row.chat_id)) if wanted else None
    relay = reports.represented(connection, row.id)
    if relay is None or relay.chat_id is None:
        return None
    locale = residents.locale_of(connection, relay.chat_id)
    return Reader(reports.TO_TELL, locale, (("name", relay.name or ""),))


def locale_of(connection: Connection, row: AnyRow) -> str:
    """In which locale a ready sentence about an aspiration is kept: that of whoever is told of it."""
    reader = reader_of(connection, row)
    return reader.locale if reader else DEFAULT


def verdict_of(officer: Officer, draft: VerdictDraft, rules: Rules, locale: str) -> Verdict:
    """A verdict for one aspiration; a ready sentence becomes the words of this locale."""
    ready = rules.templates.find(draft.template) if draft.template else None
    return Verdict(
        stage=draft.stage,
        decision=draft.decision,
        reason=draft.reason,
        note=ready.to(locale) if ready else draft.note.strip(),
        office=_office(officer, rules),
    )


def require_sentence(rules: Rules, verdict: Verdict) -> None:
    """A "no" has a sentence of its own beside its reason code (issue 4). RefusalError: empty."""
    decision = rules.lifecycle.decisions.get(verdict.decision)
    if decision is not None and decision.negative and not verdict.note:
        raise RefusalError("empty", "A negative decision needs a sentence for the resident.")


def role_of(officer: Officer) -> str:
    """By which role of the lifecycle somebody decides."""
    return LIFECYCLE_ROLES.get(officer.role, "")


def _office(officer: Officer, rules: Rules) -> str:
    """Who decided, as the resident reads it."""
    if officer.role == "bappeda":
        return "Bappeda"
    return (rules.regions.place(officer.scope[0]) or "") if officer.role != "agency" else ""
