"""Annual training plans (年度培训方案): what each unit means to teach in a year."""

from .annual_plans import (
    EDITABLE,
    FIRST_YEAR,
    HANDED_IN,
    LAST_YEAR,
    OWNER_KINDS,
    AnnualPlan,
    AnnualPlanQuerySet,
    FilingCounter,
    Owner,
    PlanStatus,
    by_code_of_owner,
    filing_deadline,
    kind_of,
)
from .caps import LectureFeeCap, LecturerRank, PersonDayCap
from .consents import ConsentState, ItemConsent
from .items import (
    FROZEN_FIELDS,
    ITEM_FIELDS,
    PlanItem,
    PlanItemQuerySet,
    Standing,
    TrainingCategory,
)
from .overlaps import AudienceGroup, OverlapAnswer, WayOut
from .steps import Decision, PlanStep
from .versions import FrozenError, PlanVersion, PlanVersionQuerySet, content_of, digest, items_from

__all__ = [
    "EDITABLE",
    "FIRST_YEAR",
    "FROZEN_FIELDS",
    "HANDED_IN",
    "ITEM_FIELDS",
    "LAST_YEAR",
    "OWNER_KINDS",
    "AnnualPlan",
    "AnnualPlanQuerySet",
    "AudienceGroup",
    "ConsentState",
    "Decision",
    "FilingCounter",
    "FrozenError",
    "ItemConsent",
    "LectureFeeCap",
    "LecturerRank",
    "OverlapAnswer",
    "Owner",
    "PersonDayCap",
    "PlanItem",
    "PlanItemQuerySet",
    "PlanStatus",
    "PlanStep",
    "PlanVersion",
    "PlanVersionQuerySet",
    "Standing",
    "TrainingCategory",
    "WayOut",
    "by_code_of_owner",
    "content_of",
    "digest",
    "filing_deadline",
    "items_from",
    "kind_of",
]
