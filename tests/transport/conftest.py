"""Every test here that takes `open_on` runs on both client libraries."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

import pytest

from bot.transport import Timeouts, Transport, open_transport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    OpenOn = Callable[..., AbstractAsyncContextManager[Transport]]

TOKEN = "123456789:" + "AbC-_dEf9" * 3 + "AbC-_dEf"
PATIENT = Timeouts(connect=30.0, read=30.0, transfer=30.0)
"""Never reached, however busy the machine."""

BRIEF = Timeouts(connect=30.0, read=0.5, transfer=0.5)
"""For tests that wait for the end of a call's time."""


@pytest.fixture(params=["aiogram", "ptb"])
def library(request: pytest.FixtureRequest) -> Literal["aiogram", "ptb"]:
    """Each of the two client libraries."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def open_on(library: Literal["aiogram", "ptb"]) -> OpenOn:
    """Opens a transport of this library on a server: `open_on(url)`, or `open_on(url, timeouts)`."""

    @asynccontextmanager
    async def open_it(url: str, timeouts: Timeouts = PATIENT) -> AsyncIterator[Transport]:
        transport = open_transport(library, TOKEN, url, timeouts=timeouts)
        try:
            yield transport
        finally:
            await transport.close()

    return open_it
