import json
import logging

import pytest
from django.core.exceptions import PermissionDenied

from academy.logs import JsonFormatter, NoTracebackOfRefusals


def line(message: str, *args, error: Exception | None = None, **more) -> dict:
    """What the log holds of one event."""
    exc_info = (type(error), error, None) if error else None
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, message, args, exc_info
    )
    record.__dict__.update(more)
    assert NoTracebackOfRefusals().filter(record)
    written = JsonFormatter().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_an_event_is_one_line_of_json():
    event = line(
        "%s: %s",
        "Not Found",
        "/a\nb/",
        status_code=404,
        request="<WSGIRequest: GET '/search/?q=示例'>",
    )

    assert event.pop("time").endswith("+00:00")
    assert event == {
        "level": "WARNING",
        "logger": "django.request",
        "message": "Not Found: /a\nb/",
        "status": 404,
    }


@pytest.mark.parametrize(
    ("status", "traced"), [(400, False), (403, False), (404, False), (500, True), (503, True)]
)
def test_only_faults_have_a_traceback(status, traced):
    assert (
        "exception"
        in line("Forbidden: %s", "/manage/", error=PermissionDenied("no"), status_code=status)
    ) == traced
    assert "exception" in line("A notice cannot be delivered.", error=ValueError("no"))


def test_no_mobile_number_is_written_in_full():
    event = line("Key %s", "(phone)=(13800000101)", error=ValueError("13800000102 exists"))

    assert "138****0101" in event["message"] and "138****0102" in event["exception"]
    assert "13800000" not in json.dumps(event)
