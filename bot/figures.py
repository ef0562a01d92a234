"""A figure as it is sent: a chart with one line that says it, then its sentences and numbers as text (issue 4)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, select

from bot.app import Home
from bot.charts import Chart, Row, draw
from bot.chats import read_chat
from bot.replies import NO_PREVIEW, as_json
from conversations.chat import Chat
from conversations.effects import Line, Listing
from conversations.figure import DrawFigures
from conversations.times import month_words
from storage.errands import Errand
from storage.figure_views import Bar, Figure, figure
from storage.ledger import CHAT, Ledger, OutboxRow
from storage.regions import RegionIndex

IN_ORDER: Final = frozenset({"stage", "month"})
"""Cuts whose parts have an order of their own; the others begin with the largest."""


@dataclass(frozen=True, slots=True)
class Made:
    """A figure in the words of its reader; no picture where there is nothing to draw."""

    picture: bytes
    caption: str
    text: str


def make(home: Home, connection: Connection, errand: Errand, at: datetime) -> Made | None:
    """The figure of an errand; None when its chat may not see it any more. `connection` only reads."""
    if errand.chat_id is None:
        return None
    asked = DrawFigures(cut=errand.params["cut"], region=errand.params["region"])
    found = figure(connection, errand.chat_id, asked, home.furnished.rules, at)
    if found is None:
        return None
    state = connection.scalar(select(CHAT.c.state).where(CHAT.c.id == errand.chat_id))
    locale = read_chat(state or "", Chat(id=errand.chat_id)).locale
    return _Writer(home, found, locale, at).made()


def deliver(home: Home, connection: Connection, errand: Errand, made: Made | None, at: datetime) -> None:
    """Put picture and text into the outbox. Raises OSError when the disk is full."""
    if made is None or errand.chat_id is None:
        return
    text = {"chat_id": errand.chat_id, "text": made.text, "link_preview_options": NO_PREVIEW}
    rows = [OutboxRow(chat_id=errand.chat_id, due_at=at, method="sendMessage", params=as_json(text))]
    if made.picture:
        rows.insert(0, _photo(home, errand.chat_id, made, at))
    Ledger(connection).enqueue(rows, at)


def _photo(home: Home, chat_id: int, made: Made, at: datetime) -> OutboxRow:
    path = home.outgoing.put(made.picture)
    return OutboxRow(
        chat_id=chat_id,
        due_at=at,
        method="sendPhoto",
        params=as_json({"chat_id": chat_id, "caption": made.caption}),
        files=json.dumps({"photo": {"path": str(path), "filename": "grafik.png"}}),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts one figure into words."""

    home: Home
    figure: Figure
    locale: str
    at: datetime

    def made(self) -> Made:
        """Picture, its line, and the text."""
        lines = [Line("figures.head", self._head()), *self._body()]
        text = self.home.furnished.texts.say(lines, (), self.locale).text
        rows = tuple(self._rows()) if self.figure.total is not None else ()
        picture = (
            draw(Chart(self._words(self._title()), self._series(), rows, self._veiled())) if rows else b""
        )
        return Made(picture, self._words(self._caption()), text)

    def _words(self, line: Line) -> str:
        return self.home.furnished.texts.line(line, self.locale)

    def _title(self) -> Line:
        place = self.home.furnished.rules.regions.place(self.figure.region) or Line("rekap.kabupaten")
        return Line("figures.title", {"place": place, "by": Line(f"figures.by.{self.figure.cut}")})

    def _head(self) -> dict[str, Line | str | date]:
        today = self.at.astimezone(self.home.furnished.house.timezone).date()
        return {"title": self._title(), "year": str(self.figure.plan_year), "date": today}

    def _body(self) -> Iterator[Line]:
        if self.figure.total is None:
            yield Line("figures.too_few")
            return
        if self.figure.cut == "inclusion":
            yield Line("rekap.place", {"place": Listing(tuple(self._shares()))})
        else:
            yield Line("rekap.place", {"place": Listing(tuple(self._parts()))})
        if self.figure.cut in {"inclusion", "group"}:
            yield Line("figures.several")
        if self._hidden():
            yield Line("figures.why_veiled")

    def _parts(self) -> Iterator[Line]:
        """A line for each number, then what there is none of, what is hidden, and the sum."""
        yield from (
            Line("figures.row", {"name": self._name(bar.key), "n": bar.count})
            for bar in self._bars()
            if bar.count
        )
        yield from self._rest()
        yield Line("figures.total", {"n": self.figure.total or 0})

    def _shares(self) -> Iterator[Line]:
        """The same with what is accepted of it."""
        total, every = self.figure.total or 0, self._count(self.figure.accepted)
        for bar in self._bars():
            if bar.count:
                counts = {"n": bar.count, "total": total, "accepted": self._count(bar.accepted), "all": every}
                yield Line("figures.group_row", {"name": self._name(bar.key), **counts})
        yield from self._rest()
        yield Line("figures.total", {"n": total})
        yield Line("figures.accepted", {"n": every})

    def _rest(self) -> Iterator[Line]:
        none = [bar.key for bar in self.figure.bars if bar.count == 0]
        hidden = [bar.key for bar in self.figure.bars if bar.count is None]
        if none:
            yield Line("figures.none", {"names": self._names(none)})
        if hidden:
            yield Line("figures.veiled", {"names": self._names(hidden)})

    def _count(self, count: int | None) -> int | Line:
        return Line("figures.hidden_accepted") if count is None else count

    def _hidden(self) -> bool:
        inclusion = self.figure.cut == "inclusion"
        withheld = inclusion and None in {self.figure.accepted, *(bar.accepted for bar in self.figure.bars)}
        return withheld or any(bar.count is None for bar in self.figure.bars)

    def _caption(self) -> Line:
        """One line that says what is seen."""
        most = max(self.figure.bars, key=lambda bar: bar.count or 0, default=Bar("", None))
        if self.figure.total is None or not most.count:
            return Line("figures.caption_veiled", {"title": self._title()})
        counts = {"n": most.count, "total": self.figure.total}
        return Line("figures.caption", {"title": self._title(), "name": self._name(most.key), **counts})

    def _bars(self) -> Sequence[Bar]:
        if self.figure.cut in IN_ORDER:
            return self.figure.bars
        return sorted(self.figure.bars, key=lambda bar: -(bar.count or 0))

    def _rows(self) -> Iterator[Row]:
        """What is drawn: all but what there is none of."""
        inclusion = self.figure.cut == "inclusion"
        for bar in self._bars():
            if bar.count != 0:
                name = self._words(Line("rekap.place", {"place": self._name(bar.key)}))
                yield Row(name, (bar.count, bar.accepted) if inclusion else (bar.count,))

    def _series(self) -> tuple[str, ...]:
        names = [Line("figures.chart.in")]
        if self.figure.cut == "inclusion":
            names.append(Line("figures.chart.accepted"))
        return tuple(map(self._words, names))

    def _veiled(self) -> str:
        return self._words(Line("figures.chart.veiled"))

    def _names(self, keys: Sequence[str]) -> str:
        """Names in a row; some of them hold commas."""
        return "; ".join(self._words(Line("rekap.place", {"place": self._name(key)})) for key in keys)

    def _name(self, key: str) -> Line | str:
        match self.figure.cut:
            case "kecamatan":
                return region_name(self.home.furnished.rules.regions, key)
            case "field":
                return Line(f"field.{key}")
            case "stage":
                return Line(f"stage.{key}")
            case "month":
                return month_words(date.fromisoformat(f"{key}-01"), self.locale)
            case "group" | "inclusion":
                return Line(f"group.{key}")


def region_name(regions: RegionIndex, kode: str) -> str:
    """A kecamatan or village by its bare name."""
    village = regions.village(kode)
    if village is not None:
        return village.name
    return next((one.name for one in regions.kecamatan() if one.kode == kode), kode)
