"""Deciding in the chat: several cards are one verdict, and a button under an older preview of it does nothing."""

from __future__ import annotations

from conversations.desk import Decide, Filter, UndoDecisions
from tests.conversations.desk_ways import CARD, CONTESTED, GONE, desk_world
from tests.conversations.talking import Talk


def at_list() -> Talk:
    """An officer at the list of new cards."""
    talk = Talk(desk_world())
    talk.types("/meja")
    talk.presses("new")
    assert talk.chat.step == "desk.list"
    return talk


def at_preview(*choices: str) -> Talk:
    """At the preview for one card."""
    talk = at_list()
    talk.presses(CARD.row.ticket)
    talk.presses("decide")
    talk.presses("checked")
    for choice in choices or ("forwarded",):
        talk.presses(choice)
    assert talk.chat.step == "desk.preview"
    return talk


def decided(talk: Talk) -> list[Decide]:
    """The verdicts that were sent."""
    return [effect for effect in talk.world.performed if isinstance(effect, Decide)]


def test_what_is_picked_is_decided_together_and_undone_together() -> None:
    talk = at_list()
    talk.presses("several")
    talk.types("1 2")
    talk.presses(CONTESTED)
    talk.presses("all")
    talk.presses(GONE)
    talk.presses("done")
    talk.presses("checked")
    talk.presses("forwarded")
    talk.presses("send")
    (made,) = decided(talk)
    tickets = [row.ticket for row in talk.world.facts().desk.cards(Filter(), talk.at)]
    assert made.verdict.tickets == tuple(ticket for ticket in tickets if ticket != GONE)
    talk.presses("undo")
    assert isinstance(talk.world.performed[-1], UndoDecisions)
    assert talk.chat.step == "desk.list"


def test_a_button_under_an_older_preview_does_nothing() -> None:
    talk = at_preview()
    older = talk.last
    talk.presses("words")
    talk.types("Kami survei bulan Mei.")
    talk.presses("send", on=older)
    assert decided(talk) == []
    assert talk.last.keys[0] == "old.button"
    talk.presses("send")
    assert [made.verdict.note for made in decided(talk)] == ["Kami survei bulan Mei."]


def test_a_no_has_its_reason_and_a_sentence_before_it_is_shown() -> None:
    talk = at_preview("postponed", "budget_limited", "next_budget")
    talk.presses("send")
    (made,) = decided(talk)
    assert (made.verdict.reason, made.verdict.template, made.verdict.note) == (
        "budget_limited",
        "next_budget",
        "",
    )


def test_what_somebody_else_has_taken_is_said_to_be_theirs() -> None:
    talk = at_list()
    for choice in (CARD.row.ticket, "decide", "checked", "accommodated"):
        talk.presses(choice)
    assert talk.chat.step == "desk.card"
    assert "desk.taken" in talk.last.keys


def test_what_is_sent_says_how_it_stood_in_the_preview() -> None:
    talk = at_preview()
    talk.presses("send")
    assert [made.verdict.seen for made in decided(talk)] == [("received/waiting",)]


def test_another_card_begins_another_verdict() -> None:
    """What was picked, or said of one card, is not carried to the next."""
    talk = at_preview()
    talk.types("/meja")
    talk.presses("new")
    talk.presses(CONTESTED)
    talk.presses("decide")
    talk.presses("checked")
    talk.presses("forwarded")
    talk.presses("send")
    assert [made.verdict.tickets for made in decided(talk)] == [(CONTESTED,)]
