"""The log: what the program did, never what a person said or who it was.

An allow-list decides. An event is a few constant words; it carries only the keys named here, each with a value
of its kind (a figure, or one technical word). Everything else is hidden, whatever the caller meant. Messages of
exceptions and of libraries are never printed, for they repeat their parameters (SQL rows, addresses with the
token); the log says instead which error it was and where in the code, which is enough to find the cause.
"""

from __future__ import annotations

import errno
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

HIDDEN: Final = "[hidden]"
UNLISTED: Final = "unlisted event"


def _keys(names: str) -> frozenset[str]:
    return frozenset(names.split())


FIGURES: Final = _keys(
    "attempts batch bytes chats code count doubtful dropped errands failed free kept limit lost notices offset pid"
    " port quarantined rate rows seconds sent skipped swept updates wait waiting workers"
)
"""Keys whose value is a figure: how many, how long (seconds), how large (bytes). Never an id of somebody."""

WORDS: Final = _keys(
    "caused_by check command engine errno error event job kind lane level library logger method mode outcome place"
    " reason revision role setting signal stage state version where"
)
"""Keys whose value is one technical word; those that this module writes itself may hold several."""

NOISY: Final = ("aiogram", "aiohttp.access", "apscheduler", "httpcore", "httpx", "telegram")
"""Libraries that speak at INFO, some of them with the token in an address."""

OWN: Final = ("bot", "conversations", "storage")

_EVENT: Final = re.compile(r"[a-z][a-z_,. -]{0,79}")
_WORD: Final = re.compile(r"(?!.*[0-9]{5})[A-Za-z][A-Za-z0-9_.:<>/-]{0,79}", re.ASCII)
_MOST_FRAMES: Final = 12

Format = Literal["text", "json"]


def configure(form: Format, stream: TextIO | None = None, now: Callable[[], datetime] | None = None) -> None:
    """Log from now on in this form to `stream` (default: standard error), the libraries' words included."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            hide,
            place_errors,
            _stamp(now or (lambda: datetime.now(UTC))),
            {"text": as_text, "json": as_json}[form],
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    _bridge_libraries()
    sys.excepthook = _log_crash


def hide(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep what the allow-list knows and hide the rest; a key that is no plain word is dropped."""
    kept = {key: _shown(key, value) for key, value in event.items() if _WORD.fullmatch(key)}
    return {**kept, "event": event["event"] if is_event(event.get("event")) else UNLISTED}


def is_event(words: object) -> bool:
    """Whether these are the constant words of an event: lower-case letters, spaces and , . - _."""
    return isinstance(words, str) and _EVENT.fullmatch(words) is not None


def place_errors(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into what may be told of it: its class, its place in the code, its causes."""
    raised = _raised(event.pop("exc_info", None))
    if raised is None:
        return event
    causes = list(_chain(raised))
    told: EventDict = {**event, "error": _name(raised), "where": _place(causes)}
    if isinstance(raised, OSError) and raised.errno is not None:
        told["errno"] = errno.errorcode.get(raised.errno, "unknown")
    if len(causes) > 1:
        told["caused_by"] = " < ".join(map(_name, causes[1:]))
    return told


def as_text(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One line for people: time, level, event, then key=value."""
    head = f"{event.pop('at')} {event.pop('level'):<8} {event.pop('event')}"
    return " ".join([head, *(f"{key}={value}" for key, value in event.items())])


def as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One JSON object a line, for a collector."""
    return json.dumps(event, ensure_ascii=True)


class Bridge(logging.Handler):
    """Tells that a library spoke, and where in its code; never what it said, for that cannot be vetted.

    Modules of our own that use the standard library's loggers are heard when they say constant words.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Log the record's logger, level, place and error."""
        room = record.name.partition(".")[0]
        own = room in OWN
        structlog.get_logger().log(
            record.levelno,
            str(record.msg) if own else "library spoke",
            logger=room,
            place=f"{record.module}:{record.lineno}",
            exc_info=record.exc_info,
            **(_extra(record) if own else {}),
        )


def _extra(record: logging.LogRecord) -> dict[str, object]:
    """What was given as `extra`: the record's attributes that the allow-list knows and that a record lacks."""
    return {
        key: record.__dict__[key] for key in (FIGURES | WORDS) - {"place", "logger"} if key in record.__dict__
    }


def _shown(key: str, value: object) -> object:
    match value:
        case _ if key == "exc_info":
            return value
        case bool() | int() | float() if key in FIGURES:
            return value
        case str() if key in WORDS and _WORD.fullmatch(value):
            return value
        case None:
            return None
        case _:
            return HIDDEN


def _stamp(now: Callable[[], datetime]) -> Callable[[WrappedLogger, str, EventDict], EventDict]:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {
            "at": now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **event,
        }

    return stamp


def _raised(info: object) -> BaseException | None:
    match info:
        case BaseException():
            return info
        case (_, BaseException() as raised, _):
            return raised
        case True:
            return sys.exc_info()[1]
        case _:
            return None


def _chain(raised: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, nearest first; a chain that bites its tail ends there."""
    seen: set[int] = set()
    step: BaseException | None = raised
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        yield step
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)


def _place(causes: list[BaseException]) -> str:
    """Where the first cause was raised; one that was made and never raised itself has no place."""
    return next((_frames(cause.__traceback__) for cause in reversed(causes) if cause.__traceback__), "")


def _frames(trace: TracebackType | None) -> str:
    """The calls that led there, outermost first: those in our code, and the last one wherever it is."""
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        if trace.tb_next is None or "site-packages" not in code.co_filename:
            places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " > ".join(places[-_MOST_FRAMES:])


def _name(raised: BaseException) -> str:
    return type(raised).__name__


def _bridge_libraries() -> None:
    logging.captureWarnings(capture=True)
    root = logging.getLogger()
    root.handlers = [Bridge()]
    root.setLevel(logging.WARNING)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _log_crash(kind: type[BaseException], raised: BaseException, trace: TracebackType | None) -> None:
    if isinstance(raised, KeyboardInterrupt):
        sys.__excepthook__(kind, raised, trace)
        return
    structlog.get_logger().critical("crashed", exc_info=raised)
