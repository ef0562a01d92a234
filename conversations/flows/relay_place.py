"""Where the person lives for whom a facilitator speaks: the last place again, by name, or from the mandate's list."""

from __future__ import annotations

from typing import Literal

from conversations.chat import Village
from conversations.effects import Line, Listing
from conversations.facts import Kecamatan
from conversations.flows.intake_answers import village_params
from conversations.readers import one_name
from conversations.table import Option, Params, Reading, Seen


def covers(scope: tuple[str, ...], kode: str) -> bool:
    """Whether a region lies in one of these: 18.07.01.2001 in 18.07.01."""
    return any(kode == above or kode.startswith(f"{above}.") for above in scope)


def _meets(scope: tuple[str, ...], kode: str) -> bool:
    """Whether a region lies in one of these, or holds one of them."""
    return covers(scope, kode) or any(covers((kode,), one) for one in scope)


def in_scope(seen: Seen) -> Reading[Literal["inside", "outside"]]:
    """A facilitator speaks for people of the mandate's places only."""
    village, mandate = (
        (seen.chat.draft.village if seen.chat.draft else None),
        seen.facts.mandate("facilitator"),
    )
    if village is not None and mandate is not None and covers(mandate.scope, village.kode):
        return Reading("inside", seen.chat)
    return Reading("outside", seen.chat.with_draft(village=None, candidates=(), listed=""))


def scope_params(seen: Seen) -> Params:
    """The places of the mandate by name."""
    mandate = seen.facts.mandate("facilitator")
    return {"places": Listing(mandate.places if mandate else (), joined=True)}


def last_village(seen: Seen) -> Village | None:
    """Where the person lives for whom this facilitator spoke last."""
    people = seen.facts.people()
    village = people[0].aspiration.village if people else None
    mandate = seen.facts.mandate("facilitator")
    return village if village and mandate and covers(mandate.scope, village.kode) else None


def known_place(seen: Seen) -> Reading[Literal["known", "unknown"]]:
    """Whether a place can be offered."""
    return Reading("unknown" if last_village(seen) is None else "known", seen.chat)


def last_village_params(seen: Seen) -> Params:
    """The place by name."""
    village = last_village(seen)
    return village_params(village) if village else {"village": "", "kecamatan": ""}


def take_last_village(seen: Seen) -> Reading[Literal["taken", "gone"]]:
    """Put it into the draft."""
    village = last_village(seen)
    if village is None:
        return Reading("gone", seen.chat)
    return Reading("taken", seen.chat.with_draft(village=village, candidates=(), listed=""))


def which(seen: Seen) -> Reading[Literal["same", "near", "list"]]:
    """Between what is decided: villages of one name, of near names, or a list."""
    candidates = seen.chat.draft.candidates if seen.chat.draft else ()
    if not candidates:
        return Reading("list", seen.chat)
    return Reading("same" if one_name(candidates) else "near", seen.chat)


def open_list(seen: Seen) -> Reading[Literal["kecamatan", "village"]]:
    """The list of the mandate's kecamatan, or of the villages where there is only one."""
    regions = _kecamatan(seen)
    if len(regions) == 1:
        return Reading("village", seen.chat.with_draft(listed=regions[0].kode, candidates=()))
    return Reading("kecamatan", seen.chat.with_draft(listed="all", candidates=()))


def _kecamatan(seen: Seen) -> tuple[Kecamatan, ...]:
    mandate = seen.facts.mandate("facilitator")
    scope = mandate.scope if mandate else ()
    return tuple(region for region in seen.facts.kecamatan() if _meets(scope, region.kode))


def offer_kecamatan(seen: Seen) -> tuple[Option, ...]:
    """The kecamatan of the mandate."""
    return tuple(Option(k.kode, Line("region.name", {"name": k.name}), "picked") for k in _kecamatan(seen))


def offer_villages(seen: Seen) -> tuple[Option, ...]:
    """The villages of the mandate in the chosen kecamatan."""
    mandate = seen.facts.mandate("facilitator")
    scope = mandate.scope if mandate else ()
    villages = seen.facts.villages(seen.chat.draft.listed if seen.chat.draft else "")
    return tuple(
        Option(v.kode, Line("region.name", {"name": v.name}), "picked")
        for v in villages
        if covers(scope, v.kode)
    )
