"""Figures as they are sent: a chart that needs no colours, one line that says it, and all its numbers as text."""

from __future__ import annotations

from io import BytesIO

import pytest
from matplotlib.figure import Figure
from PIL import Image

from bot.app import Home
from bot.charts import Chart, Row, _fill, draw
from bot.figures import Made, make
from conversations.figure import Cut
from conversations.texts import MESSAGE_LIMIT
from storage.engine import reading
from storage.errands import Errand
from storage.figure_orders import DRAW_FIGURES
from tests.storage.sent import send
from tests.storage.world import NOW, World

PLANNER, VILLAGE, FAR = 7_000_000_200, "18.07.01.2001", "18.07.03.2016"
ROWS = (Row("Jalan dan jembatan", (12, 5)), Row("Kesehatan", (7, None)), Row("Lainnya", (None, None)))
SHARES = Chart("Usulan tiap kelompok", ("masuk", "diterima"), ROWS, "ditutup")


def made(home: Home, cut: Cut, region: str = "18.07") -> Made:
    """A figure for somebody of Bappeda."""
    asked = {"cut": cut, "region": region}
    errand = Errand(id=1, kind=DRAW_FIGURES, params=asked, chat_id=PLANNER, attempts=1, asked_at=NOW)
    with reading(home.engine) as connection:
        found = make(home, connection, errand, NOW)
    assert found is not None
    return found


@pytest.fixture
def office(home: Home) -> World:
    """20 aspirations, and somebody of Bappeda."""
    world = World(home.engine)
    world.mandate(PLANNER, "18.07", role="bappeda")
    send(world, [(VILLAGE, "road", "received", "waiting", ("women",), 11)])
    send(world, [(FAR, "water", "rkpd", "accommodated", ("women", "elderly"), 7)])
    send(world, [(FAR, "health", "rkpd", "postponed", ("elderly",), 2)])
    return world


def test_a_chart_is_a_picture_that_grows_with_its_bars() -> None:
    sizes = [
        Image.open(BytesIO(draw(chart))).size for chart in (SHARES, Chart("A", ("masuk",), ROWS[:1], ""))
    ]
    assert sizes[0][0] == sizes[1][0] == 880
    assert sizes[0][1] > sizes[1][1]


def test_each_bar_ends_with_its_number_and_a_hidden_one_says_so() -> None:
    """No bar tells by its length what is hidden; series differ in hatching too."""
    axes = Figure().add_subplot()
    _fill(axes, SHARES)
    assert [text.get_text() for text in axes.texts] == ["12", "7", "ditutup", "5", "ditutup", "ditutup"]
    bars = [patch for series in axes.containers for patch in series]
    assert [bar.get_width() for bar in bars] == [12, 7, 0, 5, 0, 0]
    assert {bar.get_hatch() for bar in bars} == {"", "//"}


def test_a_figure_has_a_line_for_the_picture_and_its_numbers_as_text(home: Home, office: World) -> None:
    found = made(home, "kecamatan")
    assert found.picture.startswith(b"\x89PNG")
    assert "\n" not in found.caption
    assert found.caption.endswith("Paling banyak Sukadana: 11 dari 20.")
    assert "Sukadana: 11\nJabung: 9\nBelum ada: Bandar Sribhawono; Batanghari;" in found.text
    assert found.text.endswith("Semua usulan: 20")
    assert len(found.text) < MESSAGE_LIMIT


def test_what_is_hidden_is_named_and_why(home: Home, office: World) -> None:
    found = made(home, "field")
    assert "Jalan dan jembatan: 11" in found.text
    [veiled] = [line for line in found.text.splitlines() if line.startswith("Kami tutup: ")]
    assert {"Air bersih dan WC", "Kesehatan", "Lainnya"} <= set(veiled.partition(": ")[2].split("; "))
    assert "Belum ada" not in found.text, "what is nought would tell what is not"
    assert "Angka di bawah 5 kami tutup" in found.text
    shares = made(home, "inclusion")
    assert "Perempuan: masuk" not in shares.text, "two are for no woman"


def test_of_fewer_than_five_nothing_is_said(home: Home) -> None:
    world = World(home.engine)
    world.mandate(PLANNER, "18.07", role="bappeda")
    send(world, [(VILLAGE, "road", "received", "waiting", ("women",), 4)])
    found = made(home, "field")
    assert found.picture == b""
    assert "kurang dari 5" in found.text
    assert "4" not in found.text.replace("2024", "")


def test_whoever_may_not_see_them_any_more_gets_none(home: Home) -> None:
    errand = Errand(
        id=1,
        kind=DRAW_FIGURES,
        params={"cut": "field", "region": "18.07"},
        chat_id=PLANNER,
        attempts=1,
        asked_at=NOW,
    )
    with reading(home.engine) as connection:
        assert make(home, connection, errand, NOW) is None
