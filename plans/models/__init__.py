"""Annual training plans (年度培训方案): what each unit means to teach in a year."""

from .annual_plans import (
    EDITABLE,
    FIRST_YEAR,
    HANDED_IN,
    IN_REVIEW,
    LAST_YEAR,
    OWNER_KINDS,
    SETTLED,
    AmendmentKind,
    AnnualPlan,
    AnnualPlanQuerySet,
    FilingCounter,
    Owner,
    PlanStatus,
    by_code_of_owner,
    filing_deadline,
    kind_of,
    report_deadline,
)
from .caps import LectureFeeCap, LecturerRank, PersonDayCap
from .chases import Chase
from .class_filings import ClassCost, ClassFiling
from .consents import ConsentState, ItemConsent
from .items import (
    FROZEN_FIELDS,
    ITEM_FIELDS,
    PlanItem,
    PlanItemQuerySet,
    Standing,
    TrainingCategory,
)
from .opinions import ReturnReason, UnitOpinion, UnitPart
from .overlaps import AudienceGroup, OverlapAnswer, WayOut
from .papers import PaperKind, PaperTemplate
from .projects import Project, ProjectLevel, ProjectQuerySet, ProjectState, ProjectTopic
from .reports import REPORT_EDITABLE, ExecutionReport, ReportRow, ReportStatus
from .steps import Decision, PlanStep
from .versions import FrozenError, PlanVersion, PlanVersionQuerySet, content_of, digest, items_from

__all__ = [
    "EDITABLE",
    "FIRST_YEAR",
    "FROZEN_FIELDS",
    "HANDED_IN",
    "IN_REVIEW",
    "ITEM_FIELDS",
    "LAST_YEAR",
    "OWNER_KINDS",
    "REPORT_EDITABLE",
    "SETTLED",
    "AmendmentKind",
    "AnnualPlan",
    "AnnualPlanQuerySet",
    "AudienceGroup",
    "Chase",
    "ClassCost",
    "ClassFiling",
    "ConsentState",
    "Decision",
    "ExecutionReport",
    "FilingCounter",
    "FrozenError",
    "ItemConsent",
    "LectureFeeCap",
    "LecturerRank",
    "OverlapAnswer",
    "Owner",
    "PaperKind",
    "PaperTemplate",
    "PersonDayCap",
    "PlanItem",
    "PlanItemQuerySet",
    "PlanStatus",
    "PlanStep",
    "PlanVersion",
    "PlanVersionQuerySet",
    "Project",
    "ProjectLevel",
    "ProjectQuerySet",
    "ProjectState",
    "ProjectTopic",
    "ReportRow",
    "ReportStatus",
    "ReturnReason",
    "Standing",
    "TrainingCategory",
    "UnitOpinion",
    "UnitPart",
    "WayOut",
    "by_code_of_owner",
    "content_of",
    "digest",
    "filing_deadline",
    "items_from",
    "kind_of",
    "report_deadline",
]
