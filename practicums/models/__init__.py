"""Practice: secondments (挂职) with their seven items (七个一), and the case library."""

from .append_only import AppendOnly, AppendOnlyQuerySet
from .cases import CaseDecision, CaseStatus, CaseStep, PracticeCase, PracticeCaseQuerySet
from .evidence import Evidence, EvidenceDraft, EvidenceKind, HeldFile
from .secondments import (
    Secondment,
    SecondmentBatch,
    SecondmentQuerySet,
    SecondmentStatus,
    mentors_somebody,
)
from .seven_items import BADGES, NUMBER_OF, NUMERALS, SHORT_NAMES, ItemKind, ItemStatus, SevenItem
from .sign_offs import SignOff, SignOffDecision, SignOffRole

__all__ = [
    "BADGES",
    "NUMBER_OF",
    "NUMERALS",
    "SHORT_NAMES",
    "AppendOnly",
    "AppendOnlyQuerySet",
    "CaseDecision",
    "CaseStatus",
    "CaseStep",
    "Evidence",
    "EvidenceDraft",
    "EvidenceKind",
    "HeldFile",
    "ItemKind",
    "ItemStatus",
    "PracticeCase",
    "PracticeCaseQuerySet",
    "Secondment",
    "SecondmentBatch",
    "SecondmentQuerySet",
    "SecondmentStatus",
    "SevenItem",
    "SignOff",
    "SignOffDecision",
    "SignOffRole",
    "mentors_somebody",
]
