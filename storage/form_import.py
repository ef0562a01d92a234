"""Paper forms that somebody typed become aspirations of those who spoke: each once, by its number.

Nothing is stored of a row with a fault, and all is stored of the others; importing the same file again changes
nothing. The actor is the mandate of the facilitator who collected the forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from conversations.chat import Draft
from storage import mandates, relays
from storage.actor import RefusalError
from storage.form_reading import Faulty, Understood
from storage.mandates import RELAY
from storage.media import PART
from storage.paper_form import shown_number
from storage.relays import Sending
from storage.rules import Scene
from storage.submissions import ASPIRATION

LOT: Final = 10
"""Forms in one transaction: residents who write meanwhile wait for no more than these, about 60 ms."""

LOCALE: Final = "id"


@dataclass(frozen=True, slots=True)
class Imported:
    """A form that was stored now; the code is handed to the person and stored nowhere."""

    row: int
    number: str
    ticket: str
    claim_code: str
    summary: str


@dataclass(frozen=True, slots=True)
class Known:
    """A form that had been stored before."""

    row: int
    number: str
    ticket: str


Result = Imported | Known | Faulty


def require_mandate(connection: Connection, number: int) -> Any:
    """The facilitator's mandate of this number, in force. RefusalError: unknown, ended, not_yours."""
    mandate = mandates.by_id(connection, number)
    if mandate.role != "facilitator":
        raise RefusalError("not_yours", f"Mandate {number} is not a facilitator's.")
    if mandate.ended_at is not None:
        raise RefusalError("ended", f"Mandate {number} has ended.")
    return mandate


def without_doubles(forms: Sequence[Understood | Faulty]) -> list[Understood | Faulty]:
    """The same number twice in one file is a mistake of which we cannot know which is right: neither is taken."""
    numbers = Counter(form.number for form in forms if form.number)
    return [_double(form) if numbers[form.number] > 1 else form for form in forms]


def lots(forms: Sequence[Understood | Faulty]) -> Iterator[Sequence[Understood | Faulty]]:
    """The forms in portions, one for each transaction."""
    return (forms[at : at + LOT] for at in range(0, len(forms), LOT))


def import_lot(
    scene: Scene, mandate_id: int, forms: Sequence[Understood | Faulty], random: Random
) -> list[Result]:
    """Store what can be stored, in the caller's transaction. RefusalError as for `require_mandate`."""
    mandate = require_mandate(scene.connection, mandate_id)
    return [form if isinstance(form, Faulty) else _import(scene, mandate, form, random) for form in forms]


def _import(scene: Scene, mandate: Any, form: Understood, random: Random) -> Result:
    if known := _known(scene.connection, form):
        return known
    sending = Sending(draft=form.draft, key=f"form {form.number}", locale=LOCALE, form_number=form.number)
    try:
        handed = relays.store(scene, mandate, sending, random)
    except RefusalError as refusal:
        return Faulty(form.row, (_said(refusal),))
    return Imported(form.row, form.number, handed.ticket, handed.claim_code, _summary(form.draft))


def _known(connection: Connection, form: Understood) -> Known | Faulty | None:
    """A form of this number that is stored already; one with other words is a number that was used twice."""
    stored = connection.execute(_STORED, {"number": form.number}).one_or_none()
    if stored is None:
        return None
    said = set(connection.scalars(_SAID, {"id": stored.id}))
    if said and not said & {form.draft.words(), _summary(form.draft)}:
        return Faulty(form.row, (f"nomor {shown_number(form.number)} sudah dipakai untuk usulan lain.",))
    return Known(form.row, form.number, stored.ticket)


def _double(form: Understood | Faulty) -> Faulty:
    others = form.sentences if isinstance(form, Faulty) else ()
    said = f"nomor {shown_number(form.number)} ada di beberapa baris. Periksa nomornya."
    return Faulty(form.row, (said, *others), form.number)


def _said(refusal: RefusalError) -> str:
    match refusal.reason:
        case "out_of_scope":
            return f"desa {refusal.about} di luar wilayah mandat ini."
        case "not_forum":
            return "mandat ini bukan untuk Forum Anak."
        case "retracted":
            return "usulan dengan nomor ini sudah ditarik kembali."
        case reason:
            return f"usulan belum bisa masuk ({reason})."


def _summary(draft: Draft) -> str:
    return draft.relay.summary if draft.relay else ""


_STORED: Final = (
    select(ASPIRATION.c.id, ASPIRATION.c.ticket)
    .join(RELAY, RELAY.c.aspiration_id == ASPIRATION.c.id)
    .where(RELAY.c.form_number == bindparam("number"))
)
_SAID: Final = select(PART.c.text).where(
    PART.c.aspiration_id == bindparam("id"), PART.c.role.in_(("need", "summary")), PART.c.text != ""
)
