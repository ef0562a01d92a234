"""Writing a broadcast: words, easy words, picture, voice, recipients, time (issue 4)."""

from __future__ import annotations

from typing import Final

from conversations.broadcast import KeepBroadcast
from conversations.flows import broadcast_drafting as drafting
from conversations.flows.arrival import HUMAN
from conversations.flows.broadcast_answers import keep_number, was_counted
from conversations.table import Act, Ask, Branch, Offer, Step, Tell, option

SEGMENT: Final = "siar.segment"
DONE: Final = option("done", "group.done")
FIVE: Final = 5
"""Options on a page, beside the one that ends the choosing."""


def _onward(name: str, then: str) -> Branch:
    """On to the next question, or stored at once where one answer is changed."""
    return Branch(name=name, on=drafting.is_kept, edges={"kept": "siar.save", "new": then})


def _picking(name: str, offers: Offer, field: str) -> tuple[Step, ...]:
    """Several of a list become a part of the segment."""
    return (
        Ask(
            name=name,
            says=name,
            params=drafting.picked_from(offers),
            offers=offers,
            leads=("toggled",),
            options=(DONE,),
            several=True,
            page=FIVE,
            edges={"toggled": name, "done": f"{name}.kept"},
        ),
        Branch(name=f"{name}.kept", on=drafting.keeping_part(field), edges={"kept": SEGMENT}),
    )


WORDS: Final[tuple[Step, ...]] = (
    Branch(name="siar.new", on=drafting.begin, edges={"begun": "siar.topic"}),
    Ask(
        name="siar.topic",
        says="siar.topic",
        offers=drafting.offer_topics,
        leads=("topic",),
        keep=drafting.keeping("topic"),
        edges={"topic": "siar.topic.kept"},
    ),
    _onward("siar.topic.kept", "siar.text"),
    Ask(
        name="siar.text",
        says="siar.text",
        readers=(drafting.reading("text"),),
        rescue=(HUMAN,),
        edges={"human": "human", "told": "siar.text.kept", "long": "siar.text.long"},
        hint="siar.hint",
        easier="siar.hint",
    ),
    Tell(name="siar.text.long", says="siar.long", then="siar.text"),
    _onward("siar.text.kept", "siar.easy"),
    Ask(
        name="siar.easy",
        says="siar.easy",
        options=(option("skip", "siar.no_easy"),),
        readers=(drafting.reading("easy"),),
        keep=drafting.without("easy"),
        edges={"skip": "siar.easy.kept", "told": "siar.easy.kept", "long": "siar.easy.long"},
        hint="siar.hint",
        easier="siar.hint",
    ),
    Tell(name="siar.easy.long", says="siar.long", then="siar.easy"),
    _onward("siar.easy.kept", "siar.picture"),
    Ask(
        name="siar.picture",
        says="siar.picture",
        options=(option("skip", "siar.no_picture"),),
        readers=(drafting.read_picture,),
        keep=drafting.without("picture", "alternative"),
        edges={"skip": "siar.picture.kept", "told": "siar.alternative"},
        hint="siar.picture.hint",
        easier="siar.picture.hint",
    ),
    Ask(
        name="siar.alternative",
        says="siar.alternative",
        readers=(drafting.reading("alternative"),),
        rescue=(HUMAN,),
        edges={"human": "human", "told": "siar.picture.kept", "long": "siar.alternative.long"},
        hint="siar.hint",
        easier="siar.hint",
    ),
    Tell(name="siar.alternative.long", says="siar.alternative.long", then="siar.alternative"),
    _onward("siar.picture.kept", "siar.voice"),
    Ask(
        name="siar.voice",
        says="siar.voice",
        options=(option("skip", "siar.no_voice"),),
        readers=(drafting.read_voice,),
        keep=drafting.without("voice"),
        edges={"skip": "siar.voice.kept", "told": "siar.voice.kept", "faulty": "siar.voice.faulty"},
        hint="siar.voice.hint",
        easier="siar.voice.hint",
    ),
    Tell(name="siar.voice.faulty", says="siar.voice.faulty", then="siar.voice"),
    _onward("siar.voice.kept", SEGMENT),
)

SEGMENTING: Final[tuple[Step, ...]] = (
    Ask(
        name=SEGMENT,
        says=SEGMENT,
        params=drafting.segment_params,
        page=6,
        options=(
            option("done", "siar.enough"),
            option("regions", "siar.by_regions"),
            option("groups", "siar.by_groups"),
            option("locales", "siar.by_locales"),
            option("meeting", "siar.by_meeting"),
            option("stages", "siar.by_stages"),
            option("roles", "siar.by_roles"),
        ),
        edges={
            "done": "siar.save",
            "regions": "siar.regions",
            "groups": "siar.groups",
            "locales": "siar.locales",
            "meeting": "siar.meeting",
            "stages": "siar.stages",
            "roles": "siar.roles",
        },
    ),
    *_picking("siar.regions", drafting.offer_regions, "regions"),
    *_picking("siar.groups", drafting.offer_groups, "groups"),
    *_picking("siar.locales", drafting.offer_locales, "locales"),
    *_picking("siar.stages", drafting.offer_stages, "stages"),
    *_picking("siar.roles", drafting.offer_roles, "roles"),
    Ask(
        name="siar.meeting",
        says="siar.meeting",
        offers=drafting.offer_meetings,
        leads=("picked",),
        options=(option("none", "siar.no_meeting"),),
        keep=drafting.keep_meeting,
        page=6,
        edges={"picked": "siar.coming", "none": SEGMENT},
    ),
    Ask(
        name="siar.coming",
        says="siar.coming",
        options=(option("coming", "siar.who_come"), option("silent", "siar.who_are_silent")),
        keep=drafting.keep_coming,
        edges={"coming": SEGMENT, "silent": SEGMENT},
    ),
    Ask(
        name="siar.when",
        says="siar.when",
        options=(option("now", "siar.now"),),
        readers=(drafting.read_when,),
        keep=drafting.keep_now,
        edges={"now": "siar.save", "told": "siar.save", "past": "siar.past"},
        hint="siar.when.hint",
        easier="siar.when.hint",
    ),
    Tell(name="siar.past", says="siar.past", then="siar.when"),
    Act(
        name="siar.save",
        does=drafting.save,
        performs=KeepBroadcast,
        keep=keep_number,
        edges={"kept": "siar.kept", "refused": "siar.refused"},
    ),
    Branch(name="siar.kept", on=was_counted, edges={"counted": "siar.card", "counting": "siar.counting"}),
    Tell(name="siar.counting", says="siar.counting", then="siar.card"),
    Tell(name="siar.refused", says="siar.refused", then="siar"),
)

WRITING: Final[tuple[Step, ...]] = (*WORDS, *SEGMENTING)
