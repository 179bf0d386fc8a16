"""The way of an annual plan: drafted, handed in, sent back or filed with a number, and changed by a
new version. Every step locks the plan, checks its status, writes, and leaves a PlanStep.
Source: docs/rules.md R6, R38.
"""

from .amendments import amend, drop_amendment, replace_items
from .numbers import filing_number
from .records import (
    OPINION_LENGTH,
    REASON_LENGTH,
    lock_editable,
    record_step,
    refuse_unless_editable,
)
from .refusals import (
    ItemsIncomplete,
    NoChangeToDrop,
    OwnerEnded,
    PlanExists,
    PlanIsEmpty,
    PlanNotEditable,
    PlanNotFiled,
    PlanNotInReview,
    ReasonMissing,
    ReviewBegun,
    YearOutOfRange,
)
from .steps import (
    begin_review,
    can_be_recalled,
    create_plan,
    file_plan,
    recall,
    return_for_changes,
    submit,
)

__all__ = [
    "OPINION_LENGTH",
    "REASON_LENGTH",
    "ItemsIncomplete",
    "NoChangeToDrop",
    "OwnerEnded",
    "PlanExists",
    "PlanIsEmpty",
    "PlanNotEditable",
    "PlanNotFiled",
    "PlanNotInReview",
    "ReasonMissing",
    "ReviewBegun",
    "YearOutOfRange",
    "amend",
    "begin_review",
    "can_be_recalled",
    "create_plan",
    "drop_amendment",
    "file_plan",
    "filing_number",
    "lock_editable",
    "recall",
    "record_step",
    "refuse_unless_editable",
    "replace_items",
    "return_for_changes",
    "submit",
]
