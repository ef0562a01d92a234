"""One verdict for several cards: what it does is shown before, told to each once in their words, and undone together."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import update

from conversations.copy_check import faults, read_plain_words
from conversations.desk import (
    Decide,
    Deciding,
    DecisionsMade,
    DecisionsUndone,
    Preview,
    UndoDecisions,
    VerdictDraft,
)
from conversations.flows.decide_answers import MOST_AT_ONCE as PICKED
from storage import desk
from storage.datafile import LOCALES, DataFileError
from storage.desk_verdicts import MOST_AT_ONCE
from storage.letters import letter
from storage.lifecycle import load_lifecycle
from storage.notices import CHANGED, NOTICES
from storage.residents import RESIDENT
from storage.sentences import load_templates
from storage.submissions import ASPIRATION
from storage.support_letters import NEWS
from tests.storage.relayed import mandate, relay
from tests.storage.test_desk import KABUPATEN, LATER, VILLAGE, does, told
from tests.storage.test_likeness import public, supporting
from tests.storage.world import ANI, BUDI, NOW, RULES, SITI, World

FORWARDED: Final[dict[str, Any]] = {"stage": "musrenbang_desa", "decision": "forwarded"}
WAWAN: Final = 7_000_000_009


def officer(world: World) -> None:
    """Ani decides for the whole kabupaten."""
    world.mandate(ANI, KABUPATEN, role="bappeda")


def preview(world: World, *tickets: str, **more: Any) -> Preview:
    """What a verdict of hers would do."""
    with world.begin() as connection:
        facts = desk.DatabaseDeskFacts(connection, ANI, RULES)
        return facts.preview(VerdictDraft(tickets=tickets, **(FORWARDED | more)), NOW)


def deciding(world: World, *tickets: str, **more: Any) -> Deciding:
    """What she may choose."""
    with world.begin() as connection:
        return desk.DatabaseDeskFacts(connection, ANI, RULES).deciding(VerdictDraft(tickets=tickets, **more))


def decide(world: World, *tickets: str, **more: Any) -> DecisionsMade:
    """She decides."""
    made = does(world, ANI, Decide(verdict=VerdictDraft(tickets=tickets, **(FORWARDED | more))))
    assert isinstance(made, DecisionsMade), made
    return made


def speaks(world: World, chat: int, locale: str) -> None:
    """Somebody reads another language."""
    with world.begin() as connection:
        connection.execute(update(RESIDENT).where(RESIDENT.c.chat_id == chat).values(locale=locale))


def test_each_locale_is_shown_once_with_the_very_letter_that_is_sent(world: World) -> None:
    tickets = [world.submit(chat).ticket for chat in (SITI, BUDI, WAWAN)]
    speaks(world, BUDI, "en")
    officer(world)
    shown = preview(world, *tickets, template="come_to_meeting")
    assert [(one.locale, one.people) for one in shown.told] == [("id", 2), ("en", 1)]
    assert (shown.decided, shown.refused, shown.untold) == (3, (), 0)
    decide(world, *tickets, template="come_to_meeting")
    sent = {params["ticket"]: params for params in told(world)}
    assert shown.told[0].lines == letter(CHANGED, sent[tickets[0]]).lines
    assert shown.told[1].lines == letter(CHANGED, sent[tickets[1]]).lines
    assert sent[tickets[1]]["note"] == "You may come to that meeting. Type schedule."


def test_what_does_not_fit_is_named_before_and_left_alone(sqlite_world: World) -> None:
    open_, ended = sqlite_world.submit(SITI).ticket, sqlite_world.submit(SITI, 2).ticket
    sqlite_world.decide(ended, "finished", "accommodated", urgent=True)
    sqlite_world.mandate(ANI, VILLAGE, role="village")
    tickets = (open_, ended, "111222333")
    checked = {"stage": "checked"}
    shown = preview(sqlite_world, *tickets, **checked)
    assert (shown.decided, set(shown.refused)) == (1, {ended, "111222333"})
    made = decide(sqlite_world, *tickets, **checked)
    assert (len(made.events), made.refused) == (1, 2)
    assert [params["ticket"] for params in told(sqlite_world) if params["new_stage"] == "checked"] == [open_]


def test_the_preview_tells_from_the_first_state_that_was_not_told(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    officer(sqlite_world)
    decide(sqlite_world, ticket, stage="checked")
    shown = preview(sqlite_world, ticket)
    decide(sqlite_world, ticket)
    assert [one.lines for one in shown.told] == [letter(CHANGED, told(sqlite_world)[0]).lines]


def test_those_who_support_it_are_previewed_too(sqlite_world: World) -> None:
    """Whose voice is told with it gets a notice of their own, whose own is decided apart another letter."""
    lead = public(sqlite_world)
    supporting(sqlite_world, lead, chat=BUDI)
    beside = supporting(sqlite_world, lead, chat=WAWAN, beside=True)
    speaks(sqlite_world, WAWAN, "en")
    officer(sqlite_world)
    shown = preview(sqlite_world, lead)
    decide(sqlite_world, lead)
    sent = [row for row in sqlite_world.rows(NOTICES, state="waiting") if row["key"] in {CHANGED, NEWS}]
    assert sum(one.people for one in shown.told) == len(sent) == 3
    (news,) = [row["params"] for row in sent if row["params"]["ticket"] == beside]
    assert shown.told[-1].lines == letter(NEWS, news).lines


def test_whoever_is_told_nothing_is_counted(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    with sqlite_world.begin() as connection:
        connection.execute(update(RESIDENT).values(notices=False))
    officer(sqlite_world)
    assert preview(sqlite_world, ticket) == Preview(decided=1, untold=1, seen=("received/waiting",))


def test_one_undo_takes_all_back_but_what_somebody_has_decided_since(world: World) -> None:
    first, second = world.submit(SITI).ticket, world.submit(BUDI).ticket
    officer(world)
    made = decide(world, first, second)
    world.decide(second, "bappeda_check", "forwarded")
    undone = does(world, ANI, UndoDecisions(events=made.events), LATER)
    assert isinstance(undone, DecisionsUndone)
    assert (undone.undone, undone.kept) == (1, 1)
    assert world.aspiration(first)["stage"] == "received"
    assert [params["ticket"] for params in told(world)] == [second]
    assert does(world, ANI, UndoDecisions(events=made.events), LATER) == "late"
    assert does(world, ANI, UndoDecisions(events=()), LATER) == "late"


def test_more_than_thirty_are_refused_whole(sqlite_world: World) -> None:
    officer(sqlite_world)
    many = tuple(str(100_000_000 + number) for number in range(MOST_AT_ONCE + 1))
    assert does(sqlite_world, ANI, Decide(verdict=VerdictDraft(tickets=many, **FORWARDED))) == "too_many"
    assert MOST_AT_ONCE == PICKED
    assert sqlite_world.rows(NOTICES) == []


def test_what_may_be_chosen_is_what_fits_one_of_them_and_what_fits_all_groups(sqlite_world: World) -> None:
    one = sqlite_world.submit(SITI).ticket
    other = sqlite_world.submit(SITI, 2, audience=("women",)).ticket
    officer(sqlite_world)
    names = [sentence.name for sentence in deciding(sqlite_world, one, **FORWARDED).sentences]
    assert names == ["survey_reachable", "inclusive_priority", "come_to_meeting"]
    both = [sentence.name for sentence in deciding(sqlite_world, one, other, **FORWARDED).sentences]
    assert both == ["come_to_meeting"]
    assert dict(deciding(sqlite_world, one, other).choices)["received"] == (
        "waiting",
        "returned",
        "merged",
        "rejected",
    )


def test_a_ready_sentence_is_sentence_enough_for_a_no(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    officer(sqlite_world)
    no = {"decision": "postponed", "reason": "budget_limited", "template": "next_budget"}
    assert preview(sqlite_world, ticket, **no).decided == 1
    assert preview(sqlite_world, ticket, **(no | {"template": "gone from the file"})).decided == 0
    decide(sqlite_world, ticket, **no)
    assert told(sqlite_world)[0]["note"] == "Kami usulkan lagi untuk anggaran tahun depan."


@pytest.mark.parametrize("locale", LOCALES)
def test_the_ready_sentences_are_plain(locale: str) -> None:
    """They are copy for residents: the same rules hold as for every text."""
    words = read_plain_words()
    texts = [one.sentence.to(locale) for one in RULES.templates.every]
    assert [
        (text, list(faults(text, locale, words))) for text in texts if list(faults(text, locale, words))
    ] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Template None needs a name of its own."),
        ("name = 'a'\ndecisions = ['maybe']", 'Template a names the decision "maybe", which does not exist.'),
        ("name = 'a'\nstages = ['moon']", 'Template a names the stage "moon", which does not exist.'),
        ("name = 'a'\ngroups = ['kings']", 'Template a names the group "kings", which does not exist.'),
        ("name = 'a'\nid = 'Baik.'", 'Template a has no text in "en".'),
        (f"name = 'a'\nid = '{'a' * 61}'", "Template a is longer than 60 characters in id."),
        ("name = 'a'\ncolour = 'red'", 'Template a has an unknown entry "colour"'),
    ],
)
def test_a_faulty_file_is_refused_in_a_sentence(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "templates.toml"
    path.write_text(f"[[template]]\n{text}\n")
    with pytest.raises(DataFileError, match=r"templates\.toml") as found:
        load_templates(load_lifecycle(), path)
    assert fault in str(found.value)


def test_a_preview_names_nobody_who_is_spoken_for(sqlite_world: World) -> None:
    """Who it is, only whoever may reveal it is told: neither by the author's letter nor by that of a supporter."""
    world = sqlite_world
    holder = mandate(world, BUDI)
    lead = public(world)
    beside = supporting(world, lead, chat=WAWAN, beside=True)
    with world.begin() as connection:
        theirs = update(ASPIRATION).where(ASPIRATION.c.ticket.in_((lead, beside)))
        connection.execute(theirs.values(chat_id=None, resident_id=None))
    for ticket in (lead, beside):
        relay(world, ticket, holder, "Ibu Marni")
    officer(world)
    shown = preview(world, lead)
    assert sum(one.people for one in shown.told) == 2
    assert "Marni" not in repr(shown)
    decide(world, lead)
    waiting = world.rows(NOTICES, state="waiting", chat_id=BUDI)
    assert ["Marni" in row["params"]["name"] for row in waiting] == [True, True]


def test_supporters_hear_of_the_first_decision_when_the_second_is_undone(sqlite_world: World) -> None:
    """Its letter had made room for that of the second; what was told already is not told again."""
    world, lead = sqlite_world, public(sqlite_world)
    supporting(world, lead, chat=WAWAN, beside=True)
    officer(world)

    def waiting() -> list[str]:
        return [
            row["params"]["stage"] for row in world.rows(NOTICES, chat_id=WAWAN, key=NEWS, state="waiting")
        ]

    decide(world, lead)
    second = decide(world, lead, stage="bappeda_check")
    assert waiting() == ["bappeda_check"]
    does(world, ANI, UndoDecisions(events=second.events))
    assert waiting() == ["musrenbang_desa"]
    with world.begin() as connection:
        connection.execute(update(NOTICES).where(NOTICES.c.state == "waiting").values(state="queued"))
    third = decide(world, lead, stage="bappeda_check")
    does(world, ANI, UndoDecisions(events=third.events))
    assert waiting() == []
