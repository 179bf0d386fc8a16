"""What the log says of an event: one line of JSON, without personal data."""

import json
import logging
import re
from datetime import UTC, datetime

MOBILE_NUMBER = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, the status of an answer, and the traceback of a fault.

    What else is attached to a record (the request, arguments of a task) is left out: it may hold
    personal data.
    """

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if status := getattr(record, "status_code", None):
            event["status"] = status
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return MOBILE_NUMBER.sub(r"\1****\2", json.dumps(event, ensure_ascii=False))


class NoTracebackOfRefusals(logging.Filter):
    """A page that is refused or missing is no fault of the code: its traceback says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = None
        return True
