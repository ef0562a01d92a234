"""Each kind of fault that the checker names: a flow broken on purpose proves that the check fires."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from conversations.chat import Chat
from conversations.checker import enumerated, literal_outcomes, outcomes, problems, text_keys
from conversations.effects import ExportData, KeepMedia, Line, SetLocale, SetName
from conversations.table import (
    MENU,
    RETURN,
    Act,
    Ask,
    Branch,
    Flow,
    Flows,
    Question,
    Reading,
    Seen,
    Step,
    Tell,
    option,
)


def read_colour(seen: Seen) -> Reading[Literal["red", "blue"]] | None:
    """Two outcomes."""
    return Reading("red", seen.chat)


def judge(seen: Seen) -> Reading[Literal["old", "new"]]:
    """Two outcomes."""
    return Reading("old", seen.chat)


def mute(seen: Seen) -> Reading[str] | None:
    """No Literal names what this understands."""
    return Reading("red", seen.chat)


def export(_seen: Seen) -> ExportData:
    """An effect."""
    return ExportData()


FRONT = Ask(
    name=MENU,
    says="menu",
    options=(option("go", "menu.go"),),
    readers=(read_colour,),
    edges={"go": "fork", "red": "told", "blue": "shade"},
)
FORK = Branch(name="fork", on=judge, edges={"old": MENU, "new": "do"})
TOLD = Tell(name="told", says="told", then=MENU)
SHADE = Ask(
    name="shade",
    says="shade",
    options=(option("dark", "shade.dark"),),
    edges={"dark": RETURN},
    question="shade",
)
DO = Act(name="do", does=export, performs=ExportData, edges={"saved": "told", "refused": "shade"})
SOUND = (FRONT, FORK, TOLD, SHADE, DO)
SHADES = (Question("shade", "shade"),)


def flows(
    *steps: Step, questions: tuple[Question, ...] = SHADES, words: dict[str, str] | None = None
) -> Flows:
    """A small table; `steps` take the place of those of the same name, or are added."""
    named = {step.name: step for step in SOUND} | {step.name: step for step in steps}
    return Flows(
        (Flow(name="small", steps=tuple(named.values()), questions=questions),),
        globals=words or {"menu": MENU},
        first=MENU,
    )


def found(table: Flows) -> list[str]:
    """What the checker says when ExportData is performed."""
    return problems(table, [ExportData])


def test_a_sound_table_has_no_problems() -> None:
    assert found(flows()) == []


def test_two_steps_of_one_name() -> None:
    table = Flows(
        (Flow(name="one", steps=SOUND, questions=SHADES), Flow(name="two", steps=(TOLD,))),
        globals={},
        first=MENU,
    )
    assert found(table) == ["told: 2 steps have this name"]


def test_an_edge_that_leads_nowhere() -> None:
    assert found(flows(replace(SHADE, edges={"dark": "nowhere"})))[0] == (
        "shade: an edge leads to nowhere, which is no step"
    )
    assert (
        found(flows(replace(TOLD, then="nowhere")))[0] == "told: an edge leads to nowhere, which is no step"
    )


def test_a_global_word_that_leads_nowhere() -> None:
    assert found(flows(words={"help": "aid"})) == ["global word help leads to aid, which is no step"]


def test_a_question_that_is_come_back_to_nowhere() -> None:
    asked = (Question("shade", "sun"),)
    assert found(flows(questions=asked)) == ["question shade is come back to at sun, which is no step"]


def test_a_first_step_that_is_none() -> None:
    assert found(replace(flows(), first="hello")) == ["the first step hello is no step"]


def test_an_option_without_an_edge() -> None:
    wider = replace(SHADE, options=(*SHADE.options, option("light", "shade.light")))
    assert found(flows(wider)) == ["shade: outcome light has no edge"]


def test_a_rescue_without_an_edge() -> None:
    stuck = replace(SHADE, rescue=(option("human", "rescue.human"),))
    assert found(flows(stuck)) == ["shade: outcome human has no edge"]


def test_an_offer_whose_outcome_has_no_edge() -> None:
    offering = replace(SHADE, offers=lambda _seen: (), leads=("picked",))
    assert found(flows(offering)) == ["shade: outcome picked has no edge"]


def test_a_button_of_a_message_apart_without_an_edge() -> None:
    told = replace(TOLD, apart=True, options=(option("undo", "told.undo"),))
    assert found(flows(told)) == ["told: outcome undo has no edge"]


def test_a_reader_that_names_more_outcomes_than_there_are_edges() -> None:
    deaf = replace(FRONT, edges={"go": "fork", "red": "shade"})
    assert found(flows(deaf)) == ["menu: outcome blue has no edge"]


def test_a_reader_that_names_fewer_outcomes_than_there_are_edges() -> None:
    dreaming = replace(FRONT, edges={**FRONT.edges, "green": "shade"})
    assert found(flows(dreaming)) == ["menu: no outcome takes the edge green"]


def test_a_judge_whose_literal_differs_from_the_edges() -> None:
    fork = replace(FORK, edges={"old": MENU, "newer": "do"})
    assert found(flows(fork)) == ["fork: outcome new has no edge", "fork: no outcome takes the edge newer"]


def test_an_effect_without_an_edge_for_each_outcome() -> None:
    act = replace(DO, edges={"saved": "shade"})
    assert found(flows(act)) == ["do: outcome refused has no edge"]


def test_an_edge_for_one_reason_of_a_refusal_is_no_dead_edge() -> None:
    act = replace(DO, edges={**DO.edges, "refused.late": "told"})
    assert found(flows(act)) == []


def test_a_reader_that_does_not_name_its_outcomes() -> None:
    front = replace(FRONT, readers=(read_colour, mute))
    assert found(flows(front)) == ["menu: mute does not name its outcomes in a Literal"]


def test_a_step_that_nobody_comes_to() -> None:
    assert found(flows(Tell(name="lost", says="lost", then=MENU))) == ["lost: unreachable"]


def test_a_question_that_no_answer_leads_out_of() -> None:
    pit = replace(SHADE, edges={"dark": "shade"})
    assert found(flows(pit)) == ["shade: a trap, no answer leads out of it"]


def test_two_questions_that_lead_only_to_each_other() -> None:
    first, second = replace(SHADE, edges={"dark": "den"}), replace(SHADE, name="den")
    both = found(flows(first, replace(second, edges={"dark": "shade"})))
    assert both == ["shade: a trap, no answer leads out of it", "den: a trap, no answer leads out of it"]


def test_steps_that_lead_round_without_a_question() -> None:
    circle = flows(replace(FORK, edges={"old": "told", "new": "do"}), replace(TOLD, then="fork"))
    assert [fault for fault in found(circle) if "back to itself" in fault] == [
        "fork: leads back to itself without a question",
        "told: leads back to itself without a question",
    ]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (option("dark", "shade.other"), "shade: value dark stands 2 times"),
        (option("dim", "shade.dark", "dark"), "shade: label shade.dark stands 2 times"),
    ],
)
def test_two_options_of_the_same_value_or_label(more: object, fault: str) -> None:
    twins = replace(SHADE, options=(*SHADE.options, more))  # type: ignore[arg-type]
    assert found(flows(twins)) == [fault]


def test_a_payload_that_telegram_would_refuse() -> None:
    name = "s" * 40
    long = replace(SHADE, name=name, options=(option("v" * 14, "shade.dark", "dark"),))
    table = flows(replace(FRONT, edges={**FRONT.edges, "blue": name, "red": "told"}), long)
    asked = replace(table, flows=(replace(table.flows[0], questions=(Question("shade", name),)),))
    assert f"{name}: payload of 65 bytes" in found(asked)
    fits = replace(long, options=(option("v" * 13, "shade.dark", "dark"),))
    assert not [fault for fault in found(flows(fits)) if "payload" in fault]


def test_a_payload_too_long_by_what_is_offered() -> None:
    name = "s" * 41
    offering = Ask(name=name, says="x", offers=lambda _seen: (), leads=("picked",), edges={"picked": MENU})
    assert f"{name}: payload of 65 bytes" in found(flows(offering))


@pytest.mark.parametrize("value", ["a:b", "~"])
def test_a_value_that_a_payload_cannot_carry(value: str) -> None:
    odd = replace(SHADE, options=(option(value, "shade.dark", "dark"),))
    assert found(flows(odd)) == [f"shade: the value {value} cannot stand in a payload"]


def test_a_step_whose_name_a_payload_cannot_carry() -> None:
    assert "a:b: a payload ends its step at the first colon" in found(flows(replace(TOLD, name="a:b")))


def test_a_question_that_is_not_counted() -> None:
    assert found(flows(questions=())) == ["question shade is asked but not counted"]


def test_a_counted_question_that_is_not_asked() -> None:
    more = (*SHADES, Question("light", "shade"))
    assert found(flows(questions=more)) == ["question light is counted but not asked"]


def test_an_act_that_would_wait_for_ever() -> None:
    act = replace(DO, performs=KeepMedia, edges={})
    assert "do: KeepMedia has no outcome to wait for" in problems(flows(act), [KeepMedia])


def test_an_effect_that_nobody_performs() -> None:
    assert problems(flows(), []) == ["effect ExportData has no performer"]


def test_an_effect_that_no_step_asks_for() -> None:
    assert problems(flows(), [ExportData, SetName, SetLocale]) == [
        "effect SetLocale is performed but no step asks for it",
        "effect SetName is performed but no step asks for it",
    ]


def guarded(otherwise: str, more: tuple[Flow, ...] = ()) -> Flows:
    """The small table with a door in front of a second flow."""
    room = Ask(name="room", says="shade", options=(option("out", "shade.dark"),), edges={"out": MENU})
    second = Flow(name="second", steps=(room,), guard=lambda _seen: False, otherwise=otherwise)
    small = flows(replace(TOLD, then="room")).flows
    return Flows((*small, second, *more), globals={"menu": MENU}, first=MENU)


def test_a_guarded_flow_that_refuses_at_a_step_of_its_own_or_at_none() -> None:
    assert found(guarded("shade")) == []
    assert "flow second: whom it does not admit is led to nowhere, which is no step" in found(
        guarded("nowhere")
    )
    assert "flow second: whom it does not admit is led to room, which is guarded too" in found(
        guarded("room")
    )


def test_options_that_a_text_does_not_name_by_number() -> None:
    text = "Pilih:\n1. Ya\n2. Tidak sekarang"
    assert enumerated(text, {1: "Ya", 2: "Tidak sekarang"}) == []
    assert enumerated(text, {2: "Tidak", 3: "Lewati"}) == ["2. Tidak", "3. Lewati"]
    assert enumerated("1. Tidak sekarang", {1: "Tidak"}) == ["1. Tidak"]


def test_the_outcomes_of_a_step_are_those_of_options_offers_readers_and_effect() -> None:
    assert outcomes(FRONT) == {"go", "red", "blue"}
    assert outcomes(FORK) == {"old", "new"}
    assert outcomes(DO) == {"saved", "refused"}
    assert outcomes(TOLD) == frozenset()


def test_a_literal_is_found_inside_an_optional_reading() -> None:
    assert literal_outcomes(read_colour) == {"red", "blue"}
    assert literal_outcomes(mute) == frozenset()


def test_all_text_keys_of_a_table_are_named() -> None:
    keys = text_keys(flows())
    assert {"menu", "menu.go", "told", "shade", "shade.dark", "hint.choice", "easier.choice"} == keys


def test_a_reading_keeps_the_chat() -> None:
    chat = Chat(id=1)
    reading = read_colour(Seen(chat, None, None))  # type: ignore[arg-type]
    assert reading == Reading("red", chat)
    assert Line("x") == Line("x", None)
