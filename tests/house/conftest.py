"""What the tests of the house share: an empty environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import names


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and an environment without any setting."""
    for name in names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path
