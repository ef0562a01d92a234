"""What the page's files may contain: nothing from outside, nothing inline, no markup out of strings."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "simulator" / "page"
FILES = sorted(PAGE.iterdir())
DANGEROUS = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser"
INLINE = r"<(?:style|script)(?![^>]*src=)[^>]*>|\son\w+=\"|\sstyle=\""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_makes_markup_from_strings(path: Path) -> None:
    assert re.findall(DANGEROUS, path.read_text()) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_fetches_from_outside(path: Path) -> None:
    """The name of the SVG vocabulary is no address that anybody fetches."""
    found = re.findall(r"https?://[a-z][^\s\"'`/)]*", path.read_text())
    assert set(found) <= {"http://www.w3.org"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_has_script_or_style_inline(path: Path) -> None:
    assert re.findall(INLINE, path.read_text()) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_is_longer_than_a_few_screens(path: Path) -> None:
    assert path.read_text().count("\n") <= 400
