"""Settings and my data: language, see, download, name, own groups, messages, erase, and stopping a draft."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from conversations.chat import Chat
from conversations.effects import (
    AnyEffect,
    ExportData,
    Line,
    Listing,
    RestoreErasure,
    ScheduleErasure,
    SetLocale,
    SetMessages,
    SetName,
    SetOwnGroups,
)
from conversations.events import ErasureScheduled
from conversations.facts import Profile
from conversations.flows.arrival import drop_draft, house_params
from conversations.flows.consent import service_consent
from conversations.flows.intake_answers import DECLINED, GROUP_OPTIONS
from conversations.flows.summary import groups_listing, needs_listing, picked_params
from conversations.readers import read_name
from conversations.table import (
    MENU,
    RETURN,
    Act,
    Ask,
    Branch,
    Flow,
    Option,
    Params,
    Reading,
    Seen,
    Tell,
    option,
)

LOCALES = ("id", "id@mudah", "en")


def data_params(seen: Seen) -> Params:
    """What is stored about the person, in a few lines."""
    profile = seen.facts.profile()
    village = profile.village
    return {
        "name": profile.name or Line("data.no_name"),
        "village": village.name if village else Line("data.no_village"),
        "groups": groups_listing(profile.groups) if profile.groups else Line("data.no_groups"),
        "needs": _needs(profile),
        "count": len(seen.facts.mine()),
        "notices": Line("data.on" if profile.notices else "data.off"),
        "broadcasts": Line("data.on" if profile.broadcasts else "data.off"),
        "contact": seen.facts.house.contact_name,
    }


def _needs(profile: Profile) -> Line | Listing:
    if not profile.needs_answered:
        return Line("data.no_groups")
    return needs_listing(profile.needs, profile.other_need)


def keep_picked(chat: Chat, value: str) -> Chat:
    """Hand the chosen value to the effect."""
    return replace(chat, picked=(value,))


def _picked(seen: Seen) -> str:
    return seen.chat.picked[0] if seen.chat.picked else ""


def keep_locale(chat: Chat, value: str) -> Chat:
    """The chat speaks the chosen language from now on."""
    return replace(chat, locale=value)


def set_locale(seen: Seen) -> AnyEffect:
    """Remember the language with the person."""
    return SetLocale(locale=seen.chat.locale)


def set_name(seen: Seen) -> AnyEffect:
    """Remember the name."""
    return SetName(name=_picked(seen))


def forget_name(chat: Chat, _value: str) -> Chat:
    """An empty name forgets it."""
    return replace(chat, picked=("",))


def name_params(seen: Seen) -> Params:
    """The name just given, empty when it was forgotten."""
    return {"name": _picked(seen) or Line("name.none")}


def set_groups(seen: Seen) -> AnyEffect:
    """Remember the person's own groups."""
    return SetOwnGroups(groups=seen.chat.picked)


def decline_groups(_seen: Seen) -> AnyEffect:
    """Not wanting to answer is an answer too, told apart from never having been asked."""
    return SetOwnGroups(groups=(), declined=True)


def any_groups(seen: Seen) -> Reading[Literal["some", "none"]]:
    """Whether a group is picked."""
    return Reading("some" if seen.chat.picked else "none", seen.chat)


def has_consented(seen: Seen) -> Reading[Literal["given", "missing"]]:
    """Nothing personal is stored before consent; who agrees comes back here."""
    if seen.facts.consented("service"):
        return Reading("given", seen.chat)
    return Reading("missing", replace(seen.chat, consent_for="data"))


def offer_messages(seen: Seen) -> tuple[Option, ...]:
    """Each kind of message, on or off, told apart (issue 2)."""
    profile = seen.facts.profile()
    notices = "notice:off" if profile.notices else "notice:on"
    broadcasts = "broadcast:off" if profile.broadcasts else "broadcast:on"
    return tuple(
        Option(value.replace(":", "_"), Line(f"messages.{value.replace(':', '_')}"), "picked")
        for value in (broadcasts, notices)
    )


def set_messages(seen: Seen) -> AnyEffect:
    """Switch what was chosen."""
    kind, _, wanted = _picked(seen).partition("_")
    return SetMessages(kind="notice" if kind == "notice" else "broadcast", wanted=wanted == "on")


def messages_params(seen: Seen) -> Params:
    """Which switch was turned."""
    return {"change": Line(f"messages.done.{_picked(seen)}")}


def schedule_erasure(_seen: Seen) -> AnyEffect:
    """Erase in 24 hours."""
    return ScheduleErasure()


def erasure_params(seen: Seen) -> Params:
    """When it will be done."""
    due = seen.event.due_at if isinstance(seen.event, ErasureScheduled) else seen.event.at
    return {"due": due}


def offer_restore(seen: Seen) -> tuple[Option, ...]:
    """Whoever has lost sight of the message with the button finds it here for as long as it helps."""
    return (option("restore", "erase.restore"),) if seen.facts.profile().erasure_due else ()


def restore(_seen: Seen) -> AnyEffect:
    """Call off the erasure."""
    return RestoreErasure()


def export(_seen: Seen) -> AnyEffect:
    """Send all that is stored."""
    return ExportData()


def draft_open(seen: Seen) -> Reading[Literal["draft", "person", "batch", "held", "nothing"]]:
    """Whether there is a draft to cancel, one's own or of somebody spoken for, or what was sent for others; words
    that are only held are let go at once.
    """
    if seen.chat.draft is not None:
        return Reading("draft" if seen.chat.draft.relay is None else "person", seen.chat)
    if seen.chat.batch is not None and seen.chat.batch.items:
        return Reading("batch", seen.chat)
    if seen.chat.held is not None:
        return Reading("held", replace(seen.chat, held=None))
    return Reading("nothing", seen.chat)


OWN_GROUPS = (*GROUP_OPTIONS,)

SETTINGS = Flow(
    name="settings",
    steps=(
        Ask(
            name="settings",
            says="settings",
            options=(
                option("language", "settings.language"),
                option("spoken", "settings.spoken"),
                option("discreet", "settings.discreet"),
                option("needs", "settings.needs"),
                option("messages", "settings.messages"),
                option("back", "settings.back"),
            ),
            edges={
                "language": "language",
                "spoken": "spoken",
                "discreet": "discreet",
                "needs": "needs",
                "messages": "stop",
                "back": RETURN,
            },
        ),
        Ask(
            name="language",
            says="language",
            options=tuple(option(name, f"language.{name}", "picked") for name in LOCALES),
            keep=keep_locale,
            edges={"picked": "language.set"},
        ),
        Act(name="language.set", does=set_locale, performs=SetLocale, edges={"saved": "language.done"}),
        Tell(name="language.done", says="language.done", then=RETURN, apart=True, keyboard=True),
        Ask(
            name="data",
            says="data",
            offers=offer_restore,
            leads=("restore",),
            options=(
                option("see", "data.see"),
                option("download", "data.download"),
                option("name", "data.name"),
                option("groups", "data.groups"),
                option("messages", "data.messages"),
                option("consent", "data.consent"),
                option("erase", "data.erase"),
            ),
            edges={
                "restore": "restore",
                "see": "data.seen",
                "download": "data.export",
                "name": "name.gate",
                "groups": "groups",
                "messages": "stop",
                "consent": "data.consent",
                "erase": "erase",
            },
        ),
        Branch(
            name="data.consent",
            on=service_consent,
            edges={"given": "consent.manage", "missing": "consent.none"},
        ),
        Tell(name="consent.none", says="consent.none", then="data"),
        Tell(name="data.seen", says="data.seen", params=data_params, then="data"),
        Act(
            name="data.export",
            does=export,
            performs=ExportData,
            edges={"saved": "data.exporting", "refused": "data.nothing"},
        ),
        Tell(name="data.exporting", says="data.exporting", then=RETURN),
        Tell(name="data.nothing", says="data.nothing", then=RETURN),
        Branch(name="name.gate", on=has_consented, edges={"given": "name", "missing": "data.needs_consent"}),
        Tell(name="data.needs_consent", says="data.needs_consent", then="consent.ask"),
        Ask(
            name="name",
            says="name",
            options=(option("forget", "name.forget"), option("back", "name.back")),
            keep=forget_name,
            readers=(read_name,),
            edges={"named": "name.set", "too_long": "name.too_long", "forget": "name.set", "back": "data"},
            hint="hint.name",
        ),
        Tell(name="name.too_long", says="name.too_long", then="name"),
        Act(
            name="name.set",
            does=set_name,
            performs=SetName,
            edges={"saved": "name.done", "refused": "data.needs_consent"},
        ),
        Tell(name="name.done", says="name.done", params=name_params, then=RETURN),
        Branch(
            name="groups", on=has_consented, edges={"given": "groups.ask", "missing": "data.needs_consent"}
        ),
        Ask(
            name="groups.ask",
            says="groups.ask",
            options=(*OWN_GROUPS, option(DECLINED, "group.declined")),
            several=True,
            hint="hint.choices",
            edges={"toggled": "groups.more", DECLINED: "groups.decline"},
        ),
        Ask(
            name="groups.more",
            says="intake.audience.more",
            params=picked_params,
            options=(*OWN_GROUPS, option("done", "group.done"), option(DECLINED, "group.declined")),
            several=True,
            hint="hint.choices",
            edges={"toggled": "groups.more", "done": "groups.check", DECLINED: "groups.decline"},
        ),
        Branch(name="groups.check", on=any_groups, edges={"some": "groups.set", "none": "groups.ask"}),
        Act(
            name="groups.set",
            does=set_groups,
            performs=SetOwnGroups,
            edges={"saved": "groups.done", "refused": "data.needs_consent"},
        ),
        Act(
            name="groups.decline",
            does=decline_groups,
            performs=SetOwnGroups,
            edges={"saved": "groups.declined", "refused": "data.needs_consent"},
        ),
        Tell(name="groups.done", says="groups.done", then="discreet.farewell"),
        Tell(name="groups.declined", says="groups.declined", then="discreet.farewell"),
        Ask(
            name="stop",
            says="stop",
            offers=offer_messages,
            leads=("picked",),
            options=(option("back", "stop.back"),),
            keep=keep_picked,
            edges={"picked": "stop.set", "back": RETURN},
        ),
        Act(name="stop.set", does=set_messages, performs=SetMessages, edges={"saved": "stop.done"}),
        Tell(name="stop.done", says="stop.done", params=messages_params, then=RETURN),
        Ask(
            name="erase",
            says="erase",
            params=house_params,
            options=(option("yes", "erase.yes"), option("no", "erase.no")),
            edges={"yes": "erase.sure", "no": RETURN},
        ),
        Ask(
            name="erase.sure",
            says="erase.sure",
            options=(option("no", "erase.no"), option("erase", "erase.sure.yes")),
            edges={"erase": "erase.do", "no": RETURN},
        ),
        Act(
            name="erase.do",
            does=schedule_erasure,
            performs=ScheduleErasure,
            edges={"scheduled": "erase.scheduled"},
        ),
        Tell(
            name="erase.scheduled",
            says="erase.scheduled",
            params=erasure_params,
            then=MENU,
            apart=True,
            options=(option("restore", "erase.restore"),),
            edges={"restore": "restore"},
        ),
        Act(
            name="restore",
            does=restore,
            performs=RestoreErasure,
            edges={"saved": "restore.done", "refused": "restore.late"},
        ),
        Tell(name="restore.done", says="restore.done", then=RETURN),
        Tell(name="restore.late", says="restore.late", then=RETURN),
        Branch(
            name="cancel",
            on=draft_open,
            edges={
                "draft": "cancel.ask",
                "person": "relay.cancel",
                "batch": "relay.aside",
                "held": "arrival.dropped",
                "nothing": "cancel.nothing",
            },
        ),
        Tell(name="cancel.nothing", says="cancel.nothing", then=RETURN),
        Ask(
            name="cancel.ask",
            says="cancel.ask",
            ref="draft",
            options=(option("drop", "cancel.drop"), option("keep", "cancel.keep")),
            keep=drop_draft,
            edges={"drop": "arrival.dropped", "keep": "cancel.kept"},
        ),
        Tell(name="cancel.kept", says="cancel.kept", then="intake.resume"),
    ),
)
