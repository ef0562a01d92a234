"""The log holds no name, text, number, chat id or token, whatever it is given."""

from __future__ import annotations

import ast
import io
import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs

ROOT = Path(__file__).parents[2]
CANARIES = ("Siti Aminah", "jalan rusak di Sukadana", "0812-3456-7890", "5000000101", "123456789:AAEhBP0av28")
NOON = datetime(2026, 2, 10, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _leave_logging_as_it_was() -> Iterator[None]:
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)


def said(speak: Callable[[Any], object], form: logs.Format = "json") -> str:
    """What the log holds after `speak` has used it."""
    stream = io.StringIO()
    logs.configure(form, stream, lambda: NOON)
    speak(structlog.get_logger())
    return stream.getvalue()


def raised(error: Exception, cause: Exception) -> Exception:
    """`error` as it looks after it was raised from `cause`, traceback and all."""
    try:
        raise error from cause
    except type(error) as caught:
        return caught


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_is_shown_neither_as_event_nor_as_value_nor_in_an_error(
    form: logs.Format, canary: str
) -> None:
    def speak(log: Any) -> None:
        log.info(canary)
        log.info("turn done", chat=canary, error=canary, count=canary, text=[canary], **{canary: 1})
        log.error("turn failed", reason=canary, exc_info=raised(ValueError(canary), KeyError(canary)))

    text = said(speak, form)
    assert text.count("\n") == 3
    assert not any(part in text for part in (canary, canary.split(maxsplit=1)[0]))


@pytest.mark.parametrize("canary", CANARIES)
def test_what_libraries_say_is_not_repeated(canary: str) -> None:
    def speak(_log: Any) -> None:
        for name in ("httpx", "aiogram.event", "asyncio", "bot.webhook"):
            logging.getLogger(name).error("GET %s", canary)
            logging.getLogger(name).error(canary)
        warnings.warn(canary, UserWarning, stacklevel=1)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        text = said(speak)
    assert '"logger": "httpx"' in text
    assert '"place": "test_logs:' in text
    assert canary not in text


def test_libraries_are_heard_from_warning_on() -> None:
    assert said(lambda _log: logging.getLogger("httpx").info("HTTP Request: POST https://…")) == ""


def test_our_own_constant_words_pass_through_the_standard_loggers() -> None:
    speak = logging.getLogger("bot.webhook").warning
    line = json.loads(
        said(lambda _log: speak("batch refused", extra={"error": "OSError", "chat": 5000000101}))
    )
    assert (line["event"], line["error"]) == ("batch refused", "OSError")
    assert "chat" not in line


def test_listed_figures_and_words_are_shown() -> None:
    line = json.loads(said(lambda log: log.info("batch committed", updates=32, seconds=0.01, role="receive")))
    assert line == {
        "at": "2026-02-10T05:00:00.000Z",
        "event": "batch committed",
        "level": "info",
        "role": "receive",
        "seconds": 0.01,
        "updates": 32,
    }


def test_text_is_one_line_for_people() -> None:
    text = said(lambda log: log.warning("backing off", wait=2), "text")
    assert text == "2026-02-10T05:00:00.000Z warning  backing off wait=2\n"


def test_an_error_is_told_by_class_place_and_causes() -> None:
    error = raised(RuntimeError("secret"), OSError(28, "No space left on device"))
    line = json.loads(said(lambda log: log.error("commit failed", exc_info=error)))
    assert (line["error"], line["caused_by"]) == ("RuntimeError", "OSError")
    assert line["where"].startswith("test_logs.py:")
    assert said(lambda log: log.error("x", exc_info=OSError(28, "full"))).count("ENOSPC") == 1


def test_a_crash_is_logged_without_its_message() -> None:
    text = said(lambda _log: sys.excepthook(ValueError, ValueError(CANARIES[0]), None))
    assert json.loads(text)["event"] == "crashed"
    assert CANARIES[0] not in text


def test_a_chain_of_errors_that_bites_its_tail_ends() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert "KeyError" in said(lambda log: log.error("x", exc_info=first))


@given(key=st.text(max_size=12), value=st.one_of(st.text(max_size=60), st.integers(), st.binary(max_size=9)))
def test_no_unlisted_key_shows_its_value(key: str, value: object) -> None:
    event = logs.hide(None, "info", {"event": "x", key: value})
    if key not in logs.FIGURES | logs.WORDS | {"event"}:
        assert event.get(key, logs.HIDDEN) in (logs.HIDDEN, None) or key == "exc_info"


def calls_of_the_log() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a logger in the code that speaks to Telegram or the database, with its place."""
    for room in logs.OWN:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _is_log_call(node):
                    yield f"{path.name}:{node.lineno}", node


def _is_log_call(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in {"debug", "info", "warning", "error", "exception", "critical"}
        and "log" in ast.unparse(node.func.value).lower()
    )


def test_every_call_of_the_log_says_constant_words_and_listed_keys() -> None:
    wrong = [
        place
        for place, call in calls_of_the_log()
        if not (call.args and isinstance(call.args[0], ast.Constant) and logs.is_event(call.args[0].value))
        or not {word.arg for word in call.keywords} <= logs.FIGURES | logs.WORDS | {"exc_info", "extra"}
    ]
    assert wrong == []
