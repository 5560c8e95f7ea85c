"""Logs as JSON, one object a line: time, level, message and fields. What was sent is never in them.

    log.info("request", extra={"fields": {"route": "/v1/tag", "status": 200}})

An error is logged as its type and the lines of code it went through: its message might quote a report.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import TextIO

LOG = logging.getLogger("fazhi.serve")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            line["error"] = kind.__name__
            line["trace"] = [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(trace)]
        return json.dumps(line, ensure_ascii=False)


def log_as_json(stream: TextIO) -> None:
    """Send our log and that of the server to a stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    for name in (LOG.name, "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
    uploads = logging.getLogger("python_multipart")  # quotes what was sent; the answer says what is wrong with it
    uploads.handlers[:] = [logging.NullHandler()]
    uploads.propagate = False
