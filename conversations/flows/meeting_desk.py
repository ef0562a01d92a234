"""Meetings for the staff (`/rapat`): calling and changing them, needs, reach, minutes (issue 4)."""

from __future__ import annotations

from typing import Final

from conversations.flows import meeting_desk_answers as answers
from conversations.flows.arrival import HUMAN, house_params
from conversations.flows.meetings import keep_meeting
from conversations.meeting import ArrangeNeed, CancelMeeting, SaveMeeting, SendMinutes, WriteMinute
from conversations.table import RETURN, Act, Ask, Branch, Flow, Tell, option

CARD: Final = "rapat.card"
DONE: Final = option("done", "group.done")
AFTER_MINUTE: Final = {"saved": "rapat.minutes", "refused": "rapat.gone"}


def _onward(name: str, then: str) -> Branch:
    """On to the next question, or back to the review from which one answer is changed."""
    return Branch(name=name, on=answers.is_whole, edges={"whole": "rapat.review", "more": then})


CALLING: Final = (
    Branch(name="rapat.new", on=answers.begin, edges={"one": "rapat.title", "several": "rapat.where"}),
    Ask(
        name="rapat.where",
        says="rapat.where",
        offers=answers.offer_regions,
        leads=("placed",),
        keep=answers.keeping("region"),
        page=8,
        edges={"placed": "rapat.title"},
    ),
    Ask(
        name="rapat.title",
        says="rapat.title",
        readers=(answers.reading("title"),),
        rescue=(HUMAN,),
        edges={"human": "human", "told": "rapat.titled"},
        hint="rapat.hint",
        easier="rapat.hint",
    ),
    Ask(
        name="rapat.kind",
        says="rapat.kind",
        offers=answers.offer_kinds,
        leads=("kind",),
        keep=answers.keeping("kind"),
        edges={"kind": "rapat.when"},
    ),
    Ask(
        name="rapat.when",
        says="rapat.when",
        readers=(answers.read_when,),
        rescue=(HUMAN,),
        edges={"human": "human", "told": "rapat.timed", "past": "rapat.past"},
        hint="rapat.when.hint",
        easier="rapat.when.hint",
    ),
    Tell(name="rapat.past", says="rapat.past", then="rapat.when"),
    Ask(
        name="rapat.mode",
        says="rapat.mode",
        offers=answers.offer_modes,
        leads=("mode",),
        keep=answers.keeping("mode"),
        edges={"mode": "rapat.place"},
    ),
    Branch(name="rapat.place", on=answers.needs_where, edges={"venue": "rapat.venue", "link": "rapat.link"}),
    Ask(
        name="rapat.venue",
        says="rapat.venue",
        readers=(answers.reading("venue"),),
        rescue=(HUMAN,),
        edges={"human": "human", "told": "rapat.access"},
        hint="rapat.hint",
        easier="rapat.hint",
    ),
    Ask(
        name="rapat.access",
        says="rapat.access",
        params=answers.picked_params,
        offers=answers.offer_facilities,
        leads=("toggled",),
        options=(DONE,),
        several=True,
        page=8,
        edges={"toggled": "rapat.access", "done": "rapat.access.kept"},
    ),
    Branch(name="rapat.access.kept", on=answers.picked_to("access"), edges={"kept": "rapat.call"}),
    Branch(name="rapat.call", on=answers.needs_link, edges={"link": "rapat.link", "done": "rapat.placed"}),
    Ask(
        name="rapat.link",
        says="rapat.link",
        readers=(answers.reading("link"),),
        rescue=(HUMAN,),
        edges={"human": "human", "told": "rapat.placed"},
        hint="rapat.link.hint",
        easier="rapat.link.hint",
    ),
    Branch(
        name="rapat.whom", on=answers.has_several, edges={"several": "rapat.kecamatan", "one": "rapat.groups"}
    ),
    Ask(
        name="rapat.kecamatan",
        says="rapat.kecamatan",
        params=answers.picked_params,
        offers=answers.offer_kecamatan,
        leads=("toggled",),
        options=(DONE,),
        several=True,
        page=8,
        edges={"toggled": "rapat.kecamatan", "done": "rapat.kecamatan.kept"},
    ),
    Branch(name="rapat.kecamatan.kept", on=answers.picked_to("kecamatan"), edges={"kept": "rapat.groups"}),
    Ask(
        name="rapat.groups",
        says="rapat.groups",
        params=answers.picked_params,
        offers=answers.offer_groups,
        leads=("toggled",),
        options=(DONE,),
        several=True,
        page=8,
        edges={"toggled": "rapat.groups", "done": "rapat.groups.kept"},
    ),
    Branch(name="rapat.groups.kept", on=answers.picked_to("groups"), edges={"kept": "rapat.invited"}),
    Ask(
        name="rapat.contact",
        says="rapat.contact",
        readers=(answers.reading("contact"),),
        rescue=(HUMAN,),
        edges={"human": "human", "told": "rapat.review"},
        hint="rapat.hint",
        easier="rapat.hint",
    ),
    _onward("rapat.titled", "rapat.kind"),
    _onward("rapat.timed", "rapat.mode"),
    _onward("rapat.placed", "rapat.whom"),
    _onward("rapat.invited", "rapat.contact"),
    Branch(name="rapat.load", on=answers.load, edges={"loaded": "rapat.review", "gone": "rapat.gone"}),
    Ask(
        name="rapat.review",
        says="rapat.review",
        params=answers.draft_params,
        options=(
            option("save", "rapat.save"),
            option("title", "rapat.edit.title"),
            option("when", "rapat.edit.when"),
            option("place", "rapat.edit.place"),
            option("whom", "rapat.edit.whom"),
            option("drop", "rapat.drop"),
        ),
        edges={
            "save": "rapat.save",
            "title": "rapat.title",
            "when": "rapat.when",
            "place": "rapat.mode",
            "whom": "rapat.whom",
            "drop": "rapat",
        },
    ),
    Act(
        name="rapat.save",
        does=answers.save,
        performs=SaveMeeting,
        edges={"saved": "rapat.saved", "refused": "rapat.refused"},
    ),
    Tell(name="rapat.saved", says="rapat.saved", then="rapat"),
    Tell(name="rapat.refused", says="rapat.refused", params=answers.refused_params, then="rapat.review"),
)

MEETING_DESK: Final = Flow(
    name="rapat",
    guard=answers.may_meet,
    otherwise="rapat.stranger",
    steps=(
        Ask(
            name="rapat",
            says="rapat",
            offers=answers.offer_managed,
            leads=("picked",),
            options=(option("new", "rapat.new"), option("back", "rapat.back")),
            keep=keep_meeting,
            page=7,
            edges={"picked": "rapat.look", "new": "rapat.new", "back": RETURN},
        ),
        Branch(name="rapat.look", on=answers.is_mine, edges={"known": CARD, "gone": "rapat.gone"}),
        Tell(name="rapat.gone", says="rapat.gone", then="rapat"),
        Ask(
            name=CARD,
            says=CARD,
            params=answers.overview_params,
            ref="focus",
            options=(
                option("needs", "rapat.to_needs"),
                option("reach", "rapat.to_reach"),
                option("minutes", "rapat.to_minutes"),
                option("change", "rapat.change"),
                option("cancel", "rapat.cancel"),
                option("list", "schedule.to_list"),
            ),
            edges={
                "needs": "rapat.needs.any",
                "reach": "rapat.reach",
                "minutes": "rapat.minutes",
                "change": "rapat.load",
                "cancel": "rapat.sure",
                "list": "rapat",
            },
        ),
        Branch(
            name="rapat.needs.any",
            on=answers.any_needs,
            edges={"some": "rapat.needs", "none": "rapat.needs.none"},
        ),
        Tell(name="rapat.needs.none", says="rapat.needs.none", then="rapat.look"),
        Ask(
            name="rapat.needs",
            says="rapat.needs",
            ref="focus",
            offers=answers.offer_needs,
            leads=("arranged",),
            options=(option("card", "rapat.to_card"),),
            keep=answers.keep_need,
            page=8,
            edges={"arranged": "rapat.arrange", "card": "rapat.look"},
        ),
        Act(
            name="rapat.arrange",
            does=answers.arrange,
            performs=ArrangeNeed,
            edges={"saved": "rapat.arranged", "refused": "rapat.needs.any"},
        ),
        Tell(name="rapat.arranged", says="rapat.arranged", then="rapat.needs.any"),
        Tell(name="rapat.reach", says="rapat.reach", params=answers.reach_params, then="rapat.look"),
        Ask(
            name="rapat.minutes",
            says="rapat.minutes",
            params=answers.minutes_params,
            ref="focus",
            several=True,  # what is typed stays picked until it is written down
            options=(option("send", "rapat.send_minutes"), option("card", "rapat.to_card")),
            readers=(answers.read_item,),
            edges={"item": "rapat.verdict", "send": "rapat.send_minutes", "card": "rapat.look"},
            hint="rapat.minutes.hint",
            easier="rapat.minutes.hint",
        ),
        Ask(
            name="rapat.verdict",
            says="rapat.verdict",
            ref="focus",
            several=True,
            options=(
                option("agreed", "minutes.verdict.agreed"),
                option("deferred", "minutes.verdict.deferred"),
                option("rejected", "minutes.verdict.rejected"),
            ),
            edges={
                "agreed": "rapat.agreed",
                "deferred": "rapat.deferred",
                "rejected": "rapat.rejected",
            },
        ),
        Act(name="rapat.agreed", does=answers.writing("agreed"), performs=WriteMinute, edges=AFTER_MINUTE),
        Act(
            name="rapat.deferred", does=answers.writing("deferred"), performs=WriteMinute, edges=AFTER_MINUTE
        ),
        Act(
            name="rapat.rejected", does=answers.writing("rejected"), performs=WriteMinute, edges=AFTER_MINUTE
        ),
        Act(
            name="rapat.send_minutes",
            does=answers.send_minutes,
            performs=SendMinutes,
            edges={"saved": "rapat.sending", "refused": "rapat.gone"},
        ),
        Tell(name="rapat.sending", says="rapat.sending", then="rapat.look"),
        Ask(
            name="rapat.sure",
            says="rapat.sure",
            params=answers.overview_params,
            ref="focus",
            options=(option("yes", "rapat.sure.yes"), option("no", "rapat.sure.no")),
            edges={"yes": "rapat.cancel", "no": "rapat.look"},
        ),
        Act(
            name="rapat.cancel",
            does=answers.cancel,
            performs=CancelMeeting,
            edges={"saved": "rapat.cancelled", "refused": "rapat.gone"},
        ),
        Tell(name="rapat.cancelled", says="rapat.cancelled", then="rapat"),
        *CALLING,
    ),
)

NOT_STAFF: Final = Flow(
    name="rapat_stranger",
    steps=(Tell(name="rapat.stranger", says="rapat.stranger", params=house_params, then=RETURN),),
)
"""Where the guard leads: whoever calls no meetings is told how to come to one."""
