"""What the processes say to the operator: one JSON object a line, on standard error.

JSON escapes every control character and, because only ASCII is written, U+2028 too: whatever a source puts into a title
or an identifier, it stays one line. Passwords in addresses and fields that hold keys are blotted out.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

BLOT = "***"

_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):([^/\s]*)@")
_TOKEN = re.compile(r"(?i)\b(bearer\s+|apikey\s+|basic\s+)\S+")
_SECRET_FIELDS = re.compile(r"(?i)(password|secret|token|authorization|api[_-]?key|cookie)")


def without_secrets(text: str) -> str:
    """The text with passwords of addresses and values of authorization headers blotted out."""
    return _TOKEN.sub(rf"\1{BLOT}", _PASSWORD.sub(rf"\1:{BLOT}@", text))


def blot(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: no secret leaves in an event."""
    return blotted(event)


def blotted(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without passwords, keys and what else opens doors."""
    return {name: _clean(name, value) for name, value in facts.items()}


def _clean(name: str, value: object) -> object:
    if _SECRET_FIELDS.search(name) and value:
        return BLOT
    if isinstance(value, dict):
        return {key: _clean(str(key), inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(name, inner) for inner in value]
    return without_secrets(value) if isinstance(value, str) else value


TALKATIVE = {"alembic.runtime": logging.WARNING, "elastic_transport": logging.ERROR}
"""Libraries that tell each request, or each of their parts, as if it were news, with the least of theirs that is some:
only who looks for a fault reads the rest. That a search engine does not answer, which one warns of with a stack for
each try, is said by whoever asked it."""

SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
)


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Sends our own events and those of the libraries through the same lines, from this level up."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # below, it quotes addresses with the keys of sources in them
    for name, least in TALKATIVE.items():
        logging.getLogger(name).setLevel(logging.DEBUG if level <= logging.DEBUG else least)


def formatter() -> logging.Formatter:
    """Makes one JSON line of a record, ours or a library's."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *SHARED],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            blot,
            structlog.processors.JSONRenderer(ensure_ascii=True, default=str),
        ],
    )
