"""An errand worker in a process of its own, so that no turn waits for slow work (design: errands)."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.settings import Settings

GRACE: Final = 10.0
"""Seconds that the worker has to put down what it is doing; an errand that is cut off is done again."""


@asynccontextmanager
async def working_beside(settings: Settings) -> AsyncIterator[None]:
    """Run a worker while the block runs; it ends with this process, however that ends."""
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(settings,), daemon=True)
    process.start()
    try:
        yield
    finally:
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
