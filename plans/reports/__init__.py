"""The yearly execution report of a filed plan, filled in from what really happened; once it is
accepted, the plan is archived. Source: docs/rules.md R51.
"""

from .prefilling import prefill
from .steps import (
    ReportIncomplete,
    ReportNotEditable,
    ReportNotInReview,
    accept_report,
    archive,
    begin_report,
    hand_in_report,
    return_report,
    save_rows,
)

__all__ = [
    "ReportIncomplete",
    "ReportNotEditable",
    "ReportNotInReview",
    "accept_report",
    "archive",
    "begin_report",
    "hand_in_report",
    "prefill",
    "return_report",
    "save_rows",
]
