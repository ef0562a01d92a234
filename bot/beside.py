"""An errand worker in a process of its own, so that no turn waits for slow work (design: errands)."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.settings import Settings

GRACE: Final = 10.0
"""Seconds that the worker has to put down what it is doing; an errand that is cut off is done again."""


@asynccontextmanager
async def working_beside(settings: Settings, ended: Callable[[], None]) -> AsyncIterator[None]:
    """Run a worker while the block runs; it ends with this process, however that ends.

    `ended` is called when it ends by itself: without it no voice is fetched any more, and nobody would notice.
    """
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(settings,), daemon=True)
    process.start()
    loop, sentinel = asyncio.get_running_loop(), process.sentinel

    def gone() -> None:
        loop.remove_reader(sentinel)
        ended()

    loop.add_reader(sentinel, gone)
    try:
        yield
    finally:
        loop.remove_reader(sentinel)
        process.terminate()
        await asyncio.to_thread(process.join, GRACE)
        process.kill()


def _work(settings: Settings) -> None:
    from bot import app, logs  # noqa: PLC0415 - only the child needs them
    from bot.roles import work_only  # noqa: PLC0415

    threading.Thread(target=_outlive_nobody, daemon=True).start()
    logs.configure(settings.log_format)
    with app.opened(settings) as engine:
        asyncio.run(work_only(settings, engine))


def _outlive_nobody() -> None:
    """Stop when the parent is gone, even if it was killed without a word."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
