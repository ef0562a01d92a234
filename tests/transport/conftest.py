"""Every test here that takes `open_on` runs on both client libraries."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

import pytest

from bot.transport import Timeouts, Transport, open_transport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    OpenOn = Callable[[str], AbstractAsyncContextManager[Transport]]

TOKEN = "123456789:" + "AbC-_dEf9" * 3 + "AbC-_dEf"
BRIEF = Timeouts(connect=0.2, read=0.3, transfer=1.0)


@pytest.fixture(params=["aiogram", "ptb"])
def library(request: pytest.FixtureRequest) -> Literal["aiogram", "ptb"]:
    """Each of the two client libraries."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def open_on(library: Literal["aiogram", "ptb"]) -> OpenOn:
    """Opens a transport of this library on a server, with timeouts short enough for a test."""

    @asynccontextmanager
    async def open_it(url: str) -> AsyncIterator[Transport]:
        transport = open_transport(library, TOKEN, url, timeouts=BRIEF)
        try:
            yield transport
        finally:
            await transport.close()

    return open_it
